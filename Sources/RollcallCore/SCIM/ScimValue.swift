/// What a JSON value is.
public enum ScimValueKind: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number
    case string
    case array
    case object
}

/// A JSON value of a resource, as paths and filters see it.
public protocol ScimValue {
    var kind: ScimValueKind { get }

    /// Whether a string has no bytes, an array no elements, or an object no members; `false` for all others.
    var isEmpty: Bool { get }

    /// Whether a string is no valid text, so that its bytes are not what was meant.
    var isFlawed: Bool { get }

    /// Lends the bytes of a string (UTF-8, without escapes) or the literal text of a number; no bytes for all others.
    func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result

    /// The member of an object under a key, compared without regard to ASCII case; `nil` where it has none or this is no object.
    ///
    /// `name` is in lower case.
    func member(_ name: [UInt8]) -> Self?

    /// Gives the elements of an array in order until the body says `false`; none where this is no array.
    func forEachElement(_ body: (Self) -> Bool)
}

extension ScimValue {
    public var isFlawed: Bool { false }

    /// The value as a boolean, `nil` where it cannot be read as one.
    ///
    /// The text `true` or `false` in any case and the numbers 0 and 1 are read as well, and noted.
    public func boolean(noting tolerances: inout ScimTolerances) -> Bool? {
        switch kind {
        case .boolean(let value): return value
        case .string:
            guard let value = withText(ScimFolding.boolean) else { return nil }
            tolerances.insert(.booleanAsText)
            return value
        case .number:
            let digit = withText { $0.count == 1 ? $0[0] : 0 }
            guard digit == UInt8(ascii: "0") || digit == UInt8(ascii: "1") else { return nil }
            tolerances.insert(.booleanAsNumber)
            return digit == UInt8(ascii: "1")
        case .null, .array, .object: return nil
        }
    }

    /// Whether this is a string, a number or a boolean.
    @inline(__always)
    var isSimple: Bool {
        switch kind {
        case .string, .number, .boolean: true
        case .null, .array, .object: false
        }
    }
}
