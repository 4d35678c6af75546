"""A limit that may differ by role, as a setting writes it: `0.75 PUBLIC=0.5` is 0.75, and 0.5 for PUBLIC."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from schema.requester import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLimits:
    """A number for each role."""

    default: float
    by_role: Mapping[str, float] = field(default_factory=dict[str, float])
    """By the role's name."""

    def of(self, role: Role) -> float:
        return self.by_role.get(role.value, self.default)


def read_role_limits(text: str) -> RoleLimits:
    """Raises `ValueError` with what to write. Whether there are such roles is for the composition root to check."""
    default, *others = text.split() or [""]
    pairs = [each.partition("=") for each in others]
    by_role = {role: _number(number) for role, _, number in pairs}
    if len(by_role) < len(pairs):
        raise ValueError("give each role once")
    return RoleLimits(default=_number(default), by_role=by_role)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ValueError("give a number above 0, then `ROLE=number` for roles with another, like `10 PUBLIC=5`")
    return number
