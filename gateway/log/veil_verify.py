"""Verifies proofs of Veil's access log: one file, without Veil and without a database.

It needs Python 3.11 and `cryptography`. The log is a Merkle tree (RFC 9162, SHA-256). A checkpoint is a signed note
(c2sp.org/signed-note, c2sp.org/tlog-checkpoint) that names the tree's size and root.

A leaf is SHA-256(0x00 || salt || entry). An entry is text in UTF-8: a line `record`, `plan`, `policy` or `retirement`, then
a line for each column, in the order of their names. A line is the name, a space, a length, a space, and the value. Only texts have a
length, in bytes; true is `t`, false is `f`, a list is like `{1,NULL}`, and null is empty.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROOF_FORM: Final = "veil proof 1"
EXPORT_FORM: Final = "veil export 1"

LOG_KEY: Final = 1
"""Signs the text of a note."""
WITNESS_KEY: Final = 4
"""Signs the text of a note together with a time (c2sp.org/tlog-cosignature)."""

_KINDS: Final = ("record", "plan", "policy", "retirement")
_SIGNATURE_LINE: Final = re.compile("— ([^ +]+) ([A-Za-z0-9+/]+={0,2})")


class VerificationError(Exception):
    """Something is not proven; the message says what."""


# The tree.


def entry(kind: str, content: Mapping[str, Any]) -> bytes:
    """What a leaf is made of."""
    lines = [kind, *(f"{name} {_value(content[name])}" for name in sorted(content))]
    try:
        return "\n".join(lines).encode()
    except UnicodeEncodeError:
        raise VerificationError("the file is malformed: a text is no Unicode") from None


def _value(value: Any) -> str:
    match value:
        case str():
            return f"{len(value.encode(errors='replace'))} {value}"
        case bool():
            return " t" if value else " f"
        case int():
            return f" {value}"
        case None:
            return " "
        case list() if all(each is None or type(each) in (int, str) for each in value):
            return (
                f" {{{','.join('NULL' if each is None else json.dumps(each, ensure_ascii=False) for each in value)}}}"
            )
        case _:
            raise VerificationError("the file is malformed: a column has a value that no column has")


def leaf_hash(salt: bytes, kind: str, content: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(b"\0" + salt + entry(kind, content)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeHead:
    """A tree's size and root."""

    size: int
    root: bytes


def check_inclusion(tree: TreeHead, position: int, leaf: bytes, path: Sequence[bytes]) -> None:
    """Raises `VerificationError` unless the leaf is at this position of the tree (RFC 9162 §2.1.3.2)."""
    if not 0 <= position < tree.size:
        raise VerificationError(f"position {position} is not in a log of {tree.size} leaves")
    first, last, found = position, tree.size - 1, leaf
    for each in path:
        if last == 0:
            raise VerificationError("the inclusion proof is too long")
        if first % 2 or first == last:
            found = node_hash(each, found)
            while first % 2 == 0 and first:
                first, last = first // 2, last // 2
        else:
            found = node_hash(found, each)
        first, last = first // 2, last // 2
    if last or found != tree.root:
        raise VerificationError(f"leaf {position} is not in the log of this checkpoint")


def check_consistency(earlier: TreeHead, later: TreeHead, path: Sequence[bytes]) -> None:
    """Raises `VerificationError` unless the later tree begins with the earlier one (RFC 9162 §2.1.4.2)."""
    if not 0 < earlier.size <= later.size:
        raise VerificationError("the earlier checkpoint is not of a smaller log")
    if earlier.size == later.size:
        if path or earlier.root != later.root:
            raise VerificationError("two checkpoints of one size differ")
        return
    steps = list(path)
    if earlier.size & (earlier.size - 1) == 0:
        steps.insert(0, earlier.root)
    if not steps or _extended(earlier, later, steps) != (earlier.root, later.root):
        raise VerificationError("the later checkpoint does not extend the earlier one")


