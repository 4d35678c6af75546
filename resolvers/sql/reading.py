"""What is read for a value: a row, the rows joined to it, their data subjects and their number."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from resolvers.alternatives import Inclusion
from resolvers.planning.parameters import ParameterRef
from resolvers.sql.json_text import inclusion_sql
from resolvers.sql.masking import RowAlias, id_sql
from resolvers.sql.pieces import Sql, constant, join, name, number, spread, sql
from resolvers.sql.sharing import NOTHING_MADE, Made
from resolvers.sql.subjects import subject_sql, subjects_text_sql

MEMBER: Final = sql("call.member")
"""The requesting member."""


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
    shown: Mapping[str, Sql] = field(default_factory=dict[str, Sql])
    """For each column that names a data subject: the classes of what is shown of them."""

    @property
    def named_subjects(self) -> Sequence[Sql]:
        """The data subjects that this row names, or the nearest above: no row below need name them again."""
        if self._is_of_log or self._is_of_many:
            return self.subjects_above
        return [*self._subject_columns().values()] or self.subjects_above

    @property
    def unshown(self) -> "ReadRow":
        """The row where nothing is shown of it."""
        return dataclasses.replace(self, shown={})

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
        columns = self._subject_columns()
        if self._is_of_many:
            return [sql("unnest({})", each) for each in columns.values()]
        return [self._unless_named_above(each) for column, each in columns.items() if column != self.parent_names]

    def shown_by_parts(self, shown: Mapping[str, Sql]) -> Sql | None:
        """The row's data subjects, with what the rows it is made of show of them, if there are any."""
        subjects = self._subject_columns()
        if not shown or not subjects:
            return None
        entries = [self._with_classes(subjects[column], classes) for column, classes in shown.items()]
        return sql("case when count(*) > 0 then concat_ws(',', {}) end", join(", ", entries))

    def row_count(self, value: JsonValue) -> Sql:
        """The number of rows read for what is shown of the row, itself among them."""
        counts = [*([number(1)] if self.row.entity else []), *value.row_counts]
        return join(" + ", counts) if counts else number(0)

    def _own_subjects(self) -> Sequence[Sql]:
        return [self._entry(column, subject) for column, subject in self._new_columns()]

    def _entry(self, column: str, subject: Sql) -> Sql:
        """A data subject, and the classes of what is shown of them."""
        if column in self.shown:
            return self._with_classes(subject, self.shown[column])
        if self._is_of_many and self.row.entity:
            return subjects_text_sql(subject, self.row.entity.subject_type)
        return sql("{}::text", self._unless_named_above(subject))

    def _with_classes(self, subject: Sql, classes: Sql) -> Sql:
        if self._is_of_many and self.row.entity:
            each = subject_sql(sql("each"), self.row.entity.subject_type)
            return sql("(select string_agg({} || {}, ',') from unnest({}) each)", each, classes, subject)
        return sql("{} || {}", subject, classes)

    def _new_columns(self) -> Sequence[tuple[str, Sql]]:
        """The columns that name data subjects, but for one of which nothing is shown and the row above names."""
        return [
            (column, subject)
            for column, subject in self._subject_columns().items()
            if column in self.shown or column != self.parent_names
        ]

    @property
    def _is_of_log(self) -> bool:
        """Whether it is an access record, which names any number of members."""
        entity = self.row.entity
        return entity is not None and entity.storage.subjects_array and entity.is_of_log

    @property
    def _is_of_many(self) -> bool:
        """Whether it is another row that names any number of members, who are its data subjects."""
        entity = self.row.entity
        return entity is not None and entity.storage.subjects_array and not entity.is_of_log

    def _subject_columns(self) -> Mapping[str, Sql]:
        """The columns that name the row's data subjects; a part's are those of the row it belongs to."""
        if self.row.entity is None or self.row.entity.storage.is_part:
            return {}
        if self._is_of_log:
            # To read the log concerns who reads it, and nobody else. The row is named, or an aggregate would be of calls.
            member = subject_sql(MEMBER, of) if (of := self.row.entity.subject_type) == "text" else MEMBER
            reader = sql("case when {} is not null then {} end", id_sql(self.row), member)
            return dict.fromkeys(self.row.entity.storage.subjects, reader)
        of = self.row.entity.subject_type
        columns = {column: name(self.row.alias, column) for column in self.row.entity.storage.subjects}
        return columns if self._is_of_many else {column: subject_sql(each, of) for column, each in columns.items()}

    def _unless_named_above(self, column: Sql) -> Sql:
        return reduce(lambda subject, above: sql("nullif({}, {})", subject, above), self.subjects_above, column)
