"""The keys that verify bearer tokens, read from a JWK set (RFC 7517) in a file or at an address.

The set is read at the start, again at intervals, and when a token names a key that is not known yet. A token must never
be verified by a key it contains, by a shared secret, or by an algorithm other than its key's. A set that cannot be read
must never remove the keys there are.
"""

import asyncio
import contextlib
import json
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NoReturn, TypeGuard, cast

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import Key, RSAKey, import_key
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

ALGORITHMS: Final = {"RS256": "RS256", "ES256": "ES256", "Ed25519": "Ed25519", "EdDSA": "Ed25519"}
"""The algorithms of tokens, each with the one name used here (RFC 9864 renames EdDSA)."""

KINDS: Final[Mapping[tuple[str | None, str | None], str]] = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "Ed25519",
}
"""The algorithm of a key, by its `kty` and `crv`."""

MATERIAL: Final = ("kty", "n", "e", "crv", "x", "y")
"""The members of a JWK that a public key consists of. Only these reach the library."""

SECRET_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
"""Members of private and symmetric keys only (RFC 7518 §6)."""

REFUSED_MEMBERS: Final = frozenset({"crit", "b64", "jwk", "jku", "x5u", "x5c"})
"""Members of a token's header that change how it is read, or contain a key."""

SMALLEST_RSA_KEY: Final = 2048  # bits, RFC 7518 §3.3
LARGEST_SET: Final = 256 * 1024  # bytes
FETCH_SECONDS: Final = 10
RETRY_SECONDS: Final = 10
"""Seconds until a set that could not be read is tried again, and between two readings that tokens cause."""

MALFORMED: Final = "send a signed JWT in compact form, with well-formed JSON and each name in it once"
ANOTHER_ALGORITHM: Final = "sign with `RS256`, `ES256` or `Ed25519`"
CARRIED_KEY: Final = "leave `crit`, `b64` and keys out of the token's header; name the signing key in `kid`"
UNKNOWN_KEY: Final = "sign with a key that is in the gateway's key set, and name it in the token's `kid`"
ANOTHER_KEY: Final = "sign with the key that the token's `kid` names"

KeySource = Callable[[], Awaitable[bytes]]
"""Reads the JWK set; raises `KeySetUnusable` or `KeySetUnreachable`."""


class KeySetUnusable(Exception):
    """What was read is not a set of public keys; the message says why."""


class KeySetUnreachable(Exception):
    """The set cannot be read now, but perhaps later."""


