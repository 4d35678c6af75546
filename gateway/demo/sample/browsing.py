"""What members leave behind as they browse: the pages they open and the visits of their devices.

Who refuses cookies leaves none. All addresses on the net are of ranges kept for examples and tests (RFC 2544, RFC 3849),
so that nothing here is anybody's.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from gateway.demo.sample import words
from gateway.demo.sample.draws import Draws, moment, second
from gateway.demo.sample.people import FEWEST, MemberRow

_FIRST_SEEN = second(2024)
_LAST_SEEN = second(2026, 6, 30)

_MOST_EVENTS, _MOST_VISITS = 12, 6
"""Half as many on average; the first members have some in any case."""

_SITE = "https://www.harbour.example.com"
_GOODS = tuple(goods.replace(" ", "+") for category in words.CATEGORIES for goods in category.goods)
_REFERRERS = (
    *(None, None, None, f"{_SITE}/", f"{_SITE}/search", "https://search.example.com/", "https://news.example.org/"),
    *("https://compass.example.net/suppliers", "https://gazette.example.org/trade"),
)


class BrowsingEventRow(NamedTuple):
    """A row of `browsing_event`."""

    id: int
    member_id: int
    product_id: int | None
    at: datetime
    url: str
    referrer: str | None
    dwell_seconds: int
    ip_address: str
    cookie: str | None


class VisitRow(NamedTuple):
    """A row of `visit`."""

    id: int
    member_id: int
    at: datetime
    browser: str
    operating_system: str
    device: str
    pages_viewed: int
    ip_address: str


class Agent(NamedTuple):
    """The fields a browser sends about its device."""

    browser: str
    operating_system: str
    device: str


class Device(NamedTuple):
    """A member's computer or telephone, and where on the net it is."""

    agent: Agent
    address: str


_AGENTS = (
    *(
        Agent("Chrome", "Windows", "Desktop"),
        Agent("Chrome", "Windows", "Desktop"),
        Agent("Edge", "Windows", "Desktop"),
    ),
    *(Agent("Safari", "macOS", "Desktop"), Agent("Chrome", "macOS", "Desktop"), Agent("Firefox", "Linux", "Desktop")),
    *(Agent("Safari", "iOS", "Phone"), Agent("Chrome", "Android", "Phone"), Agent("Chrome", "Android", "Phone")),
    *(Agent("Samsung Internet", "Android", "Phone"), Agent("Safari", "iPadOS", "Tablet")),
)


class Browsing:
    """Draws what all members leave, so many rows each as are settled at first."""

    def __init__(self, members: Sequence[MemberRow], seed: int) -> None:
        self._members = members
        self._seed = seed
        self._events = _counts(Draws(seed, "browsing_event count"), members, _MOST_EVENTS)
        self._visits = _counts(Draws(seed, "visit count"), members, _MOST_VISITS)
        draws = Draws(seed, "device")
        self._devices = [(_device(draws), _device(draws)) for _ in members]

    @property
    def event_count(self) -> int:
        return sum(self._events)

    @property
    def visit_count(self) -> int:
        return sum(self._visits)

    def events(self, products: int, refusing: Collection[int]) -> Iterator[BrowsingEventRow]:
        """`refusing` are the members who refuse cookies; products are numbered from 1."""
        draws = Draws(self._seed, "browsing_event")
        number = 0
        for member, many, devices in zip(self._members, self._events, self._devices, strict=True):
            cookie = None if member.id in refusing else f"{draws.below(1 << 48):012x}{draws.below(1 << 48):012x}"
            for _ in range(many):
                number += 1
                product, url = _page(draws, products)
                yield BrowsingEventRow(
                    id=number,
                    member_id=member.id,
                    product_id=product,
                    at=_at(draws, member),
                    url=url,
                    referrer=draws.pick(_REFERRERS),
                    dwell_seconds=draws.between(2, 600),
                    ip_address=draws.pick(devices).address,
                    cookie=cookie,
                )

    def visits(self) -> Iterator[VisitRow]:
        draws = Draws(self._seed, "visit")
        number = 0
        for member, many, devices in zip(self._members, self._visits, self._devices, strict=True):
            for _ in range(many):
                number += 1
                agent, address = draws.pick(devices)
                yield VisitRow(number, member.id, _at(draws, member), *agent, draws.between(1, 40), address)


def _counts(draws: Draws, members: Sequence[MemberRow], most: int) -> list[int]:
    return [draws.between(2 if member.id <= FEWEST else 0, most) for member in members]


def _device(draws: Draws) -> Device:
    return Device(draws.pick(_AGENTS), _address(draws))


def _address(draws: Draws) -> str:
    """An address of a device, as it is usually written; three in ten are of version 6."""
    if draws.happens(30):
        return f"2001:db8:{draws.between(1, 65535):x}:{draws.between(1, 65535):x}::{draws.between(1, 65535):x}"
    return f"198.{draws.between(18, 19)}.{draws.below(256)}.{draws.between(1, 254)}"


def _page(draws: Draws, products: int) -> tuple[int | None, str]:
    """A page, and the product it shows if it shows one."""
    if draws.happens(60):
        product = 1 + draws.below(products)
        return product, f"{_SITE}/product/{product}"
    return None, f"{_SITE}/search?q={draws.pick(_GOODS)}"


def _at(draws: Draws, member: MemberRow) -> datetime:
    return moment(draws.between(max(_FIRST_SEEN, int(member.registered_at.timestamp())), _LAST_SEEN))
