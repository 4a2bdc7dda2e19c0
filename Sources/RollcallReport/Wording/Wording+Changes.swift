internal import RollcallCore

// Changes and remarks, line by line, and what stands above them.
extension Wording {
    static let lastHoldersNote = "the one case in which a leaver keeps access"

    /// What a kind of change is called above a list of them.
    static func title(_ action: Action) -> String {
        switch action {
        case .create: "Create"
        case .update: "Update"
        case .rename: "Rename"
        case .deactivate: "Deactivate"
        case .reactivate: "Reactivate"
        case .grant: "Grant"
        case .revoke: "Revoke"
        case .adopt: "Adopt"
        case .delete: "Delete"
        case .purge: "Purge"
        case .permissionGroup: "Permission groups"
        case .names: "Names of deleted accounts"
        }
    }

    /// What stands above the changes of one kind that wait for nothing of their own.
    func heading(_ action: Action, _ highlights: Highlights) -> String {
        let title = "\(Wording.title(action)) (\(highlights.changes(action).count.grouped))"
        let held = highlights.heldCount[action] ?? 0
        return held > 0 ? "\(title), beside \(held.grouped) held" : title
    }

    /// What stands above the changes that one guard holds by themselves.
    func heading(heldBy guardName: GuardName, _ highlights: Highlights) -> String {
        let count = "(\((highlights.held[guardName]?.count ?? 0).grouped))"
        switch guardName {
        case .lastHolder: return "Last holders kept \(count): \(Wording.lastHoldersNote)"
        // Grants, and reactivations that bring privilege back with all that is given along with them.
        case .privilegedGrant: return "Privileged access held \(count)"
        case .ownAccess: return "Waiting for somebody else than the approver \(count)"
        case .rejection: return "Rejected by a person, until approved after all \(count)"
        default: return "Held by \(guardName.rawValue) \(count)"
        }
    }

    /// The guards that hold changes by themselves, in the order in which a person should see them; the last holders are not among them.
    static let holdingGuards: [GuardName] = [.privilegedGrant] + GuardName.allCases.filter { $0 != .privilegedGrant && $0 != .lastHolder }

    /// The kinds of remark that come before the counts, and those that come after the changes.
    static let urgentRemarks: [Remark.Kind] = [.undecided, .conflict]
    static let otherRemarks: [Remark.Kind] = [.drift, .protected, .warning]

    /// What stands above the remarks of one kind; `nil` when there are none.
    func heading(_ kind: Remark.Kind, _ highlights: Highlights) -> String? {
        let new = highlights.remarks[kind]?.count ?? 0
        guard new + (highlights.known[kind] ?? 0) + (highlights.acknowledged[kind] ?? 0) > 0 else { return nil }
        let title =
            switch kind {
            case .undecided: "Undecided"
            case .conflict: "Conflicts"
            case .drift: "Drift"
            case .protected: "Protected"
            case .warning: "Warnings"
            }
        return "\(title) (\(new.grouped) new)"
    }

    /// What is said of the remarks that the last applied run had too, and of those that are acknowledged; none when there are none.
    func knownNotes(_ kind: Remark.Kind, _ highlights: Highlights) -> [String] {
        [(highlights.known[kind], "known since the last applied run"), (highlights.acknowledged[kind], "acknowledged")].compactMap {
            count, what in count.map { "+ \($0.grouped) \(what)" }
        }
    }

    /// What a change does, a line for each field that is not said by its kind.
    func details(of change: Change, withAction: Bool = false) -> [DisplayText] {
        var details = self.details(of: change)
        if withAction, let first = details.first { details[0] = DisplayText(plain: "\(change.action.rawValue) \(first.text)") }
        return details
    }

    private func details(of change: Change) -> [DisplayText] {
        if let group = change.group, change.action != .permissionGroup {
            return [change.isPrivileged ? DisplayText(plain: "\(shown(group).text) (privileged)") : shown(group)]
        }
        switch change.action {
        case .create:
            let fields = change.fields.filter { $0.field != .username }
            return [DisplayText(plain: fields.map { "\(name($0.field)) \(shown($0.after).text)" }.joined(separator: ", "))]
        case .update, .grant, .revoke, .permissionGroup, .names:
            return change.fields.map { DisplayText(plain: "\(name($0.field)): \(shown($0.before).text) → \(shown($0.after).text)") }
        case .rename, .deactivate, .reactivate, .adopt, .delete, .purge:
            return change.fields.map { DisplayText(plain: "\(shown($0.before).text) → \(shown($0.after).text)") }
        }
    }

    /// Why a change is made, and by which way a grant comes.
    func reason(of change: Change) -> DisplayText {
        guard !change.path.isEmpty else { return shown(change.reason.sentence) }
        return shown("\(change.reason.sentence), via " + change.path.map { shown($0).text }.joined(separator: " › "))
    }

    private func name(_ field: UserField) -> String {
        DisplayText(field.name, limit: valueWidth).text
    }

    /// Who a remark is about. Two entries may want one name, so a conflict of one without a user is told by its anchor, and so is one
    /// whose records have several names.
    func name(of line: Highlights.RemarkLine) -> DisplayText {
        guard let label = line.label else { return DisplayText(plain: "-") }
        if label.isEmpty { return shown("\(line.anchor)") }
        guard line.remark.kind == .conflict, !line.hasUser else { return shown(label) }
        return DisplayText(plain: "\(shown(label).text) (\(shown("\(line.anchor)").text))")
    }

    /// What resolves a remark; `nil` when nothing is to be done.
    func advice(of line: Highlights.RemarkLine) -> DisplayText? {
        line.advice.isEmpty ? nil : shown("do: " + line.advice)
    }
}
