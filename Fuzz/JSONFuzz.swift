// Words: json.dict

/// Reads the bytes as a list of resources, cut into pieces of two lengths, and makes users and groups of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let all = UnsafeBufferPointer(start: data, count: size)
    guard let first = all.first else { return 0 }
    let text = UnsafeBufferPointer(rebasing: all.dropFirst())
    let form: JSONStream.Form = first & 1 == 0 ? .document : .lines
    let whole = Reading(form).outcome(of: text, pieces: text.count + 1)
    let pieces = Reading(form).outcome(of: text, pieces: Int(first >> 1) % 40 + 1)
    guard whole == pieces else { fatalError("in pieces of \(Int(first >> 1) % 40 + 1):\n\(pieces)\nin one:\n\(whole)") }
    return 0
}

/// One reading of a text.
private final class Reading {
    private static let request: ReadRequest = {
        var names = ["userName", "emails", "name.givenName", "urn:a:b:c", #"phoneNumbers[type eq "work"].value"#]
            .compactMap { try? ScimPath(parsing: $0) }.map { AttributeName($0) }
        for filter in ["active eq false", "emails.value co \"@\" and not (userName pr)"] {
            if let filter = try? ScimFilter(parsing: filter) { names += ScimCondition(filter, states: .active).attributes }
        }
        return ReadRequest(
            users: AttributeLayout(anchor: .id, others: names), groupAnchor: .id, groupName: .displayName, groupMembers: [.members],
            readsGroups: true)
    }()

    private let decoder = ResourceDecoder(Reading.request, users: try? ScimFilter(parsing: "id pr"), groups: nil, dropsRepeats: false)
    private var texts: [String] = []
    private let form: JSONStream.Form

    init(_ form: JSONStream.Form) {
        self.form = form
    }

    func outcome(of text: UnsafeBufferPointer<UInt8>, pieces size: Int) -> String {
        let stream = JSONStream(form) { [self] resource, text, repeated in
            texts.append(String(decoding: text, as: UTF8.self))
            decoder.take(resource, repeating: repeated)
            _ = RawResource.entry(.record, resource)
        }
        var end = "whole"
        do throws(JSONFault) {
            var start = 0
            while start < text.count {
                let next = min(start + size, text.count)
                try stream.feed(UnsafeBufferPointer(rebasing: text[start..<next]))
                start = next
            }
            try stream.finish()
        } catch {
            end = "\(error.kind)"
        }
        decoder.finish()
        let batch = decoder.takeBatch()
        let users = batch.users.map { "\($0.image)" }.joined(separator: " ")
        let groups = batch.groups.map { "\($0.dn) \($0.knowsMembers) \($0.members.count)" }.joined(separator: " ")
        let rejected = batch.rejected.map { "\($0.subject) \($0.reason)" }.joined(separator: " ")
        return ([end, "\(stream.envelope.totalResults ?? -1)", users, groups, rejected] + texts).joined(separator: "\n")
    }
}
