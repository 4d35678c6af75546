"""That all contenders answer alike: what is compared is the content, whatever form each gives it."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain, groupby
from typing import Any

from benchmarks.contending import Contender
from benchmarks.workloads import COMMON

SAMPLE = 20
"""Answers compared of each workload."""

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)")


def content(answer: Any) -> Any:
    """An answer without its form: pages as lists, numbers and times by their value, keys in order."""
    match answer:
        case {"nodes": nodes, **others} if not others:
            return content(nodes)
        case dict():
            return {key: content(value) for key, value in sorted(answer.items())}
        case list():
            return [content(value) for value in answer]
        case str() if _DECIMAL.fullmatch(answer):
            return Decimal(answer).normalize()
        case str() if _MOMENT.fullmatch(answer):
            return datetime.fromisoformat(answer).astimezone(UTC)
        case int() if not isinstance(answer, bool):
            return Decimal(answer).normalize()
        case _:
            return answer


def answered(contender: Contender, workload: str) -> Any:
    """What a contender answers to a workload; of a list that is paged through, all pages as one, in no order."""
    answers = [content(each) for each in contender.questions[workload].answers(contender.server, SAMPLE)]
    return sorted(chain.from_iterable(each["members"] for each in answers), key=repr) if workload == "list" else answers


def differing(contenders: Sequence[Contender]) -> Mapping[str, Sequence[str]]:
    """By workload, the contenders that answer otherwise than the first of those that show names as they do."""
    found: dict[str, list[str]] = {}
    ordered = sorted(contenders, key=lambda each: each.shows.value)
    for _, alike in groupby(ordered, key=lambda each: each.shows):
        first, *others = alike
        for workload in COMMON:
            expected = answered(first, workload)
            found.setdefault(workload, []).extend(
                f"{other.name} differs from {first.name}" for other in others if answered(other, workload) != expected
            )
    return {workload: names for workload, names in found.items() if names}


def check(contenders: Sequence[Contender]) -> None:
    """Stops where contenders differ: what answers something else cannot be compared."""
    if differences := differing(contenders):
        raise SystemExit(f"the answers differ: {differences}")
