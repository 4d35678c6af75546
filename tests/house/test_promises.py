"""The page that says where each promise of the policy is kept: what it names is there, and is tested."""

import re
from pathlib import Path

from schema.catalog import Catalog
from schema.policy.grants import Policy
from schema.policy.policy_file import load_policy

PAGE = Path("docs/rights.md").read_text("utf-8")
HEAD = "| clauses | what the policy promises | by | shown by |\n|---|---|---|---|\n"
PROMISES = {"S1", "S2", "A1", "K6", "U8", "U11", "U21", "V1", "V2", "V3", "M1", "D1", "D2", "D3", "D4"}
"""The clauses that promise people something, or bind whoever acts."""


def rows() -> list[list[str]]:
    table = PAGE.partition(HEAD)[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def ticked(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


def test_every_promise_is_on_the_page_and_is_a_clause(catalog: Catalog) -> None:
    policy: Policy = load_policy(catalog.marketplace.first_policy, catalog)
    named = {clause for clauses, *_ in rows() for clause in clauses.split()}
    assert PROMISES <= named <= {*policy.clauses}


def test_what_keeps_a_promise_is_there(catalog: Catalog) -> None:
    """A mutation, a field to ask for, or a type."""
    known = {*catalog.mutations, *catalog.roots, *catalog.entities}
    assert {name for _, _, by, _ in rows() for name in ticked(by)} - known == set()


def test_each_promise_has_a_test_that_shows_it() -> None:
    """In the tests of clauses; if it bears a clause's mark itself, one of its promise's."""
    marked: dict[str, set[str]] = {}
    for file in Path("tests/clauses").glob("test_*.py"):
        for marks, name in re.findall(
            r"((?:^@pytest\.mark.*\n(?:^[ \[\])(].*\n)*)+)^def (test_\w+)", file.read_text(), re.MULTILINE
        ):
            marked[name] = set(re.findall(r'clause\(id="(\w+)"\)', marks))
    for clauses, _, _, shown_by in rows():
        tests = ticked(shown_by)
        assert tests, clauses
        assert [name for name in tests if name not in marked] == []
        found = {clause for name in tests for clause in marked[name]}
        assert not found or not found.isdisjoint(clauses.split()), (clauses, found)
