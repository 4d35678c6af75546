"""What a legal instrument would show, and to whom: the grants of the policy in force that go by such a paper.

Asked of the query `privacyPolicy`. It tells what would be shown of the members whom the paper names, and nothing of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.pages.desk.officer import OfficerView
from gateway.pages.visiting import PageVisit

_ASKED: Final = """
query WhatAPaperShows($organisation: ID!) {
  organisation(id: $organisation) { kind }
  privacyPolicy { version grants { roles sees papers sentence clauses } }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPaper:
    """What of a paper decides: its kind, the id of its organisation, and the categories that it names."""

    kind: str | None
    organisation: str | None
    categories: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperShowing:
    """Sentences of the policy in force, each with its clauses; and the categories that both it and the paper name."""

    version: str
    sentences: Sequence[tuple[str, Sequence[str]]]
    categories: Sequence[str]


async def shown_by_paper(visit: PageVisit, view: OfficerView, paper: NamedPaper) -> PaperShowing | None:
    """What a paper lets its organisation see; none where no grant goes by papers of its kind.

    Raises `NotAnswered`.
    """
    if not paper.kind or not paper.organisation:
        return None
    answer = await visit.ask(_ASKED, {"organisation": paper.organisation}, view.purpose)
    policy, holder = answer["privacyPolicy"], (answer["organisation"] or {}).get("kind")
    by_kind: list[Any] = [each for each in policy["grants"] if paper.kind in each["papers"]]
    if not by_kind:
        return None
    grants = [each for each in by_kind if holder in each["roles"]]
    seen = {category for grant in grants for category in grant["sees"]}
    return PaperShowing(
        version=policy["version"],
        sentences=[(each["sentence"], each["clauses"]) for each in grants],
        categories=[each for each in paper.categories if each in seen],
    )
