import Foundation
import RollcallCore
import Testing

@testable import RollcallConfig

@Suite("ConfigFile")
struct ConfigFileTests {
    @Test("the sample files are accepted without a word", arguments: ["rollcall.yaml", "file.yaml", "csv.yaml"])
    func samples(name: String) {
        let result = ConfigFile.load(path: Folder.config.appendingPathComponent(name).path)
        #expect(result.findings.map(\.description) == [])
        #expect(result.settings != nil)
    }

    @Test("a file that is missing, a directory, a pipe or too large is refused in one line")
    func files() throws {
        let folder = try TemporaryFolder()
        let missing = ConfigFile.load(path: folder.path("none.yaml")).findings
        #expect(
            missing.map(\.description) == [
                "error: \(folder.path("none.yaml")): cannot be opened: No such file or directory (errno 2) (write one, or name another with --config)"
            ])
        let directory = ConfigFile.load(path: folder.path("")).findings
        #expect(directory.map(\.description) == ["error: \(folder.path("")): is a directory, not a file (name the file in it)"])
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        #expect(ConfigFile.load(path: folder.path("pipe")).findings.map(\.message) == ["\(folder.path("pipe")): is not a regular file"])
        try folder.write("#", times: ConfigFile.sizeLimit + 1, to: "large.yaml")
        let large = ConfigFile.load(path: folder.path("large.yaml")).findings
        #expect(large.map(\.message) == ["\(folder.path("large.yaml")): is 1048577 bytes long; a config file has at most 1048576"])
        try folder.write("#", times: ConfigFile.sizeLimit, to: "allowed.yaml")
        #expect(ConfigFile.load(path: folder.path("allowed.yaml")).findings.map(\.message) == ["the file holds no configuration"])
    }

    @Test("relative paths begin at the file's folder")
    func relativePaths() throws {
        let text = """
            source: {type: file, path: data/people.ldif}
            store: {url: "sqlite:rollcall.db"}
            """
        #expect(parse(text, file: "/etc/rollcall/r.yaml")?.store.path == "/etc/rollcall/rollcall.db")
        guard case .file(let file) = parse(text, file: "conf/r.yaml")?.source else { return #expect(Bool(false)) }
        #expect(file.path == "conf/data/people.ldif")
        #expect(parse(text, file: "r.yaml")?.store.path == "rollcall.db")
        #expect(parse(text, file: "/r.yaml")?.store.path == "/rollcall.db")
        let absolute = text.replacingOccurrences(of: "sqlite:", with: "sqlite:///var/")
        #expect(parse(absolute, file: "/etc/rollcall/r.yaml")?.store.path == "/var/rollcall.db")
    }

    @Test("JSON is YAML, and a config may be written in it")
    func json() {
        let text = #"{"source": {"type": "file", "path": "/p.ldif"}, "store": {"url": "sqlite:///r.db"}}"#
        #expect(parse(text) != nil)
    }

    @Test("a password that would cross the network in clear is a warning, on this machine it is none")
    func clearPassword() {
        let text = """
            source:
              type: ldap
              url: ldap://ldap.example.com
              bind: {dn: "cn=r,dc=x", password: {credential: p}}
              users: {base: "dc=x"}
            store: {url: "sqlite:///r.db"}
            """
        let remote = ConfigFile.parse(Array(text.utf8), file: "r.yaml")
        #expect(remote.settings != nil)
        #expect(remote.findings.map(\.severity) == [.warning])
        let local = text.replacingOccurrences(of: "ldap.example.com", with: "127.0.0.1:3890")
        #expect(ConfigFile.parse(Array(local.utf8), file: "r.yaml").findings.isEmpty)
        let started = text.replacingOccurrences(of: "  bind", with: "  tls: {start_tls: true}\n  bind")
        #expect(ConfigFile.parse(Array(started.utf8), file: "r.yaml").findings.isEmpty)
    }

    private func parse(_ text: String, file: String = "/etc/rollcall/r.yaml") -> Settings? {
        ConfigFile.parse(Array(text.utf8), file: file).settings
    }
}

/// A folder that goes away with its test.
final class TemporaryFolder {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("rollcall-config-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.path + "/" + name }

    func write(_ text: String, times: Int = 1, to name: String, mode: Int = 0o600) throws {
        try String(repeating: text, count: times).write(toFile: path(name), atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    }
}
