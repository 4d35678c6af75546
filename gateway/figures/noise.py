"""Noise by OpenDP: which cells are shown at all, and each number of them. The only file that uses OpenDP.

OpenDP draws from the system's secure source, in whole numbers (a discrete Gaussian), and accounts for what it draws: every
measurement is asked what it costs before it is used.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from gateway.figures.budget import Budget


class OpenDPNotInstalled(Exception):
    """The extra `figures`, which has OpenDP, is not installed."""

    def __init__(self) -> None:
        super().__init__("releases of figures need OpenDP; install Veil with its extra `figures`")


HIGHEST_THRESHOLD = 2**40
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How much one member can change the members of cells."""

    cells: int
    """How many cells."""
    each: int
    """By how many in one cell."""
    together: int
    """By how many in all cells."""


def shown(members: Mapping[str, int], sensitivity: Sensitivity, budget: Budget) -> Mapping[str, int]:
    """The cells with enough members, each with noise. Costs no more than the budget. Raises `OpenDPNotInstalled`."""
    dp = _opendp()
    if not members:
        return {}
    scale = _scale(dp, min(sensitivity.together, sensitivity.each * math.sqrt(sensitivity.cells)), budget.rho)
    space = (
        dp.map_domain(dp.atom_domain(T="String"), dp.atom_domain(T="i64")),
        dp.l02inf_distance(dp.absolute_distance(T="i64")),
    )
    # About where the noise exceeds what one member adds with that chance; OpenDP says where exactly.
    lowest = sensitivity.each + max(0, math.floor(-scale * NormalDist().inv_cdf(budget.delta / sensitivity.cells)))
    for threshold in range(lowest, HIGHEST_THRESHOLD, math.ceil(scale / 20)):
        measurement = dp.m.make_gaussian_threshold(*space, scale=scale, threshold=threshold)
        _, delta = measurement.map((sensitivity.cells, sensitivity.together, sensitivity.each))
        if delta <= budget.delta:
            return measurement(dict(members))
    raise AssertionError("a threshold that high is always enough")


def noisy(values: Sequence[int], sensitivity: int, rho: float) -> Sequence[int]:
    """The values with noise. Costs no more than `rho`, if one member changes all together by `sensitivity` at most."""
    dp = _opendp()
    return dp.m.make_gaussian(*_numbers(dp), scale=_scale(dp, sensitivity, rho))(list(values)) if values else []


def _opendp() -> Any:
    try:
        import opendp.prelude  # noqa: PLC0415 - it is loaded by what makes releases, and by nothing else
    except ModuleNotFoundError:
        raise OpenDPNotInstalled from None
    dp: Any = opendp.prelude
    dp.enable_features("contrib")
    return dp


def _numbers(dp: Any) -> Any:
    return dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="f64")


def _scale(dp: Any, sensitivity: float, rho: float) -> float:
    """The least noise that costs no more: by its formula, until OpenDP says so too."""
    scale = sensitivity / math.sqrt(2 * rho)
    while dp.m.make_gaussian(*_numbers(dp), scale=scale).map(float(sensitivity)) > rho:
        scale *= 1 + ROUNDING
    return scale
