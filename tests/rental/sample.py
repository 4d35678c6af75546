"""The rental's sample: few rows, and among them ids and words that somebody else's tables may hold."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

Row = dict[str, Any]

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)

RENTERS = ("r-001", "r-002", "~r-003", "Renter:r-004", "r 005", "r'006", 'r"007', "12", "ключ-9", "R-001")
"""Ids as others make them: like tokens, like ids with their type, with quotes, like numbers, and alike but for case."""

_chance = random.Random(11)


def _renter(n: int, ref: str) -> Row:
    return {
        "ref": ref,
        "first_name": f"First{n}",
        "last_name": f"Last{n}",
        "mail": f"renter{n}@mail{n}.example",
        "phone": f"+49 30 5550{n:03}",
        "licence": f"LIC{n:05}X{n:02}",
        "street": f"{n} Long Street",
        "town": f"Town{n % 3}",
        "country": ("DE", "PL", None)[n % 3],
        "joined": NOW - timedelta(days=40 * n, minutes=n),
    }


def _booking(n: int) -> Row:
    return {
        "number": f"b/{n}",
        "renter": _chance.choice(RENTERS),
        "tool": UUID(int=1 + n % 6),
        "state": ("reserved", "out", "back", "canceled", "lost")[n % 5],
        "begins": NOW + timedelta(days=n, seconds=n),
        "price": Decimal(1234 + 57 * n) / 100,
        "note": (None, f"call renter{n}@mail{n}.example", 'a "note"\nof two lines')[n % 3],
    }


ROWS: Mapping[str, Sequence[Row]] = {
    "workshop": [{"code": code, "name": f"Workshop {code}", "country": "DE"} for code in ("w/a", "w/b", "w'c")],
    "tool": [
        {
            "id": UUID(int=n),
            "title": f"Tool {n}",
            "sort": ("digger", "saw", "crane", "drone")[n % 4],
            "rate": Decimal(n),
        }
        for n in range(1, 7)
    ],
    "renter": [_renter(n, ref) for n, ref in enumerate(RENTERS)],
    "booking": [_booking(n) for n in range(40)],
    "dropoff": [
        {
            "code": f"at {ref}",
            "renter": ref,
            "mail": f"at{n}@mail{n}.example",
            "phone": None,
            "street": f"{n} Quay",
            "town": "Kiel",
        }
        for n, ref in enumerate(RENTERS)
    ],
    "repair": [
        {"renter": RENTERS[n], "workshop": "w/a" if n % 2 else "w/b", "state": ("in", "done", "IN", "in")[n % 4]}
        for n in range(8)
    ],
}
