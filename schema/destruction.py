"""Destruction: what becomes of a member's rows, category by category, and what holds them. A marketplace declares it as data.

Every rule is about the rows of one table that name the member. They are removed, or some of their columns are emptied. A
row that something holds stays as it is, until nothing holds it and the request is carried out again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schema.conditions import NamesCategory, Restriction, SubjectRestriction, restricted_columns
from schema.fields import Join
from schema.labels import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Something that needs rows: other rows that meet `where`. In doubt they do."""

    name: str
    """A word in capitals, as a receipt gives it."""
    phrase: str
    """The same for people, as in `held because …`."""
    table: str
    where: tuple[SubjectRestriction, ...]
    ends: str | None = None
    """The column that says until when; none where nobody knows."""
    listed: "MemberList | None" = None
    """A table that says whom it is about, where its own does not."""

    def columns(self) -> Iterator[tuple[str, str]]:
        """What is read to know whether it holds, each column with its table."""
        yield from ((self.table, column) for each in self.where for column in restricted_columns(each))
        if self.ends:
            yield self.table, self.ends
        if self.listed:
            yield self.table, self.listed.key
            yield from ((self.listed.table, column) for column in (self.listed.names, self.listed.member))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberList:
    """The members that a row is about: those in `member` of rows whose `names` is the row's `key`."""

    table: str
    names: str
    member: str
    key: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBy:
    """A row is held while the hold has a row one of whose `far` columns is this row's `near`; of a list, its member.

    Of rows that belong to others, `near` may be the column that names the member there.
    """

    hold: Hold
    near: str
    far: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFor:
    """A row is held for some years from the time in a column, because a law asks for that."""

    name: str
    phrase: str
    years: int
    since: str


Holding = HeldBy | KeptFor


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """Rows belong to rows of another table, which names the member: this row's `near` is that row's `far`."""

    table: str
    join: Join


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyedRows:
    """What becomes of the rows of a table that name the member in a column and meet `where`."""

    category: Category
    table: str
    member: str
    """The column that names the member; with `through`, a column of that table."""
    type: str
    """What a receipt calls a row: the name of its type, where it has one."""
    emptied: tuple[str, ...] = ()
    """The columns that are emptied. Without any, the rows are removed."""
    marked: tuple[str, ...] = ()
    """The columns that say when that was done."""
    where: tuple[Restriction, ...] = ()
    through: Through | None = None
    held: tuple[Holding, ...] = ()

    @property
    def removes(self) -> bool:
        return not self.emptied

    @property
    def written(self) -> tuple[str, ...]:
        return (*self.emptied, *self.marked)

    def place_of(self, column: str) -> tuple[str, str]:
        """A column of the rule, with the table it is in."""
        is_owners = self.through is not None and column == self.member
        return (self.through.table if self.through and is_owners else self.table, column)

    def read_columns(self) -> Iterator[tuple[str, str]]:
        """What is read to find the rows, and whether they are held, each column with its table."""
        yield self.place_of(self.member)
        yield from ((self.table, column) for each in self.where for column in restricted_columns(each))
        if self.through:
            yield from ((self.table, self.through.join.near), (self.through.table, self.through.join.far))
        for each in self.held:
            match each:
                case HeldBy(hold=hold, near=near, far=far):
                    yield self.place_of(near)
                    yield from hold.columns()
                    yield from ((hold.table, column) for column in far)
                case KeptFor(since=since):
                    yield self.table, since


@dataclass(frozen=True, slots=True, kw_only=True)
class Destruction:
    """How a marketplace destroys what is asked, in the order of its rules, and where it keeps receipts."""

    rules: tuple[DestroyedRows, ...]
    receipts: str = "destruction_receipt"
    lines: str = "destruction_line"
    backup_days: int
    """For how many days what was destroyed is left in backups."""

    @property
    def categories(self) -> tuple[Category, ...]:
        """Those that can be destroyed."""
        return tuple(dict.fromkeys(rule.category for rule in self.rules))

    @property
    def holdings(self) -> Mapping[str, str]:
        """What can hold a row, by its word, in words."""
        held = [each.hold if isinstance(each, HeldBy) else each for rule in self.rules for each in rule.held]
        return {each.name: each.phrase for each in held}

    def read_columns(self) -> Iterator[tuple[str, Sequence[str]]]:
        """What is read, by table: the rules' rows, what holds them, and the receipt that is being written."""
        yield from ((table, (column,)) for rule in self.rules for table, column in rule.read_columns())
        yield self.receipts, ("id", "request_id", "categories")
        yield self.lines, ("receipt_id", "category", "held")

    def emptied_columns(self) -> Iterator[tuple[str, Sequence[str]]]:
        yield from ((rule.table, rule.written) for rule in self.rules if not rule.removes)

    def entered_columns(self) -> Iterator[tuple[str, Sequence[str]]]:
        yield self.receipts, RECEIPT_COLUMNS
        yield self.lines, LINE_COLUMNS

    @property
    def removed_tables(self) -> frozenset[str]:
        """The tables of which rows are removed."""
        return frozenset(rule.table for rule in self.rules if rule.removes)


RECEIPT_COLUMNS = (
    *("request_id", "member_id", "categories", "carried_out_at", "carried_out_by"),
    *("policy", "policy_digest", "backups_until", "shown"),
)
"""The columns of a table of receipts, beside `id`: of each time that a request was carried out."""

LINE_COLUMNS = ("receipt_id", "category", "type", "destroyed", "held", "reason", "held_until")
"""The columns of a table of their lines, beside `id`: how many rows of a type were destroyed, or are held and why."""


def names_category(hold: Hold) -> NamesCategory | None:
    """Whether a hold is about some categories alone: then a row of it names them."""
    return next((each for each in hold.where if isinstance(each, NamesCategory)), None)
