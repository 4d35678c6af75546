"""What is asked of a row under several names, made once: each such value is a column of a lateral.

A mask may be long and slow. A statement that asks for each value once has no such lateral.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from resolvers.alternatives import Inclusion
from resolvers.planning.parameters import ParameterRef
from resolvers.planning.plan import (
    EdgeNode,
    HiddenFieldNames,
    Leaf,
    MaskedFieldEntry,
    MaskedFieldList,
    PageEntry,
    PageField,
    PageInfoEntries,
    PagePart,
    PageRows,
    PlanNode,
    RowVersion,
)
from resolvers.sql.json_text import inclusion_sql
from resolvers.sql.pieces import TRUE, Sql, all_of, any_of, join, name, number, sql

Value = Leaf | HiddenFieldNames | MaskedFieldList | RowVersion | PageField
"""What one row or one page answers by itself."""

ValueKey = str | tuple[MaskedFieldEntry, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """Values that are columns of a lateral, by `value_key`, and the join of this lateral."""

    by_key: Mapping[ValueKey, Sql]
    joins: tuple[Sql, ...]


NOTHING_MADE = Made({}, ())


def value_key(value: Value) -> ValueKey:
    """The same for equal values of one row, or of one page: a plan shows a field of an entity in one way."""
    match value:
        case Leaf():
            return value.shown.field_name
        case HiddenFieldNames():
            return "hiddenFields"
        case RowVersion():
            return "version"
        case MaskedFieldList():
            return value.entries
        case PageField():
            return value.part.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A value that is asked for, how many times, and when it is wanted at all."""

    value: Value
    times: int
    wanted: Sql

    @property
    def is_of_row(self) -> bool:
        """Whether it is of each row, and not of the page."""
        return not isinstance(self.value, PageField) or self.value.part is PagePart.CURSOR


_Path = tuple[Inclusion[ParameterRef], ...]
"""The inclusions of a field and of those around it."""


def asked_values(nodes: Iterable[PlanNode | PageEntry]) -> Sequence[Asked]:
    """The values of one row, and of the page it is on, that are asked for."""
    asked: dict[ValueKey, list[tuple[Value, _Path]]] = {}
    for value, path in _values(nodes, ()):
        asked.setdefault(value_key(value), []).append((value, path))
    return [
        Asked(value=times[0][0], times=len(times), wanted=_wanted(path for _, path in times))
        for times in asked.values()
    ]


def _values(nodes: Iterable[PlanNode | PageEntry], above: _Path) -> Iterator[tuple[Value, _Path]]:
    for node in nodes:
        match node:
            case Leaf() | HiddenFieldNames() | MaskedFieldList() | RowVersion() | PageField():
                yield node, (*above, node.inclusion)
            case PageRows():
                yield from _values((*(node.node or ()), *(node.edge or ())), (*above, node.inclusion))
            case EdgeNode():
                yield from _values(node.projection, (*above, node.inclusion))
            case PageInfoEntries():
                yield from _values(node.entries, (*above, node.inclusion))
            case _:
                pass


def _wanted(paths: Iterable[_Path]) -> Sql:
    return any_of(dict.fromkeys(all_of(inclusion_sql(each) for each in path) for path in paths))


def made_values(values: Sequence[tuple[Asked, Sql]], alias: str) -> Made:
    """The columns that hold these values, of a lateral."""
    names = {value_key(asked.value): name(alias, f"v{n}") for n, (asked, _) in enumerate(values, 1)}
    made = (
        sql(
            "{} as v{}",
            value if asked.wanted is TRUE else sql("case when {} then {} end", asked.wanted, value),
            number(n),
        )
        for n, (asked, value) in enumerate(values, 1)
    )
    # The bound keeps the planner from writing a value out wherever it is named.
    select = sql(
        "\nleft join lateral (\n    select {}\n    offset 0\n) {} on true",
        join(",\n        ", made),
        name(alias),
    )
    return Made(names, (select,))
