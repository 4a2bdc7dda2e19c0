"""Filters as far as the scripted SCIM server knows them: `attribute op value` and `attribute pr`, joined by `and` and `or`."""
import json
import re

TERM = re.compile(r"""\s*([\w$:.\-]+)\s+(?:(pr)\b|(eq|ne|co|sw|ew|gt|ge|lt|le)\s+("(?:[^"\\]|\\.)*"|true|false|null|-?[\d.]+))\s*""", re.I)
JOINT = re.compile(r"(and|or)\b", re.I)


class InvalidFilter(Exception):
    pass


def values(resource, path):
    """All values at the path, whose names compare without case."""
    found = [resource]
    for name in steps(path):
        following = []
        for value in found:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict):
                    following += [inner for key, inner in part.items() if key.lower() == name]
        found = following
    result = []
    for value in found:
        for part in value if isinstance(value, list) else [value]:
            result.append(part.get("value") if isinstance(part, dict) else part)
    return result


def steps(path):
    """The names of a path, in lower case; a schema's URN is one name, and that of the core schemas none."""
    path = path.lower()
    if path.startswith("urn:"):
        urn, colon, rest = path.rpartition(":")
        if re.search(r"\d$", urn):
            return [path]
        return ([] if ":core:" in urn else [urn]) + rest.split(".")
    return path.split(".")


def compare(op, value, wanted):
    if isinstance(value, str) and isinstance(wanted, str):
        value, wanted = value.lower(), wanted.lower()
        if op in ("co", "sw", "ew"):
            return {"co": wanted in value, "sw": value.startswith(wanted), "ew": value.endswith(wanted)}[op]
    if op == "eq":
        return value == wanted
    if type(value) is not type(wanted):
        return False
    return {"gt": value > wanted, "ge": value >= wanted, "lt": value < wanted, "le": value <= wanted}.get(op, False)


def parse(text):
    """A function that says whether a resource matches."""
    alternatives, terms, position = [], [], 0
    while True:
        term = TERM.match(text, position)
        if not term:
            raise InvalidFilter(f"not understood from column {position + 1} on")
        path, present, op, value = term.groups()
        terms.append((path, "pr" if present else op.lower(), None if present else json.loads(value)))
        position = term.end()
        if position == len(text):
            break
        joint = JOINT.match(text, position)
        if not joint:
            raise InvalidFilter(f"`and` or `or` is missing at column {position + 1}")
        position = joint.end()
        if joint[1].lower() == "or":
            alternatives.append(terms)
            terms = []
    alternatives.append(terms)

    def holds(resource, path, op, wanted):
        found = values(resource, path)
        if op == "pr":
            return any(value not in (None, "") for value in found)
        if op == "ne":
            return not any(compare("eq", value, wanted) for value in found)
        return any(compare(op, value, wanted) for value in found)

    return lambda resource: any(all(holds(resource, *term) for term in terms) for terms in alternatives)
