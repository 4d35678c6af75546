"""What a policy says, in sentences."""

import pytest

from schema.catalog import Catalog
from schema.labels import Identifiers, OwnCategories
from schema.marketplace.marketplace import MARKETPLACE
from schema.policy.grants import Policy
from schema.policy.policy_file import load_policy
from schema.policy.sentences import enumeration, form_in_words, gives_something, sentence


@pytest.fixture(scope="module")
def policy(catalog: Catalog) -> Policy:
    return load_policy(MARKETPLACE.first_policy, catalog)


def test_every_category_and_kind_of_identifier_has_words() -> None:
    """No underscore of a name is left in them, and no two are called the same."""
    for named in (MARKETPLACE.all_categories, MARKETPLACE.identifiers):
        words = [each.words for each in named]
        assert len({*words}) == len(words)
        assert not [each for each in words if "_" in each or each != each.strip() or not each]


def test_a_list_in_a_sentence_ends_with_and() -> None:
    assert enumeration(["one"]) == "one"
    assert enumeration(["one", "two", "three"]) == "one, two and three"


def test_what_is_coarse_has_a_word_for_it() -> None:
    assert form_in_words(Identifiers.MOMENT) == "by its month"
    assert form_in_words(Identifiers.NAME) is None


def test_a_grant_is_a_sentence_with_its_conditions_and_clauses(policy: Policy) -> None:
    by_id = {grant.id: sentence(grant) for grant in policy.all_grants}
    assert by_id["G24"] == (
        "When the subject responded to a campaign of the requester, ADVERTISER sees Member.country, Member.email and"
        " Member.name, for campaign. Identifiers are shown as they are. (U8)"
    )
    assert by_id["G19a"].count("personal information without PaymentProfile.creditLimit") == 1
    assert all(text.endswith(")") for text in by_id.values())


def test_a_policy_that_does_not_speak_of_the_log_says_nothing_of_it(policy: Policy) -> None:
    """As where the log is kept elsewhere."""
    without = policy.without(OwnCategories.ACCESS_LOG)
    said = [sentence(grant) for grant in without.all_grants if gives_something(grant)]
    assert said
    assert not [each for each in said if "access log" in each]
    assert len(said) < len([grant for grant in policy.all_grants if gives_something(grant)])
