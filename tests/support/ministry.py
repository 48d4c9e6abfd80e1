"""A ministry's sign-in on this machine: an OpenID Connect provider that says what a test tells it to."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
_OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Stub:
    """The provider. `claims` are laid over the true ones; `forged` signs with a key that it does not publish;
    `moved` is a path that leads elsewhere."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.forged = False
        self.asked: dict[str, dict[str, str]] = {}
        self.tokens = 0
        self.issuer = ""
        self.moved = ""

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        if request.path == self.moved and not request.query_string:
            return Response("", 302, {"Location": f"{self.issuer}{request.path}?again"})(environ, start)
        answer = {"/.well-known/openid-configuration": self._metadata, "/keys": self._keys, "/token": self._token}[request.path]
        return answer(request)(environ, start)

    def _json(self, found: Any, status: int = 200) -> Response:
        return Response(json.dumps(found), status, mimetype="application/json")

    def _metadata(self, _request: Request) -> Response:
        return self._json({
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys", "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"]})

    def _keys(self, _request: Request) -> Response:
        return self._json({"keys": [_KEY.as_dict(private=False)]})

    def authorize(self, location: str) -> str:
        """What a person's browser does at the provider. Returns: the address to come back to."""
        said = {key: value[0] for key, value in parse_qs(urlsplit(location).query).items()}
        assert said["code_challenge_method"] == "S256" and said["state"] and said["nonce"] and "openid" in said["scope"]
        code = f"code-{len(self.asked)}"
        self.asked[code] = said
        back = urlsplit(said["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': said['state']})}"

    def _token(self, request: Request) -> Response:
        self.tokens += 1
        said = self.asked.pop(request.form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if said is None or proof.decode() != said["code_challenge"]:
            return self._json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "person-1", "aud": said["client_id"], "nonce": said["nonce"], "iat": now,
                  "exp": now + 300, "email": "person@ministry.example", "email_verified": True, **self.claims}
        word = jwt.encode({"alg": "RS256", "kid": "one"}, claims, _OTHER if self.forged else _KEY)
        return self._json({"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": word})


@contextmanager
def running() -> Iterator[Stub]:
    """The provider on a free port of this machine."""
    stub = Stub()
    server = make_server("127.0.0.1", 0, stub, threaded=True, request_handler=_Quiet)
    stub.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
