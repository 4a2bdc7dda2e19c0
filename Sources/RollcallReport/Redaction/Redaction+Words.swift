internal import RollcallCore

// Words that are ours, so that they name nobody.
extension Redaction {
    static let fieldNames: Set<String> = ["username", "email", "given_name", "family_name", "display_name", "status"]

    static let codes: Set<String> = [
        "username_unreadable", "no_username", "protected_name", "status_unknown", "username_taken", "email_taken", "username_disputed",
        "email_disputed", "username_blocked", "email_blocked", "deleted_here", "username", "held_here", "protected", "unconfirmed",
        "policy", "unreadable", "several_values", "unusable", "run", "purged_here", "moved",
    ]

    /// Whether a text is one of the words by which a change names what decided it.
    static func isRuleName(_ text: String) -> Bool {
        if ["absent", "attributes", "default", "group rules", "ignored", "no status rule", Planner.permissionGroupsRule, Planner.namesRule]
            .contains(text)
        {
            return true
        }
        for family in ["status rule ", "group rule "] where text.hasPrefix(family) { return Int(text.dropFirst(family.count)) != nil }
        return false
    }

    /// Whether a text is a guard's limit, which is made of numbers and a few words.
    static func isLimit(_ text: String) -> Bool {
        text.split(whereSeparator: { $0 == " " || $0 == "," }).allSatisfy { word in
            [
                "%", "or", "min", "each", "always", "at", "least", "one", "when", "it", "changes", "anybody", "all", "of", "more", "until",
                "approved",
            ].contains(
                word) || Double(word) != nil
        }
    }
}
