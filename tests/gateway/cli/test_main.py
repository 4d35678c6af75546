"""The command line: what each command says, and that it ends with 0 when done, 1 when refused, 2 when called wrongly."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from gateway.cli import main
from gateway.demo.sample.people import FEWEST
from gateway.demo.serving import address
from gateway.policy import in_force
from tests.conftest import CARE, PUBLIC, Asking, Databases, Serving, run, settings_for

SECOND = str(Path(__file__).parents[2] / "policies" / "2013-01-01.toml")
SECRET = "not-to-be-told"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Veil = Callable[..., Ended]


@pytest.fixture
def veil(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Veil:
    """Runs `veil` with some words, in a terminal of 120 columns, with nothing in the environment but what is given."""
    for name in os.environ:
        if name.startswith("VEIL_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "120")

    def run_veil(*words: str, **environment: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["veil", *words])
        capsys.readouterr()
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main.main()
        told = capsys.readouterr()
        return Ended(int(ended.value.code or 0), told.out, told.err)

    return run_veil


def in_one_line(text: str) -> str:
    """Without the frame that usage errors are drawn in."""
    return " ".join(text.replace("│", " ").split())


# Called wrongly.

WRONG: Mapping[str, tuple[str, ...]] = {
    "No such command 'dance'": ("dance",),
    "No such command 'bend'": ("policy", "bend"),
    "No such option": ("policy", "check", "--loudly"),
    "Missing argument 'old'": ("policy", "diff"),
    "Missing argument 'new'": ("policy", "diff", "2012-06-11"),
    "Missing argument 'policy'": ("policy", "activate", "--database", "postgresql:///none"),
    "Missing option '--database'": ("migrate",),
    "Missing argument 'query'": ("policy", "explain", "public", "public_browsing"),
    "'nobody' is not one of 'public'": ("policy", "explain", "nobody", "public_browsing", "{ x }"),
    "'curiosity' is not one of 'public_browsing'": ("schema", "public", "curiosity"),
    "give a purpose too": ("schema", "public"),
    "Missing option '--purpose'": ("token", "bank"),
    "say which organisation": ("token", "bank", "--purpose", "credit_assessment"),
    "say which member": ("token", "member", "--purpose", "self_service"),
    "BANK may ask for credit_assessment, transaction_completion, not campaign": (
        *("token", "bank", "--organisation", "10", "--purpose", "campaign"),
    ),
    "give a time like 30s, 15m, 1h or 2d": ("token", "platform", "--purpose", "diagnostics", "--ttl", "soon"),
    "Input should be greater than or equal to 1": ("token", "member", "--purpose", "self_service", "--member", "0"),
    "give a time of more than none": ("token", "platform", "--purpose", "diagnostics", "--ttl", "0s"),
    "give a role and a purpose too": ("schema", "--policy", "2013-01-01"),
    "give the 64 hexadecimal digits": ("log", "verify", "--database", "postgresql:///none", "--digest", ""),
    "Input should be less than or equal to 65535": ("demo", "--port", "70000"),
    "Input should be a valid integer": ("seed", "--database", "postgresql:///none", "--members", "many"),
}


@pytest.mark.parametrize("told", WRONG)
def test_called_wrongly_it_ends_with_2_and_says_how(told: str, veil: Veil, tmp_path: Path) -> None:
    words = [*WRONG[told], "--directory", str(tmp_path)] if WRONG[told][0] == "token" else WRONG[told]
    ended = veil(*words)
    assert ended.code == 2
    assert told in in_one_line(ended.err)
    assert ended.out == ""


def test_every_command_tells_how_it_is_called(veil: Veil) -> None:
    told = {
        "serve": "Serve over the PostgreSQL",
        "demo": "Serve a sample marketplace",
        "migrate": "Create or update the tables",
        "seed": "Load the sample marketplace",
        "token": "Sign a token",
        "database": "Print the URL",
        "schema": "Print the schema",
        "policy": "Read, check and explain the privacy policy",
    }
    for command, what in told.items():
        ended = veil(command, "--help")
        assert ended.code == 0
        assert what in in_one_line(ended.out)
    assert set(told) <= set(re.findall(r"\w+", veil("--help").out))


# Refused.


def test_settings_that_are_missing_or_unusable_are_named_one_by_one(veil: Veil) -> None:
    unusable = {
        "DATABASE": f"{SECRET}@nowhere",
        "AUDIENCE": "",
        "POOL_SIZE": "0",
        "BATCH_WAIT": "inf",
        "TIMEOUT": "3601",
    }
    ended = veil("serve", VEIL_SECRET=SECRET, **{f"VEIL_{name}": value for name, value in unusable.items()})
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "veil: VEIL_DATABASE: give a URL like postgresql://login:password@host/database",
        "VEIL_KEYS: this setting is required",
        "VEIL_ISSUER: this setting is required",
        "VEIL_AUDIENCE: give a value that is not empty",
        "VEIL_SECRET: give at least 32 characters, kept secret and never changed",
        "VEIL_POOL_SIZE: input should be greater than 0",
        "VEIL_BATCH_WAIT: input should be a finite number",
        "VEIL_TIMEOUT: input should be less than or equal to 3600",
    ]
    assert SECRET not in ended.err


DATABASE = (
    ("migrate",),
    ("seed",),
    ("policy", "activate", "2012-06-11"),
    ("policy", "simulate", "2012-06-11"),
)


@pytest.mark.parametrize("words", DATABASE, ids=" ".join)
@pytest.mark.parametrize("place", ["@127.0.0.1:1/none", "not a URL"])
def test_a_database_that_cannot_be_reached_is_told_without_its_url(
    veil: Veil, words: tuple[str, ...], place: str
) -> None:
    url = f"postgresql://somebody:{SECRET}{place}" if place.startswith("@") else place
    ended = veil(*words, "--database", url)
    assert ended.code == 1
    assert re.fullmatch(r"veil: the database cannot be reached \(\w+\); check its URL and that it runs\n", ended.err)


@pytest.mark.parametrize("words", DATABASE[1:], ids=" ".join)
def test_a_database_without_tables_is_told_from_one_that_has_them(
    veil: Veil, databases: Databases, words: tuple[str, ...]
) -> None:
    bare = databases.make("template1")
    ended = veil(*words, "--database", bare)
    databases.drop(bare)
    told = "veil: the database does not have Veil's tables; run `veil migrate` first\n"
    assert (ended.code, ended.err.lstrip("\n")) == (1, told)


def test_a_login_that_may_not_change_the_policy_is_refused(veil: Veil, market_url: str, key_file: Path) -> None:
    gateway = settings_for(market_url, key_file).database.get_secret_value()
    ended = veil("policy", "activate", SECOND, "--database", gateway)
    assert (ended.code, ended.err) == (1, "veil: this login may not do that; give the URL of the tables' owner\n")


def test_a_policy_that_is_not_there_or_wrong_is_refused_with_its_place(veil: Veil, tmp_path: Path) -> None:
    """By every command that reads one; what looks like the terminal's markup is told as it is."""
    wrong = tmp_path / "wrong.toml"
    text = Path(SECOND).read_text("utf-8")
    lost = text.index("[role.CLAIMANT]"), text.index("[role.ACQUIRER]")
    wrong.write_text(text[: lost[0]] + text[lost[1] :])
    told = "veil: wrong.toml:1: policy · role: the role `CLAIMANT` is not described; add `[role.CLAIMANT]`\n"
    reading = (
        ("policy", "check"),
        ("policy", "show", "--policy"),
        ("policy", "matrix", "--policy"),
        ("policy", "diff", "2012-06-11"),
        ("policy", "explain", "public", "public_browsing", "{ companies { totalCount } }", "--policy"),
        ("schema", "public", "public_browsing", "--policy"),
    )
    for words in reading:
        assert veil(*words, str(wrong)) == Ended(1, "", told)
        ended = veil(*words, "2011-01-01")
        assert ended.code == 1
        assert "there is no policy `2011-01-01`; give the path of a .toml file or one of `2012-06-11`" in ended.err


