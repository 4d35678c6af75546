"""The stage change: a mutation is done, and recorded with it: both are durable, or neither is."""

from collections.abc import Sequence

from gateway.database.session import Abandoned, ReturnedRow, Work
from gateway.database.writer import Writer
from gateway.ledger.records import RECORD, Read, answered
from resolvers.changes import ChangeCall
from resolvers.sql.changing import CHANGED, CONFLICT
from schema.refusals import Code, Refused
from schema.requester import Requester


class Changes:
    """The changes of one worker."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def stop(self) -> None:
        """Closes the sessions, once the server has let the requests under way end."""
        await self._writer.stop()

    async def change(self, call: ChangeCall, requester: Requester, record: str, trace: str | None) -> bytes | None:
        """The JSON of the answer, once the change and its record are durable; none if another policy is in force.

        `record` is the record's id.

        Raises `Refused` with NOT_FOUND, CONFLICT or ARGUMENT, and `Failed`; then nothing was changed.
        """
        parts: list[bytes] = []

        def conclude(rows: Sequence[ReturnedRow | None]) -> Work:
            changed = _changed(call, rows)
            parts.extend(row["json"] for row in changed)
            return RECORD, answered(record, requester, trace, call.plan, _together(changed)).values

        try:
            await self._writer.change(call.work(requester), conclude, call.plan)
        except Abandoned:
            return None
        return call.answer(parts)


def _changed(call: ChangeCall, rows: Sequence[ReturnedRow | None]) -> Sequence[ReturnedRow]:
    """What the steps returned, if each has done its work. Raises `Refused` or `Abandoned` otherwise."""
    keys = [step.key for step in call.steps if step.statement]
    for key, row in zip(keys, rows, strict=True):
        if row is None:
            raise Abandoned
        match row["outcome"]:
            case outcome if outcome == CHANGED:
                pass
            case outcome if outcome == CONFLICT:
                raise Refused(Code.CONFLICT, f"`{key}`: read the row again; nothing was changed")
            case _:
                raise Refused(Code.NOT_FOUND, f"`{key}`: give the id of a row that you may change; nothing was changed")
    return [row for row in rows if row]


def _together(rows: Sequence[ReturnedRow]) -> Read:
    """What one record says of all steps: whom each has changed something of, and whether any crossed a border."""
    crossings = [row["cross_border"] for row in rows if row["cross_border"] is not None]
    return {
        "subjects": ",".join(row["subjects"] for row in rows if row["subjects"]) or None,
        "rows": len(rows),
        "cross_border": any(crossings) if crossings else None,
    }
