import RollcallCore

/// One record of a file, LDIF or CSV: its name and the values that somebody wants, in buffers that are used again.
struct Record {
    private struct Value {
        let number: Int
        let start: Int
        let end: Int
    }

    private let limits: FileLimits
    private var bytes: [UInt8] = []
    private var values: [Value] = []
    private(set) var dn: [UInt8] = []
    /// The number of the line on which the record begins.
    private(set) var line = 0
    private(set) var members = MemberNames()
    /// Whether members were left out because there are too many of them.
    private(set) var lacksMembers = false
    /// Whether other values were left out because they are too large.
    private(set) var lacksValues = false
    /// The attributes, by number, of which values were left out.
    private(set) var cutNumbers: [Int] = []

    init(_ limits: FileLimits) {
        self.limits = limits
    }

    /// Forgets the record before and starts the next one.
    mutating func begin(line: Int, dn: some Collection<UInt8> = []) {
        self.line = line
        name(dn)
        bytes.removeAll(keepingCapacity: bytes.capacity <= limits.user)
        values.removeAll(keepingCapacity: values.capacity <= limits.user)
        if members.count > 0 { members = MemberNames() }
        lacksMembers = false
        lacksValues = false
        cutNumbers = []
    }

    /// Names a record that was begun without a name.
    mutating func name(_ dn: some Collection<UInt8>) {
        self.dn.removeAll(keepingCapacity: true)
        self.dn.append(contentsOf: dn)
    }

    /// Adds a value. An empty one is kept, for a filter may ask for it, but it names no member.
    mutating func append(_ value: UnsafeBufferPointer<UInt8>, as use: AttributeUse) {
        if let number = use.number {
            if bytes.count + value.count + values.count * MemoryLayout<Value>.size > limits.group {
                omitValue(number)
            } else {
                let start = bytes.count
                bytes.append(contentsOf: value)
                values.append(Value(number: number, start: start, end: bytes.count))
            }
        }
        if use.isMember, !lacksMembers, !value.isEmpty {
            if members.byteCount + value.count > limits.group {
                members = MemberNames()
                lacksMembers = true
            } else {
                members.append(value)
            }
        }
    }

    /// Adds a value. An empty one is kept, for a filter may ask for it, but it names no member.
    mutating func append(_ value: ArraySlice<UInt8>, as use: AttributeUse) {
        value.withUnsafeBufferPointer { append($0, as: use) }
    }

    /// Notes that a wanted value was too large to be kept.
    mutating func omitValue(of use: AttributeUse) {
        if let number = use.number { omitValue(number) }
        if use.isMember { lacksMembers = true }
    }

    private mutating func omitValue(_ number: Int) {
        lacksValues = true
        if !cutNumbers.contains(number) { cutNumbers.append(number) }
    }

    /// The values of one attribute by its number in ``WantedAttributes``, in the order of the file.
    func values(of number: Int) -> [ArraySlice<UInt8>] {
        var found: [ArraySlice<UInt8>] = []
        for value in values where value.number == number { found.append(bytes[value.start..<value.end]) }
        return found
    }

    /// Shows each value with its attribute's number, in the order of the file, until told to stop by `false`.
    @inline(__always)
    func forEachValue(_ body: (Int, UnsafeBufferPointer<UInt8>) -> Bool) {
        bytes.withUnsafeBufferPointer { bytes in
            for value in values {
                if !body(value.number, UnsafeBufferPointer(rebasing: bytes[value.start..<value.end])) { return }
            }
        }
    }
}
