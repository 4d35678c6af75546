"""This marketplace: what it declares is there and is used."""

from schema.conditions import Level
from schema.labels import Identifiers
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes


def test_its_tables_and_its_first_policy_are_there() -> None:
    assert MARKETPLACE.tables
    assert sorted(MARKETPLACE.tables.glob("*.sql"))
    assert MARKETPLACE.first_policy.is_file()


def test_a_whole_card_number_needs_one_of_its_own_conditions() -> None:
    """For two purposes alone: to complete a payment, and by a court order."""
    assert set(MARKETPLACE.whole_cards) == {Purposes.TRANSACTION_COMPLETION, Purposes.COURT_ORDER}
    assert set(MARKETPLACE.whole_cards.values()) <= set(MARKETPLACE.conditions)
    assert Identifiers.CARD_NUMBER in Identifiers


def test_its_conditions_are_of_every_level() -> None:
    assert {condition.level for condition in MARKETPLACE.conditions} == set(Level)
