"""Noise: as much as the budget says, new each time, and no cell that does not have enough members."""

import subprocess
import sys
from statistics import mean, pstdev

import pytest

from gateway.figures.budget import Budget
from gateway.figures.noise import OpenDPNotInstalled, Sensitivity, noisy, shown

BUDGET = Budget(rho=0.02, delta=1e-8)
"""Noise of five times what one member adds."""

ONE = Sensitivity(cells=1, each=1, together=1)
FIVE = Sensitivity(cells=5, each=5, together=5)


def test_noise_is_as_wide_as_the_budget_makes_it_and_off_to_no_side() -> None:
    drawn = noisy([1_000] * 4_000, 3, BUDGET.rho)
    assert pstdev(drawn) == pytest.approx(15, rel=0.1)
    assert mean(drawn) == pytest.approx(1_000, abs=1.5)
    assert noisy([], 3, BUDGET.rho) == []


def test_cells_are_shown_from_a_threshold_on_that_grows_with_what_one_member_adds() -> None:
    assert set(shown({"few": 12, "many": 400}, ONE, BUDGET)) == {"many"}
    assert set(shown({"few": 60, "many": 400}, FIVE, BUDGET)) == {"many"}
    assert shown({}, ONE, BUDGET) == {}


def test_a_cell_that_one_member_makes_is_never_seen() -> None:
    """The chance is `delta`; none in ten thousand cells shows."""
    assert shown({str(n): 1 for n in range(10_000)}, ONE, BUDGET) == {}


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(OpenDPNotInstalled, match="install Veil with its extra `figures`"):
        noisy([1], 1, 1.0)


def test_a_gateway_never_loads_opendp() -> None:
    """It is large, and only what makes releases needs it."""
    code = "import sys, gateway.cli.main, gateway.app; sys.exit('opendp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
