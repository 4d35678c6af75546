"""The letter to a member: what was shown of them and to whom, and nothing of anybody else."""

from collections.abc import Sequence
from datetime import UTC, datetime

from gateway.log.search import ALL_TIME, Window
from gateway.reports.letter import LetterScope, letter
from gateway.reports.report import Report
from schema.catalog import Catalog
from tests.conftest import run


def made(
    url: str, catalog: Catalog, member: int = 3, window: Window = ALL_TIME, withheld: Sequence[str] = ()
) -> Report:
    scope = LetterScope(member=member, window=window, withheld=withheld)
    return run(url, lambda connection: letter(connection, catalog, scope))


def text(report: Report) -> str:
    return "\n".join([report.title, *report.paragraphs, *(str(row) for table in report.tables for row in table.rows)])


def test_each_day_says_to_whom_for_what_which_data_and_why(logged: str, catalog: Catalog) -> None:
    """Accesses of a day that showed the same are one line. Of another member's data in the same answer nothing is told."""
    days = made(logged, catalog).tables[1]
    assert days.columns == ("day", "recipient", "purpose", "times", "data", "basis")
    card = "payment information: payment card number, payment id as stored"
    assert list(days.rows) == [
        ("2025-03-01", "organisation 10 (a bank)", "transaction completion", 2, card, "U14"),
        (
            *("2025-03-02", "the marketplace's own services and staff", "account service", 1),
            *("payment information: payment card number in part", "U2"),
        ),
        (
            *("2025-03-04", "organisation 20 (an authority or court)", "court order", 1),
            *("registration information: email as stored", "D3, instrument =SECRET(1)"),
        ),
        (
            *("2025-03-05", "the member", "self service", 1),
            "information of another kind: shoe size as stored. registration information: email as a pseudonym",
            "A1, Z9",
        ),
        ("2025-04-01", "organisation 10 (a bank)", "transaction completion", 1, "nothing was shown", "–"),
    ]


def test_recipients_are_summed_up(logged: str, catalog: Catalog) -> None:
    summary = made(logged, catalog).tables[0]
    assert summary.rows[0][:5] == ("organisation 10 (a bank)", "transaction completion", 3, "2025-03-01", "2025-04-01")


def test_clauses_are_explained(logged: str, catalog: Catalog) -> None:
    """A version that is not known any more is said to be so."""
    clauses = made(logged, catalog).tables[2]
    assert [(row[0], row[1]) for row in clauses.rows] == [
        *(("A1", "2001-01-01"), ("Z9", "2001-01-01"), ("D3", "2012-06-11"), ("U2", "2012-06-11"), ("U14", "2012-06-11"))
    ]


def test_an_organisation_is_named_where_its_name_is_known(logged: str, catalog: Catalog) -> None:
    name = "insert into marketplace.organisation (id, name, kind, country) values (10, 'Peak Bank', 'BANK', 'HK')"
    run(logged, lambda connection: connection.execute(name))
    assert made(logged, catalog).tables[1].rows[0][1] == "Peak Bank (a bank)"
    run(logged, lambda connection: connection.execute("delete from marketplace.organisation where id = 10"))


def test_what_must_not_be_told_is_not_told(logged: str, catalog: Catalog) -> None:
    """Nothing says that something is left out: the letter is the one that there would be without."""
    withheld = made(logged, catalog, withheld=["=SECRET(1)"])
    told = text(withheld)
    assert ("court" in told, "SECRET" in told, "D3" in told, "20" in str(withheld.tables[0].rows)) == (
        *(False, False, False),
        True,
    )
    assert len(withheld.tables[1].rows) == 4
    run(logged, lambda connection: connection.execute("delete from veil.access_record where role = 'AUTHORITY'"))
    assert made(logged, catalog) == withheld


def test_nobody_of_the_staff_and_no_operation_is_named(logged: str, catalog: Catalog) -> None:
    """A requester's `sub` and a name that a third party chose."""
    told = text(made(logged, catalog))
    for word in ("clerk", "staff:", "judge", "WasHere", "INVALID"):
        assert word not in told


def test_a_letter_is_about_a_time(logged: str, catalog: Catalog) -> None:
    window = Window(since=datetime(2025, 3, 2, tzinfo=UTC), until=datetime(2025, 3, 4, tzinfo=UTC))
    report = made(logged, catalog, window=window)
    assert [row[0] for row in report.tables[1].rows] == ["2025-03-02"]
    assert "from 2 March 2025 00:00 until 4 March 2025 00:00 (UTC)" in report.paragraphs[0]


def test_of_whom_nothing_is_recorded_nothing_is_told(logged: str, catalog: Catalog) -> None:
    assert [len(table.rows) for table in made(logged, catalog, member=99).tables] == [0, 0, 0]
    assert [row[4] for row in made(logged, catalog, member=5).tables[1].rows] == ["nothing was shown"]


def test_a_change_is_told_as_what_is_known_of_it(announced: str, catalog: Catalog) -> None:
    """One that was made as made; one that was not made, not at all; of any other that nobody knows."""
    summary, days, _ = made(announced, catalog, member=6).tables
    changed = "registration information: email changed"
    doubt = f"announced, and not known whether it was done: {changed}"
    assert [(row[0], row[4]) for row in days.rows] == [
        ("2025-06-01", changed),
        ("2025-06-03", doubt),
        ("2025-06-04", doubt),
    ]
    assert [row[2] for row in summary.rows] == [1]
