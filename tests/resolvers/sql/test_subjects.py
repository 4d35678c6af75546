"""Data subjects in a record's text: whatever their ids hold, each is one entry, and is found again."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.sql.pieces import sql, sql_type
from resolvers.sql.subjects import subject_id_sql, subject_sql, subjects_text_sql
from schema.identities import IdType, subject_text
from tests.conftest import run

LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
IDS: dict[IdType, st.SearchStrategy[Any]] = {
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "uuid": st.uuids(),
    "text": TEXTS | st.sampled_from(["1,2", "1:.0", "1.0", '"', " "]),
}


@pytest.mark.parametrize("id_type", IDS)
@LAW
@given(data=st.data())
def test_a_subject_is_written_as_the_reference_does_and_read_again(
    market_url: str, id_type: IdType, data: st.DataObject
) -> None:
    ids = data.draw(st.lists(IDS[id_type], min_size=1, max_size=20))
    written = sql("{}::text", subject_sql(sql("id"), id_type))
    query = sql(
        "select {} as written, {} = id as same from unnest($1::{}[]) with ordinality t (id, n) order by n",
        written,
        subject_id_sql(written, id_type),
        sql_type(id_type),
    ).text
    rows = run(market_url, lambda connection: connection.fetch(query, ids))
    assert [row["written"] for row in rows] == [subject_text(each) for each in ids]
    assert all(row["same"] for row in rows)
    assert not any(sign in row["written"] for row in rows for sign in ",:. ")


@pytest.mark.parametrize("id_type", IDS)
@LAW
@given(data=st.data())
def test_the_subjects_of_an_array_are_parted_by_commas(market_url: str, id_type: IdType, data: st.DataObject) -> None:
    ids = data.draw(st.lists(IDS[id_type], max_size=20))
    query = sql("select {}", subjects_text_sql(sql("$1::{}[]", sql_type(id_type)), id_type)).text
    assert run(market_url, lambda connection: connection.fetchval(query, ids)) == (
        ",".join(map(subject_text, ids)) or None
    )
