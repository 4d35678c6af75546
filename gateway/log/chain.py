"""What a seal vouches for, and whether it still does: the mathematics of the access log's seals.

A seal is a digest of its place in the chain and of what the database holds of its records and their plans. Under a key
it is an HMAC, so that nobody who can only write to the database can make one. The key must never reach the database.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, replace

FORM = "veil access seal 1"
"""Begins what is digested. What is digested, and in which order, never changes under the same form."""

_SHORTEST_KEY = 32


class LogError(Exception):
    """The log cannot be sealed, or not be looked through; the message says why and what to change."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """What seals are made with by somebody who trusts not everybody that can write to the database."""

    secret: bytes

    def __repr__(self) -> str:
        return f"SealKey({self.mark})"

    @classmethod
    def read(cls, text: str | None) -> "SealKey | None":
        """The key of a setting; none where that is not set."""
        if not text:
            return None
        if len(text) < _SHORTEST_KEY:
            raise LogError(f"VEIL_SEAL_KEY: give at least {_SHORTEST_KEY} characters, kept from the database")
        return cls(text.encode())

    @property
    def mark(self) -> str:
        """Tells keys apart, and tells nothing else of them."""
        return self.sign(b"the mark of this key").hex()[:8]

    def sign(self, message: bytes) -> bytes:
        return hmac.digest(self.secret, message, "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A record's place in the log, as the database writes it in UTC: any time it can hold, to the microsecond."""

    at: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedContent:
    """What the database holds between two places of the log."""

    count: int
    records: bytes
    """Digest of the records' digests, in their order."""
    plans: bytes
    """Digest of the digests of the plans they point to, in the order of their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSpan:
    """The records a seal is about: all that lie behind the seal before it, up to its last."""

    first: Position
    last: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A row of `access_seal`. `key` is the mark of the key it was made with; `previous` the digest before it."""

    id: int
    span: SealedSpan
    count: int
    sealed_at: str
    key: str | None
    previous: bytes | None
    digest: bytes


def check_key(last: Seal | None, key: SealKey | None) -> None:
    """Raises `LogError` unless seals may be made with the key: once there is one, it stays."""
    if last and last.key and last.key != (key and key.mark):
        raise LogError(_another_key(last, key))


def next_seal(
    span: SealedSpan, content: SealedContent, sealed_at: str, after: Seal | None, key: SealKey | None
) -> Seal:
    """The seal that follows `after`, with a key that may."""
    seal = Seal(
        id=after.id + 1 if after else 1,
        span=span,
        count=content.count,
        sealed_at=sealed_at,
        key=key.mark if key else None,
        previous=after.digest if after else None,
        digest=b"",
    )
    return replace(seal, digest=_digest(seal, content, key))


def _another_key(seal: Seal, key: SealKey | None) -> str:
    given = f"is another, {key.mark}" if key else "is not set"
    return f"seal {seal.id} was made with the key whose mark is {seal.key}; VEIL_SEAL_KEY {given}"


def _digest(seal: Seal, content: SealedContent, key: SealKey | None) -> bytes:
    """The digest of all that a seal says but its digest, and of what it is about."""
    first, last = seal.span.first, seal.span.last
    # Invariant: two things that differ are never written alike. JSON of texts, numbers and nulls sees to that.
    message = json.dumps(
        [
            *(FORM, seal.id, seal.previous.hex() if seal.previous else None, seal.key, seal.sealed_at),
            *(first.at, first.id, last.at, last.id, seal.count, content.records.hex(), content.plans.hex()),
        ]
    ).encode()
    return key.sign(message) if key else hashlib.sha256(message).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustAnchor:
    """What whoever verifies knows that is not in the database: the key, and a digest that was kept elsewhere."""

    key: SealKey | None = None
    digest: bytes | None = None


@dataclass(slots=True)
class Chain:
    """Goes through the seals from the first, and finds the first that does not fit."""

    trust: TrustAnchor
    last: Seal | None = None
    """The last seal that fits."""
    records: int = 0
    """How many records the seals so far vouch for."""
    _unkeyed: int = 0
    """The last seal that was made without a key."""
    _known: int = 0
    """The seal whose digest was kept elsewhere, which also vouches for all before it."""

    def fault(self, seal: Seal, content: SealedContent) -> str | None:
        """What does not fit about the next seal, if anything. It is the last that fits otherwise."""
        fault = self._place_fault(seal) or self._key_fault(seal) or self._content_fault(seal, content)
        if fault is None:
            self.last = seal
            self.records += content.count
            self._unkeyed = self._unkeyed if seal.key else seal.id
            self._known = seal.id if seal.digest == self.trust.digest else self._known
        return fault

    def final_fault(self) -> str | None:
        """What is lacking once every seal has fitted."""
        if self.trust.digest is not None and not self._known:
            return "no seal has the digest that was kept elsewhere: that seal was removed or made anew"
        if self.trust.key and self._unkeyed > self._known:
            return (
                f"seal {self._unkeyed} was made without a key, as anybody can who writes to the database; "
                "give the digest of that seal or a later one, as you kept it elsewhere, with `--digest`"
            )
        return None

    def _place_fault(self, seal: Seal) -> str | None:
        expected = self.last.id + 1 if self.last else 1
        if seal.id != expected:
            return f"seal {expected} is missing"
        if seal.previous != (self.last.digest if self.last else None):
            return f"seal {seal.id} does not follow the seal before it: the chain is broken"
        return None

    def _key_fault(self, seal: Seal) -> str | None:
        key = self.trust.key
        return _another_key(seal, key) if seal.key and seal.key != (key and key.mark) else None

    def _content_fault(self, seal: Seal, content: SealedContent) -> str | None:
        digest = _digest(seal, content, self.trust.key if seal.key else None)
        if hmac.compare_digest(digest, seal.digest):
            return None
        where = f"seal {seal.id}, of the records from {seal.span.first.at} to {seal.span.last.at}"
        if content.count == seal.count:
            return f"{where}: a record, a plan that one points to, or the seal itself was changed"
        what = "removed" if content.count < seal.count else "slipped in"
        there = f"{content.count:,} records are there instead of {seal.count:,}"
        return f"{where}: {there}, so records were {what}, or the seal itself was changed"
