"""A SCIM server whose directory, behaviour and faults are data: for the tests.

usage: scripted_scim.py FILE [--certificate FILE --key FILE [--client-authority FILE]]

FILE holds {"directory": …, "script": …}: scim_directory.py and scim_script.py say what may stand there. The first line of output is
{"port": …, "control": …}. The control port speaks plain HTTP: GET /log; POST /replace with a document like FILE, where what is left out
stays; POST /clear empties the log.
"""
import argparse
import json
import socket
import ssl
import threading

from scim_connection import Connection
from scim_state import State


def listen():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


def serve(listener, state, context):
    number = 0
    while True:
        client, _ = listener.accept()
        number += 1
        threading.Thread(target=Connection(client, number, state, context).serve, daemon=True).start()


def control(listener, state):
    """One request a connection."""
    while True:
        client, _ = listener.accept()
        connection = Connection(client, 0, state, None)
        status, document = 200, {}
        try:
            request = connection.request()
            if request.path == "/log":
                with state.lock:
                    document = list(state.log)
            elif request.path == "/replace":
                state.replace(json.loads(request.body))
            elif request.path == "/clear":
                with state.lock:
                    state.log.clear()
            else:
                status = 404
        except Exception as error:  # the test is told whatever it was
            status, document = 400, {"error": f"{type(error).__name__}: {error}"}
        body = json.dumps(document).encode()
        try:
            client.sendall(connection.head(status, [("Content-Length", len(body)), ("Connection", "close")]) + body)
        except OSError:
            pass
        client.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--client-authority")
    options = parser.parse_args()
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
        context.set_alpn_protocols(["http/1.1"])
        if options.client_authority:
            context.load_verify_locations(options.client_authority)
            context.verify_mode = ssl.CERT_REQUIRED
    data, commands = listen(), listen()
    port = data.getsockname()[1]
    with open(options.file, encoding="utf-8") as file:
        state = State(json.load(file), f"{'https' if context else 'http'}://127.0.0.1:{port}")
    threading.Thread(target=control, args=(commands, state), daemon=True).start()
    print(json.dumps({"port": port, "control": commands.getsockname()[1]}), flush=True)
    serve(data, state, context)


if __name__ == "__main__":
    main()
