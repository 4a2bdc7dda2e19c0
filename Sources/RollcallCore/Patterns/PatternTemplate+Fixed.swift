extension PatternTemplate {
    /// The text of a template that uses no capture; `nil` when it uses one.
    public var fixedText: Text? { names.isEmpty ? filled { _ in nil } : nil }
}

extension PatternTemplate {
    /// The template as a person writes it, with `{name}` for each capture.
    public var text: Text { filled { Text("{\($0)}") } ?? .empty }
}
