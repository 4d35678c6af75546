"""A body is read if each of its objects has each key once, and refused if not, however it is written."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.http.request import BodyReader, head, read
from schema.refusals import Code, Refused

Written = tuple[str, bool]
"""JSON, and whether an object in it has a key twice."""

TEXTS = st.text(alphabet='a:b",{}\\ü', max_size=4)
BLANKS = st.sampled_from(["", " ", "\n"])


@st.composite
def texts(draw: st.DrawFn, content: st.SearchStrategy[str] = TEXTS) -> Written:
    """A text; some write every character as an escape."""
    text = draw(content)
    escaped = "".join(f"\\u{ord(character):04x}" for character in text)
    return (f'"{escaped}"' if draw(st.booleans()) else json.dumps(text, ensure_ascii=False)), False


@st.composite
def objects(draw: st.DrawFn, values: st.SearchStrategy[Written]) -> Written:
    names = [draw(texts(st.sampled_from(["a", "b", "a:", ":"])))[0] for _ in range(draw(st.integers(0, 3)))]
    members = [draw(values) for _ in names]
    is_repeated = len({json.loads(name) for name in names}) < len(names) or any(twice for _, twice in members)
    return _object(draw, list(zip(names, (value for value, _ in members), strict=True))), is_repeated


def _object(draw: st.DrawFn, members: list[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{name}{draw(BLANKS)}:{draw(BLANKS)}{value}" for name, value in members) + "}"


@st.composite
def lists(draw: st.DrawFn, values: st.SearchStrategy[Written]) -> Written:
    members = draw(st.lists(values, max_size=3))
    return "[" + ",".join(value for value, _ in members) + "]", any(twice for _, twice in members)


PLAIN = st.sampled_from([("1", False), ("null", False), ("true", False)])
VALUES = st.recursive(PLAIN | texts(), lambda values: objects(values) | lists(values), max_leaves=8)


@st.composite
def bodies(draw: st.DrawFn) -> Written:
    """A request, with variables, perhaps with keys that the gateway does not know, or with one of its own again."""
    variables, is_repeated = draw(objects(VALUES))
    members = [('"query"', draw(texts())[0]), ('"variables"', variables)]
    if draw(st.booleans()):
        other, other_is_repeated = draw(VALUES)
        members.append(('"other"', other))
        is_repeated = is_repeated or other_is_repeated
    if draw(st.booleans()):
        members.append((draw(st.sampled_from(['"query"', '"\\u0071uery"'])), draw(texts())[0]))
        is_repeated = True
    return _object(draw, members), is_repeated


@given(bodies())
def test_a_body_is_refused_if_a_key_comes_twice(written: Written) -> None:
    content, is_repeated = written
    assert is_refused(content.encode()) == is_repeated


def is_refused(content: bytes) -> bool:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": content}

    scope = {"method": "POST", "headers": [(b"content-type", b"application/json")]}
    try:
        asyncio.run(read(head(scope), BodyReader(receive, limit=10_000)))
    except Refused as refused:
        return refused.code is Code.BODY_MALFORMED
    return False
