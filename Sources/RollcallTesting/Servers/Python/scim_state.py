"""What the scripted SCIM server answers: the directory, the script and its faults put together."""
import email.utils
import json
import threading
import time
import urllib.parse

import scim_faults
from scim_access import Access
from scim_directory import Directory
from scim_faults import Faults
from scim_forms import Forms
from scim_pages import LIST, Page, Refusal, discovery
from scim_script import complete

HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>"


class Answer:
    def __init__(self, status, body, content_type, headers=()):
        self.status, self.body, self.content_type, self.headers = status, body, content_type, list(headers)


class State:
    """What is served, and what was asked."""

    def __init__(self, document, authority):
        self.lock = threading.RLock()
        self.authority = authority
        self.log = []
        self.directory = Directory({})
        self.replace({"script": {}, **document})

    def replace(self, document):
        with self.lock:
            if document.get("directory") is not None:
                self.directory = Directory(document["directory"])
            if document.get("script") is not None:
                self.script = complete(document["script"])
                self.faults = Faults(self.script["faults"])
                self.access = Access(self.script["authorization"])
            self.url = self.authority + self.script["base"]

    def answer(self, request, entry):
        """The answer before what happens to it on the wire, and the faults that do that."""
        with self.lock:
            script = self.script
            path = request.path.removeprefix(script["base"]) if request.path.startswith(script["base"] + "/") else request.path
            kind = path[1:] if path in ("/Users", "/Groups") else None
            try:
                page = Page(script, self.directory, kind, request.query) if kind and request.method == "GET" else None
                refusal = None
            except Refusal as error:
                page, refusal = None, error
            faults = self.faults.striking(path, page)
            entry["faults"] = [fault["kind"] for fault in faults]
            for fault in faults:
                if fault["kind"] in ("status", "body", "redirect"):
                    return self.replacement(fault, request), faults
            if path == "/token" and request.method == "POST":
                status, document = self.access.token(request.headers.get("authorization"), request.body)
                return Answer(status, scim_faults.encoded(document, faults), "application/json"), faults
            if not self.access.allows(request.headers.get("authorization")):
                return self.refused(Refusal(401, "the credentials are not accepted")), faults
            if refusal is not None:
                return self.refused(refusal), faults
            if request.method != "GET":
                return self.refused(Refusal(405, f"{request.method} is not for this server")), faults
            if page is not None and any(fault["kind"] in ("vanish", "appear") for fault in faults):
                scim_faults.change_directory(faults, self.directory, kind)
                page = Page(script, self.directory, kind, request.query)
            return self.read(path, page, request, faults), faults

    def replacement(self, fault, request):
        """An answer that has nothing to do with the directory."""
        if fault["kind"] == "redirect":
            target = fault["to"] + ("?" + request.query_text if fault.get("keepsQuery") and request.query_text else "")
            return Answer(fault.get("status", 302), b"", "text/plain", [("Location", target)])
        if fault["kind"] == "body":
            return Answer(fault.get("status", 200), fault["text"].encode(), fault.get("contentType") or self.script["contentType"])
        headers = []
        if fault.get("retryAfter") is not None:
            seconds = fault["retryAfter"]
            shown = email.utils.formatdate(time.time() + seconds, usegmt=True) if fault.get("isRetryDate") else str(seconds)
            headers.append(("Retry-After", shown))
        answer = self.refused(Refusal(fault["status"], fault.get("detail") or "this is the script's", fault.get("scimType")))
        answer.headers += headers
        return answer

    def refused(self, refusal):
        style = self.script["errors"]
        headers = [("WWW-Authenticate", 'Bearer realm="scim"')] if refusal.status == 401 else []
        if style == "text":
            return Answer(refusal.status, refusal.detail.encode(), "text/plain", headers)
        if style == "html":
            return Answer(refusal.status, HTML, "text/html", headers)
        status = refusal.status if style == "number" else str(refusal.status)
        document = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": status, "detail": refusal.detail}
        if refusal.kind:
            document["scimType"] = refusal.kind
        return Answer(refusal.status, json.dumps(document).encode(), self.script["contentType"], headers)

    def read(self, path, page, request, faults):
        script, forms, headers = self.script, Forms(self.script, self.directory, self.url), []
        if page is not None:
            resources, total = scim_faults.selected(faults, page, self.faults.shifts)
            shown = [forms.shown(page.kind, resource, True, request.query) for resource in resources]
            document = page.document(shown, total)
        elif path == "/feed.json":
            shown = [forms.shown("Users", user, False) for user in self.directory.users]
            shown += [forms.shown("Groups", group, False) for group in self.directory.groups]
            document = shown if script["feed"] == "array" else {"schemas": [LIST], "totalResults": len(shown), "Resources": shown}
            headers.append(("ETag", forms.version(shown)))
        elif path.startswith(("/Users/", "/Groups/")):
            kind, _, identity = path[1:].partition("/")
            resource = self.directory.places[kind].get(urllib.parse.unquote(identity))
            if resource is None:
                return self.refused(Refusal(script["unknownID"], f"there is no {kind[:-1]} {identity}"))
            document = forms.shown(kind, resource, False, request.query)
            if script["hasETags"]:
                headers.append(("ETag", forms.version(resource)))
        else:
            document = discovery(script, path, self.url)
            if document is None:
                return self.refused(Refusal(404, f"there is nothing at {path}"))
        tag = request.headers.get("if-none-match")
        if tag is not None and ("ETag", tag) in headers:
            return Answer(304, b"", script["contentType"], headers)
        return Answer(200, scim_faults.encoded(document, faults), script["contentType"], headers)
