"""What the pool decides, with no socket, no task and no sleep: time is a number here."""

from collections.abc import Iterable, Sequence
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gateway.database.batches import GATEWAY, PendingCall, Waiter
from gateway.database.decisions import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Decision,
    FailCalls,
    OpenSession,
    PoolSettings,
    PoolState,
    SendBatch,
    SetTimer,
)
from resolvers.sql.render import Statement
from schema.refusals import Code

STATEMENTS = [Statement(sql=f"select {number}", plan=None, treatments=b"") for number in range(2)]
WAIT, TIMEOUT, QUEUE, CALLS, ROWS = 2.0, 16.0, 8, 3, 10
OVERLOAD_WAIT = 6.0
ONE, OTHER = Waiter("one", 1), Waiter("other", 2)


def pool_settings(size: int, overload_wait: float = inf, queue: int = QUEUE) -> PoolSettings:
    return PoolSettings(
        database="",
        size=size,
        timeout=TIMEOUT,
        queue=queue,
        overload_wait=overload_wait,
        batch_wait=WAIT,
        batch_calls=CALLS,
        batch_rows=ROWS,
        required_migrations=(),
        schema="marketplace",
    )


def opened(size: int, overload_wait: float = inf, queue: int = QUEUE) -> PoolState:
    """A pool whose sessions are all open, the last one opened last."""
    pool = PoolState(pool_settings(size, overload_wait, queue))
    for number in range(size):
        pool.session_opened(number, 0)
    return pool


def call(now: float, statement: int = 0, *, cost: int = 1, waiter: Waiter = GATEWAY) -> PendingCall:
    return PendingCall(STATEMENTS[statement], [], cost, now, waiter=waiter)


def arrive(
    pool: PoolState, now: float, statement: int = 0, waiter: Waiter = GATEWAY
) -> tuple[PendingCall, Sequence[Decision]]:
    arrived = call(now, statement, waiter=waiter)
    return arrived, pool.call_arrived(arrived, now)


def send(pool: PoolState, now: float, statement: int = 0) -> PendingCall:
    """A call that has been sent."""
    sent, decisions = arrive(pool, now, statement)
    assert decisions == (SetTimer(now),)
    (batch,) = pool.timer_fired(now)
    assert isinstance(batch, SendBatch)
    assert list(batch.calls) == [sent]
    return sent


# Batches.


def test_calls_that_arrive_in_the_same_moment_share_a_batch() -> None:
    pool = opened(2)
    first, decisions = arrive(pool, 1)
    assert decisions == (SetTimer(1),)
    second, decisions = arrive(pool, 1)
    assert decisions == ()
    assert pool.timer_fired(1) == [SendBatch(1, [first, second])]


def test_a_call_waits_for_a_busy_session_and_after_the_batch_wait_uses_another() -> None:
    pool = opened(2)
    send(pool, 1)
    waiting, decisions = arrive(pool, 1.5)
    assert decisions == (SetTimer(1 + WAIT),)
    assert pool.timer_fired(1 + WAIT) == [SendBatch(0, [waiting])]


def test_a_call_that_waits_is_sent_when_the_busy_session_comes_free() -> None:
    pool = opened(2)
    send(pool, 1)
    waiting, _ = arrive(pool, 1.5)
    assert pool.batch_answered(1, None, 1.6) == [SendBatch(1, [waiting])]


def test_a_timer_that_fires_a_little_early_sends_what_it_was_set_for() -> None:
    pool = opened(2)
    send(pool, 1)
    waiting, _ = arrive(pool, 1.5)
    assert pool.timer_fired(0.999 + WAIT) == [SendBatch(0, [waiting])]


def test_a_full_batch_leaves_at_once_on_another_session() -> None:
    pool = opened(2)
    send(pool, 1)
    waiting = [arrive(pool, 1.5) for _ in range(CALLS)]
    assert waiting[-1][1] == (SetTimer(1.5),)
    assert pool.timer_fired(1.5) == [SendBatch(0, [each for each, _ in waiting])]


def test_two_statements_do_not_wait_for_each_other() -> None:
    pool = opened(3)
    send(pool, 1)
    first, _ = arrive(pool, 1.5, 0)
    second, decisions = arrive(pool, 1.5, 1)
    assert decisions == (SetTimer(1.5),)
    assert pool.timer_fired(1.5) == [SendBatch(1, [first]), SetTimer(1.5 + WAIT)]
    assert pool.timer_fired(1.5 + WAIT) == [SendBatch(0, [second])]


