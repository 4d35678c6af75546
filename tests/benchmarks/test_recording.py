"""That records are added to a log as the ledger adds them, and what is said of it."""

from benchmarks.enlarging import Contents, emptied, grown
from benchmarks.markets import Market, fetch_as_owner
from benchmarks.recording import AT_ONCE, Added, added, added_lines

CONTENTS = Contents(most=1_000, members=100, subjects=20)


def market_at(url: str) -> Market:
    return Market(members=0, owner=url, gateway=url, peer=url)


def test_records_are_added_and_indexed(database_url: str) -> None:
    there = market_at(database_url)
    emptied(there)
    found = added(there, 0, CONTENTS, batches=3)
    assert len(found.batches) == 3
    assert found.indexed > 0
    ((records, subjects),) = fetch_as_owner(
        there, "select count(*), sum(subject_count) from veil.access_record where outcome = 'ANSWERED'"
    )
    assert (records, subjects) == (3 * AT_ONCE, 3 * AT_ONCE * CONTENTS.subjects)


def test_the_figures_are_of_the_slowest_batches() -> None:
    measured = Added(size=1_000_000, batches=[float(each) for each in range(1, 1_001)], indexed=7.4)
    assert list(added_lines([measured])) == [("1,000,000", "500", "501", "991", "1,000", "7")]


def test_a_log_grows_with_all_its_indexes(database_url: str) -> None:
    """What is rare is in its oldest records alone."""
    there = market_at(database_url)
    indexes = "select count(*) from pg_index where indrelid = 'veil.access_record'::regclass"
    before = fetch_as_owner(there, indexes)
    emptied(there)
    grown(there, 0, 400, CONTENTS)
    grown(there, 400, 1_000, CONTENTS)
    assert fetch_as_owner(there, indexes) == before
    ((records, rare, refused),) = fetch_as_owner(
        there,
        """
        select count(*), count(*) filter (where role = 'BANK' and id in (select id from veil.access_record order by at limit 20)),
            count(*) filter (where outcome = 'INVALID')
        from veil.access_record""",
    )
    assert (records, rare, refused) == (1_000, 20, 10)
