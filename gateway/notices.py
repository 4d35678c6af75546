"""Notices: log lines that strangers or a failing database could cause without an end, each kind once a minute."""

import logging
from dataclasses import dataclass, field
from typing import Final

NOTICE_SECONDS: Final = 60.0
"""Seconds between two log lines of one kind."""


@dataclass(slots=True, kw_only=True)
class Notices:
    """Log lines of one place. Each kind comes once a minute at most, with its number."""

    _due: dict[str, float] = field(default_factory=dict[str, float])
    _count: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, kind: str, now: float) -> None:
        self._count[kind] = self._count.get(kind, 0) + 1
        if now >= self._due.get(kind, 0.0):
            logging.getLogger(__name__).warning("%s: %d since the last such line", kind, self._count.pop(kind))
            self._due[kind] = now + NOTICE_SECONDS
