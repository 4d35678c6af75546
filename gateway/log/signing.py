"""The keys that sign checkpoints: a file of Ed25519 private keys, one a line, that never reaches the database.

A line is `PRIVATE+KEY+name+id+key`, as for other signed notes (c2sp.org/signed-note). Every key of the file signs. So a
new key is added before an old one is removed, and whoever knows one of them can verify.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.log.snapshot import LogError
from gateway.log.veil_verify import LOG_KEY, TreeHead, VerifierKey, checkpoint_text

_MARK: Final = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key and its public half."""

    private: Ed25519PrivateKey
    public: VerifierKey

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        """A new key. Raises `LogError` for a name that no key may have."""
        if not name or "+" in name or not name.isprintable() or " " in name:
            raise LogError("a key's name has no spaces and no `+`; give a name like `market.example/access-log`")
        return cls._of(name, Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, line: str) -> "SigningKey":
        """Raises `LogError`."""
        name, _, rest = line.removeprefix(_MARK).partition("+")
        try:
            content = base64.b64decode(rest.partition("+")[2], validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not line.startswith(_MARK) or len(content) != 33 or content[0] != LOG_KEY:
            raise LogError("the signing key is malformed; make one with `veil log key`")
        return cls._of(name, Ed25519PrivateKey.from_private_bytes(content[1:]))

    @classmethod
    def _of(cls, name: str, private: Ed25519PrivateKey) -> "SigningKey":
        public = VerifierKey(name=name, kind=LOG_KEY, public=private.public_key().public_bytes_raw())
        return cls(private=private, public=public)

    def line(self) -> str:
        """The line of a key file."""
        content = base64.b64encode(bytes([LOG_KEY]) + self.private.private_bytes_raw()).decode()
        return f"{_MARK}{self.public.name}+{self.public.id.hex()}+{content}"

    def signature(self, text: str) -> str:
        """A signature line of a note."""
        signed = base64.b64encode(self.public.id + self.private.sign(text.encode())).decode()
        return f"— {self.public.name} {signed}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Signs checkpoints with one or more keys of one name, which is the log's."""

    keys: Sequence[SigningKey]

    @classmethod
    def in_file(cls, path: Path) -> "Signer":
        """Raises `LogError`."""
        try:
            lines = path.read_text("utf-8").split()
        except (OSError, UnicodeDecodeError):
            raise LogError(f"`{path}` cannot be read; make a signing key with `veil log key`") from None
        keys = [SigningKey.read(line) for line in lines]
        if len({key.public.name for key in keys}) != 1:
            raise LogError(f"`{path}` must have signing keys of one name; make one with `veil log key`")
        return cls(keys=keys)

    @property
    def public(self) -> Sequence[VerifierKey]:
        return [key.public for key in self.keys]

    def note(self, tree: TreeHead) -> str:
        """A signed checkpoint."""
        text = checkpoint_text(self.keys[0].public.name, tree)
        return f"{text}\n{''.join(key.signature(text) for key in self.keys)}"


def write_key(path: Path, key: SigningKey) -> None:
    """Adds a key to a file that only its owner can read. Raises `LogError`."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
            file.write(f"{key.line()}\n")
    except OSError as error:
        raise LogError(f"`{path}` cannot be written: {error.strerror}") from None
