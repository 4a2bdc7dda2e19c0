/// What stands around the resources of a list: the ListResponse of RFC 7644 section 3.4.2, and the cursor of RFC 9865.
public struct JSONEnvelope: Sendable {
    public fileprivate(set) var totalResults: Int?
    public fileprivate(set) var startIndex: Int?
    public fileprivate(set) var itemsPerPage: Int?
    public fileprivate(set) var nextCursor: Text?
    /// Whether it leads back to a page before.
    private var hasPreviousCursor = false
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

    /// Takes what a member says. What is `null` is as if it were absent; what cannot be read is not, for it may say that there is more.
    mutating func note(_ name: [UInt8], _ value: JSONElement, at offset: Int) throws(JSONFault) {
        if value.isNull { return }
        switch String(decoding: name, as: UTF8.self) {
        case "totalresults": totalResults = try number(value, "totalResults", offset)
        case "startindex": startIndex = try number(value, "startIndex", offset)
        case "itemsperpage":
            // It is not used for anything.
            itemsPerPage = value.wholeNumber
            if itemsPerPage != nil, value.isString { hasNumbersAsText = true }
        case "nextcursor": nextCursor = try cursor(value, "nextCursor", offset)
        case "previouscursor": hasPreviousCursor = try cursor(value, "previousCursor", offset) != nil
        case "resources": throw JSONFault(.malformed, at: offset, "Resources is no list")
        default: break
        }
    }

    private mutating func number(_ value: JSONElement, _ name: String, _ offset: Int) throws(JSONFault) -> Int {
        guard let number = value.wholeNumber else { throw JSONFault(.malformed, at: offset, "\(name) is no whole number") }
        if value.isString { hasNumbersAsText = true }
        return number
    }

    private func cursor(_ value: JSONElement, _ name: String, _ offset: Int) throws(JSONFault) -> Text? {
        guard let text = value.text else { throw JSONFault(.malformed, at: offset, "\(name) is no text") }
        return text.isEmpty ? nil : text
    }

    /// Why a document with `count` resources is not all there is, as a part of a sentence; `nil` when nothing in it says so.
    ///
    /// - Parameter document: What it is, such as "feed".
    public func lack(with count: Int, in document: String) -> String? {
        if let totalResults, totalResults != count { return "totalResults is \(totalResults), and the \(document) has \(count) resources" }
        if nextCursor != nil { return "the \(document) has a nextCursor, so that more follows its \(count) resources" }
        if hasPreviousCursor { return "the \(document) has a previousCursor, so that others come before its \(count) resources" }
        if let startIndex, startIndex > 1 { return "the \(document) begins at startIndex \(startIndex)" }
        return nil
    }
}
