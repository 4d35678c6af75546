"""The pages that list papers: those of one kind, by organisation and by whether they hold; and as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.csv_files import csv_file
from gateway.pages.desk.officer import ADMINISTRATION, OfficerView
from gateway.pages.desk.paper_kinds import APPROVED, ENDS, STARTS, PaperFields, PaperKind, paper_kinds
from gateway.pages.desk.today import SOON
from gateway.pages.desk.who_has_seen import organisations_to_choose
from gateway.pages.problems import PageProblem
from gateway.pages.visiting import NothingOffered, PageVisit

PAPERS: Final = "/desk/papers"
_PER_PAGE: Final = 20
_MOST_PARTS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFilter:
    """Which papers are listed."""

    organisation: str = ""
    state: str = ""

    @classmethod
    def of(cls, visit: PageVisit) -> "PaperFilter":
        return cls(organisation=visit.parameter("organisation") or "", state=visit.parameter("state") or "")

    @property
    def parameters(self) -> Mapping[str, str]:
        named = {"organisation": self.organisation, "state": self.state}
        return {name: value for name, value in named.items() if value}

    def as_input(self, now: datetime) -> Mapping[str, Any]:
        by_state: Mapping[str, Mapping[str, Any]] = {
            "ending": {ENDS: {"gt": now.isoformat(), "lt": (now + SOON).isoformat()}},
            "without_end": {ENDS: {"isNull": True}},
            "over": {ENDS: {"lte": now.isoformat()}},
            "unapproved": {APPROVED: {"isNull": True}},
        }
        organisation = {"organisation": {"eq": self.organisation}} if self.organisation else {}
        return {**organisation, **by_state.get(self.state, {})}


def paper_state(paper: Mapping[str, Any], now: datetime) -> str:
    """Whether a paper holds, as the name of its words."""
    ends, starts = paper.get(ENDS), paper.get(STARTS)
    if ends and datetime.fromisoformat(ends) <= now:
        return "over"
    if APPROVED in paper and not paper[APPROVED]:
        return "unapproved"
    if starts and datetime.fromisoformat(starts) > now:
        return "to_come"
    return "ending" if ends and datetime.fromisoformat(ends) < now + SOON else "in_force"


async def papers_page(visit: PageVisit) -> Response:
    """The kinds, each with what may be done."""
    view = await OfficerView.of(visit, ADMINISTRATION)
    kinds = list(paper_kinds(view, visit.ground.catalog))
    if not kinds:
        raise NothingOffered
    await visit.ask("query Papers { __typename }", purpose=view.purpose)
    return visit.page("desk/papers.html", kinds=kinds)


async def asked_kind(visit: PageVisit) -> tuple[OfficerView, PaperKind | None]:
    """The kind that an address names; none if there is no such."""
    view = await OfficerView.of(visit, ADMINISTRATION)
    named = visit.request.path_params["kind"]
    found = (each for each in paper_kinds(view, visit.ground.catalog) if each.listed == named)
    return view, next(found, None)


async def paper_list_page(visit: PageVisit) -> Response:
    view, kind = await asked_kind(visit)
    if kind is None:
        return visit.problem(PageProblem.ABSENT)
    now, fields = datetime.now(UTC), PaperFields(view, kind, visit.ground.catalog)
    asked = PaperFilter.of(visit)
    found = await _papers(visit, fields, asked.as_input(now), _PER_PAGE, visit.parameter("after"))
    states = ["ending", "without_end", "over"]
    return visit.page(
        "desk/paper_list.html",
        kind=kind,
        asked=asked,
        papers=[(each, paper_state(each, now)) for each in found["nodes"]],
        info=found["pageInfo"],
        states=[*states, "unapproved"] if APPROVED in fields.filters() else states,
        organisations=await organisations_to_choose(visit) if "organisation" in fields.filters() else (),
    )


async def paper_list_csv(visit: PageVisit) -> Response:
    view, kind = await asked_kind(visit)
    if kind is None:
        return visit.problem(PageProblem.ABSENT)
    now, fields = datetime.now(UTC), PaperFields(view, kind, visit.ground.catalog)
    names = [each.name for each in fields.columns]
    lines: list[Sequence[str]] = [["id", *(each.name for each in fields.links), *names]]
    after: str | None = None
    for _ in range(_MOST_PARTS):
        part = await _papers(visit, fields, PaperFilter.of(visit).as_input(now), 100, after)
        for each in part["nodes"]:
            linked = [(each[link.name] or {}).get("name") or "" for link in fields.links]
            lines.append([each["id"], *linked, *(_cell(each[name]) for name in names)])
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break
    return csv_file(kind.listed, lines)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


async def _papers(
    visit: PageVisit, fields: PaperFields, filters: Mapping[str, Any], first: int, after: str | None
) -> Mapping[str, Any]:
    kind = fields.kind
    order = f"orderBy: [{{{STARTS}: DESC}}]"
    document = (
        f"query ListPapers($first: Int, $after: String, $filter: {kind.entity.name}Filter) {{"
        f" {kind.listed}(first: $first, after: $after, {order}, filter: $filter) {{"
        f" nodes {{ {fields.selection(whole=False)} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )
    variables = {"first": first, "after": after, "filter": filters}
    return (await visit.ask(document, variables, fields.view.purpose))[kind.listed]
