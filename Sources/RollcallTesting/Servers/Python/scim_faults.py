"""The faults of the scripted SCIM server: where each one strikes, and what it does to a list, to a body, and on the wire."""
import gzip
import json
import zlib

# In the form of the JSON text, so that what stands for raw bytes can be found in it again.
MARK = "\ue000raw\ue000"
LIST_KEYS = ("totalResults", "startIndex", "itemsPerPage", "nextCursor", "Resources", "schemas")
KINDS = set(
    "status body redirect html mediaType header delay drip close reset stall truncated chunked chunkedCut cutBody trailingGarbage gzipBomb "
    "endlessBody endlessHeaders endlessPages samePage emptyPage shortPage skip repeat vanish appear totalDrift duplicateKey value "
    "deepJSON hugeString manyMembers nulInString controlInString invalidUTF8 loneSurrogate utf16 byteOrderMark".split())


class Faults:
    """The faults of one script with what has become of them."""

    def __init__(self, faults):
        unknown = {fault["kind"] for fault in faults} - KINDS
        if unknown:
            raise ValueError(f"the script has faults that the server does not know: {', '.join(sorted(unknown))}")
        self.faults = [dict(fault) for fault in faults]
        self.seen = [0] * len(faults)
        self.shifts = {}

    def striking(self, path, page):
        """The faults that this request meets; to be asked once a request, under the server's lock."""
        found = []
        for index, fault in enumerate(self.faults):
            if not path.startswith(fault.get("path") or "") or not strikes_page(fault.get("page"), page):
                continue
            self.seen[index] += 1
            first, times = fault.get("request") or 1, fault.get("times", 1)
            if self.seen[index] >= first and (times == 0 or self.seen[index] < first + times):
                found.append(fault)
        return found


def strikes_page(wanted, page):
    if wanted is None:
        return True
    if page is None:
        return False
    if isinstance(wanted, int):
        number = page.number if page.is_by_cursor else page.start // max(1, page.count)
        return wanted == number + 1
    return wanted in page.places


def change_directory(faults, directory, kind):
    """People who come and go while the pages are read."""
    for fault in faults:
        if fault["kind"] == "vanish":
            directory.drop(kind, fault["many"])
        elif fault["kind"] == "appear":
            directory.add(kind, fault["many"])


def selected(faults, page, shifts):
    """The resources of the page and the total, as the faults leave them."""
    start, end, total = page.start, page.end, page.total
    if "first" in page.places:
        shifts.pop(page.kind, None)
    for fault in faults:
        if fault["kind"] in ("skip", "repeat"):
            shifts[page.kind] = fault["many"] if fault["kind"] == "skip" else -fault["many"]
    shift = shifts.get(page.kind, 0)
    resources = page.resources(start + shift, end + shift)
    for fault in faults:
        kind = fault["kind"]
        if kind == "samePage":
            resources = page.resources(0, end - start)
        elif kind == "emptyPage":
            resources = []
        elif kind == "shortPage":
            resources = resources[:fault["many"]]
        elif kind == "totalDrift":
            total += fault["many"]
        elif kind == "endlessPages":
            many = max(1, page.count)
            pattern = page.matches[0] if page.matches else {}
            resources = [{**pattern, "id": f"endless-{start + number}", "userName": f"endless{start + number}"} for number in range(many)]
            total = start + 2 * many
            if page.is_by_cursor:
                page.next_cursor = page.cursor_to(start + many)
    return resources, total


def first_resource(document):
    """Where a resource's faults go: into the first one of a list, else into the document itself."""
    parts = document
    if isinstance(document, dict):
        parts = next((value for key, value in document.items() if key.lower() == "resources"), document)
    if isinstance(parts, list):
        return parts[0] if parts and isinstance(parts[0], dict) else {}
    return parts if isinstance(parts, dict) else document


def encoded(document, faults):
    """The document as bytes, with what no JSON encoder writes put in as it is."""
    raws = []

    def put(target, attribute, raw):
        target[attribute] = f"{MARK}{len(raws)}{MARK}"
        raws.append(raw)

    target = first_resource(document)
    for fault in faults:
        kind, attribute = fault["kind"], fault.get("attribute", "displayName")
        if kind == "deepJSON":
            put(target, "deep", b"[" * fault["depth"] + b"]" * fault["depth"])
        elif kind == "hugeString":
            put(target, attribute, b'"' + b"a" * fault["bytes"] + b'"')
        elif kind == "manyMembers":
            put(target, "members", b"[" + b",".join(b'{"value":"m%d","type":"User"}' % number for number in range(fault["many"])) + b"]")
        elif kind == "nulInString":
            put(target, attribute, b'"a\\u0000b"')
        elif kind == "invalidUTF8":
            put(target, attribute, b'"a\xff\xfeb"')
        elif kind == "loneSurrogate":
            put(target, attribute, b'"a\\ud800b"')
        elif kind == "controlInString":
            put(target, attribute, b'"a\x01\nb"')
        elif kind == "value":
            put(target, attribute, fault["json"].encode())
        elif kind == "duplicateKey":
            place = document if attribute in LIST_KEYS and isinstance(document, dict) else target
            value = json.dumps(place.get(attribute)).encode()
            put(place, attribute, value + b", " + json.dumps(attribute).encode() + b": " + (fault.get("json") or "null").encode())
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
    for number, raw in enumerate(raws):
        body = body.replace(f'"{MARK}{number}{MARK}"'.encode(), raw)
    for fault in faults:
        kind = fault["kind"]
        if kind == "utf16":
            body = body.decode("utf-8", "replace").encode("utf-16")
        elif kind == "byteOrderMark":
            body = b"\xef\xbb\xbf" + body
        elif kind == "trailingGarbage":
            body += (fault.get("text") or "<!-- served by web3 -->").encode()
        elif kind == "cutBody":
            body = body[:max(0, len(body) - fault["bytes"])]
    return body


def bomb(body, size):
    """The JSON text with `size` spaces in it, compressed to a thousandth of that."""
    step = b" " * (1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    # After a full flush nothing points back, so that equal blocks are equal bytes.
    head = packer.compress(body[:1]) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(step) + packer.flush(zlib.Z_FULL_FLUSH)
    tail = packer.compress(body[1:]) + packer.flush()
    many = max(1, size >> 20)
    check = zlib.crc32(body[:1])
    for _ in range(many):
        check = zlib.crc32(step, check)
    check = zlib.crc32(body[1:], check)
    length = (len(body) + many * len(step)) & 0xFFFFFFFF
    return gzip.compress(b"")[:10] + head + block * many + tail + check.to_bytes(4, "little") + length.to_bytes(4, "little")
