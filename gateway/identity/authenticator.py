"""Stage 2, identify: makes a `Requester` of a request's credentials, or refuses it.

Made from the headers, the issuer's keys and the policy in force. Must never believe a claim before the signature over
it, serve a token past its end, take an empty value for an absent one, or put anything of a token into a refusal.
"""

import hmac
import math
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar, assert_never

import msgspec

from gateway.identity.keys import KeySet, NotGenuine, is_list, is_number
from schema.labels import LARGEST_ID
from schema.policy.grants import Policy
from schema.refusals import Code, Refused
from schema.requester import INSTRUMENT_PURPOSES, THIRD_PARTIES, Purpose, Requester, Role

CACHE_SIZE: Final = 10_000
"""How many requesters, and how many tokens' claims, are remembered at most."""

LONGEST_TOKEN: Final = 8192
LONGEST_SUB: Final = 255
LONGEST_LIFE: Final = 366 * 24 * 3600.0  # seconds
SHORTEST_SECRET: Final = 32  # bytes

BEARER: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
REFERENCE: Final = re.compile(r"[!-~]([ -~]{0,126}[!-~])?")
"""Up to 128 printable ASCII characters, with none but visible ones at the ends."""

ROLES: Final = {role.value: role for role in Role if role is not Role.PUBLIC}
PURPOSES: Final = {purpose.value: purpose for purpose in Purpose}

MISSING_CLAIM_HINTS: Final = {
    "sub": f"ask the issuer for a `sub` of 1 to {LONGEST_SUB} printable characters",
    "role": "ask the issuer for a `role` this gateway knows, written as it writes it; without a token it is `PUBLIC`",
    "purposes": "ask the issuer for `purposes`: a list, not empty, of purposes' names",
    "member": "ask the issuer for `member`, which this role stands on: a number above 0, or `Member:` and one",
    "organisation": "ask the issuer for `organisation`, which this role stands on: a number above 0, or "
    "`Organisation:` and one",
}
"""What to change, by the claim that is absent or unusable."""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What a request says of its requester: three headers, each given at most once, as sent.

    An empty value is a value, and not a good one: it is refused, never taken for absent.
    """

    authorization: str | None
    purpose: str | None
    reference: str | None

    def __repr__(self) -> str:
        """Holds a token, hence not to be printed."""
        return "Credentials(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuer:
    """Whose tokens are believed, made out to whom; `leeway_seconds` is how far the issuer's clock may be ahead."""

    issuer: str
    audience: str
    leeway_seconds: float = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRequester:
    """What a refused request's record can say of who asked: nothing, where a token was sent that is not genuine."""

    sub: str | None = None
    role: Role | None = None
    purpose: Purpose | None = None
    member: int | None = None
    organisation: int | None = None
    reference: str | None = None


