/// Bytes on their way out, gathered into pieces of 64 KiB.
///
/// Writing never throws: the first failure of the sink is kept, what follows it is dropped, and ``finish()`` throws it. A
/// renderer asks ``hasFailed`` between rows, so that a reader who went away (`| head`) ends the work. What was not finished may
/// be lost.
public struct ReportOutput: ~Copyable {
    private static let pieceSize = 65_536

    private let sink: ([UInt8]) throws -> Void
    private var buffer: [UInt8] = []
    private var failure: (any Error)?

    /// An output whose pieces go to `sink`, in order and never empty.
    public init(to sink: @escaping ([UInt8]) throws -> Void) {
        self.sink = sink
        buffer.reserveCapacity(ReportOutput.pieceSize + 4_096)
    }

    /// Whether the sink has refused a piece; nothing more reaches it.
    public var hasFailed: Bool { failure != nil }

    /// Adds bytes as they are.
    public mutating func write(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
        flushIfFull()
    }

    /// Adds a string's UTF-8.
    public mutating func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        flushIfFull()
    }

    /// Adds what the writer has gathered so far, and empties it.
    public mutating func write(draining json: inout JSONWriter) {
        json.drain(into: &buffer)
        flushIfFull()
    }

    /// Hands the rest to the sink.
    ///
    /// - Throws: the sink's first failure.
    public mutating func finish() throws {
        flush()
        if let failure { throw failure }
    }

    private mutating func flushIfFull() {
        if buffer.count >= ReportOutput.pieceSize { flush() }
    }

    private mutating func flush() {
        defer { buffer.removeAll(keepingCapacity: true) }
        guard failure == nil, !buffer.isEmpty else { return }
        do { try sink(buffer) } catch { failure = error }
    }
}
