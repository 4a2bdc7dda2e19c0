import RollcallCore

extension Run {
    /// Tests the config against the plan: each failed expectation is a guard's result with its sentence.
    ///
    /// With rules that the last applied run did not have, it holds the plan as any guard does, and a person may approve it. With the same rules
    /// the directory has moved, not the config, and it is a warning.
    func expect(_ session: any StoreSession, _ record: inout RunRecord) throws {
        let expectations = environment.expectations
        if expectations.isEmpty { return }
        let standings = try session.standings(of: Set(expectations.map(\.key)))
        let failures = expectations.compactMap { $0.failure(given: standings[$0.key]) }
        let isNew = session.basis.rulesDigest != environment.rulesDigest
        func result(_ verdict: GuardResult.Verdict, _ finding: GuardFinding?) -> GuardResult {
            GuardResult(
                .expect, reach: .plan, limit: .each, observed: failures.count, whole: expectations.count, verdict: verdict, finding)
        }
        if failures.isEmpty { record.guards.append(result(.passed, nil)) }
        record.guards += failures.map { result(isNew ? .held : .passed, .expectation($0)) }
        if !isNew { record.warnings += failures.map { Text("expectation failed: \($0.sentence)") } }
    }
}
