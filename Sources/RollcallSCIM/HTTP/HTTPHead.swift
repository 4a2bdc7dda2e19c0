/// The head of an answer as it comes in, line by line; only the fields that matter are kept.
struct HTTPHead {
    /// The fields that are kept.
    enum Field: String, CaseIterable {
        case contentType = "content-type"
        case contentEncoding = "content-encoding"
        case date
        case etag
        case retryAfter = "retry-after"
    }

    /// The most bytes that all heads and trailers of one answer may have.
    static let sizeLimit = 64 << 10

    /// 0 before the first line.
    private(set) var status = 0
    /// Whether the blank line at its end has come. An interim answer (1xx) is followed by another head.
    private(set) var isOver = false
    private var fields: [Field: String] = [:]
    private var byteCount = 0

    subscript(_ field: Field) -> String? { fields[field] }

    /// Takes one line with its line break; `false` when it is too much.
    mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        byteCount += line.count
        guard byteCount <= HTTPHead.sizeLimit else { return false }
        var line = line[...]
        while let last = line.last, last == 13 || last == 10 { line = line.dropLast() }
        if line.isEmpty {
            isOver = true
        } else if line.starts(with: "HTTP/".utf8) {
            fields = [:]
            isOver = false
            let digits = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix { $0 != UInt8(ascii: " ") }
            status = digits.count == 3 ? Int(String(decoding: digits, as: UTF8.self)) ?? 0 : 0
        } else if !isOver, let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            keep(line[..<colon], line[(colon + 1)...])
        }
        return true
    }

    /// A second `Content-Encoding` adds to the first (RFC 9110 section 5.3); of the others the first counts.
    private mutating func keep(_ name: Slice<UnsafeBufferPointer<UInt8>>, _ value: Slice<UnsafeBufferPointer<UInt8>>) {
        guard let field = Field(rawValue: String(decoding: name, as: UTF8.self).lowercased()) else { return }
        var value = value
        let isBlank: (UInt8) -> Bool = { $0 == 32 || $0 == 9 }
        value = value.drop(while: isBlank)
        while let last = value.last, isBlank(last) { value = value.dropLast() }
        guard let text = String(validating: value, as: UTF8.self) else { return }
        if let known = fields[field] {
            if field == .contentEncoding { fields[field] = "\(known),\(text)" }
        } else {
            fields[field] = text
        }
    }

    /// Whether the body is compressed as we asked for.
    var isGzip: Bool { compression == "gzip" || compression == "x-gzip" }

    /// How the body is compressed, in lower case; `nil` when it is not.
    var compression: String? {
        guard let encoding = fields[.contentEncoding]?.lowercased(), !encoding.isEmpty, encoding != "identity" else { return nil }
        return encoding
    }
}
