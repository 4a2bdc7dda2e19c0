/// Tells a store from every other one: sixteen random bytes that it was made with.
public struct StoreIdentity: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// `nil` for anything but sixteen bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// From hexadecimal digits, as ``description`` writes them.
    public init?(hexadecimal text: String) {
        guard let bytes = Hexadecimal.bytes(text.utf8) else { return nil }
        self.init(bytes)
    }

    public var description: String { Hexadecimal.text(bytes) }
}

/// Of which store a plan was made, and how far that had come.
public struct PlanOrigin: Hashable, Sendable {
    /// The store; `nil` when there was none.
    public var store: StoreIdentity?
    /// The number of the newest run that it had recorded, 0 before the first.
    public var run: Int64

    public init(store: StoreIdentity?, run: Int64) {
        self.store = store
        self.run = run
    }
}

/// A plan in a file, as a run that is to apply it knows it.
public struct SavedPlan: Hashable, Sendable {
    /// The digest of the file.
    public var digest: Digest
    /// When the plan was made.
    public var made: Instant
    /// `nil` when the file does not say, as those of the first version.
    public var origin: PlanOrigin?

    public init(digest: Digest, made: Instant, origin: PlanOrigin?) {
        self.digest = digest
        self.made = made
        self.origin = origin
    }

    /// How far our clock may have been set back since a plan was made.
    public static let tolerance = Span(seconds: 300)

    /// Why the plan can no longer be applied to a store; `nil` when it can.
    ///
    /// - Parameters:
    ///   - state: how the store stands.
    ///   - limit: how old a plan may become, `guards.approval_ttl`.
    public func obstacle(in state: SavedPlanState, at now: Instant, limit: Span) -> String? {
        guard let origin else { return "the plan file does not say of which store it was made" }
        if now > made + limit { return "the plan was made at \(made.wholeSeconds), and is older than \(limit)" }
        if now + SavedPlan.tolerance < made { return "the plan was made at \(made.wholeSeconds), which is later than now" }
        guard let store = origin.store else {
            return state.newestRun == 0 ? nil : "the plan was made while there was no store, and this one has recorded a run since"
        }
        if store != state.identity { return "the plan was made of another store" }
        if origin.run > state.newestRun { return "the plan was made of a later state of this store, which was restored since" }
        if let run = state.usedBy { return "the plan file was used already, by run \(DisplayEscaping.escapedForTerminal(run))" }
        if let run = state.changedBy {
            return "run \(DisplayEscaping.escapedForTerminal(run)) has changed the store since the plan was made"
        }
        return nil
    }
}

/// How a store stands to a plan in a file.
public struct SavedPlanState: Hashable, Sendable {
    public var identity: StoreIdentity?
    /// The number of the newest run that is recorded, 0 before the first.
    public var newestRun: Int64 = 0
    /// The run that applied this very file; `nil` when none did.
    public var usedBy: Text?
    /// The first run after the plan that applied a change; `nil` when none did.
    public var changedBy: Text?

    public init() {}
}
