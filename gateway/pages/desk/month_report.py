"""The page of a month: how many requests there were, of whom, for what and with which outcome; and as CSV.

Made from the summaries of the days that are sealed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.csv_files import csv_file
from gateway.pages.desk.officer import OVERSIGHT, OfficerView
from gateway.pages.periods import day_in_address
from gateway.pages.visiting import PageVisit
from schema.access_record import DESCRIBED, NO_REFUSALS

_PER_PART: Final = 100
_MOST_PARTS: Final = 100
_FIGURES: Final = ("requests", "persons", "crossBorder")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """What one organisation or role asked for one purpose with one outcome, in a month."""

    organisation: str
    organisation_id: str
    role: str
    purpose: str
    outcome: str
    requests: int
    persons: int
    cross_border: int


async def month_report_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, OVERSIGHT)
    if not view.shows("Query", "accessSummaries"):
        return visit.page("desk/who_has_seen.html", has_log=False)
    month = asked_month(visit)
    lines = await _month_lines(visit, month)
    return visit.page(
        "desk/month.html",
        month=month,
        last=_following(month) - timedelta(days=1),
        before=(month - timedelta(days=1)).replace(day=1),
        after=_following(month),
        lines=lines,
        total=sum(each.requests for each in lines if each.outcome != DESCRIBED),
        refused=sum(each.requests for each in lines if each.outcome not in NO_REFUSALS),
        described=sum(each.requests for each in lines if each.outcome == DESCRIBED),
    )


async def month_report_csv(visit: PageVisit) -> Response:
    month = asked_month(visit)
    head = ["month", "organisation", "role", "purpose", "outcome", "requests", "persons", "cross_border"]
    lines = [
        [
            *(f"{month:%Y-%m}", each.organisation, each.role, each.purpose, each.outcome),
            *(str(each.requests), str(each.persons), str(each.cross_border)),
        ]
        for each in await _month_lines(visit, month)
    ]
    return csv_file(f"requests-of-{month:%Y-%m}", [head, *lines])


def asked_month(visit: PageVisit) -> date:
    """The month of the address; this one where it names none."""
    named = day_in_address(f"{(visit.parameter('month') or '')[:7]}-01")
    is_likely = "2000" < named < "3000"
    return date.fromisoformat(named) if is_likely else datetime.now(UTC).date().replace(day=1)


def _following(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


_DOCUMENT: Final = """\
query MonthOfRequests($after: String, $first: Int, $filter: AccessSummaryFilter) {
  accessSummaries(first: $first, after: $after, filter: $filter) {
    nodes { role purpose outcome requests persons crossBorder organisation { id name } }
    pageInfo { hasNextPage endCursor }
  }
}"""


async def _month_lines(visit: PageVisit, month: date) -> Sequence[MonthLine]:
    """All days added up, the most asked first."""
    span = {"day": {"gte": f"{month}T00:00:00Z", "lt": f"{_following(month)}T00:00:00Z"}}
    sums: dict[tuple[str, ...], list[int]] = {}
    after: str | None = None
    for _ in range(_MOST_PARTS):
        variables = {"first": _PER_PART, "after": after, "filter": span}
        part = (await visit.ask(_DOCUMENT, variables))["accessSummaries"]
        for each in part["nodes"]:
            figures = sums.setdefault(_key(each), [0, 0, 0])
            for position, name in enumerate(_FIGURES):
                figures[position] += each[name] or 0
        if not part["pageInfo"]["hasNextPage"]:
            break
        after = part["pageInfo"]["endCursor"]
    return [_line(key, figures) for key, figures in sorted(sums.items(), key=lambda each: (-each[1][0], each[0]))]


def _key(summary: Mapping[str, Any]) -> tuple[str, ...]:
    organisation = summary["organisation"] or {"name": "", "id": ""}
    parts = (organisation["name"], organisation["id"], summary["role"], summary["purpose"], summary["outcome"])
    return tuple(each or "" for each in parts)


def _line(key: tuple[str, ...], figures: Sequence[int]) -> MonthLine:
    organisation, organisation_id, role, purpose, outcome = key
    requests, persons, cross_border = figures
    return MonthLine(
        organisation=organisation,
        organisation_id=organisation_id,
        role=role,
        purpose=purpose,
        outcome=outcome,
        requests=requests,
        persons=persons,
        cross_border=cross_border,
    )
