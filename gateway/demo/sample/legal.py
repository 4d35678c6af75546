"""What the law and the business's sale rest on: court orders, authorities' requests, findings of a breach, with the
members each names; and transfers of the business.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from gateway.demo.sample.draws import Draws
from gateway.demo.sample.people import FEWEST
from gateway.demo.sample.states import of_kind
from gateway.demo.sample.terms import CURRENT_TERM, ENDED, NOT_BEGUN, Term


class LegalInstrumentRow(NamedTuple):
    """A row of `legal_instrument`."""

    id: int
    kind: str
    reference: str
    organisation_id: int
    categories: list[str]
    names_cards: bool
    serves: str | None
    entered_by: str
    approved_by: str | None
    approved_at: datetime | None
    starts_at: datetime
    ends_at: datetime | None


class LegalInstrumentSubjectRow(NamedTuple):
    """A row of `legal_instrument_subject`."""

    instrument_id: int
    member_id: int


class BusinessTransferRow(NamedTuple):
    """A row of `business_transfer`."""

    id: int
    organisation_id: int
    undertaking: str
    entered_by: str
    approved_by: str
    approved_at: datetime
    starts_at: datetime
    ends_at: datetime | None


class _Paper(NamedTuple):
    """An instrument as it is written, and which of the first members it names."""

    kind: str
    reference: str
    organisation: int
    term: Term
    names: frozenset[int]
    approved: bool = True
    names_cards: bool = False


_OFFICE, _COURT = (authority.id for authority in of_kind("AUTHORITY"))
_CLAIMANT, _OTHER_CLAIMANT = (claimant.id for claimant in of_kind("CLAIMANT"))
_BUYER, _FORMER_BUYER = (acquirer.id for acquirer in of_kind("ACQUIRER"))

_CATEGORIES = {
    "SUBPOENA": ["REGISTRATION", "PAYMENT"],
    "LEGAL_REQUIREMENT": ["REGISTRATION", "STATISTICAL"],
    "COURT_ORDER": ["REGISTRATION", "PAYMENT", "ACCOUNT_ACTIVITIES"],
    "AUTHORITY_REQUEST": ["REGISTRATION", "BUYER", "ACCOUNT_ACTIVITIES"],
    "BREACH_FINDING": ["REGISTRATION", "PUBLISHING", "ACCOUNT_ACTIVITIES"],
}
"""What an instrument of each kind is for."""

_PAPERS = (
    _Paper("COURT_ORDER", "HK-2026-0117", _COURT, CURRENT_TERM, frozenset({10, 12}), names_cards=True),
    _Paper("SUBPOENA", "HK-2026-0118", _COURT, CURRENT_TERM, frozenset({12})),
    _Paper("LEGAL_REQUIREMENT", "HK-2026-0119", _OFFICE, CURRENT_TERM, frozenset({18})),
    _Paper("COURT_ORDER", "HK-2020-0042", _COURT, ENDED, frozenset({16})),
    _Paper("COURT_ORDER", "HK-2098-0003", _COURT, NOT_BEGUN, frozenset({18})),
    _Paper("AUTHORITY_REQUEST", "CPO-2026-031", _OFFICE, CURRENT_TERM, frozenset({11})),
    _Paper("AUTHORITY_REQUEST", "CPO-2026-032", _OFFICE, CURRENT_TERM, frozenset({14}), approved=False),
    _Paper("AUTHORITY_REQUEST", "CPO-2020-007", _OFFICE, ENDED, frozenset({15})),
    _Paper("BREACH_FINDING", "BF-2026-005", _CLAIMANT, CURRENT_TERM, frozenset({13})),
    _Paper("BREACH_FINDING", "BF-2026-006", _CLAIMANT, CURRENT_TERM, frozenset({18}), approved=False),
    _Paper("BREACH_FINDING", "BF-2020-001", _CLAIMANT, ENDED, frozenset({12})),
    _Paper("BREACH_FINDING", "BF-2026-007", _OFFICE, CURRENT_TERM, frozenset({13})),
    _Paper("BREACH_FINDING", "BF-2098-001", _OTHER_CLAIMANT, NOT_BEGUN, frozenset({18})),
)

_CLAIM = "a claim for goods that were paid for and never sent"
_UNDERTAKING = "signed: the buyer follows the policy that members agreed to"

_ENTERED = "a clerk"
_APPROVED = (_ENTERED, "the privacy officer", CURRENT_TERM.starts_at)
"""Who entered a paper, who approved it, and when."""

_NAMED = 0.1
"""How many members in a hundred an instrument names, beside the first."""


def instruments() -> list[LegalInstrumentRow]:
    return [
        LegalInstrumentRow(
            number,
            paper.kind,
            paper.reference,
            paper.organisation,
            _CATEGORIES[paper.kind],
            paper.names_cards,
            _CLAIM if paper.kind == "BREACH_FINDING" else None,
            *(_APPROVED if paper.approved else (_ENTERED, None, None)),
            *paper.term,
        )
        for number, paper in enumerate(_PAPERS, 1)
    ]


def subjects(members: int, seed: int) -> list[LegalInstrumentSubjectRow]:
    draws = Draws(seed, "legal_instrument_subject")
    return [LegalInstrumentSubjectRow(*named) for named in _named(draws, members)]


def _named(draws: Draws, members: int) -> Iterator[tuple[int, int]]:
    for number, paper in enumerate(_PAPERS, 1):
        yield from ((number, member) for member in sorted(paper.names))
        yield from ((number, member) for member in range(FEWEST + 1, members + 1) if draws.happens(_NAMED))


def transfers() -> Sequence[BusinessTransferRow]:
    """One whose closing is far off, and one that closed and was undone."""
    return [
        BusinessTransferRow(1, _BUYER, _UNDERTAKING, *_APPROVED, *NOT_BEGUN),
        BusinessTransferRow(2, _FORMER_BUYER, _UNDERTAKING, *_APPROVED, *ENDED),
    ]
