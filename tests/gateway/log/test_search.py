"""The access log, asked by its owner: what is found by what, and that an export is whole, however long the log."""

import csv
import io
import json
import stat
import tracemalloc
from collections.abc import Generator, Sequence
from dataclasses import astuple
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast

import pytest

from gateway.log import erasing, search
from gateway.log.search import EXPORTED, Criteria, ExportFormat, ExportRange, ExportResult, ListedRecord, Window
from gateway.log.snapshot import LogError, log_snapshot
from schema.identities import Identity
from tests.conftest import Databases, run, silent
from tests.gateway.log.logs import add, execute, seal, value

START = datetime(2025, 3, 1, tzinfo=UTC)

ADD_PLAN = """
    insert into veil.access_plan values ('00000000-0000-0000-0000-000000000001', 'PLATFORM', 'account_service',
        '2012-06-11', 'Members', 'query Members { members { nodes { name email } } }',
        '[{"field": "Member.name", "treatment": "PLAIN"}, {"field": "Member.email", "treatment": "PARTIAL"}]')"""

ADD_RECORDS = """
    insert into veil.access_record (id, at, requester, role, purpose, member_id, organisation_id, reference, policy,
        plan, operation, outcome, subjects, row_count, cross_border, trace)
    values
        ('00000000-0000-0000-0000-00000000000a', '2025-03-01', 'daily job', 'PLATFORM', 'account_service', null, 1,
            null, '2012-06-11', '00000000-0000-0000-0000-000000000001', 'Members', 'ANSWERED', '{3,4}', 2, false, 't'),
        ('00000000-0000-0000-0000-00000000000b', '2025-03-02', 'bank', 'BANK', 'transaction_completion', null, 10,
            null, '2012-06-11', '00000000-0000-0000-0000-000000000001', 'Members', 'ANSWERED', '{4}', 1, true, null),
        ('00000000-0000-0000-0000-00000000000c', '2025-03-03', 'member:3', 'MEMBER', 'self_service', 3, null,
            null, '2012-06-11', null, null, 'INVALID', '{}', 0, null, null),
        ('00000000-0000-0000-0000-00000000000d', '2025-03-04', 'court', 'AUTHORITY', 'court_order', null, 20,
            E'case "12", of\\n2025 – 判決', '2012-06-11', null, E'No\\x1b[2Jname', 'ANSWERED', '{}', 0, null, null),
        ('00000000-0000-0000-0000-00000000000e', '2025-03-05', null, null, null, null, null,
            null, '2012-06-11', null, null, 'TOKEN_INVALID', '{}', 0, null, null)"""


@pytest.fixture(scope="module")
def few(databases: Databases) -> Generator[str]:
    """A sealed log of five records, a to e."""
    url = databases.make("empty_market")
    run(url, lambda connection: connection.execute(f"{ADD_PLAN}; {ADD_RECORDS}"))
    seal(url)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def many(databases: Databases) -> Generator[str]:
    """A sealed log of fifty thousand records, of ten thousand members' data, each member's in fifteen."""
    url = databases.make("empty_market")
    add = """
        insert into veil.access_record (id, at, requester, role, purpose, policy, plan, operation, outcome, subjects)
        select gen_random_uuid(), $1::timestamptz + i * interval '1 second', 'service:' || i % 50, 'PLATFORM',
            'account_service', '2012-06-11', '00000000-0000-0000-0000-000000000001', 'Members', 'ANSWERED',
            array[i % 10000, (i + 1) % 10000, (i + 2) % 10000]
        from generate_series(1, 50000) i"""

    async def work(connection: Any) -> None:
        await connection.execute(ADD_PLAN)
        await connection.execute(add, START)
        await connection.execute("analyze veil.access_record")

    run(url, work)
    seal(url)
    yield url
    databases.drop(url)


def find(url: str, criteria: Criteria, limit: int = 50) -> Sequence[ListedRecord]:
    return run(url, lambda connection: search.find(connection, criteria, limit))


def letters(found: Sequence[ListedRecord]) -> str:
    return "".join(each.id[-1] for each in found)


# Finding.