def test_idle_sessions_are_reused_last_in_first_out() -> None:
    pool = opened(3)
    for number, now in ((2, 1), (1, 2 + WAIT), (0, 4 + 2 * WAIT)):
        sent, _ = arrive(pool, now)
        assert pool.timer_fired(now) == [SendBatch(number, [sent])]
    for number in (1, 0, 2):
        pool.batch_answered(number, None, 20)
    sent, _ = arrive(pool, 20)
    assert pool.timer_fired(20) == [SendBatch(2, [sent])]


# Calls that fail.


def test_a_call_is_unavailable_while_no_session_is_open() -> None:
    arrived, decisions = arrive(PoolState(pool_settings(1)), 1)
    assert decisions == (FailCalls((arrived,), Code.UNAVAILABLE),)


def test_a_call_is_overloaded_when_the_queue_is_full() -> None:
    pool = opened(1)
    send(pool, 1)
    for _ in range(QUEUE):
        assert arrive(pool, 1)[1] == ()
    arrived, decisions = arrive(pool, 1)
    assert decisions == (FailCalls((arrived,), Code.OVERLOADED),)
    assert pool.waiting_calls == QUEUE


def test_a_call_that_waits_too_long_times_out_though_no_session_comes_free() -> None:
    pool = opened(1)
    send(pool, 1)
    late, _ = arrive(pool, 2)
    later, _ = arrive(pool, 3)
    assert pool.time_passed(2.5 + TIMEOUT) == (FailCalls([late], Code.TIMED_OUT),)
    assert pool.batch_answered(0, None, 2.6 + TIMEOUT) == [SendBatch(0, [later])]


def test_a_call_that_waited_too_long_is_not_sent() -> None:
    pool = opened(1)
    send(pool, 1)
    late, _ = arrive(pool, 2)
    assert pool.batch_answered(0, None, 2.5 + TIMEOUT) == [FailCalls([late], Code.TIMED_OUT)]


def test_a_cancelled_call_is_not_sent() -> None:
    pool = opened(1)
    cancelled, _ = arrive(pool, 1)
    other, _ = arrive(pool, 1)
    pool.call_cancelled(cancelled)
    assert pool.timer_fired(1) == [SendBatch(0, [other])]


def test_calls_that_fail_together_are_each_tried_alone_once() -> None:
    pool = opened(1)
    calls = [arrive(pool, 1)[0] for _ in range(2)]
    pool.timer_fired(1)
    assert pool.batch_failed(0, Code.INTERNAL, 2) == [SendBatch(0, [calls[0]])]
    assert pool.batch_failed(0, Code.INTERNAL, 3) == [FailCalls([calls[0]], Code.INTERNAL), SendBatch(0, [calls[1]])]
    assert pool.batch_answered(0, None, 4) == []


def test_a_call_that_waited_too_long_is_not_tried_alone() -> None:
    pool = opened(1)
    calls = [arrive(pool, 1)[0] for _ in range(2)]
    pool.timer_fired(1)
    assert pool.batch_failed(0, Code.INTERNAL, 2 + TIMEOUT) == [FailCalls([each], Code.TIMED_OUT) for each in calls]


def test_a_session_that_takes_too_long_fails_the_calls_it_was_to_try_alone() -> None:
    pool = opened(1)
    calls = [arrive(pool, 1)[0] for _ in range(3)]
    pool.timer_fired(1)
    pool.batch_failed(0, Code.INTERNAL, 2)
    assert pool.session_lost(0, Code.TIMED_OUT, 3)[0] == FailCalls(calls, Code.TIMED_OUT)


def test_the_calls_of_a_lost_session_are_tried_once_more_on_another() -> None:
    pool = opened(3)
    sent = send(pool, 1)
    assert pool.session_lost(2, Code.UNAVAILABLE, 2) == [OpenSession(2, FIRST_PAUSE), SendBatch(1, [sent])]
    assert pool.session_lost(1, Code.UNAVAILABLE, 3) == [
        FailCalls([sent], Code.UNAVAILABLE),
        OpenSession(1, FIRST_PAUSE),
    ]


