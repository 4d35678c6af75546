"""The log in sentences."""

import pytest

from gateway.pages.desk.log_telling import LogTelling, field_in_words
from gateway.pages.words import wording_for
from schema.catalog import Catalog
from schema.policy import policy_file


@pytest.fixture(scope="module")
def telling(catalog: Catalog) -> LogTelling:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    return LogTelling(words=wording_for("en"), policy=policy, marketplace=catalog.marketplace)


def test_an_answer_names_who_asked_for_what_and_the_most_that_was_shown(telling: LogTelling) -> None:
    record = {
        "role": "SERVICE_PROVIDER",
        "purpose": "account_service",
        "outcome": "ANSWERED",
        "subjectCount": 2,
        "organisation": {"name": "Clearline"},
        "fields": [{"field": "Member.email", "treatment": "PARTIAL"}, {"field": "Member.city", "treatment": "PLAIN"}],
    }
    entry = telling.entry(record)
    assert entry.sentence.startswith("Clearline (")
    assert entry.sentence.endswith("asked for account service and saw data of 2 persons.")
    assert entry.shown == ["Shown as it is, at most: city (member).", "Shown masked, at most: email (member)."]


def test_a_refusal_names_its_code(telling: LogTelling) -> None:
    entry = telling.entry({"role": None, "purpose": None, "outcome": "TOKEN_INVALID"})
    assert entry.sentence.endswith("was refused: TOKEN_INVALID.")


def test_what_read_no_data_is_told_as_that(telling: LogTelling) -> None:
    entry = telling.entry({"role": "PLATFORM", "purpose": "account_service", "outcome": "DESCRIBED", "fields": []})
    assert entry.sentence.endswith("asked for account service, and was told the schema or the policy alone.")
    assert entry.shown == []


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("ANNOUNCED", "a change was announced. An entry of its own says whether it was made, once that is known."),
        ("ANNOUNCED_NOT_DONE", "A change was announced, and was not made."),
        ("ANNOUNCED_NOT_KNOWN", "A change was announced, and nobody knows whether it was made."),
    ],
)
def test_a_change_that_is_not_known_to_be_made_is_not_told_as_made(
    telling: LogTelling, outcome: str, told: str
) -> None:
    fields = [{"field": "Member.email", "treatment": "EDITED"}, {"field": "DataRequest.kind", "treatment": "ENTERED"}]
    entry = telling.entry({"role": "MEMBER", "purpose": "self_service", "outcome": outcome, "fields": fields})
    assert entry.sentence.endswith(told)
    assert entry.shown == ["To be changed: email (member).", "To be entered: kind (data request)."]


def test_of_the_marketplaces_own_people_a_member_is_told_no_more_than_that(telling: LogTelling) -> None:
    """Neither who they are, nor who oversees them."""
    staff, officer = ({"role": role, "purpose": "x"} for role in ("PLATFORM", "PRIVACY_OFFICER"))
    assert telling.recipient(staff) == telling.recipient(officer)
    assert "you trade with" in telling.recipient({"role": "MEMBER"})


def test_a_field_is_told_in_words() -> None:
    assert field_in_words("PaymentProfile.cardNumber") == "card number (payment profile)"
