import Testing

@testable import RollcallCore

@Suite("The bits of userAccountControl are read")
struct AccountControlTests {
    struct Case: Sendable, CustomStringConvertible {
        let value: UInt32
        let flags: AccountControl
        let isDisabled: Bool
        let isPerson: Bool
        var description: String { String(value) }

        init(_ value: UInt32, _ flags: AccountControl, isDisabled: Bool = false, isPerson: Bool = true) {
            (self.value, self.flags, self.isDisabled, self.isPerson) = (value, flags, isDisabled, isPerson)
        }
    }

    static let cases = [
        Case(512, .normalAccount), Case(514, [.normalAccount, .accountDisable], isDisabled: true),
        Case(544, [.normalAccount, .passwordNotRequired]),
        Case(2080, [.passwordNotRequired, .interdomainTrustAccount], isPerson: false),
        Case(4096, .workstationTrustAccount, isPerson: false),
        Case(532_480, [.serverTrustAccount, .trustedForDelegation], isPerson: false),
        Case(66_048, [.normalAccount, .passwordDoesNotExpire]),
        Case(66_050, [.normalAccount, .passwordDoesNotExpire, .accountDisable], isDisabled: true),
        Case(262_656, [.normalAccount, .smartcardRequired]),
        Case(8_389_120, [.normalAccount, .passwordExpired]), Case(528, [.normalAccount, .lockout]), Case(0, []),
    ]

    @Test("Known combinations mean what they mean", arguments: cases)
    func combinations(sample: Case) {
        let control = AccountControl(Array(String(sample.value).utf8))
        #expect(control == sample.flags)
        #expect(control?.isDisabled == sample.isDisabled)
        #expect(control?.isPerson == sample.isPerson)
    }

    static let numbers: [(String, UInt32?)] = [
        ("-1946157056", 0x8C00_0000), ("2348810240", 0x8C00_0000), ("-2147483646", 0x8000_0002), ("4294967295", 0xFFFF_FFFF),
        ("-1", 0xFFFF_FFFF), ("4294967296", nil),
        ("-2147483649", nil), ("", nil), ("0x200", nil), ("512 ", nil), ("99999999999999999999", nil), ("five", nil),
    ]

    @Test("Signed and unsigned numbers of 32 bits are read", arguments: numbers)
    func reading(text: String, bits: UInt32?) {
        #expect(AccountControl(Array(text.utf8))?.rawValue == bits)
    }
}