@pytest.mark.parametrize(
    ("criteria", "records"),
    [
        (Criteria(), "edcba"),
        (Criteria(member=3), "a"),
        (Criteria(member=4), "ba"),
        (Criteria(member=5), ""),
        (Criteria(requester="bank"), "b"),
        (Criteria(organisation=20), "d"),
        (Criteria(role="MEMBER"), "c"),
        (Criteria(purpose="account_service"), "a"),
        (Criteria(outcome="ANSWERED"), "dba"),
        (Criteria(outcome="TOKEN_INVALID"), "e"),
        (Criteria(reference='case "12", of\n2025 – 判決'), "d"),
        (Criteria(window=Window(since=START + timedelta(days=1))), "edcb"),
        (Criteria(window=Window(until=START + timedelta(days=1))), "a"),
        (Criteria(window=Window(since=START + timedelta(days=1), until=START + timedelta(days=3))), "cb"),
        (Criteria(member=4, role="BANK"), "b"),
        (Criteria(member=4, role="BANK", outcome="INVALID"), ""),
    ],
    ids=str,
)
def test_a_record_is_found_by_each_criterion_and_by_all_together(few: str, criteria: Criteria, records: str) -> None:
    """The newest first; up to a time is before it."""
    assert letters(find(few, criteria)) == records


def test_what_read_no_data_is_found_by_its_outcome_or_its_id(few: str) -> None:
    record = "00000000-0000-0000-0000-0000000000ff"
    execute(
        few,
        "insert into veil.access_record (id, at, role, policy, outcome)"
        " values ($1::text::uuid, '2025-04-01', 'PUBLIC', '2012-06-11', 'DESCRIBED')",
        record,
    )
    try:
        assert letters(find(few, Criteria())) == "edcba"
        assert letters(find(few, Criteria(role="PUBLIC"))) == ""
        assert letters(find(few, Criteria(outcome="DESCRIBED"))) == "f"
        assert letters(find(few, Criteria(record=record))) == "f"
    finally:
        execute(few, "delete from veil.access_record where id = $1::text::uuid", record)


def test_no_more_are_found_than_asked_for(few: str) -> None:
    """They are the newest."""
    assert letters(find(few, Criteria(), limit=2)) == "ed"
    assert letters(find(few, Criteria(member=4), limit=1)) == "b"


def test_a_time_is_in_utc_unless_it_says_otherwise() -> None:
    """Whatever the clock of the machine."""
    paris = timezone(timedelta(hours=1))
    window = Window.read(datetime(2025, 3, 1), datetime(2025, 3, 1, 1, tzinfo=paris))  # noqa: DTZ001 - one without
    assert window == Window(since=START, until=START)


def test_who_has_seen_a_member_is_looked_up_by_the_member(many: str) -> None:
    """By the index of data subjects, whatever else is asked; not by going through the log."""
    for criteria in (Criteria(member=77), Criteria(member=77, outcome="ANSWERED", window=Window(since=START))):
        statement, values = search.search_statement(criteria)

        async def planned(connection: Any, text: str = statement.text, values: Sequence[Any] = values) -> str:
            async with log_snapshot(connection):
                return "\n".join(row[0] for row in await connection.fetch("explain " + text, 50, *values))

        assert "subjects_idx" in run(many, planned)
    assert len(find(many, Criteria(member=77))) == 15


def test_the_newest_are_found_without_going_through_the_log(many: str) -> None:
    """Without a member, from the newest on back."""
    statement, values = search.search_statement(Criteria())

    async def planned(connection: Any) -> str:
        async with log_snapshot(connection):
            return "\n".join(row[0] for row in await connection.fetch("explain " + statement.text, 50, *values))

    assert "Index Scan Backward using access_record_other_at_id_idx" in run(many, planned)


def test_what_is_listed_is_nobodys_data(few: str) -> None:
    """Neither who asked nor on which reference: ids, and what Veil itself has words for."""
    columns = search.records_table([], {}).columns
    assert [column.header for column in columns] == [
        *("at (UTC)", "role", "purpose", "organisation", "operation", "outcome", "refusals", "subjects"),
        "record",
    ]
    (found,) = find(few, Criteria(requester="daily job"))
    assert astuple(found) == (
        *("2025-03-01 00:00:00", "PLATFORM", "account_service", 1, "Members", "ANSWERED", None, 2),
        "00000000-0000-0000-0000-00000000000a",
    )


def test_an_organisation_is_listed_by_its_name(few: str) -> None:
    """Where that is known, with its id."""
    listed = find(few, Criteria(requester="daily job"))
    known: dict[Identity, str] = {1: "Helpful"}
    for names, shown in ((known, "Helpful (1)"), (dict[Identity, str](), "1")):
        (column,) = (each for each in search.records_table(listed, names).columns if each.header == "organisation")
        assert [str(cell) for cell in column.cells] == [shown]


