"""What holds of every text: PostgreSQL writes it as JSON that says the very text, whichever of its functions does it."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.sql.json_text import value_text
from resolvers.sql.pieces import name
from schema.catalog import Scalar
from tests.conftest import run

LAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from('"\\/\n\t\x01\x1f\x7f')
TEXTS = st.lists(st.none() | st.text(CHARACTERS, max_size=30), min_size=20, max_size=50)


def written(url: str, form: str, texts: Sequence[str | None]) -> list[Any]:
    query = f"select {form} from unnest($1::text[]) with ordinality given (value, n) order by n"
    return [row[0] for row in run(url, lambda connection: connection.fetch(query, texts))]


@LAW
@given(texts=TEXTS)
def test_a_text_is_written_as_json_that_says_it(market_url: str, texts: list[str | None]) -> None:
    """By the function of this PostgreSQL, and as one before 17 does it."""
    by_function = written(market_url, value_text(Scalar.TEXT, name("given", "value")).text, texts)
    assert [json.loads(text) for text in by_function] == texts
    assert by_function == written(market_url, "coalesce(to_json(given.value)::text, 'null')", texts)


@pytest.mark.parametrize("column", ["name", "case when m.kind = 'BUYER' then m.city end"])
def test_the_planner_writes_a_text_s_json_in_the_function_s_place(market_url: str, column: str) -> None:
    """Called for each value it would cost more than it saves."""
    explain = f"explain (verbose, costs off) select veil.json_text({column}) from marketplace.member m"
    plan = run(market_url, lambda connection: connection.fetch(explain))
    shown = "\n".join(row[0] for row in plan)
    assert "JSON_SCALAR(" in shown
    assert "json_text" not in shown
