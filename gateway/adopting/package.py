"""A marketplace package as values: its entities with their fields, before they are written as code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.adopting.reading import Table
from schema.labels import Identifiers


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType:
    """The words of a column."""

    name: str
    description: str
    members: Mapping[str, str]
    """The stored words, each with the member of the enum that stands for it."""

    @property
    def is_mapped(self) -> bool:
        """Whether a stored word is another than that of the enum."""
        return any(word != member for word, member in self.members.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class DataField:
    """A field that shows a column."""

    name: str
    column: str
    python_type: str
    kind: Identifiers | None = None
    coarse: str | None = None
    expression: str | None = None
    """SQL that makes the field's value of the column, where it does not hold it as it is."""
    enum: EnumType | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationField:
    """A field that leads to rows of another entity: those whose `far` equals `near`. None stands for a key."""

    name: str
    declared: str
    """`link`, `connection` or `parts`."""
    target: str
    near: str | None = None
    far: str | None = None


@dataclass(slots=True, kw_only=True)
class EntityClass:
    """A table as the class of an entity. A part has no key, and belongs to the rows of another."""

    name: str
    module: str
    table: Table
    key: str | None
    id_type: str | None = None
    subjects: tuple[str, ...] = ()
    """The columns that name members."""
    order: str | None = None
    belongs_by: str | None = None
    """Of a part, the column that leads to the row that it belongs to."""
    is_member: bool = False
    fields: list[DataField] = field(default_factory=list[DataField])
    relations: list[RelationField] = field(default_factory=list[RelationField])

    @property
    def is_part(self) -> bool:
        return self.key is None

    @property
    def is_about_somebody(self) -> bool:
        return bool(self.subjects) or self.is_part


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """What the package does not have of the database, and why. Without a column, it is the whole table."""

    place: str
    column: str | None = None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessed:
    """What nothing in the database says for sure."""

    place: str
    column: str
    taken_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplacePackage:
    """All that is written."""

    name: str
    """Of the package, as it is imported."""
    schema: str
    """The database schema of the tables that are named without one."""
    member: EntityClass
    entities: Sequence[EntityClass]
    uncovered: Sequence[Uncovered]
    guessed: Sequence[Guessed]

    def table_name(self, table: Table) -> str:
        """As the package names it."""
        return table.name if table.schema == self.schema else table.place
