"""Changes between two policies, by role and purpose. Fields that change alike are told together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from schema.policy.changes import Change
from schema.policy.grants import Rule
from schema.requester import Purpose, Role
from schema.treatments import Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeChange:
    """Fields that a grant shows from now on, or shows no longer, in the same way."""

    opens: bool
    treatment: Treatment
    conditions: tuple[str, ...]
    """When it shows them, as phrases."""
    grant: str
    fields: tuple[str, ...] = ()


def alike_changes(changes: Iterable[Change]) -> Mapping[tuple[Role, Purpose], Sequence[AlikeChange]]:
    found: dict[tuple[Role, Purpose], dict[AlikeChange, list[str]]] = {}
    for change in changes:
        group = found.setdefault((change.role, change.purpose), {})
        for each in _of(change):
            group.setdefault(each, []).append(change.field)
    return {
        who: [replace(each, fields=tuple(fields)) for each, fields in group.items()] for who, group in found.items()
    }


def _of(change: Change) -> Iterator[AlikeChange]:
    yield from (_alike(rule, opens=True) for rule in change.opens)
    yield from (_alike(rule, opens=False) for rule in change.closes)


def _alike(rule: Rule, *, opens: bool) -> AlikeChange:
    conditions = tuple(map(str, rule.conditions))
    return AlikeChange(opens=opens, treatment=rule.treatment, conditions=conditions, grant=rule.grant)
