"""Who may enter, approve, end and suspend, by a second opinion over random turns; and what a read then shows.

Officers and others take turns at instruments for two authorities. The opinion keeps each instrument as a plain value: who
entered it, who approved it, whether it ended. It says what becomes of each turn, and whom an authority then sees by it.
"""

import random
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from tests.clauses.seeing import Market, act, asking_as, enter
from tests.conftest import Asking, Databases, Requesting, Serving, settings_for

TURNS = 120
OFFICER = asking_as("PRIVACY_OFFICER", "privacy_administration")
OTHERS = (
    asking_as("PLATFORM", "account_service"),
    asking_as("PRIVACY_OFFICER", "privacy_oversight"),
    asking_as("AUTHORITY", "court_order"),
)
PURPOSES = {
    "COURT_ORDER": "court_order",
    "AUTHORITY_REQUEST": "authority_request",
    "BREACH_FINDING": "breach_disclosure",
}
KINDS = {16: "AUTHORITY", 17: "AUTHORITY", 18: "CLAIMANT", 10: "BANK"}
"""Organisations that are named, and what they are."""


@dataclass(slots=True, kw_only=True)
class Paper:
    kind: str
    organisation: int
    members: frozenset[int]
    entered_by: str
    serves: str | None
    approved_by: str | None = None
    is_over: bool = False

    @property
    def holds(self) -> bool:
        return self.approved_by is not None and not self.is_over


@dataclass(slots=True, kw_only=True)
class Opinion:
    """The papers there are by the opinion, by their reference, and which organisations are suspended."""

    papers: dict[str, Paper] = field(default_factory=dict[str, Paper])
    suspended: set[int] = field(default_factory=set[int])

    def entered(self, who: Requesting, reference: str, paper: Paper) -> str:
        fits = KINDS[paper.organisation] in (
            ("AUTHORITY", "CLAIMANT") if paper.kind == "BREACH_FINDING" else ("AUTHORITY",)
        )
        if who.purpose != OFFICER.purpose:
            return "INVALID"
        if not fits or reference in self.papers or (paper.serves and paper.kind != "BREACH_FINDING"):
            return "ARGUMENT"
        self.papers[reference] = paper
        return "ANSWERED"

    def approved(self, who: Requesting, reference: str) -> str:
        paper = self.papers[reference]
        if who.purpose != OFFICER.purpose:
            return "INVALID"
        if paper.is_over:
            return "NOT_FOUND"
        if who.sub == paper.entered_by:
            return "ARGUMENT"
        if paper.approved_by:
            return "CONFLICT"
        if paper.kind == "BREACH_FINDING" and not paper.serves:
            return "ARGUMENT"
        paper.approved_by = who.sub
        return "ANSWERED"

    def ended(self, who: Requesting, reference: str) -> str:
        paper = self.papers[reference]
        if who.purpose != OFFICER.purpose:
            return "INVALID"
        if paper.is_over:
            return "NOT_FOUND"
        paper.is_over = True
        return "ANSWERED"

    def seen(self, paper: Paper) -> frozenset[int] | None:
        """Whom the organisation sees by a paper; none if it is shown nothing at all."""
        if paper.organisation in self.suspended:
            return None
        return paper.members if paper.holds else frozenset()


@pytest.fixture(scope="module")
def market(databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Market]:
    url = databases.make("sample_market")
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield Market(asking)
        asking.client.close()
    databases.drop(url)


@pytest.mark.parametrize("seed", range(2))
def test_papers_hold_as_the_opinion_says_and_for_nobody_else(market: Market, seed: int) -> None:
    draws, opinion = random.Random(seed), Opinion()
    for turn in range(TURNS):
        who = replace(OFFICER, sub=draws.choice("ABC")) if draws.random() < 0.9 else draws.choice(OTHERS)
        expected, got = _turn(market, draws, opinion, who, f"{seed}-{draws.randint(1, 40)}")
        assert got == expected, (turn, who)
        if opinion.papers and turn % 3 == 0:
            _check(market, opinion, *draws.choice([*opinion.papers.items()]))
    assert any(paper.holds for paper in opinion.papers.values())


def _turn(market: Market, draws: random.Random, opinion: Opinion, who: Requesting, reference: str) -> tuple[str, str]:
    """What was to become of a turn, and what became of it."""
    way = draws.random()
    if way < 0.4 or not opinion.papers:
        paper = Paper(
            kind=draws.choice([*PURPOSES]),
            organisation=draws.choice([*KINDS]),
            members=frozenset(draws.sample(range(1, 20), 2)),
            entered_by=who.sub or "",
            serves=draws.choice((None, "a claim")),
        )
        given = {
            "kind": paper.kind,
            "reference": reference,
            "organisation": f"Organisation:{paper.organisation}",
            "categories": ["REGISTRATION"],
            "members": [f"Member:{each}" for each in sorted(paper.members)],
            **({"serves": paper.serves} if paper.serves else {}),
        }
        taken = reference in opinion.papers and opinion.papers[reference].kind != paper.kind
        if taken:
            # Another kind may have the same reference, which the opinion keeps apart.
            reference = given["reference"] = f"{reference}-{paper.kind}"
        response = enter(market, "enterInstrument", given, who)
        return opinion.entered(who, reference, paper), _outcome(market, response)
    if way < 0.9:
        reference = draws.choice([*opinion.papers])
        (row,) = market.stored(f"select id from legal_instrument where reference = '{reference}'")
        name, expected = ("approveInstrument", opinion.approved) if way < 0.75 else ("endInstrument", opinion.ended)
        response = act(market, name, f"LegalInstrument:{row['id']}", who)
        return expected(who, reference), _outcome(market, response)
    organisation = draws.choice((16, 17, 18))
    if who.purpose != OFFICER.purpose or organisation not in opinion.suspended:
        response = enter(market, "suspendOrganisation", {"organisation": f"Organisation:{organisation}"}, who)
        if who.purpose != OFFICER.purpose:
            return "INVALID", _outcome(market, response)
        opinion.suspended.add(organisation)
        return "ANSWERED", _outcome(market, response)
    (row,) = market.stored(
        f"select id from organisation_suspension where organisation_id = {organisation} and ends_at is null"
    )
    opinion.suspended.discard(organisation)
    return "ANSWERED", _outcome(market, act(market, "resumeOrganisation", f"Suspension:{row['id']}", who))


def _outcome(market: Market, response: httpx.Response) -> str:
    return market.asking.record(response)["outcome"]


def _check(market: Market, opinion: Opinion, reference: str, paper: Paper) -> None:
    """Whom the organisation sees by a paper is whom the opinion says."""
    role = KINDS[paper.organisation]
    who = asking_as(role, PURPOSES[paper.kind], organisation=paper.organisation, reference=reference)
    seen = opinion.seen(paper)
    if seen is None:
        assert market.refusal(who, "{ members { totalCount } }") == "SUSPENDED"
    else:
        assert market.rows(who, "members") == seen, paper
