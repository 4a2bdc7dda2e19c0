extension AttributeName {
    /// The short name of a naming attribute that was written in full or as an object identifier, or `nil` where it has no other name.
    ///
    /// The expected bytes are a folded type without options. RFC 4514 section 3 lists the names, RFC 4519 the identifiers.
    static func shortName(ofFolded type: UnsafeBufferPointer<UInt8>) -> StaticString? {
        guard type.count >= shortestLongName else { return nil }
        for (name, short) in shortNames where name.utf8CodeUnitCount == type.count {
            let isSame = name.withUTF8Buffer { $0.elementsEqual(type) }
            if isSame { return short }
        }
        return nil
    }

    /// The folded type without options, by its short name where it has one.
    var foldedShortName: [UInt8] {
        let type = base.folded
        let short = type.withUnsafeBufferPointer { Self.shortName(ofFolded: $0) }
        return short?.withUTF8Buffer { Array($0) } ?? type
    }

    /// How many bytes the shortest of the other names has (`userid`).
    static let shortestLongName = 6

    private static let shortNames: [(name: StaticString, short: StaticString)] = [
        ("2.5.4.3", "cn"), ("commonname", "cn"),
        ("2.5.4.4", "sn"), ("surname", "sn"),
        ("2.5.4.6", "c"), ("countryname", "c"),
        ("2.5.4.7", "l"), ("localityname", "l"),
        ("2.5.4.8", "st"), ("stateorprovincename", "st"),
        ("2.5.4.9", "street"), ("streetaddress", "street"),
        ("2.5.4.10", "o"), ("organizationname", "o"),
        ("2.5.4.11", "ou"), ("organizationalunitname", "ou"),
        ("0.9.2342.19200300.100.1.1", "uid"), ("userid", "uid"),
        ("0.9.2342.19200300.100.1.25", "dc"), ("domaincomponent", "dc"),
    ]
}
