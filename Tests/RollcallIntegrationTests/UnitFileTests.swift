import Foundation
import RollcallTesting
import Testing

@Suite("What is installed")
struct UnitFileTests {
    /// Lays everything out below a folder, as `make install` does.
    static func install(into folder: String) async throws {
        var options = ProgramOptions()
        options.environment = ["PREFIX": folder, "ROLLCALL": try RollcallBinary.built().path]
        let outcome = try await RunningProgram.run("/bin/bash", [repository + "/scripts/install"], options)
        guard outcome.status == 0 else { throw ChildProcess.Failure("install: \(outcome.said)") }
    }

    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    @Test("`systemd-analyze verify` has nothing to say, and the exposure of the services is at most 1.2")
    func units() async throws {
        let directory = try TemporaryDirectory()
        try await UnitFileTests.install(into: directory.path)
        let units = directory.file("lib/systemd/system")
        for unit in ["rollcall.service", "rollcall-plan.service", "rollcall-plan.timer"] {
            let verified = try await RunningProgram.run("/usr/bin/systemd-analyze", ["verify", "--man=no", "\(units)/\(unit)"])
            #expect(verified.status == 0 && verified.output.isEmpty && verified.errors.isEmpty, "\(unit): \(verified.said)")
            guard unit.hasSuffix(".service") else { continue }
            let exposure = try await RunningProgram.run(
                "/usr/bin/systemd-analyze", ["security", "--offline=true", "--threshold=12", "--no-pager", "\(units)/\(unit)"])
            #expect(exposure.status == 0, "\(exposure.text.suffix(200))")
        }
    }

    @Test("`make install` lays out binary, units, man pages, completions and samples below PREFIX in DESTDIR, and nothing elsewhere")
    func layout() async throws {
        let directory = try TemporaryDirectory()
        var options = ProgramOptions()
        options.environment = ["DESTDIR": directory.path, "PREFIX": "/usr", "ROLLCALL": try RollcallBinary.built().path]
        let outcome = try await RunningProgram.run("/bin/bash", [UnitFileTests.repository + "/scripts/install"], options)
        #expect(outcome.status == 0, "\(outcome.said)")
        let files = try FileManager.default.subpathsOfDirectory(atPath: directory.path)
        for file in [
            "bin/rollcall", "lib/systemd/system/rollcall.service", "lib/sysusers.d/rollcall.conf", "lib/tmpfiles.d/rollcall.conf",
            "share/man/man1/rollcall-run.1", "share/bash-completion/completions/rollcall", "share/doc/rollcall/examples/rollcall.yaml",
        ] {
            #expect(files.contains("usr/\(file)"), "\(file)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0 != "out" && $0 != "err" } == ["usr"])
        let unit = try String(contentsOfFile: directory.file("usr/lib/systemd/system/rollcall.service"), encoding: .utf8)
        #expect(unit.contains("ExecStart=/usr/bin/rollcall run") && !unit.contains("@bindir@"))
        // It does not give up on a disk that comes late.
        for line in ["Restart=on-failure", "RestartSec=30s", "StartLimitIntervalSec=0", "RestartPreventExitStatus=64 78"] {
            #expect(unit.contains("\n\(line)\n"), "\(line)")
        }
    }
}
