"""Filters as far as the scripted SCIM server knows them: `attribute op value` and `attribute pr`, with `and`, `or`, `not` and parentheses."""
import json
import re

TERM = re.compile(r"""\s*([\w$:.\-]+)\s+(?:(pr)\b|(eq|ne|co|sw|ew|gt|ge|lt|le)\s+("(?:[^"\\]|\\.)*"|true|false|null|-?[\d.]+))\s*""", re.I)
JOINT = re.compile(r"(and|or)\b", re.I)
OPENING = re.compile(r"\s*(not\s*)?\(", re.I)
CLOSING = re.compile(r"\)\s*")


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
    matches, position = alternatives(text, 0)
    if position < len(text):
        raise InvalidFilter(f"`and` or `or` is missing at column {position + 1}")
    return matches


def alternatives(text, position):
    parts = []
    while True:
        part, position = conjunction(text, position)
        parts.append(part)
        joint = JOINT.match(text, position)
        if not joint or joint[1].lower() != "or":
            return (lambda resource: any(part(resource) for part in parts)), position
        position = joint.end()


def conjunction(text, position):
    parts = []
    while True:
        part, position = single(text, position)
        parts.append(part)
        joint = JOINT.match(text, position)
        if not joint or joint[1].lower() != "and":
            return (lambda resource: all(part(resource) for part in parts)), position
        position = joint.end()


def single(text, position):
    opening = OPENING.match(text, position)
    if opening:
        inner, position = alternatives(text, opening.end())
        closing = CLOSING.match(text, position)
        if not closing:
            raise InvalidFilter(f"a parenthesis is missing at column {position + 1}")
        return ((lambda resource: not inner(resource)) if opening[1] else inner), closing.end()
    term = TERM.match(text, position)
    if not term:
        raise InvalidFilter(f"not understood from column {position + 1} on")
    path, present, op, value = term.groups()
    op, wanted = "pr" if present else op.lower(), None if present else json.loads(value)
    return (lambda resource: holds(resource, path, op, wanted)), term.end()


def holds(resource, path, op, wanted):
    found = values(resource, path)
    if op == "pr":
        return any(value not in (None, "") for value in found)
    if op == "ne":
        return not any(compare("eq", value, wanted) for value in found)
    return any(compare(op, value, wanted) for value in found)