def test_a_query_that_cannot_be_answered_is_not_explained(veil: Veil) -> None:
    ended = veil("policy", "explain", "public", "public_browsing", "{ members { totalCount } }")
    assert ended == Ended(
        1,
        "",
        "veil: INVALID: Cannot query field 'members' on type 'Query'."
        " (ask only for what your schema has; introspection shows it)\n",
    )
    ended = veil("policy", "explain", "bank", "campaign", "{ members { totalCount } }")
    assert ended == Ended(1, "", "veil: BANK may ask for credit_assessment, transaction_completion, not campaign\n")


def test_a_token_is_not_signed_where_an_issuer_is_configured(veil: Veil, tmp_path: Path) -> None:
    words = ("token", "platform", "--purpose", "diagnostics", "--directory", str(tmp_path))
    ended = veil(*words, VEIL_KEYS="https://issuer.example.com/keys")
    assert ended.code == 1
    assert "VEIL_KEYS names a key set, so tokens come from its issuer" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_where_no_demo_runs_there_is_no_database_of_one(veil: Veil, tmp_path: Path) -> None:
    ended = veil("database", "--directory", str(tmp_path))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("veil: ")


# Done.


def test_a_policy_without_a_mistake_is_said_to_have_none(veil: Veil) -> None:
    assert veil("policy", "check") == Ended(0, "2012-06-11: 51 clauses, 39 grants, no mistake found\n", "")
    assert veil("policy", "check", SECOND).out.startswith("2013-01-01: 51 clauses")


