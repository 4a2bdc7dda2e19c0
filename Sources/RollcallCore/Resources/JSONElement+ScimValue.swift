extension JSONElement: ScimValue {
    public var kind: ScimValueKind {
        switch nodeKind {
        case .null, .name: .null
        case .no: .boolean(false)
        case .yes: .boolean(true)
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    public var isEmpty: Bool {
        switch nodeKind {
        case .string: withBytes { $0.isEmpty }
        case .array, .object: count == 0
        case .null, .name, .no, .yes, .number: false
        }
    }

    public func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        switch nodeKind {
        case .string, .number: withBytes(body)
        case .null, .name, .no, .yes, .array, .object: body(UnsafeBufferPointer(start: nil, count: 0))
        }
    }

    public func member(_ name: [UInt8]) -> JSONElement? { member(named: name) }
}
