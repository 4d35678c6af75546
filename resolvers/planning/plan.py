"""The plan: what an operation shows to one role and purpose, decided. Types only.

`planning` makes it; `render` makes the SELECT and the record of it, so that the two cannot disagree; `binding` fills
its parameters for one call. It names columns of the catalog and conditions of the policy, and no value.
"""

import enum
from dataclasses import dataclass

from resolvers.alternatives import ALWAYS, AnyOf, Inclusion
from resolvers.planning.parameters import ListedId, Parameter, ParameterRef, SizeParameter
from schema.catalog import Column, Entity, Scalar
from schema.conditions import Condition, SubjectIsListed
from schema.fields import PartsFilter
from schema.labels import Category, Identifier
from schema.requester import Purpose, Role
from schema.treatments import Treatment


@dataclass(frozen=True, slots=True)
class SubjectCondition:
    """A condition that must hold; of the data subject in `subject` (a column), for a category, where it is asked so."""

    condition: Condition
    subject: str | None = None
    category: Category | None = None


Predicate = AnyOf[SubjectCondition]

CERTAIN: Predicate = ALWAYS
"""The predicate that always holds."""

NEVER: Predicate = frozenset()
"""The predicate that never holds."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A treatment and when it applies, none of the cases before it having applied."""

    treatment: Treatment
    when: Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedColumn:
    """How a field is shown: its cases, the most revealing first; where none applies it is hidden."""

    entity: Entity
    column: Column
    branches: tuple[Branch, ...]

    @property
    def field_name(self) -> str:
        return f"{self.entity.name}.{self.column.name}"

    @property
    def most(self) -> Treatment:
        """The most any row may reveal."""
        return self.branches[0].treatment

    @property
    def least(self) -> Treatment:
        """The least any row reveals."""
        return self.branches[-1].treatment if self.branches[-1].when == CERTAIN else Treatment.HIDDEN


# What restricts and orders rows.


class Comparison(enum.Enum):
    """How a filter compares; `IN` with a list, `IS_NULL` with whether it is."""

    EQ = "eq"
    IN = "in"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    STARTS_WITH = "startsWith"
    IS_NULL = "isNull"
    HOLDS = "holds"
    """That an array has a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    column: Column
    comparison: Comparison
    bound: ParameterRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsMatch:
    """Rows one of whose parts has these values. The parts are in a list that many rows share."""

    parts: PartsFilter
    values: tuple[tuple[str, ParameterRef], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """Rows that do not have this value: the catalog leaves them out, and nobody asked for them."""

    column: Column
    value: str


RowRestriction = Filter | PartsMatch | Without


@dataclass(frozen=True, slots=True, kw_only=True)
class ById:
    """The row with this id, if it is given in the form in which the row shows it."""

    plain: ParameterRef | ListedId | None
    token: ParameterRef | ListedId | None
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRequester:
    """The requesting member's own row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Rows whose `far` column equals (or, within an array, holds) the parent row's `near`."""

    far: str
    near: str
    within: bool
    when: Predicate = CERTAIN
    """When the parent row shows the way there."""
    about: tuple[tuple[str, Predicate], ...] = ()
    """The data subjects, as columns, that the parent row may be, and when a row is seen for the sake of each. Without
    any, it does not matter which of them it is."""


class AllRows(enum.Enum):
    """All rows the requester may see."""

    ROWS = "rows"


Selector = ById | ByRequester | Joined | AllRows


@dataclass(frozen=True, slots=True)
class SortKey:
    """What rows are ordered by: a column, or the row's id (as stored or, where that is masked, as a token)."""

    column: str
    scalar: Scalar | None
    descending: bool
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A slice of ordered rows. Backwards, the last of them; cursors bind one value for each key."""

    connection: str
    """What its cursors are sealed for: the connection and the order."""
    sort_keys: tuple[SortKey, ...]
    size: ParameterRef
    backwards: bool
    looks_ahead: bool
    """Whether one row more is read than shown, to see if there is another page."""
    rounds_counts: bool
    """Whether a count of more members than its record names is rounded."""
    after: tuple[ParameterRef, ...]
    before: tuple[ParameterRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSet:
    """Rows of an entity: which, seen when, and what is shown of each."""

    entity: Entity
    selector: Selector
    visible: Predicate
    filters: tuple[RowRestriction, ...] = ()
    page: Page | None = None


# What is shown.


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A field of a row."""

    key: str
    inclusion: Inclusion[ParameterRef]
    shown: MaskedColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeName:
    key: str
    inclusion: Inclusion[ParameterRef]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenFieldNames:
    """The names of the fields that are null in a row: hidden, or no value of the field's type."""

    key: str
    inclusion: Inclusion[ParameterRef]
    fields: tuple[MaskedColumn, ...]


