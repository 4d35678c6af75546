"""What was destroyed of a member at their request, how much of it, and what is held until when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.pages.my_data.own_view import OwnView
from gateway.pages.visiting import PageVisit
from gateway.pages.words import Wording
from schema.policy.sentences import in_words

_NAME: Final = "receipts"
"""What leads from a member to their receipts, in any marketplace that has them."""

_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReceipt:
    """A receipt in sentences."""

    at: str
    backups_until: str | None
    lines: Sequence[str]


async def own_receipts(visit: PageVisit, view: OwnView) -> Sequence[ToldReceipt]:
    """The newest first; none where the schema has none."""
    if not view.shows(view.me.name, _NAME):
        return ()
    asked = "carriedOutAt backupsUntil lines { type destroyed held reason heldUntil }"
    answer = await visit.ask(f"query Receipts {{ me {{ {_NAME}(last: {_MOST}) {{ nodes {{ {asked} }} }} }} }}")
    nodes = (answer["me"] or {_NAME: {"nodes": []}})[_NAME]["nodes"]
    return [
        ToldReceipt(
            at=each["carriedOutAt"],
            backups_until=each["backupsUntil"],
            lines=[_line_in_words(visit.words, line) for line in each["lines"] or ()],
        )
        for each in reversed(nodes)
    ]


def _line_in_words(words: Wording, line: Mapping[str, Any]) -> str:
    thing = words.or_else("plural", line["type"] or "", in_words(line["type"] or ""))
    if not line["held"]:
        return words("receipts.destroyed", thing=thing, count=line["destroyed"] or 0)
    reason = in_words(line["reason"] or "")
    if line["heldUntil"]:
        return words(
            "receipts.held", thing=thing, count=line["held"], reason=reason, until=words.day(line["heldUntil"])
        )
    return words("receipts.held_on", thing=thing, count=line["held"], reason=reason)
