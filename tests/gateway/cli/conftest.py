"""Runs `veil` within the tests' own process."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.cli import main


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
        printed = capsys.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    return run_veil


def in_one_line(text: str) -> str:
    """Without the frame that usage errors are drawn in."""
    return " ".join(text.replace("│", " ").split())


SECOND = str(Path(__file__).parents[2] / "policies" / "2013-01-01.toml")
