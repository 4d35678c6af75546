"""Tokens: a row's id sealed with the requester's key, texts that stand for an id sealed alike, pseudonyms of other values."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from functools import lru_cache

from schema.cursors import open_sealed, seal
from schema.labels import Identifier

# Tokens. A row's id is sealed: the tag is a keyed function of the row's kind and id, the id is masked with a keyed
# function of the tag, and opening it makes the tag anew. This is deterministic authenticated encryption as RFC 5297
# builds it, with SHA-256 for the keyed functions: their inputs have one fixed length for each use (48, 40 and 72 bytes,
# key first) and their outputs are cut short, so that no input is another's beginning, nor an output a way to extend it.
#
# Two rows of a kind share a tag with a chance of n²/2⁶⁵ among n rows: one in two at 2³² rows, below one in 10⁵ at ten
# million. Their tokens still differ and open, and tell only how their two ids differ. A made-up token opens with a
# chance of 2⁻⁶⁴. An id that is no number is sealed as a cursor is, in steps of 64 bytes so that its length tells little;
# so is a text that stands for an id and that rows are filtered by. Any other value is only pseudonymised: nothing needs
# to turn it back.

_SEALED = re.compile("[0-9a-f]{32}")


def token_of_id(key: bytes, kind: str, identity: int) -> str:
    """The token of a row: `Kind:~` and 32 hexadecimal digits. `key` is the requester's, 32 bytes."""
    plain = identity.to_bytes(8, "big", signed=True)
    tag = _tag(key, kind, plain)
    return f"{kind}:~{(tag + _masked(key, tag, plain)).hex()}"


def id_of_token(key: bytes, kind: str, token: str) -> int | None:
    """The row's id in a token of this requester and kind; none if the token is not one of theirs."""
    prefix, _, sealed = token.partition(":~")
    if prefix != kind or not _SEALED.fullmatch(sealed):
        return None
    block = bytes.fromhex(sealed)
    tag = block[:8]
    plain = _masked(key, tag, block[8:])
    genuine = hmac.compare_digest(_tag(key, kind, plain), tag)
    return int.from_bytes(plain, "big", signed=True) if genuine else None


def text_id_place(kind: str) -> str:
    """What the id of a row is sealed as where it is no number."""
    return f"{kind}.id"


def token_of_text_id(key: bytes, kind: str, identity: str) -> str:
    """The token of a row whose id is no number: `Kind:~` and the id sealed as a text."""
    return f"{kind}:~{token_of_text(key, text_id_place(kind), identity)}"


def text_id_of_token(key: bytes, kind: str, token: str) -> str | None:
    """The row's id in such a token of this requester and kind; none if the token is not one of theirs."""
    prefix, _, sealed = token.partition(":~")
    return text_of_token(key, text_id_place(kind), sealed) if prefix == kind else None


TEXT_STEP = 64
"""A sealed text is as long as a multiple of this, in bytes."""


def token_of_text(key: bytes, place: str, text: str) -> str:
    """The token of a text that stands for an id. `place` is the field's, like `AccessRecord.requester`."""
    content = json.dumps([text], ensure_ascii=False).encode()
    return seal(key, place, content.ljust(-(-len(content) // TEXT_STEP) * TEXT_STEP))


def text_of_token(key: bytes, place: str, token: str) -> str | None:
    """The text in a token of this requester and field; none if the token is not one of theirs."""
    content = open_sealed(key, place, token)
    if content is None:
        return None
    text = json.loads(content)[0]
    # Base64 has several spellings of some bytes, and a token has one.
    return text if token_of_text(key, place, text) == token else None


def pseudonym(key: bytes, identifier: Identifier, value: str, subjects: Iterable[int]) -> str:
    """The token of a value that is not an id: 20 characters that cannot be reversed.

    `subjects` are the members it is about. Of another member the same value has another token, so that nobody can have
    a guess made into a token and look for it elsewhere.
    """
    about = f"{','.join(map(str, subjects))}:{value}"
    digest = hashlib.sha256(key + _kind_digest(identifier) + hashlib.sha256(about.encode()).digest()).digest()
    return base64.b64encode(digest[:15]).decode()


@lru_cache(maxsize=64)
def _kind_digest(kind: str) -> bytes:
    return hashlib.sha256(kind.encode()).digest()[:8]


def _tag(key: bytes, kind: str, plain: bytes) -> bytes:
    return hashlib.sha256(key + _kind_digest(kind) + plain).digest()[:8]


def _masked(key: bytes, tag: bytes, block: bytes) -> bytes:
    pad = hashlib.sha256(key + tag).digest()[:8]
    return (int.from_bytes(pad, "big") ^ int.from_bytes(block, "big")).to_bytes(8, "big")
