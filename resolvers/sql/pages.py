"""A page of rows as SQL: its bounds, its cursors, its counts, and the data subjects of its rows.

A page is bounded first and shown then: nothing is masked or joined of a row that is not on it.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from resolvers.planning.plan import Page, PageEntry, PageField, PageInfoEntries, PagePart, RowSet
from resolvers.sql.json_text import inclusion_sql, list_text
from resolvers.sql.masking import RowAlias, tag_sql
from resolvers.sql.pieces import EMPTY, TRUE, Sql, all_of, any_of, constant, join, name, number, spread, sql
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
from schema.policy.grants import FEWEST_MEMBERS

_TELLS_OF_OTHERS = (PagePart.TOTAL_COUNT, PagePart.HAS_NEXT_PAGE, PagePart.HAS_PREVIOUS_PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSql:
    """A page of rows as SQL."""

    rows: RowSet
    page: Page
    read: ReadRow
    parent: RowAlias
    made: Mapping[str, Sql] = field(default_factory=dict[str, Sql])
    """What is asked of all rows several times, by `value_key`."""

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
        """The rows shown, as a list."""
        return list_text(element, order_sql(self.page, self.read.row, reversed_=False), self.restriction)

    def subjects(self, shown: JsonValue, entries: Sequence[PageEntry]) -> Sql:
        """The data subjects of the rows shown; and of those only counted, where a filter leaves few.

        A count of fewer members than a figure needs says something about each.
        """
        subjects = sql("string_agg({}, ','){}", self.read.subjects(shown), self.restriction)
        row = self._another_row()
        counted = dataclasses.replace(self.read, row=row)
        alone = JsonValue(text=EMPTY)
        included = [when for part, when in _parts(entries) if part in _TELLS_OF_OTHERS]
        if not (self.rows.filters and included and counted.has_subjects(alone)):
            return subjects
        few = sql(
            "(\n            select string_agg(subject, ',') from (\n                select {} as subject from {}\n"
            "                where {}\n                limit {}\n            ) few having count(*) < {}\n        )",
            counted.subjects(alone),
            from_sql(self.rows, row),
            where_sql(self.rows, row, self.parent),
            number(FEWEST_MEMBERS),
            number(FEWEST_MEMBERS),
        )
        counting = any_of(included)
        few = few if counting == TRUE else sql("case when {} then {} end", counting, few)
        return sql("nullif({}, '')", spread(constant(","), [subjects, few]))

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

    def stands_alone(self, part: PagePart) -> bool:
        """Whether a part reads rows of its own, and not those of the page."""
        match part:
            case PagePart.TOTAL_COUNT:
                return True
            case PagePart.HAS_NEXT_PAGE:
                return self.page.backwards
            case PagePart.HAS_PREVIOUS_PAGE:
                return not self.page.backwards
            case PagePart.CURSOR | PagePart.START_CURSOR | PagePart.END_CURSOR:
                return False

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
        """Seals the values of one row, and not of all."""
        ordering = order_sql(self.page, self.read.row, reversed_=reversed_)
        values = sort_values_sql(self.page, self.read.row)
        edge = sql("(array_agg({} order by {}){})[1]", values, ordering, self.restriction)
        return sql("coalesce({}, 'null')", sealed_sql(self.page, edge))


def _parts(entries: Sequence[PageEntry]) -> Iterator[tuple[PagePart, Sql]]:
    """The selected parts of a page, those of `pageInfo` among them, and when each is included."""
    for entry in entries:
        if isinstance(entry, PageInfoEntries):
            yield from ((part, all_of([inclusion_sql(entry.inclusion), when])) for part, when in _parts(entry.entries))
        elif isinstance(entry, PageField):
            yield entry.part, inclusion_sql(entry.inclusion)
