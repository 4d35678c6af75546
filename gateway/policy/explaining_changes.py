"""Explains to people what a mutation would change, when it may, and by which clauses. Decides nothing."""

from collections.abc import Iterator

from gateway.policy.explaining import told_when, wrapped
from resolvers.planning.change_plan import (
    ApprovedRow,
    CarriedOut,
    ChangedRow,
    ChangePlan,
    ChangeStep,
    EditedRow,
    EndedRow,
    EnteredRow,
    ReceivedRow,
)


def change_plan_text(plan: ChangePlan) -> Iterator[str]:
    """Of each mutation: which rows it may change, then its fields with their clauses."""
    for step in plan.steps:
        if isinstance(step, ChangeStep):
            yield from wrapped(f"{step.key}: {_rows(step.change)}", 2)
            for each in step.classes:
                yield from wrapped(f"  {each.record:<8} {', '.join(each.fields)} ({' '.join(each.clauses)})", 11)


def _rows(change: ChangedRow) -> str:
    match change:
        case EditedRow(rows=rows):
            return f"a row of {rows.entity.name} may be changed {told_when(rows.visible)}"
        case EndedRow(rows=rows):
            return f"a row of {rows.entity.name} may be ended {told_when(rows.visible)}"
        case ApprovedRow(rows=rows):
            return f"a row of {rows.entity.name} may be approved, by another than who entered it, {told_when(rows.visible)}"
        case CarriedOut(rows=rows):
            return f"what a row of {rows.entity.name} asks may be carried out {told_when(rows.visible)}"
        case EnteredRow(entity=entity, when=when) | ReceivedRow(entity=entity, when=when):
            return f"a row of {entity.name} may be added {told_when(when)}"
