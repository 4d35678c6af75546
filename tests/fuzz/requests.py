"""Requests by chance: valid in a requester's view, nearly valid, and bodies and headers of any kind."""

import importlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from graphql import GraphQLSchema, build_schema, print_schema
from hypothesis import strategies as st

from gateway.demo.development import DevelopmentKey
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.marketplace.words import Purposes
from tests.conftest import Requesting
from tests.fuzz.mutating import any_json, changed, nearly
from tests.inference.requesters import EVERYBODY, label
from tests.opinion.operations import Pool, Query, queries

BY_SDL = "hypothesis_graphql"
"""The package that makes documents from a schema alone. Without it these are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request as it is sent."""

    kind: str
    requesting: Requesting
    headers: Sequence[tuple[str, bytes]]
    body: bytes

    def __str__(self) -> str:
        headers = "".join(f"\n  {name}: {value[:200]!r}" for name, value in self.headers)
        return f"{self.kind}, as {label(self.requesting)}{headers}\n  {self.body.decode('utf-8', 'backslashreplace')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """Requests of everybody to a gateway over one marketplace."""

    compiler: Compiler
    catalog: Catalog
    pool: Pool
    key: DevelopmentKey
    _views: dict[str, GraphQLSchema] = field(default_factory=dict[str, GraphQLSchema])
    _made: dict[str, st.SearchStrategy[Sent]] = field(default_factory=dict[str, st.SearchStrategy[Sent]])
    """By requester, made when first needed."""

    def view(self, requesting: Requesting) -> GraphQLSchema:
        """The view without anything of the gateway's behind its types."""
        name = f"{requesting.role}-{requesting.purpose}"
        if name not in self._views:
            view = self.compiler.view(requesting.role, requesting.purpose)
            self._views[name] = build_schema(print_schema(view.graphql))
        return self._views[name]

    def any(self) -> st.SearchStrategy[Sent]:
        return st.sampled_from(EVERYBODY).flatmap(self.of)

    def of(self, requesting: Requesting) -> st.SearchStrategy[Sent]:
        """Requests of one requester."""
        name = label(requesting)
        if name not in self._made:
            self._made[name] = self._of(requesting)
        return self._made[name]

    def _of(self, requesting: Requesting) -> st.SearchStrategy[Sent]:
        """The simplest come first, to which a failing one is made smaller."""
        view = self.view(requesting)
        headers = _headers(requesting, self.key)
        valid = queries(view, self.catalog, self.pool).map(_body)
        kinds = {
            "valid": valid.map(_json),
            "by its SDL": _by_sdl(view).map(_json) if find_spec(BY_SDL) else None,
            "nearly valid": valid.flatmap(nearly).map(_json),
            "body": any_body(),
        }
        bodies = [st.tuples(st.just(kind), each) for kind, each in kinds.items() if each is not None]
        as_usual = st.one_of(bodies).map(
            lambda made: Sent(kind=made[0], requesting=requesting, headers=headers, body=made[1])
        )
        otherwise = st.tuples(any_headers(headers), st.one_of(valid.map(_json), any_body())).map(
            lambda made: Sent(kind="headers", requesting=requesting, headers=made[0], body=made[1])
        )
        return st.integers(0, 9).flatmap(lambda tenth: otherwise if tenth == 9 else as_usual)


def _headers(requesting: Requesting, key: DevelopmentKey) -> Sequence[tuple[str, bytes]]:
    named = {"Content-Type": "application/json", **requesting.headers(key)}
    return [(name, value.encode()) for name, value in named.items()]


def _body(query: Query) -> dict[str, Any]:
    """As it is sent, with ids that need not be anybody's."""
    ids = {name: str(each.identity) if each.form == "plain" else each.form for name, each in query.ids.items()}
    return {"query": query.text, "operationName": query.name, "variables": {**query.variables, **ids}}


def _json(body: Mapping[str, Any]) -> bytes:
    # Half of a surrogate pair has no bytes: it stays an escape.
    return json.dumps(body).encode()


def _by_sdl(view: GraphQLSchema) -> st.SearchStrategy[Mapping[str, Any]]:
    package = importlib.import_module(BY_SDL)
    nodes = importlib.import_module(f"{BY_SDL}.nodes")
    scalars = {
        "Decimal": st.decimals(-1000, 1000, places=2).map(lambda value: nodes.String(str(value))),
        "DateTime": st.datetimes().map(lambda value: nodes.String(f"{value.isoformat()}Z")),
    }
    documents: st.SearchStrategy[str] = package.queries(view, custom_scalars=scalars)
    return documents.map(lambda text: {"query": text})


def any_body() -> st.SearchStrategy[bytes]:
    """Bytes, JSON, and requests with members of any type."""
    return _BODIES


@lru_cache(maxsize=1)
def _member_names() -> st.SearchStrategy[str]:
    return st.sampled_from(["query", "operationName", "variables", "extensions", "documentId", "id", "Query"])


_BODIES = st.one_of(
    st.binary(max_size=200),
    any_json().map(lambda value: json.dumps(value).encode()),
    st.dictionaries(_member_names(), any_json(), max_size=5).map(lambda value: json.dumps(value).encode()),
    st.tuples(st.sampled_from(["[", '{"variables":', '{"query":[']), st.integers(1, 3_000)).map(
        lambda made: (made[0] * made[1]).encode()
    ),
    st.integers(1, 5_000).map(lambda digits: b'{"query":"{__typename}","variables":{"a":%b}}' % (b"9" * digits)),
    changed(b'{"query":"query A($a: Int) { __typename }","operationName":"A","variables":{"a":1}}'),
)

_VALUES = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60).map(
        lambda text: text.encode("latin-1")
    ),
    st.sampled_from([*(purpose.value.encode() for purpose in Purposes), b"", b"*/*", b"application/json"]),
    st.sampled_from(
        [
            b"application/graphql-response+json, application/json;q=0.9",
            b"application/json; charset=utf-16",
            b"text/html;q=0, */*;q=1e3",
            b"gzip",
            b"Bearer ",
            b"Bearer a.b.c",
            b"Bearer eyJhbGciOiJub25lIn0.e30.",
            b"Basic YTpi",
            b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-01",
            b"x" * 9_000,
        ]
    ),
)

_NAMES = st.sampled_from(
    [
        *("Authorization", "Access-Purpose", "Access-Reference", "Content-Type", "Content-Encoding"),
        *("Accept", "Traceparent", "Tracestate", "Origin", "Cookie", "X-Forwarded-For", "Accept-Encoding", "Range"),
    ]
)


def any_headers(usual: Sequence[tuple[str, bytes]]) -> st.SearchStrategy[Sequence[tuple[str, bytes]]]:
    """Those a requester usually sends, some of them left out, and others by chance."""
    others = st.lists(st.tuples(_NAMES, _VALUES), min_size=1, max_size=3)
    kept = st.lists(st.booleans(), min_size=len(usual), max_size=len(usual)).map(
        lambda keeps: [each for each, keep in zip(usual, keeps, strict=True) if keep]
    )
    return st.one_of(st.just(usual), kept).flatmap(lambda some: others.map(lambda more: [*some, *more]))
