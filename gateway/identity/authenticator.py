"""The stage `identify`: makes a `Requester` from a request's credentials, the issuer's keys and the policy in force.

It must never believe a claim before its signature is verified, serve a token after it expires and the leeway is over, treat an empty header as
absent, or repeat any part of a token in a refusal.
"""

import hmac
import math
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec

from gateway.identity.claims_map import OWN_NAMES, ClaimsMap
from gateway.identity.keys import KeySet, NotGenuine, is_list, is_number
from schema.definition import Marketplace
from schema.identities import LONGEST_ID, Identity, IdType, is_numeric, read_id
from schema.policy.grants import Policy
from schema.refusals import Code, Refused
from schema.requester import Party, Purpose, Requester, Role

CACHE_SIZE: Final = 10_000
"""The most requesters, and the most tokens' claims, that are cached."""

LONGEST_TOKEN: Final = 8192
LONGEST_SUB: Final = 255
LONGEST_LIFE: Final = 366 * 24 * 3600.0  # seconds
SHORTEST_SECRET: Final = 32  # bytes

BEARER: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
REFERENCE: Final = re.compile(r"[!-~]([ -~]{0,126}[!-~])?")
"""Up to 128 printable ASCII characters. The first and the last are not spaces."""


MISSING_CLAIM_HINTS: Final = {
    "sub": f"ask the issuer for a `sub` of 1 to {LONGEST_SUB} printable characters",
    "role": "ask the issuer for a `role` that this gateway knows, in capitals; without a token the role is `PUBLIC`",
    "purposes": "ask the issuer for `purposes`: a list of one or more names of purposes",
    "member": "ask the issuer for `member`, which this role requires",
    "organisation": "ask the issuer for `organisation`, which this role requires",
}
"""The hint for each claim that is missing or unusable."""


def missing_id_hint(claim: str, id_type: IdType) -> str:
    """The hint for a claim that names a row, by the type of its ids."""
    match id_type:
        case "bigint" | "integer":
            form = f"a number above 0, like `12` or `{claim.title()}:12`"
        case "uuid":
            form = f"a UUID in small letters, alone or behind `{claim.title()}:`"
        case "text":
            form = f"a text of 1 to {LONGEST_ID} characters, as the key of its table has it"
    return f"{MISSING_CLAIM_HINTS[claim]}: {form}"


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """The three headers that identify a requester, as they were sent.

    An empty header is not an absent one: it is refused.
    """

    authorization: str | None
    purpose: str | None
    reference: str | None

    def __repr__(self) -> str:
        """The token in it is never printed."""
        return "Credentials(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuer:
    """The issuer whose tokens are accepted, and the audience they must name.

    `leeway_seconds` is how far the issuer's clock may differ.
    """

    issuer: str
    audience: str
    leeway_seconds: float = 30
    marketplace: Marketplace
    """Its words are those that tokens are read by."""
    claims: ClaimsMap = OWN_NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRequester:
    """What is known of a requester who is refused, for the record of that refusal.

    Unlike a `Requester` it may lack any part. It is empty if the token is not genuine, and it never has a key.
    """

    sub: str | None = None
    role: Role | None = None
    purpose: Purpose | None = None
    member: Identity | None = None
    organisation: Identity | None = None
    reference: str | None = None


