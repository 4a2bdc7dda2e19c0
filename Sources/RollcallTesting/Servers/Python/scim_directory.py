"""The users and groups of the scripted SCIM server, always the same for the same numbers.

A resource is held in full and in the standard's own form; how it is shown is the script's matter. User i is "ui" with an id that ends in i;
group g holds every (g + 2)nd user, and every fifth group also the group after it.
"""
import datetime
import random

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

GIVEN = "Ada Björn Chloé Elif Grace Håkon Inés Łukasz Noor Søren Yusuf 美咲 Ольга".split()
FAMILY = "Adeyemi Bergström Dvořák García Hansen Müller Nguyen O'Brien Rossi Yıldız 佐藤 Петров".split()
EPOCH = datetime.datetime(2026, 1, 1)


def user_id(index):
    return f"00000000-0000-4000-8000-{index:012x}"


def group_id(index):
    return f"00000000-0000-4000-9000-{index:012x}"


def merged(base, change):
    """The object `base` with the values of `change`; null takes a value away, and objects are merged."""
    result = dict(base)
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def times(index):
    moment = (EPOCH + datetime.timedelta(minutes=index)).isoformat() + "Z"
    return {"created": moment, "lastModified": moment}


class Directory:
    def __init__(self, spec):
        self.pick = random.Random(spec["seed"]) if spec.get("seed") is not None else None
        self.users, self.groups = [], []
        self.added = 0
        count = spec.get("users", 0)
        groups = spec.get("groups", 0)
        for index in range(count):
            self.users.append(self.user(index, spec.get("userChanges", {}).get(str(index), {})))
        for index in range(groups):
            self.groups.append(self.group(index, count, groups, spec.get("groupChanges", {}).get(str(index), {})))
        for number, extra in enumerate(spec.get("extraUsers", [])):
            self.users.append({"schemas": [USER], "meta": times(count + number), **extra})
        for number, extra in enumerate(spec.get("extraGroups", [])):
            self.groups.append({"schemas": [GROUP], "meta": times(groups + number), **extra})
        self.index()

    def index(self):
        """To be called after every change: who is where, and who is in which group."""
        self.places = {"Users": {}, "Groups": {}}
        for kind, resources in (("Users", self.users), ("Groups", self.groups)):
            for resource in resources:
                self.places[kind][resource.get("id")] = resource
        self.parents = {}
        for group in self.groups:
            for member in group.get("members", []):
                self.parents.setdefault(member.get("value"), []).append(group)

    def user(self, index, change):
        given, family = ("Person", str(index)) if self.pick is None else (self.pick.choice(GIVEN), self.pick.choice(FAMILY))
        user = {
            "schemas": [USER, ENTERPRISE],
            "id": user_id(index),
            "externalId": f"x{index}",
            "userName": f"u{index}",
            "name": {"givenName": given, "familyName": family, "formatted": f"{given} {family}"},
            "displayName": f"{given} {family}",
            "active": True,
            "emails": [{"value": f"u{index}@example.org", "type": "work", "primary": True}],
            "phoneNumbers": [{"value": f"+47 {20000000 + index}", "type": "work"}],
            "userType": "Employee",
            ENTERPRISE: {"employeeNumber": str(100000 + index), "department": f"D{index % 40:03d}"},
            "meta": times(index),
        }
        if index:
            user[ENTERPRISE]["manager"] = {"value": user_id(index // 10), "displayName": f"Person {index // 10}"}
        return merged(user, change)

    def group(self, index, users, groups, change):
        members = [{"value": user_id(member), "type": "User", "display": f"u{member}"} for member in range(0, users, index + 2)]
        if index % 5 == 0 and index + 1 < groups:
            members.append({"value": group_id(index + 1), "type": "Group", "display": f"g{index + 1}"})
        group = {
            "schemas": [GROUP],
            "id": group_id(index),
            "externalId": f"y{index}",
            "displayName": f"g{index}",
            "members": members,
            "meta": times(index),
        }
        return merged(group, change)

    def add(self, kind, many):
        """New resources before all others."""
        for _ in range(many):
            self.added += 1
            number = 10_000_000 + self.added
            if kind == "Users":
                self.users.insert(0, self.user(number, {}))
            else:
                self.groups.insert(0, self.group(number, 0, 0, {}))
        self.index()

    def drop(self, kind, many):
        """The first resources are no more."""
        del (self.users if kind == "Users" else self.groups)[:many]
        self.index()

    def groups_of(self, identity, with_indirect):
        """Pairs of a group and whether it is held through another."""
        found, waiting, seen = [], [(group, False) for group in self.parents.get(identity, [])], set()
        for group, is_indirect in waiting:
            if group["id"] in seen:
                continue
            seen.add(group["id"])
            found.append((group, is_indirect))
            if with_indirect:
                waiting += [(parent, True) for parent in self.parents.get(group["id"], [])]
        return found
