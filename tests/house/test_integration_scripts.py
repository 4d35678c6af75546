"""What runs before a change is taken names only files that exist."""

import re
from pathlib import Path

import pytest

from tests.house.test_rules import ROOT

SCRIPTS = sorted(path for path in (ROOT / ".ci").iterdir() if path.is_file())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_names_only_tests_that_exist(script: Path) -> None:
    named = re.findall(r"\btests/[\w/.]+", script.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []
