"""What a legal instrument would show, and to whom: the grants of the policy in force that go by such a paper.

Asked of the query `privacyPolicy`. It tells what would be shown of the members whom the paper names, and nothing of them.
"""

from collections.abc import Mapping, Sequence
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
class PaperShowing:
    """Sentences of the policy in force, each with its clauses; and the categories that both it and the paper name."""

    version: str
    sentences: Sequence[tuple[str, Sequence[str]]]
    categories: Sequence[str]


async def shown_by_paper(
    visit: PageVisit, view: OfficerView, paper: Mapping[str, Any], organisation: str | None
) -> PaperShowing | None:
    """What a paper lets the organisation of this id see; none where no grant goes by papers of its kind.

    Raises `NotAnswered`.
    """
    kind = paper.get("kind")
    if not kind or not organisation:
        return None
    answer = await visit.ask(_ASKED, {"organisation": organisation}, view.purpose)
    policy, holder = answer["privacyPolicy"], (answer["organisation"] or {}).get("kind")
    by_kind: list[Any] = [each for each in policy["grants"] if kind in each["papers"]]
    if not by_kind:
        return None
    grants = [each for each in by_kind if holder in each["roles"]]
    seen = {category for grant in grants for category in grant["sees"]}
    return PaperShowing(
        version=policy["version"],
        sentences=[(each["sentence"], each["clauses"]) for each in grants],
        categories=[each for each in paper.get("categories") or () if each in seen],
    )
