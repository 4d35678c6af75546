"""What the entity types are written with: fields with a label and a column, links, connections, and their Strawberry.

An entity file says, for each GraphQL field, which column it shows, how it is labelled, and whose data it is. The
catalog reads these declarations; nothing else does.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypedDict, TypeVar, Unpack

import strawberry

from schema.identities import IdType, bound_type, is_numeric
from schema.labels import Category, Data, Identifier, Label, OwnCategories

DECLARATION = "veil"
"""The key of a field's declaration in its Strawberry metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnField:
    """The field shows a column (by default the one of its own name)."""

    label: Label
    column: str | None = None
    subject: str | None = None
    """The column naming this field's own data subject, where it is not the row's."""
    coarse: str | None = None
    """The column that stands in for a postal address: its city."""
    identifies_nobody: str | None = None
    """Why an exact time or amount identifies nobody, where it has no label that says it does."""
    is_sealed: bool = False
    """Whether the token of a text that stands for an id can be opened, so that rows are filtered by it."""
    expression: str | None = None
    """SQL over the columns of its row, which stands in brackets and is cast to the field's type. Whatever reads the
    column of this name reads it."""
    reads: tuple[str, ...] = ()
    """The table's columns that the expression reads."""
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    """The words that the database has for those of the field's enum. A word that is missing here is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkField:
    """The field is one row of another entity: that whose `far` column equals this row's `near`. By default, its key."""

    near: str
    far: str | None = None
    label: Label | None = None
    """That of a link which tells as much as a value does: which product was bought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionField:
    """The field is a connection to the rows of another entity whose `far` column equals this row's `near`.

    By default, this row's key. With `within`, `far` is an array and holds this row's `near`.
    """

    far: str | None = None
    near: str | None = None
    within: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsField:
    """The field lists rows that belong to this one and share its data subjects and conditions.

    Their `far` column equals this row's `near`; by default, its key.
    """

    far: str
    near: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByIdField:
    """A root field: one row by its `id` argument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeField:
    """A root field: the row of the requesting member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeField:
    """A root field: any row by its `id` argument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodesField:
    """A root field: any rows by its `ids` argument, in the order of the ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenFieldsField:
    """A field that lists the names of the fields hidden in this row, and of those whose value is none of their type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedFieldsField:
    """A field that lists the fields shown masked in this row, each with its treatment. It names no field without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionField:
    """A field that is another text once a field of the row that this requester may edit has another value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticField:
    """A root field that reads no rows: it is answered by its resolver from the policy alone."""


class StructuralEnum(enum.Enum):
    """An enum whose values shape a statement, rather than being bound to it: a direction, a dimension."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsField:
    """A root field: the released figures about a category, by one of its dimensions.

    Releases are made from a table of facts with `id`, `at`, `measure` and a column for each dimension. Each column of
    `members` names one side of a fact; the figures count those of the first.
    """

    table: str
    category: Category
    dimensions: type[StructuralEnum]
    members: tuple[str, ...] = ("member_id",)
    unit: str | None = None
    """The column and argument of what measures are in, such as a currency. Each unit has figures of its own."""
    month: StructuralEnum | None = None
    """The dimension that is the month of a fact. Without one, facts are states, and have no month."""


Declaration = (
    ColumnField
    | LinkField
    | ConnectionField
    | PartsField
    | ByIdField
    | MeField
    | NodeField
    | NodesField
    | HiddenFieldsField
    | MaskedFieldsField
    | VersionField
    | StaticField
    | StatisticsField
)


_DESCRIPTIONS: Mapping[type, str] = {
    MeField: "The requesting member.",
    NodeField: "The row with this id, of whatever type it is.",
    NodesField: "The rows with these ids, in the order of the ids; null where none is found.",
    HiddenFieldsField: "The names of the fields that are hidden in this row. They are null.",
    MaskedFieldsField: "The fields that are shown masked in this row, each with its treatment.",
    StatisticsField: "Released figures about many members, none of whom can be told from them.",
}
"""What a field is whose declaration says it."""


def declare(declaration: Declaration, description: str | None = None) -> Any:
    """A Strawberry field that carries what Veil needs to know of it. Without a description, its name says what it is."""
    label = declaration.label if isinstance(declaration, ColumnField | LinkField) else None
    return strawberry.field(
        description=description or _DESCRIPTIONS.get(type(declaration)),
        directives=(_directive(label),) if label else (),
        metadata={DECLARATION: declaration},
    )


def _directive(label: Label) -> Data:
    kinds = (label.identifier or strawberry.UNSET, label.also or strawberry.UNSET)
    return Data(category=label.category, identifier=kinds[0], also=kinds[1])


def static_field(resolver: Callable[..., Any], description: str) -> Any:
    """A root field that reads no rows, answered by a resolver from the policy in its context."""
    return strawberry.field(resolver=resolver, description=description, metadata={DECLARATION: StaticField()})


class ColumnDetails(TypedDict, total=False):
    """What a labelled field may say beside its label; see `ColumnField`."""

    column: str | None
    subject: str | None
    coarse: str | None
    identifies_nobody: str | None
    is_sealed: bool
    expression: str | None
    reads: tuple[str, ...]
    words: Mapping[str, str]


def data(
    category: Category,
    identifier: Identifier | None = None,
    *,
    also: Identifier | None = None,
    description: str | None = None,
    **details: Unpack[ColumnDetails],
) -> Any:
    """A labelled field over a column. Its description says what it is, where its name does not."""
    label = Label(category=category, identifier=identifier, also=also)
    return declare(ColumnField(label=label, **details), description)


def link(near: str, *, far: str | None = None, label: Label | None = None) -> Any:
    """One row of another entity."""
    return declare(LinkField(near=near, far=far, label=label))


def connection(far: str | None = None, *, near: str | None = None, within: bool = False) -> Any:
    """A Relay connection; at the root, without a column, to all rows the requester may see."""
    return declare(ConnectionField(far=far, near=near, within=within))


def version() -> Any:
    """The version of a row, which an edit may name so that it undoes nobody else's."""
    return declare(VersionField())


