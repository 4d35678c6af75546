"""A small OpenID provider with keys of its own, over real HTTP: it signs everybody in at once, as the member of its choice."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import OKPKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "veil pages", "a secret: of/the client"


@dataclass(slots=True, kw_only=True, eq=False)
class Provider:
    """What it does, and what it was asked."""

    address: str = ""
    key: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519", {"kid": "one"}))
    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    """Instead of those of a proper id token."""
    described: dict[str, Any] = field(default_factory=dict[str, Any])
    refuses: bool = False
    access_token: str | None = "opaque"
    signs_with: OKPKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    codes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self._description),
            Route("/keys", self._keys),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
            Route("/end", self._keys),
        ]

    def _description(self, _: Request) -> Response:
        found = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "end_session_endpoint": f"{self.address}/end",
            "authorization_response_iss_parameter_supported": True,
        }
        return JSONResponse({**found, **self.described})

    def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        if self.refuses:
            answer = {"error": "access_denied"}
        else:
            code = secrets.token_urlsafe(12)
            self.codes[code] = asked
            answer = {"code": code}
        query = urlencode({**answer, "state": asked["state"], "iss": self.address})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}", 302)

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        asked = self.codes.pop(str(form.get("code")), None)
        verifier = str(form.get("code_verifier"))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        pair = base64.b64encode(b"veil+pages:a+secret%3A+of%2Fthe+client").decode()
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form.get("redirect_uri")
            or request.headers.get("authorization") != f"Basic {pair}"
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "member one",
            "iat": now,
            "exp": now + 600,
            "role": "MEMBER",
            "purposes": ["self_service"],
            "member": 1,
            "nonce": asked["nonce"],
            **self.claims,
        }
        signing = self.signs_with or self.key
        token = jwt.encode({"alg": "Ed25519", "kid": "one"}, claims, signing, algorithms=["Ed25519"])
        return JSONResponse({"access_token": self.access_token, "id_token": token, "token_type": "Bearer"})


@contextmanager
def providing() -> Generator[Provider]:
    """A provider that is served while it lasts."""
    provider = Provider()
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=provider.routes()), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    provider.address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(timeout=20)
