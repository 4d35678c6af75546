"""The open requests of members as a file: what each asks, since when, when it is due, and whose it is."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.csv_files import csv_file
from gateway.pages.desk.officer import CARRYING_OUT, OfficerView
from gateway.pages.request_terms import request_due
from gateway.pages.visiting import NothingOffered, PageVisit

_PER_PART: Final = 100
_MOST_PARTS: Final = 50
_SHOWN: Final = ("id", "kind", "categories", "startsAt", "endsAt")
_HEAD: Final = ("id", "kind", "categories", "since", "due", "ends", "member", "name", "email")


async def open_requests_csv(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, CARRYING_OUT)
    if not view.shows("Query", "dataRequests"):
        raise NothingOffered
    now = datetime.now(UTC)
    found = [each async for each in _requests(visit, view, now)]
    return csv_file("open-requests", [_HEAD, *map(_line, found)])


def _line(request: Mapping[str, Any]) -> Sequence[str]:
    member, due = request.get("member") or {}, request_due(request["startsAt"])
    own = (request["id"], request["kind"], " ".join(request["categories"] or ()), request["startsAt"])
    theirs = (member.get(name) or "" for name in ("id", "name", "email"))
    return [*own, due.isoformat(), request["endsAt"] or "", *theirs]


async def _requests(visit: PageVisit, view: OfficerView, now: datetime) -> AsyncGenerator[Mapping[str, Any]]:
    """Those without an end first, then those whose end is to come, the longest open first."""
    member = " ".join(view.of_these("Member", ("id", "name", "email")))
    shown = " ".join(view.of_these("DataRequest", (*_SHOWN, f"member {{ {member} }}")))
    document = (
        "query ListRequests($first: Int, $after: String, $filter: DataRequestFilter) {"
        " dataRequests(first: $first, after: $after, orderBy: [{startsAt: ASC}], filter: $filter) {"
        f" nodes {{ {shown} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )
    for ends_at in ({"isNull": True}, {"gt": now.isoformat()}):
        after: str | None = None
        for _ in range(_MOST_PARTS):
            filters = {"startsAt": {"lte": now.isoformat()}, "endsAt": ends_at}
            variables = {"first": _PER_PART, "after": after, "filter": filters}
            part = (await visit.ask(document, variables, view.purpose))["dataRequests"]
            for each in part["nodes"]:
                yield each
            if not part["pageInfo"]["hasNextPage"]:
                break
            after = part["pageInfo"]["endCursor"]
