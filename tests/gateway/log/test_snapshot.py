"""What a session that works on the log can and cannot do."""

from typing import Any

import asyncpg
import pytest

from gateway.log.snapshot import log_snapshot, log_transaction
from tests.conftest import run


def test_a_snapshot_writes_nothing_and_finds_nobody_s_functions(database_url: str) -> None:
    async def worked(connection: Any) -> None:
        await connection.execute("create function veil.sha256(bytea) returns bytea return 'forged'::bytea")
        async with log_snapshot(connection):
            assert await connection.fetchval("select sha256('')") != b"forged"
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            async with log_snapshot(connection):
                await connection.execute("delete from veil.access_record")

    run(database_url, worked)


def test_a_transaction_changes_nothing_of_the_session(database_url: str) -> None:
    async def worked(connection: Any) -> None:
        before = await connection.fetchval("show search_path")
        async with log_transaction(connection):
            assert await connection.fetchval("show search_path") == "pg_catalog"
            assert await connection.fetchval("show timezone") == "UTC"
        assert await connection.fetchval("show search_path") == before

    run(database_url, worked)
