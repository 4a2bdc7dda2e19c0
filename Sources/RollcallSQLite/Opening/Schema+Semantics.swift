extension Schema {
    /// Which meaning rules had for the last applied run: ``Evaluator/semanticsVersion``. Version 1 was not kept.
    static let semantics = """
        ALTER TABLE sources ADD COLUMN semantics INTEGER;
        UPDATE sources SET semantics = 1 WHERE rules_digest IS NOT NULL;
        """
}
