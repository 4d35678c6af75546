"""The plan: what an operation shows to one role and purpose, decided. Types only.

`planning` makes it; `render` makes the SELECT and the record of it, so that the two cannot disagree; `binding` fills
its parameters for one call. It names columns of the catalog and conditions of the policy, and no value.
"""

import enum
from dataclasses import dataclass

from resolvers.selection import Slot
from schema.catalog import Column, Entity, Scalar
from schema.conditions import Condition
from schema.labels import Category
from schema.requester import Purpose, Role
from schema.treatments import Treatment


@dataclass(frozen=True, slots=True)
class Held:
    """A condition that must hold; of the data subject in `subject` (a column), for a category, where it is asked so."""

    condition: Condition
    subject: str | None = None
    category: Category | None = None


Predicate = frozenset[frozenset[Held]]
"""Any of these sets, all of which must hold. The empty predicate never holds."""

CERTAIN: Predicate = frozenset({frozenset()})
"""The predicate that always holds."""


@dataclass(frozen=True, slots=True)
class Case:
    """A treatment and when it applies, none of the cases before it having applied."""

    treatment: Treatment
    when: Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a field is shown: its cases, the most revealing first; where none applies it is hidden."""

    entity: Entity
    column: Column
    cases: tuple[Case, ...]

    @property
    def place(self) -> str:
        return f"{self.entity.name}.{self.column.name}"

    @property
    def most(self) -> Treatment:
        """The most any row may reveal."""
        return self.cases[0].treatment

    @property
    def least(self) -> Treatment:
        """The least any row reveals."""
        return self.cases[-1].treatment if self.cases[-1].when == CERTAIN else Treatment.HIDDEN


# What fills a call's values.


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The id behind an argument. Which of its two forms the requester may pass: as stored, as a token."""

    entity: Entity
    slot: Slot
    form: Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value compared with a column."""

    scalar: Scalar
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A list of values compared with a column, bound as a JSON array."""

    scalar: Scalar
    slot: Slot | tuple[Slot, ...]
    """Where the list is, or where each of its items is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSize:
    """How many rows a page may have; none: the usual number."""

    slot: Slot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A variable of `@skip` or `@include`."""

    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorPart:
    """One of the values a cursor holds: those the rows are ordered by."""

    scalars: tuple[Scalar | None, ...]
    """The kinds of all values in the cursor; none is a token's."""
    position: int
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The answer of a root field that reads no rows, as JSON."""

    key: str


Parameter = Identity | Value | Values | PageSize | Switch | CursorPart | Stated


@dataclass(frozen=True, slots=True)
class Bound:
    """The place of a parameter among a call's values: column `a<position>` of `call`."""

    position: int


Inclusion = frozenset[frozenset[tuple[Bound, bool]]]
"""When a field is wanted: in one of these sets all switches stand as told."""

ALWAYS: Inclusion = frozenset({frozenset()})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    column: Column
    comparison: Comparison
    bound: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class ById:
    """The row with this id, if it is given in the form in which the row shows it."""

    plain: Bound | None
    token: Bound | None
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRequester:
    """The requesting member's own row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Rows whose `far` column equals (or, within an array, holds) the parent row's `near`."""

    far: str
    near: str
    within: bool


class Everything(enum.Enum):
    """All rows the requester may see."""

    ROWS = "rows"


Reach = ById | ByRequester | Joined | Everything


@dataclass(frozen=True, slots=True)
class Key:
    """What rows are ordered by: a column, or the row's id (as stored or, where that is masked, as a token)."""

    column: str
    scalar: Scalar | None
    descending: bool
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A slice of ordered rows. Backwards, the last of them; cursors bind one value for each key."""

    keys: tuple[Key, ...]
    size: Bound
    backwards: bool
    after: tuple[Bound, ...]
    before: tuple[Bound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of an entity: which, seen when, and what is shown of each."""

    entity: Entity
    reach: Reach
    visible: Predicate
    filters: tuple[Filter, ...] = ()
    page: Page | None = None


# What is shown.


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A field of a row."""

    key: str
    inclusion: Inclusion
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeName:
    key: str
    inclusion: Inclusion
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenNames:
    """The names of the fields hidden in a row."""

    key: str
    inclusion: Inclusion
    fields: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """A row, or null; the first of its alternatives that is there."""

    key: str
    inclusion: Inclusion
    alternatives: tuple[tuple[Rows, "Projection"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """The rows a row is made of."""

    key: str
    inclusion: Inclusion
    rows: Rows
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
    inclusion: Inclusion
    part: PagePart


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRows:
    """`nodes` or `edges`: a list with one element for each row of the page."""

    key: str
    inclusion: Inclusion
    node: "Projection | None"
    edge: "tuple[PageEntry, ...] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInfoEntries:
    key: str
    inclusion: Inclusion
    entries: "tuple[PageEntry, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeNode:
    key: str
    inclusion: Inclusion
    projection: "Projection"


PageEntry = PageField | TypeName | PageRows | PageInfoEntries | EdgeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A page of rows."""

    key: str
    inclusion: Inclusion
    rows: Rows
    entries: tuple[PageEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """The answer of a root field that reads no rows."""

    key: str
    inclusion: Inclusion
    bound: Bound


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
    inclusion: Inclusion
    name: str
    type_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryEntry:
    key: str
    inclusion: Inclusion
    part: SummaryPart
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Figures from a table of facts, by one of its columns or all together."""

    key: str
    inclusion: Inclusion
    table: str
    members: tuple[str, ...]
    """The columns that name the members of each side of a fact."""
    dimension: str | None
    filters: tuple[tuple[str, Bound], ...]
    entries: tuple[SummaryEntry, ...]


Shape = Leaf | TypeName | HiddenNames | One | Many | Connected | Constant | Summary
Projection = tuple[Shape, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A field an operation may show: the line of the record, and of the answer's `extensions.privacy`."""

    field: str
    most: Treatment
    least: Treatment
    cases: tuple[Case, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CostTerm:
    """Rows an operation may return: the product of these page sizes, times a number."""

    factor: int
    sizes: tuple[PageSize, ...]


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
    standing: frozenset[Condition]
    """Conditions of the requester, which hold or not for a whole call."""
    disclosures: tuple[Disclosure, ...]
    cost: tuple[CostTerm, ...]
