"""The queue of pending calls: whose turn it is, what a batch takes, when it is full; and that no call is lost."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gateway.database.batches import BatchQueue, PendingCall
from resolvers.sql.render import Statement

STATEMENTS = [Statement(sql=f"select {number}", plan=None, treatments=b"") for number in range(3)]
CALLS = st.lists(st.tuples(st.sampled_from(range(3)), st.integers(0, 60), st.integers(0, 9)), max_size=40)


def call(number: int, statement: int = 0, *, cost: int = 1, since: float = 0) -> PendingCall:
    return PendingCall(STATEMENTS[statement], [number], cost, since)


def numbers(calls: Sequence[PendingCall]) -> list[int]:
    return [call.values[0] for call in calls]


def test_the_statement_that_has_waited_longest_comes_first_and_its_other_calls_wait_for_another_turn() -> None:
    queue = BatchQueue(calls=2, rows=1_000)
    for number, statement in enumerate((0, 1, 0, 0, 1)):
        queue.add(call(number, statement))
    batches = [queue.take() for _ in range(3)]
    assert [(STATEMENTS.index(batch[0].statement), numbers(batch)) for batch in batches] == [
        (0, [0, 2]),
        (1, [1, 4]),
        (0, [3]),
    ]
    assert not len(queue)


def test_a_batch_is_full_at_so_many_calls_or_so_many_rows() -> None:
    by_calls, by_rows = BatchQueue(calls=3, rows=1_000), BatchQueue(calls=1_000, rows=50)
    for number in range(3):
        assert not by_calls.is_full
        assert not by_rows.is_full
        by_calls.add(call(number))
        by_rows.add(call(number, cost=20))
    assert by_calls.is_full
    assert by_rows.is_full
    by_rows.add(call(3, cost=20))
    assert numbers(by_rows.take()) == [0, 1, 2]
    assert not by_rows.is_full


def test_a_statement_that_took_longer_than_its_rows_counts_as_more_rows() -> None:
    """The shortest time of late counts. A call of many rows still counts as those."""
    queue = BatchQueue(calls=64, rows=1_000)
    queue.record_seconds(STATEMENTS[0], 0.002)
    queue.record_seconds(STATEMENTS[0], 0.5)
    for number, cost in enumerate((600, 1, 1)):
        queue.add(call(number, cost=cost))
    assert numbers(queue.take()) == [0, 1]
    queue.take()
    queue.add(call(0, 1))
    assert not queue.is_full
    queue.take()
    for _ in range(1_000):
        queue.record_seconds(STATEMENTS[0], 0.5)
    queue.add(call(0))
    assert queue.is_full


def test_calls_of_two_statements_gain_nothing_by_waiting() -> None:
    queue = BatchQueue(calls=64, rows=1_000)
    queue.add(call(0))
    queue.add(call(1))
    assert not queue.is_full
    queue.add(call(2, 1))
    assert queue.is_full
    queue.take()
    assert not queue.is_full


@given(CALLS, st.integers(1, 8), st.integers(1, 100), st.integers(0, 9), st.sets(st.integers(0, 39)))
def test_every_call_leaves_the_queue_once(
    arrived: Sequence[tuple[int, int, int]], calls: int, rows: int, before: int, removed: set[int]
) -> None:
    """In the order of a statement's calls, in no batch beyond what fills it."""
    queue = BatchQueue(calls=calls, rows=rows)
    pending = [
        call(number, statement, cost=cost, since=since) for number, (statement, cost, since) in enumerate(arrived)
    ]
    for each in pending:
        queue.add(each)
    removed = {number for number in removed if number < len(pending)}
    for number in removed:
        queue.remove(pending[number])
        queue.remove(pending[number])
    late = numbers(queue.remove_before(before))
    assert sorted(late) == [
        number for number, (_, _, since) in enumerate(arrived) if since < before and number not in removed
    ]
    taken: list[int] = []
    while left := len(queue):
        batch = queue.take()
        assert left - len(queue) == len(batch) > 0
        assert all(each.statement is batch[0].statement for each in batch)
        assert numbers(batch) == sorted(numbers(batch))
        assert len(batch) <= calls
        assert sum(each.cost for each in batch[:-1]) < rows
        taken += numbers(batch)
    assert sorted([*taken, *late, *removed]) == list(range(len(arrived)))
    assert not queue.is_full
