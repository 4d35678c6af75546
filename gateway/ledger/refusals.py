"""Refusals: those that are alike are counted in one record, so that whoever is refused does not fill the log.

The first of a kind is recorded at once, and opens a window. Those that come while it is open wait for its end. Then one
record counts them, and the next window opens. None leaves before the record that counts it is durable.
"""

import asyncio
from asyncio import Future, Task, TimerHandle
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.database.batches import Waiter
from gateway.ledger.ledger import HINT, Ledger
from gateway.ledger.records import Refusal, refused
from schema.refusals import Code, Failed

_Kind = tuple[str, Refusal]
"""Who waits, and what is recorded. Strangers at two addresses do not wait for each other, though their records are alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRequest:
    """A request that is refused, of which the refusal says nothing."""

    record: str
    """The id its record gets if it is the first that the record counts."""
    trace: str | None
    waiter: Waiter
    on_sent: Callable[[str, int], None] | None = None


@dataclass(slots=True, kw_only=True)
class _Window:
    """A window, and those that wait for its end."""

    timer: TimerHandle
    waiting: list[tuple[RefusedRequest, Future[str]]] = field(
        default_factory=list[tuple[RefusedRequest, "Future[str]"]]
    )


class Refusals:
    """The refusals of one worker."""

    def __init__(self, ledger: Ledger, *, window: float, most_waiting: int) -> None:
        self._ledger = ledger
        self._seconds = window
        self._most_waiting = most_waiting
        self._windows: dict[_Kind, _Window] = {}
        self._writing: set[Task[None]] = set()

    async def stop(self) -> None:
        """Records those that still wait, at once."""
        for kind, window in self._windows.items():
            window.timer.cancel()
            self._write(kind, window)
        self._windows.clear()
        await asyncio.gather(*self._writing)

    async def record(self, refusal: Refusal, request: RefusedRequest) -> str:
        """Returns the id of the record that counts the refusal, once it is durable.

        Raises `Failed` with OVERLOADED, TIMED_OUT, UNAVAILABLE or INTERNAL.
        """
        kind = (request.waiter.requester, refusal)
        window = self._windows.get(kind)
        if window is None:
            self._open(kind)
            await self._add(refusal, request, 1)
            return request.record
        if len(window.waiting) >= self._most_waiting:
            raise Failed(Code.OVERLOADED, HINT)
        counted: Future[str] = asyncio.get_running_loop().create_future()
        window.waiting.append((request, counted))
        return await counted

    async def _add(self, refusal: Refusal, first: RefusedRequest, count: int) -> None:
        # A record has one trace. Those of the others that it counts are in their lines.
        record = refused(first.record, refusal, first.trace if count == 1 else None, count)
        await self._ledger.record(record, first.waiter, first.on_sent)

    def _open(self, kind: _Kind) -> None:
        if self._seconds:
            timer = asyncio.get_running_loop().call_later(self._seconds, self._close, kind)
            self._windows[kind] = _Window(timer=timer)

    def _close(self, kind: _Kind) -> None:
        window = self._windows.pop(kind)
        if window.waiting:
            self._open(kind)
            self._write(kind, window)

    def _write(self, kind: _Kind, window: _Window) -> None:
        if window.waiting:
            task = asyncio.create_task(self._count(kind[1], window.waiting))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def _count(self, refusal: Refusal, waiting: list[tuple[RefusedRequest, "Future[str]"]]) -> None:
        first = waiting[0][0]
        failure: Exception | None = None
        try:
            await self._add(refusal, first, len(waiting))
        except Exception as error:  # noqa: BLE001 - whatever it is, all who wait are to be told
            failure = error
        for _, counted in waiting:
            if counted.done():
                continue
            if failure is None:
                counted.set_result(first.record)
            else:
                counted.set_exception(_copied(failure))


def _copied(error: Exception) -> Exception:
    """An error for one of several who wait: each adds its own traceback."""
    if isinstance(error, Failed):
        return Failed(error.code, error.hint, error.cause, error.retry_seconds)
    return error
