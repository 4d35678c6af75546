"""A sound policy gives each thing once and clearly, and never what no policy may give."""

import pytest

from schema.catalog import Catalog
from schema.policy.policy_file import PolicyError, parse_policy
from tests.schema.policy.test_policy_file import TEXT, another


def problem(catalog: Catalog, grant: str) -> str:
    """What is wrong with the first policy once it has another grant."""
    instead_of, written = another(grant)
    assert instead_of in TEXT
    with pytest.raises(PolicyError) as refused:
        parse_policy(TEXT.replace(instead_of, written), "policy.toml", catalog)
    return str(refused.value)


ANALYSTS = 'who = ["PLATFORM"]\nfor = ["statistical_analysis"]\n'


def test_a_whole_card_number_needs_its_purpose_and_its_condition(catalog: Catalog) -> None:
    whole = f'{ANALYSTS}sees = ["Payment.cardNumber"]\nidentifiers = "PLAIN"'
    assert "for `statistical_analysis` no card number is shown whole" in problem(catalog, whole)


def test_what_is_open_to_all_needs_no_grant(catalog: Catalog) -> None:
    assert "`OPEN` fields are plain for everybody and need no grant" in problem(
        catalog, f'{ANALYSTS}sees = ["OPEN"]\nidentifiers = "PLAIN"'
    )


def test_a_role_is_granted_only_purposes_it_may_ask_for(catalog: Catalog) -> None:
    grant = 'who = ["BANK"]\nfor = ["marketing"]\nsees = ["PAYMENT"]\nidentifiers = "TOKEN"'
    assert "`BANK` may not ask for `marketing`" in problem(catalog, grant)


def test_a_grant_whose_condition_never_holds_for_what_it_sees_is_refused(catalog: Catalog) -> None:
    grant = f'{ANALYSTS}sees = ["MARKETING"]\nidentifiers = "TOKEN"\nwhen = ["the requester is party to the order"]'
    assert "these conditions never hold for what it `sees`" in problem(catalog, grant)


def test_two_grants_that_disagree_under_the_same_conditions_are_refused(catalog: Catalog) -> None:
    grant = f'{ANALYSTS}sees = ["STATISTICAL"]\nidentifiers = "PARTIAL"'
    assert "it is unclear which of them holds" in problem(catalog, grant)
