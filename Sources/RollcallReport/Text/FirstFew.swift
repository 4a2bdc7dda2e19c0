/// The first few of many elements by an order, in memory for at most twice as many.
struct FirstFew<Element> {
    private let limit: Int
    private let precedes: (Element, Element) -> Bool
    private var kept: [Element] = []
    private var threshold: Element?
    /// How many elements were offered.
    private(set) var count = 0

    init(_ limit: Int, by precedes: @escaping (Element, Element) -> Bool) {
        self.limit = limit
        self.precedes = precedes
    }

    /// Offers an element; it is kept unless enough precede it.
    ///
    /// - Parameter follows: answers at little cost whether the offered element comes after another one, so that nearly all of many are
    ///   never made.
    mutating func offer(_ element: @autoclosure () -> Element, unless follows: (Element) -> Bool = { _ in false }) {
        count += 1
        if let threshold, follows(threshold) { return }
        let element = element()
        if let threshold, !precedes(element, threshold) { return }
        kept.append(element)
        if kept.count / 2 >= limit { prune() }
    }

    /// Whether an element that is not made yet might be kept.
    ///
    /// - Parameter precedes: answers whether it may come before another one, or on a level with it.
    func mayKeep(_ precedes: (Element) -> Bool) -> Bool {
        threshold.map(precedes) ?? true
    }

    /// Counts an element that would not be kept.
    mutating func pass() {
        count += 1
    }

    /// The first elements in order.
    var elements: [Element] { Array(kept.sorted(by: precedes).prefix(limit)) }

    /// How many elements come after the first.
    var more: Int { count - Swift.min(count, limit) }

    /// How many come after the first, as a person is told.
    var moreNote: String { "… and \(more.grouped) more; --format json shows all" }

    /// The number of elements in memory.
    var heldCount: Int { kept.count }

    private mutating func prune() {
        kept = elements
        threshold = kept.last
    }
}
