"""The wire of the scripted SCIM server: HTTP/1.1 with keep-alive, and the ways in which it breaks."""
import email.utils
import gzip
import socket
import ssl
import struct
import time
import urllib.parse

import scim_faults
from scim_access import kind_of
from scim_state import HTML

REASONS = {200: "OK", 302: "Found", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
           405: "Method Not Allowed", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}


class Closed(Exception):
    """The connection has ended, or is to end now."""


class Request:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target = lines[0].split(" ")[:2]
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self.path, _, self.query_text = self.target.partition("?")
        self.query = dict(urllib.parse.parse_qsl(self.query_text, keep_blank_values=True))
        self.body = body


class Connection:
    """One client's connection, on a thread of its own."""

    def __init__(self, client, number, state, context):
        self.socket, self.number, self.state, self.context = client, number, state, context
        self.buffer = b""

    def serve(self):
        try:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context is not None:
                self.socket = self.context.wrap_socket(self.socket, server_side=True)
            while (request := self.request()) is not None:
                self.exchange(request)
                if request.headers.get("connection", "").lower() == "close":
                    break
        except (Closed, OSError, ValueError, IndexError):
            pass
        finally:
            self.socket.close()

    def request(self):
        """The next request; none at the end of the connection."""
        while b"\r\n\r\n" not in self.buffer:
            part = self.socket.recv(65536)
            if not part:
                return None
            self.buffer += part
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        request = Request(head, b"")
        length = int(request.headers.get("content-length", 0))
        while len(self.buffer) < length:
            part = self.socket.recv(65536)
            if not part:
                return None
            self.buffer += part
        request.body, self.buffer = self.buffer[:length], self.buffer[length:]
        return request

    def exchange(self, request):
        state = self.state
        entry = {"connection": self.number, "method": request.method, "path": request.path, "query": request.query_text, "status": 0,
                 "authorization": kind_of(request.headers.get("authorization")), "faults": [],
                 "headers": {name: value for name, value in request.headers.items() if name != "authorization"}}
        if self.context is not None and self.context.verify_mode != ssl.CERT_NONE:
            entry["client"] = dict(part[0] for part in self.socket.getpeercert()["subject"]).get("commonName", "")
        with state.lock:
            state.log.append(entry)
            entry["number"] = len(state.log)
        answer, faults = state.answer(request, entry)
        entry["status"] = answer.status
        self.send(request, answer, faults)

    def send(self, request, answer, all_faults):
        script = self.state.script
        faults = {fault["kind"]: fault for fault in all_faults}
        pause = script["delay"] + faults.get("delay", {}).get("milliseconds", 0)
        if pause:
            time.sleep(pause / 1000)
        if "close" in faults:
            raise Closed
        if "reset" in faults and "bytes" not in faults["reset"]:
            self.reset()
        if "html" in faults:
            answer.body, answer.content_type = HTML, "text/html; charset=utf-8"
        if "mediaType" in faults:
            answer.content_type = faults["mediaType"]["type"]
        dates = [("Date", email.utils.formatdate(time.time() + script["clockOffset"], usegmt=True))] if script["hasDate"] else []
        headers = dates + answer.headers
        if answer.content_type:
            headers.append(("Content-Type", answer.content_type))
        headers += [(fault["name"], fault["value"]) for fault in all_faults if fault["kind"] == "header"]
        if "gzipBomb" in faults:
            answer.body = scim_faults.bomb(answer.body, faults["gzipBomb"]["bytes"])
            headers.append(("Content-Encoding", "gzip"))
        elif script["compresses"] and answer.body and "gzip" in request.headers.get("accept-encoding", ""):
            answer.body = gzip.compress(answer.body, 1)
            headers.append(("Content-Encoding", "gzip"))
        if "endlessHeaders" in faults:
            self.endless(self.head(answer.status, headers).removesuffix(b"\r\n"), b"X-More: " + b"a" * 1000 + b"\r\n")
        if "endlessBody" in faults:
            self.endless(self.head(answer.status, headers + [("Transfer-Encoding", "chunked")]) + b'e\r\n{"Resources":[\r\n',
                         b'1000\r\n{"id":"' + b"a" * 4000 + b'"},' + b" " * 86 + b"\r\n")
        if "chunkedCut" in faults or "chunked" in faults:
            head = self.head(answer.status, headers + [("Transfer-Encoding", "chunked")])
            part = answer.body[:len(answer.body) // 2] if "chunkedCut" in faults else answer.body
            self.socket.sendall(head + b"%x\r\n" % len(part) + part + b"\r\n")
            if "chunkedCut" in faults:
                raise Closed
            self.socket.sendall(b"0\r\n\r\n")
            return
        if answer.status != 304:
            headers.append(("Content-Length", str(len(answer.body))))
        self.deliver(self.head(answer.status, headers), answer.body, faults)

    def deliver(self, head, body, faults):
        for kind in ("truncated", "stall", "reset"):
            if kind in faults:
                kept = faults[kind].get("bytes", len(body) // 2)
                self.socket.sendall(head + body[:kept] if kept >= 0 else b"")
                if kind == "truncated":
                    raise Closed
                if kind == "reset":
                    self.reset()
                self.buffer = b""
                while self.socket.recv(65536):
                    pass
                raise Closed
        if "drip" in faults:
            data, step = head + body, max(1, faults["drip"]["bytes"])
            for start in range(0, len(data), step):
                self.socket.sendall(data[start:start + step])
                time.sleep(faults["drip"]["milliseconds"] / 1000)
            return
        self.socket.sendall(head + body)

    def head(self, status, headers):
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"] + [f"{name}: {value}" for name, value in headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def endless(self, start, step):
        self.socket.sendall(start)
        block = step * 64
        while True:
            self.socket.sendall(block)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Closed
