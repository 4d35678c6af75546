"""What organisations are shown of a marketplace, whole, by the gateway's own statements; and whom each row is really about.

A page is as large as it need be. So an organisation that pages for as long as it takes has as much.
"""

import calendar
import json
import random
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

from graphql import GraphQLNamedType, GraphQLObjectType, get_named_type, is_leaf_type

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from resolvers.sql.render import Installation
from schema.requester import Requester
from schema.tokens import id_of_token
from tests.opinion.asking import Asking
from tests.opinion.executing import COUNTRY, Gateway, Rules, gateway

Shown = Mapping[str, Any]
"""A row as it is shown."""

WHOLE: Final = 1_000_000_000
"""Rows of a page, and the cost of an operation: as many as there are."""

HOWEVER_LONG: Final = "set local statement_timeout = 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All rows of one connection that a requester is shown, with every value in them and in their parts."""

    requester: Requester
    rows: Sequence[Shown]

    def identity(self, shown: Shown) -> int:
        """The number behind a row's id, which whoever is shown a token does not know."""
        kind, _, text = shown["id"].partition(":")
        found = id_of_token(self.requester.key, kind, shown["id"]) if text.startswith("~") else int(text)
        assert found is not None
        return found

    def sample(self, most: int) -> Sequence[Shown]:
        """All rows, or as many that are chosen by chance."""
        return self.rows if len(self.rows) <= most else random.Random(7).sample(self.rows, most)

    def only(self, rows: Sequence[Shown]) -> "View":
        return replace(self, rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketplace:
    """A sample marketplace and the gateway over it."""

    gateway: Gateway
    rules: Rules

    async def shown(self, asking: Asking, connection: str, narrowed: str = "") -> View:
        """What a requester is shown of a connection; no rows where they have none."""
        view = self.rules.view(asking.role, asking.purpose)
        requester = await self.gateway.requester(asking, self.rules.policy)
        assert view.query_type
        found = view.query_type.fields.get(connection)
        if found is None:
            return View(requester=requester, rows=())
        connected = get_named_type(found.type)
        assert isinstance(connected, GraphQLObjectType)
        row = get_named_type(connected.fields["nodes"].type)
        query = f"{{ {connection}(first: {WHOLE} {narrowed}) {{ nodes {_values(row)} }} }}"
        request = Request(document=query, operation_name=None, variables={})
        async with self.gateway.transaction([HOWEVER_LONG]):
            with patch("resolvers.binding.MAX_PAGE_SIZE", WHOLE):
                (outcome,) = await self.gateway.execute([(requester, request)], self.rules)
        assert outcome.answer is not None, outcome.code
        return View(requester=requester, rows=json.loads(outcome.answer)[connection]["nodes"])

    async def rows(self, query: str) -> Sequence[Any]:
        """What is really so: rows that the owner reads."""
        async with self.gateway.transaction([]), self.gateway.as_owner():
            return await self.gateway.connection.fetch(query)

    async def truth(self, query: str) -> Mapping[Any, Any]:
        """The second of each row's values, by the first."""
        return dict([tuple(row) for row in await self.rows(query)])


def _values(kind: GraphQLNamedType) -> str:
    """Every value of a type; of what it is made of or leads to by one step, those that are public ids."""
    assert isinstance(kind, GraphQLObjectType)
    parts = [name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type))]
    for name in ("items", "company"):
        if name in kind.fields:
            inner = get_named_type(kind.fields[name].type)
            assert isinstance(inner, GraphQLObjectType)
            leaves = [each for each, field in inner.fields.items() if is_leaf_type(get_named_type(field.type))]
            parts.append(f"{name} {{ {' '.join(leaves)} }}")
    return f"{{ {' '.join(parts)} }}"


@asynccontextmanager
async def marketplace(url: str) -> AsyncGenerator[Marketplace]:
    """The sample marketplace at an address, which is its owner's."""
    async with gateway(url) as served:
        limits = replace(DEFAULT_LIMITS, cost=10**15)
        compiler = Compiler(
            served.catalog, served.own.policy, limits, installation=Installation(country=COUNTRY), document_cache=200
        )
        yield Marketplace(gateway=served, rules=Rules(policy=served.own.policy, compiler=compiler))


# Times as they are shown.

Span = tuple[datetime, datetime]


def span_of(text: str | None) -> Span | None:
    """Between which moments a time lies that is shown so: within a month where it is the first moment of one."""
    if text is None:
        return None
    first = datetime.fromisoformat(text)
    if (first.day, first.hour, first.minute, first.second, first.microsecond) != (1, 0, 0, 0, 0):
        return first, first
    days = calendar.monthrange(first.year, first.month)[1]
    return first, first + timedelta(days=days) - timedelta(microseconds=1)


def meet(one: Span | None, other: Span | None, *, later: timedelta = timedelta()) -> bool:
    """Whether the second time may be the first, or come up to so much later. What is not shown may be any."""
    if one is None or other is None:
        return True
    return one[0] <= other[1] and other[0] <= one[1] + later
