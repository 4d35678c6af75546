"""Telemetry: what one worker tells of its requests, from one observation of each: a line, spans, and counts."""

import asyncio
import json
import logging
import os
from collections import defaultdict
from collections.abc import Sequence
from time import perf_counter, perf_counter_ns, time
from typing import Final, Self
from uuid import UUID

import msgspec
from opentelemetry import metrics

from gateway.database.batches import PendingCall
from gateway.http.request import Scope
from gateway.http.response import Answer
from gateway.notices import Notices
from gateway.telemetry import metrics as families
from gateway.telemetry.counts import Counts
from gateway.telemetry.lines import LineWriter, RequestLine
from gateway.telemetry.metrics import Distribution
from gateway.telemetry.spans import RequestSpans, Stage, find_tracer
from resolvers.changes import ChangeCall
from resolvers.compiler import Call
from schema.refusals import Code, Failed, Unanswered
from schema.requester import Purpose, Role

FLUSH_SECONDS: Final = 0.05
"""Seconds until what was counted can be read."""

_GATHERED: Final = 64
"""Requests that are counted and written together. One after the other takes a third of the time of each by itself."""

QUEUE: Final = "queue"
TOTAL: Final = "total"
"""What is timed besides the stages."""

_NOTICES: Final = {
    Code.TIMED_OUT: "requests took longer than VEIL_TIMEOUT",
    Code.UNREADABLE: "requests met rows that cannot be read as the package says: run `veil check`",
    Code.RATE_LIMITED: "requests were refused because their requester asked for too much",
    Code.OVERLOADED: "requests were refused because too many waited",
}
"""Failures that are logged once a minute, whichever requests fail."""


class Ended(msgspec.Struct, kw_only=True):
    """What became of a request, without its answer."""

    id: str
    """Of its record; of its failure, if it failed."""
    outcome: str
    """`ANSWERED`, or why not."""
    status: int
    failure: Failed | None
    treatments: bytes | None
    """Of an answer, as JSON."""
    role: Role | None
    purpose: Purpose | None
    trace: str | None
    call: Call | ChangeCall | None
    """What it was compiled to."""


class Observation:
    """One request on its way: where its time goes. Ends its spans if nobody else has."""

    __slots__ = ("_entered", "_spans", "batch", "began", "sent")

    def __init__(self, spans: RequestSpans | None) -> None:
        self._spans = spans
        self.began = perf_counter_ns()
        self._entered: list[tuple[Stage | None, int]] = []
        """Each stage, and when it began, in nanoseconds."""
        self.sent = 0
        """When a session began to run its statement."""
        self.batch: int | None = None
        """Requests in its batch."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._spans is not None:
            self._spans.abandon()

    def enter_stage(self, stage: Stage | None, outcome: Answer | Unanswered | None = None) -> None:
        """Begins a stage, or ends the last. `outcome` is what the stage before ended in."""
        self._entered.append((stage, perf_counter_ns()))
        if self._spans is not None:
            self._spans.enter_stage(stage, outcome.code.name if isinstance(outcome, Unanswered) else None)

    def statement_sent(self, operation: str, calls: int) -> None:
        self.sent, self.batch = perf_counter_ns(), calls
        if self._spans is not None:
            self._spans.statement_sent(operation, calls)

    def record_sent(self, operation: str, calls: int) -> None:
        """A session adds the request's record now."""
        if self._spans is not None:
            self._spans.statement_sent(operation, calls)

    def milliseconds(self) -> dict[str, float]:
        """Milliseconds of each stage, of its wait for a session, and in total. Three decimals."""
        found: dict[str, float] = {}
        last, since = None, self.began
        for stage, now in self._entered:
            if last is not None:
                found[last] = found.get(last, 0.0) + (now - since) // 1_000 / 1e3
                if last == "execute" and since < self.sent:
                    found[QUEUE] = (self.sent - since) // 1_000 / 1e3
            last, since = stage, now
        found[TOTAL] = (since - self.began) // 1_000 / 1e3
        return found

    def end_spans(self, ended: Ended) -> None:
        if self._spans is not None:
            self._spans.end(ended.status, None if ended.treatments is not None else ended.outcome, _attributes(ended))
            self._spans = None


