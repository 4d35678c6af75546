"""The catalog: what there is to ask for and how it is stored.

Everything that plans or renders takes names from here, never from a request.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from schema.conditions import RowHas, RowHasNone
from schema.definition import Marketplace
from schema.destruction import Destruction
from schema.fields import (
    ByIdField,
    ConnectionField,
    HiddenFieldsField,
    IdFilter,
    Join,
    LinkField,
    MaskedFieldsField,
    MeField,
    NodeField,
    NodesField,
    PartsField,
    PartsFilter,
    StaticField,
    StatisticsField,
    Storage,
    VersionField,
)
from schema.identities import IdType
from schema.inputs import InputForm
from schema.labels import Category, Form, Label, Nature, of_somebody
from schema.mapping import MappedColumn, MappedColumns, plain_table
from schema.rights import (
    ApproveField,
    CarryOutField,
    EditField,
    EndField,
    EnterField,
    MutationDeclaration,
    ReceiveField,
    ResumeField,
    TargetIs,
)


class CatalogError(Exception):
    """The types declare something that cannot be; the program does not start."""


class Scalar(enum.Enum):
    """What a column's value is."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    ENUM = "enum"
    TEXT_LIST = "text list"
    ID = "id"
    UUID = "uuid"
    """An id that is a UUID."""

    @property
    def sql_type(self) -> str:
        return _SQL_TYPES[self]

    @property
    def is_ordered(self) -> bool:
        return self in _ORDERED

    @property
    def may_be_unreadable(self) -> bool:
        """Whether a column may hold what is no value of the field: an endless time, a word that the enum lacks."""
        return self in _UNREADABLE_AT_TIMES


_SQL_TYPES: Mapping[Scalar, str] = MappingProxyType(
    {
        Scalar.TEXT: "text",
        Scalar.INTEGER: "integer",
        Scalar.DECIMAL: "numeric",
        Scalar.BOOLEAN: "boolean",
        Scalar.TIMESTAMP: "timestamptz",
        Scalar.ENUM: "text",
        Scalar.TEXT_LIST: "text[]",
        Scalar.ID: "bigint",
        Scalar.UUID: "uuid",
    }
)

