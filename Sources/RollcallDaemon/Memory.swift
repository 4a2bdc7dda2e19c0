internal import CMalloc

/// The memory of this process.
public enum Memory {
    /// Gives what was freed back to the system: a daemon idles far longer than it runs.
    public static func giveBack() { rollcall_give_back_memory() }
}
