"""Whatever PostgreSQL lets a column hold: what leaves is a value of its scalar or null, and filters find the row."""

import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.demo.development import DevelopmentKey
from resolvers.sql.json_text import value_text
from resolvers.sql.masking import RowAlias, treatment_sql, unreadable_sql
from resolvers.sql.pieces import sql
from schema.catalog import Column, Scalar
from schema.labels import Label
from schema.marketplace.words import Categories, Purposes, Roles
from schema.treatments import Treatment
from tests.conftest import STAFF, Asking, Requesting, Serving, run, settings_for

LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ROW = RowAlias(entity=None, alias="t", owner="t")

FIRST, LAST = "0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00"
BEYOND = [
    "infinity",
    "-infinity",
    "0044-03-15 BC",
    "4713-01-01 BC",
    "0001-12-31 23:59:59+00 BC",
    "10000-01-01 00:00:00+00",
]
MOMENTS = st.sampled_from([FIRST, LAST, *BEYOND, "294276-12-31 23:59:59.999999+00"]) | st.datetimes(
    timezones=st.just(UTC)
).map(str)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-(2**31) - 2, 2**31 + 2)
DECIMALS = st.decimals() | st.sampled_from([Decimal("Infinity"), Decimal("-Infinity"), Decimal("NaN")])
WORDS = st.sampled_from(["OPEN", "SHUT"]) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


class Door(Enum):
    """The words of an enum."""

    OPEN = "OPEN"
    SHUT = "SHUT"


def column(scalar: Scalar) -> Column:
    return Column(
        name="value",
        python_name="value",
        column="value",
        scalar=scalar,
        label=Label(category=Categories.REGISTRATION, identifier=None),
        subject=None,
        coarse=None,
        enum_type=Door if scalar is Scalar.ENUM else None,
    )


def shown(url: str, scalar: Scalar, stored: str, values: Sequence[str]) -> Iterator[tuple[Any, bool]]:
    """Each value as JSON tells it, and whether it is called unreadable."""
    unreadable = unreadable_sql(column(scalar), ROW)
    assert unreadable
    text = value_text(scalar, treatment_sql(Treatment.PLAIN, column(scalar), ROW))
    query = sql("select {}, coalesce({}, false)", text, unreadable).text
    query += f" from unnest($1::text[]::{stored}[]) with ordinality t (value, n) order by n"
    rows = run(url, lambda connection: connection.fetch(query, values))
    yield from ((json.loads(row[0]), row[1]) for row in rows)


@LAW
@given(values=st.lists(MOMENTS, min_size=1))
def test_a_moment_leaves_as_rfc_3339_writes_it_or_as_null(market_url: str, values: list[str]) -> None:
    for value, (found, unreadable) in zip(
        values, shown(market_url, Scalar.TIMESTAMP, "timestamptz", values), strict=True
    ):
        assert unreadable == (found is None)
        if found is not None:
            assert datetime.fromisoformat(found) == datetime.fromisoformat(value)
        else:
            assert value.startswith(("10000", "294276")) or value.endswith(("BC", "infinity"))


@LAW
@given(values=st.lists(NUMBERS, min_size=1))
def test_a_whole_number_leaves_within_32_bits_or_as_null(market_url: str, values: list[int]) -> None:
    found = shown(market_url, Scalar.INTEGER, "bigint", [*map(str, values)])
    assert [*found] == [(each, False) if -(2**31) <= each < 2**31 else (None, True) for each in values]


@LAW
@given(values=st.lists(DECIMALS.filter(lambda each: not each.is_snan()), min_size=1))
def test_a_decimal_leaves_as_a_number_or_as_null(market_url: str, values: list[Decimal]) -> None:
    values = [each if not each.is_finite() or abs(each.adjusted()) < 1_000 else Decimal(0) for each in values]
    texts = ["NaN" if each.is_nan() else str(each) for each in values]
    for value, (found, unreadable) in zip(values, shown(market_url, Scalar.DECIMAL, "numeric", texts), strict=True):
        assert unreadable is not value.is_finite()
        assert found is None if unreadable else Decimal(found) == value