class Telemetry:
    """One worker's lines, spans and counts."""

    def __init__(self, counts: Counts | None = None, lines: LineWriter | None = None) -> None:
        self.counts = counts or Counts()
        self._lines = lines
        self._notices = Notices()
        self._tracer = find_tracer()
        meter = metrics.get_meter("veil")
        families.register(meter, self.counts)
        self._seconds = _distribution(meter, families.REQUEST_SECONDS, self.counts)
        self._batch_calls = _distribution(meter, families.BATCH_CALLS, self.counts)
        self._ledger_batch_records = _distribution(meter, families.LEDGER_BATCH_RECORDS, self.counts)
        self._requests: defaultdict[tuple[Role | None, Purpose | None, str], int] = defaultdict(int)
        """Requests by role, purpose and outcome."""
        self._treatments: defaultdict[bytes, int] = defaultdict(int)
        """Answers by their lists of treatments."""
        self._stages: defaultdict[str, float] = defaultdict(float)
        """Milliseconds by stage."""
        self._cost = 0
        self._ended: list[tuple[Observation, Ended, float]] = []
        """Requests that are to be counted, and when they ended, in seconds since 1970."""
        self._flush_due = False

    def observe(self, scope: Scope) -> Observation:
        """One request, from its headers to its response."""
        return Observation(RequestSpans(self._tracer, scope) if self._tracer else None)

    def batch_sent(self, calls: Sequence[PendingCall]) -> None:
        """A session runs these calls now. Those of the gateway itself do not count."""
        if _tell(calls, "SELECT"):
            self._batch_calls.observe(len(calls))

    def records_sent(self, calls: Sequence[PendingCall]) -> None:
        """A session of the ledger adds these records now."""
        if _tell(calls, "INSERT"):
            self._ledger_batch_records.observe(len(calls))

    def request_ended(self, observation: Observation, ended: Ended) -> None:
        """Ends a request's spans. It is counted, and its line is written, with others a moment later."""
        observation.enter_stage(None)
        observation.end_spans(ended)
        self._ended.append((observation, ended, time()))
        if ended.failure is not None:
            self._report(ended.id, ended.failure)
        if len(self._ended) >= _GATHERED:
            self._count_ended()
        elif not self._flush_due:
            self._flush_soon()

    def request_shed(self, code: Code) -> None:
        """Counts a request for which nothing was done."""
        self.counts.add((families.REQUESTS.name, "none", "none", code.name))
        self._notices.add(_NOTICES[code], perf_counter())
        self._flush_soon()

    def _count_ended(self) -> None:
        stages, requests, shown = self._stages, self._requests, self._treatments
        for observation, ended, at in self._ended:
            milliseconds = observation.milliseconds()
            for stage, took in milliseconds.items():
                stages[stage] += took
            self._seconds.observe(milliseconds[TOTAL] / 1e3)
            requests[ended.role, ended.purpose, ended.outcome] += 1
            if ended.call is not None:
                self._cost += ended.call.cost
            if ended.treatments is not None:
                shown[ended.treatments] += 1
            if self._lines is not None and not (ended.failure and ended.failure.is_only_counted):
                self._lines.add(_line(observation, ended, milliseconds, at))
        self._ended.clear()

    def _flush_soon(self) -> None:
        if not self._flush_due:
            self._flush_due = True
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Makes what was counted readable."""
        self._flush_due = False
        self._count_ended()
        for (role, purpose, outcome), number in self._requests.items():
            self.counts.add((families.REQUESTS.name, role or "none", purpose or "none", outcome), number)
        self._requests.clear()
        self._stages.pop(TOTAL, None)
        for stage, took in self._stages.items():
            self.counts.add((families.STAGE_SECONDS.name, stage), took / 1e3)
        self._stages.clear()
        if self._cost:
            self.counts.add((families.COST.name,), self._cost)
            self._cost = 0
        self._seconds.flush()
        self._batch_calls.flush()
        self._ledger_batch_records.flush()
        for treatments, count in self._treatments.items():
            for each in json.loads(treatments):
                self.counts.add((families.TREATMENTS.name, each["treatment"]), count)
        self._treatments.clear()
        self.counts.flush()

    def _report(self, error: str, failure: Failed) -> None:
        """Logs what an operator must know even where requests have no lines."""
        if failure.is_for_lack_of_space:
            self._notices.add("the database had no space for a record", perf_counter())
        elif failure.code in _NOTICES:
            self._notices.add(_NOTICES[failure.code], perf_counter())
        elif failure.code is Code.INTERNAL and self._lines is None:
            logging.getLogger(__name__).error("failure %s: %s", error, failure.cause)


def _distribution(meter: metrics.Meter, family: families.Family, counts: Counts) -> Distribution:
    return Distribution(family, counts, families.histogram(meter, family))


def _tell(calls: Sequence[PendingCall], operation: str) -> bool:
    """Tells those that wait for calls that these run; whether anybody waits."""
    on_sent = None
    for call in calls:
        if (on_sent := call.on_sent) is not None:
            on_sent(operation, len(calls))
    return on_sent is not None


def _plan(ended: Ended) -> UUID | None:
    return ended.call.plan.id if ended.call else None


def _operation(ended: Ended) -> str | None:
    """The kind of operation that was compiled."""
    if ended.call is None:
        return None
    return "mutation" if isinstance(ended.call, ChangeCall) else "query"


def _attributes(ended: Ended) -> dict[str, str]:
    known = {
        "veil.error" if ended.failure else "veil.record": ended.id,
        "veil.outcome": ended.outcome,
        "veil.role": ended.role,
        "veil.purpose": ended.purpose,
        "veil.plan": _plan(ended),
        "graphql.operation.type": _operation(ended),
    }
    return {name: str(value) for name, value in known.items() if value is not None}


def _line(observation: Observation, ended: Ended, milliseconds: dict[str, float], at: float) -> RequestLine:
    failure = ended.failure
    return RequestLine(
        time=at,
        level=_level(failure),
        worker=os.getpid(),
        record=None if failure else ended.id,
        error=ended.id if failure else None,
        trace=ended.trace,
        role=ended.role,
        purpose=ended.purpose,
        operation=_operation(ended),
        plan=_plan(ended),
        outcome=ended.outcome,
        status=ended.status,
        cost=ended.call.cost if ended.call else None,
        batch=observation.batch,
        cause=failure.cause if failure else None,
        milliseconds=milliseconds,
    )


def _level(failure: Failed | None) -> str:
    if failure is None:
        return "info"
    return "error" if failure.code is Code.INTERNAL else "warning"
