import Glibc
import RollcallCore
import Testing

@testable import RollcallFiles

@Suite("The file under a reading")
struct FileStabilityTests {
    private static var limits: FileLimits {
        var limits = FileLimits()
        limits.chunk = 64
        return limits
    }

    /// Reads a file that is touched after the first batch, and gives the error.
    private func error(_ touch: (TemporaryFile) -> Void) async throws -> SourceError? {
        let file = TemporaryFile(Fixture.anna + Fixture.bo + Fixture.staff)
        do {
            let directory = try Fixture.directory(file.path, limits: Self.limits)
            _ = try await Fixture.read(directory) { if $0 == 1 { touch(file) } }
            return nil
        } catch let error as SourceError {
            return error
        }
    }

    @Test("A file that is left alone is whole")
    func untouched() async throws {
        #expect(try await error { _ in } == nil)
    }

    @Test("A file that grows meanwhile is unstable")
    func grown() async throws {
        let error = try await error { TemporaryFile.write(Array(Fixture.bo.utf8), to: $0.path, appending: true) }
        #expect(error?.code == .unstable)
        #expect(error?.isTransient == true)
    }

    @Test("A file that shrinks meanwhile is unstable, or cut inside a record")
    func shrunk() async throws {
        #expect(try await error { truncate($0.path, 200) }?.code != nil)
        #expect(try await error { truncate($0.path, Fixture.anna.utf8.count + Fixture.bo.utf8.count) }?.code == .unstable)
    }

    @Test("A file written again with the same size is unstable")
    func rewritten() async throws {
        let error = try await error { file in
            TemporaryFile.write(Array((Fixture.anna + Fixture.bo + Fixture.staff).utf8), to: file.path)
            var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
            utimensat(AT_FDCWD, file.path, &times, 0)
        }
        #expect(error?.code == .unstable)
    }

    @Test("A file replaced by rename meanwhile is unstable")
    func replaced() async throws {
        let error = try await error { file in
            TemporaryFile.write(Array(Fixture.anna.utf8), to: file.directory + "/other")
            rename(file.directory + "/other", file.path)
        }
        #expect(error?.code == .unstable)
        #expect(error?.message.contains("replaced") == true)
    }

    @Test("A file removed meanwhile is unstable")
    func removed() async throws {
        #expect(try await error { unlink($0.path) }?.code == .unstable)
    }

    @Test("A symbolic link is followed, and what it leads to is checked")
    func link() async throws {
        let file = TemporaryFile(Fixture.anna)
        let link = file.directory + "/link"
        symlink(file.path, link)
        #expect(try await Fixture.read(try Fixture.directory(link)).proof?.server == link)
        unlink(link)
        symlink(file.directory, link)
        await #expect(throws: SourceError.self) { try await Fixture.read(try Fixture.directory(link)) }
    }

    @Test("What is not a regular file is refused at once")
    func irregular() async throws {
        let file = TemporaryFile("")
        let pipe = file.directory + "/other"
        mkfifo(pipe, 0o600)
        for (path, word) in [(file.directory, "directory"), (pipe, "pipe"), ("/dev/null", "device")] {
            let error = await #expect(throws: SourceError.self) { try await Fixture.read(try Fixture.directory(path)) }
            #expect(error?.code == .malformed)
            #expect(error?.message.contains(word) == true)
            #expect(error?.isTransient == false)
        }
    }

    @Test("A missing file is told in one line with advice")
    func missing() async throws {
        let error = await #expect(throws: SourceError.self) { try await Fixture.read(try Fixture.directory("/nowhere/people.ldif")) }
        #expect(error?.code == .unreachable)
        #expect(
            error?.description
                == "/nowhere/people.ldif: there is no such file; check source.path and whether the export has run")
    }

    @Test("A file that may not be read is told in one line with advice", .enabled(if: geteuid() != 0, "root may read everything"))
    func forbidden() async throws {
        let file = TemporaryFile(Fixture.anna)
        chmod(file.path, 0)
        let error = await #expect(throws: SourceError.self) { try await Fixture.read(try Fixture.directory(file.path)) }
        #expect(error?.code == .credentials)
        #expect(error?.advice.isEmpty == false)
    }
}
