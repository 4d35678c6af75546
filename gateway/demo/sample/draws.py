"""Chance that is the same everywhere: numbers, moments and words drawn from a seed.

Only `Random.random` is asked, the one method Python promises never to change, and only added, multiplied and compared,
so that every machine and every version of Python and PostgreSQL gets the same sample.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

Word = TypeVar("Word")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_EVENNESS = 0.05
"""How even a skewed draw is: the likeliest come 1 + 1/evenness times as often as on average."""


class Draws:
    """A stream of draws. Streams of different names do not disturb each other."""

    __slots__ = ("chance",)

    def __init__(self, seed: int, name: str) -> None:
        self.chance = Random(f"{seed} {name}").random

    def below(self, limit: int) -> int:
        return int(self.chance() * limit)

    def between(self, least: int, most: int) -> int:
        return least + int(self.chance() * (most - least + 1))

    def skewed(self, limit: int) -> int:
        """A number below `limit`, the low ones likelier, but none beyond measure."""
        chance = self.chance()
        return int(chance * (chance + _EVENNESS) / (1 + _EVENNESS) * limit)

    def happens(self, percent: float) -> bool:
        return self.chance() * 100 < percent

    def pick(self, words: Sequence[Word]) -> Word:
        return words[int(self.chance() * len(words))]

    def share(self, shares: Sequence[tuple[int, Word]]) -> Word | None:
        """One of the words, each with its share of a thousand, or none of them."""
        left = self.below(1000)
        for share, word in shares:
            left -= share
            if left < 0:
                return word
        return None

    def shuffled(self, words: Sequence[Word]) -> list[Word]:
        return sorted(words, key=lambda _: self.chance())

    def digits(self, count: int) -> str:
        """That many digits, the first of them not zero."""
        least = 10 ** (count - 1)
        return str(self.between(least, 10 * least - 1))


def moment(second: int) -> datetime:
    return EPOCH + timedelta(seconds=second)


def second(year: int, month: int = 1, day: int = 1) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def wheel(**shares: int) -> tuple[str, ...]:
    """Words to pick from, each as often as its share says."""
    return tuple(word for word, share in shares.items() for _ in range(share))
