public import RollcallCore

/// Makes a report that can be shared: whatever names a person, a group, an entry or a server is replaced by a pseudonym.
///
/// The same value has the same pseudonym everywhere in what one redaction has made, and another one elsewhere: they hang on its
/// key. The sentences of changes and remarks are made anew from their values; those of an earlier version are replaced whole, and so is
/// a sentence about the run that is not known to be ours. Numbers, times, actions, statuses, guards and the names of fields stay.
public struct Redaction: Sendable {
    private let pseudonyms: Pseudonyms

    /// What stands in the place of a sentence that could name somebody.
    static let withheld = "(redacted)"

    /// - Parameter key: random bytes, 32 or more, that are used for one report and kept nowhere.
    public init(key: [UInt8]) {
        pseudonyms = Pseudonyms(key: key)
    }

    /// The run without names. Digests go too: with them, guesses could be tried out.
    public func redacted(_ record: RunRecord) -> RunRecord {
        var record = record
        record.actor = text(.user, record.actor)
        record.planDigest = nil
        // What holds the whole plan is its reason too.
        record.reason = record.reason.map { reason in
            record.guards.first { $0.message == reason }.map { $0.sentence(shown) } ?? sentence(reason)
        }
        record.warnings = record.warnings.map { Text(sentence($0.string)) }
        if record.source.name != "default" { record.source.name = pseudonyms.text(.value, record.source.name.utf8) }
        if !["ldap", "file"].contains(record.source.type) { record.source.type = pseudonyms.text(.value, record.source.type.utf8) }
        record.source.proof?.watermark = nil
        if let server = record.source.proof?.server { record.source.proof?.server = pseudonyms.text(.server, server.utf8) }
        for index in record.guards.indices {
            record.guards[index].finding = record.guards[index].finding.map { finding in
                if case .legacy(let sentence) = finding { return .legacy(withheld(sentence)) }
                return .legacy(record.guards[index].sentence(shown))
            }
            if case .legacy(let words) = record.guards[index].limit { record.guards[index].limit = .legacy(withheld(words)) }
        }
        return record
    }

    /// What is said beside the run, without names. Paths in commands become words to be replaced.
    public func redacted(_ context: ReportContext) -> ReportContext {
        var context = context
        context.isRedacted = true
        context.auditHead = nil
        context.warnings = context.warnings.map { redacted($0, of: nil) }
        context.hints = CommandHints(
            configPath: context.hints.configPath.map { _ in "CONFIG" }, planPath: context.hints.planPath.map { _ in "PLAN" })
        return context
    }

    /// A row without names.
    public func redacted(_ row: PlanRow) -> PlanRow {
        let anchor = Anchor(pseudonyms.text(.entry, row.anchor.bytes).utf8)
        let userID = row.userID.map { pseudonyms.number($0) }
        var redacted = PlanRow(
            anchor: row.subject == .entry ? anchor : row.anchor, userID: userID, label: label(of: row),
            changes: row.changes.map { self.redacted($0, anchor, userID) }, remarks: row.remarks.map { self.redacted($0, of: row) })
        redacted.subject = row.subject
        return redacted
    }

    private func label(of row: PlanRow) -> Text {
        switch row.subject {
        case .entry: text(.user, row.label)
        case .permissionGroup: text(.group, row.label)
        case .names: row.label
        }
    }

    private func redacted(_ change: Change, _ anchor: Anchor, _ userID: Int64?) -> Change {
        let fields = change.fields.map { field in
            FieldChange(
                field.field, before: field.before.map { value(of: field.field, $0) }, after: field.after.map { value(of: field.field, $0) })
        }
        let group = change.group.map { text(.group, $0) }
        let rule = if case .legacy = change.rule { ChangeRule.legacy(Redaction.withheld) } else { change.rule }
        var redacted = Change(
            action: change.action, fields: fields, group: group, path: change.path.map { text(.group, $0) }, rule: rule,
            reason: .legacy(self.sentence(change.reason)), isPrivileged: change.isPrivileged, holders: change.holders,
            heldBy: change.heldBy,
            digest: ChangeDigest.of(change.action, anchor: anchor, userID: userID, fields: fields, group: group, rule: rule))
        redacted.isSeen = change.isSeen
        return redacted
    }

