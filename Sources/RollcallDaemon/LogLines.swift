internal import Glibc
public import Logging
internal import RollcallCore
internal import RollcallEngine
internal import RollcallReport

/// Writes each log message as one line to standard error. Nothing from upstream reaches it raw: control characters are written out.
///
/// The metadata is in JSON lines alone; a message says by itself what a person needs.
public struct LogLines: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level
    private let format: LogFormat
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: takes a whole line; standard error unless it is given.
    public init(_ format: LogFormat, level: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void = LogLines.toStandardError) {
        self.format = format
        logLevel = level
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let message = event.message.description
        switch format {
        case .text: write(Array("\(Moment.now.wall) \(event.level): \(DisplayEscaping.escapedForTerminal(message))\n".utf8))
        case .journal: write(Array("<\(event.level.priority)>\(DisplayEscaping.escapedForTerminal(message))\n".utf8))
        case .json: write(object(message, event.level, metadata.merging(event.metadata ?? [:]) { $1 }))
        }
    }

    private func object(_ message: String, _ level: Logger.Level, _ metadata: Logger.Metadata) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject(inline: true)
        writer.name("time")
        writer.value("\(Moment.now.wall)")
        writer.name("level")
        writer.value(level.rawValue)
        writer.name("message")
        writer.value(message)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where !["time", "level", "message"].contains(key) {
            writer.name(key)
            switch value {
            case .stringConvertible(let number as Int): writer.value(number)
            case .stringConvertible(let flag as Bool): writer.value(flag)
            default: writer.value("\(value)")
            }
        }
        writer.endObject()
        var bytes: [UInt8] = []
        writer.drain(into: &bytes)
        bytes.removeAll { $0 == UInt8(ascii: "\n") }
        return bytes + [UInt8(ascii: "\n")]
    }

    /// One write, so that lines of several threads do not mix. What cannot be written is lost: there is nobody else to tell.
    public static let toStandardError: @Sendable ([UInt8]) -> Void = { line in
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

extension Logger.Level {
    /// As syslog(3) counts.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
