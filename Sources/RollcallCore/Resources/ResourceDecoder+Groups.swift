extension ResourceDecoder {
    /// Takes a resource that is a group, and hands it on as it is.
    public func takeGroup(_ resource: JSONElement, repeating name: String?) {
        if let group = candidate(resource, repeating: name) { deliver(group) }
    }

    /// What a group resource says, when the filter selects it; what cannot be used is rejected.
    public func candidate(_ resource: JSONElement, repeating repeated: String?) -> GroupCandidate? {
        guard let id = id(of: resource, .group), members.meet(.group, id) else { return nil }
        if !request.isRaw {
            if let repeated {
                reject(.group, id, ResourceDecoder.repeating(repeated))
                return nil
            }
            guard isSelected(resource, id) else { return nil }
        }
        let name = resource.member("displayName")?.text?.trimmed() ?? .empty
        if name.isEmpty, !request.isRaw {
            reject(.group, id, "it has no displayName, or one that is no valid text")
            return nil
        }
        return GroupCandidate(
            id: id, name: name, members: GroupMembers(of: resource, &notes), raw: request.isRaw ? RawResource.entry(.group, resource) : nil)
    }

    private func isSelected(_ resource: JSONElement, _ id: [UInt8]) -> Bool {
        var tolerances = ScimTolerances()
        defer { notes.add(tolerances) }
        switch groupFilter?.evaluate(on: resource, tolerances: &tolerances).truth ?? .yes {
        case .yes: return true
        case .no: return false
        case .unknown:
            reject(.group, id, "whether source.groups.filter selects it cannot be told")
            return false
        }
    }

    /// Reads the members of a group that was asked for by itself into `group`; `false` when the resource is another one.
    ///
    /// - Parameter repeated: A name that the resource has twice, for which it is rejected.
    public func readMembers(of group: inout GroupCandidate, from resource: JSONElement, repeating repeated: String? = nil) -> Bool {
        guard let id = resource.member("id"), id.bytes == group.id else { return false }
        if request.isRaw { group.raw = RawResource.entry(.group, resource) }
        guard let repeated else {
            group.members = GroupMembers(of: resource, &notes)
            return true
        }
        let reason = ResourceDecoder.repeating(repeated)
        group.rejection = reason
        group.members = GroupMembers(names: MemberNames())
        group.members.doubt = reason
        return true
    }

    static func repeating(_ name: String) -> String { "it has the member \(DisplayEscaping.escapedForTerminal(name)) twice" }

    /// Hands a group on, or keeps it until its members are told apart.
    public func deliver(_ group: GroupCandidate) {
        if !request.isRaw, group.members.doubt == nil, group.members.untyped.count > 0 {
            members.keep(group)
        } else {
            hand(group)
        }
    }

    private func hand(_ group: GroupCandidate) {
        if let raw = group.raw {
            batchBytes += raw.bytes.count
            return batch.raw.append(raw)
        }
        if let rejection = group.rejection { return reject(.group, group.id, rejection) }
        var entry = GroupEntry(
            dn: ResourceName.of(.group, group.id), anchor: Anchor(group.id), name: group.name, members: group.members.names)
        if let doubt = group.members.doubt {
            entry.knowsMembers = false
            if request.means(entry.anchor, entry.name) { doubts.append((group.name, doubt)) }
        }
        batchBytes += entry.members.byteCount
        batch.groups.append(entry)
    }

    /// Hands on the groups that waited until all ids were known. To be called behind the last resource.
    public func finish() {
        for var group in members.takeKept() {
            group.members.untyped.forEachName { id in
                let isGroup = members.has(.group, id)
                let isUser = members.has(.user, id)
                if isGroup, isUser { notes.note(.ambiguousMember) }
                group.members.names.append(ResourceName.of(isGroup && !isUser ? .group : .user, id))
            }
            group.members.untyped = MemberNames()
            hand(group)
        }
    }
}
