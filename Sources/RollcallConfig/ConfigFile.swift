public import RollcallCore

/// What became of a config file: settings that can be run with, or everything that is wrong with it.
public enum ConfigResult: Sendable {
    /// The settings, with what is worth a warning.
    case accepted(Settings, warnings: [Finding])
    /// All findings in the order of the file; at least one of them is an error.
    case refused([Finding])

    /// The settings of an accepted file.
    public var settings: Settings? {
        if case .accepted(let settings, _) = self { settings } else { nil }
    }

    /// All that was found.
    public var findings: [Finding] {
        switch self {
        case .accepted(_, let warnings): warnings
        case .refused(let findings): findings
        }
    }
}

/// The config file of Rollcall: YAML that says which directory is read, where the users are, and by which rules.
public enum ConfigFile {
    /// The path that is read when none is named.
    public static let standardPath = "/etc/rollcall/rollcall.yaml"

    /// The most bytes that a config file may have.
    public static let sizeLimit = 1 << 20

    /// Reads the file at `path`. Nothing else is opened: not the files that it names, and no secret.
    public static func load(path: String) -> ConfigResult {
        do throws(ConfigFileError) {
            return parse(try FileBytes.read(path, limit: sizeLimit), file: path)
        } catch {
            return .refused([Finding(.error, "\(path): \(error.message)", advice: error.advice)])
        }
    }

    /// Reads the bytes of a config file.
    ///
    /// - Parameter file: the file's path. Findings show it, and relative paths in the file begin at its folder.
    public static func parse(_ bytes: [UInt8], file: String) -> ConfigResult {
        let text: String
        do throws(EncodingProblem) {
            text = try ConfigText(bytes).text
        } catch {
            return .refused([Finding(.error, at: error.place.location(in: file), error.message, advice: error.advice)])
        }
        let document = YAMLDocument(text)
        var problems = document.problems
        guard let root = document.root, !root.isNull else {
            if !problems.hasError {
                problems.error(at: .start, "the file holds no configuration", advice: "begin with the keys source and store")
            }
            return .refused(problems.findings(in: file))
        }
        var shape = ShapeCheck()
        shape.check(root, .section(ConfigKeys.root), at: .root)
        var reader = SettingsReader(folder: FilePath.folder(of: file))
        let settings = reader.settings(from: root)
        for problem in shape.problems.all + reader.problems.all { problems.add(problem) }

        let findings = problems.findings(in: file)
        if problems.hasError { return .refused(findings) }
        guard let settings else {
            return .refused(
                findings + [Finding(.error, at: Place.start.location(in: file), "the file lacks something that could not be named")])
        }
        return .accepted(settings, warnings: findings)
    }
}