_UNREADABLE_AT_TIMES = frozenset({Scalar.INTEGER, Scalar.DECIMAL, Scalar.TIMESTAMP, Scalar.ENUM})
_ORDERED = frozenset({Scalar.TEXT, Scalar.INTEGER, Scalar.DECIMAL, Scalar.TIMESTAMP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A labelled field and the column it column_field; `choice` is its enum, where it is one."""

    name: str
    python_name: str
    column: str
    scalar: Scalar
    label: Label
    subject: str | None
    coarse: str | None
    enum_type: type[enum.Enum] | None
    identifies_nobody: str | None = None
    """Why an exact time or amount needs no label that says it identifies somebody."""
    is_sealed: bool = False
    """Whether its token can be opened."""
    mapped: MappedColumn | None = None
    """What stands for its column, if the table has none that holds the field's values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A field that leads to rows of another entity: those whose `far` column equals this row's `near`."""

    name: str
    declaration: LinkField | ConnectionField | PartsField
    target: str
    near: str
    far: str
    column: Column | None = None
    """What a link shows by itself, where it has a label: the column that it follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A type whose rows are stored, with its columns and relations by GraphQL name.

    `owner` is where its conditions look: how its own rows are stored or, for a part, the rows it belongs to.
    """

    name: str
    type: type
    """As Strawberry has it."""
    storage: Storage
    owner: Storage
    columns: Mapping[str, Column]
    relations: Mapping[str, Relation]
    derived_fields: Mapping[str, HiddenFieldsField | MaskedFieldsField | VersionField]
    """The fields that are made of the others: how these are shown in a row, and its version."""
    mapped: MappedColumns = field(default_factory=dict[str, MappedColumn])
    """The mapped columns of its table, whichever entity declares them."""
    subject_type: IdType = "bigint"
    """The type of the ids of its rows' data subjects."""
    gone: str | None = None
    """The column that is set in rows that are as if they were not there: of members who were destroyed."""
    categories: frozenset[Category] = field(init=False)
    """The categories a grant must touch for a row to be seen; one about nobody only where there is no other."""

    def __post_init__(self) -> None:
        categories = of_somebody(column.label.category for column in self.columns.values())
        object.__setattr__(self, "categories", categories)

    @property
    def is_open(self) -> bool:
        """Whether all its fields are about nobody."""
        return all(category.is_open for category in self.categories)

    @property
    def is_of_log(self) -> bool:
        """Whether it says who has seen what."""
        return any(category.nature is Nature.ACCESS_LOG for category in self.categories)

    @property
    def labelled(self) -> Mapping[str, Column]:
        """Its fields with a label, by GraphQL name: those that show a column, and links that tell as much as one."""
        links = {name: relation.column for name, relation in self.relations.items() if relation.column}
        return {**self.columns, **links}

    @property
    def id_filters(self) -> Mapping[str, Column]:
        """The columns with ids of other types that rows may be filtered by, by the filter's name."""
        return {
            name: Column(
                name=name,
                python_name=name,
                column=each.column,
                scalar=Scalar.ID,
                label=each.label,
                subject=None,
                coarse=None,
                enum_type=None,
            )
            for name, each in self.storage.filters.items()
            if isinstance(each, IdFilter)
        }

    def emptied_with(self, column: Column) -> str | None:
        """The column that an edit of this one empties: an address's city, where no field shows it to be edited too.

        Left as it is, it would be another address's.
        """
        is_field = any(each.column == column.coarse for each in self.columns.values())
        return None if is_field else column.coarse

    def subjects_of(self, column: Column) -> tuple[str, ...]:
        """Whose data a field is, as columns."""
        return (column.subject,) if column.subject else self.owner.subjects

    def is_of_all(self, column: Column) -> bool:
        """Whether a field is free text about several persons: what one of them allows, the others must allow too."""
        return column.label.is_a(Form.FREE_TEXT) and len(self.subjects_of(column)) > 1

    def needed_columns(self) -> Iterator[str]:
        """Every column the gateway may read of the table."""
        stored = self.storage
        yield from stored.subjects
        for read in stored.condition_columns.values():
            yield from (read.near,) if isinstance(read, Join) else read
        if stored.order:
            yield stored.order
        if self.gone:
            yield self.gone
        if self.storage.about:
            yield self.storage.about
        for each in self.storage.filters.values():
            yield each.column if isinstance(each, IdFilter) else each.near
        for column in self.columns.values():
            yield column.column
            yield from (name for name in (column.subject, column.coarse) if name)
        for relation in self.relations.values():
            yield relation.near

    def free_name(self, name: str) -> str:
        """A name that none of its columns has, for what a statement makes of its rows."""
        taken = {self.storage.key, *self.needed_columns()}
        while name in taken:
            name += "_"
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A field of the query type."""

    name: str
    declaration: ByIdField | MeField | NodeField | NodesField | ConnectionField | StaticField | StatisticsField
    target: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A field of a mutation's input, and the column that it is written to."""

    name: str
    column: Column
    target: str | None
    """The type whose id it is; none if it is a value."""
    form: InputForm
    words: tuple[str, ...] | None
    """Of a list, what it may have."""
    is_required: bool
    """Whether it may not be emptied."""
    most: int | None = None
    """Of a list of ids, how many it may have; none of a single one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationRoot:
    """A field of the mutation type, and the inputs by which it changes rows of an entity."""

    name: str
    declaration: MutationDeclaration
    entity: Entity
    inputs: Mapping[str, Input]
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the rows that it adds say in other fields, by GraphQL name."""
    ended: Column | None = None
    """Of rows that it ends or approves, the time that it sets: who may change that may do so."""

    @property
    def started(self) -> Column | None:
        """The field of the start of rows that it adds, if there is one."""
        if not isinstance(self.declaration, EnterField):
            return None
        starts = self.declaration.starts
        return next((each for each in self.entity.columns.values() if each.column == starts), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All entities by type name; all root fields and all mutations by name."""

    marketplace: Marketplace
    entities: Mapping[str, Entity]
    roots: Mapping[str, Root]
    mutations: Mapping[str, MutationRoot]
    mapped: Mapping[str, MappedColumns] = field(default_factory=dict[str, MappedColumns])
    """The mapped columns of each table that has any."""

    def readable_columns(self) -> Mapping[str, frozenset[str]]:
        """Every table the gateway reads to answer, with the columns it may read of it."""
        tables: dict[str, set[str]] = {}
        for table, columns in self._named_columns():
            tables.setdefault(self.plain(table), set()).update(columns)
        return {table: self.stored_columns(table, columns) for table, columns in tables.items()}

    def plain(self, table: str) -> str:
        """A table's name, without the schema of the marketplace."""
        return plain_table(table, self.marketplace.schema)

    def schema_of(self, table: str) -> str:
        """The schema of a table."""
        return table.partition(".")[0] if "." in table else self.marketplace.schema

    def mapped_columns(self, table: str) -> MappedColumns:
        """The mapped columns of a table."""
        return self.mapped.get(self.plain(table), {})

    def stored_columns(self, table: str, names: Iterable[str]) -> frozenset[str]:
        """The columns of a table that are read for these: those that a mapped one is made of."""
        mapped = self.mapped_columns(table)
        return frozenset(stored for name in names for stored in (mapped[name].reads if name in mapped else (name,)))

    def _named_columns(self) -> Iterator[tuple[str, Iterable[str]]]:
        for entity in self.entities.values():
            yield entity.storage.table, entity.needed_columns()
            for each in entity.storage.filters.values():
                if isinstance(each, PartsFilter):
                    yield each.table, ("id", each.column)
            for relation in entity.relations.values():
                yield self.entities[relation.target].storage.table, (relation.far,)
        yield from self._parties()
        yield from self._read_by_conditions()
        if suspensions := self.marketplace.suspensions:
            yield suspensions.table, suspensions.columns

    def edited_columns(self) -> Mapping[str, frozenset[str]]:
        """The columns that mutations change in rows that are there, by table."""
        tables: dict[str, set[str]] = {}
        for mutation in self.mutations.values():
            match mutation.declaration:
                case EditField():
                    edited = [each.column for each in mutation.inputs.values()]
                    emptied = (mutation.entity.emptied_with(column) for column in edited)
                    columns = {*(column.column for column in edited), *(each for each in emptied if each)}
                case EnterField(ends=ends, key=key):
                    columns = {ends} if key else set[str]()
                case EndField() | ResumeField():
                    columns = {mutation.ended.column} if mutation.ended else set[str]()
                case ApproveField(approved=approved, by=by):
                    columns = {approved, by}
                case CarryOutField(ends=ends, held_until=held):
                    columns = {ends, *([held] if held else [])}
                case ReceiveField():
                    continue
            tables.setdefault(mutation.entity.storage.table, set()).update(columns)
        for table, emptied in self.destruction.emptied_columns() if self.destruction else ():
            tables.setdefault(table, set()).update(emptied)
        return {table: frozenset(columns) for table, columns in tables.items() if columns}

    def entered_columns(self) -> Mapping[str, frozenset[str]]:
        """The columns of the rows that mutations add, by table."""
        tables: dict[str, set[str]] = {}
        for mutation in self.mutations.values():
            if isinstance(entering := mutation.declaration, EnterField):
                columns = {each.column.column for each in mutation.inputs.values() if each.most is None}
                columns |= {each for each in (entering.subject, entering.starts, entering.entered_by) if each}
                columns |= {*entering.copied}
                columns |= {mutation.entity.columns[name].column for name in mutation.constants}
                columns |= {*(entering.asked_under or ())}
                tables.setdefault(mutation.entity.storage.table, set()).update(columns)
                if named := entering.named:
                    tables.setdefault(named.table, set()).update({named.row, named.member})
            if isinstance(receiving := mutation.declaration, ReceiveField):
                columns = {receiving.received, *(each.column.column for each in mutation.inputs.values())}
                tables.setdefault(mutation.entity.storage.table, set()).update(columns)
        for table, entered in self.destruction.entered_columns() if self.destruction else ():
            tables.setdefault(table, set()).update(entered)
        return {table: frozenset(columns) for table, columns in tables.items()}

    def columns_read_to_change(self) -> Mapping[str, frozenset[str]]:
        """What mutations read to find the rows that may be changed, by table: the rows themselves, and conditions."""
        tables: dict[str, set[str]] = {}
        for mutation in self.mutations.values():
            columns = {*mutation.entity.needed_columns(), *(each.column.column for each in mutation.inputs.values())}
            match mutation.declaration:
                case EnterField(starts=starts, ends=ends, entered_by=by):
                    columns |= {each for each in (starts, ends, by) if each}
                case ApproveField(entered_by=by, ends=ends):
                    columns |= {by, ends}
                case CarryOutField(starts=starts, ends=ends, asked_under=under):
                    columns |= {"id", starts, ends, *under}
                case EndField(starts=starts, after=after):
                    columns |= {each for each in (starts, after) if each}
                case ReceiveField(received=received):
                    columns.add(received)
                case EditField() | ResumeField():
                    pass
            tables.setdefault(mutation.entity.storage.table, set()).update(columns)
            for table, read in self._targets(mutation):
                tables.setdefault(table, set()).update(read)
        destroyed = self.destruction.read_columns() if self.destruction else ()
        for table, columns in (*self._read_by_conditions(), *self._parties(), *destroyed) if self.mutations else ():
            tables.setdefault(table, set()).update(columns)
        return {self.plain(table): self.stored_columns(table, columns) for table, columns in tables.items()}

    def _targets(self, mutation: MutationRoot) -> Iterator[tuple[str, Iterable[str]]]:
        """What is read of the rows that a mutation's inputs name."""
        asked = mutation.declaration.checks if isinstance(mutation.declaration, EnterField) else ()
        for each in mutation.inputs.values():
            if each.target:
                target = self.entities[each.target].storage
                checks = (one for one in asked if isinstance(one, TargetIs))
                asked_of = (one.column for one in checks if one.field == each.column.python_name)
                yield target.table, (target.key, *asked_of, *_copied_from(mutation.declaration, each))

    @property
    def destruction(self) -> Destruction | None:
        """How what is asked is destroyed, if the marketplace has a mutation that does."""
        carries_out = any(isinstance(each.declaration, CarryOutField) for each in self.mutations.values())
        return self.marketplace.destruction if carries_out else None

    def _parties(self) -> Iterator[tuple[str, Iterable[str]]]:
        """Where members and organisations are, with what a record reads of them."""
        for parties in (self.marketplace.members, self.marketplace.organisations):
            if parties:
                yield parties.table, parties.columns

    @property
    def statistics(self) -> Mapping[str, StatisticsField]:
        """The root fields that show figures, by name."""
        return {
            root.name: root.declaration for root in self.roots.values() if isinstance(root.declaration, StatisticsField)
        }

    def fact_columns(self) -> Mapping[str, frozenset[str]]:
        """Every table that figures are made from, with the columns read of it. The gateway itself reads none of them."""
        return {
            self.plain(facts.table): frozenset(
                {"id", "at", "measure", *facts.members, *(each.value for each in facts.dimensions)}
                | ({facts.unit} if facts.unit else set())
            )
            for facts in self.statistics.values()
        }

    def _read_by_conditions(self) -> Iterator[tuple[str, Iterable[str]]]:
        for condition in self.marketplace.conditions:
            yield from condition.reads.items()
            if isinstance(condition.holds_if, RowHas | RowHasNone):
                joins = (entity.storage.condition_columns.get(condition.name) for entity in self.entities.values())
                yield condition.holds_if.table, [join.far for join in joins if isinstance(join, Join)]


def _copied_from(declaration: MutationDeclaration, given: Input) -> Iterable[str]:
    """The columns of a row that a new one names, which the new one copies."""
    copied = declaration.copied.values() if isinstance(declaration, EnterField) else ()
    return (column for field, column in copied if field == given.column.python_name)
