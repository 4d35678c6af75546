"""The stage change: a mutation is done and recorded.

Where the ledger is in the database of the data, both are one transaction. Where it is elsewhere, the change is announced
there first: see `gateway.ledger.announcing`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.database.session import Abandoned, Fetch, ReturnedRow, Work
from gateway.database.writer import Writer
from gateway.ledger.announcing import CLAIM, AnnouncedChange, Announcer, Requested, mark_of
from gateway.ledger.ledger import HINT
from gateway.ledger.records import Read, Record, answered
from resolvers.changes import CalledStep, ChangeCall
from resolvers.planning.change_plan import Unmet
from resolvers.sql.changing import CHANGED, CONFLICT, FAULT, NO_ROOM
from resolvers.sql.render import Statement
from schema.access_record import NOT_DONE
from schema.refusals import Code, Failed, Refused
from schema.requester import Requester

LOCK: Final = Statement(
    sql="select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) as call (name)",
    plan=None,
    treatments=b"",
)

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
    requested: Requested
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeChange:
    """The JSON of the answer to a change that was made, and the id of its record."""

    answer: bytes
    record: str


class Changes:
    """The changes of one worker. `recording` adds their records, or announces them where the ledger is elsewhere."""

    def __init__(self, writer: Writer, recording: Statement | Announcer) -> None:
        self._writer = writer
        self._recording = recording

    async def stop(self) -> None:
        """Closes the sessions, once the server has let the requests under way end."""
        await self._writer.stop()

    async def change(self, call: ChangeCall, context: ChangeContext) -> MadeChange | None:
        """Returns once the change and its record are durable; none if another policy is in force.

        Raises `Refused` with NOT_FOUND, CONFLICT, TOO_MANY_ENTRIES, KEY_REUSED or ARGUMENT; then nothing was changed.
        Raises `Failed` as `Writer.change` and `Ledger.record` do. Then nothing was changed, unless the database ended
        while the change was being committed.
        """
        try:
            match self._recording:
                case Statement() as statement:
                    answer = await self._change_and_record(call, context, statement)
                case Announcer() as announcer:
                    answer = await self._announce_and_change(call, context, announcer)
        except Abandoned:
            return None
        return MadeChange(answer=answer, record=context.record)

    async def _change_and_record(self, call: ChangeCall, context: ChangeContext, recording: Statement) -> bytes:
        answers: list[bytes] = []

        async def make(fetch: Fetch) -> Work:
            answer, done = await _made(call, context, fetch)
            answers.append(answer)
            return recording, _record(call, context, done).values

        await self._writer.change(make, call.plan)
        return answers[-1]

    async def _announce_and_change(self, call: ChangeCall, context: ChangeContext, announcer: Announcer) -> bytes:
        """Invariant: a change that is committed was announced before. Its mark commits with it."""
        made: list[tuple[bytes, AnnouncedChange]] = []

        async def make(fetch: Fetch) -> None:
            answer, done = await _made(call, context, fetch)
            if await fetch(CLAIM, mark_of(context.record)) is None:
                raise Failed(Code.UNAVAILABLE, HINT, "the database took no mark")
            made.append((answer, await announcer.announce(_record(call, context, done), context.requested)))

        try:
            await self._writer.change(make, call.plan)
        except Refused:
            for _, change in made:
                await announcer.end(change, NOT_DONE, context.requested)
            raise
        ((answer, change),) = made
        await announcer.end(change, call.plan.outcome, context.requested)
        return answer


def _record(call: ChangeCall, context: ChangeContext, done: Read) -> Record:
    return answered(context.record, context.requester, context.trace, call.plan, done)


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
