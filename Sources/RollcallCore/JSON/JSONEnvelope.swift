/// What stands around the resources of a list: the ListResponse of RFC 7644 section 3.4.2, and the cursor of RFC 9865.
public struct JSONEnvelope: Sendable {
    public fileprivate(set) var totalResults: Int?
    public fileprivate(set) var startIndex: Int?
    public fileprivate(set) var itemsPerPage: Int?
    public fileprivate(set) var nextCursor: Text?
    /// Whether `Resources` was there as an array.
    public var hasResources = false
    /// Whether it was written otherwise than `Resources`.
    var isLowerCase = false
    /// Whether the list had nothing around it.
    public var isBare = false
    /// Whether a number came as text.
    public private(set) var hasNumbersAsText = false
    /// Whether `Resources` was written in another letter case.
    public var hasOtherCase: Bool { isLowerCase }

    private var met: Set<[UInt8]> = []

    static let resources = Array("resources".utf8)
    static let properResources = Array("Resources".utf8)
    private static let mostMembers = 1000

    init() {}

    /// Whether there is anything of a list in it.
    public var isList: Bool { isBare || hasResources || totalResults != nil }

    /// Notes a member by its name in lower case; each may be there once.
    mutating func meet(_ name: [UInt8], at offset: Int) throws(JSONFault) {
        guard met.count < JSONEnvelope.mostMembers else {
            throw JSONFault(.tooLarge, at: offset, "the list has too many members around it")
        }
        guard met.insert(name).inserted else {
            throw JSONFault(.malformed, at: offset, "\(String(decoding: name.prefix(40), as: UTF8.self)) is there twice")
        }
    }

    mutating func note(_ name: [UInt8], _ value: JSONElement) {
        switch String(decoding: name, as: UTF8.self) {
        case "totalresults": totalResults = number(value)
        case "startindex": startIndex = number(value)
        case "itemsperpage": itemsPerPage = number(value)
        case "nextcursor": nextCursor = value.text.flatMap { $0.isEmpty ? nil : $0 }
        default: break
        }
    }

    private mutating func number(_ value: JSONElement) -> Int? {
        let number = value.wholeNumber
        if number != nil, value.isString { hasNumbersAsText = true }
        return number
    }
}
