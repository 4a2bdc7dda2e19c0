import RollcallCore

/// What the records of a file are handed to, in the order of the file.
protocol RecordSink: AnyObject {
    /// Takes one record; it is used again for the next one.
    func take(_ record: Record)
}

/// What has made entries of a file, and the proof over them.
protocol BatchSource: AnyObject {
    /// The entries since the last call.
    func takeBatch() -> EntryBatch

    /// Takes the end of the file; the last batch follows.
    func finish()

    /// The proof over all batches taken so far.
    var proof: ReadProof { get }
}

extension BatchSource {
    func finish() {}
}

/// What makes entries of records.
protocol BatchSink: RecordSink, BatchSource {}

/// What cuts chunks of a file into records, wherever the chunks end.
protocol RecordReader {
    /// Takes the next bytes of the file.
    ///
    /// - Throws: ``SourceError`` with the code `malformed` and the line.
    mutating func scan(_ chunk: UnsafeBufferPointer<UInt8>) throws(SourceError)

    /// Takes the end of the file and proves that the last record is whole, as far as its syntax tells.
    mutating func finish() throws(SourceError)

    /// The number, from 1, of the line that the bytes taken so far end in.
    var lineNumber: Int { get }

    /// Whether a last line without its end may have been cut. What has an end of its own needs none.
    var needsLineEnd: Bool { get }
}

extension RecordReader {
    var needsLineEnd: Bool { true }
}