def test_a_second_try_that_fails_takes_no_other_call_along() -> None:
    """Its first try may have been committed. Then its record cannot be inserted again."""
    pool = opened(1)
    sent = send(pool, 1)
    pool.session_lost(0, Code.UNAVAILABLE, 2)
    pool.session_opened(0, 3)
    pool.session_lost(0, Code.TIMED_OUT, 3)
    pool.session_opened(0, 4)
    first = send(pool, 4)
    other, _ = arrive(pool, 4)
    assert pool.session_lost(0, Code.UNAVAILABLE, 5)[0] == OpenSession(0, 0.4)
    assert pool.session_opened(0, 6) == [SendBatch(0, [other, first])]
    assert pool.batch_failed(0, Code.UNAVAILABLE, 7) == [SendBatch(0, [other])]
    assert sent.is_second_try


def test_calls_that_fail_together_for_another_reason_are_not_tried_again() -> None:
    pool = opened(1)
    calls = [arrive(pool, 1)[0] for _ in range(2)]
    pool.timer_fired(1)
    assert pool.batch_failed(0, Code.TIMED_OUT, 2) == [FailCalls(calls, Code.TIMED_OUT)]


# Fairness.


def test_who_was_served_least_leads_the_next_batch_whoever_waited_longer() -> None:
    pool = opened(1)
    send(pool, 1)
    for _ in range(5):
        arrive(pool, 1, 0, OTHER)
    one, _ = arrive(pool, 1.5, 1, ONE)
    (first,) = pool.batch_answered(0, None, 2)
    assert isinstance(first, SendBatch)
    assert len(first.calls) == CALLS
    assert pool.batch_answered(0, None, 3) == [SendBatch(0, [one])]


def test_requesters_who_ask_the_same_share_a_batch_one_call_each_in_turn() -> None:
    pool = opened(1)
    send(pool, 1)
    others = [arrive(pool, 1, 0, OTHER)[0] for _ in range(3)]
    one, _ = arrive(pool, 1.5, 0, ONE)
    assert pool.batch_answered(0, None, 2) == [SendBatch(0, [others[0], one, others[1]])]


def test_a_requester_keeps_no_more_sessions_busy_than_their_share() -> None:
    pool = opened(2)
    first, _ = arrive(pool, 1, 0, ONE)
    assert pool.timer_fired(1) == [SendBatch(1, [first])]
    second, _ = arrive(pool, 1, 1, ONE)
    assert pool.timer_fired(1 + WAIT) == []
    other, _ = arrive(pool, 4, 0, OTHER)
    assert pool.timer_fired(4) == [SendBatch(0, [other])]
    assert pool.batch_answered(1, None, 4 + WAIT) == [SendBatch(1, [second])]


def test_in_a_full_queue_the_oldest_call_of_who_has_most_makes_room() -> None:
    pool = opened(1)
    send(pool, 1)
    others = [arrive(pool, 1, 0, OTHER)[0] for _ in range(QUEUE)]
    _, decisions = arrive(pool, 2, 0, ONE)
    assert decisions == (FailCalls((others[0],), Code.OVERLOADED),)
    refused, decisions = arrive(pool, 2, 0, OTHER)
    assert decisions == (FailCalls((refused,), Code.OVERLOADED),)


@given(
    size=st.integers(1, 3),
    flood=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 2 * ROWS)), min_size=1, max_size=60),
    before=st.integers(0, 60),
    statement=st.integers(0, 1),
)
def test_one_call_is_served_within_two_batches_whatever_another_sends(
    size: int, flood: Sequence[tuple[int, int]], before: int, statement: int
) -> None:
    pool = opened(size, queue=100)
    sent: list[PendingCall | None] = []
    busy: list[int] = []

    def do(decisions: Sequence[Decision]) -> None:
        for each in decisions:
            if isinstance(each, SendBatch):
                sent.append(one if one in each.calls else None)
                busy.append(each.session)

    one = call(1, statement, waiter=ONE)
    for number, (asked, cost) in enumerate([*flood[:before], (statement, 1), *flood[before:]]):
        arrived = one if number == min(before, len(flood)) else call(1, asked, cost=cost, waiter=OTHER)
        if arrived is one:
            do(pool.timer_fired(1))
            sent.clear()
        do(pool.call_arrived(arrived, 1))
    do(pool.timer_fired(1))
    while one not in sent:
        do(pool.batch_answered(busy.pop(0), None, 2))
    assert len(sent[: sent.index(one)]) <= 1


# Overload.


