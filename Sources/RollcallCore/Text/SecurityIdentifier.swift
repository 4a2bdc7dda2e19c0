/// A security identifier of Active Directory, `objectSid` (MS-DTYP, section 2.4.2).
public struct SecurityIdentifier: Hashable, Sendable {
    /// The authority that issued it, 48 bits; 5 for Windows itself.
    public let authority: UInt64
    /// At most fifteen numbers, the last of them the relative identifier within the domain.
    public let subAuthorities: [UInt32]

    /// Reads the binary form: revision 1, a count, six octets of authority and four little-endian octets for each sub-authority.
    ///
    /// It is `nil` when the revision is another, there are more than fifteen sub-authorities, or the length does not match.
    public init?(bytes: [UInt8]) {
        guard bytes.count >= 8, bytes[0] == 1, bytes[1] <= 15, bytes.count == 8 + 4 * Int(bytes[1]) else { return nil }
        authority = bytes[2..<8].reduce(0) { $0 << 8 | UInt64($1) }
        subAuthorities = stride(from: 8, to: bytes.count, by: 4).map { start in
            bytes[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    private init(authority: UInt64, subAuthorities: [UInt32]) {
        self.authority = authority
        self.subAuthorities = subAuthorities
    }

    /// The binary form, as the directory keeps it.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = [1, UInt8(truncatingIfNeeded: subAuthorities.count)]
        for shift in stride(from: UInt64(40), through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: authority >> shift)) }
        for number in subAuthorities {
            for shift in stride(from: UInt32(0), through: 24, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        return bytes
    }

    /// The identifier with another relative identifier, which is how `primaryGroupID` names a group of the same domain.
    ///
    /// It is `nil` when there is no sub-authority to replace.
    public func replacingRelativeIdentifier(with identifier: UInt32) -> SecurityIdentifier? {
        guard !subAuthorities.isEmpty else { return nil }
        return SecurityIdentifier(authority: authority, subAuthorities: subAuthorities.dropLast() + [identifier])
    }
}

extension SecurityIdentifier: CustomStringConvertible {
    /// The form `S-1-5-21-…`; an authority of 2^32 or more is written in hexadecimal, as MS-DTYP 2.4.2.1 wants it.
    public var description: String {
        var text = "S-1-"
        if authority < 1 << 32 {
            text += String(authority)
        } else {
            let digits = String(authority, radix: 16, uppercase: true)
            text += "0x" + String(repeating: "0", count: 12 - digits.utf8.count) + digits
        }
        for number in subAuthorities { text += "-\(number)" }
        return text
    }
}