class MaskedFieldPart(enum.Enum):
    """The fields of `MaskedField`."""

    FIELD = "field"
    TREATMENT = "treatment"
    TYPE_NAME = "__typename"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedFieldEntry:
    key: str
    inclusion: Inclusion[ParameterRef]
    part: MaskedFieldPart


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedFieldList:
    """The fields that are masked in a row, each with its treatment: those that have a value, shown neither plain nor hidden."""

    key: str
    inclusion: Inclusion[ParameterRef]
    fields: tuple[MaskedColumn, ...]
    entries: tuple[MaskedFieldEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVersion:
    """A digest of the columns that the requester may edit; null in a row that they may not."""

    key: str
    inclusion: Inclusion[ParameterRef]
    columns: tuple[Column, ...]
    when: Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleRow:
    """A row, or null; the first of its alternatives that is there."""

    key: str
    inclusion: Inclusion[ParameterRef]
    alternatives: tuple[tuple[RowSet, "Projection"], ...]
    link: MaskedColumn | None = None
    """How the link that leads to it is shown, if that tells something of the row it is a field of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRows:
    """A row, or null, for each id of a list; the first of its alternatives that is there."""

    key: str
    inclusion: Inclusion[ParameterRef]
    ids: ParameterRef
    alternatives: tuple[tuple[RowSet, "Projection"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRows:
    """The rows a row is made of."""

    key: str
    inclusion: Inclusion[ParameterRef]
    rows: RowSet
    projection: "Projection"


class PagePart(enum.Enum):
    """The fields of `Connection`, `Edge` and `PageInfo` that a page answers itself."""

    CURSOR = "cursor"
    TOTAL_COUNT = "totalCount"
    HAS_NEXT_PAGE = "hasNextPage"
    HAS_PREVIOUS_PAGE = "hasPreviousPage"
    START_CURSOR = "startCursor"
    END_CURSOR = "endCursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageField:
    key: str
    inclusion: Inclusion[ParameterRef]
    part: PagePart


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRows:
    """`nodes` or `edges`: a list with one element for each row of the page."""

    key: str
    inclusion: Inclusion[ParameterRef]
    node: "Projection | None"
    edge: "tuple[PageEntry, ...] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInfoEntries:
    key: str
    inclusion: Inclusion[ParameterRef]
    entries: "tuple[PageEntry, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeNode:
    key: str
    inclusion: Inclusion[ParameterRef]
    projection: "Projection"


PageEntry = PageField | TypeName | PageRows | PageInfoEntries | EdgeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionPage:
    """A page of rows."""

    key: str
    inclusion: Inclusion[ParameterRef]
    rows: RowSet
    entries: tuple[PageEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticValue:
    """The answer of a root field that reads no rows."""

    key: str
    inclusion: Inclusion[ParameterRef]
    bound: ParameterRef


class SummaryPart(enum.Enum):
    """The fields of `Statistics`."""

    GROUPS = "groups"
    SUPPRESSED = "suppressed"
    TOTAL = "total"
    TYPE_NAME = "__typename"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A field of `Figures`."""

    key: str
    inclusion: Inclusion[ParameterRef]
    name: str
    type_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryEntry:
    key: str
    inclusion: Inclusion[ParameterRef]
    part: SummaryPart
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Released figures of a table of facts, by one of its columns or all together."""

    key: str
    inclusion: Inclusion[ParameterRef]
    facts: str
    dimension: str | None
    is_by_month: bool
    """Whether the groups are the months of all releases, and not groups of the newest release."""
    unit: ParameterRef | None
    entries: tuple[SummaryEntry, ...]


RowValue = Leaf | TypeName | HiddenFieldNames | MaskedFieldList | RowVersion
PlanNode = RowValue | SingleRow | ListedRows | PartRows | ConnectionPage | StaticValue | Summary
Projection = tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A field an operation may show: the line of the record, and of the answer's `extensions.privacy`."""

    field: str
    identifier: Identifier | None
    most: Treatment
    least: Treatment
    branches: tuple[Branch, ...]
    clauses: tuple[str, ...]
    clauses_by_treatment: tuple[tuple[Treatment, tuple[str, ...]], ...] = ()
    """Those that allow each treatment of a field of a row."""


@dataclass(frozen=True, slots=True)
class CostTerm:
    """A part of what an operation costs: the product of these sizes of pages and lists, times a number of rows."""

    factor: float
    sizes: tuple[SizeParameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an operation shows to a role for a purpose under a version of the policy."""

    role: Role
    purpose: Purpose
    policy: str
    operation: str | None
    document: str
    projection: Projection
    parameters: tuple[Parameter, ...]
    requester_conditions: frozenset[Condition]
    """Conditions of the requester, which hold or not for a whole call."""
    instruments: tuple[SubjectIsListed, ...]
    """What the legal instrument of an authority must be, which is told if there is one."""
    filled_tables: frozenset[str]
    """The tables that conditions of the plan need not to be empty."""
    disclosures: tuple[Disclosure, ...]
    cost: tuple[CostTerm, ...]

    @property
    def reads_data(self) -> bool:
        """Whether it reads data, and not only the schema and the policy."""
        return not all(isinstance(node, TypeName | StaticValue) for node in self.projection)
