"""`make faults`: whatever breaks, each answer and each refusal that was received has its record, and each change is whole.

Serves a marketplace whose records go to another PostgreSQL. Clients ask, and write down each record they are given.
Meanwhile processes are killed, sessions ended, connections cut, and the ledger's disk filled, by chance. What was
received is then looked for in the ledger. Then changes are made while the gateway is killed, for a fifth of the time each:
where records are beside the data, and where they are not.
Exits with 1 if anything is missing, or not whole.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gateway.demo.development import DevelopmentKey
from gateway.demo.ending import end_in_order
from tests.conftest import run
from tests.faults.announced import changed_apart
from tests.faults.breaking import FAULTS, NEEDS_DISK, Ground, mend, small_disk
from tests.faults.changes import Judged, changed
from tests.faults.clients import Clients, Compared, compared
from tests.faults.gateways import VeilServe, environment, make_market, unused_port, wait_until
from tests.gateway.database.servers import Server

MEMBERS: Final = 60
WORKERS: Final = 2

SMALL_WAL = "alter system set max_wal_size = '96MB'; select pg_reload_conf()"
"""So that the ledger fits on its disk."""


@contextmanager
def broken_ground(directory: Path, chance: random.Random) -> Generator[tuple[Ground, DevelopmentKey]]:
    """A gateway of two workers, a PostgreSQL of the data and one of the ledger."""
    key = DevelopmentKey.in_directory(directory)
    keys = directory / "published.json"
    keys.write_text(json.dumps(key.key_set()))
    with small_disk(directory / "disk") as disk:
        data, ledger = Server(directory / "data"), Server((disk or directory) / "ledger")
        run(ledger.cluster.url, _set_up)
        asyncio.run(make_market(data.cluster.url, MEMBERS))
        asyncio.run(make_market(ledger.cluster.url, 0))
        database, to = (each.settings(keys).database.get_secret_value() for each in (data, ledger))
        settings = {
            **environment(database, keys, unused_port()),
            "VEIL_LEDGER": to,
            "VEIL_WORKERS": str(WORKERS),
            "VEIL_REFUSAL_WINDOW": "0.5",
            "VEIL_COST_RATE": "1e9",
            "VEIL_COMPILE_RATE": "100",
        }
        gateway = VeilServe(settings=settings, log=directory / "veil.log")
        gateway.start()
        try:
            wait_until(gateway.is_ready)
            yield Ground(gateway=gateway, data=data, ledger=ledger, disk=disk, chance=chance), key
        finally:
            gateway.kill()
            for server in (data, ledger):
                server.stop()
                server.relay.close()


async def _set_up(connection: Any) -> None:
    for statement in SMALL_WAL.split("; "):
        await connection.execute(statement)


def break_for(ground: Ground, seconds: float) -> Counter[str]:
    """What happened, and how often."""
    happened: Counter[str] = Counter()
    names = [name for name in FAULTS if name != NEEDS_DISK or ground.disk]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ground.pause(1.5)
        if ground.chance.random() < 0.5:  # Else the next comes while this one lasts.
            wait_until(ground.gateway.is_ready)
            ground.pause(1.5)
        name = ground.chance.choice(names)
        FAULTS[name](ground)
        happened[name] += 1
    return happened


def tried(directory: Path, seconds: float, seed: int) -> tuple[Counter[str], Clients, Compared]:
    """What happened, who asked, and what they received beside what was recorded."""
    with broken_ground(directory, random.Random(seed)) as (ground, key):
        clients = Clients(ground.gateway.address, key, directory / "received")
        clients.received.touch()
        clients.start()
        happened = break_for(ground, seconds)
        mend(ground)
        wait_until(ground.gateway.is_ready)
        time.sleep(1)
        clients.stop()
        return happened, clients, compared(clients.received, ground.ledger.cluster.url)


def main() -> int:
    end_in_order()
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="for which things break")
    parser.add_argument("--seed", type=int, default=None, help="of chance")
    given = parser.parse_args()
    seed = random.randrange(10**6) if given.seed is None else given.seed
    _say(f"seed {seed}")
    with tempfile.TemporaryDirectory() as directory:
        happened, clients, found = tried(Path(directory), given.seconds, seed)
    with tempfile.TemporaryDirectory() as directory:
        judged = changed(Path(directory), given.seconds / 5, seed)
    with tempfile.TemporaryDirectory() as directory:
        apart = changed_apart(Path(directory), given.seconds / 5, seed)
    for name in FAULTS:
        _say(f"{happened[name]:>6,}  {name}")
    if not happened[NEEDS_DISK]:
        _say("the disk of the ledger was never full: only root may mount one that is small")
    _say(f"{found.answers:>6,}  answers")
    _say(f"{found.refusals:>6,}  refusals")
    for status, count in clients.without.most_common():
        _say(f"{count:>6,}  requests without either: {status}")
    for each in found.missing[:20]:
        _say(each)
    _say(f"{len(found.missing):>6,}  missing")
    _say_judged("in one database", judged)
    _say_judged("with a ledger elsewhere", apart)
    wrong = found.missing or judged.wrong or apart.wrong
    return int(bool(wrong) or not (found.answers and judged.received and apart.received))


def _say_judged(where: str, judged: Judged) -> None:
    told = f"{judged.changes:>6,}  changes {where}, of which {judged.received:,} were told, amid {judged.kills:,} kills"
    _say(told)
    for each in judged.wrong[:20]:
        _say(each)
    _say(f"{len(judged.wrong):>6,}  not whole, or without their record")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
