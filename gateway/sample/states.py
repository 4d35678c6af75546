"""What conditions read: contracts, support cases, campaigns and the answers to them, and consents.

Everything here holds from its start until its end, which lie so far apart that the sample does not age: what is in
force began in 2020 and ends in 2099 or never, what has ended did so in 2021, and what is not yet begun waits for 2098.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import cycle
from typing import NamedTuple, TypeVar

from gateway.sample import words
from gateway.sample.draws import Draws, moment, second
from gateway.sample.people import FEWEST
from gateway.sample.words import Organisation

Held = TypeVar("Held")


class Term(NamedTuple):
    """From when until when something holds."""

    starts_at: datetime
    ends_at: datetime | None


_BEGUN = moment(second(2020))
_IN_FORCE = Term(_BEGUN, moment(second(2099, 12, 31)))
_WITHOUT_END = Term(_BEGUN, None)
_ENDED = Term(_BEGUN, moment(second(2021)))
_NOT_BEGUN = Term(moment(second(2098)), moment(second(2099, 12, 31)))


class Choice(NamedTuple):
    """A consent given or refused, for a term."""

    given: bool
    term: Term


_GIVEN = Choice(given=True, term=_IN_FORCE)
_GIVEN_WITHOUT_END = Choice(given=True, term=_WITHOUT_END)
_NO_LONGER_GIVEN = Choice(given=True, term=_ENDED)
_REFUSED = Choice(given=False, term=_WITHOUT_END)
_NO_LONGER_REFUSED = Choice(given=False, term=_ENDED)


class Contract(NamedTuple):
    """A row of `contract`."""

    id: int
    organisation_id: int
    purposes: list[str]
    starts_at: datetime
    ends_at: datetime | None


class SupportCase(NamedTuple):
    """A row of `support_case`."""

    id: int
    organisation_id: int
    member_id: int
    starts_at: datetime
    ends_at: datetime | None


class Campaign(NamedTuple):
    """A row of `campaign`."""

    id: int
    organisation_id: int
    name: str


class CampaignResponse(NamedTuple):
    """A row of `campaign_response`."""

    id: int
    campaign_id: int
    organisation_id: int
    member_id: int
    starts_at: datetime
    ends_at: datetime | None


class Consent(NamedTuple):
    """A row of `consent`."""

    id: int
    member_id: int
    kind: str
    organisation_id: int | None
    given: bool
    starts_at: datetime
    ends_at: datetime | None


def _of_kind(kind: str) -> list[Organisation]:
    return [organisation for organisation in words.ORGANISATIONS if organisation.kind == kind]


_PROVIDER, _FORMER_PROVIDER = _of_kind("SERVICE_PROVIDER")
_AFFILIATE, _ = _of_kind("AFFILIATE")
_ADVERTISERS = _of_kind("ADVERTISER")
_PARTNER, _ = _of_kind("PARTNER")

_SUPPORT = ["account_service", "site_operation", "statistical_sharing"]

# How many members in a thousand have what; and which of the first members, whose state is chosen rather than drawn.

_CASES = ((20, _IN_FORCE), (10, _ENDED), (5, _NOT_BEGUN))
_FIRST_CASES = {3: _IN_FORCE, 4: _ENDED, 5: _NOT_BEGUN}

_RESPONSES = ((20, _IN_FORCE), (7, _ENDED), (3, _NOT_BEGUN))
_FIRST_RESPONSES = {_ADVERTISERS[0].id: {6: _WITHOUT_END, 7: _ENDED, 8: _NOT_BEGUN}}

_SHARES_WITH = (_PROVIDER.id, _PARTNER.id, _ADVERTISERS[0].id)


class Asked(NamedTuple):
    """A consent members are asked for, and how they answer."""

    kind: str
    organisation: int | None
    shares: tuple[tuple[int, Choice], ...]
    first: Mapping[int, Choice]


_CONTACT_BY_MEMBERS = Asked(
    "CONTACT_BY_MEMBERS",
    None,
    ((150, _GIVEN), (30, _NO_LONGER_GIVEN), (50, _REFUSED)),
    {11: _GIVEN, 14: _REFUSED},
)
_CONTACT_BY_MARKETPLACE = Asked(
    "CONTACT_BY_MARKETPLACE",
    None,
    ((100, _REFUSED), (100, _GIVEN), (20, _NO_LONGER_REFUSED)),
    {10: _REFUSED, 16: _NO_LONGER_REFUSED},
)
_COOKIES = Asked(
    "COOKIES",
    None,
    ((400, _GIVEN), (200, _GIVEN_WITHOUT_END), (50, _NO_LONGER_GIVEN), (100, _REFUSED)),
    {1: _GIVEN, 2: _GIVEN, 13: _REFUSED},
)


def _statistical_sharing(organisation: int) -> Asked:
    return Asked(
        "STATISTICAL_SHARING",
        organisation,
        ((60, _GIVEN), (20, _NO_LONGER_GIVEN), (20, _REFUSED)),
        {9: _GIVEN, 15: _NO_LONGER_GIVEN, 17: _REFUSED},
    )


_CONSENTS = (_CONTACT_BY_MEMBERS, _CONTACT_BY_MARKETPLACE, *map(_statistical_sharing, _SHARES_WITH), _COOKIES)


def contracts() -> list[Contract]:
    return [
        Contract(1, _PROVIDER.id, _SUPPORT, *_IN_FORCE),
        Contract(2, _FORMER_PROVIDER.id, _SUPPORT, *_ENDED),
        Contract(3, _AFFILIATE.id, ["site_operation"], *_WITHOUT_END),
    ]


def support_cases(members: int, seed: int) -> list[SupportCase]:
    draws = Draws(seed, "support_case")
    held = _held(draws, members, _CASES, _FIRST_CASES)
    return [SupportCase(number, _PROVIDER.id, member, *term) for number, (member, term) in enumerate(held, 1)]


def campaigns() -> list[Campaign]:
    """Each advertiser's, in turn."""
    turns = zip(cycle(_ADVERTISERS), words.CAMPAIGNS, strict=False)
    return [Campaign(number, advertiser.id, name) for number, (advertiser, name) in enumerate(turns, 1)]


def campaign_responses(members: int, seed: int) -> list[CampaignResponse]:
    draws = Draws(seed, "campaign_response")
    responses: list[CampaignResponse] = []
    for advertiser in _ADVERTISERS:
        own = [campaign for campaign in campaigns() if campaign.organisation_id == advertiser.id]
        for member, term in _held(draws, members, _RESPONSES, _FIRST_RESPONSES.get(advertiser.id, {})):
            campaign = draws.pick(own)
            responses.append(CampaignResponse(len(responses) + 1, campaign.id, advertiser.id, member, *term))
    return responses


def consents(members: int, seed: int) -> list[Consent]:
    draws = Draws(seed, "consent")
    answers: list[Consent] = []
    for asked in _CONSENTS:
        for member, (given, term) in _held(draws, members, asked.shares, asked.first):
            answers.append(Consent(len(answers) + 1, member, asked.kind, asked.organisation, given, *term))
    return answers


def _held(
    draws: Draws, members: int, shares: Sequence[tuple[int, Held]], first: Mapping[int, Held]
) -> Iterator[tuple[int, Held]]:
    """The members who hold something, with what they hold: the first as chosen, the others as drawn."""
    for member in range(1, members + 1):
        held = first.get(member) if member <= FEWEST else draws.share(shares)
        if held is not None:
            yield member, held
