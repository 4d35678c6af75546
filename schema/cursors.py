"""Cursors: the values a row is ordered by, sealed with the requester's key for one connection and order.

PostgreSQL makes them with the function `veil.cursor`, which does as `cursor_of` does.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from functools import lru_cache

# A cursor is sealed as a row's id is (`schema.tokens`). The tag is a keyed function of the connection, the order and the
# values, and a keyed stream made from the tag hides the values. So nobody makes one up (2⁻¹²⁸), moves it to another
# connection, order or requester, or reads a value in it. The same row has the same cursor. Its length tells the length
# of the values, which the requester sees plain. The inputs of SHA-256 have 80 and 52 bytes, lengths no token uses.

_TAG = 16
_BLOCK = 32


def seal(key: bytes, place: str, content: bytes) -> str:
    """A content that only `key` opens, which is the requester's, 32 bytes; and only as one of this place."""
    tag = _tag(key, place, content)
    return base64.b64encode(tag + _exclusive_or(content, _stream(key, tag, len(content)))).decode()


def open_sealed(key: bytes, place: str, sealed: str) -> bytes | None:
    """What was sealed; none if it was not sealed with this key as one of this place."""
    try:
        opened = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        return None
    tag, hidden = opened[:_TAG], opened[_TAG:]
    content = _exclusive_or(hidden, _stream(key, tag, len(hidden)))
    return content if hmac.compare_digest(_tag(key, place, content), tag) else None


def cursor_of(key: bytes, connection: str, values: Sequence[str | None]) -> str:
    """The cursor of a row of a connection. `key` is the requester's, 32 bytes."""
    return seal(key, connection, json.dumps(values, ensure_ascii=False).encode())


def values_of_cursor(key: bytes, connection: str, cursor: str) -> Sequence[str | None] | None:
    """The values in a cursor; none if it is not this requester's for this connection and order."""
    content = open_sealed(key, connection, cursor)
    return None if content is None else json.loads(content)


@lru_cache(maxsize=4_096)
def connection_digest(connection: str) -> bytes:
    """What stands for a connection and its order in a tag: 16 bytes."""
    return hashlib.sha256(connection.encode()).digest()[:16]


def _tag(key: bytes, connection: str, content: bytes) -> bytes:
    return hashlib.sha256(key + connection_digest(connection) + hashlib.sha256(content).digest()).digest()[:_TAG]


def _stream(key: bytes, tag: bytes, length: int) -> bytes:
    blocks = range(-(-length // _BLOCK))
    return b"".join(hashlib.sha256(key + tag + block.to_bytes(4, "big")).digest() for block in blocks)[:length]


def _exclusive_or(content: bytes, stream: bytes) -> bytes:
    return (int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(content), "big")
