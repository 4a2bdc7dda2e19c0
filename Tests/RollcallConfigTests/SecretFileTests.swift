import Foundation
import Glibc
import RollcallCore
import Testing

@testable import RollcallConfig

@Suite("SecretFile")
struct SecretFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("reads a file that only its owner can read, without the line break at its end")
    func reads() throws {
        for (name, text) in [("plain", "s3cret"), ("line", "s3cret\n"), ("windows", "s3cret\r\n")] {
            try folder.write(text, to: name)
            #expect(try read(.file(folder.path(name))) == "s3cret")
        }
        try folder.write(" two\n\n", to: "inner", mode: 0o400)
        #expect(try read(.file(folder.path("inner"))) == " two\n")
    }

    @Test("refuses a file that others can read, naming its mode and the remedy", arguments: [0o640, 0o604, 0o620, 0o601, 0o644, 0o660])
    func exposed(mode: Int) throws {
        try folder.write("s3cret", to: "open", mode: mode)
        let error = failure(.file(folder.path("open")))
        #expect(error?.code == .exposed)
        let path = folder.path("open")
        #expect(
            error?.description
                == "secret \(path): can be read or changed by others (mode 0\(String(mode, radix: 8))); run chmod 600 \(path)")
    }

    @Test("refuses what is missing, empty, too long, a link, a folder or a pipe, and never shows the secret")
    func refused() throws {
        try folder.write("", to: "empty")
        try folder.write("\n", to: "line")
        try folder.write("s3cret", times: 11_000, to: "long")
        try folder.write("s3cret", to: "target")
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: folder.path("target"))
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        #expect(mkdir(folder.path("folder"), 0o700) == 0)
        let codes: [(String, SecretFileError.Code)] = [
            ("none", .missing), ("empty", .empty), ("line", .empty), ("long", .unreadable), ("link", .notAFile), ("pipe", .notAFile),
            ("folder", .notAFile),
        ]
        for (name, code) in codes {
            let error = failure(.file(folder.path(name)))
            #expect(error?.code == code, "\(name)")
            #expect(error?.description.contains("s3cret") == false)
            #expect(error?.description.contains("\n") == false)
        }
    }

    @Test("without CREDENTIALS_DIRECTORY, a credential is the service's, for whom systemd lets read it")
    func service() throws {
        let service = folder.path("service")
        #expect(mkdir(service, 0o700) == 0)
        try folder.write("s3cret", to: "service/password", mode: 0o400)
        func read(_ name: String, _ credentials: String? = nil, _ service: String) throws -> String {
            let secret = try SecretFile.read(.credential(name), credentials: credentials, service: service)
            return secret.expose { String(decoding: $0, as: UTF8.self) }
        }
        #expect(try read("password", nil, service) == "s3cret")
        #expect(try read("password", "", service) == "s3cret")
        // What is set counts alone.
        #expect(throws: SecretFileError.self) { try read("password", folder.path("other"), service) }
        let absent = #expect(throws: SecretFileError.self) { try read("password", nil, folder.path("none")) }
        #expect(absent?.code == .noCredentials && absent?.message.contains("rollcall.service does not run") == true)
        guard geteuid() == 0 else { return }
        // As systemd writes it where the file system has access lists: root's, with a mask that shows as the group's permissions.
        #expect(chmod(folder.path("service/password"), 0o440) == 0)
        #expect(try read("password", nil, service) == "s3cret")
        #expect(chmod(folder.path("service/password"), 0o444) == 0)
        #expect(throws: SecretFileError.self) { try read("password", nil, service) }
        #expect(chown(service, 12_345, 12_345) == 0)
        let root = #expect(throws: SecretFileError.self) { try read("password", nil, service) }
        #expect(root?.code == .noCredentials && root?.message.contains("for its user alone") == true)
    }

    @Test("refuses a file of somebody else", .enabled(if: geteuid() == 0))
    func foreign() throws {
        try folder.write("s3cret", to: "theirs")
        #expect(chown(folder.path("theirs"), 12_345, 12_345) == 0)
        let error = failure(.file(folder.path("theirs")))
        #expect(error?.code == .foreign)
        #expect(error?.message.contains("belongs to user 12345") == true)
    }

    @Test("a credential is a file of systemd's folder, and nothing outside it")
    func credentials() throws {
        try folder.write("s3cret", to: "ldap-password", mode: 0o400)
        let credentials = folder.path("")
        #expect(
            try SecretFile.read(.credential("ldap-password"), credentials: credentials).expose { String(decoding: $0, as: UTF8.self) }
                == "s3cret")
        for name in ["../shadow", "/etc/shadow", "..", ".", "", "a/b", "a\u{0}b"] {
            #expect(throws: SecretFileError.self) { try SecretFile.read(.credential(name), credentials: credentials) }
            #expect(!SecretFile.isCredentialName(name))
        }
        #expect(failure(.credential("ldap-password"), credentials: nil)?.code == .noCredentials)
        #expect(failure(.credential("none"), credentials: credentials)?.code == .missing)
    }

    private func read(_ reference: SecretReference) throws -> String {
        try SecretFile.read(reference, credentials: nil).expose { String(decoding: $0, as: UTF8.self) }
    }

    private func failure(_ reference: SecretReference, credentials: String? = nil) -> SecretFileError? {
        do throws(SecretFileError) {
            _ = try SecretFile.read(reference, credentials: credentials)
            return nil
        } catch {
            return error
        }
    }
}
