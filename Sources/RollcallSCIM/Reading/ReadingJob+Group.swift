import RollcallCore

extension ReadingJob {
    /// Asks for a group by itself; `false` when it is not there.
    func readAlone(_ group: inout GroupCandidate) throws(SourceError) -> Bool {
        let url = connection.base.appending("Groups").appending(String(decoding: group.id, as: UTF8.self))
        let document = ResourceDocument()
        let answer = try connection.get(url, limit: HTTPConnection.pageLimit) { document.add($0) }
        pages += 1
        if answer.status == 404 { return false }
        guard answer.status == 200 else { throw connection.refusal(answer, url) }
        guard document.read({ decoder.readMembers(of: &group, from: $0) }) == true else {
            throw SourceError(
                .malformed, subject: url.description, message: "the answer is not the group that was asked for",
                advice: "look into the log of the service")
        }
        return true
    }
}
