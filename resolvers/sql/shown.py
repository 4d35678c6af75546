"""What each person is shown, as SQL: beside a data subject stand the classes of what a row shows of them.

A class is some fields that are shown by one treatment, under the same clauses. A plan numbers its classes, and a person's
entry names them by number: `12:0.3` is member 12, shown the fields of the classes 0 and 3. An entry without a class
is of a person who was counted, or looked at beyond the page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from resolvers.alternatives import Inclusion
from resolvers.planning.parameters import ParameterRef
from resolvers.planning.plan import (
    CERTAIN,
    Branch,
    Disclosure,
    EdgeNode,
    Leaf,
    MaskedColumn,
    PageEntry,
    PageRows,
    PlanNode,
    SingleRow,
)
from resolvers.sql.json_text import inclusion_sql
from resolvers.sql.masking import RowAlias, case_sql
from resolvers.sql.pieces import TRUE, Sql, all_of, any_of, constant, join, sql
from schema.treatments import Treatment

_Path = tuple[Inclusion[ParameterRef], ...]
"""The inclusions of a field and of those around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClass:
    """Fields that a row shows by one treatment, under the same clauses."""

    fields: tuple[str, ...]
    treatment: Treatment
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conditions:
    """When each form of some fields applies, and when the fields are included."""

    branches: tuple[Branch, ...]
    wanted: Sql


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Fields of a row that are always shown alike."""

    subjects: tuple[str, ...]
    """The columns that name whom they are about."""
    branches: tuple[Branch, ...]
    clauses: tuple[tuple[Treatment, tuple[str, ...]], ...]
    wanted: Sql

    @property
    def conditions(self) -> _Conditions:
        # Which treatments they lead to makes no difference to how they are asked.
        branches = tuple(Branch(Treatment.PLAIN, each.when) for each in self.branches)
        return _Conditions(branches=branches, wanted=self.wanted)


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of one plan, numbered as they are first met."""

    disclosures: Mapping[str, Disclosure]
    """Of each field that the plan may show."""
    numbers: dict[ShownClass, int] = field(default_factory=dict[ShownClass, int])

    def of_row(self, row: RowAlias, nodes: Iterable[PlanNode | PageEntry]) -> Mapping[str, Sql]:
        """For each column that names a data subject: the classes of what the row shows of them, like `:.0.3`."""
        found: dict[str, dict[_Conditions, list[Sequence[str]]]] = {}
        for group, fields in self._groups(nodes).items():
            classes = [self._class(group, each.treatment, tuple(fields)) for each in group.branches]
            for column in group.subjects:
                found.setdefault(column, {}).setdefault(group.conditions, []).append(classes)
        return {
            column: join(" || ", _constants_joined([_classes(*each, row) for each in alike.items()]))
            for column, alike in found.items()
        }

    def _groups(self, nodes: Iterable[PlanNode | PageEntry]) -> Mapping[_Group, Sequence[str]]:
        fields: dict[str, tuple[MaskedColumn, list[_Path]]] = {}
        for shown, path in _shown(nodes, ()):
            fields.setdefault(shown.field_name, (shown, []))[1].append(path)
        groups: dict[_Group, list[str]] = {}
        for name, (shown, paths) in fields.items():
            if shown.column.label.category.is_open:
                continue
            group = _Group(
                subjects=tuple(shown.entity.subjects_of(shown.column)),
                branches=shown.branches,
                clauses=self.disclosures[name].clauses_by_treatment,
                wanted=any_of(dict.fromkeys(all_of(inclusion_sql(each) for each in path) for path in paths)),
            )
            groups.setdefault(group, []).append(name)
        return groups

    def _class(self, group: _Group, treatment: Treatment, fields: tuple[str, ...]) -> str:
        """The number of a class, as `.3`; nothing where nothing is shown."""
        if treatment is Treatment.HIDDEN:
            return ""
        shown = ShownClass(fields=fields, treatment=treatment, clauses=dict(group.clauses).get(treatment, ()))
        return f".{self.numbers.setdefault(shown, len(self.numbers))}"


def _classes(conditions: _Conditions, classes: Sequence[Sequence[str]], row: RowAlias) -> Sql:
    """The classes that apply in a row, of groups under the same conditions: these are asked once."""
    forms = [constant("".join(each)) for each in zip(*classes, strict=True)]
    shown = case_sql(conditions.branches, row, forms)
    if conditions.branches[-1].when != CERTAIN:
        shown = sql("coalesce({}, '')", shown)
    return shown if conditions.wanted is TRUE else sql("case when {} then {} else '' end", conditions.wanted, shown)


def _constants_joined(parts: Sequence[Sql]) -> Sequence[Sql]:
    """The same parts behind a colon, those that are constant as one."""
    fixed = "".join(part.constant for part in parts if part.constant is not None)
    others = [part for part in parts if part.constant is None]
    return [constant(f":{fixed}"), *others]


def _shown(nodes: Iterable[PlanNode | PageEntry], above: _Path) -> Iterator[tuple[MaskedColumn, _Path]]:
    """The fields of one row, links with a label among them."""
    for node in nodes:
        match node:
            case Leaf(shown=shown) | SingleRow(link=MaskedColumn() as shown):
                yield shown, (*above, node.inclusion)
            case EdgeNode():
                yield from _shown(node.projection, (*above, node.inclusion))
            case PageRows():
                yield from _shown((*(node.node or ()), *(node.edge or ())), (*above, node.inclusion))
            case _:
                pass