def test_the_policy_is_read_aloud(veil: Veil) -> None:
    """Whole: each clause, role and grant, in sentences that no line cuts off."""
    ended = veil("policy", "show")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert max(map(len, lines)) <= 120
    assert lines[0].startswith("The privacy policy of version 2012-06-11, in effect from 11 June 2012. Questions go to")
    text = in_one_line(ended.out)
    for sentence in ALOUD.splitlines():
        assert sentence in text


ALOUD = """\
U8 How We May Use › General: campaigns for third parties: nothing to them unless the member responds.
BANK is a bank. It may ask for credit assessment and transaction completion. It stands on an organisation of the kind BANK.
G9a MEMBER sees personal information, for member insight. Identifiers are shown in part. (U23)
G6 When the requester is party to the order, MEMBER sees payment information, for member trading. Identifiers are hidden.
except names and e-mail addresses, shown as they are. (U8)
G27 ADVERTISER, MEMBER, PARTNER and PUBLIC see figures about many members, from buyer information, account activities and
"""


def test_a_difference_is_told_or_that_there_is_none(veil: Veil) -> None:
    assert veil("policy", "diff", "2012-06-11", "2012-06-11") == Ended(0, "nothing changes for anybody\n", "")
    ended = veil("policy", "diff", "2012-06-11", SECOND)
    assert (ended.code, ended.err) == (0, "")
    assert "★ Member.phone, Member.fax and MarketingContact.phone: now PLAIN" in ended.out


def test_a_query_is_explained_field_by_field_with_its_statement(veil: Veil) -> None:
    query = "{ orders { nodes { total deliveryName } } }"
    ended = veil("policy", "explain", "service_provider", "account_service", query)
    assert (ended.code, ended.err) == (0, "")
    told, _, statement = ended.out.partition("\n\n")
    assert told.splitlines() == [
        "Order: rows are shown when a contract with the requester is in force and names the purpose",
        "Order.deliveryName (U5 U2)",
        "  PLAIN    when a case of the subject is open with the requester (buyer_id)",
        "  PARTIAL  otherwise",
        "Order.total (U5 U2)",
        "  PLAIN    always",
    ]
    assert statement.startswith("with in_force as materialized (")


def test_a_policy_is_put_in_force_once_in_the_name_of_who_did(veil: Veil, database_url: str) -> None:
    at = ("--database", database_url)
    assert veil("policy", "activate", SECOND, *at, "--by", "A. Officer") == Ended(
        0, "policy 2013-01-01 is in force\n", ""
    )
    ended = veil("policy", "activate", SECOND, *at)
    assert (ended.code, in_one_line(ended.out)) == (0, "policy 2013-01-01 was in force already")
    assert veil("policy", "activate", "2012-06-11", *at, LOGNAME="b.officer").code == 0
    query = "select version, activated_by from veil.policy_activation order by id"
    kept = [tuple(row) for row in run(database_url, lambda connection: connection.fetch(query))]
    assert kept == [("2012-06-11", "veil migrate"), ("2013-01-01", "A. Officer"), ("2012-06-11", "b.officer")]


def test_a_simulation_tells_which_recorded_operations_would_change(
    veil: Veil, own_market_url: str, gateway: Asking, key_file: Path
) -> None:
    nothing = veil("policy", "simulate", SECOND, "--database", own_market_url)
    epoch = "every token changes: the epoch was 1 and becomes 2\n"
    assert nothing == Ended(0, f"{epoch}none of 0 recorded operations would change\n", "")
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, gateway.key, own_market_url)
        asking.data(CARE, "query Care { members(first: 1) { nodes { email } } }")
        asking.data(PUBLIC, "query Names { companies(first: 1) { nodes { name } } }")
        asking.client.close()
    ended = veil("policy", "simulate", SECOND, "--database", own_market_url)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(
        f"{epoch}\nCare, as SERVICE_PROVIDER · account_service\n    Member.email: no longer PARTIAL when"
    )
    assert "Names" not in ended.out
    same = veil("policy", "simulate", "2012-06-11", "--database", own_market_url)
    assert same.out == "none of 2 recorded operations would change\n"


def test_a_simulation_puts_no_policy_in_force(veil: Veil, database_url: str) -> None:
    run(database_url, lambda connection: connection.execute("truncate veil.policy_activation"))
    ended = veil("policy", "simulate", SECOND, "--database", database_url)
    assert ended == Ended(1, "", "veil: no policy is in force yet; `veil migrate` puts the first one in force\n")
    assert run(database_url, lambda connection: connection.fetchval("select count(*) from veil.policy_activation")) == 0


