@testable import RollcallCore

/// What upstream may say of one anchor, for the table of precedence: an entry's values, and in plain words what they come to.
struct UpstreamState: Sendable {
    /// What it comes to for the status, as a person would put it.
    enum Word: Sendable {
        case active, inactive, deleted, deletedNow, statusMissing, statusUnreadable, ignored, rejected, absent, unconfirmed
    }

    /// What it comes to for the username or the email.
    enum NameWord: Sendable {
        case same, changed, withheld, remarkable
        /// As changed, and perhaps made to be mistaken for another one.
        case lookalike
        /// As changed, once a person lets somebody else give the name up.
        case waiting
    }

    /// What happened to the memberships upstream.
    enum GroupWord: Sendable { case same, gained, lost, gainedPrivileged, vanished }

    /// In the words of the table.
    var name: String
    var word: Word
    var username = NameWord.same
    var email = NameWord.same
    var groups = GroupWord.same
    /// Whether a lock is told that passes by itself.
    var isLockedForATime = false
    /// Whether so many known names came with unknown anchors that nobody loses access for it.
    var isRebuilt = false

    /// Attribute values other than those of the ordinary entry.
    var values: [(AttributeName, [[UInt8]])] = []
    var absence = Absence.gone
    var usernameClaim = ClaimVerdict.granted
    var emailClaim = ClaimVerdict.granted

    init(_ name: String, _ word: Word = .active, _ change: (inout UpstreamState) -> Void = { _ in }) {
        self.name = name
        self.word = word
        change(&self)
    }

    static let uid = AttributeName(known: "uid")
    static let mail = AttributeName(known: "mail")
    static let type = AttributeName(known: "employeeType")
    static let control = AttributeName(known: "userAccountControl")
    static let expire = AttributeName(known: "shadowExpire")
    static let lock = AttributeName(known: "pwdState")

    private mutating func set(_ name: AttributeName, _ texts: String...) { values.append((name, texts.map { Array($0.utf8) })) }

    private static let bob = ClaimHolder(userID: 3, username: "bob", isLinked: true)

    /// What meets every local state.
    static let common: [UpstreamState] =
        [
            UpstreamState("active"),
            UpstreamState("inactive by a rule", .inactive) { $0.set(type, "ended") },
            UpstreamState("deleted by a rule", .deleted) { $0.set(type, "left") },
            UpstreamState("deleted by a rule, now", .deletedNow) { $0.set(type, "fired") },
            UpstreamState("status missing", .statusMissing) { $0.set(control) },
            UpstreamState("status unreadable", .statusUnreadable) { $0.set(control, "lots") },
            UpstreamState("locked for a time") {
                $0.set(lock, "lock")
                $0.isLockedForATime = true
            },
            UpstreamState("ignored", .ignored) { $0.set(type, "service") },
            UpstreamState("rejected", .rejected),
        ] + names + memberships + absences

    private static let names: [UpstreamState] = [
        UpstreamState("renamed") {
            $0.set(uid, "anna")
            $0.username = .changed
        },
        UpstreamState("new email") {
            $0.set(mail, "anna@x")
            $0.email = .changed
        },
        UpstreamState("new email, disputed") { $0.contestEmail(.disputed(with: ["bob"])) },
        UpstreamState("new email, disputed; inactive", .inactive) {
            $0.contestEmail(.disputed(with: ["bob"]))
            $0.set(type, "ended")
        },
    ]

    private static let memberships: [UpstreamState] = [
        UpstreamState("group gained") { $0.groups = .gained },
        UpstreamState("group lost") { $0.groups = .lost },
        UpstreamState("privileged group gained") { $0.groups = .gainedPrivileged },
    ]

