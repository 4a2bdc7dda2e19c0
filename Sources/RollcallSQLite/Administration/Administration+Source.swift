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
        let pause = try Pause(connection)
        let quarantined = try connection.number("SELECT quarantined_at FROM sources WHERE id = 1").map { Instant(microseconds: $0) }
        guard pause != nil || quarantined != nil else {
            return DeedPlan(idle: "the source is neither paused nor in quarantine; nothing to do")
        }
        try write(
            """
            UPDATE sources SET paused_by = NULL, paused_at = NULL, paused_reason = NULL, quarantined_at = NULL, quarantined_reason = NULL
            WHERE id = 1
            """)
        let former = [pause?.sentence, quarantined.map { "the source was in quarantine since \($0.wholeSeconds)" }].compactMap { $0 }
        return doing(Administration.source, "runs apply again; \(former.joined(separator: "; "))")
    }

    func acceptSource(_ server: Text, _ watermark: Text?, _ clock: Instant) throws(StoreError) -> DeedPlan {
        let select = try connection.prepare("SELECT watermark, last_applied FROM sources WHERE id = 1")
        guard try select.step() else { return DeedPlan(idle: "nothing was applied from this source; nothing to do") }
        var plan = DeedPlan(idle: "\(server) is not behind what the last applied run read; nothing to do")
        if let kept = select.optionalText(0), let watermark, Watermark.isBehind(watermark.string, kept.string) {
            try write("UPDATE sources SET watermark = NULL WHERE id = 1")
            plan.operations.append(
                operation(
                    Administration.source,
                    "the next run takes \(server) as it is: its contextCSN is \(watermark), the last applied run read \(kept)"))
        }
        if let applied = select.optionalNumber(1).map({ Instant(microseconds: $0) }), applied > clock {
            try write("UPDATE sources SET last_applied = ?1 WHERE id = 1") { $0.bind(1, clock.microseconds) }
            plan.operations.append(
                operation(
                    Administration.source,
                    "runs judge by our clock again, which says \(clock.wholeSeconds); the last applied run was at \(applied.wholeSeconds)"))
        }
        if !plan.operations.isEmpty { plan.idle = "" }
        return plan
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
