"""Work on the log as its owner: the settings of a session, a snapshot, and the error of the commands."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final


class LogError(Exception):
    """The log cannot be sealed, proven, verified or exported; the message says why and what to change."""


_SESSION: Final = """\
set local search_path = pg_catalog;
set local row_security = off;
set local timezone = 'UTC';
set local datestyle = 'ISO';
set local synchronous_commit = on;
set local jit = off;
set local enable_seqscan = off;
set local plan_cache_mode = force_custom_plan"""
"""Session settings for work on the log: no record is hidden, times have one form, records are found by an index.

Only `pg_catalog` is in the search path, so that nobody can replace `sha256`.
"""


@asynccontextmanager
async def log_snapshot(connection: Any) -> AsyncGenerator[None]:
    """A read-only snapshot of the log, whatever is added meanwhile."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute(_SESSION)
        yield


_SHARED: Final = "select format('set transaction snapshot %L', pg_export_snapshot())"


@asynccontextmanager
async def shared_snapshot(connection: Any, others: Sequence[Any]) -> AsyncGenerator[None]:
    """A read-only snapshot of the log that several sessions see alike."""
    async with log_snapshot(connection), AsyncExitStack() as opened:
        share = await connection.fetchval(_SHARED)
        for other in others:
            await opened.enter_async_context(other.transaction(isolation="repeatable_read", readonly=True))
            await other.execute(share)
            await other.execute(_SESSION)
        yield


@asynccontextmanager
async def log_transaction(connection: Any) -> AsyncGenerator[None]:
    """A transaction that may write."""
    async with connection.transaction():
        await connection.execute(_SESSION)
        yield
