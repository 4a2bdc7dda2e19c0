#!/usr/bin/env python3
"""Serves the seeded directory of the benchmarks as SCIM over plain HTTP on loopback, from ready bytes: as fast as a server can be.

usage: scim_pages.py [--users 100000] [--page 1000] [--group-page 100] [--wide-members]

Prints its port once it listens, and serves until it is ended. Below /scim/v2: Users and Groups in pages by startIndex and count, each of
them by its id, and ServiceProviderConfig; filters and attributes are ignored. /feed.json is all of it in one ListResponse, with an ETag.
POST /day/N makes the changes of day N (see directory.py); everything else changes nothing.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import socket
import sys
import threading
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from directory import Directory  # noqa: E402

BASE = "/scim/v2"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
TYPE = "application/scim+json"


def attributes(record):
    """The values of an LDIF record without folded lines, by their names."""
    found = {}
    for line in record.strip("\n").split("\n"):
        name, _, value = line.partition(":")
        value = base64.b64decode(value[1:].strip()).decode() if value.startswith(":") else value.strip()
        found.setdefault(name, []).append(value)
    return found


def packed(document):
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


class Kind:
    """The users or the groups: what is where, and the bytes of each."""

    def __init__(self, path, page):
        self.path, self.page = path, page
        self.entries, self.texts, self.pages, self.order = {}, {}, {}, []

    def refresh(self, changed, as_document):
        """Encodes what has changed, and the pages of the usual size."""
        for key in changed:
            if key in self.entries:
                self.texts[key] = packed(as_document(self.entries[key]))
            else:
                self.texts.pop(key, None)
        self.order = [self.texts[key] for key in self.entries]
        self.by_id = {self.entries[key]["entryUUID"][0]: self.texts[key] for key in self.entries}
        self.pages = {}
        for start in range(0, len(self.order), self.page):
            self.page_at(start, self.page)

    def page_at(self, start, count):
        ready = self.pages.get((start, count))
        if ready is None:
            part = self.order[start:start + count]
            head = packed({"schemas": [LIST], "totalResults": len(self.order), "itemsPerPage": len(part), "startIndex": start + 1})
            body = head[:-1] + b',"Resources":[' + b",".join(part) + b"]}"
            ready = self.pages[(start, count)] = answer(body)
        return ready


def answer(body, status="200 OK", more=""):
    head = f"HTTP/1.1 {status}\r\nContent-Type: {TYPE}\r\n{more}"
    return (head + (f"Content-Length: {len(body)}\r\n" if status[:3] != "304" else "") + "\r\n").encode() + body


class Service:
    def __init__(self, options, port):
        self.url = f"http://127.0.0.1:{port}{BASE}"
        self.directory = Directory(options.users)
        self.wide = options.wide_members
        self.users, self.groups = Kind("Users", options.page), Kind("Groups", options.group_page)
        self.lock = threading.Lock()
        for index in range(self.directory.users):
            self.put(self.users, attributes(self.directory.person(index, with_ids=True)))
        for index in range(self.directory.groups):
            self.put(self.groups, attributes(self.directory.group(index, with_ids=True)))
        self.refresh(list(self.users.entries), list(self.groups.entries))

    def put(self, kind, entry):
        name = entry["dn"][0]
        entry.setdefault("entryUUID", [str(uuid.uuid5(uuid.NAMESPACE_DNS, name))])
        kind.entries[name] = entry

    def refresh(self, users, groups):
        self.feed = None
        self.users.refresh(users, self.user)
        self.groups.refresh(groups, self.group)

    def meta(self, kind, identity, entry):
        day = f"2026-01-{1 + entry.get('day', 0):02d}T00:00:00Z"
        return {"resourceType": kind[:-1], "created": "2026-01-01T00:00:00Z", "lastModified": day,
                "location": f"{self.url}/{kind}/{identity}"}

    def user(self, entry):
        identity = entry["entryUUID"][0]
        given, family = entry["givenName"][0], entry["sn"][0]
        return {
            "schemas": [USER, ENTERPRISE], "id": identity, "externalId": entry["uid"][0], "userName": entry["uid"][0],
            "name": {"givenName": given, "familyName": family, "formatted": entry["cn"][0]}, "displayName": entry["displayName"][0],
            "emails": [{"value": entry["mail"][0], "type": "work", "primary": True}],
            "phoneNumbers": [{"value": entry["telephoneNumber"][0], "type": "work"}],
            "userType": entry["employeeType"][0], "active": True,
            ENTERPRISE: {"employeeNumber": entry["employeeNumber"][0], "department": entry["departmentNumber"][0]},
            "meta": self.meta("Users", identity, entry)}

    def group(self, entry):
        identity = entry["entryUUID"][0]
        members = []
        for name in entry["member"]:
            kind = self.users if name in self.users.entries else self.groups
            if name not in kind.entries:
                continue
            member = kind.entries[name]
            shown = {"value": member["entryUUID"][0], "type": kind.path[:-1]}
            if self.wide:
                shown["$ref"] = f"{self.url}/{kind.path}/{shown['value']}"
                shown["display"] = member["cn"][0]
            members.append(shown)
        return {"schemas": [GROUP], "id": identity, "displayName": entry["cn"][0], "members": members,
                "meta": self.meta("Groups", identity, entry)}

    def change(self, day):
        """One day's changes, as the benchmark of LDAP makes them."""
        users, groups, gone = set(), set(), set()
        for record in self.directory.churn(day).split("\n\n"):
            entry = attributes(record)
            name, kind = entry["dn"][0], entry.pop("changetype")[0]
            target = self.users if name in self.users.entries or kind == "add" else self.groups
            if kind == "add":
                entry["day"] = day + 1
                self.put(self.users, entry)
            elif kind == "delete":
                gone.add(name)
                target.entries.pop(name, None)
            elif "add" in entry:
                target.entries[name]["member"] += entry["member"]
            elif name in target.entries:
                target.entries[name].update(departmentNumber=entry["departmentNumber"], day=day + 1)
            (users if target is self.users else groups).add(name)
        # Who is gone is no member any more.
        for name, group in self.groups.entries.items():
            if not gone.isdisjoint(group["member"]):
                groups.add(name)
        self.refresh(users, groups)

    def answer(self, method, target, head):
        path, _, query = target.partition("?")
        if method == "POST" and path.startswith("/day/"):
            with self.lock:
                self.change(int(path[5:]))
            return answer(b"{}")
        if path == "/feed.json":
            return self.feed_answer(head)
        for kind in (self.users, self.groups):
            place = f"{BASE}/{kind.path}"
            if path == place:
                numbers = dict(re.findall(r"(startIndex|count)=(\d+)", query))
                start, count = int(numbers.get("startIndex", 1)), int(numbers.get("count", kind.page))
                return kind.page_at(max(0, start - 1), min(count, 10_000))
            if path.startswith(place + "/"):
                text = kind.by_id.get(path[len(place) + 1:])
                return answer(text) if text else self.missing()
        if path == BASE + "/ServiceProviderConfig":
            features = {"patch": False, "bulk": False, "filter": False, "changePassword": False, "sort": False, "etag": False}
            return answer(packed({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"], "authenticationSchemes": [],
                                  **{name: {"supported": value} for name, value in features.items()}}))
        return self.missing()

    def missing(self):
        error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404", "detail": "not found"}
        return answer(packed(error), "404 Not Found")

    def feed_answer(self, head):
        with self.lock:
            if self.feed is None:
                resources = self.users.order + self.groups.order
                body = packed({"schemas": [LIST], "totalResults": len(resources)})[:-1] + b',"Resources":[' + b",".join(resources) + b"]}"
                tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
                self.feed = (tag.encode(), answer(body, more=f"ETag: {tag}\r\n"), answer(b"", "304 Not Modified", f"ETag: {tag}\r\n"))
            tag, whole, unchanged = self.feed
        asked = re.search(rb"\r\nif-none-match: *([^\r]+)", head, re.I)
        return unchanged if asked and asked[1].strip() == tag else whole


def converse(client, service):
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    buffer = b""
    try:
        while True:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                part = client.recv(65536)
                if not part:
                    return
                buffer += part
                continue
            # No request has a body here.
            head, buffer = buffer[:end], buffer[end + 4:]
            method, target = head.split(b"\r\n", 1)[0].decode().split(" ")[:2]
            client.sendall(service.answer(method, target, head))
    except OSError:
        pass
    finally:
        client.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--page", type=int, default=1000)
    parser.add_argument("--group-page", type=int, default=100)
    parser.add_argument("--wide-members", action="store_true", help="members have $ref and display too")
    options = parser.parse_args()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    service = Service(options, port)
    listener.listen(64)
    print(port, flush=True)
    while True:
        threading.Thread(target=converse, args=(listener.accept()[0], service), daemon=True).start()


if __name__ == "__main__":
    main()
