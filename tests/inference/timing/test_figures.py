"""What is measured of times is right: by chance, always, and with a spread around it."""

import random

import pytest

from tests.inference.timing.figures import told_apart


@pytest.mark.parametrize(
    ("first", "second", "auc"),
    [([1, 2, 3], [1, 2, 3], 0.5), ([4, 5, 6], [1, 2, 3], 1.0), ([1, 2, 3], [4, 5, 6], 0.0), ([2, 4], [1, 3], 0.75)],
    ids=["alike", "always longer", "never longer", "mostly longer"],
)
def test_how_often_a_guess_is_right(first: list[float], second: list[float], auc: float) -> None:
    assert told_apart(first, second, random.Random(1)).auc == auc


def test_the_spread_is_around_it_and_narrower_with_more_repeats() -> None:
    chance = random.Random(1)
    few, many = (
        told_apart([chance.gauss(1, 1) for _ in range(repeats)], [chance.gauss(0, 1) for _ in range(repeats)], chance)
        for repeats in (20, 500)
    )
    assert few.low < few.auc < few.high
    assert many.low < 0.76 < many.high
    assert many.high - many.low < few.high - few.low
