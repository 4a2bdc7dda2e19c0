internal import RollcallCore

// What a run keeps of a source that fails again and again.
extension SQLiteSession {
    func quarantine(since: Instant?, reason: String) throws(StoreError) {
        if isDryRun { return }
        let update = try connection.prepare("UPDATE sources SET quarantined_at = ?1, quarantined_reason = ?2 WHERE id = 1")
        update.bind(1, since?.microseconds).bind(2, text: since == nil ? nil : Text(reason))
        try update.run()
    }
}