def test_tables_are_made_once_and_a_market_is_loaded_once(veil: Veil, databases: Databases) -> None:
    bare = databases.make("template1")
    at = ("--database", bare)
    first = veil("migrate", *at)
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("applied 001_marketplace, 002_access_log")
    assert veil("migrate", *at) == Ended(0, "everything was up to date\n", "")
    too_few = veil("seed", *at, "--members", str(FEWEST - 1))
    assert (too_few.code, f"at least {FEWEST} members" in too_few.err) == (1, True)
    assert veil("seed", *at, "--members", str(FEWEST), "--seed", "3").code == 0
    again = veil("seed", *at, "--members", str(FEWEST))
    assert (again.code, "the marketplace already holds members" in again.err) == (1, True)
    assert run(bare, in_force.recorded_plans) == []
    databases.drop(bare)


def test_a_token_is_signed_with_the_key_of_a_demo(veil: Veil, tmp_path: Path) -> None:
    at = ("--directory", str(tmp_path), "--purpose", "self_service")
    ended = veil("token", "member", *at, "--member", "1", "--ttl", "15m")
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", ended.out)


def test_the_schema_is_printed_whole_or_for_one_requester(veil: Veil) -> None:
    whole = veil("schema")
    assert whole.code == 0
    assert "email: String @data(category: REGISTRATION, identifier: EMAIL)" in whole.out
    view = veil("schema", "advertiser", "campaign")
    assert view.code == 0
    assert "type Member implements Node" in view.out
    assert "phone" not in view.out
    assert veil("schema", "public", "public_browsing").out.count("type Member ") == 0


# A demo, from its start to its end.

READY = "serves GraphiQL at"


@contextmanager
def demo(directory: Path, port: int) -> Generator[subprocess.Popen[str]]:
    """A demo of few members in a process of its own, once it serves."""
    command = [sys.executable, "-c", "from gateway.cli.main import main; main()", "demo", "--members", str(FEWEST)]
    command += ["--directory", str(directory), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert any(READY in line for line in process.stdout), process.stderr and process.stderr.read()
        serving(port)
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.communicate()


def serving(port: int) -> None:
    transport = httpx.HTTPTransport(retries=30)
    with httpx.Client(transport=transport) as client:
        assert client.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def members_of(url: str) -> int:
    return run(url, lambda connection: connection.fetchval("select count(*) from member"))


def test_a_demo_stops_when_interrupted_and_outlives_being_killed(veil: Veil, tmp_path: Path) -> None:
    """Interrupted, it ends with 0 and nothing left running; killed, the next one takes over its data."""
    directory, port = tmp_path / "demo", free_port()
    with demo(directory, port) as process:
        process.kill()
    with demo(directory, port) as process:
        found = veil("database", "--directory", str(directory))
        assert found.code == 0
        assert members_of(found.out.strip()) == FEWEST
        second = veil("demo", "--directory", str(directory), "--port", str(port))
        assert second.code == 1
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
        assert (process.returncode, out.endswith("stopped\n")) == (0, True), errors
    assert veil("database", "--directory", str(directory)).code == 1
    with demo(directory, port) as process:
        process.send_signal(signal.SIGHUP)  # As when its terminal is closed.
        out, errors = process.communicate(timeout=30)
        assert (process.returncode, out.endswith("stopped\n")) == (0, True), errors
    assert veil("database", "--directory", str(directory)).code == 1


def test_what_the_system_refuses_is_told_in_a_line(veil: Veil, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ended = veil("token", "platform", "--purpose", "diagnostics", "--directory", str(file / "within"))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[-1].startswith(f"veil: {file}")
    assert ended.err.endswith("Not a directory\n")


def test_a_key_set_of_no_use_is_told_by_its_setting(veil: Veil, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("no JSON")
    known = {"DATABASE": "postgresql://nowhere/veil", "KEYS": str(tmp_path / "keys"), "ISSUER": "i", "SECRET": "x" * 32}
    ended = veil("serve", **{f"VEIL_{name}": value for name, value in known.items()})
    assert ended == Ended(1, "", "veil: VEIL_KEYS: it is not well-formed JSON\n")


def test_an_address_of_ipv6_is_told_in_brackets() -> None:
    assert address("::1", 8000) == "http://[::1]:8000/graphql"
    assert address("127.0.0.1", 8000) == "http://127.0.0.1:8000/graphql"


def test_where_a_demo_cannot_serve_it_says_why(veil: Veil, tmp_path: Path) -> None:
    """Before it makes anything."""
    directory = tmp_path / "demo"
    nowhere = veil("demo", "--directory", str(directory), "--host", "192.0.2.1")
    assert nowhere.err == "veil: this machine has no address 192.0.2.1; choose another with `--host` or VEIL_HOST\n"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = veil("demo", "--directory", str(directory), "--port", str(port))
    assert other.err == f"veil: port {port} of 127.0.0.1 is taken; choose another with `--port` or VEIL_PORT\n"
    assert not directory.exists()
