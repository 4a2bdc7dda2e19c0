/// How a ``ScriptedScimServer`` behaves. As it is made, it is a proper server; each switch is a deviation that real ones have.
public struct ScimScript: Sendable, Encodable {
    // How resources look.

    /// How `active` and `primary` are written; `absent` leaves out `active`.
    public var booleans = Booleans.boolean
    /// The case of attribute names and of the URN of an extension.
    public var names = Names.standard
    public var resourceSchemas = Schemas.right
    public var meta = Meta.full
    public var emails = Emails.full
    public var enterprise = Enterprise.nested
    /// `groups` on users.
    public var userGroups = UserGroups.absent
    /// `members` of groups in lists.
    public var members = Members.full
    /// `members` of a group that is asked for by its id.
    public var singleMembers = Members.full
    /// Lists show no more than the first so many members of a group; `nil` for all.
    public var membersCap: Int?
    /// Lists leave out members that are groups.
    public var hidesNested = false
    /// Members have a `type`.
    public var memberType = true
    /// Members have a `$ref`.
    public var memberReference = true
    /// Whether `attributes` and `excludedAttributes` do anything.
    public var selectsAttributes = true

    // How lists are cut, and what is said about them.

    /// How `totalResults`, `startIndex` and `itemsPerPage` are written; `missing` leaves out `totalResults`.
    public var totals = Totals.number
    /// By how much `totalResults` is wrong.
    public var totalOffset = 0
    /// By how much `totalResults` is more wrong on each following page.
    public var totalDrift = 0
    /// The index of the first resource: 1, or 0 for a server that is wrong about it.
    public var startIndexBase = 1
    public var startIndexShown = StartIndexShown.asked
    /// Gives the first page whatever is asked for.
    public var ignoresStartIndex = false
    /// Gives the first page for an index past the end.
    public var returnsToStart = false
    public var itemsPerPage = ItemsPerPage.returned
    public var count = Count.honoured
    /// What `count=0` does.
    public var zeroCount = Count.honoured
    /// The most resources on a page, whatever is asked for; `nil` for no such limit.
    public var countCap: Int?
    /// How many resources a page has when nothing is asked for.
    public var defaultCount = 100
    public var emptyResources = EmptyResources.empty
    public var resourcesKey = "Resources"
    public var listSchemas = Schemas.right
    /// The resources alone instead of a ListResponse.
    public var isBareArray = false

    // Cursors, RFC 9865.

    public var cursors = Cursors.none
    public var cursorPages = CursorPages.full
    public var cursorAlphabet = CursorAlphabet.safe
    /// Pages by cursor say `totalResults`; never with ``Cursors/aws``.
    public var cursorsHaveTotals = true

    // The rest of the protocol.

    /// The path of the service on its server.
    public var base = "/scim/v2"
    public var filters = Filters.supported
    public var sorts = true
    /// ETags on single resources, and 304 for `If-None-Match`. The feed always has one.
    public var hasETags = false
    /// Sends gzip to whoever accepts it.
    public var compresses = false
    /// What `/feed.json` is: a ListResponse of all users and groups, or the bare array.
    public var feed = Feed.list
    public var discovery = Discovery.full
    /// ServiceProviderConfig has `pagination`.
    public var advertisesPagination = false
    public var contentType = "application/scim+json"
    public var errors = Errors.standard
    /// The status for an id that nobody has.
    public var unknownID = 404
    /// Milliseconds before every answer.
    public var delay = 0
    /// Seconds by which the `Date` header is ahead of the clock.
    public var clockOffset = 0
    /// Whether answers have a `Date`.
    public var hasDate = true
    public var authorization = Authorization.none
    public var faults: [ScimFault] = []

    public init() {}

    public init(faults: [ScimFault]) {
        self.faults = faults
    }

    public init(_ change: (inout ScimScript) -> Void) {
        change(&self)
    }
}
