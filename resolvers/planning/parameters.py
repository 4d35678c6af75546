"""The parameters of a plan: what fills a call's values, and where each value is. Types only."""

from dataclasses import dataclass

from resolvers.front.selection import Slot
from schema.catalog import Entity, Scalar
from schema.inputs import InputForm
from schema.treatments import Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class IdParameter:
    """The id behind an argument. Which of its two forms the requester may pass: as stored, as a token."""

    entity: Entity
    slot: Slot
    form: Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class IdListParameter:
    """The ids behind a list argument, bound as a JSON array: for each id an object with what it may stand for."""

    slot: Slot | tuple[Slot, ...]
    """Where the list is, or where each of its ids is."""
    forms: "tuple[tuple[Entity, Treatment, ListedId], ...]"
    """The ids that a requester may pass: of each entity, in each form, and the key it has then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSizeParameter:
    """How many ids a list argument has."""

    slot: Slot | tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueParameter:
    """A value compared with a column."""

    scalar: Scalar
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedParameter:
    """The text behind a token."""

    place: str
    """The field whose token it must be, like `AccessRecord.requester`."""
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class ListParameter:
    """A list of values compared with a column, bound as a JSON array."""

    scalar: Scalar
    slot: Slot | tuple[Slot, ...]
    """Where the list is, or where each of its items is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSizeParameter:
    """How many rows a page may have; none: the usual number."""

    slot: Slot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchParameter:
    """A variable of `@skip` or `@include`."""

    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorParameter:
    """One of the values in a cursor: those the rows are ordered by."""

    connection: str
    """The connection and the order whose cursor it must be."""
    scalar: Scalar | None
    """The kind of the value; none is a token's."""
    position: int
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticAnswer:
    """The answer of a root field that reads no rows, as JSON."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherInput:
    """Another input of the same mutation, which must be one of these words."""

    name: str
    slot: Slot
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputParameter:
    """What a mutation writes into a column; a list is bound as a JSON array."""

    name: str
    """What its place is called where it is refused."""
    scalar: Scalar
    form: InputForm
    target: Entity | None
    """The type whose id it is, if it is one."""
    slot: Slot | tuple[Slot, ...]
    words: tuple[str, ...] | None = None
    """Of a list, what it may have."""
    only_with: OtherInput | None = None
    """What must stand beside it."""
    most: int | None = None
    """Of a list of ids, how many it may have; none of a single value."""

    @property
    def is_list(self) -> bool:
        return self.scalar is Scalar.TEXT_LIST or self.most is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterParameter:
    """Who asks: their token's `sub`."""


Parameter = (
    IdParameter
    | IdListParameter
    | ValueParameter
    | SealedParameter
    | ListParameter
    | PageSizeParameter
    | SwitchParameter
    | CursorParameter
    | StaticAnswer
    | InputParameter
    | RequesterParameter
)

SizeParameter = PageSizeParameter | ListSizeParameter | ListParameter
"""What says how many rows there may be."""


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """The place of a parameter among a call's values: column `a<position>` of `call`."""

    position: int


@dataclass(frozen=True, slots=True)
class ListedId:
    """One id of a list argument: a key of the object that stands for it."""

    key: str
