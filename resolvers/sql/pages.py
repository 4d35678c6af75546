"""A page of rows as SQL: its bounds, its cursors, its counts, and the data subjects of its rows.

A page is bounded first and shown then: nothing is masked or joined of a row that is not on it.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, assert_never

from resolvers.alternatives import Inclusion
from resolvers.planning.parameters import ParameterRef
from resolvers.planning.plan import AllRows, Page, PagePart, RowSet
from resolvers.sql.conditions import found_name, gathered_sql
from resolvers.sql.json_text import inclusion_sql, list_text
from resolvers.sql.masking import RowAlias, tag_sql
from resolvers.sql.pieces import EMPTY, FALSE, TRUE, Sql, all_of, any_of, constant, indent, join, name, number, sql
from resolvers.sql.reading import JsonValue, ReadRow
from resolvers.sql.rows import (
    beyond_cursor_sql,
    cursor_sql,
    from_sql,
    order_sql,
    parameter_sql,
    sealed_sql,
    sort_values_sql,
    where_sql,
)

MOST_NAMED: Final = 1_000
"""How many members the record of a count names, for each data subject that a row has."""

COUNT_DIGITS: Final = 3
"""The significant digits of a count that is rounded."""


_ALONE: Final = JsonValue(text=EMPTY)
"""What is shown of a row of which nothing is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSql:
    """A page of rows as SQL."""

    rows: RowSet
    page: Page
    read: ReadRow
    parent: RowAlias
    wanted: Mapping[PagePart, Sql] = field(default_factory=dict[PagePart, Sql])
    """The parts that are asked for, and when each is included."""
    beside: Mapping[PagePart, str] = field(default_factory=dict[PagePart, str])
    """The aliases of the laterals that read rows beside the page's, by what they are read for."""

    @property
    def _arrays(self) -> Sequence[Sql]:
        """By what all rows of a table are found."""
        if self.rows.selector is not AllRows.ROWS:
            return ()
        return gathered_sql(self.rows.visible, self.rows.entity)

    @property
    def _parent(self) -> RowAlias:
        """The row that leads to those of the page: of all rows of a table, the row of what finds them."""
        alias = f"{self.read.row.alias}_found"
        return RowAlias(entity=None, alias=alias, owner=alias) if self._arrays else self.parent

    @property
    def restriction(self) -> Sql:
        """To the rows shown."""
        return sql(" filter (where {})", self._is_shown) if self.page.looks_ahead else EMPTY

    @property
    def _is_shown(self) -> Sql:
        return sql("{} <= {}", self.read.row.own("position"), parameter_sql(self.page.size))

    @property
    def _ahead(self) -> PagePart:
        """What is told by reading one row more than is shown."""
        return PagePart.HAS_PREVIOUS_PAGE if self.page.backwards else PagePart.HAS_NEXT_PAGE

    @property
    def _behind(self) -> PagePart:
        """What is told by the rows that a cursor leaves out."""
        return PagePart.HAS_NEXT_PAGE if self.page.backwards else PagePart.HAS_PREVIOUS_PAGE

    def bounded(self, used: Sequence[Sql]) -> Sql:
        """The rows of the page, with the columns used of them."""
        alias = self.read.row.alias
        pieces = (*used, order_sql(self.page, self.read.row, reversed_=False), self.restriction)
        names = sorted({column for piece in pieces for named, column in piece.columns if named == alias})
        size = parameter_sql(self.page.size)
        row = dataclasses.replace(self.read.row, tag=None)
        return self._slice(
            row,
            self._conditions(row),
            lambda row: [self._column(column, row) for column in names] or [number(1)],
            reversed_=self.page.backwards,
            limit=sql("{} + 1", size) if self.page.looks_ahead else size,
        )

    def _column(self, column: str, row: RowAlias) -> Sql:
        if column == row.own_name("position"):
            ordering = order_sql(self.page, row, reversed_=self.page.backwards)
            return sql("row_number() over (order by {}) as {}", ordering, name(column))
        if column == row.own_name("tag"):
            return row.tag or sql("{} as {}", tag_sql(row), name(column))
        return name(row.alias, column)

    def _conditions(self, row: RowAlias) -> Sequence[Sql]:
        """The conditions on the rows of the page, of which each meets one."""
        page = self.page
        after = beyond_cursor_sql(page, page.after, row, before=False) if page.after else [TRUE]
        before = beyond_cursor_sql(page, page.before, row, before=True) if page.before else [TRUE]
        if page.after and page.before:
            before = [any_of(before)]
        where = where_sql(self.rows, row, self._parent)
        return [all_of([where, *parts]) for parts in product(after, before)]

    def _slice(
        self,
        row: RowAlias,
        conditions: Sequence[Sql],
        columns: Callable[[RowAlias], Sequence[Sql]],
        *,
        reversed_: bool,
        limit: Sql,
    ) -> Sql:
        """The first rows that meet one of the conditions. Those of each are found by themselves, then merged."""
        ordering = order_sql(self.page, row, reversed_=reversed_)
        if len(conditions) == 1:
            return self._select(row, columns(row), conditions[0], ordering, limit)
        merged = dataclasses.replace(row, tag=row.own("tag"))
        selected, merged_ordering = columns(merged), order_sql(self.page, merged, reversed_=reversed_)
        pieces = (*selected, merged_ordering)
        names = sorted({column for piece in pieces for named, column in piece.columns if named == row.alias})
        found = [self._column(column, row) for column in names]
        each = [self._select(row, found, one, ordering, limit) for one in conditions]
        several = join("\n    ) union all (\n", [indent(one) for one in each])
        return _select(selected, sql("((\n{}\n    )) {}", several, name(row.alias)), merged_ordering, limit)

    def _select(self, row: RowAlias, columns: Sequence[Sql], condition: Sql, ordering: Sql, limit: Sql) -> Sql:
        source = from_sql(self.rows, row, *columns, condition, ordering)
        return _select(columns, sql("{}\n    where {}", source, condition), ordering, limit)

    def listed(self, element: Sql) -> Sql:
        """The rows shown, as a list."""
        return list_text(element, order_sql(self.page, self.read.row, reversed_=False), self.restriction)

    def subjects(self, shown: JsonValue) -> Sql:
        """The data subjects of the rows shown, and of the row behind them where it is told whether there is one."""
        of_shown = self.read.subjects(shown)
        ahead = self.wanted[self._ahead] if self.page.looks_ahead else FALSE
        if not (self.page.looks_ahead and self.read.has_subjects(_ALONE)):
            return sql("string_agg({}, ','){}", of_shown, self.restriction)
        alone = self.read.unshown.subjects(_ALONE)
        subject = (
            of_shown if alone == of_shown else sql("case when {} then {} else {} end", self._is_shown, of_shown, alone)
        )
        told = EMPTY if ahead is TRUE else sql(" filter (where {})", any_of([self._is_shown, ahead]))
        return sql("string_agg({}, ','){}", subject, told)

    def part(self, part: PagePart) -> Sql:
        match part:
            case PagePart.CURSOR:
                return cursor_sql(self.page, self.read.row)
            case PagePart.TOTAL_COUNT:
                return self._count()
            case PagePart.HAS_NEXT_PAGE | PagePart.HAS_PREVIOUS_PAGE:
                return self._elsewhere(part)
            case PagePart.START_CURSOR:
                return self._edge_cursor(reversed_=False)
            case PagePart.END_CURSOR:
                return self._edge_cursor(reversed_=True)
            case _:
                assert_never(part)

    def _count(self) -> Sql:
        counted = self.beside[PagePart.TOTAL_COUNT]
        rows = name(counted, "rows")
        if not (self.page.rounds_counts and self._another.counted_subjects()):
            return sql("{}::text", rows)
        rounded = sql("round({}, {} - length({}::text))", rows, number(COUNT_DIGITS), rows)
        return sql("case when {} is null then {} else {} end::text", name(counted, "subjects"), rounded, rows)

    def _elsewhere(self, part: PagePart) -> Sql:
        """Whether there are rows behind the page, or before it."""
        if part is self._ahead:
            return sql("(count(*) > {})::text", parameter_sql(self.page.size))
        if part not in self.beside:
            return constant("false")
        return sql("({} is not null)::text", name(self.beside[part], "found"))

    # What is read beside the page: all rows to be counted, and the row next to a cursor.

    @property
    def parts_beside(self) -> Sequence[PagePart]:
        """The parts asked for that read rows beside the page's."""
        beside = (PagePart.TOTAL_COUNT, self._behind) if self._cursor_behind else (PagePart.TOTAL_COUNT,)
        return [part for part in beside if part in self.wanted]

    @property
    def _cursor_behind(self) -> Sequence[ParameterRef]:
        return self.page.before if self.page.backwards else self.page.after

    def read_beside(self, inclusion: Inclusion[ParameterRef]) -> Iterator[JsonValue]:
        """The laterals of what is read beside the page, each with the data subjects that it names.

        That by which rows are found comes first.
        """
        if arrays := self._arrays:
            yield JsonValue(text=EMPTY, joins=(_gathering(arrays, self._parent),))
        for part, alias in self.beside.items():
            wanted = all_of([inclusion_sql(inclusion), self.wanted[part]])
            is_count = part is PagePart.TOTAL_COUNT
            select = self._counted(wanted) if is_count else self._next_to_cursor(wanted)
            names = self._another.has_subjects(_ALONE)
            subjects = sql("nullif({}, '')", name(alias, "subjects"))
            yield JsonValue(
                text=EMPTY,
                joins=(sql("\nleft join lateral (\n{}\n) {} on true", select, name(alias)),),
                subjects=(subjects,) if names else (),
                row_counts=(sql("coalesce({}, 0)", name(alias, "rows")),) if is_count else (),
            )

    def _counted(self, wanted: Sql) -> Sql:
        """The number of all rows, and their data subjects, unless these are too many to be named."""
        row = self._another.row
        subjects = self._another.counted_subjects()
        where = where_sql(self.rows, row, self._parent)
        counted = sql("from {} where {}", from_sql(self.rows, row, *subjects, where), where)
        most = MOST_NAMED * len(subjects)
        # One more than may be named, and null.
        some = [sql("select distinct {} as subject {} limit {}", each, counted, number(most + 2)) for each in subjects]
        named = (
            sql(
                ",\n        (\n            select coalesce(string_agg(subject::text, ','), '') from (\n                {}\n"
                "            ) member having count(subject) <= {}\n        ) as subjects",
                some[0]
                if len(some) == 1
                else join("\n                union\n                ", [sql("({})", each) for each in some]),
                number(most),
            )
            if some
            else EMPTY
        )
        when = EMPTY if wanted is TRUE else sql("\n    where {}", wanted)
        # The bound keeps the planner from writing the count out wherever it is named.
        return sql("    select (select count(*) {}) as rows{}{}\n    offset 0", counted, named, when)

    def _next_to_cursor(self, wanted: Sql) -> Sql:
        """The row nearest to the page among those that its cursor leaves out."""
        page, row = self.page, self._another.row
        past = beyond_cursor_sql(page, self._cursor_behind, row, before=not page.backwards, at=True)
        where = all_of([wanted, where_sql(self.rows, row, self._parent)])
        if not self._another.has_subjects(_ALONE):
            found = all_of([where, any_of(past)])
            source = from_sql(self.rows, row, found)
            return sql("    select true as found\n    from {}\n    where {}\n    limit 1", source, found)
        return self._slice(
            row,
            [all_of([where, one]) for one in past],
            lambda row: [
                sql("true as found"),
                sql("{} as subjects", dataclasses.replace(self.read.unshown, row=row).subjects(_ALONE)),
            ],
            reversed_=not page.backwards,
            limit=number(1),
        )

    @property
    def _another(self) -> ReadRow:
        """A row that need not be on the page."""
        return dataclasses.replace(self.read.unshown, row=self._another_row())

    def _another_row(self) -> RowAlias:
        alias = f"{self.read.row.alias}_all"
        return RowAlias(entity=self.rows.entity, alias=alias, owner=alias)

    def _edge_cursor(self, *, reversed_: bool) -> Sql:
        """Seals the values of one row, and not of all."""
        ordering = order_sql(self.page, self.read.row, reversed_=reversed_)
        values = sort_values_sql(self.page, self.read.row)
        edge = sql("(array_agg({} order by {}){})[1]", values, ordering, self.restriction)
        return sql("coalesce({}, 'null')", sealed_sql(self.page, edge))


def _gathering(arrays: Sequence[Sql], row: RowAlias) -> Sql:
    # The bound keeps the planner from writing an array out wherever it is named.
    columns = (sql("{} as {}", array, found_name(n)) for n, array in enumerate(arrays, 1))
    return sql(
        "\nleft join lateral (\n    select {}\n    offset 0\n) {} on true",
        join(",\n        ", columns),
        name(row.alias),
    )


def _select(columns: Sequence[Sql], source: Sql, ordering: Sql, limit: Sql) -> Sql:
    return sql(
        "    select {}\n    from {}\n    order by {}\n    limit {}", join(", ", columns), source, ordering, limit
    )