def behind() -> tuple[PoolState, list[PendingCall]]:
    """A pool whose oldest call has waited long since time 7: three batches wait, of calls that came at 1, 1.1, …"""
    pool = opened(1, OVERLOAD_WAIT, queue=100)
    send(pool, 1)
    for _ in range(CALLS):
        arrive(pool, 1, 0, OTHER)
    waiting = [arrive(pool, 1 + number / 10, 0, OTHER)[0] for number in range(3 * CALLS)]
    pool.batch_answered(0, None, 1 + OVERLOAD_WAIT)
    return pool, waiting


def test_calls_that_waited_for_one_slow_batch_are_all_sent_the_oldest_first() -> None:
    pool, waiting = behind()
    for number in range(3):
        answered = pool.batch_answered(0, None, 2 + OVERLOAD_WAIT + number)
        assert answered == [SendBatch(0, waiting[CALLS * number : CALLS * (number + 1)])]


def test_under_overload_what_has_waited_long_is_refused_and_the_newest_call_goes_first() -> None:
    """Until nothing waits."""
    pool, waiting = behind()
    now = 1 + 2 * OVERLOAD_WAIT
    assert pool.batch_answered(0, None, now) == [
        SendBatch(0, waiting[:CALLS]),
        FailCalls(waiting[CALLS:], Code.OVERLOADED),
    ]
    first, second = (arrive(pool, now + late, 0, OTHER)[0] for late in (0.1, 0.2))
    assert pool.batch_answered(0, None, now + 1) == [SendBatch(0, [second, first])]
    first, second = (arrive(pool, now + late, 0, OTHER)[0] for late in (1.1, 1.2))
    assert pool.batch_answered(0, None, now + 2) == [SendBatch(0, [first, second])]


def test_a_call_that_would_have_to_wait_too_long_is_refused_at_once_but_not_another_requester_s() -> None:
    """Each call takes ten seconds, and none may wait for longer than 16."""
    pool = opened(1)
    send(pool, 0)
    for number in range(30):
        arrive(pool, 10 * number)
        pool.batch_answered(0, None, 10 * number + 10)
    for statement in range(CALLS):
        assert arrive(pool, 300, statement % 2, OTHER)[1] == ()
    assert pool.would_be_late(OTHER.requester)
    assert not pool.would_be_late(ONE.requester)
    refused, decisions = arrive(pool, 300, 0, OTHER)
    assert decisions == (FailCalls((refused,), Code.OVERLOADED),)
    assert arrive(pool, 300, 0, ONE)[1] == ()


# Sessions.


def test_a_session_that_cannot_be_opened_is_tried_again_ever_more_slowly() -> None:
    pool = PoolState(pool_settings(1))
    assert pool.started() == [OpenSession(0, 0)]
    assert pauses(pool.open_failed(0) for _ in range(7)) == [0.1, 0.2, 0.4, 0.8, 1.6, LONGEST_PAUSE, LONGEST_PAUSE]


def pauses(decided: Iterable[Sequence[Decision]]) -> list[float]:
    """The seconds after which sessions are opened."""
    return [each.after for decisions in decided for each in decisions if isinstance(each, OpenSession)]


def test_a_session_that_fails_while_serving_backs_off_as_one_that_cannot_be_opened() -> None:
    pool = PoolState(pool_settings(1))
    found: list[float] = []
    for now in range(4):
        pool.session_opened(0, now)
        send(pool, now)
        found += pauses([pool.session_lost(0, Code.TIMED_OUT, now)])
    assert found == [0.1, 0.2, 0.4, 0.8]


def test_a_session_that_has_answered_begins_with_the_shortest_pause_again() -> None:
    pool = opened(1)
    pool.idle_session_lost(0, 1)
    pool.session_opened(0, 2)
    send(pool, 2)
    pool.batch_answered(0, None, 3)
    assert pauses([pool.idle_session_lost(0, 4)]) == [FIRST_PAUSE]


def test_a_call_waits_for_a_lost_session_until_it_cannot_be_opened() -> None:
    pool = opened(1)
    running = send(pool, 1)
    waiting, _ = arrive(pool, 1)
    assert pool.session_lost(0, Code.UNAVAILABLE, 2) == [OpenSession(0, FIRST_PAUSE)]
    assert not pool.is_ready
    assert FailCalls([waiting, running], Code.UNAVAILABLE) in pool.open_failed(0)


