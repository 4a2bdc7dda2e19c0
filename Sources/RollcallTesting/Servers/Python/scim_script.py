"""The script of the scripted SCIM server: every switch with the value that makes the server a proper one."""

DEFAULTS = {
    "base": "/scim/v2",
    # Resources.
    "booleans": "boolean",  # capitalized, lowercase, number, absent
    "names": "standard",  # lowercase, uppercase
    "resourceSchemas": "right",  # missing, empty, wrong
    "meta": "full",  # missing, relative, lowercase, withoutTimes
    "emails": "full",  # bare, placeholders
    "enterprise": "nested",  # flattened, dotted, absent
    "userGroups": "absent",  # direct, indirect
    "members": "full",  # absent, null, empty: in lists
    "singleMembers": "full",  # the same where a group is asked for by its id
    "membersCap": None,
    "hidesNested": False,
    "memberType": True,
    "memberReference": True,
    "selectsAttributes": True,
    # Lists.
    "totals": "number",  # text, missing, fraction, shown
    "totalOffset": 0,
    "totalDrift": 0,
    "startIndexBase": 1,
    "startIndexShown": "asked",  # zero, missing
    "ignoresStartIndex": False,
    "returnsToStart": False,
    "itemsPerPage": "returned",  # requested, missing
    "count": "honoured",  # ignored, rejected
    "zeroCount": "honoured",  # rejected
    "countCap": None,
    "defaultCount": 100,
    "emptyResources": "empty",  # missing, null
    "resourcesKey": "Resources",
    "listSchemas": "right",  # missing, empty, wrong
    "isBareArray": False,
    # Cursors, RFC 9865.
    "cursors": "none",  # offered, forced, aws
    "cursorPages": "full",  # short, withEmpty
    "cursorAlphabet": "safe",  # wide
    "cursorsHaveTotals": True,
    # The rest.
    "filters": "supported",  # ignored, pretended, rejected
    "sorts": True,
    "hasETags": False,
    "compresses": False,
    "feed": "list",  # array
    "discovery": "full",  # none, slack
    "advertisesPagination": False,
    "contentType": "application/scim+json",
    "errors": "standard",  # number, text, html
    "unknownID": 404,
    "delay": 0,
    "clockOffset": 0,
    "hasDate": True,
    "authorization": {"kind": "none"},  # bearer, basic, oauth
    "faults": [],
}


def complete(script):
    unknown = set(script) - set(DEFAULTS)
    if unknown:
        raise ValueError(f"the script has switches that the server does not know: {', '.join(sorted(unknown))}")
    return {**DEFAULTS, **{key: value for key, value in script.items() if value is not None}}
