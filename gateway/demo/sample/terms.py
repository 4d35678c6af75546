"""From when until when something holds, and which members hold it.

Everything holds from its start until its end, which lie so far apart that the sample does not age: what is in force
began in 2020 and ends in 2099 or never, what has ended did so in 2021, and what is not yet begun waits for 2098.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from gateway.demo.sample.draws import Draws, moment, second
from gateway.demo.sample.people import FEWEST

Held = TypeVar("Held")


class Term(NamedTuple):
    """From when until when something holds."""

    starts_at: datetime
    ends_at: datetime | None


_BEGUN = moment(second(2020))
CURRENT_TERM = Term(_BEGUN, moment(second(2099, 12, 31)))
WITHOUT_END = Term(_BEGUN, None)
ENDED = Term(_BEGUN, moment(second(2021)))
NOT_BEGUN = Term(moment(second(2098)), moment(second(2099, 12, 31)))


def held(
    draws: Draws, members: int, shares: Sequence[tuple[int, Held]], first: Mapping[int, Held]
) -> Iterator[tuple[int, Held]]:
    """The members who hold something, with what they hold: the first as chosen, the others as drawn.

    `shares` says how many members in a thousand hold what.
    """
    for member in range(1, members + 1):
        what = first.get(member) if member <= FEWEST else draws.share(shares)
        if what is not None:
            yield member, what