def parts(far: str, *, near: str | None = None) -> Any:
    """The rows an entity's row is made of."""
    return declare(PartsField(far=far, near=near))


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Rows of another table whose `far` column equals this row's `near`."""

    near: str
    far: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdFilter:
    """Rows are filtered by the id of a row of another type, in the form in which its ids are shown.

    A column that no field shows has a label. It filters for requesters who see every row, whomever it is about.
    """

    column: str
    target: str
    """The type whose id the column has or, with `within`, holds in an array."""
    within: bool = False
    label: Label = field(default_factory=lambda: Label(category=OwnCategories.OPEN))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsFilter:
    """Rows are filtered by what one of their parts says: for requesters who see every row.

    Many rows share their parts, which another table has as a JSON list: in `column`, by an `id` that equals `near`.
    """

    parts: str
    """The field that lists the parts."""
    keys: tuple[str, ...]
    """The fields of a part that are compared, which are the keys in the list."""
    near: str
    table: str
    column: str


RowFilter = IdFilter | PartsFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Rows with this value in a field are listed only where a filter compares that field."""

    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """How an entity is stored: its table, whose data a row is, and where its conditions look."""

    table: str
    """A table or view: `member`, in the marketplace's own schema, or `shop.customer`."""
    key: str = "id"
    """The column of a row's id."""
    subjects: tuple[str, ...] = ()
    """Columns naming the row's data subjects (members)."""
    subjects_array: bool = False
    """Whether the subjects column is an array of members. Of its conditions on them only `SubjectIsRequester` can hold."""
    condition_columns: Mapping[str, tuple[str, ...] | Join] = field(default_factory=dict[str, "tuple[str, ...] | Join"])
    """What conditions of the row read of it, by the condition's name: columns, or a column joined to another table."""
    order: str | None = None
    """The column rows are listed by, oldest first; without one, by the key."""
    newest_first: bool = False
    """Whether the newest row is listed first instead."""
    id_type: IdType = "bigint"
    """The SQL type of its key."""
    is_part: bool = False
    """Whether rows have no identity of their own and belong to another entity's row."""
    filters: Mapping[str, RowFilter] = field(default_factory=dict[str, RowFilter])
    """What rows are filtered by beside their plain fields, by the filter's name."""
    left_out: LeftOut | None = None
    """Which rows a connection lists only where it is asked for them."""
    about: str | None = None
    """Of a part: the column naming whom a row is about. A member reads what is about them, others what is about nobody."""

    @property
    def has_numbers(self) -> bool:
        """Whether its ids are numbers."""
        return is_numeric(self.id_type)

    @property
    def bound_id_type(self) -> IdType:
        """The SQL type of an id that a call gives."""
        return bound_type(self.id_type)


_Entity = TypeVar("_Entity", bound=type)
STORAGE = "__veil_stored__"


def entity(stored: Storage) -> Callable[[_Entity], _Entity]:
    """Makes a class a Strawberry type whose rows are stored as `stored` says; the class's docstring describes it."""

    def made(cls: _Entity) -> _Entity:
        setattr(cls, STORAGE, stored)
        return strawberry.type(cls, description=(cls.__doc__ or "").strip())

    return made


@strawberry.type(description="A field that this requester is shown masked in this row.")
class MaskedField:
    field: str = strawberry.field(description="The field's name.")
    treatment: str = strawberry.field(
        description="`PARTIAL`: the kind is visible, the value is not. `TOKEN`: a pseudonym."
    )


@strawberry.interface(description="A thing with an identity of its own.")
class Node:
    id: strawberry.ID = strawberry.field(description="The id, or a pseudonym that stands for it.")
    masked_fields: list[MaskedField] = declare(MaskedFieldsField())


NodeType = TypeVar("NodeType")


@strawberry.type(description="Where a page of a connection lies among the others (Relay connections §5.1).")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there are rows behind this page.")
    has_previous_page: bool = strawberry.field(description="Whether there are rows before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of its first row; none of an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of its last row; none of an empty page.")


@strawberry.type(description="A row of a connection and the cursor that leads back to it.")
class Edge(Generic[NodeType]):
    cursor: str = strawberry.field(description="Leads back to this row, as `after` or `before`.")
    node: NodeType = strawberry.field(description="The row.")


@strawberry.type(description="A page of the rows this requester may see.")
class Connection(Generic[NodeType]):
    edges: list[Edge[NodeType]] = strawberry.field(description="The rows of this page, each with its cursor.")
    nodes: list[NodeType] = strawberry.field(description="The rows of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page lies among the others.")
    total_count: int = strawberry.field(
        description="How many rows this requester may see, on all pages. Of more than a thousand members it may be rounded."
    )
