"""Changes to what is valid: tokens of a document taken out, doubled, exchanged; values of any type; bytes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

_TOKENS = re.compile(r'"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|\w+|\S')

_WORDS = (
    *("{", "}", "(", ")", "[", "]", "!", "$", "@", ":", "=", "|", "&", "...", '"', '"""', "#", ",", "\\"),
    *("query", "mutation", "subscription", "fragment", "on", "true", "false", "null", "__typename", "__schema"),
    *("@skip(if: true)", "@include(if: $no)", "@deprecated", "@defer", "@stream", "@oneOf", "$v1", "x: id"),
    *("first: 2147483648", "first: -1", "first: null", "last: 0", "after: null", 'after: ""', "filter: {}"),
    *("orderBy: []", "orderBy: [{}]", "1e400", "-0", "00", '"\\uD800"', '"\\u0000"', '"\\u{110000}"', "\ufeff", "\0"),
    *("email", "cardNumber", "password", "node(id: null)", "__type(name: null) { name }", "nodes", "totalCount"),
)
"""What a document may be given that it should not have."""

_NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([2**31, -(2**63)])
)

_TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "\0", "\ud800", "1e400", "NaN", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "１"]),
)

_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(_TEXTS, st.sampled_from(["eq", "in", "isNull", "gte"])), inner, max_size=3),
    ),
    max_leaves=6,
)


def any_json() -> st.SearchStrategy[Any]:
    """Any value of JSON."""
    return _JSON


def nearly(body: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A valid request with its document changed, or its variables, or both."""
    document = _document(str(body["query"]))
    return st.one_of(
        document.map(lambda text: {**body, "query": text}),
        _variables(body["variables"]).map(lambda values: {**body, "variables": values}),
        st.tuples(document, _variables(body["variables"])).map(
            lambda both: {**body, "query": both[0], "variables": both[1]}
        ),
        st.one_of(st.just("Other"), any_json()).map(lambda name: {**body, "operationName": name}),
    )


def _document(text: str) -> st.SearchStrategy[str]:
    tokens = _TOKENS.findall(text)
    place = st.integers(0, max(len(tokens) - 1, 0))
    change = st.tuples(
        place,
        place,
        st.sampled_from(["leave out", "double", "exchange", "put", "cut"]),
        st.sampled_from([*_WORDS, *tokens]),
    )
    changed = st.lists(change, min_size=1, max_size=3).map(lambda changes: _changed_tokens(tokens, changes))
    return st.one_of(_renamed(tokens), changed).map(" ".join)


def _renamed(tokens: Sequence[str]) -> st.SearchStrategy[Sequence[str]]:
    """With one name in another's place, which seldom breaks the syntax."""
    names = [number for number, token in enumerate(tokens) if token.isidentifier()]
    name = st.sampled_from([*(tokens[number] for number in names), "email", "cardNumber", "nodes", "id", "Query"])
    return st.tuples(st.sampled_from(names or [0]), name).map(
        lambda made: [*tokens[: made[0]], made[1], *tokens[made[0] + 1 :]]
    )


def _changed_tokens(tokens: Sequence[str], changes: Sequence[tuple[int, int, str, str]]) -> Sequence[str]:
    made = list(tokens)
    for one, other, change, word in changes:
        here, there = min(one, len(made)), min(other, len(made))
        match change:
            case "leave out":
                del made[here : here + 1]
            case "double":
                made[here:here] = made[here:there]
            case "exchange":
                made[here : here + 1] = [word]
            case "put":
                made[here:here] = [word]
            case _:
                del made[here:]
    return made


def _variables(values: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if not values:
        return any_json()
    others = st.dictionaries(st.sampled_from([*values, "unknown"]), any_json(), min_size=1, max_size=3)
    missing = st.sampled_from(list(values)).map(
        lambda name: {key: value for key, value in values.items() if key != name}
    )
    return st.one_of(others.map(lambda some: {**values, **some}), missing, any_json())


def changed(content: bytes) -> st.SearchStrategy[bytes]:
    """Bytes with a few of them replaced."""
    change = st.tuples(st.integers(0, len(content) - 1), st.integers(0, 3), st.binary(max_size=3))
    return st.lists(change, min_size=1, max_size=3).map(lambda changes: _changed_bytes(content, changes))


def _changed_bytes(content: bytes, changes: Sequence[tuple[int, int, bytes]]) -> bytes:
    for place, length, instead in changes:
        content = content[:place] + instead + content[place + length :]
    return content
