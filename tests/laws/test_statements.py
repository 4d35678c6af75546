"""Laws of statements: what a call's values may not change, what planning may not change, and what paging must keep."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.settings import DEFAULT_LIMITS
from resolvers.alternatives import absorb
from resolvers.compiler import Call, Compiled, Compiler
from resolvers.front.document import Request
from resolvers.planning.decisions import simplify
from resolvers.planning.plan import CERTAIN, Branch, Predicate, SubjectCondition
from schema.catalog import Catalog
from schema.marketplace import conditions
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.requester import Requester
from schema.treatments import Treatment
from tests.conftest import (
    AFFILIATE,
    ANALYST,
    CARE,
    MEMBER,
    OFFICER,
    PUBLIC,
    STAFF,
    TRADER,
    VENDOR,
    Asking,
    Requesting,
    run,
)

QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def compiler(catalog: Catalog) -> Compiler:
    return Compiler(catalog, policy_file.load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)


# The text of a statement depends on the plan alone.

VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "first: Int!": st.integers(0, 100),
    "id: ID!": st.text(max_size=20) | st.integers(0, 9).map(lambda number: f"Order:{number}"),
    "city: String!": st.text(max_size=20),
    "cities: [String!]!": st.lists(st.text(max_size=5), max_size=3),
    "least: Decimal!": st.decimals(0, 9999, places=2).map(str),
    "since: DateTime!": st.datetimes().map(lambda at: f"{at.isoformat(timespec='seconds')}Z"),
    "status: OrderStatus!": st.sampled_from(["PLACED", "PAID", "SHIPPED"]),
    "isNull: Boolean!": st.booleans(),
    "on: Boolean!": st.booleans(),
}
DOCUMENT = """\
{
  order(id: $id) { id status @include(if: $on) buyer { name @skip(if: $on) } }
  orders(
    first: $first
    filter: {total: {gte: $least}, placedAt: {gte: $since}, status: {eq: $status}, currency: {in: $cities}}
    orderBy: [{total: DESC}]
  ) { totalCount nodes { id total items { quantity } } }
  members(first: $first, filter: {city: {eq: $city}, jobTitle: {isNull: $isNull}}) { nodes { id name city } }
}"""
SWITCHES = ("on",)
"""Directives stay in the document: what they say shapes it."""


@st.composite
def values(draw: st.DrawFn) -> dict[str, Any]:
    return {name.partition(":")[0]: draw(strategy) for name, strategy in VALUES.items()}


def with_variables(given_values: Mapping[str, Any]) -> Request:
    text = f"query Constant({', '.join(f'${name}' for name in VALUES)}) {DOCUMENT}"
    return Request(document=text, operation_name=None, variables=given_values)


def with_literals(given_values: Mapping[str, Any]) -> Request:
    def literal(variable: re.Match[str]) -> str:
        name = variable[1]
        value = given_values[name]
        return variable[0] if name in SWITCHES else value if name == "status" else json.dumps(value)

    text = f"query Constant($on: Boolean!) {re.sub(r'[$]([a-zA-Z]+)', literal, DOCUMENT)}"
    switches = {name: given_values[name] for name in SWITCHES}
    return Request(document=text, operation_name=None, variables=switches)


@given(one=values(), other=values())
@QUICK
def test_a_statement_is_the_same_to_the_letter_whatever_the_values(
    compiler: Compiler, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """As variables or as literals; and the plan a record points to is the same, too."""
    for written in (with_variables, with_literals):
        first, second = (compiler.compiled(written(each), STAFF.role, STAFF.purpose) for each in (one, other))
        assert first.statement.sql == second.statement.sql
        assert first.statement.plan == second.statement.plan
        assert first is second


def test_a_thousand_documents_that_differ_in_a_literal_are_one_plan(compiler: Compiler) -> None:
    def compiled(number: int) -> Compiled:
        text = f'{{ members(first: {number % 100}, filter: {{city: {{eq: "{number}"}}}}) {{ nodes {{ id }} }} }}'
        return compiler.compiled(Request(document=text, operation_name=None, variables={}), STAFF.role, STAFF.purpose)

    assert len({id(compiled(number)) for number in range(1_000)}) == 1


HIDDEN_VALUE = "rosa@example.org"


def test_no_value_is_in_a_statement_or_in_what_is_stored_of_a_plan(compiler: Compiler) -> None:
    text = f'{{ members(filter: {{city: {{eq: "{HIDDEN_VALUE}"}}}}) {{ nodes {{ id }} }} }}'
    request = Request(document=text, operation_name=None, variables={})
    made = compiler.compiled(request, STAFF.role, STAFF.purpose)
    planned = compiler.plan(request, STAFF.role, STAFF.purpose)
    assert HIDDEN_VALUE not in f"{made.statement.sql} {made.statement.plan} {made.parameters} {made.cost} {planned}"


@pytest.mark.parametrize(("field", "goes"), [("members", True), ("organisations", False)])
def test_a_requesters_key_goes_only_where_tokens_are_made_of_it(compiler: Compiler, field: str, goes: bool) -> None:
    key = bytes(range(32))
    requester = Requester(
        sub="care",
        role=Roles.SERVICE_PROVIDER,
        purpose=Purposes.ACCOUNT_SERVICE,
        member=None,
        organisation=20,
        reference=None,
        key=key,
    )
    asked = f"{{ {field} {{ nodes {{ id name }} }} }}"
    call = compiler.compile(Request(document=asked, operation_name=None, variables={}), requester)
    assert isinstance(call, Call)
    assert (key in call.arguments(requester)) is goes


IN_ANOTHER_PROCESS = """
import sys
from gateway import app
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.policy import policy_file
from schema.marketplace.words import Purposes, Roles
catalog = app.catalog()
compiler = Compiler(catalog, policy_file.load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)
text = sys.stdin.read()
made = compiler.compiled(Request(document=text, operation_name=None, variables={"a": 1, "b": 1}), Roles.PUBLIC, Purposes.PUBLIC_BROWSING)
sys.stdout.write(made.statement.sql)
"""


def in_a_process_hashing_by(seed: str, document: str) -> str:
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS.replace('1, "b": 1', 'True, "b": True')]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    made = subprocess.run(command, input=document, env=environment, capture_output=True, text=True, check=True)
    return made.stdout


def test_every_process_makes_the_same_statement_of_a_document() -> None:
    """Workers share plans in the log by a digest; nothing in a statement may depend on how a process orders sets."""
    document = """\
    query ($a: Boolean!, $b: Boolean!) {
      companies(first: 1) { nodes { name @include(if: $a) @skip(if: $b) ...F @skip(if: $a) ...F @include(if: $b) } }
    }
    fragment F on Company { name city }"""
    assert len({in_a_process_hashing_by(seed, document) for seed in ("1", "4")}) == 1


# What planning simplifies means the same.

ATOMS = [
    SubjectCondition(conditions.CONTRACT),
    *(
        SubjectCondition(each, subject)
        for each in (conditions.CASE, conditions.SELF)
        for subject in ("buyer_id", "seller_id")
    ),
]
ASSIGNMENTS = [frozenset(atom for atom, on in zip(ATOMS, row, strict=True) if on) for row in product((0, 1), repeat=5)]
"""Every way the world may be: which of the conditions hold."""

SETS = st.frozensets(st.sampled_from(ATOMS), max_size=3)
PREDICATES = st.frozensets(SETS, min_size=1, max_size=4)
SHOWN = [treatment for treatment in Treatment if treatment is not Treatment.HIDDEN]


def holds(predicate: Predicate, true: frozenset[SubjectCondition]) -> bool:
    return any(one <= true for one in predicate)


def shown(cases: Iterable[Branch], true: frozenset[SubjectCondition]) -> Treatment:
    return next((case.treatment for case in cases if holds(case.when, true)), Treatment.HIDDEN)


@given(predicate=PREDICATES)
def test_absorption_keeps_the_meaning_and_leaves_nothing_to_absorb(predicate: Predicate) -> None:
    less = absorb(predicate)
    assert all(holds(less, true) is holds(predicate, true) for true in ASSIGNMENTS)
    assert absorb(less) == less <= predicate


CASES = st.lists(st.builds(Branch, st.sampled_from(SHOWN), PREDICATES), max_size=4)


@given(cases=CASES, visible=PREDICATES)
@settings(max_examples=400)
def test_simplified_cases_show_every_visible_row_as_before(cases: Sequence[Branch], visible: Predicate) -> None:
    """A truth table over all conditions; of rows that are not visible nothing is said, for nobody sees them."""
    simple = simplify(cases, visible)
    for true in ASSIGNMENTS:
        if holds(visible, true):
            assert shown(simple, true) is shown(cases, true), true


@given(cases=CASES, visible=PREDICATES)
def test_simplified_cases_are_no_more_and_end_where_one_always_applies(
    cases: Sequence[Branch], visible: Predicate
) -> None:
    simple = simplify(cases, visible)
    assert len(simple) <= len(cases)
    assert all(case.when != CERTAIN for case in simple[:-1])
    assert all(one.treatment is not next_one.treatment for one, next_one in pairwise(simple))


# Pages.


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All rows somebody may page through, in an order: by what (of each row), and how many rows the owner counts."""

    by: Requesting
    field: str
    row: str
    order: str
    filter: str = ""
    count: str | None = None

    def query(self, arguments: str) -> str:
        given = (self.filter and f"filter: {self.filter}", self.order and f"orderBy: {self.order}", arguments)
        given_order = ", ".join(part for part in given if part)
        shape = f"totalCount edges {{ cursor node {{ {self.row} }} }}"
        ends = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
        return f"query Pages($n: Int!, $a: String, $b: String) {{ {self.field}({given_order}) {{ {shape} {ends} }} }}"