class Unidentified(Refused):
    """Every refusal of this stage, with what is known of the requester."""

    def __init__(self, code: Code, hint: str, known: KnownRequester) -> None:
        super().__init__(code, hint)
        self.known = known


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a genuine token says: who, as what, for which purposes, until when."""

    sub: str | None
    role: Role
    purposes: frozenset[Purpose]
    member: int | None
    organisation: int | None
    expires: float


UNKNOWN: Final = KnownRequester()
ANONYMOUS: Final = Claims(
    sub=None,
    role=Role.PUBLIC,
    purposes=frozenset(Purpose),
    member=None,
    organisation=None,
    expires=math.inf,
)
"""Who comes without a token: held back by what the policy gives the public, and by nothing else."""

CacheKey = tuple[str | None, str | None, str | None, str]
"""All that a requester depends on: the credentials and the version of the policy."""


class Authenticator:
    """Tells who asks. A token is verified once, and a requester made once, while there is room to remember them."""

    def __init__(self, keys: KeySet, trust: TrustedIssuer, secret: bytes, clock: Callable[[], float]) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"the secret that keys tokens must have {SHORTEST_SECRET} bytes or more")
        self._keys = keys
        self._trust = trust
        self._secret = secret
        self._clock = clock
        self._tokens: ExpiringCache[str, Claims] = ExpiringCache(clock)
        self._requesters: ExpiringCache[CacheKey, Requester] = ExpiringCache(clock)

    async def identify(self, credentials: Credentials, policy: Policy) -> Requester:
        """Raises `Unidentified`. Remembers a requester for as long as the token and the version of the policy hold."""
        remembered = self._requesters.get(_asked(credentials, policy))
        return remembered or await self._identify(credentials, policy)

    async def _identify(self, credentials: Credentials, policy: Policy) -> Requester:
        authorization = credentials.authorization
        claims = ANONYMOUS if authorization is None else await self._claims_of(authorization)
        known = _known(claims, credentials)
        reference = _reference(credentials.reference, known)
        requester = Requester(
            sub=claims.sub,
            role=claims.role,
            purpose=_purpose(credentials.purpose, claims, policy, known),
            member=claims.member,
            organisation=claims.organisation,
            reference=reference,
            key=_key(self._secret, policy.epoch, _scope(claims, reference)),
        )
        # Strangers may not fill the memory: references are remembered only beside a genuine token.
        if authorization is not None or credentials.reference is None:
            self._requesters.put(_asked(credentials, policy), requester, claims.expires)
        return requester

    async def _claims_of(self, authorization: str) -> Claims:
        token = _token(authorization)
        remembered = self._tokens.get(token)
        if remembered is not None:
            return remembered
        try:
            content = await self._keys.verify(token)
        except NotGenuine as problem:
            raise _invalid(problem.hint) from None
        expires = _believed(content, self._trust, self._clock())
        claims = _claims(content, expires)
        self._tokens.put(token, claims, expires)
        return claims


def _asked(credentials: Credentials, policy: Policy) -> CacheKey:
    return (credentials.authorization, credentials.purpose, credentials.reference, policy.version)


# The token.


def _invalid(hint: str) -> Unidentified:
    return Unidentified(Code.TOKEN_INVALID, hint, UNKNOWN)


def _token(authorization: str) -> str:
    bearer = BEARER.fullmatch(authorization)
    if bearer is None:
        raise _invalid("send `Authorization: Bearer` and a signed JWT, or leave the header out to ask as the public")
    if len(bearer[1]) > LONGEST_TOKEN:
        raise _invalid(f"ask the issuer for a token of at most {LONGEST_TOKEN} characters")
    return bearer[1]


def _believed(content: Mapping[str, object], trust: TrustedIssuer, now: float) -> float:
    """When the token ends, if it is the trusted issuer's, for this gateway, and in force now."""
    audience, expires = content.get("aud"), content.get("exp")
    if content.get("iss") != trust.issuer:
        raise _invalid("get the token from the issuer this gateway trusts")
    if trust.audience not in (audience if isinstance(audience, list) else [audience]):
        raise _invalid("ask the issuer for a token whose `aud` names this gateway")
    if not is_number(expires) or not expires <= now + LONGEST_LIFE:
        raise _invalid("ask the issuer for a token that ends: `exp` in seconds since 1970, within a year")
    if expires <= now:
        raise _invalid("get a new token: this one has expired")
    starts = [content[name] for name in ("nbf", "iat") if name in content]
    if not all(is_number(start) and start <= now + trust.leeway_seconds for start in starts):
        raise _invalid("use the token from its `nbf` and `iat` on, both in seconds since 1970")
    return expires


def _claims(content: Mapping[str, object], expires: float) -> Claims:
    """What a genuine token says of its bearer. It is asked for no more than its role stands on."""
    subject, role = _subject(content.get("sub")), _role(content.get("role"))
    purposes = _carried(content.get("purposes"))
    member = _id(content.get("member"), "Member") if role is Role.MEMBER else None
    organisation = _id(content.get("organisation"), "Organisation") if role in THIRD_PARTIES else None
    known = KnownRequester(sub=subject, role=role, member=member, organisation=organisation)
    if subject is None:
        raise _lacking("sub", known)
    if role is None:
        raise _lacking("role", known)
    if purposes is None:
        raise _lacking("purposes", known)
    if role is Role.MEMBER and member is None:
        raise _lacking("member", known)
    if role in THIRD_PARTIES and organisation is None:
        raise _lacking("organisation", known)
    return Claims(sub=subject, role=role, purposes=purposes, member=member, organisation=organisation, expires=expires)


def _lacking(claim: str, known: KnownRequester) -> Unidentified:
    return Unidentified(Code.CLAIMS_INVALID, MISSING_CLAIM_HINTS[claim], known)


def _subject(value: object) -> str | None:
    if not isinstance(value, str) or not value.isprintable():
        return None
    return value if 0 < len(value) <= LONGEST_SUB else None


def _role(value: object) -> Role | None:
    return ROLES.get(value) if isinstance(value, str) else None


def _carried(value: object) -> frozenset[Purpose] | None:
    """The purposes named. One this gateway does not know is only of no use."""
    if not is_list(value) or not value or not all(isinstance(name, str) for name in value):
        return None
    return frozenset(purpose for purpose in Purpose if purpose in value)


