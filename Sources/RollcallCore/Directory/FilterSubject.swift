/// What is known about one attribute of one entry.
public enum AttributeReading: Sendable {
    /// The attribute was not asked for, was withheld, or could not be read.
    case unknown
    /// All values of the attribute; none when the entry does not have it.
    case values([ArraySlice<UInt8>])
    /// Some of the values; there are others, which could not be read.
    case some([ArraySlice<UInt8>])
}

/// Something a filter can be evaluated on, usually an entry.
public protocol FilterSubject {
    /// What is known about an attribute. Names are to be compared as ``AttributeName`` does.
    func reading(of attribute: AttributeName) -> AttributeReading

    /// The name of the entry, or `nil` where it is not known. Only filters with `:dn:` ask for it.
    var distinguishedName: DistinguishedName? { get }
}