ORDERS_OF_NINE = "select count(*) from trade_order where buyer_id = 9 or seller_id = 9"
LISTINGS = (
    Listing(by=PUBLIC, field="companies", row="id", order="", count="select count(*) from company"),
    Listing(by=PUBLIC, field="companies", row="id employees", order="{employees: ASC}"),
    Listing(by=PUBLIC, field="companies", row="id employees", order="{employees: DESC}"),
    Listing(
        by=PUBLIC, field="companies", row="id", order="[{country: ASC}, {employees: DESC}, {yearEstablished: ASC}]"
    ),
    Listing(by=PUBLIC, field="products", row="id", order="[{minimumOrder: DESC}, {price: ASC}]"),
    Listing(by=STAFF, field="members", row="id name", order="", count="select count(*) from member"),
    Listing(by=STAFF, field="members", row="id name", order="[{jobTitle: DESC}, {name: ASC}]"),
    Listing(by=ANALYST, field="members", row="id", order="", count="select count(*) from member"),
    Listing(by=ANALYST, field="members", row="id country", order="{country: DESC}"),
    Listing(by=AFFILIATE, field="members", row="id", order="[{jobTitle: ASC}]"),
    Listing(by=CARE, field="members", row="id", order="", count="select count(*) from member"),
    Listing(by=TRADER, field="members", row="id", order="{name: ASC}"),
    Listing(by=MEMBER, field="orders", row="id", order="", count="select count(*) from trade_order where buyer_id = 1"),
    Listing(
        by=Requesting(role=Roles.MEMBER, purpose=Purposes.MEMBER_TRADING, member=9),
        field="orders",
        row="id",
        order="[{deliveryCity: ASC}, {total: DESC}]",
        count=ORDERS_OF_NINE,
    ),
    Listing(by=VENDOR, field="payments", row="id", order=""),
    # The newest come first. Whoever reads the log adds to it, but no record of this operation.
    Listing(by=OFFICER, field="accessRecords", row="id at", order="", filter='{operation: {eq: "Paged"}}'),
)


