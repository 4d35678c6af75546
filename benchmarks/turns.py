"""Requests that are sent in turns, one at a time: what else the machine does then disturbs all of them alike."""

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

_WARMING = 20
"""Rounds that are not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request to one server, again and again."""

    client: httpx.Client
    address: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    def seconds(self) -> float:
        """How long an answer takes. Raises `SystemExit` for a refusal: that is not what is measured."""
        began = time.perf_counter()
        response = self.client.post(self.address, json=self.body, headers=self.headers)
        taken = time.perf_counter() - began
        if not response.is_success or "errors" in response.json():
            raise SystemExit(f"refused: {response.text}")
        return taken


def milliseconds(asked: Sequence[Asked], rounds: int) -> Sequence[float]:
    """What each takes: of ten times the fastest but one, since what disturbs only slows."""
    times = [[each.seconds() for each in asked] for _ in range(rounds + _WARMING)][_WARMING:]
    return [statistics.quantiles(column, n=10)[0] * 1_000 for column in zip(*times, strict=True)]
