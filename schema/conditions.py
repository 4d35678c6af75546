"""What a condition is: a name, the phrase of the policy file, and the rows it reads, declared as plain data.

A marketplace declares each of its conditions once, with tables, columns and words as values. Its SQL, the columns the
gateway may read and its line in the documentation are made from the declaration. A condition is asked of the requester,
of a row, or of a data subject. Nothing here names a table of a marketplace.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from schema.fields import Storage
from schema.mapping import MappedColumns


class Level(enum.Enum):
    """What a condition is asked of. A condition of the requester holds, or not, for a whole call."""

    REQUESTER = "requester"
    ROW = "row"
    SUBJECT = "subject"


# What a row of a table must meet.


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """It has started and not ended, by the database's clock. Without an end it goes on."""

    starts: str
    ends: str


@dataclass(frozen=True, slots=True)
class IsSet:
    """The column is not null."""

    column: str


@dataclass(frozen=True, slots=True)
class IsUnset:
    """The column is null."""

    column: str


@dataclass(frozen=True, slots=True)
class IsTrue:
    """The column is true."""

    column: str


@dataclass(frozen=True, slots=True)
class IsFalse:
    """The column is false."""

    column: str


@dataclass(frozen=True, slots=True)
class IsWord:
    """The column is one of these words. A row with none of the `known` words, or with null, is in doubt."""

    column: str
    words: tuple[str, ...]
    known: tuple[str, ...]
    """All words that the column may have, those of `words` among them."""

    def __post_init__(self) -> None:
        if unknown := sorted({*self.words} - {*self.known}):
            raise ValueError(f"`{unknown[0]}` is none of the words that `{self.column}` may have")


@dataclass(frozen=True, slots=True)
class IsRequester:
    """The column is the requester's organisation."""

    column: str


@dataclass(frozen=True, slots=True)
class IsRequesterOrNobody:
    """The column is the requester's organisation, or null."""

    column: str


@dataclass(frozen=True, slots=True)
class IsReference:
    """The column is the reference that the requester cites."""

    column: str


@dataclass(frozen=True, slots=True)
class IsToCome:
    """The time in the column has not come, by the database's clock. Null is no time to come."""

    column: str


@dataclass(frozen=True, slots=True)
class NamesPurpose:
    """The purposes in the column (an array of text) include the requester's."""

    column: str


@dataclass(frozen=True, slots=True)
class NamesCategory:
    """The categories in the column (an array of text) include the category that is asked for."""

    column: str


Restriction = (
    InForce | IsSet | IsUnset | IsTrue | IsFalse | IsWord | IsRequester | IsRequesterOrNobody | IsReference | IsToCome
)
"""One thing a row of a table must meet. The SQL has them in the order of the declaration.

In doubt a condition does not hold. A row that opens meets what is surely so. A row that closes (`unless`, or of a
condition that asks for none) counts unless it surely does not meet it: a null time has begun and goes on, and a row
whose word nobody knows counts whatever else it says.
"""

RequesterRestriction = Restriction | NamesPurpose
SubjectRestriction = Restriction | NamesCategory


