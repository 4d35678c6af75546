"""When the check against the baseline reports a loss."""

import pytest

from benchmarks.checking import find_losses

BEFORE = {"point: Veil ÷ empty": 0.4, "point: Veil ÷ pgbench": 1.2, "page: Veil ÷ empty": 0.1}


@pytest.mark.parametrize(
    ("changed", "losses"),
    [
        ({}, []),
        ({"point: Veil ÷ empty": 0.3}, []),
        ({"point: Veil ÷ empty": 0.37, "point: Veil ÷ pgbench": 1.0}, []),
        ({"point: Veil ÷ empty": 0.3, "point: Veil ÷ pgbench": 1.0}, ["point: Veil ÷ empty", "point: Veil ÷ pgbench"]),
        ({"page: Veil ÷ empty": 0.08}, ["page: Veil ÷ empty"]),
        ({"point: Veil ÷ empty": 0.8, "page: Veil ÷ empty": 0.2}, []),
    ],
)
def test_a_workload_is_slower_when_every_share_of_it_shrank(changed: dict[str, float], losses: list[str]) -> None:
    assert list(find_losses({**BEFORE, **changed}, BEFORE)) == losses
