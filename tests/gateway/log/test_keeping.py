"""`veil log keep`: every record is sealed once, however late it commits, and by one keeper at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gateway.database.session import GATEWAY_ROLE
from gateway.log import keeping
from gateway.log.keeping import Keeper, id_at, id_seconds
from gateway.log.signing import Signer, SigningKey
from gateway.log.snapshot import LogError
from gateway.log.veil_verify import Trust
from tests.conftest import run
from tests.gateway.log.logs import FIRST_RECORD, LONG_AGO, NAME, SIGNER, add, execute, seal, value, verify

SEALED = "select count(*) from veil.proof_leaf where record is not null"
WRITE = """
    insert into veil.access_record (id, policy, outcome)
    values ($1::text::uuid, '2012-06-11', 'ANSWERED')"""


def record_id(*, seconds_ago: float, number: int = 0) -> str:
    """The id of a record whose request came some time ago."""
    return id_at(time.time() - seconds_ago)[:-4] + f"{number:04x}"


def keeper(connection: Any, signer: Signer = SIGNER, file: Path | None = None) -> Keeper:
    return Keeper(connection=connection, signer=signer, file=file)


def test_an_id_tells_its_time() -> None:
    assert abs(id_seconds(id_at(1_700_000_000.123)) - 1_700_000_000.123) < 0.002
    assert id_at(1_700_000_000) < id_at(1_700_000_000.001)


def test_everything_is_sealed_once(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of before the keeper began, in batches; those that came since; and nothing twice."""
    monkeypatch.setattr(keeping, "BATCH", 7)
    add(database_url, 20)

    async def kept(connection: Any) -> list[int]:
        first = keeper(connection)
        await first.begin()
        counts: list[int] = []
        for number in range(3):
            await first.look()
            counts.append(await connection.fetchval(SEALED))
            await connection.execute(WRITE, record_id(seconds_ago=0, number=number))
        again = keeper(connection)
        await again.begin()
        await again.look()
        return [*counts, await connection.fetchval(SEALED), again.sealed]

    assert run(database_url, kept) == [20, 21, 22, 23, 1]
    assert verify(database_url).faults == []


def test_a_record_that_commits_late_is_sealed_by_the_next_look(database_url: str) -> None:
    """Its leaf comes after those of records that committed before."""

    async def late(connection: Any) -> tuple[int, int]:
        writer = await asyncpg.connect(database_url)
        transaction = writer.transaction()
        await transaction.start()
        await writer.execute(WRITE, record_id(seconds_ago=5))
        kept = keeper(connection)
        await kept.begin()
        await connection.execute(WRITE, record_id(seconds_ago=0))
        await kept.look()
        before = await connection.fetchval(SEALED)
        await transaction.commit()
        await writer.close()
        await kept.look()
        return before, await connection.fetchval(SEALED)

    assert run(database_url, late) == (1, 2)
    assert verify(database_url).faults == []


def test_a_record_that_commits_very_late_is_sealed_by_the_wider_look(database_url: str) -> None:
    """Its id is older than any look goes back."""

    async def late(connection: Any) -> list[int]:
        kept = keeper(connection)
        await kept.begin()
        await connection.execute(WRITE, record_id(seconds_ago=0))
        await kept.look()
        await connection.execute(WRITE, record_id(seconds_ago=300))
        await kept.look()
        return [await connection.fetchval(SEALED)]

    assert run(database_url, late) == [2]


def test_a_checkpoint_extends_the_one_before(database_url: str, tmp_path: Path) -> None:
    """And the newest is in the file."""
    file = tmp_path / "checkpoint"
    notes: list[str] = []
    for day in range(3):
        add(database_url, 9, after=LONG_AGO + timedelta(days=day))
        seal(database_url, file=file)
        notes.append(file.read_text("utf-8"))
    trees = [Trust(keys=SIGNER.public).check(note).tree for note in notes]
    assert [tree.size for tree in trees] == [FIRST_RECORD + 9, FIRST_RECORD + 18, FIRST_RECORD + 27]
    assert value(database_url, "select note from veil.checkpoint order by size desc limit 1") == notes[-1]
    assert len(set(notes)) == 3


