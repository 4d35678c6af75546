"""Months as they are written, and the periods of time that releases are about. In UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

_WRITTEN = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From a moment, or from ever, until another, which is not included."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month, counted from the year 0."""

    number: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises `ValueError` for anything but a month like 2026-05."""
        if not (found := _WRITTEN.fullmatch(text)):
            raise ValueError("a month is written like 2026-05")
        return cls(int(found[1]) * 12 + int(found[2]) - 1)

    def __str__(self) -> str:
        return f"{self.number // 12:04}-{self.number % 12 + 1:02}"

    @property
    def start(self) -> datetime:
        return datetime(self.number // 12, self.number % 12 + 1, 1, tzinfo=UTC)

    def later(self, months: int) -> "Month":
        """The month so many months later."""
        return Month(self.number + months)

    def period(self, months: int) -> Period:
        """So many months, up to and with this one."""
        return Period(since=self.later(1 - months).start, until=self.later(1).start)

    @property
    def until_its_end(self) -> Period:
        return Period(since=None, until=self.later(1).start)
