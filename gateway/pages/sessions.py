"""Who is signed in: a bearer token, encrypted in a cookie, and the proof that a form was made here.

Made from the gateway's secret, so each worker opens what another sealed, and nothing is kept on the server. It must never
write a token into a page or an address. Fernet, of the library `cryptography`, encrypts, signs and dates in one.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.issuer import is_local

LONGEST_SESSION: Final = 12 * 60 * 60
"""Seconds after which somebody signs in again, however long their token holds."""

LONGEST_KEPT_TOKEN: Final = 2_900
"""Characters of a token that fits a cookie once it is encrypted: browsers keep 4,096 bytes."""

_SESSION, _VISITOR, _BEGUN = "veil-session", "veil-visitor", "veil-sign-in"
_LONGEST_SIGN_IN: Final = 10 * 60
"""Seconds that somebody may take at their issuer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What a browser's request brings: the token of who is signed in, if anybody, and the visitor's number."""

    token: str | None
    visitor: str
    is_by_proxy: bool
    """Whether a proxy sent the token, so that there is nothing to sign out of here."""
    has_expired: bool
    """Whether somebody was signed in who is no more."""


class SignIns:
    """Opens and seals cookies."""

    def __init__(self, secret: bytes) -> None:
        self._box = Fernet(base64.urlsafe_b64encode(_derived(secret, b"veil pages: sessions")))
        self._form_key = _derived(secret, b"veil pages: forms")

    def of(self, request: Request) -> SignedIn:
        """Whom a request is from. A proxy's header goes before a cookie."""
        visitor = request.cookies.get(_name(request, _VISITOR)) or secrets.token_urlsafe(24)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            return SignedIn(token=token.strip(), visitor=visitor, is_by_proxy=True, has_expired=False)
        sealed = request.cookies.get(_name(request, _SESSION))
        opened = self._opened(sealed) if sealed else None
        return SignedIn(
            token=opened, visitor=visitor, is_by_proxy=False, has_expired=sealed is not None and opened is None
        )

    def _opened(self, sealed: str) -> str | None:
        try:
            return self._box.decrypt(sealed.encode(), ttl=LONGEST_SESSION).decode()
        except (InvalidToken, UnicodeError):
            return None

    def sign_in(self, request: Request, response: Response, token: str) -> None:
        self._set(request, response, _SESSION, self._box.encrypt(token.encode()).decode())

    def sign_out(self, request: Request, response: Response) -> None:
        name = _name(request, _SESSION)
        response.delete_cookie(name, secure=_is_secure(request), httponly=True, samesite="strict")

    def begin(self, request: Request, response: Response, begun: str) -> None:
        """Keeps what a sign-in at an issuer is finished with. The way back begins there, so the cookie must go along."""
        sealed = self._box.encrypt(b"begun " + begun.encode()).decode()
        response.set_cookie(
            _name(request, _BEGUN),
            sealed,
            max_age=_LONGEST_SIGN_IN,
            path="/",
            secure=_is_secure(request),
            httponly=True,
            samesite="lax",
        )

    def begun(self, request: Request) -> str | None:
        """What was kept so; none if there is nothing, or if it took too long."""
        try:
            opened = self._box.decrypt(request.cookies.get(_name(request, _BEGUN), "").encode(), ttl=_LONGEST_SIGN_IN)
        except InvalidToken:
            return None
        return opened.removeprefix(b"begun ").decode() if opened.startswith(b"begun ") else None

    def forget_begun(self, request: Request, response: Response) -> None:
        name, secure = _name(request, _BEGUN), _is_secure(request)
        response.delete_cookie(name, secure=secure, httponly=True, samesite="lax")

    def remember(self, request: Request, response: Response, visitor: str) -> None:
        """Gives a browser its number, which its forms are proved by."""
        if request.cookies.get(_name(request, _VISITOR)) != visitor:
            self._set(request, response, _VISITOR, visitor)

    def _set(self, request: Request, response: Response, name: str, value: str) -> None:
        secure = _is_secure(request)
        response.set_cookie(_name(request, name), value, path="/", secure=secure, httponly=True, samesite="strict")

    def proof(self, visitor: str) -> str:
        """What a form made for this visitor carries."""
        return hmac.new(self._form_key, visitor.encode(), "sha256").hexdigest()

    def is_proof(self, proof: str, visitor: str) -> bool:
        return hmac.compare_digest(proof.encode(), self.proof(visitor).encode())


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)


def is_on_this_machine(request: Request) -> bool:
    return is_local(request.url.hostname or "")


def _is_secure(request: Request) -> bool:
    """Whether cookies go over TLS alone: everywhere but on this very machine, where there is none."""
    return not is_on_this_machine(request)


def _name(request: Request, name: str) -> str:
    # No other host of a domain can set a cookie with this prefix (RFC 6265bis §4.1.3.2).
    return f"__Host-{name}" if _is_secure(request) else name
