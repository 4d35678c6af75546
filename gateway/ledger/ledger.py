"""The ledger: takes the records of all statements, and says when each is durable.

Records go in batches, whatever statement they are of, in sessions that can add records and nothing else. By default the
ledger is in the database of the data. Of several, any that can takes a record, and each has its own log.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from gateway.database.batches import Waiter
from gateway.database.pool import Pool
from gateway.ledger.records import Record
from resolvers.sql.render import Statement
from schema.refusals import Code, Failed

HINT: Final = "ask again in a moment"


class Ledger:
    """The ledgers of one worker, each as the sessions that lead to it."""

    def __init__(self, pools: Sequence[Pool], statement: Statement) -> None:
        self.pools = pools
        self._statement = statement

    async def start(self) -> None:
        await asyncio.gather(*(pool.start() for pool in self.pools))

    async def stop(self) -> None:
        await asyncio.gather(*(pool.stop() for pool in self.pools))

    @property
    def is_ready(self) -> bool:
        return any(pool.is_ready for pool in self.pools)

    @property
    def unavailable_reason(self) -> str:
        """Why no record can be added, while none can."""
        return "; ".join(dict.fromkeys(pool.unavailable_reason for pool in self.pools))

    @property
    def waiting_records(self) -> int:
        """Records that wait for a session."""
        return sum(pool.waiting_calls for pool in self.pools)

    def would_be_late(self, requester: str) -> bool:
        """Whether a record of this requester would wait too long."""
        return all(pool.would_be_late(requester) for pool in self.pools)

    async def record(self, record: Record, waiter: Waiter, on_sent: Callable[[str, int], None] | None = None) -> None:
        """Returns once the record is durable, as the ledger itself has said.

        Raises `Failed` with OVERLOADED, TIMED_OUT, UNAVAILABLE or INTERNAL.
        """
        await self.take(record, waiter, on_sent)

    async def take(self, record: Record, waiter: Waiter, on_sent: Callable[[str, int], None] | None = None) -> Pool:
        """As `record`; returns which of the ledgers has it."""
        first, *others = self._in_turn()
        try:
            await self.take_in(first, record, waiter, on_sent)
        except Failed as failure:
            # The record may be there. Another ledger then has it too, and either stands before its answer.
            if failure.code is not Code.UNAVAILABLE or not others:
                raise
            await self.take_in(others[0], record, waiter, on_sent)
            return others[0]
        return first

    async def take_in(
        self, ledger: Pool, record: Record, waiter: Waiter, on_sent: Callable[[str, int], None] | None = None
    ) -> None:
        """As `record`, in this one of the ledgers."""
        taken = await ledger.execute(self._statement, record.values, plan=record.plan, waiter=waiter, on_sent=on_sent)
        if taken is None:
            raise Failed(Code.UNAVAILABLE, HINT, "the ledger took no record")

    def _in_turn(self) -> Sequence[Pool]:
        """The ledgers that can take a record, the one where fewest wait first."""
        if len(self.pools) == 1:
            return self.pools
        able = [pool for pool in self.pools if pool.is_ready]
        return sorted(able, key=lambda pool: pool.waiting_calls) or self.pools
