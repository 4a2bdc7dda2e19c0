import CCurl
import RollcallCore

/// One request, as it is sent: a GET, or the POST of a form.
struct HTTPRequest {
    let url: ScimURL
    var fields: [(name: String, value: String)]
    /// The value of the `Authorization` field.
    var authorization: Secret?
    /// What is posted; `nil` for a GET.
    var form: [UInt8]?
    /// Whether 403, and what is still busy after all tries, is an answer like any other and does not end everything.
    var takesRefusals = false
    /// The most bytes that the body of an answer may have once it is decompressed.
    let limit: Int

    var method: String { form == nil ? "GET" : "POST" }

    /// - Throws: ``SourceError`` when a value would end its field and begin another.
    func check() throws(SourceError) {
        for (name, value) in fields where !(name + value).utf8.allSatisfy(ScimCredentials.isPlain) {
            throw SourceError(
                .malformed, subject: url.description, message: "the request's field \(SourceError.oneLine(name)) holds a control character",
                advice: "nothing was sent")
        }
    }
}

/// The fields of a request as libcurl takes them, freed with their owner.
struct CurlFields: ~Copyable {
    /// `nil` when there was no memory.
    let list: UnsafeMutablePointer<curl_slist>?

    init(_ request: HTTPRequest) {
        var lines = request.fields.map { Array("\($0.name): \($0.value)".utf8) }
        lines.append(Array("Accept-Encoding: gzip".utf8))
        // Nothing is posted that would be worth asking first.
        lines.append(Array("Expect:".utf8))
        if let field = request.authorization { lines.append(Array("Authorization: ".utf8) + field.expose { Array($0) }) }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            let longer = (line + [0]).withUnsafeBytes { curl_slist_append(list, $0.baseAddress?.assumingMemoryBound(to: CChar.self)) }
            guard let longer else {
                curl_slist_free_all(list)
                list = nil
                break
            }
            list = longer
        }
        self.list = list
    }

    deinit {
        curl_slist_free_all(list)
    }
}
