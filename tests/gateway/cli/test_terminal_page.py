"""The page of sessions in a terminal is run as it stands. `REWRITE_SESSIONS=1` writes what commands print by now."""

import io
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import CARE, Asking, Serving, settings_for
from tests.gateway.cli.conftest import SECOND, Veil

PAGE = Path(__file__).parents[3] / "docs" / "terminal.md"
PART = re.compile(r"^## (?P<columns>\d+) columns\n(?P<sessions>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<printed>.*?)```", re.DOTALL)

MADE_FOR_READERS = {
    r"\d{4}-\d\d-\d\d \d\d:\d\d UTC": "2012-07-02 09:00 UTC",
    r"\d+ clauses, \d+ grants": "51 clauses, 48 grants",
    r"sha256:[0-9a-f]{64}": f"sha256:{'0123456789abcdef' * 4}",
}
"""What differs from one run to the next."""


def as_told(text: str) -> str:
    for pattern, told in MADE_FOR_READERS.items():
        text = re.sub(pattern, told, text)
    return text


def test_every_session_prints_what_the_page_shows(
    veil: Veil,
    own_market_url: str,
    gateway: Asking,
    key_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And no line is wider than the terminal."""
    shutil.copy(SECOND, tmp_path / "new.toml")
    monkeypatch.chdir(tmp_path)
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, gateway.key, own_market_url)
        for _ in range(3):
            asking.data(CARE, "query Contact { members(first: 1) { nodes { name email } } }")
        asking.client.close()

    def run_session(command: str, columns: str) -> str:
        """What a command prints that may be piped into, and of which `head` may show the first lines."""
        before, _, words = command.rpartition("veil ")
        words, _, first = words.partition(" | head -")
        if before:
            monkeypatch.setattr(sys, "stdin", io.StringIO(before.removeprefix("echo '").removesuffix("' | ")))
        ended = veil(*shlex.split(words), COLUMNS=columns, VEIL_DATABASE=own_market_url)
        lines = (ended.out + ended.err).splitlines()[: int(first) if first else None]
        assert [line for line in lines if len(line) > int(columns)] == []
        return as_told("".join(f"{line}\n" for line in lines))

    def shown(part: re.Match[str]) -> str:
        def session(found: re.Match[str]) -> str:
            return f"```console\n$ {found['command']}\n{run_session(found['command'], part['columns'])}```"

        return f"## {part['columns']} columns\n{SESSION.sub(session, part['sessions'])}"

    page = PAGE.read_text("utf-8")
    printed = PART.sub(shown, page)
    if os.environ.get("REWRITE_SESSIONS"):
        PAGE.write_text(printed, "utf-8")
    else:
        assert printed == page
