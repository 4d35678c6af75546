"""`veil log`, as it is called: what it prints, and what it exits with."""

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.cli.main import main
from gateway.database import migration
from schema.refusals import Code
from tests.conftest import LOGIN, PASSWORD, Databases, database, run
from tests.gateway.log.test_search import ADD_PLAN, ADD_RECORDS
from tests.house.test_documents import CLI, LOG, blocks, parsed

ROOT = Path(__file__).parents[3]
KEY = "a key of at least thirty-two characters"
DIGEST = re.compile(r"the last seal, (\d+) of .*, has the digest ([0-9a-f]{64})")


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
    emptied = "truncate veil.access_record, veil.access_plan, veil.access_seal"
    run(market, lambda connection: connection.execute(f"{emptied}; {ADD_PLAN}; {ADD_RECORDS}"))
    return market


@pytest.fixture
def veil(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Veil:
    """Calls `veil log` with these words, for the log of five records and with a key."""
    monkeypatch.setenv("VEIL_DATABASE", url)
    monkeypatch.setenv("VEIL_SEAL_KEY", KEY)

    def call(*words: str) -> Called:
        monkeypatch.setattr(sys, "argv", ["veil", "log", *words])
        with pytest.raises(SystemExit) as exited:
            main()
        captured = capsys.readouterr()
        return Called(code=exited.value.code, out=captured.out, err=captured.err)

    return call


def test_what_is_sealed_is_verified(veil: Veil) -> None:
    """How many by how many, and the digest to keep elsewhere."""
    done = veil("seal")
    assert (done.code, done.out.splitlines()[0]) == (0, "sealed now: 5 records in 1 seal")
    digest = DIGEST.search(done.out)
    assert digest
    found = veil("verify", "--digest", digest[2])
    assert (found.code, found.out.splitlines()) == (
        0,
        ["unchanged since they were sealed: 5 records in 1 seal", digest[0], "not sealed yet: 0 records"],
    )


def test_a_log_without_seals_says_so(veil: Veil) -> None:
    """How many are not sealed, and since when."""
    found = veil("verify")
    assert (found.code, found.err) == (0, "")
    assert found.out.splitlines() == [
        "unchanged since they were sealed: 0 records in 0 seals",
        "not sealed yet: 5 records, the oldest of 2025-03-01 00:00:00+00",
    ]


def test_there_may_be_nothing_to_seal(veil: Veil) -> None:
    """Which is no failure: a timer calls again."""
    veil("seal")
    again = veil("seal")
    assert (again.code, again.err, again.out.splitlines()[0]) == (0, "", "sealed now: 0 records in 0 seals")
    assert DIGEST.search(again.out)


def test_what_does_not_fit_is_reported_with_code_1(veil: Veil, url: str) -> None:
    """On standard error, and how much fits before it."""
    veil("seal")
    run(url, lambda connection: connection.execute("delete from veil.access_record where role = 'BANK'"))
    found = veil("verify")
    assert (found.code, found.out) == (1, "unchanged since they were sealed: 0 records in 0 seals\n")
    assert "veil: seal 1, of the records from 2025-03-01 00:00:00+00 to 2025-03-05 00:00:00+00: 4 records" in found.err


def test_a_missing_key_is_reported(veil: Veil, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no failure, but to be known."""
    monkeypatch.delenv("VEIL_SEAL_KEY")
    warning = "it was made without VEIL_SEAL_KEY, so anybody who can write to the database could have made it"
    for command in ("seal", "verify"):
        done = veil(command)
        assert done.code == 0
        assert warning in done.out


@pytest.mark.parametrize("key", ["", "another key of at least thirty-two characters", "short"])
def test_a_wrong_key_is_reported_with_code_1(veil: Veil, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """The key itself is not."""
    veil("seal")
    monkeypatch.setenv("VEIL_SEAL_KEY", key)
    for command in ("seal", "verify"):
        refused = veil(command)
        assert (refused.code, "VEIL_SEAL_KEY" in refused.err) == (1, True)
        assert not key or key not in refused.err


def test_records_are_found_in_a_table(veil: Veil) -> None:
    """A line each, whole, the newest first; how many, on standard error."""
    found = veil("find", "--member", "4", "--since", "2025-03-01", "--until", "2025-03-03T00:00:00+01:00")
    assert found.code == 0
    assert [line.split() for line in found.out.splitlines()[1:]] == [
        [
            *("2025-03-02", "00:00:00", "BANK", "transaction_completion", "10", "Members", "ANSWERED", "1"),
            "00000000-0000-0000-0000-00000000000b",
        ],
        [
            *("2025-03-01", "00:00:00", "PLATFORM", "account_service", "1", "Members", "ANSWERED", "2"),
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
        ("export", "--until", "2025-13-01"),
        ("verify", "--digest", "abc"),
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


def test_an_export_goes_to_standard_output(veil: Veil) -> None:
    """And nothing else does."""
    done = veil("export", "--since", "2025-03-02", "--until", "2025-03-04")
    assert (done.code, done.err) == (0, "")
    assert [json.loads(line)["role"] for line in done.out.splitlines()] == ["BANK", "MEMBER"]


def test_an_export_goes_to_a_file(veil: Veil, tmp_path: Path) -> None:
    """Progress and how many there were go to standard error."""
    file = tmp_path / "log.csv"
    done = veil("export", "--format", "csv", "--output", str(file))
    assert (done.code, done.out) == (0, "")
    assert "records exported" in done.err
    assert done.err.endswith(f"5 records written to {file}\n")
    with file.open(newline="") as rows:
        assert [row["role"] for row in csv.DictReader(rows)] == ["PLATFORM", "BANK", "MEMBER", "AUTHORITY", ""]


def test_a_file_that_cannot_be_written_is_reported_with_code_1(veil: Veil, tmp_path: Path) -> None:
    """With the reason."""
    done = veil("export", "--output", str(tmp_path / "nowhere" / "log.jsonl"))
    assert (done.code, done.out) == (1, "")
    assert "cannot be written: No such file or directory" in done.err


@pytest.mark.parametrize("command", ["seal", "verify", "find", "export"])
def test_a_database_without_a_log_is_reported_with_code_1(
    veil: Veil, databases: Databases, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """And what to run."""
    monkeypatch.setenv("VEIL_DATABASE", database(databases.url, "postgres"))
    called = veil(command)
    assert (called.code, called.out) == (1, "")
    assert "run `veil migrate`" in called.err


@pytest.mark.parametrize("command", ["seal", "verify", "find", "export"])
def test_a_database_that_is_not_there_is_reported_with_code_1(
    veil: Veil, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Without its URL."""
    monkeypatch.setenv("VEIL_DATABASE", "postgresql://owner:password@127.0.0.1:1/market")
    called = veil(command)
    assert (called.code, called.out) == (1, "")
    assert "the database cannot be reached" in called.err
    assert "password" not in called.err


@pytest.mark.parametrize("command", ["seal", "verify", "find", "export"])
def test_the_gateways_own_login_is_of_no_use(
    veil: Veil, url: str, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """The log is the owner's."""
    login = run(url, lambda connection: migration.create_login(connection, url, LOGIN, PASSWORD))
    monkeypatch.setenv("VEIL_DATABASE", login)
    called = veil(command)
    assert (called.code, called.out) == (1, "")
    assert "this login may not do that; give the URL of the tables' owner" in called.err


def test_who_reads_an_export_may_stop_at_any_time(url: str) -> None:
    """As `head` does: nothing is said of it."""
    more = """
        insert into veil.access_record (id, policy, outcome)
        select gen_random_uuid(), '2012-06-11', 'INVALID' from generate_series(1, 5000)"""
    run(url, lambda connection: connection.execute(more))
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
