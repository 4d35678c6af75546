"""Summaries: each sealed record counts once, whenever and in however many parts it was sealed."""

from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import Databases, run
from tests.gateway.log.logs import LONG_AGO, add, execute, seal

COUNTED = """
    select date_trunc('day', at, 'UTC') as day, role, purpose, organisation_id, outcome, sum(coalesce(refusals, 1)) as requests,
        coalesce(sum(subject_count), 0) as persons, count(*) filter (where cross_border) as cross_border
    from veil.access_record group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5"""

SUMMARIES = """
    select day, role, purpose, organisation_id, outcome, requests, persons, cross_border
    from veil.access_summary order by 1, 2, 3, 4, 5"""


@pytest.fixture
def url(databases: Databases) -> Generator[str]:
    made = databases.make("empty_market")
    yield made
    databases.drop(made)


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in run(url, lambda connection: connection.fetch(query))]


def test_each_sealed_record_counts_once(url: str) -> None:
    """Of one day, sealed twice; refusals too, each request of them, and those of nobody known."""
    add(url, 100)
    refusal = (
        "insert into veil.access_record (id, at, policy, outcome, refusals)"
        " values (gen_random_uuid(), $1, '', 'TOKEN_INVALID', 7)"
    )
    execute(url, refusal, LONG_AGO)
    assert rows(url, SUMMARIES) == []
    seal(url)
    assert rows(url, SUMMARIES) == rows(url, COUNTED)
    add(url, 50, after=datetime(2025, 3, 1, 23, 59, 40, tzinfo=UTC))
    execute(url, refusal, LONG_AGO)
    for _ in range(2):
        seal(url)
        assert rows(url, SUMMARIES) == rows(url, COUNTED)
    assert [row[5] for row in rows(url, SUMMARIES)] == [1430, 14, 295]


def test_a_change_that_was_announced_counts_with_its_outcome(url: str) -> None:
    """Once, whatever became of it."""
    added = (
        "insert into veil.access_record (id, at, policy, outcome) select gen_random_uuid(), $1, '', unnest($2::text[])"
    )
    execute(url, added, LONG_AGO, ["ANNOUNCED", "ANSWERED", "ANNOUNCED", "ANNOUNCED_NOT_DONE"])
    seal(url)
    assert [(row[4], row[5]) for row in rows(url, SUMMARIES)] == [("ANNOUNCED_NOT_DONE", 1), ("ANSWERED", 1)]


def test_what_read_no_data_has_an_outcome_of_its_own_and_uses_nothing(url: str) -> None:
    added = (
        "insert into veil.access_record (id, at, policy, plan, outcome)"
        " select gen_random_uuid(), $1, '', gen_random_uuid(), unnest($2::text[])"
    )
    execute(url, added, LONG_AGO, ["DESCRIBED", "ANSWERED", "DESCRIBED"])
    seal(url)
    assert [(row[4], row[5]) for row in rows(url, SUMMARIES)] == [("ANSWERED", 1), ("DESCRIBED", 2)]
    assert rows(url, "select sum(answers) from veil.access_use") == [(1,)]
