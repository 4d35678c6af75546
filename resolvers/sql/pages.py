"""What is read of a row and of a page of rows, while a plan is rendered: joins, data subjects, bounds and cursors.

A page is bounded first and shown then: nothing is masked or joined of a row that is not on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import assert_never

from resolvers.alternatives import Inclusion
from resolvers.planning.plan import Page, PageEntry, PageField, PageInfoEntries, PagePart, ParameterRef, RowSet
from resolvers.sql.json_text import inclusion_sql, list_text
from resolvers.sql.masking import RowAlias, tag_sql
from resolvers.sql.pieces import EMPTY, TRUE, Sql, all_of, any_of, constant, join, name, number, spread, sql
from resolvers.sql.rows import beyond_cursor_sql, cursor_sql, from_sql, order_sql, parameter_sql, where_sql
from schema.policy.grants import FEWEST_MEMBERS

_TELLS_OF_OTHERS = (PagePart.TOTAL_COUNT, PagePart.HAS_NEXT_PAGE, PagePart.HAS_PREVIOUS_PAGE)


@dataclass(slots=True)
class Read:
    """What is being read of one row: the rows joined to it, with their data subjects and their number."""

    row: RowAlias
    named: str | None = None
    """The column whose data subject the row above has named."""
    above: Sequence[Sql] = ()
    """The data subjects that the nearest row above with any has named."""
    joins: list[Sql] = field(default_factory=list[Sql])
    subjects: list[Sql] = field(default_factory=list[Sql])
    counts: list[Sql] = field(default_factory=list[Sql])

    def join(self, select: Sql, result: str, inclusion: Inclusion[ParameterRef], read: "Read | None" = None) -> None:
        """Joins what a select makes, with the data subjects and the number of the rows read for it, if any were."""
        self.joins.append(sql("\nleft join lateral (\n{}\n) {} on {}", select, name(result), inclusion_sql(inclusion)))
        if read:
            self.counts.append(sql("coalesce({}, 0)", name(result, "rows")))
        if read and read.has_subjects:
            self.subjects.append(name(result, "subjects"))

    @property
    def naming(self) -> Sequence[Sql]:
        """The data subjects that are named by this row, or by the nearest above: no row below need name them again."""
        return self.above if self._is_of_many else [*self._whose().values()] or self.above

    @property
    def has_subjects(self) -> bool:
        return bool(self.subjects or self._own_subjects())

    def listed(self) -> Sql:
        """All data subjects, as text separated by commas; null without any."""
        match [*self._own_subjects(), *self.subjects]:
            case []:
                return sql("null::text")
            case [one]:
                return one
            case several:
                return sql("nullif({}, '')", spread(constant(","), several))

    def counted(self) -> Sql:
        own = [number(1)] if self.row.entity else []
        return join(" + ", [*own, *self.counts]) if own or self.counts else number(0)

    def _own_subjects(self) -> Sequence[Sql]:
        columns = [subject for column, subject in self._whose().items() if column != self.named]
        if self._is_of_many:
            return [sql("nullif(array_to_string({}, ','), '')", column) for column in columns]
        return [sql("{}::text", self._unless_named_above(column)) for column in columns]

    @property
    def _is_of_many(self) -> bool:
        """Whether a column names any number of data subjects."""
        return self.row.entity is not None and self.row.entity.storage.subjects_array

    def _whose(self) -> Mapping[str, Sql]:
        """The columns that name the row's data subjects; a part's are those of the row it belongs to."""
        if self.row.entity is None or self.row.entity.storage.is_part:
            return {}
        return {column: name(self.row.alias, column) for column in self.row.entity.storage.subjects}

    def _unless_named_above(self, column: Sql) -> Sql:
        return reduce(lambda subject, named: sql("nullif({}, {})", subject, named), self.above, column)


@dataclass(slots=True)
class Paging:
    """A page of rows being rendered. With `ahead`, one row more is read than shown: whether there is another page."""

    rows: RowSet
    page: Page
    read: Read
    parent: RowAlias

    @property
    def restriction(self) -> Sql:
        """To the rows shown."""
        alias = self.read.row.alias
        shown = sql(" filter (where {} <= {})", name(alias, "position"), parameter_sql(self.page.size))
        return shown if self.page.looks_ahead else EMPTY

    def bounded(self, used: Sequence[Sql]) -> Sql:
        """The rows of the page, with the columns used of them."""
        row = RowAlias(entity=self.read.row.entity, alias=self.read.row.alias, owner=self.read.row.owner)
        made = {"position": self._position(row), "tag": sql("{} as tag", tag_sql(row))}
        ordering = order_sql(self.page, self.read.row, reversed_=False)
        pieces = (*used, ordering, self.restriction)
        columns = sorted({column for piece in pieces for alias, column in piece.columns if alias == row.alias})
        return sql(
            "    select {}\n    from {}\n    where {}\n    order by {}\n    limit {}",
            join(", ", [made[column] if column in made else name(row.alias, column) for column in columns])
            if columns
            else number(1),
            from_sql(self.rows, row),
            self._where(row),
            order_sql(self.page, row, reversed_=self.page.backwards),
            sql("{} + 1", parameter_sql(self.page.size)) if self.page.looks_ahead else parameter_sql(self.page.size),
        )

    def _position(self, row: RowAlias) -> Sql:
        return sql(
            "row_number() over (order by {}) as position", order_sql(self.page, row, reversed_=self.page.backwards)
        )

    def _where(self, row: RowAlias) -> Sql:
        page = self.page
        bounds = [where_sql(self.rows, row, self.parent)]
        if page.after:
            bounds.append(beyond_cursor_sql(page, page.after, row, before=False))
        if page.before:
            bounds.append(beyond_cursor_sql(page, page.before, row, before=True))
        return join(" and ", bounds)

    def listed(self, element: Sql) -> Sql:
        return list_text(element, order_sql(self.page, self.read.row, reversed_=False), self.restriction)

    def subjects(self, entries: Sequence[PageEntry]) -> Sql:
        """The data subjects of the rows shown; and of those only counted, where a filter leaves few.

        To count fewer than figures are made of tells of each.
        """
        shown = sql("string_agg({}, ','){}", self.read.listed(), self.restriction)
        row = self._another_row()
        counted = Read(row=row, named=self.read.named, above=self.read.above)
        telling = [when for part, when in _parts(entries) if part in _TELLS_OF_OTHERS]
        if not (self.rows.filters and telling and counted.has_subjects):
            return shown
        few = sql(
            "(\n            select string_agg(subject, ',') from (\n                select {} as subject from {}\n"
            "                where {}\n                limit {}\n            ) few having count(*) < {}\n        )",
            counted.listed(),
            from_sql(self.rows, row),
            where_sql(self.rows, row, self.parent),
            number(FEWEST_MEMBERS),
            number(FEWEST_MEMBERS),
        )
        told = any_of(telling)
        few = few if told == TRUE else sql("case when {} then {} end", told, few)
        return sql("nullif({}, '')", spread(constant(","), [shown, few]))

    def part(self, part: PagePart) -> Sql:
        match part:
            case PagePart.CURSOR:
                return cursor_sql(self.page, self.read.row)
            case PagePart.TOTAL_COUNT:
                return self._count()
            case PagePart.HAS_NEXT_PAGE:
                return self._elsewhere(behind=True)
            case PagePart.HAS_PREVIOUS_PAGE:
                return self._elsewhere(behind=False)
            case PagePart.START_CURSOR:
                return self._edge_cursor(reversed_=False)
            case PagePart.END_CURSOR:
                return self._edge_cursor(reversed_=True)
            case _:
                assert_never(part)

    def _count(self) -> Sql:
        row = self._another_row()
        return sql(
            "(select count(*) from {} where {})::text", from_sql(self.rows, row), where_sql(self.rows, row, self.parent)
        )

    def _elsewhere(self, *, behind: bool) -> Sql:
        """Whether there are rows behind the page, or before it."""
        page = self.page
        if behind is not page.backwards:
            return sql("(count(*) > {})::text", parameter_sql(page.size))
        cursor = page.before if behind else page.after
        if not cursor:
            return constant("false")
        row = self._another_row()
        past = beyond_cursor_sql(page, cursor, row, before=not behind, at=True)
        return sql(
            "(exists (select from {} where {} and {}))::text",
            from_sql(self.rows, row),
            where_sql(self.rows, row, self.parent),
            past,
        )

    def _another_row(self) -> RowAlias:
        alias = f"{self.read.row.alias}_all"
        return RowAlias(entity=self.rows.entity, alias=alias, owner=alias)

    def _edge_cursor(self, *, reversed_: bool) -> Sql:
        ordering = order_sql(self.page, self.read.row, reversed_=reversed_)
        cursor = cursor_sql(self.page, self.read.row)
        return sql("coalesce((array_agg({} order by {}){})[1], 'null')", cursor, ordering, self.restriction)


def _parts(entries: Sequence[PageEntry]) -> Iterator[tuple[PagePart, Sql]]:
    """What is told of a page, those of `pageInfo` among them, and when each is wanted."""
    for entry in entries:
        if isinstance(entry, PageInfoEntries):
            yield from ((part, all_of([inclusion_sql(entry.inclusion), when])) for part, when in _parts(entry.entries))
        elif isinstance(entry, PageField):
            yield entry.part, inclusion_sql(entry.inclusion)
