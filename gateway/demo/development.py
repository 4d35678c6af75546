"""Makes what stands in for an issuer where there is none, in a demo and in tests: a signing key, tokens, a secret.

Made once in a directory and read again from there. Must never be used where a production key set is configured, nor
leave a key or the secret readable to anybody but its owner.
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

from schema.requester import Purpose, Role

ISSUER: Final = "veil-development"
AUDIENCE: Final = "veil"
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentKey:
    """An Ed25519 key that signs tokens for any requester."""

    private: OKPKey

    @classmethod
    def kept_in(cls, directory: Path) -> "DevelopmentKey":
        """The directory's key, made on first use."""
        return cls(private=OKPKey.import_key(json.loads(_kept(directory / "development-key.json", _new_key))))

    @classmethod
    def made(cls) -> "DevelopmentKey":
        """A new key, kept nowhere."""
        return cls(private=OKPKey.import_key(json.loads(_new_key())))

    def key_set(self) -> dict[str, Any]:
        """The public half, as a JWK set."""
        return {"keys": [self.private.as_dict(private=False)]}

    async def published(self) -> bytes:
        """The JWK set, as `KeySet` reads one from elsewhere."""
        return json.dumps(self.key_set()).encode()

    # Each parameter is one claim of the token: there is nothing to bundle that would not be a token again.
    def sign(  # noqa: PLR0913 - see above
        self,
        role: Role,
        purposes: Collection[Purpose],
        *,
        member: int | None = None,
        organisation: int | None = None,
        sub: str | None = None,
        lifetime_seconds: float = 3600,
        now: float,
    ) -> str:
        """A bearer token. What the role stands on is not looked at: the gateway does that."""
        standing = {"member": member, "organisation": organisation}
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": sub or f"development:{role}",
            "iat": int(now),
            "exp": int(now + lifetime_seconds),
            "role": role.value,
            "purposes": sorted(purposes),
            **{name: value for name, value in standing.items() if value is not None},
        }
        header = {"alg": "Ed25519", "kid": self.private.kid}
        return jwt.encode(header, claims, self.private, algorithms=["Ed25519"])


def secret(directory: Path) -> bytes:
    """The secret that keys requesters' tokens, made on first use."""
    return _kept(directory / "development-secret", lambda: secrets.token_bytes(SECRET_BYTES))


def _new_key() -> bytes:
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, auto_kid=True)
    return json.dumps(key.as_dict(private=True)).encode()


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds, made if it is not there.

    Invariant: it is there whole or not at all, it is its owner's alone, and of several that make it at once one wins.
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
