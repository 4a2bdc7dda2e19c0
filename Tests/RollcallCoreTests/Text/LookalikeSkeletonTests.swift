import RollcallCore
import Testing

@Suite("Names that look alike")
struct LookalikeSkeletonTests {
    private func looksAlike(_ left: Text, _ right: Text) -> Bool { Lookalike.skeleton(of: left) == Lookalike.skeleton(of: right) }

    @Test(
        "letters of other scripts, accents, digits, blanks, invisible characters and letter case make no difference",
        arguments: [
            "\u{410}dministrators", "Administr\u{430}t\u{43E}rs", "ADMINISTRATORS", "Adm\u{131}nistrators", "Adminlstrators",
            "Admin1strat0rs",
            "Admini\u{200B}strators", "\u{FEFF}Administrators ", "\u{C1}dministrators", "Adrninistrators", "\u{391}dministrat\u{3BF}rs",
            "\u{FF21}dministrators",
        ])
    func alike(_ name: String) {
        #expect(looksAlike(Text(name), "Administrators"))
    }

    @Test(
        "other names look otherwise",
        arguments: ["Administrator", "Admins", "Administratoren", "Team administrators", "\u{5F20}\u{5F3A}", ""])
    func different(_ name: String) {
        #expect(!looksAlike(Text(name), "Administrators"))
    }

    @Test("a name of nothing but blanks and invisible characters has no shape; kinds of blanks are one")
    func blanks() {
        #expect(Lookalike.skeleton(of: " \u{A0}\u{200B}\u{3000}") == [])
        #expect(looksAlike("Team  red", "Team\u{A0}red") && looksAlike("Team\u{2003}red", "team red"))
    }
}
