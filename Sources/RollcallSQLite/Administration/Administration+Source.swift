internal import RollcallCore

// The source as a whole.
extension Administration {
    private static let source = Text("default")

    func pause(_ reason: Text?) throws(StoreError) -> DeedPlan {
        if let pause = try Pause(connection) { return DeedPlan(idle: "\(pause.sentence); nothing to do") }
        try write("UPDATE sources SET paused_by = ?1, paused_at = ?2, paused_reason = ?3 WHERE id = 1") { statement in
            statement.bind(1, text: request.approver.name).bind(2, now.microseconds).bind(3, text: reason)
        }
        return doing(
            Administration.source, "no run applies anything until `rollcall resume`" + (reason.map { ": \($0)" } ?? ""))
    }

    func resume() throws(StoreError) -> DeedPlan {
        guard let pause = try Pause(connection) else { return DeedPlan(idle: "the source is not paused; nothing to do") }
        try write("UPDATE sources SET paused_by = NULL, paused_at = NULL, paused_reason = NULL WHERE id = 1")
        return doing(Administration.source, "runs apply again; \(pause.sentence)")
    }

    func acceptSource(_ server: Text, _ watermark: Text?) throws(StoreError) -> DeedPlan {
        let select = try connection.prepare("SELECT watermark FROM sources WHERE id = 1")
        guard try select.step(), let kept = select.optionalText(0) else {
            return DeedPlan(idle: "no mark of an earlier reading is kept, so none stands against this source; nothing to do")
        }
        guard let watermark, Watermark.isBehind(watermark.string, kept.string) else {
            return DeedPlan(idle: "\(server) is not behind what the last applied run read (\(kept)); nothing to do")
        }
        try write("UPDATE sources SET watermark = NULL WHERE id = 1")
        return doing(
            Administration.source,
            "the next run takes \(server) as it is: its contextCSN is \(watermark), the last applied run read \(kept)")
    }
}

extension Pause {
    /// The pause that the store keeps; `nil` when the source is not paused.
    init?(_ connection: Connection) throws(StoreError) {
        let source = try connection.prepare("SELECT paused_by, paused_at, paused_reason FROM sources WHERE id = 1")
        guard try source.step(), let actor = source.optionalText(0) else { return nil }
        self.init(actor: actor, since: Instant(microseconds: source.number(1)), reason: source.optionalText(2))
    }
}
