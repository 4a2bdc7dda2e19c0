extension Schema {
    /// Marks of remarks were of eight bytes, over their words; an octet of zero before them tells them from those of whole digests.
    static let remarkMarks = """
        UPDATE entries SET noted = CAST(X'00' || noted AS BLOB) WHERE noted IS NOT NULL;
        UPDATE entries SET acknowledged = CAST(X'00' || acknowledged AS BLOB) WHERE acknowledged IS NOT NULL;
        """
}
