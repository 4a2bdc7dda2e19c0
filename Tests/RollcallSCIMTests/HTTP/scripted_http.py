"""An HTTP server on loopback that answers as a test tells it: for what no real server can be made to say.

It takes a JSON file: `routes` has a list of answers for each "METHOD /path" (without the query), taken in turn, the last one for
good; `certificate` and `key` make it speak TLS, `clientCA` makes it ask for a certificate. It writes its port to standard output,
and one line of JSON into `log` for each request.
"""

import email.utils
import gzip
import itertools
import json
import select
import socket
import ssl
import sys
import threading
import time
import zlib

script = json.load(open(sys.argv[1]))
lock = threading.Lock()
log = open(script["log"], "a", buffering=1)
taken = {}


def write_log(record):
    with lock:
        log.write(json.dumps(record) + "\n")


def next_answer(method, path):
    with lock:
        name = f"{method} {path.split('?')[0]}"
        answers = script["routes"].get(name) or [{"status": 404, "body": "no such route"}]
        place = taken.get(name, 0)
        taken[name] = place + 1
        return answers[min(place, len(answers) - 1)]


def filled(text, port):
    """`@port` is this server's; `@date+N` is N seconds from now as HTTP writes it."""
    text = text.replace("@port", str(port))
    if text.startswith("@date"):
        return email.utils.formatdate(time.time() + int(text[5:] or 0), usegmt=True)
    return text


def hold(connection):
    """Sends nothing more until the client goes away."""
    while select.select([connection], [], [], 60)[0] and connection.recv(4096):
        pass


def pour(connection, count):
    """Sends `count` bytes, or as many as the client takes."""
    sent = 0
    block = b"x" * 65536
    try:
        while sent < count:
            connection.sendall(block)
            sent += len(block)
    except OSError:
        pass
    return sent


def bomb(count):
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(count >> 20)) + packer.flush()


def respond(connection, answer, port):
    """Answers one request; whether the connection goes on."""
    kind = answer.get("kind", "plain")
    body = answer.get("body", "").encode()
    size = answer.get("size", 0)
    headers = [(name, filled(value, port)) for name, value in answer.get("headers", [])]
    if kind == "hangup":
        return False
    if kind == "noise":
        connection.sendall(b"220 mail.example.org ready\r\n" * 20)
        return False
    if kind == "stall":
        hold(connection)
        return False
    if kind.startswith("gzip"):
        body = gzip.compress(body)
        if kind == "gzip-cut":
            body = body[: len(body) - size]
        if kind == "gzip-tail":
            body += b"and more"
        if kind == "gzip-two":
            body += body
        headers.append(("Content-Encoding", "gzip"))
    if kind == "bomb":
        body = bomb(size)
        headers.append(("Content-Encoding", "gzip"))
    length = {"short": len(body) + 100, "stall-body": len(body) + 100, "pour": size}.get(kind, len(body))
    if kind == "chunked" or kind == "chunk-cut":
        headers.append(("Transfer-Encoding", "chunked"))
    elif kind != "until-close":
        headers.append(("Content-Length", str(length)))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    if kind == "interim":
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nETag: \"interim\"\r\n\r\n")
    connection.sendall(f"HTTP/1.1 {answer.get('status', 200)} Whatever\r\n{head}\r\n".encode())
    if kind == "pour":
        write_log({"poured": pour(connection, size)})
        return False
    if kind == "chunked" or kind == "chunk-cut":
        for start in range(0, len(body), 1000):
            piece = body[start : start + 1000]
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        if kind == "chunk-cut":
            return False
        connection.sendall(b"0\r\nETag: \"trailer\"\r\n\r\n")
        return True
    connection.sendall(body)
    if kind == "stall-body":
        hold(connection)
    return kind not in ("short", "until-close", "stall-body") and not answer.get("closes", False)


def drain(connection):
    """Lets the client read what it was sent: closing at once would reset the connection."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(5)
    while connection.recv(65536):
        pass


def serve(connection, number, port, context):
    raw = connection.dup() if context else None
    try:
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        elif connection.recv(1, socket.MSG_PEEK) == b"\x16":
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            drain(connection)
            return
        pending = b""
        while True:
            while b"\r\n\r\n" not in pending:
                piece = connection.recv(65536)
                if not piece:
                    return
                pending += piece
            head, pending = pending.split(b"\r\n\r\n", 1)
            lines = head.decode("latin-1").split("\r\n")
            method, path, _ = lines[0].split(" ", 2)
            fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
            length = int(fields.get("content-length", "0"))
            while len(pending) < length:
                pending += connection.recv(65536)
            body, pending = pending[:length], pending[length:]
            write_log({"connection": number, "method": method, "path": path, "fields": fields, "body": body.decode()})
            if not respond(connection, next_answer(method, path), port):
                if context:
                    connection = connection.unwrap()
                return
    except ssl.SSLError as error:
        write_log({"error": str(error)})
        try:
            drain(raw)
        except OSError:
            pass
    except (OSError, ValueError) as error:
        write_log({"error": str(error)})
    finally:
        if raw:
            raw.close()
        connection.close()


def main():
    context = None
    if script.get("certificate"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(script["certificate"], script["key"])
        if script.get("clientCA"):
            context.load_verify_locations(script["clientCA"])
            context.verify_mode = ssl.CERT_REQUIRED
        if script.get("isOld"):
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1_1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    port = listener.getsockname()[1]
    print(port, flush=True)
    for number in itertools.count(1):
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(connection, number, port, context), daemon=True).start()


main()
