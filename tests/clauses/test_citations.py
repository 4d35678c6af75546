"""Every clause has a test that shows it, every grant too, and what cites a clause or grant cites one that is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.policy.grants import Policy
from schema.policy.policy_file import PolicyError, load_policy, parse_policy
from tests.clauses.table import TABLE

CITATION = re.compile(r'pytest\.mark\.(clause|grant)\(id="(\w+)"\)')


@pytest.fixture(scope="module")
def policy(catalog: Catalog) -> Policy:
    return load_policy(catalog.marketplace.first_policy, catalog)


def cited(kind: str) -> set[str]:
    return {name for marker, name in _citations() if marker == kind}


def _citations() -> Iterator[tuple[str, str]]:
    for file in Path(__file__).parent.glob("test_*.py"):
        if file != Path(__file__):
            yield from CITATION.findall(file.read_text("utf-8"))


def test_every_clause_of_the_policy_is_shown_by_a_test(policy: Policy) -> None:
    assert set(policy.clauses) - cited("clause") == set()


def test_every_grant_of_the_policy_is_shown_by_a_test(policy: Policy) -> None:
    assert {grant.id for grant in policy.all_grants} - cited("grant") == set()


def test_no_test_cites_a_clause_or_grant_that_is_not_there(policy: Policy) -> None:
    """Neither a marker nor the table of these tests' own."""
    assert cited("clause") - set(policy.clauses) == set()
    assert cited("grant") - {grant.id for grant in policy.all_grants} == set()
    assert {clause for each in TABLE for clause in each.clauses} - set(policy.clauses) == set()


def test_no_grant_can_cite_a_clause_that_is_not_there(catalog: Catalog) -> None:
    """The policy that does so is none, and so every grant cites one that is."""
    text = MARKETPLACE.first_policy.read_text("utf-8")
    with pytest.raises(PolicyError, match="`U24` is not known here"):
        parse_policy(text.replace('because = ["U21"]', 'because = ["U21", "U24"]'), "wrong.toml", catalog)
    with pytest.raises(PolicyError, match="`U21` is not known here"):
        parse_policy(text.replace('id = "U21"', 'id = "U24"'), "wrong.toml", catalog)
