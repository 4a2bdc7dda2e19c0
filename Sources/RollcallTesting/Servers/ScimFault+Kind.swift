extension ScimFault {
    /// What happens to the answer. What is about one resource happens to the first of a list.
    public enum Kind: Sendable {
        // Another answer.

        /// An error of SCIM; `Retry-After` in seconds, as a number or as a date.
        case status(Int, scimType: String? = nil, retryAfter: Int? = nil, isRetryDate: Bool = false)
        case body(String, status: Int = 200, contentType: String? = nil)
        /// To a path on the same server or to another URL.
        case redirect(to: String, status: Int = 302, keepsQuery: Bool = true)
        /// A sign-in page with status 200.
        case html
        case mediaType(String)
        case header(String, String)

        // On the wire. `bytes` are those of the body that still come; `nil` for half of them.

        case delay(milliseconds: Int)
        /// So many bytes at a time, with a pause after each.
        case drip(bytes: Int, milliseconds: Int)
        /// The connection ends with no answer.
        case close
        /// As `close`, by a reset; with `bytes` in the middle of the body.
        case reset(bytes: Int? = nil)
        /// Nothing more comes, and nothing ends.
        case stall(bytes: Int? = nil)
        /// The connection ends before `Content-Length` is reached.
        case truncated(bytes: Int? = nil)
        /// A whole body in chunks.
        case chunked
        /// The connection ends after a chunk that is not the last.
        case chunkedCut
        case endlessHeaders
        case endlessBody
        /// A true body with so many decoded bytes of white space in it, compressed.
        case gzipBomb(bytes: Int)

        // In the text.

        /// The last so many bytes of the body are missing, and `Content-Length` says so.
        case cutBody(bytes: Int)
        case trailingGarbage(String = "<!-- served by web3 -->")
        case byteOrderMark
        case utf16
        case invalidUTF8(in: String = "displayName")
        case loneSurrogate(in: String = "displayName")
        /// An escaped NUL.
        case nulInString(in: String = "displayName")
        /// A raw control byte and a raw line end.
        case controlInString(in: String = "displayName")
        case hugeString(bytes: Int, in: String = "displayName")
        case deepJSON(depth: Int)
        /// The attribute twice, the second time with this JSON text; one of the list's own when it has that name.
        case duplicateKey(String, json: String = "null")
        /// The attribute with this JSON text as its value.
        case value(String, json: String)
        /// So many members in a group, whom nobody knows.
        case manyMembers(Int)

        // In what a list says.

        case totalDrift(Int)
        /// The first page again.
        case samePage
        case emptyPage
        /// No more than so many resources.
        case shortPage(Int)
        /// New ids on every page, and a total that is always a page ahead.
        case endlessPages
        /// From here on the pages begin so many resources later, until a first page is asked for; the total does not know.
        case skip(Int)
        /// From here on the pages begin so many resources earlier.
        case repeats(Int)
        /// The first so many resources are deleted before the answer.
        case vanish(Int)
        /// So many new resources come before all others.
        case appear(Int)
    }
}
