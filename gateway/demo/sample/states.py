"""What conditions read of members and organisations: contracts, support cases, affiliate accounts, credit assessments,
arrivals through partners, campaigns and the answers to them, consents, and members' requests about their own data.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import cycle
from typing import NamedTuple

from gateway.demo.sample import words
from gateway.demo.sample.draws import Draws
from gateway.demo.sample.terms import CURRENT_TERM, ENDED, NOT_BEGUN, WITHOUT_END, Term, held
from gateway.demo.sample.words import OrganisationRow


class ConsentChoice(NamedTuple):
    """A consent given or refused, for a term."""

    given: bool
    term: Term


_GIVEN = ConsentChoice(given=True, term=CURRENT_TERM)
_GIVEN_WITHOUT_END = ConsentChoice(given=True, term=WITHOUT_END)
_NO_LONGER_GIVEN = ConsentChoice(given=True, term=ENDED)
_REFUSED = ConsentChoice(given=False, term=WITHOUT_END)
_NO_LONGER_REFUSED = ConsentChoice(given=False, term=ENDED)


class ContractRow(NamedTuple):
    """A row of `contract`."""

    id: int
    organisation_id: int
    purposes: list[str]
    starts_at: datetime
    ends_at: datetime | None


class TieRow(NamedTuple):
    """A row of `support_case`, `affiliate_account`, `credit_assessment` or `partner_arrival`."""

    id: int
    organisation_id: int | None
    member_id: int
    starts_at: datetime
    ends_at: datetime | None


class CampaignRow(NamedTuple):
    """A row of `campaign`."""

    id: int
    organisation_id: int
    name: str
    starts_at: datetime
    ends_at: datetime | None


class CampaignResponseRow(NamedTuple):
    """A row of `campaign_response`."""

    id: int
    campaign_id: int
    organisation_id: int
    member_id: int
    starts_at: datetime
    ends_at: datetime | None


class ConsentRow(NamedTuple):
    """A row of `consent`."""

    id: int
    member_id: int
    kind: str
    organisation_id: int | None
    given: bool
    starts_at: datetime
    ends_at: datetime | None

    @property
    def refuses_cookies(self) -> bool:
        return self.kind == "COOKIES" and not self.given


class DataSubjectRequestRow(NamedTuple):
    """A row of `data_subject_request`."""

    id: int
    member_id: int
    categories: list[str]
    kind: str
    starts_at: datetime
    ends_at: datetime | None


def of_kind(kind: str) -> list[OrganisationRow]:
    return [organisation for organisation in words.ORGANISATIONS if organisation.kind == kind]


_PROVIDER, _FORMER_PROVIDER = of_kind("SERVICE_PROVIDER")
_AFFILIATES = of_kind("AFFILIATE")
_ADVERTISERS = of_kind("ADVERTISER")
_PARTNERS = of_kind("PARTNER")
_BANK, _ = of_kind("BANK")
_AGENCY, _ = of_kind("CREDIT_AGENCY")

_SUPPORT = ["account_service", "site_operation", "statistical_sharing"]

# How many members in a thousand have what; and which of the first members, whose state is chosen rather than drawn.


class Tied(NamedTuple):
    """An organisation (none is the marketplace itself), and the members tied to it."""

    organisation: int | None
    shares: tuple[tuple[int, Term], ...]
    first: Mapping[int, Term]


_CASES = (
    Tied(_PROVIDER.id, ((20, CURRENT_TERM), (10, ENDED), (5, NOT_BEGUN)), {3: CURRENT_TERM, 4: ENDED, 5: NOT_BEGUN}),
)

_ACCOUNTS = (
    Tied(
        _AFFILIATES[0].id, ((60, WITHOUT_END), (15, ENDED), (5, NOT_BEGUN)), {3: CURRENT_TERM, 4: ENDED, 5: NOT_BEGUN}
    ),
    Tied(_AFFILIATES[1].id, ((30, WITHOUT_END), (10, ENDED)), {}),
)

_ARRIVALS = (
    Tied(
        _PARTNERS[0].id,
        ((80, WITHOUT_END), (20, ENDED), (5, NOT_BEGUN)),
        {1: WITHOUT_END, 2: ENDED, 12: NOT_BEGUN, 13: WITHOUT_END},
    ),
    Tied(_PARTNERS[1].id, ((40, WITHOUT_END), (10, ENDED)), {}),
)

_FIRST_ASSESSED = {6: CURRENT_TERM, 7: ENDED, 8: NOT_BEGUN}
_ASSESSMENTS = (
    Tied(_BANK.id, ((10, CURRENT_TERM), (20, ENDED), (3, NOT_BEGUN)), _FIRST_ASSESSED),
    Tied(_AGENCY.id, ((10, CURRENT_TERM), (20, ENDED), (3, NOT_BEGUN)), _FIRST_ASSESSED),
    Tied(None, ((15, CURRENT_TERM), (30, ENDED), (5, NOT_BEGUN)), {9: CURRENT_TERM, 15: ENDED, 17: NOT_BEGUN}),
)

_RESPONSES = ((20, CURRENT_TERM), (7, ENDED), (3, NOT_BEGUN))
_FIRST_RESPONSES = {_ADVERTISERS[0].id: {6: WITHOUT_END, 7: ENDED, 8: NOT_BEGUN}}

_SHARES_WITH = (_PROVIDER.id, _PARTNERS[0].id, _ADVERTISERS[0].id)

_REQUESTS = (
    *((6, ("ACCESS", CURRENT_TERM)), (4, ("CORRECTION", CURRENT_TERM)), (2, ("RETURN", CURRENT_TERM))),
    *((2, ("DESTRUCTION", CURRENT_TERM)), (1, ("MINOR_REMOVAL", CURRENT_TERM)), (15, ("ACCESS", ENDED))),
    *((5, ("CORRECTION", ENDED)), (2, ("DESTRUCTION", NOT_BEGUN))),
)
_ALL = [
    *("REGISTRATION", "PUBLISHING", "BUYER", "PAYMENT", "ACCOUNT_ACTIVITIES", "STATISTICAL", "MARKETING", "PERSONAL"),
]
"""The categories of collected information."""

_CATEGORIES = {
    "CORRECTION": ["REGISTRATION", "PUBLISHING", "PAYMENT"],
    "RETURN": ["REGISTRATION", "ACCOUNT_ACTIVITIES"],
}
"""What a request is about, where it is not about all."""

_FIRST_REQUESTS = {14: ("ACCESS", CURRENT_TERM), 16: ("CORRECTION", ENDED), 17: ("DESTRUCTION", NOT_BEGUN)}


class ConsentPattern(NamedTuple):
    """A consent members are asked for, and how they answer."""

    kind: str
    organisation: int | None
    shares: tuple[tuple[int, ConsentChoice], ...]
    first: Mapping[int, ConsentChoice]


_CONTACT_BY_MEMBERS = ConsentPattern(
    "CONTACT_BY_MEMBERS",
    None,
    ((150, _GIVEN), (30, _NO_LONGER_GIVEN), (50, _REFUSED)),
    {11: _GIVEN, 14: _REFUSED},
)
_CONTACT_BY_MARKETPLACE = ConsentPattern(
    "CONTACT_BY_MARKETPLACE",
    None,
    ((100, _REFUSED), (100, _GIVEN), (20, _NO_LONGER_REFUSED)),
    {10: _REFUSED, 16: _NO_LONGER_REFUSED},
)
_COOKIES = ConsentPattern(
    "COOKIES",
    None,
    ((400, _GIVEN), (200, _GIVEN_WITHOUT_END), (50, _NO_LONGER_GIVEN), (100, _REFUSED)),
    {1: _GIVEN, 2: _GIVEN, 13: _REFUSED},
)


def _statistical_sharing(organisation: int) -> ConsentPattern:
    return ConsentPattern(
        "STATISTICAL_SHARING",
        organisation,
        ((60, _GIVEN), (20, _NO_LONGER_GIVEN), (20, _REFUSED)),
        {9: _GIVEN, 15: _NO_LONGER_GIVEN, 17: _REFUSED},
    )


_CONSENTS = (_CONTACT_BY_MEMBERS, _CONTACT_BY_MARKETPLACE, *map(_statistical_sharing, _SHARES_WITH), _COOKIES)


def contracts() -> list[ContractRow]:
    return [
        ContractRow(1, _PROVIDER.id, _SUPPORT, *CURRENT_TERM),
        ContractRow(2, _FORMER_PROVIDER.id, _SUPPORT, *ENDED),
        ContractRow(3, _AFFILIATES[0].id, ["site_operation"], *WITHOUT_END),
    ]


def support_cases(members: int, seed: int) -> list[TieRow]:
    return _ties(Draws(seed, "support_case"), members, _CASES)


def affiliate_accounts(members: int, seed: int) -> list[TieRow]:
    return _ties(Draws(seed, "affiliate_account"), members, _ACCOUNTS)


def partner_arrivals(members: int, seed: int) -> list[TieRow]:
    return _ties(Draws(seed, "partner_arrival"), members, _ARRIVALS)


def credit_assessments(members: int, seed: int) -> list[TieRow]:
    return _ties(Draws(seed, "credit_assessment"), members, _ASSESSMENTS)


def _ties(draws: Draws, members: int, all_tied: tuple[Tied, ...]) -> list[TieRow]:
    ties: list[TieRow] = []
    for tied in all_tied:
        for member, term in held(draws, members, tied.shares, tied.first):
            ties.append(TieRow(len(ties) + 1, tied.organisation, member, *term))
    return ties


def campaigns() -> list[CampaignRow]:
    """Each advertiser's, in turn."""
    turns = zip(cycle(_ADVERTISERS), words.CAMPAIGNS, strict=False)
    return [
        CampaignRow(number, advertiser.id, name, *CURRENT_TERM) for number, (advertiser, name) in enumerate(turns, 1)
    ]