def test_a_terminal_obeys_nothing_that_is_listed(few: str) -> None:
    """A control sequence in a record is shown as one, and not obeyed."""
    (column,) = (
        each
        for each in search.records_table(find(few, Criteria(role="AUTHORITY")), {}).columns
        if each.header == "operation"
    )
    assert [str(cell) for cell in column.cells] == ["No?[2Jname"]


# Exporting.


def exported(url: str, form: ExportFormat, window: Window = search.ALL_TIME) -> str:
    return exported_range(url, ExportRange(window=window), form)[0]


def exported_range(url: str, part: ExportRange, form: ExportFormat = ExportFormat.JSONL) -> tuple[str, ExportResult]:
    into = io.StringIO()
    done = run(url, lambda connection: search.export(connection, part, form, into, silent))
    return into.getvalue(), done


STORED = """
    select leaf.position, record.*, plan.fields, plan.classes
    from veil.access_record record left join veil.access_plan plan on plan.id = record.plan
    join veil.proof_leaf leaf on leaf.record = record.id
    order by position"""


def stored(url: str) -> list[dict[str, Any]]:
    """All records with their fields, in values of JSON but for times."""
    rows = run(url, lambda connection: connection.fetch(STORED))
    return [
        {
            **dict(row),
            "id": str(row["id"]),
            "plan": str(row["plan"]) if row["plan"] else None,
            "fields": json.loads(row["fields"]) if row["fields"] else None,
            "classes": json.loads(row["classes"]) if row["classes"] else None,
        }
        for row in rows
    ]


def test_json_lines_hold_all_that_is_recorded(few: str) -> None:
    """Every column, whatever characters are in it, and the fields of the plan; the last sealed last."""
    lines = [json.loads(line) for line in exported(few, ExportFormat.JSONL).splitlines()]
    assert [tuple(line) for line in lines] == [EXPORTED] * 5
    assert [{**line, "at": datetime.fromisoformat(line["at"])} for line in lines] == stored(few)


def test_csv_holds_all_that_is_recorded(few: str) -> None:
    """What is not text is JSON in its cell, and nothing is an empty cell."""
    text = (
        "shown",
        "requester",
        "role",
        "purpose",
        "reference",
        "policy",
        "operation",
        "outcome",
        "trace",
        "id",
        "plan",
    )

    def read(name: str, cell: str) -> Any:
        if cell == "":
            return "" if name == "shown" else None
        if name == "at":
            return datetime.fromisoformat(cell)
        return cell if name in text else json.loads(cell)

    rows = list(csv.DictReader(io.StringIO(exported(few, ExportFormat.CSV), newline="")))
    assert [{name: read(name, cell) for name, cell in row.items()} for row in rows] == stored(few)


def test_no_column_is_left_out_of_an_export(few: str) -> None:
    """A column that is added to the table is to be added here."""
    query = """
        select attname from pg_attribute
        where attrelid = 'veil.access_record'::regclass and attnum > 0 and not attisdropped"""
    columns = run(few, lambda connection: connection.fetch(query))
    assert sorted(("position", *(row[0] for row in columns), "fields", "classes")) == sorted(EXPORTED)


def test_an_export_is_of_a_time(few: str) -> None:
    """From a time on, and up to before another; of no records it is the head alone."""
    second = Window(since=START + timedelta(days=1), until=START + timedelta(days=2))
    assert [json.loads(line)["id"][-1] for line in exported(few, ExportFormat.JSONL, second).splitlines()] == ["b"]
    never = Window(until=START)
    assert exported(few, ExportFormat.JSONL, never) == ""
    assert exported(few, ExportFormat.CSV, never) == ",".join(EXPORTED) + "\n"


def positions(text: str) -> Sequence[int]:
    return [json.loads(line)["position"] for line in text.splitlines()]


