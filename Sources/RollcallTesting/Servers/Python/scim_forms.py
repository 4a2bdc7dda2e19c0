"""How the scripted SCIM server shows its resources: the deviations of a script, one after the other."""
import hashlib
import json

from scim_directory import ENTERPRISE
from scim_filter import steps

KINDS = {"Users": "User", "Groups": "Group"}


class Forms:
    def __init__(self, script, directory, url):
        self.script, self.directory, self.url = script, directory, url

    def shown(self, kind, resource, is_listed, query=None):
        """The resource as the client gets it."""
        result = dict(resource)
        if kind == "Users":
            self.user_parts(result)
        else:
            self.members(result, is_listed)
        result["meta"] = self.meta(kind, resource)
        if self.script["meta"] == "missing":
            del result["meta"]
        result = self.projected(result, query or {})
        if self.script["resourceSchemas"] != "right":
            result.pop("schemas", None)
            if self.script["resourceSchemas"] == "empty":
                result["schemas"] = [""]
            elif self.script["resourceSchemas"] == "wrong":
                result["schemas"] = ["urn:example:Thing"]
        if self.script["booleans"] != "boolean":
            result = self.booleans(result)
        if self.script["names"] != "standard":
            result = self.recased(result)
        return result

    def version(self, resource):
        return 'W/"' + hashlib.sha256(json.dumps(resource, sort_keys=True).encode()).hexdigest()[:16] + '"'

    def meta(self, kind, resource):
        style = self.script["meta"]
        path = f"/{kind}/{resource.get('id')}"
        meta = {"resourceType": KINDS[kind], **resource.get("meta", {}), "location": self.url + path}
        if style == "relative":
            meta["location"] = path
        elif style == "lowercase":
            meta["resourceType"] = KINDS[kind].lower()
        elif style == "withoutTimes":
            meta.pop("created", None)
            meta.pop("lastModified", None)
        if self.script["hasETags"]:
            meta["version"] = self.version(resource)
        return meta

    def user_parts(self, user):
        if self.script["userGroups"] != "absent":
            groups = self.directory.groups_of(user.get("id"), self.script["userGroups"] == "indirect")
            user["groups"] = [
                {"value": group["id"], "display": group["displayName"], "$ref": f"{self.url}/Groups/{group['id']}",
                 "type": "indirect" if is_indirect else "direct"} for group, is_indirect in groups]
        style = self.script["emails"]
        if style == "bare":
            user["emails"] = [{"value": email.get("value")} for email in user.get("emails", [])]
        elif style == "placeholders":
            user["emails"] = [{}, {"value": "", "type": ""}, ""] + user.get("emails", [])
        style = self.script["enterprise"]
        if style != "nested" and ENTERPRISE in user:
            extension = user.pop(ENTERPRISE)
            if style != "absent":
                mark = ":" if style == "flattened" else "."
                user.update({ENTERPRISE + mark + key: value for key, value in extension.items()})

    def members(self, group, is_listed):
        style = self.script["members" if is_listed else "singleMembers"]
        members = group.pop("members", None)
        if style == "absent" or members is None:
            return
        if style in ("null", "empty"):
            group["members"] = None if style == "null" else []
            return
        if self.script["hidesNested"] and is_listed:
            members = [member for member in members if member.get("type") != "Group"]
        if self.script["membersCap"] is not None and is_listed:
            members = members[:self.script["membersCap"]]
        group["members"] = [self.member(member) for member in members]

    def member(self, member):
        result = {"value": member.get("value")}
        if self.script["memberReference"]:
            place = "Groups" if member.get("type") == "Group" else "Users"
            result["$ref"] = f"{self.url}/{place}/{member.get('value')}"
        if self.script["memberType"]:
            result["type"] = member.get("type", "User")
        if "display" in member:
            result["display"] = member["display"]
        return result

    def booleans(self, value):
        style = self.script["booleans"]
        if isinstance(value, bool):
            return {"capitalized": str(value), "lowercase": str(value).lower(), "number": int(value)}.get(style, value)
        if isinstance(value, list):
            return [self.booleans(part) for part in value]
        if isinstance(value, dict):
            parts = {key: self.booleans(part) for key, part in value.items()}
            if style == "absent":
                parts.pop("active", None)
            return parts
        return value

    def recased(self, value):
        change = str.lower if self.script["names"] == "lowercase" else str.upper
        if isinstance(value, list):
            return [self.recased(part) for part in value]
        if isinstance(value, dict):
            return {change(key): self.recased(part) for key, part in value.items()}
        return value

    def projected(self, resource, query):
        """RFC 7644, 3.9."""
        if not self.script["selectsAttributes"]:
            return resource
        wanted = [steps(path.strip()) for path in query.get("attributes", "").split(",") if path.strip()]
        left_out = [steps(path.strip()) for path in query.get("excludedAttributes", "").split(",") if path.strip()]
        if wanted:
            kept = {key: value for key, value in resource.items() if key in ("id", "schemas")}
            for key, value in resource.items():
                for path in wanted:
                    if path[0] == key.lower():
                        kept[key] = value if len(path) == 1 else merge_parts(kept.get(key), part_of(value, path[1], True))
            return kept
        for path in left_out:
            for key in [key for key in resource if key.lower() == path[0] and key != "id"]:
                value = resource.pop(key)
                if len(path) > 1:
                    resource[key] = part_of(value, path[1], False)
        return resource


def part_of(value, name, is_wanted):
    if isinstance(value, list):
        return [part_of(part, name, is_wanted) for part in value]
    if isinstance(value, dict):
        return {key: part for key, part in value.items() if (key.lower() == name) == is_wanted}
    return value


def merge_parts(first, second):
    if isinstance(first, dict) and isinstance(second, dict):
        return {**first, **second}
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return [merge_parts(*pair) for pair in zip(first, second)]
    return second
