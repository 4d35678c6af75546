"""The page that finds a member: by where they are and when they registered, for an officer sees names and addresses masked.

Whoever has an open request is found by their number or e-mail address too, for the policy shows these while it is open.
Each look is recorded, and is one at the members that it lists.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.desk.officer import CARRYING_OUT, OVERSIGHT, OfficerView
from gateway.pages.periods import day_in_address, period_as_input
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.visiting import NothingOffered, PageVisit

_PER_PAGE: Final = 20
_SHOWN: Final = ("id", "name", "email", "city", "country", "kind", "registeredAt")
_COMPARED: Final = ("registeredAt", "country", "city")
"""What both purposes show of a member as it is. The moment of registration is nobody else's."""

_NUMBER: Final = re.compile(r"(?:member:)?\s*(\d{1,18})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSearch:
    """What an officer knows of a member."""

    who: str = ""
    """Their number or their e-mail address."""
    country: str = ""
    city: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, visit: PageVisit) -> "MemberSearch":
        return cls(
            who=(visit.parameter("who") or "").strip(),
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
    named = await _named_by_request(visit, asked.who) if asked.who else None
    given = named if asked.who else asked.as_input
    found = await _found(visit, view, given) if given else None
    return visit.page("desk/members.html", asked=asked, found=found, is_unknown=bool(asked.who) and named is None)


async def _named_by_request(visit: PageVisit, who: str) -> Mapping[str, Any] | None:
    """By what a member with an open request is found in the log; none if there is no such member, or none is shown."""
    try:
        view = await OfficerView.of(visit, CARRYING_OUT)
        member = await _of_request(visit, view, who)
    except NothingOffered:
        return None
    except NotAnswered as problem:
        # A token that is not for requests, and a text that is no id, lead to nobody.
        if problem_of(problem.code) in (PageProblem.NOT_PERMITTED, PageProblem.NOT_TAKEN):
            return None
        raise
    # Without the moment, others would be found with them.
    if member is None or not member.get("registeredAt"):
        return None
    return {name: {"eq": member[name]} for name in _COMPARED if member.get(name)}


async def _of_request(visit: PageVisit, view: OfficerView, who: str) -> Mapping[str, Any] | None:
    shown = " ".join(view.of_these("Member", _COMPARED))
    if not shown:
        return None
    if number := _NUMBER.fullmatch(who):
        document = f"query MemberOfNumber($id: ID!) {{ member(id: $id) {{ {shown} }} }}"
        return (await visit.ask(document, {"id": f"Member:{number[1]}"}, view.purpose))["member"]
    if not view.shows("MemberFilter", "email"):
        return None
    document = f"query MemberOfAddress($email: String) {{ members(first: 2, filter: {{email: {{eq: $email}}}}) {{ nodes {{ {shown} }} }} }}"
    nodes = (await visit.ask(document, {"email": who}, view.purpose))["members"]["nodes"]
    return nodes[0] if len(nodes) == 1 else None


async def _found(visit: PageVisit, view: OfficerView, given: Mapping[str, Any]) -> Mapping[str, Any]:
    shown = " ".join(view.of_these("Member", _SHOWN))
    document = (
        "query FindMember($first: Int, $after: String, $filter: MemberFilter) {"
        " members(first: $first, after: $after, filter: $filter) {"
        f" nodes {{ {shown} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )
    variables = {"first": _PER_PAGE, "after": visit.parameter("after"), "filter": given}
    return (await visit.ask(document, variables))["members"]
