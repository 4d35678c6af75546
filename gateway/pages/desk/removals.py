"""The page by which an officer says whom a parent or guardian means: who has a number is shown before it is entered.

GET               what was handed in, and where to type whom it means
POST              who that is, and what entering it does
POST, confirmed   the request about the member; from then on it is carried out as other requests are
"""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.desk.officer import ADMINISTRATION, CARRYING_OUT, OfficerView
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.visiting import NothingOffered, PageVisit

REMOVAL_FIELDS: Final = ("id", "minor", "name", "contact", "relation", "message", "receivedAt")
ENTER_REMOVAL: Final = "enterRemoval"
BY_LETTER: Final = "new"
"""The last part of the address where nothing was handed in on the page for it."""

_ENTER: Final = f"mutation EnterRemoval($input: EnterRemovalInput!) {{ {ENTER_REMOVAL}(input: $input) {{ fields }} }}"


async def entering_removal_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, CARRYING_OUT)
    if ENTER_REMOVAL not in view.mutations:
        raise NothingOffered
    removal = await _handed_in(visit, view)
    if removal is None and visit.request.path_params["removal"] != BY_LETTER:
        return visit.problem(PageProblem.ABSENT)
    member = _member_of(visit.form.get("member") or "")
    if not member or visit.form.get("_change"):
        return _page(visit, removal, typed=visit.form.get("member") or "")
    if not visit.form.get("_confirmed"):
        return _page(visit, removal, member=member, name=await _name_of(visit, member))
    given = {"member": member, **({"removalRequest": removal["id"]} if removal else {})}
    try:
        await visit.change(_ENTER, {"input": given}, view.purpose)
    except NotAnswered as problem:
        if problem_of(problem.code) not in (PageProblem.NOT_TAKEN, PageProblem.ABSENT):
            raise
        return _page(visit, removal, typed=member, is_refused=True)
    return visit.to("/desk/requests", done="removal_entered")


def _page(visit: PageVisit, removal: Mapping[str, Any] | None, **context: Any) -> Response:
    shown = {"member": None, "name": None, "typed": "", "is_refused": False, **context}
    status = PageProblem.NOT_TAKEN.status if shown["is_refused"] else 200
    return visit.page("desk/removal.html", status=status, removal=removal, **shown)


async def _handed_in(visit: PageVisit, view: OfficerView) -> Mapping[str, Any] | None:
    """What was handed in. Asked even where nothing was, so that nobody without this purpose sees the form."""
    asked = visit.request.path_params["removal"]
    if asked == BY_LETTER:
        await visit.ask("query EnterRemoval { __typename }", purpose=view.purpose)
        return None
    shown = " ".join(view.of_these("RemovalRequest", REMOVAL_FIELDS))
    document = f"query OneRemoval($id: ID!) {{ removalRequest(id: $id) {{ {shown} }} }}"
    return (await visit.ask(document, {"id": asked}, view.purpose))["removalRequest"]


def _member_of(typed: str) -> str:
    """The id of a member, who may be named by their number alone."""
    return typed.strip() if ":" in typed or not typed.strip() else f"Member:{typed.strip()}"


async def _name_of(visit: PageVisit, member: str) -> str | None:
    """Who has a number, as officers see it who enter papers. Empty if nobody has it; none if this officer may not see it."""
    try:
        view = await OfficerView.of(visit, ADMINISTRATION)
        if not view.shows("Member", "name"):
            return None
        document = "query WhomARemovalMeans($id: ID!) { member(id: $id) { name } }"
        found = (await visit.ask(document, {"id": member}, view.purpose))["member"]
    except NothingOffered:
        return None
    except NotAnswered as problem:
        match problem_of(problem.code):
            case PageProblem.NOT_PERMITTED:
                return None
            case PageProblem.NOT_TAKEN:
                return ""
            case _:
                raise
    return (found["name"] or "") if found else ""
