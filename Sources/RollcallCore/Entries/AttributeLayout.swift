/// The attributes that a run reads of one kind of entry, each with the slot in which an entry keeps its values.
///
/// Slot 0 always holds the anchor. The order is fixed by the rules alone, so that equal content gives equal bytes.
public struct AttributeLayout: Hashable, Sendable {
    /// The slot of the anchor.
    public static let anchorSlot = 0

    /// The most attributes that a layout may have: one bit each in ``Entry/presence``.
    public static let limit = 64

    /// The attributes in the order of their slots.
    public let names: [AttributeName]
    private let slots: [AttributeName: Int]

    /// A layout with `anchor` in slot 0 and the others behind it, sorted and without repetition.
    public init(anchor: AttributeName, others: [AttributeName]) {
        let rest = Set(others).subtracting([anchor]).sorted()
        names = [anchor] + rest
        slots = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    }

    /// The slot of `name`; `nil` when the run does not read that attribute.
    public func slot(of name: AttributeName) -> Int? { slots[name] }

    /// The number of slots.
    public var count: Int { names.count }
}
