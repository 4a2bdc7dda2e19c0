import RollcallCore

extension ConfigKeys {
    static let guards = ConfigSection(
        settableGuards.map { name, doc, path in
            let limit = GuardLimits()[keyPath: path]
            return ConfigKey(name.rawValue, .section(guardLimit(limit)), doc)
        }
            + [
                ConfigKey(
                    "window", .text(.duration), "How far back guards count what was applied without approval.",
                    default: GuardLimits().window.description),
                ConfigKey(
                    "approval_ttl", .text(.duration), "How long after a run last held a plan it may be approved.",
                    default: GuardLimits().approvalTTL.description),
            ])

    /// The guards whose limits can be set, and what they count.
    static var settableGuards: [(name: GuardName, doc: String, path: WritableKeyPath<GuardLimits, GuardLimit>)] {
        [
            (.deactivations, "Deactivations, of the linked active users.", \.deactivations),
            (.reactivations, "Reactivations, of the linked active users.", \.reactivations),
            (.creations, "Creations, of the linked active users.", \.creations),
            (.identifiers, "Usernames and emails changed, of the linked active users.", \.identifiers),
            (.shrink, "Entries fewer than in the last applied snapshot.", \.shrink),
            (.attributeGone, "Entries that lost a mapped attribute, of those that had it.", \.attributeGone),
            (.rejected, "Entries that cannot be used, of those read.", \.rejected),
            (.scope, "Changes when the rules are other ones than the last applied run's.", \.scope),
            (.privilegedGrant, "Grants of privileged groups; holds only these.", \.privilegedGrant),
            (.privilegedIdentifier, "New usernames and emails of privileged users; holds only these.", \.privilegedIdentifier),
            (
                .permissionChanges, "Permission groups that gain permissions or are no longer privileged; holds only these.",
                \.permissionChanges
            ),
            (.adoption, "Adoptions of local users; holds only these.", \.adoption),
            (.anchorsChanged, "Known usernames with unknown anchors, of the linked users; holds only these.", \.anchorsChanged),
            (.groupRevocations, "Memberships of one permission group that end; holds only these.", \.groupRevocations),
        ]
    }

    /// The guards that always hold.
    static let fixedGuards: [GuardName] = [.empty, .firstRun, .groupReplaced, .lastHolder]

    private static func guardLimit(_ limit: GuardLimit) -> ConfigSection {
        ConfigSection([
            ConfigKey("percent", .wholeNumber(0...100), "It holds above this many percent.", default: limit.percent.map(String.init)),
            ConfigKey("count", .wholeNumber(0...1_000_000_000), "It holds above this number.", default: limit.count.map(String.init)),
            ConfigKey("min", .wholeNumber(0...1_000_000_000), "Up to this many never hold.", default: String(limit.min)),
        ])
    }
}
