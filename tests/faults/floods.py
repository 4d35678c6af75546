"""`make floods`: what one stranger can add to the log, however they ask.

Serves a marketplace with the settings that a gateway has by default. A stranger asks as fast as they can, in three ways.
What the tables of the log and of its proof grow by, indexes included, is printed as Markdown has tables. Exits with 1 if
it is more than a megabyte together.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx

from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey
from gateway.demo.ending import end_in_order
from gateway.log import keeping
from tests.conftest import run, silent
from tests.faults.gateways import environment, login, make_market, served, unused_port
from tests.gateway.log.logs import SIGNER

MOST_BYTES: Final = 1_000_000
MEMBERS: Final = 100
CONNECTIONS: Final = 64
"""At which the stranger asks. Each waits for its answer."""

_LOG = ("access_record", "access_plan")
_PROOF = ("proof_leaf", "proof_tile", "checkpoint")

_SIZE = """
    select sum(pg_total_relation_size(oid))::bigint from pg_class
    where relnamespace = 'veil'::regnamespace and relname = any ($1::text[])"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the stranger sends."""

    document: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """What came of one way of asking. Bytes are those the tables and indexes grew by."""

    name: str
    outcomes: Counter[str]
    log_bytes: int
    proof_bytes: int

    @property
    def row(self) -> str:
        recorded = sum(number for outcome, number in self.outcomes.items() if outcome not in ("429", "503"))
        answered = self.outcomes["ANSWERED"]
        cells = (self.outcomes.total(), answered, recorded - answered, self.log_bytes, self.proof_bytes)
        return f"| {self.name} | {' | '.join(f'{each:,}' for each in cells)} |"


# The stranger's requests.

_REFUSED = (
    "{{ nowhere{0} }}",
    "{{ syntax{0}",
    "{{ companies(first: 9{0}9) {{ totalCount }} }}",
    "query ($v{0}: Int!) {{ companies(first: $v{0}) {{ totalCount }} }}",
    "query A{0} {{ __typename }} query B{0} {{ __typename }}",
    "{{ companies(first: 100) {{ nodes {{ products(first: 100) {{ nodes {{ description a{0}: title }} }} }} }} }}",
)


def refusals() -> Iterator[Request]:
    """Of every kind a stranger can have, with words of their own wherever there may be any."""
    for number in count():
        words = {
            "Access-Reference": f"words {number}",
            "traceparent": f"00-{number + 1:032x}-00f067aa0ba902b7-01",
            **({"Access-Purpose": f"words{number}"} if number % 8 == 6 else {}),
            **({"Authorization": f"Bearer words{number}"} if number % 8 == 7 else {}),
        }
        yield Request(document=_REFUSED[number % len(_REFUSED)].format(number), headers=words)


_FIELDS: Mapping[str, str] = {
    "companies": "id name website country city yearEstablished employees mainProducts verified description hiddenFields",
    "products": "id title category price currency minimumOrder listedAt description hiddenFields",
    "buyingRequests": "id title quantity country postedAt details hiddenFields",
    "forumPosts": "id topic postedAt body hiddenFields",
    "complaints": "id summary penalty status publishedAt againstName hiddenFields",
    "organisations": "id name kind country",
}


def documents() -> Iterator[Request]:
    """No two of which select the same."""
    chance = random.Random(7)
    while True:
        parts = [
            f"{root}(first: 1) {{ nodes {{ {' '.join(_some(chance, fields.split()))} }} }}"
            for root, fields in _some(chance, list(_FIELDS.items()))
        ]
        yield Request(document=f"{{ {' '.join(parts)} }}", headers={})


def _some(chance: random.Random, of: Sequence[Any]) -> Sequence[Any]:
    return chance.sample(of, chance.randint(1, len(of)))


def aliases() -> Iterator[Request]:
    """Which all select the same."""
    for number in count():
        document = f"query Q{number} {{ a{number}: companies(first: 1) {{ b{number}: nodes {{ c{number}: name }} }} }}"
        yield Request(document=document, headers={})


FLOODS: Final[Mapping[str, Callable[[], Iterator[Request]]]] = {
    "refusals": refusals,
    "ever-new documents": documents,
    "ever-new aliases": aliases,
}


async def send(address: str, requests: Iterator[Request], seconds: float) -> Counter[str]:
    """How often each outcome was answered: `ANSWERED`, the code of a refusal, or the status of a failure."""
    outcomes: Counter[str] = Counter()
    until = time.monotonic() + seconds

    async def ask(client: httpx.AsyncClient) -> None:
        while time.monotonic() < until:
            request = next(requests)
            response = await client.post("/graphql", json={"query": request.document}, headers=request.headers)
            outcomes[_outcome(response)] += 1

    limits = httpx.Limits(max_connections=CONNECTIONS)
    async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False, limits=limits) as client:
        await asyncio.gather(*(ask(client) for _ in range(CONNECTIONS)))
    return outcomes


def _outcome(response: httpx.Response) -> str:
    if response.status_code in (429, 503):
        return str(response.status_code)
    errors = response.json().get("errors")
    return errors[0]["extensions"]["code"] if errors else "ANSWERED"


def flood(address: str, url: str, name: str, seconds: float) -> Flood:
    """Asks in one way for so long, and seals what was recorded."""
    before = [_size(url, tables) for tables in (_LOG, _PROOF)]
    outcomes = asyncio.run(send(address, FLOODS[name](), seconds))
    run(url, lambda connection: keeping.seal_all(connection, SIGNER, None, silent))
    log, proof = (_size(url, tables) - earlier for tables, earlier in zip((_LOG, _PROOF), before, strict=True))
    return Flood(name=name, outcomes=outcomes, log_bytes=log, proof_bytes=proof)


def _size(url: str, tables: Sequence[str]) -> int:
    return run(url, lambda connection: connection.fetchval(_SIZE, tables))


def floods(directory: Path, seconds: float) -> list[Flood]:
    """All of them, one after the other, over a gateway and a PostgreSQL of their own."""
    key = DevelopmentKey.in_directory(directory)
    keys = directory / "published.json"
    keys.write_text(json.dumps(key.key_set()))
    with embedded.running(directory / "postgres") as cluster:
        asyncio.run(make_market(cluster.url, MEMBERS))
        settings = environment(asyncio.run(login(cluster.url)), keys, unused_port())
        with served(settings, directory / "veil.log") as gateway:
            return [flood(gateway.address, cluster.url, name, seconds) for name in FLOODS]


def main() -> int:
    end_in_order()
    parser = argparse.ArgumentParser(prog="make floods", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of each flood")
    with tempfile.TemporaryDirectory() as directory:
        found = floods(Path(directory), parser.parse_args().seconds)
    _say("| flood | sent | answered | refused | bytes of the log | of its proof |")
    _say("|---|---|---|---|---|---|")
    for each in found:
        _say(each.row)
    total = sum(each.log_bytes + each.proof_bytes for each in found)
    _say(f"\n{total:,} bytes together")
    return int(total > MOST_BYTES)


def _say(line: Any) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
