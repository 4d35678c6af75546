"""The page that finds a member by the beginning of their name, for a paper that is to name them. Each look is recorded."""

from typing import Final

from starlette.responses import Response

from gateway.pages.desk.officer import ADMINISTRATION, OfficerView
from gateway.pages.visiting import NothingOffered, PageVisit

_DOCUMENT: Final = """\
query FindByName($first: Int, $after: String, $name: String) {
  members(first: $first, after: $after, filter: {name: {startsWith: $name}}) {
    nodes { id name }
    pageInfo { hasNextPage endCursor }
  }
}"""
_PER_PAGE: Final = 20


async def name_search_page(visit: PageVisit) -> Response:
    """Nobody is looked at before a name is given."""
    view = await OfficerView.of(visit, ADMINISTRATION)
    if not view.shows("Query", "members") or not view.shows("Member", "name"):
        raise NothingOffered
    asked = (visit.parameter("name") or "").strip()
    found = None
    if asked:
        variables = {"first": _PER_PAGE, "after": visit.parameter("after"), "name": asked}
        found = (await visit.ask(_DOCUMENT, variables, view.purpose))["members"]
    return visit.page("desk/people.html", asked=asked, found=found)
