extension Entry {
    /// What several records of one id say alike: a slot in which they differ is unreadable, and of two names none is kept.
    ///
    /// A status rule that matches it for certain matches each of the records.
    public static func agreement(of records: [Entry], layout: AttributeLayout) -> Entry {
        var builder = EntryBuilder(layout: layout)
        let all = records.map(\.slots)
        guard let first = all.first else {
            builder.begin(dn: [])
            return builder.finish()
        }
        builder.begin(dn: all.allSatisfy { $0.dn == first.dn } ? Array(first.dn) : [])
        for slot in 0..<layout.count {
            let values = first[slot]
            if first.isUnreadable(slot) || !all.dropFirst().allSatisfy({ $0[slot] == values }) {
                builder.markUnreadable(inSlot: slot)
            } else {
                for value in values { builder.append(value, inSlot: slot) }
            }
        }
        return builder.finish()
    }
}
