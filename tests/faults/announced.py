"""Whether no change is made unannounced where the ledger is another PostgreSQL, however often the gateway is killed.

The clients of `changes` change what they change there. Each transaction that changed anything is compared with the mark
that it left, the mark with its announcement, and that with what is recorded to have become of it.
"""

import asyncio
import json
import time
from collections.abc import Generator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey
from gateway.ledger.settling import Settler
from tests.conftest import run
from tests.faults.changes import (
    ASKED,
    CHANGES,
    HALF_DESTROYED,
    MEMBERS,
    SPLIT,
    WRITTEN_DOWN,
    Judged,
    changed_amid_kills,
)
from tests.faults.gateways import VeilServe, environment, login, make_market, unused_port, wait_until
from tests.gateway.database.servers import Server

_MARKS: Final = "select id, xmin::text as transaction from veil.change_key where octet_length(id) = 16"

_RECORDS: Final = "select id::text, outcome, announces from veil.access_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApartMarket:
    """A gateway whose records go to another PostgreSQL than that of its data."""

    gateway: VeilServe
    key: DevelopmentKey
    data: str
    ledger: Server

    def settle(self) -> None:
        """Records what became of each change that has no outcome."""

        async def settled(connection: Any) -> None:
            url = self.gateway.settings["VEIL_DATABASE"]
            while await Settler(data=url, grace_seconds=0).settle(connection):
                pass

        run(self.ledger.cluster.url, settled)

    def records(self) -> Sequence[Mapping[str, Any]]:
        return run(self.ledger.cluster.url, lambda connection: connection.fetch(_RECORDS))


@contextmanager
def apart(directory: Path, **settings: str) -> Generator[ApartMarket]:
    """Ready, with changes written down by the database of the data. `settings` stand for its own."""
    key = DevelopmentKey.in_directory(directory)
    keys = directory / "published.json"
    keys.write_text(json.dumps(key.key_set()))
    with embedded.running(directory / "data") as data, _ledger(directory / "ledger") as ledger:
        asyncio.run(make_market(data.url, MEMBERS))
        run(data.url, lambda connection: connection.execute(f"{WRITTEN_DOWN}; {ASKED}"))
        known = {
            **environment(asyncio.run(login(data.url)), keys, unused_port()),
            "VEIL_LEDGER": ledger.settings(keys).database.get_secret_value(),
            "VEIL_WORKERS": "2",
            "VEIL_COST_RATE": "1e9",
            **settings,
        }
        gateway = VeilServe(settings=known, log=directory / "veil.log")
        gateway.start()
        try:
            wait_until(gateway.is_ready)
            yield ApartMarket(gateway=gateway, key=key, data=data.url, ledger=ledger)
        finally:
            gateway.kill()


@contextmanager
def _ledger(directory: Path) -> Generator[Server]:
    server = Server(directory)
    asyncio.run(make_market(server.cluster.url, 0))
    try:
        yield server
    finally:
        server.stop()
        server.relay.close()


def changed_apart(directory: Path, seconds: float, seed: int) -> Judged:
    """Changes for so long, while the gateway is killed now and then; and what is found wrong."""
    with apart(directory) as market:
        received, kills = changed_amid_kills(market.gateway, market.key, seconds, seed)
        # A transaction that was under way when its gateway was killed ends once PostgreSQL has noticed.
        time.sleep(1)
        market.settle()
        return _judged(market, received, kills)


def _judged(market: ApartMarket, received: AbstractSet[str], kills: int) -> Judged:
    def fetched(query: str) -> Sequence[Any]:
        return run(market.data, lambda connection: connection.fetch(query))

    marks = {row["transaction"]: str(UUID(bytes=row["id"])) for row in fetched(_MARKS)}
    changes = {row["transaction"] for row in fetched(CHANGES)}
    records = market.records()
    announced = {each["announces"] for each in records if each["announces"]}
    outcomes = {each["id"]: each["outcome"] for each in records if each["id"] in announced}
    made = {marks[each] for each in changes & marks.keys()}
    said = {each for each, outcome in outcomes.items() if outcome == "ANSWERED"}
    wrong = [
        *(f"member {row['id']}: one step of two" for row in fetched(SPLIT)),
        *(f"request {row['id']}: destroyed in part" for row in fetched(HALF_DESTROYED)),
        *(f"transaction {each}: changed without a mark" for each in changes - marks.keys()),
        *(f"record {each}: changed without an announcement" for each in made - announced),
        *(f"record {each}: announced, and without an outcome" for each in announced - outcomes.keys()),
        *(f"record {each}: changed, and {outcomes.get(each)}" for each in made - said),
        *(f"record {each}: said to be changed, and was not" for each in said - made),
        *(f"record {each}: received, and not there" for each in received - said),
    ]
    return Judged(received=len(received), changes=len(changes), kills=kills, wrong=wrong)
