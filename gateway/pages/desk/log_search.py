"""What an officer looks for in the log, as the address says it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from gateway.pages.periods import day_in_address, period_as_input
from gateway.pages.visiting import PageVisit
from schema.access_record import ANSWERED, DESCRIBED

_OUTCOMES: Final[Mapping[str, Mapping[str, Any]]] = {
    "answered": {"outcome": {"eq": ANSWERED}},
    "refused": {"refusals": {"gte": 1}},
    "described": {"outcome": {"eq": DESCRIBED}},
}
"""Without one, all but the descriptions of the API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """By whom, about whom, of which data and when. What is empty is not asked."""

    since: str = ""
    until: str = ""
    member: str = ""
    organisation: str = ""
    requester: str = ""
    role: str = ""
    purpose: str = ""
    reference: str = ""
    field: str = ""
    treatment: str = ""
    outcome: str = ""

    @classmethod
    def of(cls, visit: PageVisit) -> "LogFilter":
        asked = {name: (visit.parameter(name) or "").strip() for name in cls.__slots__}
        days = {name: day_in_address(asked[name]) for name in ("since", "until")}
        return cls(**{**asked, **days})

    @property
    def parameters(self) -> Mapping[str, str]:
        """The same, for an address."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def as_input(self) -> Mapping[str, Any]:
        """The same, as the API takes it."""
        compared = ("member", "organisation", "requester", "role", "purpose", "reference")
        equal = {name: {"eq": getattr(self, name)} for name in compared if getattr(self, name)}
        at = period_as_input(self.since, self.until)
        shown = {name: getattr(self, name) for name in ("field", "treatment") if getattr(self, name)}
        return {
            **equal,
            **({"at": at} if at else {}),
            **({"fields": shown} if shown else {}),
            **_OUTCOMES.get(self.outcome, {}),
        }
