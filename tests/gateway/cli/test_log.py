"""`veil log`, as it is called: what it prints, and what it exits with."""

import csv
import hashlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from gateway.cli.main import main
from gateway.database import migration
from gateway.log.veil_verify import Trust, VerifierKey, check_file
from schema.refusals import Code
from tests.conftest import LOGIN, PASSWORD, Databases, database, run
from tests.gateway.log.logs import SIGNER, seal
from tests.gateway.log.test_search import ADD_PLAN, ADD_RECORDS
from tests.house.test_documents import CLI, LOG, blocks, parsed

ROOT = Path(__file__).parents[3]
RECORD = "00000000-0000-0000-0000-00000000000a"
SEALED = "veil.retirement, veil.proof_leaf, veil.proof_tile, veil.checkpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a command did. Its lines are not folded, whatever the width of the terminal."""

    code: object
    out: str
    err: str


Veil = Callable[..., Called]


@pytest.fixture(scope="module")
def market(databases: Databases) -> Generator[str]:
    url = databases.make("empty_market")
    yield url
    databases.drop(url)


@pytest.fixture
def url(market: str) -> str:
    """A log of five records."""
    emptied = f"truncate veil.access_record, veil.access_plan, {SEALED}"
    run(market, lambda connection: connection.execute(f"{emptied}; {ADD_PLAN}; {ADD_RECORDS}"))
    return market


@pytest.fixture
def veil(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Veil:
    """Calls `veil log` with these words, for the log of five records."""
    monkeypatch.setenv("VEIL_DATABASE", url)

    def call(*words: str) -> Called:
        monkeypatch.setattr(sys, "argv", ["veil", "log", *words])
        with pytest.raises(SystemExit) as exited:
            main()
        captured = capsys.readouterr()
        return Called(code=exited.value.code, out=captured.out, err=captured.err)

    return call


@pytest.fixture
def signing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, veil: Veil) -> str:
    """The settings of a log that is sealed; its public key."""
    made = veil("key", "market.example/access-log", "--output", str(tmp_path / "key"))
    assert made.code == 0
    monkeypatch.setenv("VEIL_LOG_KEY", str(tmp_path / "key"))
    monkeypatch.setenv("VEIL_LOG_PUBLIC_KEY", made.out.strip())
    monkeypatch.setenv("VEIL_CHECKPOINTS", str(tmp_path / "checkpoint"))
    return made.out.strip()


def test_what_is_sealed_is_verified(veil: Veil, signing: str, tmp_path: Path) -> None:
    """And the next verification goes on from there."""
    assert signing.startswith("market.example/access-log+")
    done = veil("keep", "--once")
    assert (done.code, done.out) == (0, "sealed now: 7 leaves\n")
    for lines in (["verified now: 7 leaves"], ["verified before: 7 leaves", "verified now: 0 leaves"]):
        found = veil("verify", "--state", str(tmp_path / "state"))
        assert (found.code, found.out.splitlines()) == (0, [*lines, "not sealed yet: 0 records"])


def test_a_log_without_a_checkpoint_is_a_failure(veil: Veil, signing: str) -> None:
    """How many are not sealed, and since when."""
    found = veil("verify", "--key", signing)
    assert (found.code, found.out.splitlines()) == (
        1,
        ["verified now: 0 leaves", "not sealed yet: 5 records, the oldest of 2025-03-01 00:00:00+00"],
    )
    assert "there is no checkpoint, so nothing is sealed: run `veil log keep`" in found.err


def test_what_does_not_fit_is_reported_with_code_1(veil: Veil, signing: str, url: str, tmp_path: Path) -> None:
    """Each place, on standard error; and the next verification does not go on from there."""
    assert signing
    veil("keep", "--once")
    run(url, lambda connection: connection.execute("delete from veil.access_record where role in ('BANK', 'MEMBER')"))
    found = veil("verify", "--state", str(tmp_path / "state"))
    assert found.code == 1
    assert re.findall(r"record [0-9a-f-]{34}(..) was removed", found.err) == ["0b", "0c"]
    assert not (tmp_path / "state").exists()


