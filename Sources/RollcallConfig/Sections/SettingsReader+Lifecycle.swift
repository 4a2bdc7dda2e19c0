import RollcallCore

extension SettingsReader {
    /// What happens to accounts over time. A word that is none was complained about and counts as left out.
    mutating func lifecycle(_ node: ConfigNode?, join: ConfigNode?) -> Lifecycle {
        var lifecycle = Lifecycle(username: node?["username"]?.text.flatMap(Lifecycle.UsernameRule.init) ?? .keep)
        let path = ConfigPath.root.key("lifecycle")
        if let wait = wait(node?["delete_after"], at: path.key("delete_after")) { lifecycle.deleteAfter = wait.span }
        if let wait = wait(node?["purge_after"], at: path.key("purge_after")) { lifecycle.purgeAfter = wait.span }
        if let status = node?["new_users"]?.text.flatMap({ UserStatus(rawValue: $0) }) { lifecycle.newUsers = status }
        if let missing = node?["status_missing"]?.text.flatMap(Lifecycle.MissingStatus.init) { lifecycle.statusMissing = missing }
        if let lock = node?["temporary_lock"]?.text.flatMap(Lifecycle.TemporaryLock.init) { lifecycle.temporaryLock = lock }
        if let confirms = node?["confirm_absence"]?.flag { lifecycle.confirmsAbsence = confirms }
        if let adoption = join?["adopt"]?.text.flatMap(Lifecycle.Adoption.init) { lifecycle.adoption = adoption }
        if lifecycle.purgeAfter != nil, lifecycle.deleteAfter == nil, let place = node?["purge_after"]?.place {
            problems.error(
                at: place, "`lifecycle.purge_after` has no effect while `delete_after` is never: nobody is deleted",
                advice: "set delete_after, or leave purge_after out")
        }
        return lifecycle
    }

    /// A wait that may have no end.
    private mutating func wait(_ node: ConfigNode?, at path: ConfigPath) -> (span: Span?, Void)? {
        if node?.text == "never" { return (nil, ()) }
        return span(node, at: path).map { ($0, ()) }
    }
}
