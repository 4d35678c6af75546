"""The page that finds a member: by where they are and when they registered, for an officer sees names and addresses masked.

Each look is recorded, and is one at the members that it lists.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.desk.officer import OVERSIGHT, OfficerView
from gateway.pages.periods import day_in_address, period_as_input
from gateway.pages.visiting import NothingOffered, PageVisit

_PER_PAGE: Final = 20
_SHOWN: Final = ("id", "name", "email", "city", "country", "kind", "registeredAt")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSearch:
    """What an officer knows of a member."""

    country: str = ""
    city: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, visit: PageVisit) -> "MemberSearch":
        return cls(
            country=(visit.parameter("country") or "").strip().upper(),
            city=(visit.parameter("city") or "").strip(),
            since=day_in_address(visit.parameter("since")),
            until=day_in_address(visit.parameter("until")),
        )

    @property
    def parameters(self) -> Mapping[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def as_input(self) -> Mapping[str, Any]:
        places = {name: {"eq": getattr(self, name)} for name in ("country", "city") if getattr(self, name)}
        registered = period_as_input(self.since, self.until)
        return {**places, **({"registeredAt": registered} if registered else {})}


async def member_search_page(visit: PageVisit) -> Response:
    """Nobody is looked at before something is asked."""
    view = await OfficerView.of(visit, OVERSIGHT)
    if not view.shows("Query", "members"):
        raise NothingOffered
    asked = MemberSearch.of(visit)
    found = await _found(visit, view, asked) if asked.as_input else None
    return visit.page("desk/members.html", asked=asked, found=found)


async def _found(visit: PageVisit, view: OfficerView, asked: MemberSearch) -> Mapping[str, Any]:
    shown = " ".join(view.of_these("Member", _SHOWN))
    document = (
        "query FindMember($first: Int, $after: String, $filter: MemberFilter) {"
        " members(first: $first, after: $after, filter: $filter) {"
        f" nodes {{ {shown} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )
    variables = {"first": _PER_PAGE, "after": visit.parameter("after"), "filter": asked.as_input}
    return (await visit.ask(document, variables))["members"]
