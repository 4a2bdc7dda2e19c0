import RollcallCore

extension ConfigKeys {
    static let daemon = ConfigSection([
        ConfigKey(
            "interval", .text(.duration), "From the start of one run of the daemon to the start of the next.",
            default: DaemonSettings().interval.description),
        ConfigKey(
            "full_every", .text(.duration), "How often a run reads everything, where runs in between go by what has changed.",
            default: DaemonSettings().fullEvery.description),
        .later("listen"),
    ])
}
