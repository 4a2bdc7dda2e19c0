"""Who may read from the scripted SCIM server: bearer, basic, and tokens that it gives out itself and that end after some requests."""
import base64
import secrets
import urllib.parse


def kind_of(header):
    return (header or "none").split(" ")[0].lower()


class Access:
    def __init__(self, rule):
        self.rule = rule
        self.left = {}
        self.ended = 0

    def allows(self, header):
        """Whether a request with this Authorization may go on; a token of ours has then one request less."""
        kind = self.rule["kind"]
        if kind == "none":
            return True
        if kind == "bearer":
            return header == f"Bearer {self.rule['token']}"
        if kind == "basic":
            pair = f"{self.rule['user']}:{self.rule['password']}".encode()
            return header == "Basic " + base64.b64encode(pair).decode()
        token = (header or "").removeprefix("Bearer ")
        if token not in self.left or header == token:
            return False
        if self.left[token] is None:
            return True
        if self.left[token] == 0:
            return False
        self.left[token] -= 1
        return True

    def token(self, header, body):
        """Status and document for a request of client credentials, RFC 6749, 4.4."""
        form = dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        client, secret = form.get("client_id"), form.get("client_secret")
        if kind_of(header) == "basic":
            try:
                pair = base64.b64decode(header.split(" ", 1)[1]).decode().split(":", 1)
                client, secret = (urllib.parse.unquote_plus(part) for part in pair)
            except ValueError:
                client = secret = None
        if self.rule["kind"] != "oauth" or (client, secret) != (self.rule["client"], self.rule["secret"]):
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if self.rule.get("scope") and form.get("scope") != self.rule["scope"]:
            return 400, {"error": "invalid_scope"}
        token = secrets.token_urlsafe(24)
        limit = self.rule.get("requests")
        if limit is not None and self.ended >= (self.rule.get("ends") or self.ended + 1):
            limit = None
        elif limit is not None:
            self.ended += 1
        self.left[token] = limit
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.rule.get("expiresIn", 3600)}
