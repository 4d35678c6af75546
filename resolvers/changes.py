"""Mutations, compiled and called: the statements of their steps, in order, and the values of one call."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resolvers.alternatives import Inclusion
from resolvers.binding import bind
from resolvers.front.selection import Slot
from resolvers.planning.change_plan import ChangePlan, ChangeStep, EnteredRow, RootTypeName, Unmet
from resolvers.planning.changing import STEP_COST
from resolvers.planning.parameters import RequesterParameter
from resolvers.sql.changing import render_changes
from resolvers.sql.render import Installation, PlanRecord, Statement
from schema.catalog import Catalog
from schema.requester import Requester


@dataclass(slots=True, kw_only=True)
class CompiledChanges:
    """What is remembered of the plan of a mutation."""

    steps: tuple[tuple[ChangeStep | RootTypeName, tuple[Statement, ...]], ...]
    plan: PlanRecord
    calls: int = 0

    @property
    def statements(self) -> Sequence[Statement]:
        return [statement for _, statements in self.steps for statement in statements]

    @property
    def size(self) -> int:
        """How many statements of the usual size it counts for where statements are kept."""
        return 1 + sum(statement.size for statement in self.statements)

    @property
    def cost(self) -> int:
        """What a call costs at the most, in rows."""
        return STEP_COST * sum(bool(statements) for _, statements in self.steps)

    @property
    def characters(self) -> int:
        """Those of its longest statements: what one step runs after another is no longer for the database."""
        return sum(max((len(each.sql) for each in statements), default=0) for _, statements in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledStep:
    """A step of a call: its key in the answer and, if it changes anything, its statements and their values."""

    key: str
    statements: tuple[Statement, ...]
    """What is run in order. The last one answers."""
    values: Sequence[Any]
    adds_row: bool
    """Whether it adds a row in place of others, which no other call may do at the same time."""
    unmet: Sequence[tuple[Unmet, str]] = ()
    """For each precondition that its statement asks: what is wrong where it is not met, and the hint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCall:
    """One call of a mutation: what is done in order, all of it or nothing."""

    steps: tuple[CalledStep, ...]
    plan: PlanRecord
    """What the log is to hold of it."""
    cost: int
    new_bytes: int = 0
    """What it adds to the log, if it is the first call of its plan."""

    @property
    def digest(self) -> bytes:
        """The same for calls that ask for the same."""
        asked = [self.plan.document, [(step.key, step.values) for step in self.steps]]
        return hashlib.sha256(json.dumps(asked, default=str).encode()).digest()

    @property
    def adds_rows(self) -> bool:
        return any(step.adds_row for step in self.steps)

    def work(self, requester: Requester) -> Sequence[Sequence[tuple[Statement, tuple[Any, ...]]]]:
        """The statements that are run for each step, each with its standard columns and the step's own parameters."""
        standard = (requester.member, requester.organisation, requester.reference)
        return [
            [(each, (*standard, requester.key if each.needs_key else None, *step.values)) for each in step.statements]
            for step in self.steps
            if step.statements
        ]

    def answer(self, parts: Sequence[bytes]) -> bytes:
        """The JSON of the answer, of what each statement answered."""
        answered = iter(parts)
        entries = (
            b'"%b":%b' % (step.key.encode(), next(answered) if step.statements else b'"Mutation"')
            for step in self.steps
        )
        return b"{%b}" % b",".join(entries)


def compile_changes(plan: ChangePlan, catalog: Catalog, installation: Installation) -> CompiledChanges:
    """The statements of a plan."""
    statements, record = render_changes(plan, catalog, installation)
    return CompiledChanges(steps=tuple(zip(plan.steps, statements, strict=True)), plan=record)


def bind_changes(
    compiled: CompiledChanges, variables: Mapping[str, Any], requester: Requester
) -> tuple[CalledStep, ...]:
    """The steps that a call asks for, with their values. Raises `Refused` with ARGUMENT."""
    return tuple(
        CalledStep(
            key=step.key,
            statements=statements,
            values=_values(step, variables, requester) if isinstance(step, ChangeStep) else (),
            adds_row=isinstance(step, ChangeStep) and isinstance(step.change, EnteredRow),
            unmet=[(each.unmet, each.hint) for each in step.preconditions] if isinstance(step, ChangeStep) else (),
        )
        for step, statements in compiled.steps
        if _is_included(step.inclusion, variables)
    )


def _values(step: ChangeStep, variables: Mapping[str, Any], requester: Requester) -> Sequence[Any]:
    """The values of a step's parameters, with who asks where that is one."""
    bound = bind(step.parameters, variables, requester.key, {})
    return [
        requester.sub if isinstance(parameter, RequesterParameter) else value
        for parameter, value in zip(step.parameters, bound, strict=True)
    ]


def _is_included(inclusion: Inclusion[Slot], variables: Mapping[str, Any]) -> bool:
    """Whether the switches of `@skip` and `@include` let it be done."""
    return any(all(variables[str(slot.path[0])] is on for slot, on in one) for one in inclusion)