    private func redacted(_ remark: Remark, of row: PlanRow?) -> Remark {
        let words =
            switch remark.cause {
            case .ofRun(let text): Remark.Legacy(.warning, remark.code, sentence(text.string))
            case .legacy:
                Remark.Legacy(
                    remark.kind, "other", withheld(remark.message), advice: withheld(remark.advice(of: row)))
            default:
                Remark.Legacy(
                    remark.kind, remark.code, remark.cause.sentence(shown),
                    advice: remark.cause.advice(label: row?.label ?? .empty, anchor: row?.anchor ?? Anchor([]), shown))
            }
        var redacted = Remark(.legacy(words), isNew: remark.isNew)
        redacted.isAcknowledged = remark.isAcknowledged
        return redacted
    }

    private func withheld(_ text: String) -> String { text.isEmpty ? "" : Redaction.withheld }

    private func shown(_ thing: NamedThing, _ text: String) -> String { pseudonyms.text(thing.kind, text.utf8) }

    private func value(of field: UserField, _ value: Text) -> Text {
        switch field {
        case .username: text(.user, value)
        case .email: text(.email, value)
        case .givenName, .familyName, .displayName: text(.name, value)
        case .status: UserStatus(rawValue: value.string) == nil ? text(.value, value) : value
        case .extra, .permissions: text(.value, value)
        case .privileged, .namesKept: value
        }
    }

    private func text(_ kind: Pseudonyms.Kind, _ value: Text) -> Text { Text(pseudonyms.text(kind, value.utf8)) }

    private func sentence(_ reason: Reason) -> String {
        if case .legacy = reason { return Redaction.withheld }
        return reason.sentence(shown)
    }

    /// A sentence without names: the known words of it, or nothing of it.
    func sentence(_ text: String) -> String {
        text.isEmpty ? "" : known(Array(text.utf8), depth: 0) ?? Redaction.withheld
    }

    private func known(_ text: [UInt8], depth: Int) -> String? {
        guard depth < 4 else { return nil }
        if SentencePattern.fixed.contains(text) { return String(decoding: text, as: UTF8.self) }
        for pattern in SentencePattern.known {
            let result = pattern.replaced(text) { hole, filling in
                hole == .sentence ? known(Array(filling), depth: depth + 1) : self.filling(hole, filling)
            }
            if let result { return result }
        }
        return nil
    }

    private func filling(_ hole: SentencePattern.Hole, _ text: ArraySlice<UInt8>) -> String? {
        let string = String(decoding: text, as: UTF8.self)
        return switch hole {
        case .user: pseudonyms.text(.user, text)
        case .group: pseudonyms.text(.group, text)
        case .entry: pseudonyms.text(.entry, text)
        case .rule: pseudonyms.text(.rule, text)
        case .value: pseudonyms.text(.value, text)
        case .number: Int(string) == nil ? nil : string
        case .span: Int(string.dropLast()) != nil && "smhdw".contains(string.suffix(1)) ? string : nil
        case .sentence: nil
        }
    }
}

extension NamedThing {
    fileprivate var kind: Pseudonyms.Kind {
        switch self {
        case .user: .user
        case .email: .email
        case .group: .group
        case .entry: .entry
        case .rule: .rule
        case .value: .value
        }
    }
}

/// Rows as a redaction shows them.
public struct RedactedRows: PlanRows {
    private let rows: any PlanRows
    private let redaction: Redaction

    public init(_ rows: any PlanRows, by redaction: Redaction) {
        self.rows = rows
        self.redaction = redaction
    }

    public func forEachRow(_ body: (PlanRow) throws -> Bool) throws {
        try rows.forEachRow { try body(redaction.redacted($0)) }
    }
}
