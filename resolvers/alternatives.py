"""Alternatives: any of some sets, each as a whole (a disjunctive normal form)."""

from typing import Never, TypeVar

_Element = TypeVar("_Element")
_Switch = TypeVar("_Switch")

AnyOf = frozenset[frozenset[_Element]]
"""Holds if all elements of one of the sets hold. Without any set it never holds."""

Inclusion = AnyOf[tuple[_Switch, bool]]
"""When `@skip` and `@include` let a field be: the switches of one of these sets are on or off as the set says."""

ALWAYS: AnyOf[Never] = frozenset({frozenset()})
"""Asks for nothing, and so always holds."""


def absorb(alternatives: AnyOf[_Element]) -> AnyOf[_Element]:
    """The same without sets that a smaller set already covers."""
    return frozenset(one for one in alternatives if not any(other < one for other in alternatives))
