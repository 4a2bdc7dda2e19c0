import RollcallCore

extension ReadingJob {
    /// Asks for a group by itself; `false` when it is not there.
    ///
    /// - Throws: ``SourceError`` when the answer is anything else than that group. One with a name twice is rejected when it is handed on.
    func readAlone(_ group: inout GroupCandidate) throws(SourceError) -> Bool {
        let url = connection.base.appending("Groups").appending(String(decoding: group.id, as: UTF8.self))
        let document = ResourceDocument()
        let answer = try connection.get(url, limit: HTTPConnection.resourceLimit) { document.add($0) }
        pages += 1
        if answer.status == 404 { return false }
        guard answer.status == 200 else { throw connection.refusal(answer, url) }
        let isIt: Bool
        do throws(JSONFault) {
            isIt = try document.readAny { decoder.readMembers(of: &group, from: $0, repeating: $1) }
        } catch {
            throw connection.malformed(error, url)
        }
        guard isIt else {
            throw SourceError(
                .malformed, subject: url.description, message: "the answer is not the group that was asked for",
                advice: "look into the log of the service")
        }
        return true
    }
}