# When a condition holds.


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterHas:
    """A row of the table meets all of `where`."""

    level: ClassVar[Level] = Level.REQUESTER
    table: str
    where: tuple[RequesterRestriction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNamesRequester:
    """A column of the row is the requesting member. The entity's `condition_columns` give the columns."""

    level: ClassVar[Level] = Level.ROW


@dataclass(frozen=True, slots=True, kw_only=True)
class RowHasBegun:
    """The time in a column of the row has come. The entity's `condition_columns` give the column."""

    level: ClassVar[Level] = Level.ROW


@dataclass(frozen=True, slots=True, kw_only=True)
class RowHasNotEnded:
    """A column of the row has no time at which it ended. One to come counts too: in doubt it has ended.

    The entity's `condition_columns` give the column.
    """

    level: ClassVar[Level] = Level.ROW


@dataclass(frozen=True, slots=True, kw_only=True)
class RowHas:
    """A row of the table belongs to the row and meets all of `where`. The entity's `condition_columns` join the two."""

    level: ClassVar[Level] = Level.ROW
    table: str
    where: tuple[Restriction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowHasNone:
    """No row of the table belongs to the row and may meet all of `where`. The entity's `condition_columns` join the two."""

    level: ClassVar[Level] = Level.ROW
    table: str
    where: tuple[Restriction, ...]
    closes_when_empty: bool
    """Whether it holds for nobody while the whole table is empty, unless the operator vouches for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectIsRequester:
    """The data subject is the requesting member."""

    level: ClassVar[Level] = Level.SUBJECT


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectHas:
    """A row of the table is of the data subject (its column `subject`) and meets all of `where`.

    With `unless`, it does not hold while another row of the data subject may meet all of that.
    """

    level: ClassVar[Level] = Level.SUBJECT
    table: str
    subject: str
    where: tuple[SubjectRestriction, ...]
    unless: tuple[Restriction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectHadBefore:
    """A row of the table is of the data subject (its column `subject`), meets all of `where`, and started before the row.

    The entity's `condition_columns` give the column of the data subject it is asked of, and that of the row's time.
    """

    level: ClassVar[Level] = Level.SUBJECT
    table: str
    subject: str
    starts: str
    where: tuple[SubjectRestriction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectHasNone:
    """No row of the table is of the data subject (its column `subject`) and may meet all of `where`."""

    level: ClassVar[Level] = Level.SUBJECT
    table: str
    subject: str
    where: tuple[Restriction, ...]
    closes_when_empty: bool
    """Whether it holds for nobody while the whole table is empty, unless the operator vouches for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectIsListed:
    """A row of the table meets all of `where`, and a row of `list_table` says that the data subject is on its list."""

    level: ClassVar[Level] = Level.SUBJECT
    table: str
    key: str
    where: tuple[SubjectRestriction, ...]
    list_table: str
    list_key: str
    """The column of the list that equals `key`."""
    subject: str
    """The column of the list that is the data subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectIsPartner:
    """A row of the table names the data subject and the requesting member, in either order, and meets all of `where`."""

    level: ClassVar[Level] = Level.SUBJECT
    table: str
    members: tuple[str, str]
    where: tuple[Restriction, ...]


ConditionDeclaration = (
    RequesterHas
    | RowNamesRequester
    | RowHasBegun
    | RowHasNotEnded
    | RowHas
    | RowHasNone
    | SubjectIsRequester
    | SubjectHas
    | SubjectHadBefore
    | SubjectHasNone
    | SubjectIsListed
    | SubjectIsPartner
)
"""When a condition holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition that a grant may set. Prints as its phrase."""

    name: str
    """A short name in capitals, like `CASE`."""
    phrase: str
    """What the policy file says."""
    holds_if: ConditionDeclaration
    is_selective: bool = False
    """Whether it holds for few: then rows are found by it rather than tried one by one."""
    mapped: Mapping[str, MappedColumns] = field(default_factory=dict[str, MappedColumns], compare=False, repr=False)
    """The mapped columns of the tables that it reads, by table: the catalog adds them."""

    def __post_init__(self) -> None:
        finds = (RowHas, SubjectHas, SubjectIsListed, SubjectIsPartner)
        if self.is_selective and not isinstance(self.holds_if, finds):
            raise ValueError(f"`{self.name}` has no rows to find others by; it cannot be selective")

    def __str__(self) -> str:
        return self.phrase

    def __hash__(self) -> int:
        # Planning keeps conditions in sets: a hash of all of a declaration would take longer than a name's.
        return hash(self.name)

    @property
    def level(self) -> Level:
        return self.holds_if.level

    @property
    def needs_row(self) -> bool:
        """Whether it is asked of more of a row than one value."""
        return self.level is Level.ROW or isinstance(self.holds_if, SubjectHadBefore)

    @property
    def names_categories(self) -> bool:
        """Whether it is asked for a category too."""
        return any(isinstance(each, NamesCategory) for each in _where(self.holds_if))

    @property
    def instrument(self) -> SubjectIsListed | None:
        """The legal instrument that it asks for: one that the requester cites, with a list of those it is about."""
        declared = self.holds_if
        is_cited = any(isinstance(each, IsReference) for each in _where(declared))
        return declared if is_cited and isinstance(declared, SubjectIsListed) else None

    @property
    def holds_when_empty(self) -> bool:
        """Whether it holds for everybody while the table it reads is empty."""
        return isinstance(self.holds_if, SubjectHasNone | RowHasNone) and not self.holds_if.closes_when_empty

    @property
    def must_be_filled(self) -> str | None:
        """The table whose emptiness closes it, though no row of the table opens it."""
        match self.holds_if:
            case SubjectHasNone(table=table, closes_when_empty=True):
                return table
            case RowHasNone(table=table, closes_when_empty=True):
                return table
            case _:
                return None

    @property
    def restrictions(self) -> Sequence[tuple[str, RequesterRestriction | SubjectRestriction]]:
        """What rows of a table must meet, each with the table."""
        return [(next(iter(self.reads)), each) for each in _where(self.holds_if)]

    @property
    def members(self) -> Sequence[tuple[str, str]]:
        """The columns that name members in the tables that it reads, each with its table."""
        match self.holds_if:
            case SubjectHas(table=table, subject=subject) | SubjectHasNone(table=table, subject=subject):
                return [(table, subject)]
            case SubjectHadBefore(table=table, subject=subject):
                return [(table, subject)]
            case SubjectIsListed(list_table=table, subject=subject):
                return [(table, subject)]
            case SubjectIsPartner(table=table, members=members):
                return [(table, member) for member in members]
            case _:
                return ()

    def can_hold(self, owner: Storage) -> bool:
        """Whether rows stored so have what the condition reads. Where they do not, it never holds.

        Of a row that names its data subjects in an array is asked only whether the requester is one of them: what holds
        for one of many is no reason to show what is of all.
        """
        match self.level:
            case Level.REQUESTER:
                return True
            case Level.ROW:
                return self.name in owner.condition_columns
            case Level.SUBJECT if owner.subjects_array:
                return isinstance(self.holds_if, SubjectIsRequester)
            case Level.SUBJECT:
                return any(self.can_hold_for(subject, owner) for subject in owner.subjects)

    def can_hold_for(self, subject: str, owner: Storage) -> bool:
        """Whether it can hold for one data subject (a column) of rows stored so."""
        if not isinstance(self.holds_if, SubjectHadBefore):
            return True
        read = owner.condition_columns.get(self.name)
        return isinstance(read, tuple) and read[0] == subject

    @property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """The tables it reads beside the row itself, each with its columns."""
        declared = self.holds_if
        where = (column for each in _where(declared) for column in restricted_columns(each))
        match declared:
            case RowNamesRequester() | RowHasBegun() | RowHasNotEnded() | SubjectIsRequester():
                return {}
            case RequesterHas() | RowHas() | RowHasNone():
                return {declared.table: frozenset(where)}
            case SubjectHas() | SubjectHasNone():
                return {declared.table: frozenset({declared.subject, *where})}
            case SubjectHadBefore():
                return {declared.table: frozenset({declared.subject, declared.starts, *where})}
            case SubjectIsListed():
                listed = frozenset({declared.list_key, declared.subject})
                return {declared.table: frozenset({declared.key, *where}), declared.list_table: listed}
            case SubjectIsPartner():
                return {declared.table: frozenset({*declared.members, *where})}


def _where(declared: ConditionDeclaration) -> Sequence[RequesterRestriction | SubjectRestriction]:
    match declared:
        case RowNamesRequester() | RowHasBegun() | RowHasNotEnded() | SubjectIsRequester():
            return ()
        case SubjectHas():
            return (*declared.where, *declared.unless)
        case RequesterHas() | RowHas() | RowHasNone() | SubjectHadBefore() | SubjectHasNone():
            return declared.where
        case SubjectIsListed() | SubjectIsPartner():
            return declared.where


def restricted_columns(restriction: RequesterRestriction | SubjectRestriction) -> Sequence[str]:
    """The columns that it reads."""
    if isinstance(restriction, InForce):
        return (restriction.starts, restriction.ends)
    return (restriction.column,)
