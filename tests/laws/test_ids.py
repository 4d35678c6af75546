"""Ids of any type: sealed in PostgreSQL as the reference seals them, opened again, and never anything but a JSON string."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.sql.json_text import value_text
from resolvers.sql.masking import RowAlias, plain_id_sql, tag_sql, token_sql
from resolvers.sql.pieces import Sql, sql, sql_type
from schema.catalog import Catalog, Scalar
from schema.identities import IdType, read_id
from schema.tokens import text_id_of_token, token_of_text_id
from tests.conftest import run

LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = st.binary(min_size=32, max_size=32)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=90)
IDS: dict[IdType, st.SearchStrategy[Any]] = {"text": TEXTS, "uuid": st.uuids(), "integer": st.integers(0, 2**31 - 1)}


def order(catalog: Catalog, id_type: IdType) -> RowAlias:
    entity = catalog.entities["Order"]
    stored = dataclasses.replace(entity.storage, id_type=id_type)
    return RowAlias(entity=dataclasses.replace(entity, storage=stored), alias="t", owner="t")


def found(url: str, made: Sql, id_type: IdType, ids: Sequence[Any], key: bytes) -> list[Any]:
    rows = sql("unnest($1::{}[]) with ordinality t (id, n), (select $2::bytea as key) call", sql_type(id_type))
    query = sql("select {} from {} order by n", made, rows).text
    return [row[0] for row in run(url, lambda connection: connection.fetch(query, ids, key))]


@pytest.mark.parametrize("id_type", ["text", "uuid"])
@LAW
@given(data=st.data(), key=KEYS, other=KEYS)
def test_an_id_that_is_no_number_is_sealed_as_the_reference_does(
    catalog: Catalog, market_url: str, id_type: IdType, data: st.DataObject, key: bytes, other: bytes
) -> None:
    ids = data.draw(st.lists(IDS[id_type], min_size=1, max_size=20))
    row = order(catalog, id_type)
    tokens = found(market_url, token_sql(catalog.entities["Order"].columns["id"], row), id_type, ids, key)
    assert tokens == [token_of_text_id(key, "Order", str(identity)) for identity in ids]
    for token, identity in zip(tokens, ids, strict=True):
        opened = text_id_of_token(key, "Order", token)
        assert opened is not None
        assert read_id(opened, id_type) == identity
        assert key == other or text_id_of_token(other, "Order", token) is None


@pytest.mark.parametrize("id_type", IDS)
@LAW
@given(data=st.data(), key=KEYS)
def test_rows_are_told_apart_by_tags_of_one_length(
    catalog: Catalog, market_url: str, id_type: IdType, data: st.DataObject, key: bytes
) -> None:
    ids = data.draw(st.lists(IDS[id_type], min_size=1, max_size=20, unique=True))
    tags = found(market_url, tag_sql(order(catalog, id_type)), id_type, ids, key)
    assert (len(set(tags)), {len(tag) for tag in tags}) == (len(ids), {8})


@LAW
@given(ids=st.lists(TEXTS, min_size=1))
def test_an_id_that_is_a_text_is_a_json_string(catalog: Catalog, market_url: str, ids: list[str]) -> None:
    shown = value_text(Scalar.TEXT, plain_id_sql(order(catalog, "text")))
    assert [json.loads(each) for each in found(market_url, shown, "text", ids, bytes(32))] == [
        f"Order:{each}" for each in ids
    ]


def test_a_uuid_is_written_as_postgresql_writes_it(market_url: str) -> None:
    identity = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
    assert run(market_url, lambda connection: connection.fetchval("select $1::uuid::text", identity)) == str(identity)