def test_a_call_that_waits_for_a_lost_session_is_sent_once_it_is_open_again() -> None:
    pool = opened(1)
    sent = send(pool, 1)
    waiting, _ = arrive(pool, 1)
    pool.session_lost(0, Code.UNAVAILABLE, 2)
    assert pool.session_opened(0, 3) == [SendBatch(0, [waiting, sent])]


def test_a_busy_session_is_lost_by_its_batch_alone() -> None:
    pool = opened(1)
    send(pool, 1)
    assert pool.idle_session_lost(0, 2) == ()
    assert pool.is_ready


class Machine(RuleBasedStateMachine):
    """A world in which anything happens at any time, and that checks each decision."""

    @initialize(size=st.integers(1, 3))
    def start(self, size: int) -> None:
        self.pool = PoolState(pool_settings(size, OVERLOAD_WAIT))
        self.size = size
        self.now = 0.0
        self.timer: float | None = None
        self.arrived = self.ended = 0
        self.waiting: list[PendingCall] = []
        self.idle: list[int] = []
        self.closed: dict[int, float] = {}
        """By session, the time to open it."""
        self.running: dict[int, list[PendingCall]] = {}
        self.alone: dict[int, list[PendingCall]] = {}
        """By session, calls that are to be tried alone."""
        self.began: dict[int, float] = {}
        self.requesters: dict[int, set[Waiter]] = {}
        """By busy session, whose calls it runs."""
        self.do(self.pool.started())

    # A decision is checked and done.

    def do(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            match decision:
                case SendBatch():
                    self.send(decision.session, decision.calls)
                case SetTimer():
                    self.timer = decision.at
                case FailCalls():
                    for each in decision.calls:
                        self.end(each)
                case OpenSession():
                    self.close(decision.session, decision.after)
        self.free()

    def send(self, number: int, calls: Sequence[PendingCall]) -> None:
        assert 0 < len(calls) <= CALLS
        assert len({each.statement.sql for each in calls}) == 1
        assert all(self.now - each.since <= TIMEOUT for each in calls)
        if calls[0] in self.alone.get(number, ()):
            assert len(calls) == 1
            assert self.running[number] == []
            self.alone[number].remove(calls[0])
        else:
            self.free()
            # The session that became idle last is used first.
            assert self.idle.pop() == number
            self.began[number] = self.now
            self.requesters[number] = {each.waiter for each in calls}
            for each in calls:
                self.waiting.remove(each)
            self.check_order(calls)
        self.running[number] = list(calls)

    def check_order(self, calls: Sequence[PendingCall]) -> None:
        """Of a requester's calls of a statement, the oldest are sent, or under overload the newest."""
        for waiter in {each.waiter for each in calls}:
            sent, left = (
                [each.since for each in some if each.waiter is waiter and not each.is_second_try]
                for some in (calls, [each for each in self.waiting if each.statement is calls[0].statement])
            )
            assert not sent or not left or max(sent) <= min(left) or min(sent) >= max(left)

    def may_be_sent(self, waiter: Waiter) -> bool:
        return sum(waiter in each for each in self.requesters.values()) < waiter.sessions

    def free(self) -> None:
        """A session whose batch has ended, and that has nothing to try alone, becomes idle."""
        for number in [number for number, calls in self.running.items() if not calls]:
            assert not self.alone.pop(number, [])
            del self.running[number], self.requesters[number]
            self.idle.append(number)

    def end(self, ended: PendingCall) -> None:
        """Answered or failed, and once only."""
        (calls,) = (each for each in self.alive() if ended in each)
        calls.remove(ended)
        self.ended += 1

    def alive(self) -> Iterable[list[PendingCall]]:
        return (self.waiting, *self.running.values(), *self.alone.values())

    def close(self, number: int, after: float) -> None:
        """A session is opened again once none of its calls is left."""
        assert number not in (*self.closed, *self.idle)
        assert not self.running.pop(number, [])
        assert not self.alone.pop(number, [])
        self.requesters.pop(number, None)
        assert after <= LONGEST_PAUSE
        self.closed[number] = self.now + after

    # What may happen.

    @rule(
        statement=st.integers(0, 1),
        cost=st.integers(1, ROWS),
        count=st.integers(1, CALLS),
        waiter=st.sampled_from((GATEWAY, ONE, OTHER)),
    )
    def calls_arrive(self, statement: int, cost: int, count: int, waiter: Waiter) -> None:
        for _ in range(count):
            arrived = call(self.now, statement, cost=cost, waiter=waiter)
            self.arrived += 1
            self.waiting.append(arrived)
            self.do(self.pool.call_arrived(arrived, self.now))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def call_is_cancelled(self, data: st.DataObject) -> None:
        cancelled = data.draw(st.sampled_from(range(len(self.waiting))))
        self.pool.call_cancelled(self.waiting.pop(cancelled))
        self.ended += 1

    @rule(quarters=st.integers(0, 24) | st.just(80), early=st.sampled_from((0, 1 / 1_024)))
    def time_passes(self, quarters: int, early: float) -> None:
        until = self.now + quarters / 4
        while self.timer is not None and self.timer <= until:
            self.now, self.timer = max(self.now, self.timer), None
            self.do(self.pool.timer_fired(self.now - early))
        self.now = until
        self.do(self.pool.time_passed(self.now))
        assert all(self.now - each.since <= TIMEOUT for each in self.waiting)
        self.check_that_waiting_gains_something()

    def check_that_waiting_gains_something(self) -> None:
        """Calls wait beside an idle session only to fill a batch, and less than a batch wait for a busy one.

        Or their requesters keep all the sessions busy that they may.
        """
        if self.idle and any(self.may_be_sent(each.waiter) for each in self.waiting):
            assert max(self.began[number] for number in self.running) + WAIT > self.now
            assert len(self.waiting) < CALLS
            assert sum(each.cost for each in self.waiting) < ROWS
            assert len({each.statement.sql for each in self.waiting}) == 1

    @precondition(lambda self: any(at <= self.now for at in self.closed.values()))
    @rule(data=st.data(), opens=st.sampled_from((True, True, False)))
    def session_is_tried(self, data: st.DataObject, *, opens: bool) -> None:
        number = data.draw(st.sampled_from([number for number, at in self.closed.items() if at <= self.now]))
        del self.closed[number]
        if opens:
            self.idle.append(number)
            self.do(self.pool.session_opened(number, self.now))
        else:
            self.do(self.pool.open_failed(number))

    def busy(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.running)))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), seconds=st.sampled_from((None, 0.5)))
    def batch_is_answered(self, data: st.DataObject, seconds: float | None) -> None:
        number = self.busy(data)
        for each in list(self.running[number]):
            self.end(each)
        self.do(self.pool.batch_answered(number, seconds, self.now))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), code=st.sampled_from((Code.INTERNAL, Code.INTERNAL, Code.TIMED_OUT, Code.UNAVAILABLE)))
    def batch_fails(self, data: st.DataObject, code: Code) -> None:
        number = self.busy(data)
        again = code is Code.UNAVAILABLE and any(each.is_second_try for each in self.running[number])
        if (code is Code.INTERNAL or again) and len(self.running[number]) > 1:
            self.alone[number] = self.running[number]
            self.running[number] = []
        self.do(self.pool.batch_failed(number, code, self.now))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), code=st.sampled_from((Code.TIMED_OUT, Code.UNAVAILABLE)))
    def busy_session_is_lost(self, data: st.DataObject, code: Code) -> None:
        number = self.busy(data)
        for calls in (self.running[number], self.alone.get(number, [])):
            for each in list(calls):
                if code is Code.UNAVAILABLE and not each.is_second_try:
                    calls.remove(each)
                    self.waiting.append(each)
        self.do(self.pool.session_lost(number, code, self.now))

    @rule(data=st.data())
    def connection_is_closed(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, self.size - 1))
        if number in self.idle:
            self.idle.remove(number)
        self.do(self.pool.idle_session_lost(number, self.now))

    # What always holds.

    @invariant()
    def no_call_is_lost(self) -> None:
        assert self.arrived == self.ended + sum(map(len, self.alive()))
        assert self.pool.waiting_calls == len(self.waiting)

    @invariant()
    def the_queue_is_bounded(self) -> None:
        """But for calls that ran already, of which there are no more than sessions can take."""
        assert sum(not each.is_second_try for each in self.waiting) <= QUEUE

    @invariant()
    def nobody_keeps_more_sessions_busy_than_their_share(self) -> None:
        for waiter in (ONE, OTHER):
            assert sum(waiter in each for each in self.requesters.values()) <= waiter.sessions

    @invariant()
    def it_is_ready_while_a_session_is_open(self) -> None:
        assert self.pool.is_ready == bool(self.idle or self.running)


Machine.TestCase.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
test_whatever_happens_each_call_ends_once_and_in_time = Machine.TestCase
