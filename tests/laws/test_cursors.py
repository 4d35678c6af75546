"""What holds of every cursor: PostgreSQL seals it as the reference does, and reads again whatever it has written."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.planning.parameters import ParameterRef
from resolvers.planning.plan import Page, SortKey
from resolvers.sql.masking import RowAlias
from resolvers.sql.rows import cursor_sql, sort_value_type
from schema.catalog import Scalar
from schema.cursors import cursor_of, values_of_cursor
from tests.conftest import run

LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMED = "Query.rows by sorted, id"
KEYS = st.binary(min_size=32, max_size=32)
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from('"\\/\n\t\x01\x1f\x7f')
TEXTS = st.text(CHARACTERS, max_size=40) | st.text(CHARACTERS, min_size=1, max_size=8).map(lambda text: text * 100)

MOMENTS = st.sampled_from(
    (
        "infinity",
        "-infinity",
        "4714-11-24 00:00:00+00 BC",
        "0044-03-15 12:00:00.000001+00 BC",
        "0001-01-01 00:00:00+00",
        "9999-12-31 23:59:59.999999+00",
        "10000-01-01 00:00:00+00",
        "294276-12-31 23:59:59.999999+00",
    )
) | st.datetimes().map(str)
NUMBERS = st.sampled_from(("NaN", "Infinity", "-Infinity", "-0", "0.000", "1e-300", "9" * 400)) | st.decimals(
    allow_nan=False, allow_infinity=False
).map(str)

WHOLE_RANGES: dict[Scalar, st.SearchStrategy[str]] = {
    Scalar.TEXT: TEXTS,
    Scalar.ENUM: TEXTS,
    Scalar.TIMESTAMP: MOMENTS,
    Scalar.DECIMAL: NUMBERS,
    Scalar.INTEGER: st.integers(-(2**63), 2**63 - 1).map(str),
    Scalar.ID: st.integers(-(2**63), 2**63 - 1).map(str),
    Scalar.UUID: st.uuids().map(str),
    Scalar.BOOLEAN: st.booleans().map(str),
}
"""Whatever PostgreSQL lets a column of the type hold, as it is written."""

STORED = {**{scalar: scalar.sql_type for scalar in WHOLE_RANGES}, Scalar.INTEGER: "bigint"}
"""Behind a field of type `Int` there may be larger numbers."""


def page(scalar: Scalar) -> Page:
    keys = [SortKey(name, scalar, descending=False, nullable=True) for name in ("sorted", "id")]
    size = ParameterRef(1)
    return Page(
        connection=NAMED,
        sort_keys=tuple(keys),
        size=size,
        backwards=False,
        looks_ahead=False,
        rounds_counts=False,
        after=(),
        before=(),
    )


def sealed(url: str, scalar: Scalar, key: bytes, values: Sequence[str | None]) -> Sequence[tuple[str, str | None]]:
    """The cursors of rows with these values, and the values as PostgreSQL writes them."""
    cursor = cursor_sql(page(scalar), RowAlias(entity=None, alias="t", owner="t")).text
    query = (
        f"select {cursor} as cursor, sorted::text as written from (select value::{STORED[scalar]} as sorted, n as id, n"
        " from unnest($1::text[]) with ordinality as given (value, n)) t, (select $2::bytea as key) call order by n"
    )
    found = run(url, lambda connection: connection.fetch(query, values, key))
    return [(row["cursor"].strip('"'), row["written"]) for row in found]


def same(url: str, scalar: Scalar, values: Sequence[Any], written: Sequence[str | None]) -> bool:
    """Whether PostgreSQL reads from these texts, bound as a cursor's values are, the very values."""
    kind = sort_value_type(scalar).text
    query = (
        f"select coalesce(bool_and(value::{STORED[scalar]} is not distinct from again), true) from"
        f" unnest($1::text[], $2::{kind}[]) as given (value, again)"
    )
    return run(url, lambda connection: connection.fetchval(query, values, written))


@pytest.mark.parametrize("scalar", WHOLE_RANGES, ids=lambda scalar: scalar.value)
@LAW
@given(data=st.data(), key=KEYS)
def test_a_cursor_is_sealed_as_the_reference_does_and_leads_back_to_its_value(
    market_url: str, scalar: Scalar, data: st.DataObject, key: bytes
) -> None:
    values = data.draw(st.lists(st.none() | WHOLE_RANGES[scalar], min_size=5, max_size=20))
    made = sealed(market_url, scalar, key, values)
    expected = [cursor_of(key, NAMED, [written, str(place)]) for place, (_, written) in enumerate(made, 1)]
    assert [cursor for cursor, _ in made] == expected
    opened = [(values_of_cursor(key, NAMED, cursor) or ["no cursor"])[0] for cursor, _ in made]
    assert opened == [written for _, written in made]
    assert same(market_url, scalar, values, opened)


def test_a_long_value_is_sealed_in_a_time_that_grows_as_it_does(market_url: str) -> None:
    """One of a megabyte took minutes while each block was put behind all before it."""
    value = "ä" * 500_000
    ((cursor, _),) = sealed(market_url, Scalar.TEXT, bytes(32), [value])
    assert values_of_cursor(bytes(32), NAMED, cursor) == [value, "1"]
