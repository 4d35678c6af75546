"""The month's report: counted once, by each side."""

import re
from typing import Any

import pytest

from gateway.log.snapshot import log_snapshot
from gateway.reports import month
from gateway.reports.month import ReportMonth, month_report
from gateway.reports.report import ReportCell, ReportTable
from schema.catalog import Catalog
from tests.conftest import run

Tables = dict[str, ReportTable]


@pytest.fixture(scope="module")
def march(logged: str, catalog: Catalog) -> Tables:
    report = run(logged, lambda connection: month_report(connection, catalog, ReportMonth(year=2025, month=3)))
    assert report.title == "Access to personal data in March 2025"
    assert report.paragraphs[0].startswith("Requests answered: 6. Refused: 1.")
    assert report.paragraphs[1:] == ["Requests that were told the schema or the policy alone: 1."]
    return {table.heading: table for table in report.tables}


def rows(tables: Tables, heading: str) -> list[tuple[ReportCell, ...]]:
    return list(tables[heading].rows)


def test_requesters_are_counted(march: Tables) -> None:
    """Answers, refusals, members named, answers across a border."""
    assert rows(march, "Who asked") == [
        ("AUTHORITY", "court_order", "20", 1, 0, 1, 0),
        ("BANK", "credit_assessment", "10", 0, 1, 0, 0),
        ("BANK", "transaction_completion", "10", 2, 0, 3, 1),
        ("MEMBER", "self_service", "–", 1, 0, 1, 0),
        ("PLATFORM", "account_service", "1", 1, 0, 3, 0),
        ("PUBLIC", "aggregate_sharing", "–", 1, 0, 0, 0),
    ]


def test_organisations_are_named_where_their_names_are_known(logged: str, catalog: Catalog) -> None:
    async def reported(connection: Any) -> Any:
        await connection.execute(
            "insert into marketplace.organisation (id, name, kind, country) overriding system value"
            " values (10, 'First Bank', 'BANK', 'HK')"
        )
        try:
            return await month_report(connection, catalog, ReportMonth(year=2025, month=3))
        finally:
            await connection.execute("delete from marketplace.organisation where id = 10")

    asked, *_ = run(logged, reported).tables
    assert [row[2] for row in asked.rows if row[0] == "BANK"] == ["First Bank (10)", "First Bank (10)"]


def test_categories_are_counted_with_the_most_that_was_shown(march: Tables) -> None:
    """Figures are among them; what the catalog has no longer is not."""
    assert rows(march, "What answers may have shown") == [
        ("AUTHORITY", "court_order", "registration information", "as stored", 1),
        ("BANK", "transaction_completion", "payment information", "as stored", 2),
        ("MEMBER", "self_service", "registration information", "as a pseudonym", 1),
        ("PLATFORM", "account_service", "payment information", "in part", 1),
        ("PLATFORM", "account_service", "registration information", "as stored", 1),
        ("PUBLIC", "aggregate_sharing", "account activities", "in part", 1),
    ]


def test_instruments_refusals_and_days_are_listed(march: Tables) -> None:
    assert rows(march, "Under a legal instrument") == [("=SECRET(1)", "AUTHORITY", "court_order", "20", 1, 0, 1)]
    assert rows(march, "What was refused") == [("INVALID", "BANK", "credit_assessment", "10", 1)]
    assert rows(march, "Day by day")[0] == ("2025-03-01", 2, 0, 3, 1)
    assert [row[0] for row in rows(march, "Day by day")] == [f"2025-03-0{day}" for day in range(1, 7)]


def test_a_month_ends_where_the_next_begins() -> None:
    window = ReportMonth(year=2025, month=12).window
    assert (f"{window.since:%Y-%m-%d}", f"{window.until:%Y-%m-%d}") == ("2025-12-01", "2026-01-01")


def test_the_log_is_gone_through_once_and_by_its_time(logged: str) -> None:
    """However many ways it is counted: each partition once, by its index."""
    window = ReportMonth(year=2025, month=3).window

    async def planned(connection: Any) -> str:
        async with log_snapshot(connection):
            explained = await connection.fetch(f"explain {month.MONTH_COUNTS}", window.since, window.until, [])
            return "\n".join(row[0] for row in explained)

    read = re.findall(r" Scan using (\w+)_at_id_idx on (\w+)", run(logged, planned))
    assert "access_record_other" in dict(read)
    assert [index for index, _ in read] == [table for _, table in read]
    assert len(set(read)) == len(read)


def test_a_change_counts_if_it_was_made(announced: str, catalog: Catalog) -> None:
    """Of others it is told how many there are."""
    report = run(announced, lambda connection: month_report(connection, catalog, ReportMonth(year=2025, month=6)))
    assert report.paragraphs[0].startswith("Requests answered: 1. Refused: 0. Members named in answers")
    assert report.paragraphs[1:] == [
        "Changes announced and not made: 1. Announced, and not known whether they were made: 2."
    ]
    assert list(report.tables[0].rows) == [("MEMBER", "self_service", "–", 1, 0, 1, 0)]
