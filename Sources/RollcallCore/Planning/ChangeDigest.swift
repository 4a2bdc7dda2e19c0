/// What identifies a change: SHA-256 over action, anchor, fields before → after, permission group, rule, privilege and
/// binding.
///
/// The id of a user enters only when the user exists already. Nothing generated and nothing keyed per store does, so that the
/// same directory and the same store give the same digest on every machine and on every try.
public enum ChangeDigest {
    /// The digest of one change of the entry `anchor`, made to the user `userID` if there is one already.
    public static func of(
        _ action: Action, anchor: Anchor, userID: Int64?, fields: [FieldChange], group: Text?, rule: ChangeRule, isPrivileged: Bool = false,
        binding: ShortDigest? = nil
    ) -> Digest {
        var buffer: [UInt8] = []
        buffer.reserveCapacity(256)
        append(version, to: &buffer)
        append(action.rawValue.utf8, to: &buffer)
        append(anchor.bytes, to: &buffer)
        appendNumber(userID.map { UInt64(bitPattern: $0) &+ 1 } ?? 0, to: &buffer)
        appendNumber(UInt64(fields.count), to: &buffer)
        for field in fields {
            append(field.field, to: &buffer)
            appendOptional(field.before, to: &buffer)
            appendOptional(field.after, to: &buffer)
        }
        appendOptional(group, to: &buffer)
        append(rule.name.utf8, to: &buffer)
        buffer.append(isPrivileged ? 1 : 0)
        buffer.append(binding == nil ? 0 : 1)
        binding?.append(to: &buffer)
        return Digest(hashing: buffer)
    }

    private static let version = Array("rollcall.change/2".utf8)

    private static func append(_ bytes: some Collection<UInt8>, to buffer: inout [UInt8]) {
        appendNumber(UInt64(bytes.count), to: &buffer)
        buffer.append(contentsOf: bytes)
    }

    /// Appends a field's name; that of a further field is put together in place.
    private static func append(_ field: UserField, to buffer: inout [UInt8]) {
        guard case .extra(let name) = field else { return append(field.name.utf8, to: &buffer) }
        appendNumber(UInt64(extra.count + name.utf8.count), to: &buffer)
        buffer.append(contentsOf: extra)
        buffer.append(contentsOf: name.utf8)
    }

    private static let extra = Array(UserField.extra(.empty).name.utf8)

    private static func appendOptional(_ text: Text?, to buffer: inout [UInt8]) {
        if let text {
            buffer.append(1)
            append(text.utf8, to: &buffer)
        } else {
            buffer.append(0)
        }
    }

    private static func appendNumber(_ number: UInt64, to buffer: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { buffer.append(contentsOf: $0) }
    }
}
