"""What became of changes that were announced, where their gateway has not recorded it: `veil log keep` finds out.

A change leaves a mark in the database of the data, in its own transaction and before it is announced. Whoever claims the
mark waits for a transaction that has it. So a mark that can be claimed says that the change was not made, and cannot be
made any more.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.database.owner import OwnerError, owner
from gateway.database.session import WRITER_ROLE
from gateway.ledger.announcing import CLAIM, mark_of
from gateway.log.snapshot import log_transaction
from resolvers.sql.pieces import Sql, join, name, sql
from schema.access_record import ANSWERED, INSERTED_COLUMNS, NOT_DONE, NOT_KNOWN

SETTLE_SECONDS: Final = 5
"""From one look for announced changes to the next."""

GRACE_SECONDS: Final = 10
"""How long a gateway is left to record an outcome itself."""

_MOST: Final = 100
"""Changes that are settled in one look."""

_FIRST: Final = "00000000-0000-0000-0000-000000000000"

# A mark is kept for a day. What is looked for later could have been taken away.
_OPEN: Final = """\
select id::text, announces, at < now() - interval '12 hours' as is_old
from veil.access_record announced
where announces is not null and id > $1::text::uuid and at < now() - $2 * interval '1 second'
  and announces::uuid >= coalesce((select veil.first_id(max(before)) from veil.retirement), $3::text::uuid)
  and not exists (select from veil.access_record ended where ended.id = announced.announces::uuid)
order by random() limit $4"""

_LATER: Final = "select veil.first_id(clock_timestamp() - interval '10 minutes')::text"

_AS_WRITER: Final = sql("set local role {}; set local lock_timeout = '1s'", name(WRITER_ROLE)).text


def _value(column: str) -> Sql:
    """What a record of an outcome has in a column: what its announcement has, but for these."""
    match column:
        case "id":
            return sql("announces::uuid")
        case "outcome":
            return sql("$2")
        case "announces":
            return sql("null")
        case _:
            return name(column)


_ADD: Final = sql(
    """\
insert into veil.access_record ({})
select {} from veil.access_record where id = $1::text::uuid
on conflict (id) do nothing returning id::text""",
    join(", ", (name(column.name) for column in INSERTED_COLUMNS)),
    join(", ", (_value(column.name) for column in INSERTED_COLUMNS)),
).text


@dataclass(slots=True, kw_only=True, eq=False)
class Settler:
    """Finds out what became of announced changes of one log, and records it."""

    data: str | None
    """The URL of the data's database, of a login that may work as `veil_writer`; none if nobody can be asked."""
    grace_seconds: float = GRACE_SECONDS
    _due: float = 0.0
    _from: str = _FIRST
    """Up to here every announced change has its outcome."""

    async def settle(self, connection: Any) -> Sequence[str]:
        """Adds records of outcomes, now and then; their ids. `connection` is the owner's of the log."""
        if time.monotonic() < self._due:
            return ()
        self._due = time.monotonic() + SETTLE_SECONDS
        later = await connection.fetchval(_LATER)
        found = await connection.fetch(_OPEN, self._from, self.grace_seconds, _FIRST, _MOST)
        added: list[str] = []
        for announcement, announced, is_old in found:
            outcome = NOT_KNOWN if is_old else await self._outcome(announced)
            if outcome is None:
                break
            async with log_transaction(connection):
                added += [row[0] for row in await connection.fetch(_ADD, announcement, outcome)]
        if not found:
            self._from = max(self._from, later)
        return added

    async def _outcome(self, announced: str) -> str | None:
        """Whether the change was made; none while that cannot be found out."""
        if self.data is None:
            return None
        key, request = mark_of(announced)
        try:
            async with owner(self.data) as connection, connection.transaction():
                await connection.execute(_AS_WRITER)
                could_claim = bool(await connection.fetch(CLAIM.sql, [key], [request]))
        except OwnerError:
            return None
        return NOT_DONE if could_claim else ANSWERED
