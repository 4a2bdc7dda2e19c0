/// Which Rollcall this is.
public enum RollcallVersion {
    /// As semantic versions are written, without a `v`.
    public static let text = "0.1.0"
}