def test_a_key_that_is_none_is_reported(
    veil: Veil, signing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The key itself is not."""
    (tmp_path / "other").write_text("PRIVATE+KEY+something")
    monkeypatch.setenv("VEIL_LOG_KEY", str(tmp_path / "other"))
    refused = veil("keep", "--once")
    assert (refused.code, "make one with `veil log key`" in refused.err, "something" in refused.err) == (1, True, False)
    assert veil("verify", "--key", f"{signing}x").code == 2


def test_a_record_is_proven_and_the_log_extends_a_checkpoint(veil: Veil, signing: str, tmp_path: Path) -> None:
    veil("keep", "--once")
    proof = tmp_path / "proof.json"
    made = veil("prove", RECORD, "--earlier", str(tmp_path / "checkpoint"), "--output", str(proof))
    assert (made.code, made.out) == (0, "")
    lines = list(check_file(proof, Trust(keys=[VerifierKey.read(signing)])))
    assert lines[1] == f"in the log: record {RECORD}, at position 2"
    assert lines[-1] == "extends the checkpoint of 7 leaves"


def test_an_export_with_proofs_is_verified(veil: Veil, signing: str, tmp_path: Path) -> None:
    veil("keep", "--once")
    export = tmp_path / "march.jsonl"
    made = veil("export", "--proofs", "--output", str(export))
    assert f"5 leaves written to {export}\n" in made.err
    assert list(check_file(export, Trust(keys=[VerifierKey.read(signing)])))[-1].startswith("in the log: 5 leaves")


def test_a_member_is_erased_once_it_is_confirmed(
    veil: Veil, signing: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signing
    veil("keep", "--once")
    naming = "select count(*) from veil.access_record where subjects @> array[3::bigint] or member_id = 3"
    before = run(url, lambda connection: connection.fetchval(naming))
    assert before > 0
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    asked = veil("erase", "--member", "3")
    assert (asked.code, run(url, lambda connection: connection.fetchval(naming))) == (1, before)
    assert "who saw data of member 3. Erase?" in asked.out + asked.err
    done = veil("erase", "--member", "3", "--yes")
    assert (done.code, done.out) == (0, f"erased from {before} records\n")
    assert run(url, lambda connection: connection.fetchval(naming)) == 0
    veil("keep", "--once")
    assert f"erased: {before} leaves" in veil("verify").out


def test_months_are_retired_into_a_file_that_verifies(veil: Veil, signing: str, url: str, tmp_path: Path) -> None:
    march = """
        create table veil.access_record_2025_03 (like veil.access_record including all);
        insert into veil.access_record_2025_03 (id, policy, outcome)
        select (veil.first_id('2025-03-02Z')::text)::uuid, '2012-06-11', 'INVALID';
        alter table veil.access_record attach partition veil.access_record_2025_03
        for values from (veil.first_id('2025-03-01Z')) to (veil.first_id('2025-04-01Z'))"""
    run(url, lambda connection: connection.execute(march))
    veil("keep", "--once")
    file = tmp_path / "march.jsonl"
    done = veil("retire", "--before", "2025-04-01", "--output", str(file), "--yes")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (done.code, done.out) == (0, f"retired: 1 records of 1 months; SHA-256 of the export {digest}\n")
    assert "in the log: 1 leaves" in list(check_file(file, Trust(keys=[VerifierKey.read(signing)])))[-1]
    veil("keep", "--once")
    assert "retired: 1 leaves" in veil("verify").out
    again = veil("retire", "--before", "2025-04-01", "--output", str(file), "--yes")
    assert (again.code, "no records of months that ended" in again.err) == (1, True)


def test_all_of_a_record_is_shown(veil: Veil, signing: str) -> None:
    """As lines or as JSON, and whether it is sealed."""
    assert signing
    shown = veil("show", RECORD)
    assert shown.code == 0
    assert f"id: {RECORD}" in shown.out.splitlines()
    assert "plan role: PLATFORM" in shown.out.splitlines()
    assert shown.out.endswith("not sealed yet\n")
    veil("keep", "--once")
    assert veil("show", RECORD).out.endswith("sealed at position 2\n")
    found = json.loads(veil("show", RECORD, "--json").out)
    assert (found["record"]["id"], found["plan"]["id"], found["position"]) == (RECORD, found["record"]["plan"], 2)


def test_a_record_that_is_not_there_is_reported(veil: Veil) -> None:
    missing = veil("show", "00000000-0000-0000-0000-0000000000ff")
    assert (missing.code, "there is no record" in missing.err) == (1, True)


@pytest.mark.parametrize("words", [("--member", "4"), ("--record", "00000000-0000-0000-0000-00000000000b")])
def test_records_are_found_as_json_lines(veil: Veil, words: tuple[str, ...]) -> None:
    """Each with its whole id."""
    lines = [json.loads(line) for line in veil("find", "--json", *words, "--limit", "1").out.splitlines()]
    assert [line["id"] for line in lines] == ["00000000-0000-0000-0000-00000000000b"]
    assert set(lines[0]) == {
        *("at", "role", "purpose", "organisation", "operation", "outcome", "refusals", "subjects", "id")
    }


def test_records_are_found_in_a_table(veil: Veil) -> None:
    """A line each, whole, the newest first; how many, on standard error."""
    found = veil("find", "--member", "4", "--since", "2025-03-01", "--until", "2025-03-03T00:00:00+01:00")
    assert found.code == 0
    assert [line.split() for line in found.out.splitlines()[1:]] == [
        [
            *("2025-03-02", "00:00:00", "BANK", "transaction_completion", "10", "Members", "ANSWERED", "–", "1"),
            "00000000-0000-0000-0000-00000000000b",
        ],
        [
            *("2025-03-01", "00:00:00", "PLATFORM", "account_service", "1", "Members", "ANSWERED", "–", "2"),
            "00000000-0000-0000-0000-00000000000a",
        ],
    ]
    assert found.err == "records: 2\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--requester", "court"),
        ("--organisation", "20"),
        ("--role", "authority"),
        ("--purpose", "court_order"),
        ("--reference", 'case "12", of\n2025 – 判決'),
        ("--outcome", "answered", "--since", "2025-03-03"),
        ("--limit", "1", "--until", "2025-03-04T12:00"),
    ],
    ids=lambda words: words[0],
)
def test_each_criterion_is_an_option(veil: Veil, words: tuple[str, ...]) -> None:
    """All of these find one and the same record."""
    found = veil("find", *words)
    assert re.findall(r"0{4}-\w{12}", found.out) == ["0000-00000000000d"]


def test_it_is_reported_when_there_may_be_more(veil: Veil) -> None:
    """And which of them these are."""
    assert veil("find", "--limit", "2").err == "records: 2; `--limit` shows older ones\n"
    assert veil("find", "--role", "ACQUIRER").err == "records: 0\n"


@pytest.mark.parametrize(
    "words",
    [
        ("find", "--member", "0"),
        ("find", "--member", str(2**63)),
        ("find", "--member", "somebody"),
        ("find", "--role", "KING"),
        ("find", "--purpose", "curiosity"),
        ("find", "--outcome", "LOST"),
        ("find", "--since", "yesterday"),
        ("find", "--limit", "0"),
        ("export", "--format", "xml"),
        ("export", "--after", "-1"),
        ("export", "--until", "2025-13-01"),
        ("verify",),
        ("verify", "--key", "abc"),
        ("keep",),
        ("prove",),
        ("prove", "abc"),
        ("show", "abc"),
        ("report",),
        ("report", "--month", "2025-13"),
        ("report", "--month", "2025-03", "--member", "3"),
        ("report", "--month", "2025-03", "--since", "2025-03-01"),
        ("report", "--processing", "--withhold", "X"),
        ("report", "--member", "0"),
        ("unseal",),
    ],
    ids=" ".join,
)
def test_a_wrong_call_exits_with_2(veil: Veil, words: tuple[str, ...]) -> None:
    """Nothing is asked of the database."""
    called = veil(*words)
    assert (called.code, called.out) == (2, "")
    assert called.err


def test_an_outcome_is_any_code_of_a_refusal(veil: Veil) -> None:
    """A mistyped one is answered with those there are."""
    called = veil("find", "--outcome", "LOST")
    assert all(code in re.sub(r"[\s│]+", " ", called.err) for code in ("ANSWERED", *Code.__members__))


def test_an_export_goes_to_standard_output(veil: Veil, signing: str) -> None:
    """And nothing else does. What is not sealed is left out, and counted."""
    assert signing
    veil("keep", "--once")
    done = veil("export", "--since", "2025-03-02", "--until", "2025-03-04")
    assert (done.code, done.err) == (0, "not sealed yet: 0 records; go on with `--after 6`\n")
    assert [json.loads(line)["role"] for line in done.out.splitlines()] == ["BANK", "MEMBER"]


def test_an_export_goes_on_from_a_position(veil: Veil, signing: str, url: str) -> None:
    """That the one before it has named."""
    assert signing
    veil("keep", "--once")
    assert [json.loads(line)["position"] for line in veil("export", "--after", "4").out.splitlines()] == [5, 6]
    run(url, lambda connection: connection.execute(ADD_REFUSAL))
    assert veil("export", "--after", "6").err == "not sealed yet: 1 records; go on with `--after 6`\n"
    veil("keep", "--once")
    later = veil("export", "--after", "6")
    assert [json.loads(line)["position"] for line in later.out.splitlines()] == [7]
    assert later.err == "not sealed yet: 0 records; go on with `--after 7`\n"
    beyond = veil("export", "--after", "9")
    assert (beyond.code, beyond.out, "position 9 is not in this log, which ends at 7" in beyond.err) == (1, "", True)
    assert len(veil("export", "--proofs", "--after", "5").out.splitlines()) == 3


def test_an_export_of_what_is_not_sealed_says_what_to_run(veil: Veil) -> None:
    done = veil("export")
    assert (done.code, done.out) == (1, "")
    assert "nothing is sealed yet; run `veil log keep`" in done.err


def test_an_export_goes_to_a_file(veil: Veil, signing: str, tmp_path: Path) -> None:
    """Progress and how many there were go to standard error."""
    assert signing
    veil("keep", "--once")
    file = tmp_path / "log.csv"
    done = veil("export", "--format", "csv", "--output", str(file))
    assert (done.code, done.out) == (0, "")
    assert "records exported" in done.err
    assert done.err.endswith(f"5 records written to {file}\nnot sealed yet: 0 records; go on with `--after 6`\n")
    with file.open(newline="") as rows:
        assert [row["role"] for row in csv.DictReader(rows)] == ["PLATFORM", "BANK", "MEMBER", "AUTHORITY", ""]


def test_a_file_that_cannot_be_written_is_reported_with_code_1(veil: Veil, tmp_path: Path) -> None:
    """With the reason."""
    done = veil("export", "--output", str(tmp_path / "nowhere" / "log.jsonl"))
    assert (done.code, done.out) == (1, "")
    assert "cannot be written: No such file or directory" in done.err


@pytest.mark.parametrize("scope", [("--month", "2025-03"), ("--member", "4"), ("--processing",)], ids=str)
@pytest.mark.parametrize(("form", "start"), [("text", ""), ("html", "<!doctype html>"), ("csv", "")])
def test_a_report_is_written_in_each_form(
    veil: Veil, tmp_path: Path, scope: tuple[str, ...], form: str, start: str
) -> None:
    """To standard output, or to a file that only its owner may read."""
    file = tmp_path / "report"
    to_file = veil("report", *scope, "--format", form, "--output", str(file))
    to_output = veil("report", *scope, "--format", form)
    assert (to_file.code, to_file.out, to_output.code) == (0, "", 0)
    assert to_output.out.startswith(start)
    assert file.read_text("utf-8") == to_output.out
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_letter_leaves_out_what_is_withheld(veil: Veil, url: str) -> None:
    statement = "update veil.access_record set reference = 'sealed' where role = 'BANK'"
    run(url, lambda connection: connection.execute(statement))
    assert "organisation 10 (a bank)" in veil("report", "--member", "4", "--since", "2025-03-01", "--format", "csv").out
    withheld = veil("report", "--member", "4", "--withhold", "other", "--withhold", "sealed", "--format", "csv")
    assert ("a bank" in withheld.out, withheld.err) == (False, "")


COMMANDS = (
    *(
        "keep --once",
        f"verify --key {SIGNER.public[0]}",
        "find",
        "export",
        "report --processing",
        f"show {RECORD}",
        f"prove {RECORD}",
    ),
    *("erase --member 3 --yes", f"retire --before 2026-01-01 --output x --key {SIGNER.public[0]} --yes"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split()[0])
@pytest.mark.usefixtures("signing")
def test_a_database_without_a_log_is_reported_with_code_1(
    veil: Veil, databases: Databases, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """And what to run."""
    monkeypatch.setenv("VEIL_DATABASE", database(databases.url, "postgres"))
    called = veil(*shlex.split(command))
    assert (called.code, called.out) == (1, "")
    assert "run `veil migrate`" in called.err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split()[0])
@pytest.mark.usefixtures("signing")
def test_a_database_that_is_not_there_is_reported_with_code_1(
    veil: Veil, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Without its URL."""
    monkeypatch.setenv("VEIL_DATABASE", "postgresql://owner:password@127.0.0.1:1/market")
    called = veil(*shlex.split(command))
    assert (called.code, called.out) == (1, "")
    assert "the database cannot be reached" in called.err
    assert "password" not in called.err


ADD_REFUSAL = "insert into veil.access_record (id, policy, outcome) values (gen_random_uuid(), '', 'INVALID')"

OFFICER = f"""
    do $$ begin
        if not exists (select from pg_roles where rolname = 'an_officer') then
            create role an_officer login password '{PASSWORD}';
        end if;
    end $$;
    grant veil_officer to an_officer"""


def test_the_officers_login_reads_the_log_and_changes_nothing(
    veil: Veil, signing: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds, reports, exports, proves and verifies; it neither seals nor reads the marketplace."""
    veil("keep", "--once")
    run(url, lambda connection: connection.execute(OFFICER))
    parts = urlsplit(url)
    login = urlunsplit(parts._replace(netloc=f"an_officer:{PASSWORD}@{parts.netloc.rpartition('@')[2]}"))
    monkeypatch.setenv("VEIL_DATABASE", login)
    reading = ("find", f"show {RECORD}", "export", "export --proofs", f"prove {RECORD}", f"verify --key {signing}")
    reports = ("report --member 4", "report --month 2025-03", "report --processing")
    assert [veil(*shlex.split(command)).code for command in (*reading, *reports)] == [0] * 9
    run(url, lambda connection: connection.execute(ADD_REFUSAL))
    assert "this login may not do that" in veil("keep", "--once").err
    for statement in ("select from marketplace.member", "delete from veil.access_record", "truncate veil.checkpoint"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            run(login, lambda connection, text=statement: connection.execute(text))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split()[0])
@pytest.mark.usefixtures("signing")
def test_the_gateways_own_login_is_of_no_use(
    veil: Veil, url: str, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """The log is the owner's."""
    login = run(url, lambda connection: migration.create_login(connection, url, LOGIN, PASSWORD))
    monkeypatch.setenv("VEIL_DATABASE", login)
    called = veil(*shlex.split(command))
    assert (called.code, called.out) == (1, "")
    assert "this login may not do that; give the URL of the tables' owner" in called.err


def test_who_reads_an_export_may_stop_at_any_time(url: str) -> None:
    """As `head` does: nothing is said of it."""
    more = """
        insert into veil.access_record (id, policy, outcome)
        select gen_random_uuid(), '2012-06-11', 'INVALID' from generate_series(1, 5000)"""
    run(url, lambda connection: connection.execute(more))
    seal(url)
    command = [sys.executable, "-c", "from gateway.cli.main import main; main()", "log", "export"]
    environment = {**os.environ, "VEIL_DATABASE": url}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["role"] == "PLATFORM"
        process.stdout.close()
        assert process.stderr.read() == ""


def test_every_command_that_is_described_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the log's page, with their options."""
    monkeypatch.setenv("VEIL_DATABASE", "postgresql://owner@db/market")
    commands = [line for block in blocks(LOG, "sh") for line in block.splitlines()]
    assert len(commands) > 5
    for command in commands:
        program, *words = shlex.split(command, comments=True)
        assert program == "veil"
        parsed(CLI, words)
