"""Ids: of each type, what is one and what is none."""

from uuid import UUID

import pytest

from schema.identities import LARGEST_ID, LONGEST_ID, IdType, is_numeric, read_id
from tests.conftest import run


def test_the_largest_id_is_the_largest_that_postgresql_holds(market_url: str) -> None:
    assert run(market_url, lambda connection: connection.fetchval("select $1::bigint", LARGEST_ID)) == LARGEST_ID
    assert LARGEST_ID == 2**63 - 1


@pytest.mark.parametrize("id_type", ["bigint", "integer"])
def test_a_number_has_one_spelling(id_type: IdType) -> None:
    assert is_numeric(id_type)
    assert read_id("7", id_type) == 7
    assert [read_id(text, id_type) for text in ("", "07", "+7", "-7", "7 ", "7.0", "x", "٧", str(LARGEST_ID + 1))] == [
        None
    ] * 9


def test_a_uuid_has_one_spelling() -> None:
    text = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert read_id(text, "uuid") == UUID(text)
    assert [read_id(each, "uuid") for each in (text.upper(), text.replace("-", ""), f"{{{text}}}", "")] == [None] * 4


def test_a_text_is_any_that_postgresql_holds() -> None:
    assert [read_id(text, "text") for text in ("cus_1", "a:b", "é", "x" * LONGEST_ID)] == [
        "cus_1",
        "a:b",
        "é",
        "x" * LONGEST_ID,
    ]
    assert [read_id(text, "text") for text in ("", "a\0", "\ud800", "x" * (LONGEST_ID + 1))] == [None] * 4