@pytest.fixture(scope="module", autouse=True)
def looked(gateway: Asking) -> None:
    for _ in range(12):
        gateway.data(STAFF, "query Paged { members(first: 1) { nodes { id } } }")


EVERY = pytest.mark.parametrize("listing", LISTINGS, ids=lambda each: f"{each.by.role}-{each.field}-{each.order}")

FORWARDS, BACKWARDS = "first: $n, after: $a, before: $b", "last: $n, after: $a, before: $b"


def page(gateway: Asking, listing: Listing, arguments: str, **variables: Any) -> dict[str, Any]:
    return gateway.data(listing.by, listing.query(arguments), variables)[listing.field]


@cache
def everything(gateway: Asking, listing: Listing) -> tuple[dict[str, Any], ...]:
    """All edges, read in the largest pages."""
    edges: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        found = page(gateway, listing, FORWARDS, n=100, a=after)
        edges += found["edges"]
        if not found["pageInfo"]["hasNextPage"]:
            return tuple(edges)
        after = found["pageInfo"]["endCursor"]


def without_repeat(edges: Sequence[Mapping[str, Any]]) -> bool:
    return len({edge["node"]["id"] for edge in edges}) == len({edge["cursor"] for edge in edges}) == len(edges)


@EVERY
def test_what_is_counted_is_what_can_be_read_each_row_once(gateway: Asking, listing: Listing) -> None:
    edges = everything(gateway, listing)
    assert edges
    assert without_repeat(edges)
    assert page(gateway, listing, FORWARDS, n=0)["totalCount"] == len(edges)
    if listing.count:
        query = f"set search_path = marketplace; {listing.count}"
        assert run(gateway.url, lambda connection: connection.fetchval(query.partition("; ")[2])) == len(edges)