@LAW
@given(values=st.lists(WORDS, min_size=1))
def test_a_choice_leaves_as_a_word_of_its_enum_or_as_null(market_url: str, values: list[str]) -> None:
    """Whatever the text, it is no JSON of its own."""
    found = shown(market_url, Scalar.ENUM, "text", values)
    assert [*found] == [(each, False) if each in ("OPEN", "SHUT") else (None, True) for each in values]


ANYBODY = Requesting(role=Roles.PUBLIC, purpose=Purposes.AGGREGATE_SHARING)


@contextmanager
def odd_market(url: str, key: DevelopmentKey, key_file: Any, change: str) -> Generator[Asking]:
    """A gateway over a marketplace that was changed so."""
    run(url, lambda connection: connection.execute(f"set search_path = marketplace; {change}"))
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield asking
        asking.client.close()


CHANGE = """
update trade_order set placed_at = '0001-01-01 00:00:00+00' where id between 1 and 5;
update trade_order set placed_at = '9999-12-31 23:59:59.999999+00' where id between 6 and 10;
update trade_order set placed_at = 'infinity' where id = 11;
update trade_order set placed_at = '-infinity' where id = 12;
update trade_order set placed_at = '0044-03-15 BC', total = 'NaN' where id = 13;
alter table trade_order drop constraint trade_order_status_check;
update trade_order set status = 'REFUSED", "total": "1' where id = 14;
"""


def test_rows_with_awkward_values_are_found_and_shown(own_market_url: str, key: DevelopmentKey, key_file: Any) -> None:
    query = """
    query Odd($first: DateTime!, $last: DateTime!) {
      first: orders(first: 0, filter: {placedAt: {eq: $first}}) { totalCount }
      until: orders(first: 0, filter: {placedAt: {lte: $first}}) { totalCount }
      among: orders(first: 0, filter: {placedAt: {in: [$first, $last]}}) { totalCount }
      last: orders(first: 0, filter: {placedAt: {eq: $last}}) { totalCount }
      written: orders(first: 0, filter: {placedAt: {eq: "9999-12-31T23:59:59.999999Z"}}) { totalCount }
      nodes(ids: ["Order:1", "Order:10", "Order:11", "Order:12", "Order:13", "Order:14"]) {
        ... on Order { id placedAt total status hiddenFields }
      }
    }"""
    bounds = {"first": "0001-01-01T00:00:00Z", "last": "9999-12-31T23:59:59.999999Z"}
    with odd_market(own_market_url, key, key_file, CHANGE) as asking:
        data = asking.data(STAFF, query, bounds)
    counts = {name: data[name]["totalCount"] for name in ("first", "until", "among", "last", "written")}
    # The infinite moment and the one before Christ are earlier too.
    assert counts == {"first": 5, "until": 7, "among": 10, "last": 5, "written": 5}
    rows = {row["id"]: row for row in data["nodes"]}
    assert rows["Order:1"]["placedAt"] == "0001-01-01T00:00:00+00:00"
    assert rows["Order:10"]["placedAt"] == "9999-12-31T23:59:59.999999+00:00"
    assert [rows[f"Order:{n}"]["placedAt"] for n in (11, 12, 13)] == [None] * 3
    assert [rows[f"Order:{n}"]["hiddenFields"] for n in (1, 11, 13, 14)] == [
        [],
        ["placedAt"],
        ["placedAt", "total"],
        ["status"],
    ]
    assert rows["Order:13"]["total"] is None
    assert rows["Order:14"]["status"] is None


def test_one_member_s_odd_value_shows_in_no_figure(own_market_url: str, key: DevelopmentKey, key_file: Any) -> None:
    change = """
    update buyer_behaviour set orders_per_year = 'NaN' where member_id = (select min(member_id) from buyer_behaviour)"""
    with odd_market(own_market_url, key, key_file, change) as asking:
        figures = asking.data(ANYBODY, "{ buyerStatistics { total { sum average } } }")["buyerStatistics"]
    assert figures["total"]
    assert "NaN" not in json.dumps(figures)


def test_a_time_without_a_zone_is_reported_at_the_start(
    own_market_url: str, key: DevelopmentKey, key_file: Any
) -> None:
    change = "alter table forum_post alter posted_at type timestamp"
    with odd_market(own_market_url, key, key_file, change) as asking:
        assert "forum_post.posted_at is of type timestamp without time zone: make it timestamptz" in asking.lacking()