def _id(value: object, kind: str) -> int | None:
    """A row's id, as a number or as `Kind:12` writes it."""
    if isinstance(value, str):
        written = re.fullmatch(rf"(?:{kind}:)?([1-9][0-9]{{0,18}})", value)
        value = int(written[1]) if written else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value <= LARGEST_ID else None


# What is declared beside it.


def _known(claims: Claims, credentials: Credentials) -> KnownRequester:
    purpose = PURPOSES.get(credentials.purpose or "")
    return KnownRequester(
        sub=claims.sub,
        role=claims.role,
        purpose=purpose,
        member=claims.member,
        organisation=claims.organisation,
        reference=_instrument(credentials.reference) if purpose in INSTRUMENT_PURPOSES else None,
    )


def _instrument(reference: str | None) -> str | None:
    return reference if reference is not None and REFERENCE.fullmatch(reference) else None


def _reference(sent: str | None, known: KnownRequester) -> str | None:
    """The instrument named. What a purpose does not ask for is not kept: members read it in the log of who saw them."""
    if sent is not None and _instrument(sent) is None:
        hint = "leave `Access-Reference` out, or send 1 to 128 printable ASCII characters"
        raise Unidentified(Code.HEADER_INVALID, hint, known)
    return known.reference


def _purpose(declared: str | None, claims: Claims, policy: Policy, known: KnownRequester) -> Purpose:
    """The purpose declared, if both the credential and the policy allow it, and its instrument is named."""
    if declared is None and claims.role is Role.PUBLIC:
        declared = Purpose.PUBLIC_BROWSING
    if not declared:
        raise Unidentified(Code.PURPOSE_MISSING, "declare one purpose in `Access-Purpose`", known)
    if "," in declared:
        raise Unidentified(Code.PURPOSE_REPEATED, "declare one purpose in `Access-Purpose`, once", known)
    purpose = PURPOSES.get(declared)
    if purpose is None or purpose not in claims.purposes:
        hint = "declare a purpose that the token's `purposes` list, or ask the issuer for a token that lists this one"
        raise Unidentified(Code.PURPOSE_NOT_CARRIED, hint, known)
    if purpose not in policy.roles.get(claims.role, frozenset()):
        hint = (
            "declare a purpose that the policy gives the role: `privacyPolicy { roles { role purposes } }` lists them"
        )
        raise Unidentified(Code.PURPOSE_NOT_FOR_ROLE, hint, known)
    if purpose in INSTRUMENT_PURPOSES and known.reference is None:
        raise Unidentified(Code.REFERENCE_MISSING, "name the legal instrument in `Access-Reference`", known)
    return purpose


# The requester's key.


def _scope(claims: Claims, reference: str | None) -> tuple[str, ...]:
    """Whose tokens: two requesters can join what they were told only where this is the same for both."""
    match claims.role:
        case Role.PUBLIC:
            return ("public",)
        case Role.MEMBER:
            return ("member", str(claims.member))
        case Role.PLATFORM | Role.PRIVACY_OFFICER:
            return ("marketplace",)
        case Role.AUTHORITY:
            return ("authority", str(claims.organisation), reference or "")
        case (
            Role.AFFILIATE
            | Role.SERVICE_PROVIDER
            | Role.PARTNER
            | Role.ADVERTISER
            | Role.BANK
            | Role.PAYMENT_VENDOR
            | Role.CREDIT_AGENCY
            | Role.CLAIMANT
            | Role.ACQUIRER
        ):
            return ("organisation", str(claims.organisation))
        case _:
            assert_never(claims.role)


def _key(secret: bytes, epoch: int, scope: tuple[str, ...]) -> bytes:
    """HMAC-SHA256 over the epoch and the scope, each part behind its length, so that no two scopes read alike."""
    parts = [part.encode() for part in (str(epoch), *scope)]
    return hmac.digest(secret, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")


# What is remembered.

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class ExpiringCache(Generic[_Key, _Value]):
    """The last values kept, `REMEMBERED` at most, each until it expires."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: OrderedDict[_Key, tuple[_Value, float]] = OrderedDict()

    def get(self, key: _Key) -> _Value | None:
        kept = self._kept.get(key)
        return kept[0] if kept is not None and self._clock() < kept[1] else None

    def put(self, key: _Key, value: _Value, expires: float) -> None:
        self._kept.pop(key, None)
        self._kept[key] = (value, expires)
        if len(self._kept) > CACHE_SIZE:
            self._kept.popitem(last=False)
