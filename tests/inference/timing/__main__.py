"""`make timing`: how well a row that is hidden is told from one that is not there, by time alone.

Makes a sample marketplace and serves it in a process of its own. What is printed is a table as Markdown has it.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from gateway import app
from gateway.database import migration
from gateway.database.owner import owner
from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey
from gateway.demo.ending import end_in_order
from gateway.demo.sample import marketplace
from gateway.policy import in_force
from tests.conftest import run, settings_for, silent
from tests.inference.timing.measuring import Measuring
from tests.inference.timing.pairs import pairs

ROOT = Path(__file__).parents[3]
SEED = 7


def main() -> int:
    end_in_order()
    parser = argparse.ArgumentParser(prog="make timing", description=__doc__)
    parser.add_argument("--members", type=int, default=1_000, help="members of the marketplace")
    parser.add_argument("--repeats", type=int, default=100, help="times of each that are compared")
    parser.add_argument("words", nargs="*", help="only pairs with one of these in their names")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, embedded.running(Path(directory) / "postgres") as cluster:
        asyncio.run(_made(cluster.url, arguments.members))
        wanted = [
            pair
            for pair in run(cluster.url, pairs)
            if not arguments.words or any(word in pair.name for word in arguments.words)
        ]
        with _served(cluster.url, Path(directory)) as measuring:
            say("| what | longer by | AUC | between |")
            say("|---|---|---|---|")
            for pair in wanted:
                found = measuring.told_apart(pair, arguments.repeats)
                say(
                    f"| {pair.name} | {found.longer:,.0f} µs | {found.auc:.2f} | {found.low:.2f} and {found.high:.2f} |"
                )
    return 0


async def _made(url: str, members: int) -> None:
    async with owner(url) as connection:
        catalog = app.catalog()
        await migration.migrate(connection, catalog)
        await in_force.ensure_active(connection, catalog)
        await marketplace.seed(connection, members=members, seed=SEED, progress=silent)
        await connection.execute("vacuum analyze")


@contextmanager
def _served(url: str, directory: Path) -> Generator[Measuring]:
    """A connection to a gateway in a process of its own."""
    key = DevelopmentKey.in_directory(directory)
    keys = directory / "published.json"
    keys.write_text(json.dumps(key.key_set()))
    settings = settings_for(url, keys)
    given = json.loads(settings.model_dump_json())
    given |= {"database": settings.database.get_secret_value(), "secret": settings.secret.get_secret_value()}
    command = [sys.executable, "-m", "tests.inference.timing.served"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(given).encode() + b"\n")
        process.stdin.flush()
        address = process.stdout.readline().decode().strip()
        with closing(Measuring(address=address, key=key, chance=random.Random(SEED))) as measuring:
            yield measuring
        process.stdin.close()


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it is a command


if __name__ == "__main__":
    raise SystemExit(main())
