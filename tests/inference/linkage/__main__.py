"""`make linkage`: how many pseudonyms are resolved, uniquely and rightly, at 1,000 and at 50,000 members, as a table."""

import argparse
import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from gateway import app
from gateway.database import migration
from gateway.database.owner import owner
from gateway.demo import embedded
from gateway.demo.ending import end_in_order
from gateway.demo.sample import marketplace as sample
from gateway.policy import in_force
from tests.inference.linkage.measuring import Measure, measured
from tests.inference.linkage.seeing import marketplace

SIZES = (1_000, 50_000)
SEED = 1
"""The sample of `make demo`, in which the figures of before were counted."""


def main() -> None:
    end_in_order()
    parser = argparse.ArgumentParser(prog="python -m tests.inference.linkage", description=__doc__)
    parser.add_argument("--members", type=int, nargs="+", default=SIZES, help="the sizes of the sample marketplace")
    sizes: Sequence[int] = parser.parse_args().members
    found = {members: _found(members) for members in sizes}
    say(f"| who puts what together | before | {' | '.join(f'{members:,} members' for members in sizes)} |")
    say(f"|---|---|{'---|' * len(sizes)}")
    for name, first in found[sizes[0]].items():
        figures = " | ".join(_figure(found[members][name]) for members in sizes)
        say(f"| {first.attack} | {first.before} | {figures} |")


def _figure(measure: Measure) -> str:
    found = measure.found
    return f"{found.right:,} of {found.tried:,} ({found.share:.0%}), {found.wrong:,} wrongly"


def _found(members: int) -> Mapping[str, Measure]:
    with tempfile.TemporaryDirectory() as directory, embedded.running(Path(directory) / "postgres") as cluster:
        return asyncio.run(_measured(cluster.url, members))


async def _measured(url: str, members: int) -> Mapping[str, Measure]:
    async with owner(url) as connection:
        catalog = app.catalog()
        await migration.migrate(connection, catalog)
        await in_force.ensure_active(connection, catalog)
        await sample.seed(connection, members=members, seed=SEED, progress=lambda *_: None)
    async with marketplace(url) as market:
        return await measured(market)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it is a command


if __name__ == "__main__":
    main()