def _extended(earlier: TreeHead, later: TreeHead, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots that a consistency proof leads to."""
    first, last = earlier.size - 1, later.size - 1
    while first % 2:
        first, last = first // 2, last // 2
    old = new = steps[0]
    for each in steps[1:]:
        if last == 0:
            raise VerificationError("the consistency proof is too long")
        if first % 2 or first == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while first % 2 == 0 and first:
                first, last = first // 2, last // 2
        else:
            new = node_hash(new, each)
        first, last = first // 2, last // 2
    if last:
        raise VerificationError("the consistency proof is too short")
    return old, new


def full_nodes(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The largest full subtrees that the leaves from `start` up to `end` are made of: (level, place in the level)."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


class Peaks:
    """The full subtrees of a tree that grows from left to right."""

    def __init__(self, peaks: Iterable[tuple[int, bytes]] = ()) -> None:
        self._peaks = list(peaks)

    def copy(self) -> "Peaks":
        return Peaks(self._peaks)

    def add(self, level: int, subtree: bytes) -> None:
        """Adds the next full subtree: a leaf has level 0."""
        while self._peaks and self._peaks[-1][0] == level:
            level, subtree = level + 1, node_hash(self._peaks.pop()[1], subtree)
        self._peaks.append((level, subtree))

    def root(self) -> bytes:
        """The root of the tree so far."""
        found = b""
        for _, subtree in reversed(self._peaks):
            found = node_hash(subtree, found) if found else subtree
        return found or hashlib.sha256().digest()


# Signed notes.


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with its name, written `name+id+key`."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """Raises `VerificationError`."""
        name, _, rest = text.strip().partition("+")
        written_id, _, encoded = rest.partition("+")
        content = _decoded(encoded)
        if not name or len(content) != 33 or content[0] not in (LOG_KEY, WITNESS_KEY):
            raise VerificationError("a key is written `name+id+key`, for Ed25519")
        key = cls(name=name, kind=content[0], public=content[1:])
        if key.id.hex() != written_id:
            raise VerificationError(f"the id of the key of {name} does not fit it")
        return key

    @property
    def id(self) -> bytes:
        """The first bytes of each signature by this key."""
        return hashlib.sha256(f"{self.name}\n".encode() + self._typed).digest()[:4]

    @property
    def _typed(self) -> bytes:
        return bytes([self.kind]) + self.public

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self._typed).decode()}"

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Whether a signature, without the key's id, is this key's for a note of this text."""
        message = text.encode()
        if self.kind == WITNESS_KEY:
            if len(signature) < 8:
                return False
            at, signature = int.from_bytes(signature[:8]), signature[8:]
            message = f"cosignature/v1\ntime {at}\n".encode() + message
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The keys of a log, of which one must have signed, and of witnesses, who all must have."""

    keys: Sequence[VerifierKey]
    witnesses: Sequence[VerifierKey] = ()

    def check(self, note: str) -> "Checkpoint":
        """The checkpoint of a note. Raises `VerificationError` if a signature is missing or wrong."""
        checkpoint = Checkpoint.read(note)
        signed = [key for key in self.keys if key.name == checkpoint.origin and checkpoint.is_signed_by(key)]
        if not signed:
            raise VerificationError(f"no known key has signed the checkpoint of {checkpoint.tree.size} leaves")
        for witness in self.witnesses:
            if not checkpoint.is_signed_by(witness):
                raise VerificationError(f"{witness.name} has not witnessed the checkpoint")
        return checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a note says, and who signed it. Nothing of it is true before a signature is checked."""

    origin: str
    tree: TreeHead
    text: str
    signatures: Sequence[tuple[str, bytes]]

    @classmethod
    def read(cls, note: str) -> "Checkpoint":
        """Raises `VerificationError` for what is no checkpoint."""
        text, gap, signed = note.rpartition("\n\n")
        lines = text.split("\n")
        signatures = [_SIGNATURE_LINE.fullmatch(line) for line in signed.removesuffix("\n").split("\n")]
        if not gap or not signed.endswith("\n") or len(lines) < 3 or not all(lines):
            raise VerificationError("this is no checkpoint")
        origin, size, root = lines[:3]
        if not re.fullmatch("0|[1-9][0-9]{0,18}", size) or len(_decoded(root)) != 32:
            raise VerificationError("this is no checkpoint")
        return cls(
            origin=origin,
            tree=TreeHead(size=int(size), root=_decoded(root)),
            text=f"{text}\n",
            signatures=[(each[1], _decoded(each[2])) for each in signatures if each],
        )

    def is_signed_by(self, key: VerifierKey) -> bool:
        return any(
            name == key.name and signature[:4] == key.id and key.has_signed(self.text, signature[4:])
            for name, signature in self.signatures
        )


def checkpoint_text(origin: str, tree: TreeHead) -> str:
    """The text that is signed."""
    return f"{origin}\n{tree.size}\n{base64.b64encode(tree.root).decode()}\n"


# Files.


def check_proof(proof: Mapping[str, Any], trust: Trust) -> Iterator[str]:
    """Says what a proof proves. Raises `VerificationError`."""
    checkpoint = trust.check(_text(proof, "checkpoint"))
    yield f"checkpoint: {checkpoint.origin}, {checkpoint.tree.size:,} leaves"
    for leaf in _list(proof, "leaves"):
        kind, content = _content(leaf)
        found = leaf_hash(_bytes(leaf, "salt"), kind, content)
        check_inclusion(checkpoint.tree, _number(leaf, "position"), found, _hashes(leaf, "path"))
        yield f"in the log: {kind} {content.get('id')}, at position {leaf['position']:,}"
    if "earlier" in proof:
        earlier = trust.check(_text(proof, "earlier"))
        check_consistency(earlier.tree, checkpoint.tree, _hashes(proof, "consistency"))
        yield f"extends the checkpoint of {earlier.tree.size:,} leaves"


def check_export(lines: Iterable[str], trust: Trust) -> Iterator[str]:
    """Says what an export proves: all leaves of a part of the log, in order, none left out. Raises `VerificationError`."""
    each_line = iter(lines)
    head = _object(next(each_line, ""))
    checkpoint = trust.check(_text(head, "checkpoint"))
    first, end = _number(head, "first"), _number(head, "end")
    if not 0 <= first <= end <= checkpoint.tree.size:
        raise VerificationError("the export is not of this log")
    peaks = Peaks()
    _add(peaks, full_nodes(0, first), _hashes(head, "before"))
    found = 0
    for line in each_line:
        found += 1
        peaks.add(0, _exported_leaf(_object(line)))
    if found != end - first:
        raise VerificationError(f"the export has {found:,} leaves instead of {end - first:,}")
    _add(peaks, full_nodes(end, checkpoint.tree.size), _hashes(head, "after"))
    if peaks.root() != checkpoint.tree.root:
        raise VerificationError("the export is not what the log of this checkpoint holds")
    yield f"checkpoint: {checkpoint.origin}, {checkpoint.tree.size:,} leaves"
    yield f"in the log: {end - first:,} leaves, all from position {first:,} to {end - 1:,}"


def _add(peaks: Peaks, nodes: Iterable[tuple[int, int]], subtrees: Sequence[bytes]) -> None:
    levels = [level for level, _ in nodes]
    if len(levels) != len(subtrees):
        raise VerificationError("the export has another number of hashes than its place in the log needs")
    for level, subtree in zip(levels, subtrees, strict=True):
        peaks.add(level, subtree)


def _exported_leaf(leaf: Mapping[str, Any]) -> bytes:
    """The hash of a leaf. One whose content was erased has nothing but its hash."""
    if "hash" in leaf:
        return _bytes(leaf, "hash")
    kind, content = _content(leaf)
    return leaf_hash(_bytes(leaf, "salt"), kind, content)


# Reading JSON that anybody may have written.


def _object(text: str) -> Mapping[str, Any]:
    try:
        found: Any = json.loads(text, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        found = None
    return _checked(found, dict, "an object")


def _without_doubles(members: list[tuple[str, Any]]) -> dict[str, Any]:
    # Of two members of one name, readers differ in which they take.
    if len(found := dict(members)) != len(members):
        raise ValueError
    return found


def _checked(value: Any, of: type, called: str) -> Any:
    # JSON's true is no number.
    if not isinstance(value, of) or isinstance(value, bool):
        raise VerificationError(f"the file is malformed: {called} is missing")
    return value


def _text(of: Mapping[str, Any], key: str) -> str:
    return _checked(of.get(key), str, f"the text `{key}`")


def _number(of: Mapping[str, Any], key: str) -> int:
    return _checked(of.get(key), int, f"the number `{key}`")


def _list(of: Mapping[str, Any], key: str) -> Sequence[Any]:
    return _checked(of.get(key), list, f"the list `{key}`")


def _bytes(of: Mapping[str, Any], key: str) -> bytes:
    return _decoded(_text(of, key))


def _hashes(of: Mapping[str, Any], key: str) -> Sequence[bytes]:
    hashes = [_decoded(_checked(each, str, f"a hash of `{key}`")) for each in _list(of, key)]
    if any(len(each) != 32 for each in hashes):
        raise VerificationError(f"the file is malformed: a hash of `{key}` has another length")
    return hashes


def _content(leaf: Any) -> tuple[str, Mapping[str, Any]]:
    found = _checked(leaf, dict, "a leaf")
    kinds = [kind for kind in _KINDS if kind in found]
    if len(kinds) != 1:
        raise VerificationError("the file is malformed: a leaf is a record, a plan, a policy or a retirement")
    return kinds[0], _checked(found[kinds[0]], dict, "the content of a leaf")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise VerificationError("the file is malformed: this is no base64") from None


# The command.


def check_file(path: Path, trust: Trust) -> Iterator[str]:
    """Says what a proof or an export proves. Raises `VerificationError`."""
    with path.open(encoding="utf-8") as file:
        head = _object(file.readline())
        match head.get("form"):
            case "veil proof 1":
                yield from check_proof(head, trust)
            case "veil export 1":
                file.seek(0)
                yield from check_export(file, trust)
            case _:
                raise VerificationError("this is neither a proof nor an export of Veil")


def run_veil_verify() -> NoReturn:
    """`veil-verify`: exits with 1 if anything is not proven."""
    parser = argparse.ArgumentParser(prog="veil-verify", description="Verify a proof of Veil's access log.")
    parser.add_argument("file", type=Path, help="what `veil log prove` or `veil log export --proofs` wrote")
    parser.add_argument("--key", action="append", required=True, help="public key of the log; again for another")
    parser.add_argument("--witness", action="append", default=[], help="public key of a witness who must have signed")
    given = parser.parse_args()
    try:
        trust = Trust(
            keys=[VerifierKey.read(text) for text in given.key],
            witnesses=[VerifierKey.read(text) for text in given.witness],
        )
        for line in check_file(given.file, trust):
            sys.stdout.write(f"{line}\n")
    except (VerificationError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"veil-verify: {error}\n")
        sys.exit(1)
    sys.exit(0)


if __name__ == "__main__":
    run_veil_verify()
