"""The lists of the scripted SCIM server: which resources a request gets, and what is said around them."""
import base64
import hashlib

from scim_directory import GROUP, USER
from scim_filter import InvalidFilter, parse, values

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
CURSOR_STEPS = {"full": [1.0], "short": [1.0, 0.5, 0.01], "withEmpty": [1.0, 0.5, 0.01, 0.0]}


class Refusal(Exception):
    """An error answer of SCIM."""

    def __init__(self, status, detail, kind=None):
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind


class Page:
    """What one request for a list gets: a slice of the matches, before any fault."""

    def __init__(self, script, directory, kind, query):
        self.script, self.kind, self.query = script, kind, query
        self.matches = self.ordered(self.filtered(directory.users if kind == "Users" else directory.groups))
        self.total = len(self.matches)
        self.cursor = self.next_cursor = None
        self.number = 0
        self.asked_count = self.number_in("count")
        self.count = self.counted()
        style = script["cursors"]
        self.is_by_cursor = style == "forced" or (style in ("offered", "aws") and "cursor" in query)
        if self.is_by_cursor:
            self.start = self.open_cursor()
        elif style == "aws" or script["ignoresStartIndex"]:
            self.start = 0
        else:
            self.start = max(0, (self.number_in("startIndex", script["startIndexBase"])) - script["startIndexBase"])
        if script["returnsToStart"] and not self.is_by_cursor and self.start >= self.total:
            self.start = 0
        self.end = min(self.total, self.start + self.count)
        if self.is_by_cursor and self.end < self.total:
            self.next_cursor = self.cursor_to(self.end)

    @property
    def places(self):
        """Which of first, middle and last this page is."""
        found = {"first"} if self.start == 0 and self.number == 0 else set()
        if self.end >= self.total:
            found.add("last")
        return found or {"middle"}

    def resources(self, start, end):
        return self.matches[max(0, start):max(0, end)]

    def number_in(self, name, default=None):
        try:
            return int(self.query[name]) if name in self.query else default
        except ValueError:
            raise Refusal(400, f"{name} is not a number", "invalidValue") from None

    def filtered(self, resources):
        text, style = self.query.get("filter"), self.script["filters"]
        if not text or style in ("ignored", "pretended"):
            return resources
        if style == "rejected":
            raise Refusal(400, "filters are not supported", "invalidFilter")
        try:
            return list(filter(parse(text), resources))
        except InvalidFilter as error:
            raise Refusal(400, f"filter: {error}", "invalidFilter") from None

    def ordered(self, resources):
        path = self.query.get("sortBy")
        if not path or not self.script["sorts"]:
            return resources
        down = self.query.get("sortOrder", "").lower() == "descending"
        return sorted(resources, key=lambda resource: str((values(resource, path) or [""])[0]).lower(), reverse=down)

    def counted(self):
        script, asked = self.script, self.asked_count
        if asked is not None and script["count"] == "rejected":
            raise Refusal(400, "count is not supported", "invalidValue")
        if asked is not None and asked <= 0 and script["zeroCount"] == "rejected":
            raise Refusal(400, "count must be at least 1", "invalidValue")
        count = script["defaultCount"] if asked is None or script["count"] == "ignored" else max(0, asked)
        return count if script["countCap"] is None else min(count, script["countCap"])

    def fingerprint(self):
        """A cursor serves the query that it was made for and no other."""
        same = sorted((key, value) for key, value in self.query.items() if key not in ("cursor", "startIndex"))
        return hashlib.sha256(repr((self.kind, same)).encode()).hexdigest()[:12]

    def cursor_to(self, start):
        text = f"{start}/{self.number + 1}/{self.fingerprint()}".encode()
        if self.script["cursorAlphabet"] == "wide":
            return "+/:" + base64.b64encode(text).decode() + "=="
        return base64.urlsafe_b64encode(text).decode().rstrip("=")

    def open_cursor(self):
        self.cursor = self.query.get("cursor", "")
        if not self.cursor:
            start = 0
        else:
            try:
                if self.script["cursorAlphabet"] == "wide":
                    text = base64.b64decode(self.cursor.removeprefix("+/:")[:-2], validate=True)
                else:
                    text = base64.urlsafe_b64decode(self.cursor + "=" * (-len(self.cursor) % 4))
                start, number, fingerprint = text.decode().split("/")
                start, self.number = int(start), int(number)
            except ValueError:
                raise Refusal(400, "the cursor is invalid", "invalidCursor") from None
            if fingerprint != self.fingerprint():
                raise Refusal(400, "the cursor belongs to another query", "invalidCursor")
        steps = CURSOR_STEPS[self.script["cursorPages"]]
        share = steps[self.number % len(steps)]
        self.count = self.count if share == 1.0 else int(self.count * share) or (1 if share > 0 else 0)
        return start

    def document(self, shown, total):
        """The ListResponse around the resources as they are shown."""
        script = self.script
        if script["isBareArray"]:
            return shown
        document = {}
        if script["listSchemas"] != "missing":
            document["schemas"] = {"right": [LIST], "empty": [""], "wrong": ["urn:example:List"]}[script["listSchemas"]]
        number = str if script["totals"] == "text" else int
        if script["totals"] == "fraction":
            number = float
        if script["totals"] == "shown" or (script["cursors"] == "aws" and not self.is_by_cursor):
            total = len(shown)
        has_total = script["totals"] != "missing" and not (
            self.is_by_cursor and (script["cursors"] == "aws" or not script["cursorsHaveTotals"]))
        if has_total:
            drift = script["totalDrift"] * (self.start // max(1, self.count))
            document["totalResults"] = number(total + script["totalOffset"] + drift)
        if script["itemsPerPage"] != "missing":
            asked = len(shown) if self.asked_count is None else self.asked_count
            document["itemsPerPage"] = number(len(shown) if script["itemsPerPage"] == "returned" else asked)
        if not self.is_by_cursor and script["startIndexShown"] != "missing":
            start = 0 if script["startIndexShown"] == "zero" else self.start + script["startIndexBase"]
            document["startIndex"] = number(start)
        if self.next_cursor is not None:
            document["nextCursor"] = self.next_cursor
        if shown or script["emptyResources"] == "empty":
            document[script["resourcesKey"]] = shown
        elif script["emptyResources"] == "null":
            document[script["resourcesKey"]] = None
        return document


def discovery(script, path, url):
    """The document at a path of RFC 7644, 4; nothing when there is none."""
    if script["discovery"] == "none":
        return None
    config = "/ServiceProviderConfigs" if script["discovery"] == "slack" else "/ServiceProviderConfig"
    if path == config:
        supports = {"patch": False, "bulk": False, "changePassword": False, "sort": script["sorts"], "etag": script["hasETags"],
                    "filter": script["filters"] in ("supported", "pretended")}
        document = {key: {"supported": value} for key, value in supports.items()}
        document["schemas"] = ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]
        document["filter"]["maxResults"] = script["countCap"] or 1000
        document["bulk"].update(maxOperations=0, maxPayloadSize=0)
        document["authenticationSchemes"] = []
        if script["advertisesPagination"]:
            has_cursors = script["cursors"] != "none"
            document["pagination"] = {
                "cursor": has_cursors, "index": script["cursors"] in ("none", "offered"),
                "defaultPaginationMethod": "index" if script["cursors"] in ("none", "offered") else "cursor",
                "defaultPageSize": script["defaultCount"], "maxPageSize": script["countCap"] or 1000}
        return document
    types = [("User", "/Users", USER), ("Group", "/Groups", GROUP)]
    if path == "/ResourceTypes":
        resources = [{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": name, "name": name, "endpoint": endpoint,
                      "schema": schema, "meta": {"resourceType": "ResourceType", "location": f"{url}/ResourceTypes/{name}"}}
                     for name, endpoint, schema in types]
    elif path == "/Schemas":
        resources = [{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "id": schema, "name": name, "attributes": []}
                     for name, _, schema in types]
    else:
        return None
    return {"schemas": [LIST], "totalResults": len(resources), "startIndex": 1, "itemsPerPage": len(resources), "Resources": resources}
