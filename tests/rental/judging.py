"""A second reading of the rental's policy, written by hand over its plain rows: what each requester is to be shown.

Nothing of Veil's planning, conditions or SQL is asked. Masks and tokens come from their Python references.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schema import masks, tokens
from schema.labels import Identifiers
from tests.rental.requesting import Asker
from tests.rental.shop.words import Kinds, Purposes, Roles

Row = Mapping[str, Any]
Shown = dict[str, Any]

STATES = {"reserved": "RESERVED", "out": "PICKED_UP", "back": "RETURNED", "canceled": "CANCELLED"}
SORTS = {"digger": "EARTH", "saw": "WOOD", "crane": "LIFT"}
EVERYBODY_SEES_TOOLS = (Purposes.BROWSING, Purposes.OWN_ACCOUNT, Purposes.RENTING_OUT, Purposes.REPAIRING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What one requester is to see of the rental as it is stored."""

    asker: Asker
    key: bytes
    """That of the requester's tokens."""
    stored: Mapping[str, Sequence[Row]]

    # Who may see whom.

    def _is_in_repair_here(self, ref: str) -> bool:
        return any(
            row["renter"] == ref and row["workshop"] == self.asker.id and row["state"] == "in"
            for row in self.stored["repair"]
        )

    def sees_renter(self, ref: str) -> bool:
        match self.asker.role, self.asker.purpose:
            case Roles.DESK, Purposes.RENTING_OUT:
                return True
            case Roles.RENTER, Purposes.OWN_ACCOUNT:
                return ref == self.asker.id
            case Roles.WORKSHOP, Purposes.REPAIRING:
                return self._is_in_repair_here(ref)
            case _:
                return False

    def sees_booking(self, booking: Row) -> bool:
        match self.asker.role, self.asker.purpose:
            case (Roles.DESK, Purposes.RENTING_OUT) | (Roles.WORKSHOP, Purposes.REPAIRING):
                return True
            case Roles.RENTER, Purposes.OWN_ACCOUNT:
                return booking["renter"] == self.asker.id
            case _:
                return False

    # What is shown of a row.

    def renter(self, row: Row) -> Shown:
        whole = self.asker.role in (Roles.DESK, Roles.RENTER)
        part: Callable[..., Any] = masks.partial_form
        ref, name = row["ref"], f"{row['first_name']} {row['last_name']}"
        shown: Shown = {
            "id": f"Renter:{ref}" if whole else self._token("Renter", ref),
            "name": name,
            "email": row["mail"] if whole else part(Identifiers.EMAIL, row["mail"]),
            "phone": row["phone"],
            "licence": row["licence"],
            "address": row["street"],
            "town": row["town"],
            "joined": _time(row["joined"]) if whole else _time(_month(row["joined"])),
        }
        if self.asker.role is not Roles.RENTER and row["licence"] is not None:
            shown["licence"] = part(Kinds.LICENCE, row["licence"])
        if not whole and row["street"] is not None:
            shown["address"] = part(Identifiers.POSTAL_ADDRESS, row["street"], coarse=row["town"])
        return shown

    def booking(self, row: Row) -> Shown:
        whole = self.asker.role is not Roles.WORKSHOP
        note = row["note"] if whole or row["note"] is None else masks.partial_form(Identifiers.FREE_TEXT, row["note"])
        return {
            "id": f"Booking:{row['number']}" if whole else self._token("Booking", row["number"]),
            "state": STATES.get(row["state"]),
            "begins": _time(row["begins"] if whole else _month(row["begins"])),
            "price": format(row["price"] if whole else masks.rounded_amount(row["price"]), "f"),
            "note": note,
            "renter": self._reached(row["renter"]),
            "tool": self._tool_of(row["tool"]),
        }

    def tool(self, row: Row) -> Shown:
        return {
            "id": f"Tool:{row['id']}",
            "title": row["title"],
            "kind": SORTS.get(row["sort"]),
            "dailyRate": format(row["rate"], "f"),
        }

    def _reached(self, ref: str) -> Shown | None:
        (found,) = (row for row in self.stored["renter"] if row["ref"] == ref)
        return {"name": self.renter(found)["name"]} if self.sees_renter(ref) else None

    def _tool_of(self, identity: Any) -> Shown | None:
        (found,) = (row for row in self.stored["tool"] if row["id"] == identity)
        return {"title": found["title"]} if self.asker.purpose in EVERYBODY_SEES_TOOLS else None

    def _token(self, kind: str, identity: str) -> str:
        return tokens.token_of_text_id(self.key, kind, identity)

    # All of a kind, in the order of its list.

    def renters(self) -> list[Shown]:
        rows = sorted(self.stored["renter"], key=lambda row: (row["joined"], self._last(row["ref"], "Renter")))
        return [self.renter(row) for row in rows if self.sees_renter(row["ref"])]

    def bookings(self) -> list[Shown]:
        rows = sorted(self.stored["booking"], key=lambda row: (row["begins"], self._last(row["number"], "Booking")))
        return [self.booking(row) for row in rows if self.sees_booking(row)]

    def tools(self) -> list[Shown]:
        if self.asker.purpose not in EVERYBODY_SEES_TOOLS:
            return []
        return [self.tool(row) for row in sorted(self.stored["tool"], key=lambda row: row["id"])]

    def _last(self, identity: str, _kind: str) -> bytes:
        return identity.encode()


def _month(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _time(value: datetime) -> str:
    text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{value.microsecond:06}".rstrip("0").rstrip(".")
    return f"{text}{fraction}+00:00"


def same(one: Any, other: Any) -> bool:
    """Whether two lists have the same rows, wherever in them rows stand that are equal in what orders them."""
    return sorted(map(repr, one)) == sorted(map(repr, other))