def campaign_responses(members: int, seed: int) -> list[CampaignResponseRow]:
    draws = Draws(seed, "campaign_response")
    responses: list[CampaignResponseRow] = []
    for advertiser in _ADVERTISERS:
        own = [campaign for campaign in campaigns() if campaign.organisation_id == advertiser.id]
        for member, term in held(draws, members, _RESPONSES, _FIRST_RESPONSES.get(advertiser.id, {})):
            campaign = draws.pick(own)
            responses.append(CampaignResponseRow(len(responses) + 1, campaign.id, advertiser.id, member, *term))
    return responses


def consents(members: int, seed: int) -> list[ConsentRow]:
    draws = Draws(seed, "consent")
    answers: list[ConsentRow] = []
    for asked in _CONSENTS:
        for member, (given, term) in held(draws, members, asked.shares, asked.first):
            answers.append(ConsentRow(len(answers) + 1, member, asked.kind, asked.organisation, given, *term))
    return answers


def data_subject_requests(members: int, seed: int) -> list[DataSubjectRequestRow]:
    draws = Draws(seed, "data_subject_request")
    asked = enumerate(held(draws, members, _REQUESTS, _FIRST_REQUESTS), 1)
    return [
        DataSubjectRequestRow(number, member, _CATEGORIES.get(kind, _ALL), kind, *term)
        for number, (member, (kind, term)) in asked
    ]
