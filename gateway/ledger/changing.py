"""The stage change: a mutation is done, and recorded with it: both are durable, or neither is."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.database.session import Abandoned, Fetch, ReturnedRow, Work
from gateway.database.writer import Writer
from gateway.ledger.records import Read, answered
from resolvers.changes import CalledStep, ChangeCall
from resolvers.planning.change_plan import Unmet
from resolvers.sql.changing import CHANGED, CONFLICT, FAULT, NO_ROOM
from resolvers.sql.render import Statement
from schema.refusals import Code, Refused
from schema.requester import Requester

LOCK: Final = Statement(
    sql="select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) as call (name)",
    plan=None,
    treatments=b"",
)

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

KNOWN: Final = Statement(
    sql="select request, answer from veil.change_key where id = any($1::bytea[])", plan=None, treatments=b""
)

KEEP: Final = Statement(
    sql="""\
update veil.change_key set answer = call.answer
from unnest($1::bytea[], $2::bytea[]) as call (id, answer) where change_key.id = call.id""",
    plan=None,
    treatments=b"",
)

_CODES: Final[Mapping[Unmet, Code]] = {
    Unmet.ABSENT: Code.NOT_FOUND,
    Unmet.WRONG: Code.ARGUMENT,
    Unmet.DONE: Code.CONFLICT,
}

_NOTHING: Final[Read] = {"subjects": None, "rows": 0, "cross_border": None}
"""What is recorded of a request whose change was made before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeContext:
    """What is known of a mutation besides what it changes: its record's id, who asked, in which trace, and by which key."""

    record: str
    requester: Requester
    trace: str | None
    key: str | None
    """What the client named the request by, so that sending it again changes nothing more."""

    @property
    def name(self) -> str:
        """Whose changes are made one after the other."""
        requester = self.requester
        return f"{requester.role} {requester.sub if requester.member is None else requester.member}"

    @property
    def key_digest(self) -> bytes | None:
        """The key, as nobody else's."""
        if self.key is None:
            return None
        who = self.requester
        of = (who.sub, who.role, who.purpose, who.member, who.organisation, self.key)
        return hashlib.sha256(json.dumps(of, default=str).encode()).digest()


class Changes:
    """The changes of one worker."""

    def __init__(self, writer: Writer, recording: Statement) -> None:
        self._writer = writer
        self._recording = recording

    async def stop(self) -> None:
        """Closes the sessions, once the server has let the requests under way end."""
        await self._writer.stop()

    async def change(self, call: ChangeCall, context: ChangeContext) -> bytes | None:
        """The JSON of the answer, once the change and its record are durable; none if another policy is in force.

        Raises `Refused` with NOT_FOUND, CONFLICT, TOO_MANY_ENTRIES, KEY_REUSED or ARGUMENT, and `Failed`; then nothing was changed.
        """
        answers: list[bytes] = []

        async def make(fetch: Fetch) -> Work:
            answer, done = await _made(call, context, fetch)
            answers.append(answer)
            record = answered(context.record, context.requester, context.trace, call.plan, done)
            return self._recording, record.values

        try:
            await self._writer.change(make, call.plan)
        except Abandoned:
            return None
        return answers[-1]


async def _made(call: ChangeCall, context: ChangeContext, fetch: Fetch) -> tuple[bytes, Read]:
    """Changes what is asked, unless it was changed before; the answer, and what the record is to say.

    Where one member's rows are added, each call waits for the one before, so that it sees what that has added.
    """
    if call.adds_rows:
        await fetch(LOCK, (context.name,))
    key = context.key_digest
    if key is not None and await fetch(CLAIM, (key, call.digest)) is None:
        known = await fetch(KNOWN, (key,))
        if known is None or known["request"] != call.digest:
            raise Refused(Code.KEY_REUSED, "send another `Idempotency-Key` with another request")
        return known["answer"], _NOTHING
    changed = _changed(call, [await _done(work, fetch) for work in call.work(context.requester)])
    answer = call.answer([row["json"] for row in changed])
    if key is not None:
        await fetch(KEEP, (key, answer))
    return answer, _together(changed)


async def _done(work: Sequence[Work], fetch: Fetch) -> ReturnedRow | None:
    """What the last statement of a step returns; each returns nothing once another policy is in force."""
    row = None
    for each in work:
        row = await fetch(*each)
        if row is None:
            raise Abandoned
    return row


def _changed(call: ChangeCall, rows: Sequence[ReturnedRow | None]) -> Sequence[ReturnedRow]:
    """What the steps returned, if each has done its work. Raises `Refused` or `Abandoned` otherwise."""
    steps = [step for step in call.steps if step.statements]
    for step, row in zip(steps, rows, strict=True):
        if row is None:
            raise Abandoned
        if row["outcome"] != CHANGED:
            raise _refusal(step, row["outcome"])
    return [row for row in rows if row]


def _refusal(step: CalledStep, outcome: str) -> Refused:
    """Why a step has not done its work."""
    word, _, number = outcome.partition(" ")
    if word == FAULT:
        unmet, hint = step.unmet[int(number)]
        return Refused(_CODES[unmet], hint)
    if word == NO_ROOM:
        return Refused(Code.TOO_MANY_ENTRIES, f"`{step.key}`: ask again tomorrow; nothing was changed")
    if word == CONFLICT:
        return Refused(Code.CONFLICT, f"`{step.key}`: read the row again; nothing was changed")
    return Refused(Code.NOT_FOUND, f"`{step.key}`: give the id of a row that you may change; nothing was changed")


def _together(rows: Sequence[ReturnedRow]) -> Read:
    """What one record says of all steps: whom each has changed something of, and whether any crossed a border."""
    crossings = [row["cross_border"] for row in rows if row["cross_border"] is not None]
    return {
        "subjects": ",".join(row["subjects"] for row in rows if row["subjects"]) or None,
        "rows": len(rows),
        "cross_border": any(crossings) if crossings else None,
    }
