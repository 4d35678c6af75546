"""What is read for a value: a row, the rows joined to it, their data subjects and their number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from resolvers.alternatives import Inclusion
from resolvers.planning.plan import ParameterRef
from resolvers.sql.json_text import inclusion_sql
from resolvers.sql.masking import RowAlias
from resolvers.sql.pieces import Sql, constant, join, name, number, spread, sql
from resolvers.sql.sharing import NOTHING_MADE, Made


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonValue:
    """A value as JSON text, and the rows joined for it, with their data subjects and their number."""

    text: Sql
    joins: tuple[Sql, ...] = ()
    subjects: tuple[Sql, ...] = ()
    row_counts: tuple[Sql, ...] = ()


def compose(text: Sql, values: Iterable[JsonValue]) -> JsonValue:
    """A value made of others, with all that is joined for them."""
    values = tuple(values)
    return JsonValue(
        text=text,
        joins=tuple(each for value in values for each in value.joins),
        subjects=tuple(each for value in values for each in value.subjects),
        row_counts=tuple(each for value in values for each in value.row_counts),
    )


def join_lateral(select: Sql, result: str, inclusion: Inclusion[ParameterRef], *, subjects: bool) -> JsonValue:
    """What a select makes of the rows it reads. With `subjects`, it names the data subjects of some."""
    return JsonValue(
        text=name(result, "json"),
        joins=(sql("\nleft join lateral (\n{}\n) {} on {}", select, name(result), inclusion_sql(inclusion)),),
        subjects=(name(result, "subjects"),) if subjects else (),
        row_counts=(sql("coalesce({}, 0)", name(result, "rows")),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A row being read, and the data subjects that the rows above it name."""

    row: RowAlias
    parent_names: str | None = None
    """The column whose data subject the row above names."""
    subjects_above: Sequence[Sql] = ()
    """The data subjects that the nearest row above with any names."""
    made: Made = NOTHING_MADE
    """What is asked of it several times."""

    @property
    def named_subjects(self) -> Sequence[Sql]:
        """The data subjects that this row names, or the nearest above: no row below need name them again."""
        return self.subjects_above if self._is_of_many else [*self._subject_columns().values()] or self.subjects_above

    def has_subjects(self, value: JsonValue) -> bool:
        return bool(value.subjects or self._own_subjects())

    def subjects(self, value: JsonValue) -> Sql:
        """All data subjects of the row and of what is shown of it, separated by commas; null without any."""
        match [*self._own_subjects(), *value.subjects]:
            case []:
                return sql("null::text")
            case [one]:
                return one
            case several:
                return sql("nullif({}, '')", spread(constant(","), several))

    def counted_subjects(self) -> Sequence[Sql]:
        """The data subjects of a row that is only counted, one by one; without those that a row above names."""
        if self._is_of_many:
            return [sql("unnest({})", column) for column in self._new_columns()]
        return [self._unless_named_above(column) for column in self._new_columns()]

    def row_count(self, value: JsonValue) -> Sql:
        """The number of rows read for what is shown of the row, itself among them."""
        counts = [*([number(1)] if self.row.entity else []), *value.row_counts]
        return join(" + ", counts) if counts else number(0)

    def _own_subjects(self) -> Sequence[Sql]:
        if self._is_of_many:
            return [sql("nullif(array_to_string({}, ','), '')", column) for column in self._new_columns()]
        return [sql("{}::text", self._unless_named_above(column)) for column in self._new_columns()]

    def _new_columns(self) -> Sequence[Sql]:
        """The columns that name data subjects, but for the one whose member the row above names."""
        return [subject for column, subject in self._subject_columns().items() if column != self.parent_names]

    @property
    def _is_of_many(self) -> bool:
        """Whether a column names any number of data subjects."""
        return self.row.entity is not None and self.row.entity.storage.subjects_array

    def _subject_columns(self) -> Mapping[str, Sql]:
        """The columns that name the row's data subjects; a part's are those of the row it belongs to."""
        if self.row.entity is None or self.row.entity.storage.is_part:
            return {}
        return {column: name(self.row.alias, column) for column in self.row.entity.storage.subjects}

    def _unless_named_above(self, column: Sql) -> Sql:
        return reduce(lambda subject, above: sql("nullif({}, {})", subject, above), self.subjects_above, column)
