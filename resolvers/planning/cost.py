"""The cost of an operation: the time it takes of the database and the gateway, in rows of 4 microseconds.

A row is what one row of a page takes with a few short fields. The constants were measured, and a test holds
them against each other.
A cost is a sum of products of page sizes, which each call fills with its own; `binding` adds it up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from resolvers.front.selection import Field
from resolvers.planning.parameters import SizeParameter
from resolvers.planning.plan import (
    AllRows,
    Branch,
    CostTerm,
    EdgeNode,
    HiddenFieldNames,
    Leaf,
    MaskedColumn,
    MaskedFieldEntry,
    MaskedFieldList,
    PageEntry,
    PageField,
    PagePart,
    PageRows,
    PlanNode,
    RowVersion,
    Selector,
)
from schema.catalog import Scalar
from schema.labels import Form
from schema.treatments import Treatment

SCAN = 5_000
"""Reading the schema: few such operations run at once."""

LOOK_UP = 50
"""Reading figures of a release, which has some dozens for each dimension."""

SEARCH = 1_000
"""Counting all rows that can be seen, or describing the policy."""

PARTS = 4
"""A row's parts."""

COUNT = 2
"""Counting the rows that belong to a row."""

ROW = 1
"""A row of a page, or one that a row leads to."""

PAGE = 2
"""A page within a row, whatever is on it."""

CHOICE = 30
"""Picking the rows of a page among all that can be seen."""

FIELD = 0.05
"""A short value, written under a name."""

TEXT = 0.1
"""A text, written under a name."""

FREE_TEXT = 0.5
"""A text of some hundred characters, written under a name."""

MASK = 0.8
"""A short value made into its partial form or its token."""

CURSOR = 1.5
"""Sealing the values that a row is ordered by."""

REDACTION = 30
"""A free text searched for what must be replaced in it."""

CONDITION = 0.7
"""Asking of a row whether a condition holds."""

LIST_ITEM = 0.1
"""A value of a list that rows are compared with."""

CHARACTERS_OF_ROW = 10
"""Characters of a statement that are prepared, and made ready to run, in the time of a row."""

LONGEST_STATEMENT = 130_000
"""Characters of a statement, whatever cost is allowed: a session keeps 0.16 MiB for each thousand that it prepares."""

PageSizes = tuple[SizeParameter, ...]
"""The sizes of the pages and lists that a row is in, the outermost first; and that of a list its columns are compared with."""


def statement_cost(characters: int) -> int:
    """The cost of a statement before it reads a row: that of preparing it, and of making it ready to run."""
    return characters // CHARACTERS_OF_ROW


def making_cost(nodes: Iterable[PlanNode | PageEntry]) -> float:
    """The cost, for each row, of the values a row answers by itself: each is made once, however often it is asked for."""
    made: dict[str | tuple[MaskedFieldEntry, ...], float] = {}
    for node in _values(nodes):
        match node:
            case Leaf(shown=shown):
                made[shown.field_name] = _value_cost(shown)
            case HiddenFieldNames(fields=fields):
                made["hiddenFields"] = sum(FIELD + _conditions_cost(shown.branches) for shown in fields)
            case RowVersion(columns=columns):
                made["version"] = MASK + FIELD * len(columns)
            case MaskedFieldList(fields=fields, entries=entries):
                alike = groupby(shown.branches for shown in fields)
                written = FIELD * (1 + len(entries)) * len(fields)
                made[entries] = written + sum(_conditions_cost(branches) for branches, _ in alike)
            case PageField():
                made["cursor"] = CURSOR
    return sum(made.values())


def _values(
    nodes: Iterable[PlanNode | PageEntry],
) -> Iterator[Leaf | HiddenFieldNames | MaskedFieldList | RowVersion | PageField]:
    for node in nodes:
        match node:
            case Leaf() | HiddenFieldNames() | MaskedFieldList() | RowVersion() | PageField(part=PagePart.CURSOR):
                yield node
            case PageRows():
                yield from _values((*(node.node or ()), *(node.edge or ())))
            case EdgeNode():
                yield from _values(node.projection)
            case _:
                pass


def _value_cost(shown: MaskedColumn) -> float:
    """The cost of a field's value in one row."""
    return _conditions_cost(shown.branches) + max(_treatment_cost(branch.treatment, shown) for branch in shown.branches)


def _treatment_cost(treatment: Treatment, shown: MaskedColumn) -> float:
    match treatment:
        case Treatment.HIDDEN | Treatment.PLAIN:
            return 0
        case Treatment.PARTIAL if shown.column.label.is_a(Form.FREE_TEXT):
            return REDACTION
        case Treatment.PARTIAL | Treatment.TOKEN:
            return MASK


def _conditions_cost(branches: Sequence[Branch]) -> float:
    """The cost of finding out how a row shows a field."""
    return CONDITION * sum(len(one) for branch in branches for one in branch.when)


def writing_cost(node: PlanNode) -> float:
    """The cost of writing what a row answers under a name."""
    if not isinstance(node, Leaf):
        return FIELD
    column = node.shown.column
    if column.label.is_a(Form.FREE_TEXT):
        return FREE_TEXT
    return TEXT if column.scalar in (Scalar.TEXT, Scalar.ID) else FIELD


def page_cost(selector: Selector) -> float:
    """The cost of a page, whatever is on it."""
    return CHOICE if selector is AllRows.ROWS else PAGE


def counting_cost(connection: Field, selector: Selector) -> float:
    """The cost of the total count of a connection, however often it is asked for."""
    if not any(entry.name == "totalCount" for entry in connection.selected):
        return 0
    return SEARCH if selector is AllRows.ROWS else COUNT


def cost_terms(cost: Mapping[PageSizes, float]) -> tuple[CostTerm, ...]:
    return tuple(CostTerm(factor, sizes) for sizes, factor in cost.items() if factor)
