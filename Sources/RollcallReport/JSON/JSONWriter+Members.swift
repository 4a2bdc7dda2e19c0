public import RollcallCore

extension JSONWriter {
    /// A name and its text; `nil` is null.
    public mutating func member(_ name: StaticString, _ value: Text?) {
        self.name(name)
        if let value { self.value(value) } else { null() }
    }

    /// A name and its text; `nil` is null.
    public mutating func member(_ name: StaticString, _ value: String?) {
        self.name(name)
        if let value { self.value(value) } else { null() }
    }

    /// A name and its number; `nil` is null.
    public mutating func member(_ name: StaticString, _ value: Int?) {
        self.name(name)
        if let value { self.value(value) } else { null() }
    }

    /// A name and its truth.
    public mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        self.value(value)
    }

    /// A name and its digest; `nil` is null.
    public mutating func member(_ name: StaticString, _ value: Digest?) {
        self.name(name)
        if let value { self.value(value) } else { null() }
    }
}
