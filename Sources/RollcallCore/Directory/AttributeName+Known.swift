extension AttributeName {
    /// A name that stands in our own code: letters, digits and hyphens, starting with a letter.
    ///
    /// What breaks that shape is kept byte for byte; it then matches no attribute of any directory.
    public init(known name: StaticString) {
        let bytes = name.withUTF8Buffer { Array($0) }
        self = AttributeName(bytes: bytes) ?? AttributeName(verbatim: bytes)
    }
}