def test_an_export_goes_on_from_a_position_and_misses_nothing(database_url: str) -> None:
    """A record that commits late has a later place, whatever its time."""
    add(database_url, 6)
    seal(database_url)
    text, done = exported_range(database_url, ExportRange())
    assert (len(text.splitlines()), done.count, done.unsealed) == (6, 6, 0)
    assert (positions(text)[-1], done.last) == (done.last, done.last)
    add(database_url, 3, after=START - timedelta(days=1))
    assert exported_range(database_url, ExportRange(after=done.last)) == (
        "",
        ExportResult(count=0, last=done.last, unsealed=3),
    )
    seal(database_url)
    text, later = exported_range(database_url, ExportRange(after=done.last))
    assert (positions(text), later.unsealed) == ([done.last + 1, done.last + 2, done.last + 3], 0)
    window = Window(until=START)
    assert exported_range(database_url, ExportRange(after=done.last + 1, window=window))[1] == ExportResult(
        count=2, last=later.last, unsealed=0
    )
    assert exported_range(database_url, ExportRange(after=done.last, window=Window(since=START)))[0] == ""


def test_a_record_that_somebody_was_erased_from_is_exported_once(database_url: str) -> None:
    """By its newer leaf, so that an export that goes on has it again."""
    add(database_url, 6)
    seal(database_url)
    before = exported_range(database_url, ExportRange())[1]
    member = value(database_url, "select subjects[2] from veil.access_record where cardinality(subjects) = 2 limit 1")
    erased = run(database_url, lambda connection: erasing.erase(connection, member, silent))
    again, done = exported_range(database_url, ExportRange(after=before.last))
    assert done.count == erased > 0
    assert all(member not in json.loads(line)["subjects"] for line in again.splitlines())
    assert exported_range(database_url, ExportRange())[1].count == 6


def test_an_export_of_a_log_that_nobody_keeps_is_refused(database_url: str) -> None:
    """It says what to run."""
    add(database_url, 1)
    execute(database_url, "truncate veil.proof_leaf")
    with pytest.raises(LogError, match="nothing is sealed yet; run `veil log keep`"):
        exported_range(database_url, ExportRange())


class Counting:
    """Something to write into that keeps nothing."""

    size = 0

    def write(self, text: str) -> int:
        self.size += len(text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)


@pytest.mark.parametrize("form", ExportFormat)
def test_an_export_passes_through_and_is_not_gathered(many: str, form: ExportFormat) -> None:
    """Of fifty thousand records, no more than a few thousand are ever held; progress goes up to all of them."""
    into = Counting()
    steps: list[tuple[str, int, int]] = []

    async def work(connection: Any) -> int:
        tracemalloc.start()
        try:
            progress = lambda *step: steps.append(step)  # noqa: E731 - a list's append takes one
            await search.export(connection, ExportRange(), form, cast("Any", into), progress)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak = run(many, work)
    assert steps[-1] == ("records exported", 50_000, 50_000)
    assert into.size > 15_000_000
    assert peak < 5_000_000


# Where it goes.


def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    """A log names requesters; a file that was there is replaced."""
    file = tmp_path / "log.jsonl"
    for text in ("first", "second"):
        with search.output_file(file) as into:
            into.write(text)
    assert file.read_text() == "second"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    """What breaks off leaves nothing behind."""
    file = tmp_path / "log.jsonl"
    file.write_text("whole")

    def break_off() -> None:
        with search.output_file(file) as into:
            into.write("half")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert file.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    """A device stays what it is, and a link leads where it led."""
    with search.output_file(Path("/dev/null")) as into:
        into.write("lost")
    assert not Path("/dev/null").is_file()
    (link := tmp_path / "link").symlink_to(file := tmp_path / "file")
    with search.output_file(link) as into:
        into.write("found")
    assert link.is_symlink()
    assert file.read_text() == "found"


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """With the reason."""
    message = r"`.*/nowhere/log.jsonl` cannot be written: No such file or directory"
    with pytest.raises(LogError, match=message), search.output_file(tmp_path / "nowhere" / "log.jsonl"):
        pass


def test_a_record_names_its_organisation_and_its_document_keeps_its_lines() -> None:
    """The lines of a document are indented, so that none is taken for another column; nothing commands the terminal."""
    record = {"id": "1", "organisation_id": 10, "reference": None}
    plan = {"document": "query Q {\n  id\nsealed: \x1b[0m\n}"}
    lines = search.record_lines({"record": record, "plan": plan, "position": None}, {10: "a bank"})
    assert "\n".join(lines).splitlines() == [
        *("id: 1", "organisation_id: a bank (10)", "reference: null"),
        *("plan document: query Q {", "      id", "    sealed: ?[0m", "    }", "not sealed yet"),
    ]
