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


def conjoined(first: AnyOf[_Element], second: AnyOf[_Element]) -> AnyOf[_Element]:
    """When both hold."""
    return absorb(frozenset(one | other for one in first for other in second))


def narrowed(inclusion: Inclusion[_Switch], to: Inclusion[_Switch]) -> Inclusion[_Switch]:
    """When both let a field be."""
    return absorb(_both(inclusion, to))


def excluding(inclusion: Inclusion[_Switch], others: Inclusion[_Switch], *, most: int) -> Inclusion[_Switch]:
    """When an inclusion lets a field be and the others do not. Raises `ValueError` where that takes over `most` sets."""
    for one in others:
        left = _both(inclusion, frozenset(frozenset({(switch, not is_on)}) for switch, is_on in one))
        if len(left) > most:
            raise ValueError
        inclusion = absorb(left)
    return inclusion


def _both(inclusion: Inclusion[_Switch], other: Inclusion[_Switch]) -> Inclusion[_Switch]:
    both = (one | another for one in inclusion for another in other)
    return frozenset(one for one in both if not any((switch, not is_on) in one for switch, is_on in one))
