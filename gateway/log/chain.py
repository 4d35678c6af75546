"""The chain of seals: how a seal is computed and how the chain is verified, without a database.

A seal is a digest of its place in the chain, its records and their plans. With a key it is an HMAC, which nobody can
make who can only write to the database. The key must never reach the database.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, replace

FORM = "veil access seal 1"
"""The first part of every digest. Another content or order of what is digested needs another form."""

_SHORTEST_KEY = 32


class LogError(Exception):
    """The log cannot be sealed, verified or exported; the message says why and what to change."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """The key that seals are made with, where not everybody who can write to the database is trusted."""

    secret: bytes

    def __repr__(self) -> str:
        return f"SealKey({self.mark})"

    @classmethod
    def read(cls, text: str | None) -> "SealKey | None":
        """The key in a setting; none if it is not set. Raises `LogError`."""
        if not text:
            return None
        if len(text) < _SHORTEST_KEY:
            raise LogError(f"VEIL_SEAL_KEY: give at least {_SHORTEST_KEY} characters, kept from the database")
        return cls(text.encode())

    @property
    def mark(self) -> str:
        """Distinguishes keys without revealing them."""
        return self.sign(b"the mark of this key").hex()[:8]

    def sign(self, message: bytes) -> bytes:
        return hmac.digest(self.secret, message, "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A record's place in the log: its time, as the database writes it in UTC to the microsecond, and its id."""

    at: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedContent:
    """What the database holds between two places in the log."""

    count: int
    records: bytes
    """Digest of the records' digests, in the order of the log."""
    plans: bytes
    """Digest of the digests of their plans, in the order of the plans' ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSpan:
    """The records of a seal: all after those of the seal before it, up to its last."""

    first: Position
    last: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A row of `access_seal`. `key` is the mark of its key, `previous` the digest of the seal before it."""

    id: int
    span: SealedSpan
    count: int
    sealed_at: str
    key: str | None
    previous: bytes | None
    digest: bytes


def check_key(last: Seal | None, key: SealKey | None) -> None:
    """Raises `LogError` if the last seal was made with another key."""
    if last and last.key and last.key != (key and key.mark):
        raise LogError(_another_key(last, key))


def next_seal(
    span: SealedSpan, content: SealedContent, sealed_at: str, after: Seal | None, key: SealKey | None
) -> Seal:
    """The seal that follows `after`. The key must have passed `check_key`."""
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
    setting = f"is another, {key.mark}" if key else "is not set"
    return f"seal {seal.id} was made with the key whose mark is {seal.key}; VEIL_SEAL_KEY {setting}"


def _digest(seal: Seal, content: SealedContent, key: SealKey | None) -> bytes:
    """The digest of a seal's other parts and of its content."""
    first, last = seal.span.first, seal.span.last
    # Invariant: different seals give different messages. JSON of texts, numbers and nulls ensures that.
    message = json.dumps(
        [
            *(FORM, seal.id, seal.previous.hex() if seal.previous else None, seal.key, seal.sealed_at),
            *(first.at, first.id, last.at, last.id, seal.count, content.records.hex(), content.plans.hex()),
        ]
    ).encode()
    return key.sign(message) if key else hashlib.sha256(message).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustAnchor:
    """What a verifier knows that is not in the database: the key, and a digest that was kept elsewhere."""

    key: SealKey | None = None
    digest: bytes | None = None


@dataclass(slots=True)
class Chain:
    """Checks seals one after another, from the first, and finds the first that does not fit."""

    trust: TrustAnchor
    last: Seal | None = None
    """The last seal that fits."""
    records: int = 0
    """How many records the seals so far cover."""
    _unkeyed: int = 0
    """The last seal that was made without a key."""
    _known: int = 0
    """The seal whose digest was kept elsewhere. It confirms all seals before it."""

    def fault(self, seal: Seal, content: SealedContent) -> str | None:
        """Why the next seal does not fit. If it fits, it becomes the last."""
        fault = self._place_fault(seal) or self._key_fault(seal) or self._content_fault(seal, content)
        if fault is None:
            self.last = seal
            self.records += content.count
            self._unkeyed = self._unkeyed if seal.key else seal.id
            self._known = seal.id if seal.digest == self.trust.digest else self._known
        return fault

    def final_fault(self) -> str | None:
        """What is missing after every seal has fitted."""
        if self.trust.digest is not None and not self._known:
            return "no seal has the digest that was kept elsewhere: that seal was removed or replaced"
        if self.trust.key and self._unkeyed > self._known:
            return (
                f"seal {self._unkeyed} was made without a key, as anybody can who writes to the database; "
                "use `--digest` with the digest of that seal or a later one, which you kept elsewhere"
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
        counts = f"{content.count:,} records are there instead of {seal.count:,}"
        return f"{where}: {counts}, so records were {what}, or the seal itself was changed"
