"""Changes whose ledger is elsewhere: each is announced there before it is made, and its outcome is recorded after.

A change and a record in another database cannot be one transaction. So the ledger has the announcement before the change
commits. The change leaves a mark in the database of the data, in its own transaction. Where no outcome was recorded,
`veil log keep` looks for that mark (`gateway.ledger.settling`).
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from gateway.database.batches import Waiter
from gateway.database.pool import Pool
from gateway.ledger.ledger import Ledger
from gateway.ledger.records import Record, announced, ended
from resolvers.sql.render import Statement
from schema.refusals import Failed

CLAIM: Final = Statement(
    sql="""\
with past as (
    delete from veil.change_key where id = any (array(
        select id from veil.change_key where at < now() - interval '1 day' and id <> all ($1::bytea[])
        order by at limit 10 for update skip locked
    ))
)
insert into veil.change_key (id, request)
select id, request from unnest($1::bytea[], $2::bytea[]) as call (id, request)
on conflict (id) do update set request = excluded.request, answer = '', at = now()
    where change_key.at < now() - interval '1 day'
returning 1 as n""",
    plan=None,
    treatments=b"",
)
"""Returns a row for a key that was not used within a day. Of two requests at once the second waits for the first.

Each takes away some keys of days that are over, so that none have to be looked for.
"""


def mark_of(record: str) -> tuple[bytes, bytes]:
    """What `CLAIM` is given for the mark of a change, by the id of its record. No digest of a client's key is as short."""
    return UUID(record).bytes, b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """In whose name records wait, and what is called when they are sent."""

    waiter: Waiter
    on_sent: Callable[[str, int], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedChange:
    """A change that a ledger knows of, and of which it is yet to be told what became of it."""

    record: Record
    ledger: Pool


class Announcer:
    """Announces the changes of one worker."""

    def __init__(self, ledger: Ledger, record_ids: Iterator[str]) -> None:
        self._ledger = ledger
        self._record_ids = record_ids

    async def announce(self, record: Record, requested: Requested) -> AnnouncedChange:
        """Returns once it is durable that the change of this record is about to be made.

        Raises `Failed` with OVERLOADED, TIMED_OUT, UNAVAILABLE or INTERNAL; then it must not be made.
        """
        announcement = announced(next(self._record_ids), record)
        ledger = await self._ledger.take(announcement, requested.waiter, requested.on_sent)
        return AnnouncedChange(record=record, ledger=ledger)

    async def end(self, change: AnnouncedChange, outcome: str, requested: Requested) -> None:
        """Records what became of a change, in the ledger that knows of it.

        If that ledger does not take it now, `veil log keep` finds out and records it.
        """
        record = ended(change.record, outcome)
        try:
            await self._ledger.take_in(change.ledger, record, requested.waiter, requested.on_sent)
        except Failed as failure:
            logging.getLogger(__name__).warning(
                "the outcome of a change is not recorded yet (%s): `veil log keep --data` records it", failure.code.name
            )
