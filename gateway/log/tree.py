"""The log's Merkle tree without a database: which parts of it a proof is made of, and how their hashes are found.

Stored are the hashes of the leaves, and of full subtrees of 256 leaves, of 65,536 and so on. A node between is made
from the stored ones under it, at most 256.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from gateway.log.veil_verify import full_nodes, node_hash

TILE: Final = 256
"""Leaves of the smallest stored subtree, and subtrees of the next larger one."""
TILE_LEVELS: Final = 8
_HASH: Final = 32

Span = tuple[int, int]
"""Leaves: from a position, up to another that is not included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """Stored hashes, side by side, of one level: 0 is that of the leaves, 8 that of subtrees of 256."""

    level: int
    start: int
    end: int


def stored_row(level: int, place: int) -> StoredRow:
    """The stored hashes that a node is made from."""
    above = level % TILE_LEVELS
    return StoredRow(level=level - above, start=place << above, end=(place + 1) << above)


def stored_rows(spans: Sequence[Span]) -> Sequence[Sequence[StoredRow]]:
    """The stored hashes of the full subtrees of each span."""
    return [[stored_row(level, place) for level, place in full_nodes(*span)] for span in spans]


def full_subtrees(hashes: bytes) -> Sequence[bytes]:
    """The roots of the full subtrees over hashes that stand side by side, by level, each level's side by side too."""
    levels = [hashes]
    while len(hashes) >= 2 * _HASH:
        pairs = range(0, len(hashes) - len(hashes) % (2 * _HASH), 2 * _HASH)
        hashes = b"".join([sha256(b"\1" + hashes[start : start + 2 * _HASH]).digest() for start in pairs])
        levels.append(hashes)
    return levels


def subtree_root(hashes: bytes) -> bytes:
    """The root over hashes that stand side by side, 1, 2, 4, 8 and so on of them."""
    return full_subtrees(hashes)[-1]


def root_of(subtrees: Sequence[bytes]) -> bytes:
    """The root over the full subtrees of a span, from left to right."""
    *others, root = subtrees
    for each in reversed(others):
        root = node_hash(each, root)
    return root


def inclusion_spans(position: int, size: int) -> Sequence[Span]:
    """The spans whose roots prove that a leaf is in a tree (RFC 9162 §2.1.3.1), in their order."""
    start, end, spans = 0, size, list[Span]()
    while end - start > 1:
        middle = _middle(start, end)
        if position < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(earlier: int, size: int) -> Sequence[Span]:
    """The spans whose roots prove that a tree extends an earlier one (RFC 9162 §2.1.4.1), in their order."""
    start, end, spans = 0, size, list[Span]()
    while earlier != end:
        middle = _middle(start, end)
        if earlier <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:
        spans.append((start, end))
    return spans[::-1]


def _middle(start: int, end: int) -> int:
    """Where a tree's left subtree ends."""
    return start + (1 << (end - start - 1).bit_length() - 1)
