"""How long the ledger takes to add records while the log grows, and what it costs to bring them into the index of subjects."""

import asyncio
import random
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from benchmarks.enlarging import Contents, emptied, grown
from benchmarks.finding import FOUND_HEAD, finding
from benchmarks.inside import inside
from benchmarks.markets import Market, market
from benchmarks.personas import OPERATOR
from benchmarks.places import err
from benchmarks.reporting import out, table
from gateway import app
from gateway.database.opening import Use
from gateway.database.owner import owner
from gateway.database.session import session_settings
from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey
from gateway.ledger.records import record_ids, record_statement
from gateway.log.partitions import index_subjects
from schema.access_record import INSERTED_COLUMNS

AT_ONCE: Final = 16
"""Records of one statement, as the ledger adds those of requests that come together."""

BATCHES: Final = 10_000

_MARKET: Final = 10_000
"""Members of the marketplace: those in the log are not its own, but for the first two."""

_FLUSH_SECONDS: Final = 1.0
"""From one look of `veil log keep` to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was measured while records were added. Microseconds a record."""

    size: int
    """Records there were before."""
    batches: Sequence[float]
    """Each as long as its statement, with its commit."""
    indexed: float
    """Of the other session, which brings the subjects into the index meanwhile."""

    def percentile(self, share: float) -> float:
        return sorted(self.batches)[min(len(self.batches) - 1, int(len(self.batches) * share))]


ADDED_HEAD: Final = ("records before", "mean µs", "p50 µs", "p99 µs", "p99.9 µs", "into the index, µs")


def added_lines(measured: Sequence[Added]) -> Iterator[Sequence[str]]:
    """A row for each size."""
    for each in measured:
        shares = (each.percentile(0.5), each.percentile(0.99), each.percentile(0.999))
        figures = (statistics.fmean(each.batches), *shares, each.indexed)
        yield (f"{each.size:,}", *(f"{figure:,.0f}" for figure in figures))


def batch(contents: Contents, ids: Iterator[str]) -> Sequence[Sequence[Any]]:
    """The values of records that are added together, by column: of answers about members by chance."""
    records = [_record(next(ids), contents) for _ in range(AT_ONCE)]
    return [[record.get(column.name) for record in records] for column in INSERTED_COLUMNS]


def _record(identity: str, contents: Contents) -> Mapping[str, Any]:
    subjects = (str(random.randint(1, contents.members)) for _ in range(contents.subjects))
    return {
        "id": identity,
        "requester": f"requester-{random.randrange(1_000)}",
        "role": OPERATOR.role.value,
        "purpose": OPERATOR.purpose.value,
        "organisation_id": 1,
        "policy": "2012-06-11",
        "plan": "00000000-0000-0000-0000-000000000001",
        "operation": "Point",
        "outcome": "ANSWERED",
        "subjects": f"{{{','.join(subjects)}}}",
        "shown": "0",
        "row_count": contents.subjects,
        "cross_border": False,
        "trace": f"{random.getrandbits(128):032x}",
    }


def added(market: Market, size: int, contents: Contents, batches: int = BATCHES) -> Added:
    """Adds records to a log as the ledger does, while another session keeps the index as `veil log keep` does."""

    async def run() -> Added:
        over = asyncio.Event()
        async with owner(market.gateway) as ledger, owner(market.owner) as keeper:
            keeping = asyncio.create_task(_kept(keeper, over))
            took = await _added(ledger, contents, batches)
            over.set()
            spent = await keeping
        return Added(size=size, batches=took, indexed=spent / batches / AT_ONCE * 1e6)

    return asyncio.run(run())


async def _added(ledger: Any, contents: Contents, batches: int) -> Sequence[float]:
    served = app.marketplace()
    for setting, value in session_settings(10, Use.RECORD, served.schema).items():
        await ledger.execute("select set_config($1, $2, false)", setting, value)
    statement = await ledger.prepare(record_statement(served.member_type, served.organisation_type).sql)
    ids, took = record_ids(), list[float]()
    for _ in range(batches):
        values = batch(contents, ids)
        began = time.perf_counter()
        await statement.fetch(*values)
        took.append((time.perf_counter() - began) / AT_ONCE * 1e6)
    return took


async def _kept(keeper: Any, over: asyncio.Event) -> float:
    """Seconds it took until all was over and in the index."""
    spent, is_last = 0.0, False
    while not is_last:
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), _FLUSH_SECONDS)
        is_last = over.is_set()
        began = time.perf_counter()
        await index_subjects(keeper)
        spent += time.perf_counter() - began
    return spent


SIZES: Final = (0, 1_000_000, 5_000_000, 20_000_000)

_DENSE: Final = 5_000_000
"""Records that are filled in with as many members as those measured; more would take an hour to index."""


def recording(cluster: embedded.Cluster, key: DevelopmentKey, rounds: int, sizes: Sequence[int] = SIZES) -> None:
    """Prints what records cost while the log grows, and how long the officer and a member look for them at the end."""
    there = market(cluster, _MARKET)
    contents = Contents(most=max(sizes), members=100_000_000, subjects=20)
    emptied(there)
    measured, before = list[Added](), 0
    for size in sizes:
        err.print(f"{size:,} records", highlight=False)
        grown(there, before, size, contents if size <= _DENSE else replace(contents, subjects=4))
        measured.append(added(there, size, contents))
        before = size
    out.print("\n".join(table(ADDED_HEAD, added_lines(measured))))
    found = finding(there, inside(key), contents, max(1, rounds // 20))
    out.print("\n".join(["", *table(FOUND_HEAD, found)]))
    emptied(there)