class Unidentified(Refused):
    """A refusal of this stage. `known` is what its record can say of the requester."""

    def __init__(self, code: Code, hint: str, known: KnownRequester) -> None:
        super().__init__(code, hint)
        self.known = known


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The claims of a genuine token. `expires` is in seconds since 1970."""

    sub: str | None
    role: Role
    purposes: frozenset[Purpose]
    member: Identity | None
    organisation: Identity | None
    expires: float


UNKNOWN: Final = KnownRequester()
CacheKey = tuple[str | None, str | None, str | None, str]
"""What a requester depends on: the three credentials and the version of the policy."""


class Authenticator:
    """Identifies requesters. Tokens that were verified and requesters that were made are cached until they expire."""

    def __init__(self, keys: KeySet, trust: TrustedIssuer, secret: bytes, clock: Callable[[], float]) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(
                f"the secret that requesters' keys are made from must have {SHORTEST_SECRET} bytes or more"
            )
        self._keys = keys
        self._trust = trust
        marketplace = trust.marketplace
        self._roles = {role.value: role for role in marketplace.roles if not role.is_public}
        self._purposes = {purpose.value: purpose for purpose in marketplace.purposes}
        # The claims of a request without a token. Only the policy limits its purposes.
        self._anonymous = Claims(
            sub=None,
            role=marketplace.public_role,
            purposes=frozenset(marketplace.purposes),
            member=None,
            organisation=None,
            expires=math.inf,
        )
        self._secret = secret
        self._clock = clock
        self._tokens: ExpiringCache[str, Claims] = ExpiringCache(clock)
        self._requesters: ExpiringCache[CacheKey, Requester] = ExpiringCache(clock)

    async def identify(self, credentials: Credentials, policy: Policy) -> Requester:
        """The requester of a request, from the cache if the same credentials came before. Raises `Unidentified`."""
        cached = self._requesters.get(_cache_key(credentials, policy))
        return cached or await self._identify(credentials, policy)

    async def _identify(self, credentials: Credentials, policy: Policy) -> Requester:
        authorization = credentials.authorization
        claims = self._anonymous if authorization is None else await self._claims_of(authorization)
        known = self._known_requester(claims, credentials)
        reference = _reference(credentials.reference, known)
        requester = Requester(
            sub=claims.sub,
            role=claims.role,
            purpose=self._purpose(credentials.purpose, claims, policy, known),
            member=claims.member,
            organisation=claims.organisation,
            reference=reference,
            key=_key(self._secret, policy.epoch, _scope(claims, reference)),
        )
        # A stranger could fill the cache with references, so they are cached only with a genuine token.
        if authorization is not None or credentials.reference is None:
            self._requesters.put(_cache_key(credentials, policy), requester, claims.expires)
        return requester

    async def _claims_of(self, authorization: str) -> Claims:
        token = _token(authorization)
        cached = self._tokens.get(token)
        if cached is not None:
            return cached
        try:
            content = await self._keys.verify(token)
        except NotGenuine as problem:
            raise _invalid(problem.hint) from None
        expires = _expiry(content, self._trust, self._clock())
        claims = self._claims(self._trust.claims.canonical(content, self._roles), expires)
        self._tokens.put(token, claims, expires)
        return claims

    def _claims(self, content: Mapping[str, object], expires: float) -> Claims:
        """The claims of a genuine token. A claim that its role does not require is ignored."""
        sub, role = _sub(content.get("sub")), self._role(content.get("role"))
        purposes = self._purposes_of(content.get("purposes"))
        served = self._trust.marketplace
        member = _id(content.get("member"), "Member", served.member_type) if role and role.is_member else None
        organisation = None
        if role and role.is_third_party:
            organisation = _id(content.get("organisation"), "Organisation", served.organisation_type)
        known = KnownRequester(sub=sub, role=role, member=member, organisation=organisation)
        if sub is None:
            raise _claim_missing("sub", known)
        if role is None:
            raise _claim_missing("role", known)
        if purposes is None:
            raise _claim_missing("purposes", known)
        if role.is_member and member is None:
            raise _id_missing("member", served.member_type, known)
        if role.is_third_party and organisation is None:
            raise _id_missing("organisation", served.organisation_type, known)
        return Claims(sub=sub, role=role, purposes=purposes, member=member, organisation=organisation, expires=expires)

    def _role(self, value: object) -> Role | None:
        return self._roles.get(value) if isinstance(value, str) else None

    def _purposes_of(self, value: object) -> frozenset[Purpose] | None:
        """The purposes in the list. Names that this gateway does not know are ignored."""
        if not is_list(value) or not value or not all(isinstance(name, str) for name in value):
            return None
        return frozenset(purpose for name, purpose in self._purposes.items() if name in value)

    def _known_requester(self, claims: Claims, credentials: Credentials) -> KnownRequester:
        purpose = self._purposes.get(credentials.purpose or "")
        return KnownRequester(
            sub=claims.sub,
            role=claims.role,
            purpose=purpose,
            member=claims.member,
            organisation=claims.organisation,
            reference=_instrument(credentials.reference) if purpose and purpose.requires_instrument else None,
        )

    def _purpose(self, header: str | None, claims: Claims, policy: Policy, known: KnownRequester) -> Purpose:
        """The purpose, if the token and the policy allow it and it has the reference it requires."""
        if header is None and claims.role.is_public:
            header = self._trust.marketplace.public_purpose
        allowed = policy.purposes_of(claims.role)
        if not header:
            hint = f"send one purpose in `Access-Purpose`; {_carried(claims, allowed)}"
            raise Unidentified(Code.PURPOSE_MISSING, hint, known)
        if "," in header:
            raise Unidentified(Code.PURPOSE_REPEATED, "send `Access-Purpose` once, with one purpose", known)
        purpose = self._purposes.get(header)
        if purpose is None or purpose not in claims.purposes:
            hint = f"{_carried(claims, allowed)}; send one of these, or ask the issuer for a token that lists this one"
            raise Unidentified(Code.PURPOSE_NOT_CARRIED, hint, known)
        if purpose not in allowed:
            hint = "send a purpose that the policy allows for the role; see `{ privacyPolicy { roles { role purposes } } }`"
            raise Unidentified(Code.PURPOSE_NOT_FOR_ROLE, hint, known)
        if purpose.requires_instrument and known.reference is None:
            raise Unidentified(Code.REFERENCE_MISSING, "name the legal instrument in `Access-Reference`", known)
        return purpose


def _carried(claims: Claims, allowed: frozenset[Purpose]) -> str:
    """The purposes that a requester may send."""
    usable = ", ".join(sorted(claims.purposes & allowed)) or "none that the policy gives to its role"
    return f"without a token there are {usable}" if claims.role.is_public else f"the token carries {usable}"


def _cache_key(credentials: Credentials, policy: Policy) -> CacheKey:
    return (credentials.authorization, credentials.purpose, credentials.reference, policy.version)


# The token.


def _invalid(hint: str) -> Unidentified:
    return Unidentified(Code.TOKEN_INVALID, hint, UNKNOWN)


def _token(authorization: str) -> str:
    bearer = BEARER.fullmatch(authorization)
    if bearer is None:
        raise _invalid("send `Authorization: Bearer` and a signed JWT, or leave the header out to be `PUBLIC`")
    if len(bearer[1]) > LONGEST_TOKEN:
        raise _invalid(f"ask the issuer for a token of at most {LONGEST_TOKEN} characters")
    return bearer[1]


def _expiry(content: Mapping[str, object], trust: TrustedIssuer, now: float) -> float:
    """When the token stops being accepted. Raises `Unidentified` unless it is valid now, from this issuer and for this gateway."""
    audience, expires = content.get("aud"), content.get("exp")
    if content.get("iss") != trust.issuer:
        raise _invalid("get the token from the issuer that this gateway accepts")
    if trust.audience not in (audience if isinstance(audience, list) else [audience]):
        raise _invalid("ask the issuer for a token whose `aud` names this gateway")
    if not is_number(expires) or not expires <= now + LONGEST_LIFE:
        raise _invalid("ask the issuer for a token with an `exp`: seconds since 1970, within a year")
    if expires + trust.leeway_seconds <= now:
        raise _invalid("get a new token: this one has expired")
    starts = [content[name] for name in ("nbf", "iat") if name in content]
    if not all(is_number(start) and start <= now + trust.leeway_seconds for start in starts):
        raise _invalid("use the token after its `nbf` and `iat`, both in seconds since 1970")
    return expires + trust.leeway_seconds


def _claim_missing(claim: str, known: KnownRequester) -> Unidentified:
    return Unidentified(Code.CLAIMS_INVALID, MISSING_CLAIM_HINTS[claim], known)


def _id_missing(claim: str, id_type: IdType, known: KnownRequester) -> Unidentified:
    return Unidentified(Code.CLAIMS_INVALID, missing_id_hint(claim, id_type), known)


def _sub(value: object) -> str | None:
    if not isinstance(value, str) or not value.isprintable():
        return None
    return value if 0 < len(value) <= LONGEST_SUB else None


def _id(value: object, kind: str, id_type: IdType) -> Identity | None:
    """A row's id: a number or a text like `12` or `Kind:12`; where ids are UUIDs, such a text.

    Where ids are texts, it is the whole text: one may begin so.
    """
    if is_numeric(id_type) and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    found = read_id(value if id_type == "text" else value.removeprefix(f"{kind}:"), id_type)
    # Numbers of rows begin at one.
    return found or None


# The purpose and the reference.


def _instrument(reference: str | None) -> str | None:
    return reference if reference is not None and REFERENCE.fullmatch(reference) else None


def _reference(header: str | None, known: KnownRequester) -> str | None:
    """The legal instrument, if the purpose requires one. Any other reference is dropped: members can read the log."""
    if header is not None and _instrument(header) is None:
        hint = "send 1 to 128 printable ASCII characters in `Access-Reference`, or leave it out"
        raise Unidentified(Code.HEADER_INVALID, hint, known)
    return known.reference


# The requester's key.


def _scope(claims: Claims, reference: str | None) -> tuple[str, ...]:
    """Who shares tokens: two requesters see the same token for a row only if their scopes are the same."""
    match claims.role.party:
        case Party.PUBLIC:
            return ("public",)
        case Party.MEMBER:
            return ("member", str(claims.member))
        case Party.OWN:
            return ("marketplace",)
        case Party.AUTHORITY:
            return ("authority", str(claims.organisation), reference or "")
        case Party.THIRD_PARTY:
            return ("organisation", str(claims.organisation))


def _key(secret: bytes, epoch: int, scope: tuple[str, ...]) -> bytes:
    """HMAC-SHA256 of the epoch and the scope. Each part follows its length, so that no two scopes give one message."""
    parts = [part.encode() for part in (str(epoch), *scope)]
    return hmac.digest(secret, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")


# The cache.

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class ExpiringCache(Generic[_Key, _Value]):
    """The latest values, at most `CACHE_SIZE`, each until it expires."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._entries: OrderedDict[_Key, tuple[_Value, float]] = OrderedDict()

    def get(self, key: _Key) -> _Value | None:
        entry = self._entries.get(key)
        return entry[0] if entry is not None and self._clock() < entry[1] else None

    def put(self, key: _Key, value: _Value, expires: float) -> None:
        self._entries.pop(key, None)
        self._entries[key] = (value, expires)
        if len(self._entries) > CACHE_SIZE:
            self._entries.popitem(last=False)
