"""What became of an announced change: found out from the mark that it left, and sealed."""

import time
from collections.abc import Generator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gateway.database.session import WRITER_ROLE
from gateway.ledger.announcing import CLAIM, mark_of
from gateway.ledger.records import record_ids
from gateway.ledger.settling import Settler
from gateway.log import keeping
from gateway.log.keeping import Keeper, id_at, settle_nothing
from tests.conftest import Databases, run, settings_for, silent
from tests.gateway.log.logs import SIGNER, verify

IDS = record_ids()

ANNOUNCE = """
    insert into veil.access_record (id, at, requester, role, purpose, member_id, policy, outcome, subjects, shown, announces)
    values ($1::text::uuid, now() - $3 * interval '1 second', 'her', 'MEMBER', 'self_service', 3, '2012-06-11', 'ANNOUNCED',
        '{3}', '0', $2)"""

RECORDED = "select outcome, requester, subjects, shown, announces from veil.access_record where id = $1::text::uuid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """A log, and the database of the data."""

    log: str
    data: str
    login: str
    """The URL of the gateway's login at the data."""

    def announce(self, *, seconds_ago: float = 60) -> str:
        """Announces a change; the id of the record that is to say what became of it."""
        announcement, announced = islice(IDS, 2)
        run(self.log, lambda connection: connection.execute(ANNOUNCE, announcement, announced, seconds_ago))
        return announced

    def settle(self, settler: Settler | None = None) -> list[str]:
        """What is settled in one look."""
        return list(run(self.log, (settler or Settler(data=self.login)).settle))

    def outcome(self, announced: str) -> str | None:
        row = run(self.log, lambda connection: connection.fetchrow(RECORDED, announced))
        if row is None:
            return None
        # All else is as it was announced.
        assert tuple(row)[1:] == ("her", [3], "0", None)
        return row["outcome"]


@pytest.fixture
def two(databases: Databases, key_file: Path) -> Generator[Two]:
    log, data = databases.make("empty_market"), databases.make("empty_market")
    yield Two(log=log, data=data, login=settings_for(data, key_file).database.get_secret_value())
    for each in (log, data):
        databases.drop(each)


async def mark(connection: Any, announced: str) -> None:
    """As a change does it."""
    key, request = mark_of(announced)
    await connection.execute(f"set local role {WRITER_ROLE}")
    assert await connection.fetch(CLAIM.sql, [key], [request])


def changed(two: Two, announced: str) -> None:
    async def change(connection: Any) -> None:
        async with connection.transaction():
            await mark(connection, announced)

    run(two.data, change)


def test_a_change_whose_mark_is_there_was_made(two: Two) -> None:
    announced = two.announce()
    changed(two, announced)
    assert two.settle() == [announced]
    assert two.outcome(announced) == "ANSWERED"


def test_a_change_whose_mark_is_not_there_was_not_made(two: Two) -> None:
    announced = two.announce()
    assert two.settle() == [announced]
    assert two.outcome(announced) == "ANNOUNCED_NOT_DONE"
    assert two.settle() == []


@pytest.mark.parametrize("is_made", [True, False])
def test_a_change_that_is_under_way_is_waited_for(two: Two, is_made: bool) -> None:
    """However long: nothing is said of it before its transaction has ended."""
    announced = two.announce()

    async def settled_meanwhile(connection: Any) -> Any:
        transaction = connection.transaction()
        await transaction.start()
        await mark(connection, announced)
        log = await asyncpg.connect(two.log)
        try:
            return await Settler(data=two.login).settle(log)
        finally:
            await log.close()
            await (transaction.commit() if is_made else transaction.rollback())

    assert run(two.data, settled_meanwhile) == []
    assert two.settle() == [announced]
    assert two.outcome(announced) == ("ANSWERED" if is_made else "ANNOUNCED_NOT_DONE")


def test_what_was_settled_as_not_made_cannot_be_made_any_more(two: Two) -> None:
    """The mark is taken."""
    announced = two.announce()
    two.settle()
    with pytest.raises(AssertionError):
        changed(two, announced)


def test_a_gateway_is_left_time_to_say_so_itself(two: Two) -> None:
    announced = two.announce(seconds_ago=1)
    assert two.settle() == []
    assert two.settle(Settler(data=two.login, grace_seconds=0)) == [announced]


@pytest.mark.parametrize("data", [None, "postgresql://nobody@127.0.0.1:1/nowhere"])
def test_what_nobody_can_be_asked_about_stays_open_and_is_not_known_in_the_end(two: Two, data: str | None) -> None:
    """A mark may be gone after a day. From half a day on nobody is asked."""
    recent, old = two.announce(), two.announce(seconds_ago=13 * 3_600)
    two.settle(Settler(data=data))
    two.settle(Settler(data=data))
    assert two.outcome(recent) is None
    two.settle()
    assert two.outcome(recent) == "ANNOUNCED_NOT_DONE"
    assert two.outcome(old) == "ANNOUNCED_NOT_KNOWN"


def test_what_has_an_outcome_is_left_alone(two: Two) -> None:
    announced = two.announce()
    outcome = ANNOUNCE.replace("'ANNOUNCED'", "'ANSWERED'")
    run(two.log, lambda connection: connection.execute(outcome, announced, None, 0))
    assert two.settle() == []
    assert two.outcome(announced) == "ANSWERED"


def test_what_was_retired_is_left_alone(two: Two) -> None:
    """Records that are gone are not missed."""
    two.announce()
    retired = (
        "insert into veil.retirement (before, records, export) values (now() + interval '1 day', 1, repeat('0', 64))"
    )
    run(two.log, lambda connection: connection.execute(retired))
    assert two.settle() == []


def test_a_keeper_seals_what_it_settles_however_old_its_id_is(two: Two) -> None:
    """Its looks go over the last minutes alone. The log verifies."""
    settler = Settler(data=two.login)
    sealed = "select count(*) from veil.proof_leaf where record is not null"
    old = id_at(time.time() - 3_600)

    async def kept(connection: Any) -> list[int]:
        keeper = Keeper(connection=connection, signer=SIGNER, file=None, settle=settler.settle)
        await keeper.begin()
        await connection.execute(ANNOUNCE, next(IDS), old, 3_600)
        counts: list[int] = []
        for settle in (settle_nothing, settler.settle, settle_nothing):
            keeper.settle = settle
            await keeper.look()
            counts.append(await connection.fetchval(sealed))
        return counts

    assert run(two.log, kept) == [1, 2, 2]
    assert two.outcome(old) == "ANNOUNCED_NOT_DONE"
    assert verify(two.log).faults == []


def test_sealing_once_settles_too(two: Two) -> None:
    announced = two.announce()
    settle = Settler(data=two.login).settle
    run(two.log, lambda connection: keeping.seal_all(connection, SIGNER, None, silent, settle))
    assert two.outcome(announced) == "ANNOUNCED_NOT_DONE"
    assert verify(two.log).faults == []


def test_it_looks_now_and_then(two: Two) -> None:
    settler = Settler(data=two.login)

    async def twice(connection: Any) -> int:
        await settler.settle(connection)
        await connection.execute(ANNOUNCE, *islice(IDS, 2), 60)
        return len(await settler.settle(connection))

    assert run(two.log, twice) == 0