@EVERY
@given(data=st.data())
@settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_paging_yields_every_row_once_and_in_order(gateway: Asking, listing: Listing, data: st.DataObject) -> None:
    """Forwards or backwards, in pages of any size; and each page says rightly whether there are more."""
    edges = everything(gateway, listing)
    size = data.draw(st.integers(max(1, len(edges) // 12), min(100, len(edges) + 1)))
    read = data.draw(st.sampled_from((forwards, backwards)))
    assert read(gateway, listing, size, len(edges)) == list(edges)


def forwards(gateway: Asking, listing: Listing, size: int, total: int) -> list[Any]:
    edges: list[Any] = []
    after: str | None = None
    while True:
        found = page(gateway, listing, FORWARDS, n=size, a=after)
        assert found["totalCount"] == total
        assert found["pageInfo"]["hasPreviousPage"] is bool(edges)
        assert_ends(found)
        edges += found["edges"]
        if not found["pageInfo"]["hasNextPage"]:
            return edges
        assert len(found["edges"]) == size
        after = found["pageInfo"]["endCursor"]


def backwards(gateway: Asking, listing: Listing, size: int, total: int) -> list[Any]:
    edges: list[Any] = []
    before: str | None = None
    while True:
        found = page(gateway, listing, BACKWARDS, n=size, b=before)
        assert found["totalCount"] == total
        assert found["pageInfo"]["hasNextPage"] is bool(edges)
        assert_ends(found)
        edges = found["edges"] + edges
        if not found["pageInfo"]["hasPreviousPage"]:
            return edges
        assert len(found["edges"]) == size
        before = found["pageInfo"]["startCursor"]


def assert_ends(found: Mapping[str, Any]) -> None:
    cursors = [edge["cursor"] for edge in found["edges"]] or [None]
    assert (found["pageInfo"]["startCursor"], found["pageInfo"]["endCursor"]) == (cursors[0], cursors[-1])


@EVERY
@given(data=st.data())
@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_between_two_cursors_lie_the_rows_between_them(gateway: Asking, listing: Listing, data: st.DataObject) -> None:
    """A cursor leads back to its row from either side; two that are crossed have nothing between them."""
    edges = everything(gateway, listing)
    after, before = (data.draw(st.integers(0, len(edges) - 1)) for _ in range(2))
    size = data.draw(st.integers(0, 100))
    between = list(edges[after + 1 : before])
    cursors = {"a": edges[after]["cursor"], "b": edges[before]["cursor"]}
    assert page(gateway, listing, FORWARDS, n=size, **cursors)["edges"] == between[:size]
    assert page(gateway, listing, BACKWARDS, n=size, **cursors)["edges"] == between[max(0, len(between) - size) :]


@EVERY
def test_a_cursor_holds_no_value_that_can_be_read(gateway: Asking, listing: Listing) -> None:
    """Not even of what its requester sees plain: a cursor goes into logs and links."""
    for edge in everything(gateway, listing):
        content = base64.b64decode(edge["cursor"])
        values = (str(value).encode() for value in edge["node"].values() if value is not None)
        assert not any(value in content for value in values if len(value) > 3)


@pytest.mark.parametrize(("direction", "nulls"), [("ASC", "last"), ("DESC", "first")])
def test_nulls_come_last_going_up_and_first_going_down(gateway: Asking, direction: str, nulls: str) -> None:
    listing = next(each for each in LISTINGS if each.order == f"{{employees: {direction}}}")
    found = [edge["node"]["employees"] for edge in everything(gateway, listing)]
    known = [employees for employees in found if employees is not None]
    empty = [None] * (len(found) - len(known))
    assert known == sorted(known, reverse=direction == "DESC")
    assert empty
    assert found == (known + empty if nulls == "last" else empty + known)


DEEP = "query ($after: String) { accessRecords(first: 5, after: $after) { nodes { role } } }"


def test_a_page_behind_a_cursor_is_found_by_an_index_in_descending_order_too(
    gateway: Asking, compiler: Compiler
) -> None:
    """However deep it is in the log. So few rows would be read whole, if the planner might."""
    first = gateway.data(OFFICER, "{ accessRecords(first: 5) { pageInfo { endCursor } } }")["accessRecords"]
    request = Request(document=DEEP, operation_name=None, variables={"after": first["pageInfo"]["endCursor"]})
    statement = compiler.compiled(request, OFFICER.role, OFFICER.purpose).statement.sql

    async def plan(connection: Any) -> str:
        await connection.execute("set search_path = marketplace, veil; set enable_seqscan = off")
        await connection.execute("set enable_bitmapscan = off; set plan_cache_mode = force_generic_plan")
        await connection.execute(f"prepare deep as {statement}")
        taken = await connection.fetchval(
            "select cardinality(parameter_types) from pg_prepared_statements where name = 'deep'"
        )
        nothing = ", ".join(["null"] * taken)
        return "\n".join(row[0] for row in await connection.fetch(f"explain (costs off) execute deep ({nothing})"))

    assert "Index Cond: (ROW(at, id) < ROW(" in run(gateway.url, plan)
