"""Records as sentences."""

from collections.abc import Mapping
from typing import Any

import pytest

from gateway.pages.my_data.own_view import OwnView
from gateway.pages.my_data.sightings import Telling
from gateway.pages.words import wording_for
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.marketplace.words import Purposes
from schema.policy import policy_file

OWN = {"name": "Karl Brandt", "email": "karl@example.net", "address": "Hafenstr. 1", "city": "Hamburg"}


@pytest.fixture(scope="module")
def telling(catalog: Catalog) -> Telling:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    view = OwnView.of(Compiler(catalog, policy, DEFAULT_LIMITS), catalog, Purposes.SELF_SERVICE)
    return Telling(wording_for("en"), view, OWN)


def record(role: str, purpose: str, *fields: tuple[str, str], **others: Any) -> Mapping[str, Any]:
    told = [{"field": name, "treatment": treatment, "clauses": "U5 U2"} for name, treatment in fields]
    return {
        "id": "AccessRecord:1",
        "at": "2026-03-09T14:05:00Z",
        "role": role,
        "purpose": purpose,
        "fields": told,
        **others,
    }


def test_an_organisation_is_named_and_what_it_is(telling: Telling) -> None:
    """Masked values are shown as the mask makes them of today's values."""
    fields = (("Member.name", "PARTIAL"), ("Member.email", "PARTIAL"), ("Member.address", "PARTIAL"))
    told = telling.sighting(
        record("SERVICE_PROVIDER", "account_service", *fields, organisation={"name": "Clearline Customer Care"})
    )
    assert told.sentence == (
        "Clearline Customer Care (a company that works for the marketplace under contract) looked after accounts."
    )
    ((sentence, examples),) = told.shown
    assert sentence == "They saw, masked: your name, your e-mail address, and your address."
    assert examples == ["K. ***", "k***@e***.net", "Hamburg"]
    assert told.fields[0].clauses[0] == ("U5", "affiliates and service providers under contract, to support operations")


def test_of_many_fields_some_are_named(telling: Telling) -> None:
    fields = [(f"Order.{name}", "PLAIN") for name in ("status", "total", "currency", "deliveryName", "deliveryAddress")]
    told = telling.sighting(
        record("PLATFORM", "account_service", *fields, ("Member.name", "PLAIN"), ("Order.a", "PLAIN"))
    )
    ((sentence, _),) = told.shown
    assert sentence.startswith("They saw, as it is: status (order), total (order)")
    assert sentence.endswith("and 2 more.")
    assert told.sentence == "The marketplace looked after accounts."


def test_one_s_own_look_is_told_as_one_s_own(telling: Telling) -> None:
    told = telling.sighting(record("MEMBER", "self_service", ("Member.phone", "EDITED")))
    assert told.sentence == "You looked at your own data."
    assert told.shown == [("You changed: your telephone number.", [])]


def test_where_nothing_was_shown_nothing_is_said_to_be(telling: Telling) -> None:
    assert telling.sighting(record("PUBLIC", "aggregate_sharing")).shown == []


def test_what_a_choice_would_change_leads_to_it(telling: Telling) -> None:
    assert telling.sighting(record("PLATFORM", "member_contact")).choice == "CONTACT_BY_MARKETPLACE"
    assert telling.sighting(record("PLATFORM", "personalisation")).choice == "COOKIES"
    assert telling.sighting(record("PLATFORM", "account_service")).choice is None


def test_words_that_are_not_known_here_are_told_as_they_are(telling: Telling) -> None:
    """A record by an earlier version may name what is no more."""
    told = telling.sighting(record("WIZARD", "old_magic", ("Spell.trueName", "GLIMPSED")))
    assert told.sentence == "wizard asked for old magic."
    assert told.fields[0].words == "true name (spell)"
    assert told.fields[0].shown == "glimpsed"


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("ANNOUNCED", "This was announced. An entry of its own says whether it was done, once that is known."),
        ("ANNOUNCED_NOT_DONE", "This was announced, and was not done."),
        ("ANNOUNCED_NOT_KNOWN", "This was announced, and nobody knows whether it was done."),
    ],
)
def test_a_change_that_is_not_known_to_be_made_is_not_told_as_made(telling: Telling, outcome: str, said: str) -> None:
    told = telling.sighting(
        record("PLATFORM", "account_service", ("Member.email", "EDITED"), outcome=outcome, announces="x")
    )
    assert told.change == said
    assert [sentence for sentence, _ in told.shown] == ["To be changed: your e-mail address."]
    assert told.fields[0].shown == "changed, if it was done"


def test_a_change_that_was_made_is_told_as_made(telling: Telling) -> None:
    told = telling.sighting(record("PLATFORM", "account_service", ("Member.email", "EDITED"), outcome="ANSWERED"))
    assert told.change is None
    assert [sentence for sentence, _ in told.shown] == ["They changed: your e-mail address."]
