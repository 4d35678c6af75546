"""The log's partitions, and the index of subjects that fills behind the requests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.database.owner import owner
from gateway.ledger.records import record_ids
from gateway.log import keeping, partitions
from tests.conftest import run
from tests.gateway.log.logs import add, execute, seal, value, verify

NAMES = "select string_agg(relid::regclass::text, ' ' order by relid::regclass::text) from pg_partition_tree('veil.access_record') where isleaf"
BROUGHT_IN = """
    select sum(gin_clean_pending_list(relid))
    from pg_partition_tree('veil.access_record_subjects') where isleaf"""
"""Pages that were not in the index yet."""
WHERE = "select tableoid::regclass::text from veil.access_record where id = $1::text::uuid"


def months() -> list[datetime]:
    """The first days of this month and of the four that follow."""
    found = [datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    for _ in range(4):
        found.append((found[-1] + timedelta(days=40)).replace(day=1))
    return found


def partition(month: datetime) -> str:
    return f"access_record_{month:%Y_%m}"


def add_record(url: str, record: str, subjects: list[int] | None = None) -> None:
    execute(
        url,
        "insert into veil.access_record (id, policy, outcome, subjects) values ($1::text::uuid, '1', 'ANSWERED', $2)",
        record,
        subjects or [],
    )


def test_partitions_are_there_for_this_month_and_three_more(database_url: str) -> None:
    expected = [*(partition(month) for month in months()[:4]), "access_record_other"]
    assert value(database_url, NAMES).split() == sorted(expected)
    assert run(database_url, partitions.add_partitions) == 0


def test_a_record_is_in_the_partition_of_its_ids_time(database_url: str) -> None:
    for month, following in zip(months()[:4], months()[1:], strict=True):
        for moment in (month, following - timedelta(milliseconds=1)):
            record = keeping.id_at(moment.timestamp())
            add_record(database_url, record)
            assert value(database_url, WHERE, record) == partition(month)
    now = next(record_ids())
    add_record(database_url, now)
    assert value(database_url, WHERE, now) == partition(months()[0])


def test_a_missing_partition_takes_over_the_records_of_its_month(database_url: str) -> None:
    """Nothing is lost, and what was sealed is sealed still."""
    missing = partition(months()[1])
    execute(database_url, f"drop table veil.{missing}")
    within = [keeping.id_at(months()[1].timestamp() + seconds) for seconds in (0, 60)]
    beyond = keeping.id_at(months()[4].timestamp())
    for record in (*within, beyond):
        add_record(database_url, record, [3])
        assert value(database_url, WHERE, record) == "access_record_other"
    before = value(database_url, "select json_agg(r order by id)::text from veil.access_record r")
    seal(database_url)
    assert [value(database_url, WHERE, record) for record in within] == [missing, missing]
    assert value(database_url, WHERE, beyond) == "access_record_other"
    assert value(database_url, "select json_agg(r order by id)::text from veil.access_record r") == before
    assert not verify(database_url).faults


def test_a_new_partition_waits_for_nobody_who_reads_the_log_for_long(database_url: str) -> None:
    """It is made at another time, and those who come after are not held up."""
    execute(database_url, f"drop table veil.{partition(months()[2])}")

    async def tried(connection: Any) -> tuple[int, int]:
        async with connection.transaction():
            await connection.execute("select from veil.access_record")
            async with owner(database_url) as other:
                during = await partitions.add_partitions(other)
        return during, await partitions.add_partitions(connection)

    assert run(database_url, tried) == (0, 1)


def test_subjects_are_found_before_the_index_has_them_and_after(database_url: str) -> None:
    """Adding records leaves the index as it is, until the log is kept."""

    async def counted(connection: Any) -> int:
        await connection.execute("set enable_seqscan = off")
        return await connection.fetchval("select count(*) from veil.access_record where subjects @> array[7::bigint]")

    add(database_url, 3_000)
    assert run(database_url, counted) == 2
    run(database_url, partitions.index_subjects)
    assert (run(database_url, counted), value(database_url, BROUGHT_IN)) == (2, 0)
    add(database_url, 3_000, after=months()[0])
    assert value(database_url, BROUGHT_IN) > 0
