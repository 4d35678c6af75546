"""The labels of fields, and ids that the database can hold."""

from schema.labels import LARGEST_ID, ROW_IDENTIFIERS, Category, Identifier, Label
from schema.treatments import WITHOUT_PARTIAL
from tests.conftest import run


def test_a_label_has_no_kind_of_identifier_one_or_two() -> None:
    label = Label(category=Category.BUYER, identifier=Identifier.FREE_TEXT, also=Identifier.DETAIL)
    assert label.identifiers == (Identifier.FREE_TEXT, Identifier.DETAIL)
    assert Label(category=Category.BUYER).identifiers == ()


def test_the_largest_id_is_the_largest_that_postgresql_holds(market_url: str) -> None:
    assert run(market_url, lambda connection: connection.fetchval("select $1::bigint", LARGEST_ID)) == LARGEST_ID
    assert LARGEST_ID == 2**63 - 1


def test_an_id_of_a_row_is_shown_plain_or_as_a_token_and_never_in_part() -> None:
    assert set(ROW_IDENTIFIERS) == {Identifier.MEMBER_ID, Identifier.ROW_ID}
    assert set(ROW_IDENTIFIERS) <= WITHOUT_PARTIAL
