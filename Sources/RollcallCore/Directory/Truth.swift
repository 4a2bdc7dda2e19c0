/// The outcome of a filter: it holds, it does not hold, or too little is known to tell.
///
/// The three values and their tables are those of RFC 4511 section 4.5.1.7. An entry is selected only by ``yes``; treating ``unknown``
/// as ``no`` before the whole filter is evaluated would let a `not` select what nobody knows.
public enum Truth: Hashable, Sendable {
    case yes
    case no
    case unknown

    /// Makes a known outcome.
    @inlinable
    public init(_ holds: Bool) {
        self = holds ? .yes : .no
    }

    /// Holds when both hold, fails as soon as one fails.
    @inlinable
    public func and(_ other: Truth) -> Truth {
        switch (self, other) {
        case (.no, _), (_, .no): .no
        case (.yes, .yes): .yes
        default: .unknown
        }
    }

    /// Holds as soon as one holds, fails when both fail.
    @inlinable
    public func or(_ other: Truth) -> Truth {
        switch (self, other) {
        case (.yes, _), (_, .yes): .yes
        case (.no, .no): .no
        default: .unknown
        }
    }

    /// The opposite; what is not known stays so.
    @inlinable
    public var negated: Truth {
        switch self {
        case .yes: .no
        case .no: .yes
        case .unknown: .unknown
        }
    }
}
