"""The worked examples of the contributing page work: a copy of the tree takes each, migrates, and answers by it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import run
from tests.house.test_documents import ROOT, blocks, text_of

CONTRIBUTING = ROOT / "CONTRIBUTING.md"

TREE = ("gateway", "resolvers", "schema", "tests", "docs", "README.md")
LEFT_OUT = shutil.ignore_patterns("node_modules", "built", "cases")

AS_THE_GATEWAY = "set role veil_gateway; set search_path = marketplace, veil, pg_catalog, pg_temp"

TESTS = "import sys, pytest, tests.opinion.conditions; sys.exit(pytest.main(sys.argv[1:]))"

RESPONDED = "the subject responded to a campaign of the requester"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the changed tree can do: the SQL of this query for this requester has this part."""

    asked: tuple[str, str, str]
    """Role, purpose, query."""
    part: str
    condition: str | None = None
    """A condition that a new version of the policy asks for, beside that of G24."""


EXAMPLES = {
    "Add a field": Example(
        asked=("public", "public_browsing", "{ companies { nodes { legalForm } } }"), part="legal_form"
    ),
    "Add a type": Example(
        asked=("public", "public_browsing", "{ certificates { nodes { name company { name } } } }"),
        part="from certificate",
    ),
    "Add a condition": Example(
        asked=("advertiser", "campaign", "{ members { nodes { name } } }"),
        part="from company state",
        condition="the company of the subject is verified",
    ),
}


def test_every_worked_example_is_tried() -> None:
    headings = re.findall(r"^## (Add .*)$", text_of(CONTRIBUTING), re.MULTILINE)
    assert headings == list(EXAMPLES)
    assert len(blocks(CONTRIBUTING, "diff")) == len(EXAMPLES)


def test_the_commit_hooks_run_every_linter() -> None:
    hooks = text_of(ROOT / ".pre-commit-config.yaml")
    linters = re.findall(r"\$\(BIN\)/(\S+)", text_of(ROOT / "Makefile").partition("\nlint:")[2].partition("\n\n")[0])
    assert len(linters) == len(re.findall(r"- id:", hooks))
    assert [linter for linter in linters if f"entry: .venv/bin/{linter}" not in hooks] == []


@pytest.mark.parametrize("heading", EXAMPLES)
def test_a_worked_example_works(heading: str, database_url: str, tmp_path: Path) -> None:
    """The changed tree migrates a database and compiles a query, and the gateway's role may run its statement.

    A condition is on the policy page too, and the second implementation can be imported.
    """
    example = EXAMPLES[heading]
    for each in TREE:
        copy = shutil.copy2 if (ROOT / each).is_file() else partial(shutil.copytree, ignore=LEFT_OUT)
        copy(ROOT / each, tmp_path / each)
    apply(blocks(CONTRIBUTING, "diff")[list(EXAMPLES).index(heading)], tmp_path)
    policy = with_condition(tmp_path, example.condition) if example.condition else []
    veil(tmp_path, "migrate", "--database", database_url)
    explained = veil(tmp_path, "policy", "explain", *example.asked, *policy)
    statement = explained[explained.index("with in_force") :]
    assert example.part in statement

    async def prepared(connection: Any) -> None:
        await connection.execute(AS_THE_GATEWAY)
        await connection.prepare(statement)

    run(database_url, prepared)
    if example.condition:
        in_the_copy(tmp_path, "-c", TESTS, "-q", "-p", "no:cacheprovider", "tests/house/test_policy_page.py")


def with_condition(root: Path, condition: str) -> list[str]:
    """Options that name a policy of the copy in which G24 asks for the condition too."""
    policy = root / "schema" / "marketplace" / "policies" / "2012-06-11.toml"
    text = policy.read_text("utf-8").replace(f'"{RESPONDED}"', f'"{RESPONDED}", "{condition}"')
    (root / "new.toml").write_text(text.replace('version = "2012-06-11"', 'version = "new"'), "utf-8")
    return ["--policy", "new.toml"]


def veil(root: Path, *words: str) -> str:
    """What the command prints, run from a copy of the tree."""
    return in_the_copy(root, "-c", "from gateway.cli.main import main; main()", *words)


def in_the_copy(root: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, *words], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def apply(diff: str, root: Path) -> None:
    """Applies a unified diff: the old lines of each hunk are in its file once, wherever they are."""
    for file, before, after in hunks(diff):
        path = root / file
        text = path.read_text("utf-8") if before else ""
        assert not before or text.count(before) == 1, f"{file} does not have once:\n{before}"
        path.write_text(text.replace(before, after) if before else after, "utf-8")


def hunks(diff: str) -> Iterator[tuple[str, str, str]]:
    """(file, its lines before, its lines after) of each hunk."""
    for changed in re.split(r"^--- .*\n", diff, flags=re.MULTILINE)[1:]:
        file, *parts = re.split(r"^@@ .*\n", changed, flags=re.MULTILINE)
        for part in parts:
            lines = part.splitlines(keepends=True)
            before, after = (
                "".join(line[1:] or line for line in lines if line[0] in kinds) for kinds in (" -\n", " +\n")
            )
            yield file.removeprefix("+++ b/").strip(), before, after
