"""The words of the shipped marketplace."""

from schema.marketplace.words import Categories, Purposes, Roles
from schema.requester import Party


def test_every_party_has_a_role_and_an_unknown_requester_one_alone() -> None:
    assert {role.party for role in Roles} == set(Party)
    assert [role for role in Roles if role.is_public] == [Roles.PUBLIC]


def test_the_purposes_with_a_legal_instrument_are_those_of_authorities_and_claimants() -> None:
    assert {each for each in Purposes if each.requires_instrument} == {
        Purposes.COURT_ORDER,
        Purposes.AUTHORITY_REQUEST,
        Purposes.BREACH_DISCLOSURE,
    }


def test_what_members_publish_is_the_only_public_category() -> None:
    assert [each for each in Categories if each.is_public] == [Categories.PUBLISHING]
