"""A development issuer for demos and tests: a signing key, tokens, and the secret for pseudonyms.

The key and the secret are created once in a directory, readable by their owner alone. `veil token` refuses to use them
when a production key set is configured.
"""

import contextlib
import json
import os
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import OKPKey

from schema.identities import Identity
from schema.requester import Purpose, Role

ISSUER: Final = "veil-development"
AUDIENCE: Final = "veil"
SECRET_BYTES: Final = 32

_KEY: Final = "development-key.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentKey:
    """An Ed25519 key that signs tokens for any requester."""

    private: OKPKey

    @classmethod
    def in_directory(cls, directory: Path) -> "DevelopmentKey":
        """The key in a directory, created on first use."""
        return cls(private=OKPKey.import_key(json.loads(_read_or_make(directory / _KEY, _new_key))))

    @classmethod
    def generate(cls) -> "DevelopmentKey":
        """A new key, written nowhere."""
        return cls(private=OKPKey.import_key(json.loads(_new_key())))

    def key_set(self) -> dict[str, Any]:
        """The public half, as a JWK set."""
        return {"keys": [self.private.as_dict(private=False)]}

    async def read_key_set(self) -> bytes:
        """The JWK set, as `KeySet` reads one from elsewhere."""
        return json.dumps(self.key_set()).encode()

    # Each parameter is one claim of the token: there is nothing to bundle that would not be a token again.
    def sign(  # noqa: PLR0913 - see above
        self,
        role: Role,
        purposes: Collection[Purpose],
        *,
        member: Identity | None = None,
        organisation: Identity | None = None,
        sub: str | None = None,
        lifetime_seconds: float = 3600,
        now: float,
    ) -> str:
        """A bearer token. It does not check the claims a role needs: the gateway does."""
        standing = {"member": member, "organisation": organisation}
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": sub or f"development:{role}",
            "iat": int(now),
            "exp": int(now + lifetime_seconds),
            "role": role.value,
            "purposes": sorted(purposes),
            **{name: _claim(value) for name, value in standing.items() if value is not None},
        }
        header = {"alg": "Ed25519", "kid": self.private.kid}
        return jwt.encode(header, claims, self.private, algorithms=["Ed25519"])


def _claim(identity: Identity) -> int | str:
    """An id as JSON has it."""
    return identity if isinstance(identity, int) else str(identity)


def has_key(directory: Path) -> bool:
    """Whether there is a demo's key in a directory."""
    return (directory / _KEY).exists()


def secret(directory: Path) -> bytes:
    """The secret that keys requesters' pseudonyms, created on first use."""
    return _read_or_make(directory / "development-secret", lambda: secrets.token_bytes(SECRET_BYTES))


def _new_key() -> bytes:
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, auto_kid=True)
    return json.dumps(key.as_dict(private=True)).encode()


def _read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The contents of a file, created on first use.

    Invariant: the file is complete or absent, readable by its owner alone, and one of several concurrent writers wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # A temporary file is its owner's alone (mode 600), and so is its link.
        with NamedTemporaryFile(dir=path.parent) as draft:
            draft.write(make())
            draft.flush()
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_bytes()
