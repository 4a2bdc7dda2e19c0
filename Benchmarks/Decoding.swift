import Glibc

/// Measures how fast a page of SCIM users becomes entries: 10,000 users of about 700 bytes, in pieces of 16 KiB as they come from the network.
@main
struct Decoding {
    static func main() {
        let page = Array(text(users: 10_000).utf8)
        let request = request
        var best: [(String, Double)] = []
        best.append(("cut into resources, every check on", fastest(of: 20) { read(page) { _, _ in } }))
        best.append(
            (
                "made into entries",
                fastest(of: 20) {
                    let decoder = ResourceDecoder(request, users: nil, groups: nil, dropsRepeats: true)
                    read(page) { resource, repeated in
                        decoder.takeUser(resource, repeating: repeated)
                        if decoder.isBatchFull { _ = decoder.takeBatch() }
                    }
                }
            ))
        for (what, seconds) in best {
            let speed = Double(page.count) / seconds / 1_000_000
            print("\(what): \(page.count) bytes, \(Int(speed)) MB/s, \(Int(seconds * 1000)) ms of CPU")
        }
    }

    /// What the default mapping reads, with the default status rule.
    private static var request: ReadRequest {
        var names = ["userName", "emails", "name.givenName", "name.familyName", "displayName", "name.formatted"]
            .compactMap { try? ScimPath(parsing: $0) }.map { AttributeName($0) }
        if let filter = try? ScimFilter(parsing: "active eq false") { names += ScimCondition(filter, states: .active).attributes }
        return ReadRequest(
            users: AttributeLayout(anchor: .id, others: names), groupAnchor: .id, groupName: .displayName, groupMembers: [.members],
            readsGroups: false)
    }

    private static func read(_ page: [UInt8], _ take: @escaping (JSONElement, String?) -> Void) {
        let stream = JSONStream(.document) { resource, _, repeated in take(resource, repeated) }
        page.withUnsafeBufferPointer { page in
            do throws(JSONFault) {
                var start = 0
                while start < page.count {
                    let end = min(start + (16 << 10), page.count)
                    try stream.feed(UnsafeBufferPointer(rebasing: page[start..<end]))
                    start = end
                }
                try stream.finish()
            } catch {
                fatalError("\(error)")
            }
        }
    }

    private static func fastest(of times: Int, _ body: () -> Void) -> Double {
        (0..<times).map { _ in
            let start = cpu
            body()
            return cpu - start
        }.min() ?? 0
    }

    private static var cpu: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func text(users: Int) -> String {
        let core = "urn:ietf:params:scim:schemas:core:2.0:User"
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
        let resources = (0..<users).map { index in
            """
            {"schemas":["\(core)","\(enterprise)"],"id":"2819c223-7f76-453a-919d-\(100_000_000_000 + index)","externalId":"e\(index)",\
            "userName":"user\(index)@example.com","name":{"formatted":"Ms. Bärbel J Jensen","familyName":"Jensen\(index)","givenName":"Barbara"},\
            "displayName":"Babs \\"J\\" Jensen","title":"Tour Guide","active":true,"emails":[{"value":"user\(index)@example.com","type":"work",\
            "primary":true},{"value":"babs\(index)@jensen.org","type":"home"}],"\(enterprise)":{"employeeNumber":"\(index)",\
            "department":"Tour Operations"},"meta":{"resourceType":"User","lastModified":"2011-05-13T04:42:34Z"}}
            """
        }
        return "{\"totalResults\":\(users),\"Resources\":[\(resources.joined(separator: ","))]}"
    }
}
