"""What waits for a lane: whose turn it is, how much boards, when a ride is full; and that nobody is lost or counted twice."""

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gateway.database.batches import BatchQueue, PendingCall
from resolvers.sql.render import Statement
from schema.refusals import Code, Failed

STATEMENTS = [Statement(sql=f"select {number}", plan=None, treatments=b"") for number in range(3)]
CALLS = st.lists(st.tuples(st.sampled_from(range(3)), st.integers(0, 60), st.integers(0, 9)), max_size=40)


def waiting(loop: asyncio.AbstractEventLoop, number: int, weight: int = 1, since: float = 0) -> PendingCall:
    return PendingCall([number], weight, since, loop.create_future())


def numbers(calls: Sequence[PendingCall]) -> list[int]:
    return [call.values[0] for call in calls]


def test_the_statement_that_has_waited_longest_boards_first_and_what_is_left_waits_another_turn() -> None:
    loop = asyncio.new_event_loop()
    gathering = BatchQueue(calls=2, rows=1_000)
    for number, statement in enumerate((0, 1, 0, 0, 1)):
        gathering.add(STATEMENTS[statement], waiting(loop, number))
    boarded = [gathering.take() for _ in range(3)]
    assert [(STATEMENTS.index(statement), numbers(calls)) for statement, calls in boarded] == [
        (0, [0, 2]),
        (1, [1, 4]),
        (0, [3]),
    ]
    assert not gathering
    loop.close()


def test_a_ride_is_enough_with_so_many_calls_or_so_many_rows() -> None:
    loop = asyncio.new_event_loop()
    by_calls, by_rows = BatchQueue(calls=3, rows=1_000), BatchQueue(calls=1_000, rows=50)
    for number in range(3):
        assert not by_calls.is_full
        assert not by_rows.is_full
        by_calls.add(STATEMENTS[0], waiting(loop, number))
        by_rows.add(STATEMENTS[0], waiting(loop, number, weight=20))
    assert by_calls.is_full
    assert by_rows.is_full
    by_rows.add(STATEMENTS[0], waiting(loop, 3, weight=20))
    assert numbers(by_rows.take()[1]) == [0, 1, 2]
    assert not by_rows.is_full
    loop.close()


def test_what_took_longer_than_its_rows_do_counts_as_more_of_them() -> None:
    """By the shortest time that such a call took of late; one of many rows still counts as those."""
    loop = asyncio.new_event_loop()
    gathering = BatchQueue(calls=64, rows=1_000)
    gathering.record_seconds(STATEMENTS[0], 0.002)
    gathering.record_seconds(STATEMENTS[0], 0.5)
    for number, weight in enumerate((600, 1, 1)):
        gathering.add(STATEMENTS[0], waiting(loop, number, weight=weight))
    assert numbers(gathering.take()[1]) == [0, 1]
    gathering.take()
    gathering.add(STATEMENTS[1], waiting(loop, 0))
    assert not gathering.is_full
    gathering.take()
    for _ in range(1_000):
        gathering.record_seconds(STATEMENTS[0], 0.5)
    gathering.add(STATEMENTS[0], waiting(loop, 0))
    assert gathering.is_full
    loop.close()


def test_calls_that_cannot_ride_together_gain_nothing_by_gathering() -> None:
    loop = asyncio.new_event_loop()
    gathering = BatchQueue(calls=64, rows=1_000)
    gathering.add(STATEMENTS[0], waiting(loop, 0))
    gathering.add(STATEMENTS[0], waiting(loop, 1))
    assert not gathering.is_full
    gathering.add(STATEMENTS[1], waiting(loop, 2))
    assert gathering.is_full
    gathering.take()
    assert not gathering.is_full
    loop.close()


@given(CALLS, st.integers(1, 8), st.integers(1, 100), st.integers(0, 9))
def test_whoever_came_boards_once_or_leaves(
    came: Sequence[tuple[int, int, int]], calls: int, rows: int, before: int
) -> None:
    """In the order of a statement's calls, with no ride beyond what fills it."""
    loop = asyncio.new_event_loop()
    gathering = BatchQueue(calls=calls, rows=rows)
    for number, (statement, weight, since) in enumerate(came):
        gathering.add(STATEMENTS[statement], waiting(loop, number, weight, since))
    left = numbers(gathering.remove_before(before))
    assert sorted(left) == [number for number, (_, _, since) in enumerate(came) if since < before]
    boarded: list[int] = []
    while gathering:
        before_boarding = len(gathering)
        statement, riding = gathering.take()
        assert before_boarding - len(gathering) == len(riding) > 0
        assert all(statement is STATEMENTS[came[number][0]] for number in numbers(riding))
        assert numbers(riding) == sorted(numbers(riding))
        assert len(riding) <= calls
        assert sum(call.cost for call in riding[:-1]) < rows
        boarded += numbers(riding)
    assert sorted(boarded + left) == list(range(len(came)))
    assert not gathering.is_full
    loop.close()


def test_who_was_answered_is_not_told_that_it_failed() -> None:
    loop = asyncio.new_event_loop()
    call = waiting(loop, 0)
    call.answer.set_result(b"1")
    call.fail(Failed(Code.TIMED_OUT, "ask for less"))
    assert call.answer.result() == b"1"
    loop.close()
