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
from schema.rights import ApproveField, CarryOutField, EnterField, NamedMembers, ReceiveField


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
class AreThere:
    """The rows are there that an input names."""

    entity: Entity
    bound: ParameterRef
    is_list: bool
    visible: Predicate
    """When the requester sees it: whoever may not see a row may not name it."""
    gone: str | None
    """The column that marks a row that is as if it were not there: a member who was destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HasWord:
    """The row that an input names has one of these words in a column."""

    entity: Entity
    bound: ParameterRef
    column: str
    words: tuple[str, ...]
    when: tuple[ParameterRef, tuple[str, ...]] | None
    """Precondition only where another input is one of these words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IsFirst:
    """No row is the same in these columns."""

    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IsToBegin:
    """A time is not over."""

    bound: ParameterRef


@dataclass(frozen=True, slots=True, kw_only=True)
class IsBehind:
    """A time is behind another one or, without one, behind now."""

    bound: ParameterRef
    start: ParameterRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IsByAnother:
    """Whoever asks is not the one whom a column of the row names."""

    column: str
    requester: ParameterRef


@dataclass(frozen=True, slots=True, kw_only=True)
class IsEmpty:
    """A column of the row has no value."""

    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IsFilled:
    """A column of the row has a value, or another one is none of these words."""

    column: str
    when: tuple[str, tuple[str, ...]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreAmong:
    """The words of a list are among those of a column of the row."""

    column: str
    bound: ParameterRef


RowQuestion = AreThere | HasWord | IsFirst | IsToBegin | IsBehind | IsByAnother | IsEmpty | IsFilled | AreAmong


class Unmet(enum.Enum):
    """What is wrong where the answer is no."""

    ABSENT = "what it names is not there"
    WRONG = "what it says cannot be"
    DONE = "it was done before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Precondition:
    """What is asked in the statement before anything is changed, and how the call is refused if it is not so."""

    question: RowQuestion
    unmet: Unmet
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRows:
    """The members whom a row that is added names: those of a list."""

    declaration: NamedMembers
    column: Column
    bound: ParameterRef


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
    """A row that is added."""

    entity: Entity
    declaration: EnterField
    when: Predicate
    """When it may be added."""
    assignments: tuple[Assignment, ...]
    listed: NamedRows | None
    constants: tuple[tuple[Column, str], ...]
    """What it says besides."""
    entered_by: ParameterRef | None
    """Who adds it, where that is kept."""
    key: tuple[Column, ...]
    """What it has in common with the rows that it replaces; nothing where it replaces none."""
    preconditions: tuple[Precondition, ...]
    targets: tuple[NamedRow, ...]
    """The rows of other types of which it says something."""


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
class ApprovedRow:
    """A row that is approved, if it has not ended."""

    rows: RowSet
    """Which one, and when it may be approved."""
    declaration: ApproveField
    approved: Column
    requester: ParameterRef
    preconditions: tuple[Precondition, ...]

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
    """When it may be carried out of each category. It is carried out of all that are asked for, or not at all."""
    wanted: ParameterRef | None
    """The categories that it is carried out of; without them, all that it names."""
    destruction: Destruction
    members: tuple[str, str]
    """The table of members, and its key."""
    shown: ParameterRef | None
    preconditions: tuple[Precondition, ...]

    @property
    def entity(self) -> Entity:
        return self.rows.entity


ChangedRow = EditedRow | EnteredRow | EndedRow | ApprovedRow | CarriedOut | ReceivedRow


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
    change: ChangedRow
    entries: tuple[ChangedEntry, ...]
    classes: tuple[ChangedClass, ...]
    parameters: tuple[Parameter, ...]
    requester_conditions: frozenset[Condition]
    filled_tables: frozenset[str]

    @property
    def preconditions(self) -> tuple[Precondition, ...]:
        """What is asked in its statement, in order."""
        return self.change.preconditions if isinstance(self.change, EnteredRow | ApprovedRow | CarriedOut) else ()


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
