"""Budgets: what twelve releases spend together is within what the policy gives for a year."""

import math
from typing import Any

import opendp.prelude
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.figures import budget
from gateway.figures.budget import Budget, dimension_budgets, epsilon_of, release_budget
from schema.policy.figures import FigureRules

RULES = st.builds(
    FigureRules,
    epsilon=st.floats(0.01, 50),
    delta=st.floats(1e-12, 1e-3),
    months=st.just(12),
    bounds=st.just({}),
)


@given(rules=RULES)
def test_the_releases_of_a_year_keep_within_its_epsilon_and_delta(rules: FigureRules) -> None:
    one = release_budget(rules)
    rho, delta = 12 * one.rho, 12 * one.delta
    assert epsilon_of(rho, rules.delta / 2) == pytest.approx(rules.epsilon)
    assert delta + rules.delta / 2 == pytest.approx(rules.delta)


@pytest.mark.parametrize(("rho", "delta"), [(0.01, 1e-6), (0.5, 5e-7), (3.0, 1e-9)])
def test_opendp_thinks_no_worse_of_it(rho: float, delta: float) -> None:
    """Its conversion of `rho` into epsilon is tighter than the formula that budgets are made by."""
    dp: Any = opendp.prelude
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="f64")
    measurement = dp.m.make_gaussian(*space, scale=1 / math.sqrt(2 * rho))
    assert dp.c.make_zCDP_to_approxDP(measurement).map(1.0).epsilon(delta) <= epsilon_of(rho, delta)


@given(dimensions=st.integers(1, 10))
def test_what_is_divided_is_not_more_than_the_whole(dimensions: int) -> None:
    whole = Budget(rho=1, delta=1e-7)
    parts = dimension_budgets(whole, dimensions)
    assert len(parts) == dimensions + 1
    assert sum(part.rho for part in parts) == pytest.approx(whole.rho)
    assert sum(part.delta for part in parts) == pytest.approx(whole.delta)
    assert budget.MEMBERS_PART + budget.COUNT_PART + budget.SUM_PART == 1
