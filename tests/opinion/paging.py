"""Pages of a connection: in which order rows come, which of them a page holds, and what lies beside it.

A cursor here is the place it marks: the values a row is ordered by. How the gateway writes one is its own affair; the
ledger learns which of a requester's cursors stands for which place. A cursor that it has not learned is nobody's.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import Any, Self

from schema import tokens
from schema.catalog import Column, Entity
from tests.opinion.deciding import Eyes, Seen

USUAL_SIZE = 20
LARGEST_SIZE = 100

Place = tuple[Any, ...]
"""The values of the keys of a row."""


class Cursor(str):
    """Stands in an answer for the gateway's cursor of a place."""

    __slots__ = ("order", "place")

    def __new__(cls, order: str, place: Place) -> Self:
        made = super().__new__(cls, "a cursor")
        made.order, made.place = order, place
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Something that rows are ordered by."""

    name: str
    of: Callable[[Seen], Any]
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Keys in turn, the last of which no two rows share."""

    keys: Sequence[Key]
    name: str
    """What distinguishes cursors of this connection and order from others."""

    def place(self, seen: Seen) -> Place:
        return tuple(key.of(seen) for key in self.keys)

    def compared(self, one: Place, other: Place) -> int:
        """Below zero where one comes first. Null is larger than all else."""
        for key, left, right in zip(self.keys, one, other, strict=True):
            ranked = [(value is None, value) for value in (left, right)]
            if ranked[0] != ranked[1]:
                smaller = ranked[0] < ranked[1]
                return -1 if smaller is not key.descending else 1
        return 0


def order(eyes: Eyes, entity: Entity, connection: str, wanted: Sequence[Mapping[str, str]]) -> Order:
    """The order asked of a connection, or the usual one; rows alike in it come in the order of their ids, as they are shown.

    The usual one is that of the column the entity is listed by, if it is plain on every row: else it would tell it.
    """
    keys = [_column_key(entity.columns[name], way) for entry in wanted for name, way in entry.items()]
    turned = entity.storage.newest_first and not keys
    if not keys:
        keys = [
            _column_key(column, "DESC" if turned else "ASC")
            for column in entity.columns.values()
            if column.column == entity.storage.order and eyes.standpoint.plain_on_every_row(entity, column)
        ]
    keys.append(dataclasses.replace(_identity_key(eyes, entity), descending=turned))
    name = " ".join([connection, *(f"{key.name}{'-' if key.descending else '+'}" for key in keys)])
    return Order(keys=keys, name=name)


def _column_key(column: Column, way: str) -> Key:
    return Key(name=column.name, of=lambda seen: seen.row[column.column], descending=way == "DESC")


def _identity_key(eyes: Eyes, entity: Entity) -> Key:
    """As stored only where every row shows it so; else by the token, which does not reveal which row came first."""
    if eyes.standpoint.plain_on_every_row(entity, entity.columns["id"]):
        return Key(name="id", of=lambda seen: seen.row["id"])
    return Key(name="token", of=lambda seen: tokens.token_of_id(eyes.requester.key, entity.name, seen.row["id"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Which of the rows are asked for: `size` of them, from the end where `backwards`, between two places."""

    size: int
    backwards: bool
    after: Place | None
    before: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rows of a page, in order, and the rows on either side of it that tell of other pages."""

    rows: Sequence[Seen]
    cursors: Sequence[Cursor]
    following: Seen | None
    preceding: Seen | None


def page(rows: Sequence[Seen], by: Order, asked: Slice) -> Page:
    """A page of rows that are visible and pass the filter (Relay connections §4)."""
    after, before = asked.after, asked.before
    placed = sorted(((by.place(seen), seen) for seen in rows), key=cmp_to_key(lambda a, b: by.compared(a[0], b[0])))
    within = [
        (place, seen)
        for place, seen in placed
        if (after is None or by.compared(place, after) > 0) and (before is None or by.compared(place, before) < 0)
    ]
    if asked.backwards:
        start = max(len(within) - asked.size, 0)
        taken = within[start:]
        preceding = within[start - 1][1] if start else None
        behind = [seen for place, seen in placed if before is not None and by.compared(place, before) >= 0]
        following = behind[0] if behind else None
    else:
        taken = within[: asked.size]
        following = within[asked.size][1] if len(within) > asked.size else None
        behind = [seen for place, seen in placed if after is not None and by.compared(place, after) <= 0]
        preceding = behind[-1] if behind else None
    return Page(
        rows=[seen for _, seen in taken],
        cursors=[Cursor(by.name, place) for place, _ in taken],
        following=following,
        preceding=preceding,
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    """Which cursor of one requester stands for which place, as the gateway's answers have shown."""

    written: dict[tuple[str, Place], str] = field(default_factory=dict[tuple[str, Place], str])
    places: dict[tuple[str, str], Place] = field(default_factory=dict[tuple[str, str], Place])

    def learn(self, cursor: Cursor, written: str) -> bool:
        """Whether it is the same for the same place, and another for another, in all answers so far."""
        place = (cursor.order, cursor.place)
        text = (cursor.order, written)
        return (
            self.written.setdefault(place, written) == written
            and self.places.setdefault(text, cursor.place) == cursor.place
        )
