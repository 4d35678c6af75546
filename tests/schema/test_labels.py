"""The labels of fields: the eight categories that are collected, and ids that the database can hold."""

from schema.labels import COLLECTED, LARGEST_ID, ROW_IDENTIFIERS, Category, Identifier
from schema.treatments import WITHOUT_PARTIAL
from tests.conftest import run


def test_eight_categories_are_collected() -> None:
    """Those of clauses C1 to C8; complaints, the access log, choices and what is nobody's are not among them."""
    assert len(COLLECTED) == 8
    assert set(Category) - set(COLLECTED) == {
        Category.COMPLAINTS,
        Category.ACCESS_LOG,
        Category.CHOICES,
        Category.OPEN,
    }


def test_the_largest_id_is_the_largest_that_postgresql_holds(market_url: str) -> None:
    assert run(market_url, lambda connection: connection.fetchval("select $1::bigint", LARGEST_ID)) == LARGEST_ID
    assert LARGEST_ID == 2**63 - 1


def test_an_id_of_a_row_is_shown_plain_or_as_a_token_and_never_in_part() -> None:
    assert set(ROW_IDENTIFIERS) == {Identifier.MEMBER_ID, Identifier.ROW_ID}
    assert set(ROW_IDENTIFIERS) <= WITHOUT_PARTIAL