def test_nothing_new_makes_no_checkpoint(database_url: str) -> None:
    add(database_url, 3)
    assert seal(database_url) == FIRST_RECORD + 3
    count = "select count(*) from veil.checkpoint"
    before = value(database_url, count)
    assert seal(database_url) == 0
    assert value(database_url, count) == before


@pytest.mark.parametrize("tampering", ["delete from veil.proof_leaf where position > 5", "truncate veil.proof_leaf"])
def test_a_log_that_was_cut_is_not_kept_on(database_url: str, tampering: str, tmp_path: Path) -> None:
    """Neither against the database's own checkpoint, nor against the file where that is gone too."""
    file = tmp_path / "checkpoint"
    add(database_url, 3)
    seal(database_url, file=file)
    execute(database_url, tampering)
    with pytest.raises(LogError, match="does not extend the checkpoint in the database"):
        seal(database_url, file=file)
    execute(database_url, "truncate veil.checkpoint")
    with pytest.raises(LogError, match="does not extend the checkpoint in `"):
        seal(database_url, file=file)


def test_a_file_of_another_key_is_not_overwritten(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint"
    add(database_url, 3)
    seal(database_url, file=file)
    with pytest.raises(LogError, match="not to be trusted"):
        seal(database_url, Signer(keys=[SigningKey.generate(NAME)]), file)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():
            await asyncio.sleep(0.05)


def test_one_keeper_at_a_time_keeps_the_log_and_another_takes_over(database_url: str) -> None:
    async def two(connection: Any) -> None:
        keepers = [await asyncpg.connect(database_url) for _ in range(2)]
        tasks = [asyncio.create_task(keeping.keep(each, SIGNER, None)) for each in keepers]
        for number, ended in ((0, None), (1, 0)):
            if ended is not None:
                tasks[ended].cancel()
                await asyncio.wait([tasks[ended]])
                await keepers[ended].close()
            await connection.execute(WRITE, record_id(seconds_ago=0, number=number))

            async def is_sealed(count: int = number + 1) -> bool:
                return await connection.fetchval(SEALED) == count

            await until(is_sealed)
        for task, each in zip(tasks, keepers, strict=True):
            task.cancel()
            await asyncio.wait([task])
            each.terminate()

    run(database_url, two)
    assert verify(database_url).faults == []


def test_a_record_is_sealed_within_two_seconds(database_url: str) -> None:
    async def measured(connection: Any) -> float:
        other = await asyncpg.connect(database_url)
        task = asyncio.create_task(keeping.keep(other, SIGNER, None))
        await until(lambda: has_checkpoint(connection))
        began = time.monotonic()
        await connection.execute(WRITE, record_id(seconds_ago=0))

        async def is_sealed() -> bool:
            return await connection.fetchval(SEALED) == 1

        await until(is_sealed)
        task.cancel()
        await asyncio.wait([task])
        other.terminate()
        return time.monotonic() - began

    # A busy machine takes longer than the second between two looks.
    assert run(database_url, measured) < 5


async def has_checkpoint(connection: Any) -> bool:
    return await connection.fetchval("select exists (select from veil.checkpoint)")


def test_the_gateways_role_has_no_part_in_the_proof(database_url: str) -> None:
    """It reads when the last checkpoint was made, and nothing else."""
    for table in ("proof_leaf", "proof_tile", "checkpoint"):
        granted = """
            select has_any_column_privilege($1, 'veil.' || $2, 'insert, update, references')
                or has_table_privilege($1, 'veil.' || $2, 'delete, truncate, trigger, select')"""
        assert value(database_url, granted, GATEWAY_ROLE, table) is False


def test_the_time_of_a_checkpoint_is_that_of_its_look(database_url: str) -> None:
    before = datetime.now(UTC)
    add(database_url, 3)
    seal(database_url)
    at = value(database_url, "select at from veil.checkpoint")
    assert before - timedelta(seconds=1) < at < datetime.now(UTC) + timedelta(seconds=1)
