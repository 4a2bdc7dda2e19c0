/// Accounts without one of their names: those are in no view, or without an email there.
public struct NameConflicts: Hashable, Sendable {
    /// Accounts whose username is not claimed yet.
    public var unclaimed = NameList()
    /// Accounts whose username another account has.
    public var usernames = NameList()
    /// Accounts whose email another account has.
    public var emails = NameList()

    public init() {}

    /// What is to be said of them; nothing when there are none.
    public var warnings: [Text] {
        var sentences: [String] = []
        if usernames.count > 0 {
            let subject = usernames.count == 1 ? "1 account is" : "\(usernames.count) accounts are"
            sentences.append(
                "\(subject) in conflict and in no view, for the username is another account's: \(usernames); rename one of the two")
        }
        if unclaimed.count > 0 {
            let subject = unclaimed.count == 1 ? "1 account is" : "\(unclaimed.count) accounts are"
            sentences.append(
                "\(subject) in no view until the username is claimed, by an applied run or `rollcall users claim`: \(unclaimed)")
        }
        if emails.count > 0 {
            let subject = emails.count == 1 ? "1 account has" : "\(emails.count) accounts have"
            sentences.append("\(subject) no email in the views, for it is another account's: \(emails); change one of the two")
        }
        return sentences.map { Text($0) }
    }
}

/// Names of accounts: how many there are, and the first few.
public struct NameList: Hashable, Sendable, CustomStringConvertible {
    private static let shown = 5

    public private(set) var count = 0
    private var first: [Name] = []

    private struct Name: Hashable {
        var name: Text
        var user: Int64
    }

    public init() {}

    /// Adds one name of the account with this id.
    public mutating func add(_ name: Text, _ user: Int64) {
        count += 1
        if first.count < NameList.shown { first.append(Name(name: name, user: user)) }
    }

    public var description: String {
        let names = first.map { "\(DisplayEscaping.escapedForTerminal($0.name)) (account \($0.user))" }.joined(separator: ", ")
        return count > first.count ? "\(names), …" : names
    }
}
