"""The sessions that change, and the changes that wait for one. Each change has a session to itself, and a transaction.

A session is opened when it is first needed: a gateway whose database nobody changes through it holds none.
"""

import asyncio

from gateway.database.decisions import PoolSettings
from gateway.database.pool import FAILURE_HINTS, standing_of
from gateway.database.session import BatchFailed, Making, Session
from resolvers.sql.render import PlanRecord
from schema.refusals import Code, Failed


class Writer:
    """All sessions of one worker that change."""

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = settings
        self._free: asyncio.LifoQueue[Session] = asyncio.LifoQueue()
        for _ in range(settings.size):
            self._free.put_nowait(Session(standing_of(settings), settings.timeout))
        self._waiting = 0
        self._is_stopped = False

    async def stop(self) -> None:
        """Closes the sessions, once the server has let the requests under way end."""
        self._is_stopped = True
        while not self._free.empty():
            self._free.get_nowait().close()

    async def change(self, make: Making, plan: PlanRecord) -> None:
        """Makes a change and its record durable together; see `Session.change`.

        Raises `Failed` with OVERLOADED, TIMED_OUT, UNREADABLE, UNAVAILABLE or INTERNAL, `Refused`, and what `make`
        raises of these.
        """
        session = await self._session()
        try:
            if not session.is_usable and not await session.open():
                raise Failed(Code.UNAVAILABLE, FAILURE_HINTS[Code.UNAVAILABLE], session.log_line)
            await session.change(make, plan)
        except BatchFailed as failure:
            raise Failed(failure.code, FAILURE_HINTS[failure.code], failure.cause) from None
        finally:
            if self._is_stopped:
                session.close()
            self._free.put_nowait(session)

    async def _session(self) -> Session:
        """A session that nobody uses, the one used last first."""
        if self._waiting >= self._settings.queue:
            raise Failed(Code.OVERLOADED, FAILURE_HINTS[Code.OVERLOADED])
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.timeout):
                return await self._free.get()
        except TimeoutError:
            raise Failed(Code.OVERLOADED, FAILURE_HINTS[Code.OVERLOADED]) from None
        finally:
            self._waiting -= 1
