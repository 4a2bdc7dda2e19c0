import RollcallCore

/// Decides whether the name of an entry can be used.
struct EntryNameCheck {
    private var scratch: [UInt8] = []

    /// Whether the bytes are a distinguished name (RFC 4514) in valid UTF-8 and not the empty one.
    mutating func accepts(_ dn: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !dn.isEmpty, DistinguishedName.normalize(dn, into: &scratch) else { return false }
        // ASCII without NUL is text; anything else is looked at closely.
        return dn.allSatisfy { $0 &- 1 < 0x7F } || Text(dn) != nil
    }

    /// The name as a person may be shown it, whatever it holds.
    static func subject(_ dn: UnsafeBufferPointer<UInt8>) -> Text {
        Text(String(decoding: dn.prefix(4096), as: UTF8.self))
    }
}
