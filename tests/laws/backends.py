"""A session with the gateway's settings: what its process takes for a call, and what PostgreSQL keeps for it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from gateway.database.opening import Use
from gateway.database.session import session_settings
from resolvers.compiler import Call, Compiler
from resolvers.front.document import Request
from resolvers.planning.cost import statement_cost
from tests.laws.worst_documents import PLAIN, Worst

TRIES = 4
MOST_TRIES = 20


@dataclass(slots=True)
class Backend:
    """One session, and the process of PostgreSQL that serves it."""

    connection: Any
    role: str
    process: Path
    _prepared: list[Any] = field(default_factory=list[Any])

    @property
    def is_here(self) -> bool:
        """Whether its process can be looked at: it runs on this machine, and this is Linux."""
        name = self.process / "comm"
        return name.exists() and name.read_text().startswith("postgres")

    def seconds(self) -> float:
        """The CPU time of its process so far."""
        return int((self.process / "schedstat").read_text().split()[0]) / 1e9

    def resident_mebibytes(self) -> float:
        line = next(each for each in (self.process / "status").read_text().splitlines() if each.startswith("RssAnon"))
        return int(line.split()[1]) / 1024

    async def kept_mebibytes(self) -> float:
        """What PostgreSQL itself says that it keeps for this session."""
        await self._take("none")
        kept = await self.connection.fetchval("select sum(total_bytes) from pg_backend_memory_contexts")
        await self._take(self.role)
        return int(kept) / 2**20

    async def _take(self, role: str) -> None:
        await self.connection.fetchval("select set_config('role', $1, false)", role)

    async def answer(self, call: Call, worst: Worst) -> Any:
        """Prepares a call's statement as one never seen, and runs it. What it writes is undone."""
        text = call.statement.sql + len(self._prepared) * " "
        statement = await self.connection.prepare(text, name=f"worst_{len(self._prepared)}")
        # Else the driver would have the session forget it.
        self._prepared.append(statement)
        values = [[value] for value in call.arguments(worst.requester)]
        transaction = self.connection.transaction()
        await transaction.start()
        try:
            return await statement.fetch(*values)
        finally:
            await transaction.rollback()

    async def seconds_for(self, call: Call, worst: Worst) -> float:
        """The CPU time in which it answers."""
        before = self.seconds()
        assert await self.answer(call, worst)
        return self.seconds() - before


@asynccontextmanager
async def backend(url: str) -> AsyncGenerator[Backend]:
    """A session of its own. The URL is the owner's."""
    settings = session_settings(20, Use.READ, "marketplace")
    role = settings.pop("role")
    connection: Any = await asyncpg.connect(url, statement_cache_size=0, server_settings=settings)
    try:
        await connection.fetchval("select set_config('role', $1, false)", role)
        process = Path(f"/proc/{await connection.fetchval('select pg_backend_pid()')}")
        yield Backend(connection, role, process)
    finally:
        await connection.close()


def call_of(compiler: Compiler, worst: Worst) -> Call:
    """Raises `Refused`."""
    request = Request(document=worst.text, operation_name=None, variables=worst.variables)
    call = compiler.compile(request, worst.requester)
    assert isinstance(call, Call)
    return call


def whole_cost(call: Call) -> int:
    """What a call costs, its statement with it."""
    return call.cost + statement_cost(len(call.statement.sql))


async def cost_by_time(session: Backend, compiler: Compiler, worst: Worst, *, least: float, most: float) -> float:
    """A document's cost by its time, where that of a plain page is one. It is tried again while it is out of bounds.

    Times are the CPU time of the session's process, by turns, and the least of some tries: what else the machine does
    makes a time longer, and the least of them hardly. A ratio is the same on a slower machine.
    """
    call, plain = call_of(compiler, worst), call_of(compiler, PLAIN)
    shortest = shortest_plain = float("inf")
    by_time = 0.0
    # The first time a session also learns of the tables.
    await session.answer(call, worst)
    for number in range(1, MOST_TRIES + 1):
        shortest_plain = min(shortest_plain, await session.seconds_for(plain, PLAIN))
        shortest = min(shortest, await session.seconds_for(call, worst))
        by_time = whole_cost(call) / whole_cost(plain) * shortest_plain / shortest
        if number >= TRIES and least <= by_time <= most:
            break
    return by_time
