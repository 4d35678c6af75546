"""The pages of organisations: what was agreed with each, when it last asked, and how it is stopped and let on."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.csv_files import csv_file
from gateway.pages.desk.officer import ADMINISTRATION, OVERSIGHT, OfficerView
from gateway.pages.desk.paper_kinds import PaperKind, paper_kinds
from gateway.pages.desk.paper_lists import paper_state
from gateway.pages.desk.who_has_seen import organisations_to_choose
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.visiting import PageVisit

_ORGANISATIONS: Final = "/desk/organisations"
_MOST: Final = 100


async def organisations_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, ADMINISTRATION)
    organisations = await organisations_to_choose(visit)
    stopped = {each["organisation"]["id"] for each in await _suspensions(visit, view) if each["organisation"]}
    return visit.page("desk/organisations.html", organisations=organisations, stopped=stopped)


async def organisations_csv(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, ADMINISTRATION)
    organisations = await organisations_to_choose(visit)
    stopped = {each["organisation"]["id"]: each for each in await _suspensions(visit, view) if each["organisation"]}
    lines = [
        [
            *(each["id"], each["name"] or "", each["kind"] or "", each["country"] or ""),
            *((stopped.get(each["id"]) or {}).get(name) or "" for name in ("startsAt", "endsAt", "reason")),
        ]
        for each in organisations
    ]
    head = ["id", "name", "kind", "country", "stopped_since", "stopped_until", "stopped_because"]
    return csv_file("organisations", [head, *lines])


def _suspending(visit: PageVisit, view: OfficerView) -> PaperKind | None:
    return next(paper_kinds(view, visit.ground.catalog, suspensions=True), None)


async def _suspensions(
    visit: PageVisit, view: OfficerView, organisation: str | None = None
) -> Sequence[Mapping[str, Any]]:
    """Those that are in force, of all organisations or of one."""
    kind = _suspending(visit, view)
    if kind is None:
        return ()
    shown = "nodes { id reason startsAt endsAt organisation { id name } }"
    document = (
        "query Stopped($open: SuspensionFilter, $ending: SuspensionFilter) {"
        f" open: {kind.listed}(first: {_MOST}, filter: $open) {{ {shown} }}"
        f" ending: {kind.listed}(first: {_MOST}, filter: $ending) {{ {shown} }} }}"
    )
    of_one = {"organisation": {"eq": organisation}} if organisation else {}
    now = datetime.now(UTC).isoformat()
    variables = {"open": {**of_one, "endsAt": {"isNull": True}}, "ending": {**of_one, "endsAt": {"gt": now}}}
    answer = await visit.ask(document, variables, view.purpose)
    return [*answer["open"]["nodes"], *answer["ending"]["nodes"]]


async def organisation_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, ADMINISTRATION)
    named = visit.request.path_params["organisation"]
    if visit.request.method == "POST":
        return await _act(visit, view, named)
    return await _shown(visit, view, named)


async def _shown(visit: PageVisit, view: OfficerView, named: str, hint: str | None = None) -> Response:
    document = "query OneOrganisation($id: ID!) { organisation(id: $id) { id name kind country } }"
    organisation = (await visit.ask(document, {"id": named}, view.purpose))["organisation"]
    if organisation is None:
        return visit.problem(PageProblem.ABSENT)
    kind = _suspending(visit, view)
    return visit.page(
        "desk/organisation.html",
        status=PageProblem.NOT_TAKEN.status if hint else 200,
        organisation=organisation,
        papers=await _papers(visit, view, named),
        asked=await _last_asked(visit, named),
        suspensions=await _suspensions(visit, view, named),
        may_stop=kind is not None and kind.enter is not None and organisation["kind"] != "MARKETPLACE",
        may_resume=kind is not None and kind.end is not None,
        reason=visit.form.get("reason") or "",
        hint=hint,
    )


async def _papers(visit: PageVisit, view: OfficerView, named: str) -> Sequence[tuple[PaperKind, Any, str]]:
    """What was agreed with it or served by it, each with whether it holds."""
    now = datetime.now(UTC)
    kinds = [
        each
        for each in paper_kinds(view, visit.ground.catalog)
        # Papers about a member would show whom an organisation deals with, which nobody asked for here.
        if not each.entity.storage.subjects and view.shows(each.entity.name, "organisation")
    ]
    asked = (
        f"{each.listed}(first: {_MOST}, filter: $filter{each.entity.name}) {{ nodes {{ {_told(view, each)} }} }}"
        for each in kinds
    )
    given = ", ".join(f"$filter{each.entity.name}: {each.entity.name}Filter" for each in kinds)
    if not kinds:
        return ()
    variables = {f"filter{each.entity.name}": {"organisation": {"eq": named}} for each in kinds}
    answer = await visit.ask(f"query Agreed({given}) {{ {' '.join(asked)} }}", variables, view.purpose)
    return [(kind, each, paper_state(each, now)) for kind in kinds for each in answer[kind.listed]["nodes"]]


def _told(view: OfficerView, kind: PaperKind) -> str:
    wanted = ("id", "startsAt", "endsAt", "name", "reference", "purposes", "approvedAt")
    return " ".join(view.of_these(kind.entity.name, wanted))


async def _last_asked(visit: PageVisit, named: str) -> Mapping[str, Any] | None:
    """Its newest request for data; none if there is none, or where the log is elsewhere."""
    view = await OfficerView.of(visit, OVERSIGHT)
    if not view.shows("Query", "accessRecords"):
        return None
    document = (
        "query LastAsked($id: ID!) { accessRecords(first: 1, filter: {organisation: {eq: $id}}) {"
        " nodes { at purpose outcome refusals } } }"
    )
    found = (await visit.ask(document, {"id": named}))["accessRecords"]["nodes"]
    return found[0] if found else None


async def _act(visit: PageVisit, view: OfficerView, named: str) -> Response:
    kind = _suspending(visit, view)
    if kind is None:
        return visit.problem(PageProblem.ABSENT)
    if visit.form.get("doing") == "stop" and kind.enter:
        given = {"organisation": named, "reason": (visit.form.get("reason") or "").strip() or None}
        name = kind.enter.name
        document = f"mutation StopOrganisation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ fields }} }}"
        try:
            await visit.change(document, {"input": given}, view.purpose)
        except NotAnswered as problem:
            if problem_of(problem.code) is not PageProblem.NOT_TAKEN:
                raise
            return await _shown(visit, view, named, hint=problem.hint)
        return visit.to(f"{_ORGANISATIONS}/{named}", done="stopped")
    if visit.form.get("doing") == "resume" and kind.end:
        document = f"mutation ResumeOrganisation($id: ID!) {{ {kind.end.name}(id: $id) {{ fields }} }}"
        await visit.change(document, {"id": visit.form.get("suspension") or ""}, view.purpose)
        return visit.to(f"{_ORGANISATIONS}/{named}", done="resumed")
    return visit.problem(PageProblem.NO_FORM)
