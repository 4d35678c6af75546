"""Lists of the log that are read as a whole, a part at a time: which operations were asked, and how often each was used."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Final

from gateway.pages.visiting import PageVisit

_PER_PART: Final = 100
_MOST_PARTS: Final = 50

_USES: Final = """\
query UsesOfOperations($after: String, $first: Int, $filter: AccessUseFilter) {
  list: accessUses(first: $first, after: $after, filter: $filter) {
    nodes { month classes answers crossBorder last plan { id } }
    pageInfo { hasNextPage endCursor }
  }
}"""

_OPERATIONS: Final = """\
query PlannedOperations($after: String, $first: Int) {
  list: plannedOperations(first: $first, after: $after) {
    nodes { id role purpose policy operation fields }
    pageInfo { hasNextPage endCursor }
  }
}"""

_WITH_CLASSES: Final = _OPERATIONS.replace("fields }", "fields classes { number treatment fields clauses } }")


async def uses_between(visit: PageVisit, since: str, until: str) -> Sequence[Mapping[str, Any]]:
    """How often each operation was used, by month, from a first day to another that is not part of it."""
    span = {"month": {"gte": f"{since}T00:00:00Z", "lt": f"{until}T00:00:00Z"}}
    return [each async for each in _all(visit, _USES, {"filter": span})]


async def planned_operations(visit: PageVisit, *, with_classes: bool = False) -> Sequence[Mapping[str, Any]]:
    """The operations that were asked, at most five thousand."""
    return [each async for each in _all(visit, _WITH_CLASSES if with_classes else _OPERATIONS, {})]


async def _all(visit: PageVisit, document: str, variables: Mapping[str, Any]) -> AsyncGenerator[Mapping[str, Any]]:
    after: str | None = None
    for _ in range(_MOST_PARTS):
        part = (await visit.ask(document, {**variables, "first": _PER_PART, "after": after}))["list"]
        for each in part["nodes"]:
            yield each
        if not part["pageInfo"]["hasNextPage"]:
            return
        after = part["pageInfo"]["endCursor"]
