/// A record that does not decode: it was damaged, or written by a later version.
struct RecordError: Error {}

/// Reads what ``RecordWriter`` wrote. Whatever the bytes, it ends or throws.
///
/// The bytes are lent: neither it nor a field that it gives may outlive them.
struct RecordReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func number() throws(RecordError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw RecordError()
    }

    mutating func count() throws(RecordError) -> Int {
        guard let value = Int(exactly: try number()) else { throw RecordError() }
        return value
    }

    mutating func signed() throws(RecordError) -> Int64 {
        let raw = try number()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    mutating func flag() throws(RecordError) -> Bool {
        guard position < bytes.count else { throw RecordError() }
        defer { position += 1 }
        return bytes[position] != 0
    }

    mutating func field() throws(RecordError) -> UnsafeRawBufferPointer {
        let length = try count()
        guard length <= bytes.count - position else { throw RecordError() }
        defer { position += length }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
    }

    /// A field that may be missing.
    mutating func optionalField() throws(RecordError) -> UnsafeRawBufferPointer? {
        try flag() ? try field() : nil
    }

    /// Goes past a phrase.
    mutating func skipPhrase() throws(RecordError) {
        let place = Int(try octet())
        if place == 0 {
            _ = try field()
        } else if place > RecordPhrases.all.count {
            throw RecordError()
        }
    }

    /// The bytes from an earlier position to this one.
    func bytes(since start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }

    mutating func text() throws(RecordError) -> Text {
        guard let text = Text(try field().bindMemory(to: UInt8.self)) else { throw RecordError() }
        return text
    }

    mutating func string() throws(RecordError) -> String {
        String(decoding: try field(), as: UTF8.self)
    }

    mutating func phrase() throws(RecordError) -> String {
        let place = Int(try octet())
        if place == 0 { return try string() }
        guard place <= RecordPhrases.all.count else { throw RecordError() }
        return RecordPhrases.all[place - 1]
    }

    mutating func optionalText() throws(RecordError) -> Text? {
        try flag() ? try text() : nil
    }

    mutating func optionalString() throws(RecordError) -> String? {
        try flag() ? try string() : nil
    }

    mutating func optionalNumber() throws(RecordError) -> Int64? {
        try flag() ? try signed() : nil
    }

    mutating func digest() throws(RecordError) -> Digest {
        guard bytes.count - position >= Digest.byteCount, let digest = Digest(bytes: bytes[position..<position + Digest.byteCount]) else {
            throw RecordError()
        }
        position += Digest.byteCount
        return digest
    }

    mutating func shortDigest() throws(RecordError) -> ShortDigest {
        guard bytes.count - position >= 16,
            let digest = ShortDigest(bytes: UnsafeRawBufferPointer(rebasing: bytes[position..<position + 16]))
        else { throw RecordError() }
        position += 16
        return digest
    }

    /// What a row is about.
    mutating func subject() throws(RecordError) -> PlanRow.Subject {
        guard let subject = PlanRow.Subject(rawValue: try octet()) else { throw RecordError() }
        return subject
    }

    mutating func octet() throws(RecordError) -> UInt8 {
        guard position < bytes.count else { throw RecordError() }
        defer { position += 1 }
        return bytes[position]
    }

    /// A word by its place among the words of its type.
    mutating func word<Word: CaseIterable>(_: Word.Type) throws(RecordError) -> Word where Word.AllCases == [Word] {
        let place = Int(try octet())
        guard place < Word.allCases.count else { throw RecordError() }
        return Word.allCases[place]
    }

    /// The number of items that follow; each takes at least one octet, so a count beyond the record's end is none.
    mutating func itemCount() throws(RecordError) -> Int {
        let count = try count()
        guard count <= bytes.count - position else { throw RecordError() }
        return count
    }
}