class NotGenuine(Exception):
    """No key of the set signed the token. `hint` says what to change and repeats nothing of the token."""

    def __init__(self, hint: str) -> None:
        super().__init__(hint)
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key of one algorithm, valid before `until` (seconds since 1970)."""

    material: Key
    until: float


Keys = Mapping[tuple[str, str], PublicKey]
"""Keys by their `kid` and algorithm."""


class KeySet:
    """The valid keys: those in the set, and for `grace_seconds` those that were removed from it."""

    def __init__(
        self,
        source: KeySource,
        clock: Callable[[], float],
        *,
        refresh_seconds: float = 300,
        grace_seconds: float = 3600,
    ) -> None:
        self._source = source
        self._clock = clock
        self._refresh_seconds = refresh_seconds
        self._grace_seconds = grace_seconds
        self._keys: Keys = {}
        self._last_attempt = -math.inf
        self._last_reading = clock()
        """When the set was last read; when the worker started, before that."""
        self._reported: str | None = None
        """The reason the log has last, why the set was not read."""
        self._lock = asyncio.Lock()
        self._refresh_task: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """Whether there is any key to verify with."""
        now = self._clock()
        return any(now < key.until for key in self._keys.values())

    @property
    def age(self) -> float:
        """Seconds since the set was last read."""
        return self._clock() - self._last_reading

    async def start(self) -> None:
        """Reads the set, then again at intervals. Raises `KeySetUnusable`; an unreachable set is tried again."""
        try:
            async with self._lock:
                await self._read()
        except KeySetUnreachable as problem:
            self._report(str(problem))
        else:
            if not self.ready:
                raise KeySetUnusable("it has no public key, with a `kid`, for `RS256`, `ES256` or `Ed25519`")
        self._refresh_task = asyncio.create_task(self._keep_fresh())

    async def stop(self) -> None:
        if self._refresh_task is not None:
            self._refresh_task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._refresh_task

    async def verify(self, token: str) -> Mapping[str, object]:
        """The content of a token that a key of the set signed. Raises `NotGenuine`."""
        signed = _signed(token)
        key = self._valid_key(signed) or await self._key_after_reading(signed)
        if key is None:
            raise NotGenuine(UNKNOWN_KEY)
        if not JWSRegistry.algorithms[signed.algorithm].verify(signed.message, signed.signature, key.material):
            raise NotGenuine(ANOTHER_KEY)
        # Invariant: a payload is read only after its signature is verified.
        try:
            return json_object(signed.payload)
        except ValueError:
            raise NotGenuine(MALFORMED) from None

    def _valid_key(self, signed: "SignedToken") -> PublicKey | None:
        key = self._keys.get((signed.kid, signed.algorithm))
        return key if key is not None and self._clock() < key.until else None

    async def _key_after_reading(self, signed: "SignedToken") -> PublicKey | None:
        """The key, after another reading of the set if the last one that a token caused is long enough ago."""
        async with self._lock:
            since = self._clock() - self._last_attempt
            # If the clock was set back, new keys must not wait until it catches up.
            if self._valid_key(signed) is None and not 0 <= since < RETRY_SECONDS:
                self._last_attempt = self._clock()
                await self._read_or_keep()
            return self._valid_key(signed)

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(self._refresh_seconds if self.ready else min(RETRY_SECONDS, self._refresh_seconds))
            async with self._lock:
                await self._read_or_keep()

    async def _read_or_keep(self) -> None:
        try:
            await self._read()
        except (KeySetUnusable, KeySetUnreachable) as problem:
            self._report(str(problem))

    async def _read(self) -> None:
        """Reads the set. Keys that are no longer in it expire after their grace."""
        current, now = parse_key_set(await self._source()), self._clock()
        removed = {
            name: replace(key, until=min(key.until, now + self._grace_seconds))
            for name, key in self._keys.items()
            if name not in current and now < key.until
        }
        self._keys = {**removed, **current}
        self._last_reading = now
        self._report(None)

    def _report(self, problem: str | None) -> None:
        """Logs why the set was not read, once until it is read or the reason is another."""
        if problem and problem != self._reported:
            log = logging.getLogger(__name__)
            log.warning("the key set was not read: %s; the last reading was %d s ago", problem, self.age)
        self._reported = problem


# The sources of a set.


def key_source(location: str) -> KeySource:
    """A source that reads an http(s) address, or the file at that path."""
    return _address_source(location) if location.startswith(("http://", "https://")) else _file_source(Path(location))


def _file_source(path: Path) -> KeySource:
    async def read() -> bytes:
        try:
            return await asyncio.to_thread(_start_of, path)
        except OSError as problem:
            raise KeySetUnusable(f"its file cannot be read ({type(problem).__name__})") from problem

    return read


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_SET + 1)


def _address_source(address: str) -> KeySource:
    certificates = httpx.create_ssl_context()
    # Uncompressed, so that what arrives is as large as it looks.
    headers = {"Accept": "application/jwk-set+json, application/json", "Accept-Encoding": "identity"}

    async def read() -> bytes:
        try:
            async with (
                asyncio.timeout(FETCH_SECONDS),
                httpx.AsyncClient(verify=certificates, headers=headers) as client,
                client.stream("GET", address) as response,
            ):
                response.raise_for_status()
                return await _body(response)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as problem:
            raise KeySetUnreachable(f"its address does not answer with it ({type(problem).__name__})") from problem

    return read


async def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST_SET:
            break
    return bytes(body)


async def check_key_set(location: str) -> None:
    """Reads a set once. Raises `KeySetUnusable` or `KeySetUnreachable`."""
    if not parse_key_set(await key_source(location)()):
        raise KeySetUnusable("it has no key that the gateway can use")


# Reading a set.


def parse_key_set(text: bytes) -> Keys:
    """The keys of a JWK set. Keys of other kinds are skipped (RFC 7517 §5). Raises `KeySetUnusable`."""
    if len(text) > LARGEST_SET:
        raise KeySetUnusable(f"it is larger than {LARGEST_SET} bytes")
    try:
        entries = json_object(text).get("keys")
    except ValueError:
        raise KeySetUnusable("it is not well-formed JSON") from None
    if not is_list(entries):
        raise KeySetUnusable("it has no list `keys`")
    keys: dict[tuple[str, str], PublicKey] = {}
    for jwk in map(_jwk, entries):
        kid, algorithm, key = _text(jwk, "kid"), _algorithm(jwk), _public_key(jwk)
        if kid is None or algorithm is None or key is None:
            continue
        if (kid, algorithm) in keys:
            raise KeySetUnusable("two of its keys have the same `kid`")
        keys[kid, algorithm] = key
    return keys


def _jwk(entry: object) -> Mapping[str, object]:
    """One entry. Invariant: a set with a secret in it is refused, because its readers could sign tokens."""
    if not _is_object(entry):
        raise KeySetUnusable("an entry of `keys` is not an object")
    if entry.get("kty") == "oct" or not SECRET_MEMBERS.isdisjoint(entry):
        raise KeySetUnusable("it holds a symmetric or private key: publish public keys only")
    return entry


def _algorithm(jwk: Mapping[str, object]) -> str | None:
    """The algorithm of a key that verifies signatures; none for any other key."""
    algorithm = KINDS.get((_text(jwk, "kty"), _text(jwk, "crv")))
    declaration = ALGORITHMS.get(_text(jwk, "alg") or "") if "alg" in jwk else algorithm
    operations = jwk.get("key_ops", ["verify"])
    verifies = jwk.get("use", "sig") == "sig" and is_list(operations) and "verify" in operations
    return algorithm if verifies and declaration == algorithm else None


def _public_key(jwk: Mapping[str, object]) -> PublicKey | None:
    until = jwk.get("exp", math.inf)
    try:
        key = import_key({name: text for name in MATERIAL if (text := _text(jwk, name)) is not None})
    except (JoseError, ValueError, KeyError):
        return None
    is_too_small = isinstance(key, RSAKey) and key.public_key.key_size < SMALLEST_RSA_KEY
    return PublicKey(material=key, until=until) if is_number(until) and not is_too_small else None


def _text(jwk: Mapping[str, object], name: str) -> str | None:
    value = jwk.get(name)
    return value if isinstance(value, str) else None


# Reading a token.


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignedToken:
    """The parts of a token whose signature is not verified yet."""

    kid: str
    algorithm: str
    message: bytes
    payload: bytes
    signature: bytes


def _signed(token: str) -> SignedToken:
    try:
        header, payload, signature = token.encode("ascii").split(b".")
        members = json_object(urlsafe_b64decode(header))
        claims, signature = urlsafe_b64decode(payload), urlsafe_b64decode(signature)
    except ValueError:
        # Without its cause, which would hold parts of the token.
        raise NotGenuine(MALFORMED) from None
    algorithm, kid = ALGORITHMS.get(_text(members, "alg") or ""), _text(members, "kid")
    if algorithm is None:
        raise NotGenuine(ANOTHER_ALGORITHM)
    if not REFUSED_MEMBERS.isdisjoint(members):
        raise NotGenuine(CARRIED_KEY)
    if kid is None:
        raise NotGenuine(UNKNOWN_KEY)
    message = header + b"." + payload
    return SignedToken(kid=kid, algorithm=algorithm, message=message, payload=claims, signature=signature)


# JSON, read more strictly than by Python.


def json_object(text: bytes) -> dict[str, object]:
    """A JSON object in UTF-8, each name in it once. Raises `ValueError`."""
    try:
        value: object = json.loads(text.decode(), object_pairs_hook=_unique, parse_constant=_no_number)
    except RecursionError as problem:
        raise ValueError("too deep") from problem
    if not _is_object(value):
        raise ValueError("not an object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name comes twice")
    return members


def _no_number(_name: str) -> NoReturn:
    """Refuses `NaN` and `Infinity`, which are not JSON."""
    raise ValueError("not a number")


def is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict) and all(isinstance(name, str) for name in cast("dict[object, object]", value))


def is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
