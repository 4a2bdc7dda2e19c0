extension Schema {
    /// Finds at once whether anybody has to be looked at though nothing changed upstream: hardly anybody has.
    static let whatWaits = """
        CREATE INDEX entries_attention ON entries (source) WHERE attention <> 0;
        CREATE INDEX entries_leaving ON entries (source, leaving_since) WHERE leaving_since IS NOT NULL;
        CREATE INDEX entries_deleted ON entries (source, deleted_at) WHERE deleted_at IS NOT NULL;
        """
}
