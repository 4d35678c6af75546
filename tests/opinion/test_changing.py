"""Who may change what, by a second opinion: the policy file read anew, said of plain rows, beside what the gateway does.

In turn, requesters of every role change what members registered and chose. The opinion knows the file's words and the
rows before; it says what becomes of each request, what is stored then, and who is seen for it at the next read.
"""

import random
import tomllib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from schema.marketplace.marketplace import MARKETPLACE
from tests.clauses.seeing import Market, asking_as
from tests.clauses.table import PURPOSES
from tests.conftest import Asking, Databases, Requesting, Serving, settings_for

TRIALS = 150
MEMBERS = (1, 2, 3, 4)

POLICY: Mapping[str, Any] = tomllib.loads(MARKETPLACE.first_policy.read_text("utf-8"))

REGISTERED: Mapping[str, tuple[str, Sequence[str | None]]] = {
    "name": ("name", ("Ann Other", "Bo Li")),
    "email": ("email", ("ann@example.com", "bo@example.com")),
    "phone": ("phone", ("+44 20 7946 0958", None)),
    "city": ("city", ("Leeds", "York", None)),
    "jobTitle": ("job_title", ("Buyer", None)),
    "kind": ("kind", ("BUYER", "BOTH")),
}
"""Inputs, their columns, and values in the form in which they are stored."""

ASKING = [
    asking_as(role, purpose, member=member)
    for role, purposes in PURPOSES.items()
    for purpose in purposes.split()
    for member in (MEMBERS if role == "MEMBER" else (None,))
    if purpose not in ("court_order", "authority_request", "breach_disclosure")
]
LIKELY = [each for each in ASKING if each.purpose in ("self_service", "account_service", "dispute_resolution")]


@dataclass(slots=True, kw_only=True)
class Opinion:
    """What there is by the opinion: members' columns, and the latest choice of each member and kind."""

    members: dict[int, dict[str, Any]]
    chosen: dict[tuple[int, str], bool] = field(default_factory=dict[tuple[int, str], bool])

    def may(self, who: Requesting, key: str, category: str, member: int | None) -> bool:
        """Whether a grant lets this requester do it to this category; with a member, to this member's."""
        return any(
            who.role in grant["who"]
            and who.purpose in grant["for"]
            and category in grant.get(key, ())
            and (member is None or self._holds(grant.get("when", ()), who, member))
            for grant in POLICY["grant"]
        )

    def _holds(self, when: Sequence[str], who: Requesting, member: int) -> bool:
        assert set(when) <= {"the subject is the requester"}, "the opinion knows no other condition of a change"
        return not when or who.member == member

    def updated(self, who: Requesting, member: int, given: Mapping[str, Any]) -> str:
        """What becomes of an update, which is remembered if it is done."""
        if not self.may(who, "may_edit", "REGISTRATION", None):
            return "INVALID"
        if not self.may(who, "may_edit", "REGISTRATION", member):
            return "NOT_FOUND"
        self.members[member] |= {REGISTERED[name][0]: value for name, value in given.items()}
        return "ANSWERED"

    def chose(self, who: Requesting, kind: str, given: bool) -> str:
        if not self.may(who, "may_choose", "CHOICES", None):
            return "INVALID"
        assert who.member is not None
        self.chosen[who.member, kind] = given
        return "ANSWERED"


@pytest.fixture(scope="module")
def market(databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Market]:
    url = databases.make("sample_market")
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield Market(asking)
        asking.client.close()
    databases.drop(url)


def registered(market: Market) -> dict[int, dict[str, Any]]:
    """Every member, whole: whom nobody may change must stay as they are too."""
    return {row["id"]: dict(row) for row in market.stored("select * from member")}


@pytest.mark.parametrize("seed", range(2))
def test_the_gateway_changes_what_the_opinion_lets_it_and_nothing_else(market: Market, seed: int) -> None:
    draws = random.Random(seed)
    opinion = Opinion(members=registered(market))
    for trial in range(TRIALS):
        who = draws.choice(LIKELY if draws.random() < 0.7 else ASKING)
        if draws.random() < 0.6:
            member = draws.choice(MEMBERS)
            names = draws.sample(sorted(REGISTERED), draws.randint(1, 3))
            given = {name: draws.choice(REGISTERED[name][1]) for name in names}
            text = "mutation ($id: ID!, $input: UpdateRegistrationInput!) {"
            text += " updateRegistration(id: $id, input: $input) { fields } }"
            response = market.asking.post(who, text, {"id": f"Member:{member}", "input": given})
            expected = opinion.updated(who, member, given)
        else:
            kind, agrees = draws.choice(("COOKIES", "CONTACT_BY_MARKETPLACE")), draws.random() < 0.5
            text = "mutation ($input: SetConsentInput!) { setConsent(input: $input) { fields } }"
            response = market.asking.post(who, text, {"input": {"kind": kind, "given": agrees}})
            expected = opinion.chose(who, kind, agrees)
        record = market.asking.record(response)
        assert (record["outcome"], "data" in response.json()) == (expected, expected == "ANSWERED"), (trial, who)
    assert registered(market) == opinion.members
    reads = {
        "COOKIES": market.rows(asking_as("PLATFORM", "personalisation"), "members"),
        "CONTACT_BY_MARKETPLACE": market.rows(asking_as("PLATFORM", "member_contact"), "members"),
    }
    assert opinion.chosen
    for (member, kind), agrees in opinion.chosen.items():
        assert (member in reads[kind]) is agrees, (member, kind)
