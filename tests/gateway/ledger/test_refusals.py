"""Refusals that are alike: one record counts them, none is left out, and none leaves before that record is there."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway import app
from gateway.database.batches import Waiter
from gateway.database.pool import Pool
from gateway.demo.development import DevelopmentKey
from gateway.ledger.ledger import Ledger
from gateway.ledger.records import Refusal, record_ids, record_statement
from gateway.ledger.refusals import Refusals, RefusedRequest
from schema.refusals import Code, Failed
from tests.conftest import CARE, PUBLIC, Asking, Serving, run, settings_for
from tests.gateway.database.servers import locked, wait_for, waiting_for_a_lock

IDS = record_ids()
REFUSAL = Refusal(
    requester="service",
    role="BANK",
    purpose="transaction_completion",
    member=None,
    organisation=10,
    policy="2012-06-11",
    code="INVALID",
)
AN_HOUR = 3_600

Work = Callable[[Refusals], Awaitable[Any]]


def request(requester: str = "sub service") -> RefusedRequest:
    return RefusedRequest(record=next(IDS), trace="0" * 32, waiter=Waiter(requester, 1))


def counted(url: str) -> dict[str, int]:
    """How many requests each record counts."""
    query = "select id::text, refusals from veil.access_record order by id"
    return dict(run(url, lambda connection: connection.fetch(query)))


def done(url: str, key_file: Path, work: Work, *, most_waiting: int = 100) -> Any:
    """What is done with the refusals of one worker, whose window is open until they end."""

    pools = app.ledger_settings(settings_for(url, key_file))

    async def with_refusals() -> Any:
        ledger = Ledger([Pool(each) for each in pools], record_statement("bigint", "bigint"))
        await ledger.start()
        try:
            return await work(Refusals(ledger, window=AN_HOUR, most_waiting=most_waiting))
        finally:
            await ledger.stop()

    return asyncio.run(with_refusals())


async def waiting(refusals: Refusals, *requests: RefusedRequest) -> list[asyncio.Task[str]]:
    tasks = [asyncio.create_task(refusals.record(REFUSAL, each)) for each in requests]
    await asyncio.sleep(0)
    return tasks


def test_the_first_is_recorded_at_once_and_those_that_follow_in_one_record(database_url: str, key_file: Path) -> None:
    first, *others = [request() for _ in range(6)]

    async def work(refusals: Refusals) -> list[str]:
        assert await refusals.record(REFUSAL, first) == first.record
        tasks = await waiting(refusals, *others)
        await refusals.stop()
        return await asyncio.gather(*tasks)

    assert done(database_url, key_file, work) == [others[0].record] * 5
    assert counted(database_url) == {first.record: 1, others[0].record: 5}
    query = "select trace from veil.access_record order by id"
    assert [row[0] for row in run(database_url, lambda connection: connection.fetch(query))] == ["0" * 32, None]


@pytest.mark.parametrize(
    "change",
    [
        *({"requester": "other"}, {"role": "MEMBER"}, {"purpose": "campaign"}, {"member": 1}, {"organisation": 11}),
        *({"policy": "2013-01-01"}, {"code": "SYNTAX"}),
    ],
    ids=lambda change: next(iter(change)),
)
def test_those_that_differ_have_a_record_each(database_url: str, key_file: Path, change: dict[str, Any]) -> None:
    """And neither waits for the other."""

    async def work(refusals: Refusals) -> None:
        await refusals.record(REFUSAL, request())
        await refusals.record(replace(REFUSAL, **change), request())

    done(database_url, key_file, work)
    assert list(counted(database_url).values()) == [1, 1]


def test_strangers_at_two_addresses_do_not_wait_for_each_other(database_url: str, key_file: Path) -> None:
    async def work(refusals: Refusals) -> None:
        for address in ("address 192.0.2.1", "address 192.0.2.2"):
            await refusals.record(replace(REFUSAL, requester=None), request(address))

    done(database_url, key_file, work)
    assert list(counted(database_url).values()) == [1, 1]


def test_one_who_leaves_while_waiting_is_counted_and_the_others_are_told(database_url: str, key_file: Path) -> None:
    async def work(refusals: Refusals) -> list[str]:
        await refusals.record(REFUSAL, request())
        leaving, staying = await waiting(refusals, request(), request())
        leaving.cancel()
        await asyncio.sleep(0)
        await refusals.stop()
        assert leaving.cancelled()
        return [await staying]

    (record,) = done(database_url, key_file, work)
    assert counted(database_url)[record] == 2


def test_no_more_wait_than_may(database_url: str, key_file: Path) -> None:
    """Who is one too many gets a failure, which promises no record."""

    async def work(refusals: Refusals) -> Failed:
        await refusals.record(REFUSAL, request())
        tasks = await waiting(refusals, request(), request())
        with pytest.raises(Failed) as failed:
            await refusals.record(REFUSAL, request())
        await refusals.stop()
        await asyncio.gather(*tasks)
        return failed.value

    assert done(database_url, key_file, work, most_waiting=2).code is Code.OVERLOADED
    assert list(counted(database_url).values()) == [1, 2]


def test_if_the_ledger_does_not_take_the_record_all_that_it_counts_fail(database_url: str, key_file: Path) -> None:
    revoked = "revoke insert (outcome) on veil.access_record from veil_ledger"

    async def work(refusals: Refusals) -> list[Any]:
        await refusals.record(REFUSAL, request())
        tasks = await waiting(refusals, request(), request())
        await asyncio.to_thread(run, database_url, lambda connection: connection.execute(revoked))
        await refusals.stop()
        return await asyncio.gather(*tasks, return_exceptions=True)

    failures = done(database_url, key_file, work)
    assert [each.code for each in failures] == [Code.UNAVAILABLE] * 2
    assert list(counted(database_url).values()) == [1]


# Over HTTP.


def test_every_refusal_is_counted_once_in_the_record_it_names(
    own_market_url: str, key: DevelopmentKey, key_file: Path
) -> None:
    """However they meet in time."""
    with Serving(settings_for(own_market_url, key_file, refusal_window=0.2)) as address:
        asking = Asking(address, key, own_market_url)
        with ThreadPoolExecutor(8) as pool:
            responses = list(pool.map(lambda each: asking.post(each, "{ nowhere }"), [CARE, PUBLIC] * 20))
        named = [each.headers["access-record"] for each in responses]
        assert {each.json()["errors"][0]["extensions"]["code"] for each in responses} == {"INVALID"}
        assert [each.json()["extensions"]["privacy"]["record"] for each in responses] == named
        asking.client.close()
    found = counted(own_market_url)
    assert {record: named.count(record) for record in named} == found


def test_those_that_wait_leave_only_after_the_record_that_counts_them(
    own_market_url: str, key: DevelopmentKey, key_file: Path
) -> None:
    with Serving(settings_for(own_market_url, key_file, refusal_window=0.1)) as address:
        asking = Asking(address, key, own_market_url)
        asking.post(CARE, "{ nowhere }")
        with locked(own_market_url, "veil.access_record", "exclusive") as release, ThreadPoolExecutor(3) as pool:
            sent = [pool.submit(asking.post, CARE, "{ nowhere }") for _ in range(3)]
            wait_for(lambda: waiting_for_a_lock(own_market_url))
            assert not any(each.done() for each in sent)
            release()
            named = [each.result(20).headers["access-record"] for each in sent]
        asking.client.close()
    assert set(named) < set(counted(own_market_url))
