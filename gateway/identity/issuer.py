"""Signing in at the issuer of tokens: OpenID Connect's authorisation code flow, with PKCE (RFC 7636), a state and a nonce.

Made from the issuer's own description (OpenID Connect Discovery). It fetches tokens and says whether their nonce is the
one of this sign-in. Whether the gateway accepts a token is the authenticator's to say.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx

from gateway.identity.keys import NotGenuine

_DESCRIPTION: Final = "/.well-known/openid-configuration"
_SECONDS: Final = 10
_LARGEST: Final = 256 * 1024  # bytes
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class IssuerUnusable(Exception):
    """The issuer does not answer, or not as OpenID Connect asks. Its message repeats nothing that it sent."""


class SignInRefused(Exception):
    """The issuer gave no token, or one of another sign-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerClient:
    """What the issuer knows the gateway as."""

    issuer: str
    client: str
    secret: str | None
    """None of a public client, which PKCE alone protects."""
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunSignIn:
    """What a browser keeps while somebody is at the issuer."""

    state: str
    nonce: str
    verifier: str
    leads_to: str

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> "BegunSignIn":
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Description:
    """Where the issuer does what."""

    authorises: str
    gives_tokens: str
    ends_sessions: str | None
    is_named_in_answers: bool
    """Whether each answer names the issuer (RFC 9207)."""


class Issuer:
    """An issuer as one worker knows it. Its description is fetched when it is first needed."""

    def __init__(self, client: IssuerClient, verify: Callable[[str], Awaitable[Mapping[str, object]]]) -> None:
        self._client = client
        self._verify = verify
        self._description: _Description | None = None
        self._lock = asyncio.Lock()

    async def begin(self, leads_to: str, back: str) -> tuple[str, BegunSignIn]:
        """The address at which somebody signs in, and what their browser keeps meanwhile. Raises `IssuerUnusable`."""
        described = await self._described()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._client.client,
            "redirect_uri": back,
            "scope": self._client.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        begun = BegunSignIn(state=state, nonce=nonce, verifier=verifier, leads_to=leads_to)
        return _with_query(described.authorises, asked), begun

    async def tokens(self, answer: Mapping[str, str], begun: BegunSignIn, back: str) -> Sequence[str]:
        """The tokens that may be used, the access token first. Raises `SignInRefused` or `IssuerUnusable`."""
        described = await self._described()
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise SignInRefused("the answer is of another sign-in")
        named = answer.get("iss")
        if named != self._client.issuer and (named is not None or described.is_named_in_answers):
            raise SignInRefused("the answer is of another issuer")
        code = answer.get("code")
        if not code:
            raise SignInRefused("the issuer gave no code")
        given = await self._exchanged(described, code, begun, back)
        identity = given.get("id_token")
        if not isinstance(identity, str):
            raise SignInRefused("the issuer gave no id token")
        await self._check(identity, begun)
        access = given.get("access_token")
        return [*([access] if isinstance(access, str) else []), identity]

    async def ending(self, back: str) -> str | None:
        """Where somebody signs out at the issuer; none if it has no such address. Raises `IssuerUnusable`."""
        described = await self._described()
        if described.ends_sessions is None:
            return None
        return _with_query(
            described.ends_sessions, {"client_id": self._client.client, "post_logout_redirect_uri": back}
        )

    async def _check(self, token: str, begun: BegunSignIn) -> None:
        """That an id token is the issuer's, for this client and this sign-in."""
        try:
            claims = await self._verify(token)
        except NotGenuine:
            raise SignInRefused("the id token is not signed with a key of the gateway's key set") from None
        audience = claims.get("aud")
        is_ours = self._client.client in (audience if isinstance(audience, list) else [audience])
        nonce = claims.get("nonce")
        is_this = isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), begun.nonce.encode())
        if claims.get("iss") != self._client.issuer or not is_ours or not is_this:
            raise SignInRefused("the id token is of another issuer, client or sign-in")

    async def _exchanged(self, described: _Description, code: str, begun: BegunSignIn, back: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self._client.client,
            "code_verifier": begun.verifier,
        }
        headers = {"Accept": "application/json"}
        if self._client.secret is not None:
            # Both are encoded before they are joined (RFC 6749 §2.3.1).
            pair = f"{quote_plus(self._client.client)}:{quote_plus(self._client.secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        status, given = await _asked("POST", described.gives_tokens, headers, form)
        if status >= 500:
            raise IssuerUnusable("its token endpoint failed")
        if status != 200:
            raise SignInRefused("the issuer took the code for nothing")
        return given

    async def _described(self) -> _Description:
        async with self._lock:
            if self._description is None:
                address = f"{self._client.issuer.rstrip('/')}{_DESCRIPTION}"
                status, found = await _asked("GET", address, {"Accept": "application/json"})
                if status != 200 or found.get("issuer") != self._client.issuer:
                    raise IssuerUnusable("it does not describe itself as this issuer")
                self._description = _Description(
                    authorises=_address(found, "authorization_endpoint"),
                    gives_tokens=_address(found, "token_endpoint"),
                    ends_sessions=_address(found, "end_session_endpoint") if "end_session_endpoint" in found else None,
                    is_named_in_answers=found.get("authorization_response_iss_parameter_supported") is True,
                )
            return self._description


async def _asked(
    method: str, address: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, Any]]:
    """The status and the object that is answered. Raises `IssuerUnusable`."""
    body = bytearray()
    try:
        async with (
            asyncio.timeout(_SECONDS),
            httpx.AsyncClient() as client,
            client.stream(method, address, headers=dict(headers), data=dict(form) if form else None) as response,
        ):
            async for part in response.aiter_bytes():
                body += part
                if len(body) > _LARGEST:
                    raise IssuerUnusable("it answers with too much")
            status = response.status_code
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as problem:
        raise IssuerUnusable(f"it does not answer ({type(problem).__name__})") from None
    try:
        found: object = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise IssuerUnusable("it does not answer with JSON")
    return status, found


def _address(described: Mapping[str, Any], name: str) -> str:
    """An address of the issuer, over TLS but on this very machine."""
    found = described.get(name)
    parts = urlsplit(found) if isinstance(found, str) else None
    if parts is None or not parts.hostname or not (parts.scheme == "https" or is_local(parts.hostname)):
        raise IssuerUnusable(f"its `{name}` is no address over TLS")
    return parts.geturl()


def is_local(host: str) -> bool:
    return host in _LOCAL


def _with_query(address: str, parameters: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(parameters)}"