    private static let absences: [UpstreamState] = [
        UpstreamState("gone", .absent),
        UpstreamState("left scope", .absent) { $0.absence = .leftScope(dn: "uid=ann,ou=left") },
        UpstreamState("absent, unconfirmed", .unconfirmed) { $0.absence = .unconfirmed("busy (51)") },
        UpstreamState("gone, the server was rebuilt", .absent) { $0.isRebuilt = true },
    ]

    /// What meets a few local states, for it would say the same of all others.
    static let rare: [UpstreamState] = [
        UpstreamState("absent, not looked up", .absent) { $0.absence = .notLookedUp },
        UpstreamState("absent, unasked", .absent) { $0.absence = .unasked },
        UpstreamState("expired", .inactive) { $0.set(expire, "20000") },
        UpstreamState("group lost, status unreadable", .statusUnreadable) {
            $0.set(control, "lots")
            $0.groups = .lost
        },
        UpstreamState("its group vanished") { $0.groups = .vanished },
        UpstreamState("its group vanished; inactive", .inactive) {
            $0.groups = .vanished
            $0.set(type, "ended")
        },
        UpstreamState("expires later") { $0.set(expire, "30000") },
        UpstreamState("inactive by one rule, deleted by another", .deleted) { $0.set(type, "ended", "left") },
        UpstreamState("inactive by a rule, status unreadable", .inactive) {
            $0.set(type, "ended")
            $0.set(control, "lots")
        },
        UpstreamState("no email") {
            $0.set(mail)
            $0.email = .changed
        },
        UpstreamState("email not text") {
            $0.values.append((mail, [[0xFF, 0xFE]]))
            $0.email = .remarkable
        },
        UpstreamState("several emails, hers among them") {
            $0.set(mail, "aaa@x", "ann@x")
            $0.email = .remarkable
        },
        UpstreamState("email not text; inactive", .inactive) {
            $0.values.append((mail, [[0xFF, 0xFE]]))
            $0.email = .remarkable
            $0.set(type, "ended")
        },
        UpstreamState("new email, taken") { $0.contestEmail(.taken(by: bob)) },
        UpstreamState("new email, recycled") { $0.contestEmail(.recycled(from: bob)) },
        UpstreamState("new email, blocked") { $0.contestEmail(.blocked(by: bob)) },
        UpstreamState("a username of two scripts") {
            $0.set(uid, "\u{430}nna")
            $0.username = .lookalike
        },
        UpstreamState("no username") {
            $0.set(uid)
            $0.username = .withheld
        },
        UpstreamState("username not text") {
            $0.values.append((uid, [[0xFF]]))
            $0.username = .remarkable
        },
    ]

    /// An email that waits for its holder; a joiner is never told to wait.
    static let waitingEmail = UpstreamState("new email, an admin's until approved") {
        $0.contestEmail(.waiting)
        $0.email = .waiting
    }

    /// Usernames that cannot simply be had.
    static let contested: [UpstreamState] = [
        contest("username disputed", .disputed(with: ["bob"])), contest("username taken", .taken(by: bob)),
        contest("username recycled", .recycled(from: bob)), contest("username blocked", .blocked(by: bob)),
        UpstreamState("claims a protected name") {
            $0.set(uid, "Root")
            $0.username = .withheld
        },
        UpstreamState("username disputed; inactive", .inactive) {
            $0 = contest($0.name, .disputed(with: ["bob"]))
            $0.word = .inactive
            $0.set(type, "ended")
        },
    ]

    /// A username that waits for its holder.
    static let waitingUsername: UpstreamState = {
        var state = contest("username an admin's until approved", .waiting)
        state.username = .waiting
        return state
    }()

    private static func contest(_ name: String, _ verdict: ClaimVerdict) -> UpstreamState {
        UpstreamState(name) {
            $0.set(uid, "anna")
            $0.usernameClaim = verdict
            $0.username = .withheld
        }
    }

    private mutating func contestEmail(_ verdict: ClaimVerdict) {
        set(UpstreamState.mail, "anna@x")
        emailClaim = verdict
        email = .withheld
    }
}
