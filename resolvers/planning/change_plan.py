"""The plan of a mutation: which rows it changes, decided. Types only.

`changing` makes it; `resolvers.sql.changing` makes its statements, one for each step, and what the log is to say of it.
"""

import enum
from dataclasses import dataclass

from resolvers.alternatives import Inclusion
from resolvers.front.selection import Slot
from resolvers.planning.parameters import Parameter, ParameterRef
from resolvers.planning.plan import Predicate, RowSet
from schema.catalog import Column, Entity
from schema.conditions import Condition
from schema.destruction import Destruction
from schema.labels import Category
from schema.requester import Purpose, Role
from schema.rights import CarryOutField, EnterField, ReceiveField


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A column and what is written into it: a value of the call, or nothing."""

    column: Column
    bound: ParameterRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedRow:
    """A row that is changed, if it has this version."""

    rows: RowSet
    """Which one, and when it may be changed."""
    assignments: tuple[Assignment, ...]
    emptied: tuple[str, ...]
    """Columns that no longer fit what is written, and are emptied."""
    version: ParameterRef | None
    versioned: tuple[Column, ...]
    """What its version is made of."""

    @property
    def entity(self) -> Entity:
        return self.rows.entity


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRow:
    """A row of another type that a new row names by its id, and when the requester sees it."""

    entity: Entity
    bound: ParameterRef
    visible: Predicate
    copied: tuple[tuple[str, str], ...]
    """Columns of the new row, each with the column of this one that it is copied from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredRow:
    """A row that is added, about the requesting member."""

    entity: Entity
    declaration: EnterField
    when: Predicate
    """When it may be added."""
    assignments: tuple[Assignment, ...]
    constants: tuple[tuple[Column, str], ...]
    """What it says besides."""
    key: tuple[Column, ...]
    """What it has in common with the rows that it replaces."""
    targets: tuple[NamedRow, ...]
    """The rows of other types that it names, which must be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRow:
    """A row that is added, about no member."""

    entity: Entity
    declaration: ReceiveField
    when: Predicate
    """When it may be added."""
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRow:
    """A row that ends, if it has not ended; or one that has, and goes on."""

    rows: RowSet
    """Which one, and when it may be ended."""
    ended: Column
    starts: str | None
    """The column of its start: no row ends before."""
    after: str | None
    """The column of a time that must have come."""
    resumes: bool = False
    """Whether it goes on rather than ends."""

    @property
    def entity(self) -> Entity:
        return self.rows.entity


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """What a request names is destroyed, but for what is held."""

    rows: RowSet
    """Which request."""
    declaration: CarryOutField
    permitted: tuple[tuple[Category, Predicate], ...]
    """When it may be carried out of each category. It is carried out of all that it names, or not at all."""
    destruction: Destruction
    members: tuple[str, str]
    """The table of members, and its key."""
    shown: ParameterRef | None

    @property
    def entity(self) -> Entity:
        return self.rows.entity


class ChangedPart(enum.Enum):
    """The fields of `Changed`."""

    FIELDS = "fields"
    VERSION = "version"
    TYPE_NAME = "__typename"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedEntry:
    """A field that is asked of what was changed."""

    key: str
    inclusion: Inclusion[ParameterRef]
    part: ChangedPart


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedClass:
    """Fields that are changed by one right, under the same clauses."""

    fields: tuple[str, ...]
    record: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStep:
    """One mutation of an operation, with the parameters of its statement."""

    key: str
    inclusion: Inclusion[Slot]
    change: EditedRow | EnteredRow | EndedRow | CarriedOut | ReceivedRow
    entries: tuple[ChangedEntry, ...]
    classes: tuple[ChangedClass, ...]
    parameters: tuple[Parameter, ...]
    requester_conditions: frozenset[Condition]
    filled_tables: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RootTypeName:
    """`__typename` of the operation."""

    key: str
    inclusion: Inclusion[Slot]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlan:
    """What a mutation changes for a role and a purpose under a version of the policy, in order."""

    role: Role
    purpose: Purpose
    policy: str
    operation: str | None
    document: str
    steps: tuple[ChangeStep | RootTypeName, ...]
