"""Marketing contacts: members who came to a fair, and what they said they look for."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from gateway.demo.sample import phrases, words
from gateway.demo.sample.draws import Draws, moment
from gateway.demo.sample.people import MemberRow

_MET = 30
_FIRST_MET = frozenset({1, 2, 6, 7, 8})
"""Of the first members, who was met in any case; among them those who answered a campaign."""

_FAIR = 3 * 24 * 60 * 60


class MarketingContactRow(NamedTuple):
    """A row of `marketing_contact`."""

    id: int
    member_id: int
    event: str
    met_at: datetime
    interest: str | None
    name: str
    email: str
    phone: str | None


def marketing_contacts(members: Iterable[MemberRow], seed: int) -> list[MarketingContactRow]:
    draws = Draws(seed, "marketing_contact")
    met = [member for member in members if draws.happens(_MET) or member.id in _FIRST_MET]
    return [_marketing_contact(draws, number, member) for number, member in enumerate(met, 1)]


def _marketing_contact(draws: Draws, number: int, member: MemberRow) -> MarketingContactRow:
    registered = member.registered_at.timestamp()
    event = draws.pick([event for event in phrases.EVENTS if event.begins > registered])
    return MarketingContactRow(
        id=number,
        member_id=member.id,
        event=event.name,
        met_at=moment(event.begins + draws.below(_FAIR)),
        interest=draws.pick(draws.pick(words.CATEGORIES).goods) if draws.happens(80) else None,
        name=member.name,
        email=member.email,
        phone=member.phone,
    )
