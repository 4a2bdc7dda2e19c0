import Testing

@testable import RollcallCore

@Suite("Expiry is read by the syntax of its attribute")
struct ExpiryTests {
    static let fileTimes: [(String, FileTime?)] = [
        ("0", .never), ("9223372036854775807", .never), ("9223372036854775806", .never), ("9223372036854775808", .never),
        ("99999999999999999999999", .never),
        ("2650467744000000000", .never), ("137919572500000000", .at(Instant(unixSeconds: 2_147_483_650))),
        ("130354196677110000", .at(Instant(microseconds: 1_390_946_067_711_000))), ("1", .at(.startOf1601)),
        ("19", .at(Instant(microseconds: -11_644_473_599_999_999))),
        ("116444736000000000", .at(.epoch)), ("0137919572500000000", .at(Instant(unixSeconds: 2_147_483_650))),
        ("2650467743999999999", .at(.endOfYear9999)), ("-1", nil), ("-0", nil), ("", nil), ("-", nil), ("never", nil), ("1.5", nil),
        (" 1", nil), ("1 ", nil), ("+1", nil), ("0x1", nil),
        ("-9223372036854775808", nil), ("-99999999999999999999", nil), ("20140102030405Z", nil),
    ]

    @Test("File times are read", arguments: fileTimes)
    func fileTime(text: String, expected: FileTime?) {
        #expect(FileTime.parse(Array(text.utf8)) == expected)
    }

    static let days: [(String, ShadowDays?)] = [
        ("-1", .never), ("0", .never), ("-5", .never), ("1", .at(Instant(unixSeconds: 86_400))),
        ("20000", .at(Instant(unixSeconds: 1_728_000_000))), ("99999999", .never),
        ("99999999999999999999", .never), ("9223372036854775807", .never), ("2932896", .at(Instant(unixSeconds: 253_402_214_400))),
        ("2932897", .never),
        ("", nil), ("-", nil), ("x", nil), ("1.0", nil), ("-99999999999999999999", nil),
    ]

    @Test("Shadow days are read", arguments: days)
    func shadowDays(text: String, expected: ShadowDays?) {
        #expect(ShadowDays.parse(Array(text.utf8)) == expected)
    }

    static let attributes: [(String, String, Expiry?)] = [
        ("accountExpires", "0", .never), ("ACCOUNTEXPIRES", "9223372036854775807", .never),
        ("accountexpires", "137919572500000000", .at(Instant(unixSeconds: 2_147_483_650))),
        ("accountExpires", "20140102030405Z", nil), ("shadowExpire", "-1", .never),
        ("shadowExpire", "1", .at(Instant(unixSeconds: 86_400))),
        ("shadowExpire", "soon", nil), ("loginExpirationTime", "19700101000001Z", .at(Instant(unixSeconds: 1))),
        ("pwdEndTime", "1970010100Z", .at(.epoch)),
        ("krbPrincipalExpiration", "19700101000000Z", .at(.epoch)), ("someOther", "16010101000000.0Z", .never),
        ("pwdEndTime", "000001010000Z", nil),
        ("loginExpirationTime", "0", nil), ("", "", nil),
    ]

    @Test("The attribute's name chooses the syntax", arguments: attributes)
    func reading(attribute: String, value: String, expected: Expiry?) {
        #expect(Expiry.read(attribute: attribute, value: Array(value.utf8)) == expected)
    }

    @Test("Random digits never trap")
    func random() {
        var generator = TextTestGenerator(seed: 0xE4)
        for _ in 0..<5_000 {
            let bytes = Array(generator.string(from: "0123456789-", upTo: 24).utf8)
            _ = FileTime.parse(bytes)
            _ = ShadowDays.parse(bytes)
            _ = AccountControl(bytes)
        }
    }
}
