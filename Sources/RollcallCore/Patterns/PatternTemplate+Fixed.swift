extension PatternTemplate {
    /// The text of a template that uses no capture; `nil` when it uses one.
    public var fixedText: Text? { names.isEmpty ? filled { _ in nil } : nil }
}
