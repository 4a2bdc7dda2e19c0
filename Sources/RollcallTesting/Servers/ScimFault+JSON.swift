extension ScimFault.Kind {
    /// As the server's script knows it.
    var members: [String: JSONLiteral] {
        var members = details
        members["kind"] = .string(name)
        return members.filter { $0.value != .null }
    }

    private var name: String {
        switch self {
        case .repeats: "repeat"
        default: String("\(self)".prefix { $0 != "(" })
        }
    }

    private var details: [String: JSONLiteral] {
        switch self {
        case .html, .close, .chunked, .chunkedCut, .endlessHeaders, .endlessBody, .byteOrderMark, .utf16, .samePage, .emptyPage,
            .endlessPages:
            [:]
        case .status(let status, let scimType, let retryAfter, let isRetryDate):
            [
                "status": .number(Double(status)), "scimType": scimType.map { .string($0) } ?? nil, "retryAfter": number(retryAfter),
                "isRetryDate": .bool(isRetryDate),
            ]
        case .body(let text, let status, let contentType):
            ["text": .string(text), "status": number(status), "contentType": contentType.map { .string($0) } ?? nil]
        case .redirect(let target, let status, let keepsQuery):
            ["to": .string(target), "status": number(status), "keepsQuery": .bool(keepsQuery)]
        case .mediaType(let type): ["type": .string(type)]
        case .header(let name, let value): ["name": .string(name), "value": .string(value)]
        case .delay(let milliseconds): ["milliseconds": number(milliseconds)]
        case .drip(let bytes, let milliseconds): ["bytes": number(bytes), "milliseconds": number(milliseconds)]
        case .reset(let bytes), .stall(let bytes), .truncated(let bytes): ["bytes": number(bytes)]
        case .gzipBomb(let bytes), .cutBody(let bytes): ["bytes": number(bytes)]
        case .trailingGarbage(let text): ["text": .string(text)]
        case .invalidUTF8(let attribute), .loneSurrogate(let attribute), .nulInString(let attribute), .controlInString(let attribute):
            ["attribute": .string(attribute)]
        case .hugeString(let bytes, let attribute): ["bytes": number(bytes), "attribute": .string(attribute)]
        case .deepJSON(let depth): ["depth": number(depth)]
        case .duplicateKey(let attribute, let json), .value(let attribute, let json):
            ["attribute": .string(attribute), "json": .string(json)]
        case .manyMembers(let many), .totalDrift(let many), .shortPage(let many), .skip(let many), .repeats(let many), .vanish(let many),
            .appear(let many):
            ["many": number(many)]
        }
    }

    private func number(_ value: Int?) -> JSONLiteral {
        value.map { .number(Double($0)) } ?? .null
    }
}
