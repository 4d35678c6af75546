"""Alternatives: what `absorb` leaves out, another alternative says already."""

from hypothesis import given
from hypothesis import strategies as st

from resolvers.alternatives import ALWAYS, AnyOf, absorb

ELEMENTS = st.integers(0, 4)
ALTERNATIVES = st.frozensets(st.frozensets(ELEMENTS, max_size=4), max_size=6)


def holds(alternatives: AnyOf[int], true: frozenset[int]) -> bool:
    return any(one <= true for one in alternatives)


def test_a_set_that_asks_for_more_than_another_is_left_out() -> None:
    assert absorb(frozenset({frozenset({1}), frozenset({1, 2}), frozenset({3})})) == {frozenset({1}), frozenset({3})}


def test_what_always_holds_leaves_nothing_else() -> None:
    assert absorb(frozenset({*ALWAYS, frozenset({1})})) == ALWAYS


@given(alternatives=ALTERNATIVES, true=st.frozensets(ELEMENTS))
def test_absorbing_changes_when_alternatives_hold_in_no_case(alternatives: AnyOf[int], true: frozenset[int]) -> None:
    assert holds(absorb(alternatives), true) == holds(alternatives, true)
