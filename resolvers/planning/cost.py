"""The cost of an operation, in rows: a sum of products of page sizes, which each call fills with its own."""

from collections import Counter
from collections.abc import Sequence

from resolvers.front.selection import Field
from resolvers.planning.plan import AllRows, CostTerm, Selector, SizeParameter

SCAN = 5_000
"""The cost of reading all facts, or the schema: few such operations run at once."""

SEARCH = 1_000
"""The cost of counting all rows that can be seen, or of describing the policy."""

PARTS = 10
"""The cost of a row's parts, or of counting the rows that belong to it."""

PageSizes = tuple[SizeParameter, ...]
"""The sizes of the pages and lists that a row is in, the outermost first."""


def repetition_cost(fields: Sequence[Field]) -> int:
    """The cost, for each row, of fields that are selected again under another key: each is made again."""
    return len(fields) - len({field.name for field in fields})


def counting_cost(connection: Field, selector: Selector) -> int:
    """The cost of the total counts of a connection."""
    counts = sum(entry.name == "totalCount" for entry in connection.selected)
    return counts * (SEARCH if selector is AllRows.ROWS else PARTS)


def cost_terms(cost: Counter[PageSizes]) -> tuple[CostTerm, ...]:
    return tuple(CostTerm(factor, sizes) for sizes, factor in cost.items() if factor)
