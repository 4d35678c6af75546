"""The record of processing: each grant beside its use, for what was shown and not for what might have been."""

import pytest

from gateway.log.search import ALL_TIME, Window
from gateway.log.snapshot import LogError
from gateway.reports.month import ReportMonth
from gateway.reports.processing import processing_report
from gateway.reports.report import Report, ReportTable
from schema.catalog import Catalog
from tests.conftest import Databases, run


def made(url: str, catalog: Catalog, window: Window = ALL_TIME) -> dict[str, ReportTable]:
    report: Report = run(url, lambda connection: processing_report(connection, catalog, window))
    return {table.heading: table for table in report.tables}


def used(tables: dict[str, ReportTable]) -> dict[tuple[object, ...], tuple[object, ...]]:
    """What was used, by grant, role and what; with answers and the last day."""
    return {(row[5], row[0], row[2]): row[7:] for row in tables["Granted, and used"].rows if row[7]}


def test_a_grant_is_used_where_its_form_was_shown(logged: str, catalog: Catalog) -> None:
    """An answer that showed nothing of anybody used no grant, and a refusal neither."""
    assert used(made(logged, catalog)) == {
        ("G22", "BANK", "payment information"): (2, "2025-03-01"),
        ("G10", "PLATFORM", "registration information"): (1, "2025-03-02"),
        ("G11", "PLATFORM", "payment information"): (1, "2025-03-02"),
        ("G27", "PUBLIC", "figures about account activities"): (1, "2025-03-03"),
        ("G28a", "AUTHORITY", "registration information"): (1, "2025-03-04"),
    }


def test_grants_that_nobody_used_are_listed(logged: str, catalog: Catalog) -> None:
    """Each as a sentence."""
    unused = {row[0]: row[1] for row in made(logged, catalog)["Grants that nobody used"].rows}
    assert not {"G22", "G10", "G11", "G27", "G28a"} & set(unused)
    assert "for account service" in str(unused["G21a"])


def test_what_is_granted_no_longer_is_listed(logged: str, catalog: Catalog) -> None:
    """With the version that it was shown by."""
    assert list(made(logged, catalog)["Shown by what is granted no longer"].rows) == [
        ("MEMBER", "self_service", "Member.shoeSize", "2001-01-01", 1, "2025-03-05"),
        ("MEMBER", "self_service", "REGISTRATION", "2001-01-01", 1, "2025-03-05"),
    ]


def test_use_is_that_of_a_time(logged: str, catalog: Catalog) -> None:
    april = made(logged, catalog, ReportMonth(year=2025, month=4).window)
    assert used(april) == {}
    assert list(april["Answers across a border"].rows) == []
    march = made(logged, catalog, ReportMonth(year=2025, month=3).window)
    assert list(march["Answers across a border"].rows) == [("BANK", "transaction_completion", 1)]


def test_every_grant_and_clause_is_there(logged: str, catalog: Catalog) -> None:
    """Beside the recipients, who each is and what for."""
    tables = made(logged, catalog)
    assert len(tables["Recipients and purposes"].rows) == 14
    cited = {clause for row in tables["Granted, and used"].rows for clause in str(row[6]).split()}
    assert {row[0] for row in tables["What the clauses say"].rows} == cited


def test_without_a_policy_there_is_none(databases: Databases, catalog: Catalog) -> None:
    """As in a ledger of its own."""
    url = databases.make("empty_market")
    run(url, lambda connection: connection.execute("truncate veil.policy_activation"))
    with pytest.raises(LogError, match="no policy is in force in this database"):
        made(url, catalog)
    databases.drop(url)
