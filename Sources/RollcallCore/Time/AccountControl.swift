/// The bits of `userAccountControl` in Active Directory (KB 305144).
///
/// ``lockout`` and ``passwordExpired`` are not kept there; they are true only in `msDS-User-Account-Control-Computed`.
public struct AccountControl: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Reads a decimal number of 32 bits, signed or unsigned, or returns `nil` when it is none.
    ///
    /// Active Directory writes its bit fields as signed numbers, so the highest bit makes them negative.
    public init?(_ bytes: [UInt8]) {
        guard case .number(let number) = DecimalText.parse(bytes), number >= Int64(Int32.min), number <= Int64(UInt32.max)
        else { return nil }
        rawValue = UInt32(truncatingIfNeeded: number)
    }

    public static let script = AccountControl(rawValue: 0x1)
    public static let accountDisable = AccountControl(rawValue: 0x2)
    public static let homeDirectoryRequired = AccountControl(rawValue: 0x8)
    public static let lockout = AccountControl(rawValue: 0x10)
    public static let passwordNotRequired = AccountControl(rawValue: 0x20)
    public static let passwordCannotChange = AccountControl(rawValue: 0x40)
    public static let encryptedTextPasswordAllowed = AccountControl(rawValue: 0x80)
    public static let temporaryDuplicateAccount = AccountControl(rawValue: 0x100)
    public static let normalAccount = AccountControl(rawValue: 0x200)
    public static let interdomainTrustAccount = AccountControl(rawValue: 0x800)
    public static let workstationTrustAccount = AccountControl(rawValue: 0x1000)
    public static let serverTrustAccount = AccountControl(rawValue: 0x2000)
    public static let passwordDoesNotExpire = AccountControl(rawValue: 0x1_0000)
    public static let mnsLogonAccount = AccountControl(rawValue: 0x2_0000)
    public static let smartcardRequired = AccountControl(rawValue: 0x4_0000)
    public static let trustedForDelegation = AccountControl(rawValue: 0x8_0000)
    public static let notDelegated = AccountControl(rawValue: 0x10_0000)
    public static let useDESKeyOnly = AccountControl(rawValue: 0x20_0000)
    public static let preauthenticationNotRequired = AccountControl(rawValue: 0x40_0000)
    public static let passwordExpired = AccountControl(rawValue: 0x80_0000)
    public static let trustedToAuthenticateForDelegation = AccountControl(rawValue: 0x100_0000)
    public static let noAuthorizationData = AccountControl(rawValue: 0x200_0000)
    public static let partialSecrets = AccountControl(rawValue: 0x400_0000)
    public static let useAESKeys = AccountControl(rawValue: 0x800_0000)

    /// Whether an administrator has disabled the account.
    public var isDisabled: Bool { contains(.accountDisable) }

    /// Whether the account can be a person's: not one of a trust, a workstation or a domain controller, which have
    /// `objectClass: user` as well.
    public var isPerson: Bool {
        isDisjoint(with: [.interdomainTrustAccount, .workstationTrustAccount, .serverTrustAccount])
    }
}
