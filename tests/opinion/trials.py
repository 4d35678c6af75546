"""Runs examples by Hypothesis: as many as wanted, from a seed, and the first difference made as small as it can be."""

import asyncio
import tempfile
import warnings
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import HypothesisWarning

from gateway import app
from gateway.database import migration
from gateway.database.owner import owner
from gateway.demo import embedded
from gateway.demo.sample import marketplace
from gateway.policy import in_force
from tests import releases
from tests.opinion import proving
from tests.opinion.examples import Example
from tests.opinion.proving import Disagreement, Proof

MEMBERS, SEED = 40, 7
"""Of the sample marketplace that a proof uses."""


class Disagreed(AssertionError):
    """An example was answered otherwise than it should have been."""

    def __init__(self, found: Disagreement) -> None:
        super().__init__(str(found))
        self.found = found


SMALLEST = (Phase.generate, Phase.shrink)
"""A difference that was met is made as small as it can be."""

AS_MET = (Phase.generate,)


def first_difference(
    proof: Proof, *, seed: int, examples: int, phases: Collection[Phase] = SMALLEST
) -> Disagreement | None:
    """The first difference among as many examples, which seek the grants that were not yet seen both ways."""
    sought = {grant for grant, _ in proof.not_witnessed()}

    @seeded(seed)
    @settings(
        max_examples=examples,
        phases=phases,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    @given(proof.examples.all(sought))
    def agree(example: Example) -> None:
        if found := proof.tried(example):
            raise Disagreed(found)

    with warnings.catch_warnings():
        # A large example is a difference all the same, and is not to be hidden by a word on its size.
        warnings.filterwarnings("ignore", "Generating overly large repr", HypothesisWarning)
        try:
            agree()
        except Disagreed as disagreed:
            return disagreed.found
    return None


@contextmanager
def proof_over(url: str) -> Generator[Proof]:
    """A proof over the sample marketplace at an address, which is its owner's."""
    with asyncio.Runner() as runner:
        manager = proving.opened(url, runner)
        proof = runner.run(manager.__aenter__())
        try:
            yield proof
        finally:
            runner.run(manager.__aexit__(None, None, None))


# The market of a proof.


async def fill(connection: Any) -> None:
    """Fills empty tables with the sample of every proof."""
    await marketplace.seed(connection, members=MEMBERS, seed=SEED, progress=_silent)
    await releases.store(connection)


def _silent(_table: str, _done: int, _total: int) -> None:
    pass


@contextmanager
def own_market() -> Generator[str]:
    """A server and a sample marketplace, gone again with the body; its owner's URL."""
    with tempfile.TemporaryDirectory() as directory, embedded.running(Path(directory) / "postgres") as cluster:
        asyncio.run(_made(cluster.url))
        yield cluster.url


async def _made(url: str) -> None:
    async with owner(url) as connection:
        catalog = app.catalog()
        await migration.migrate(connection, catalog)
        await in_force.ensure_active(connection, catalog)
        await fill(connection)
