"""What is broken on purpose is noticed: here a few, `make mutants` tries them all."""

from pathlib import Path

import pytest

from tests.conftest import Databases, run
from tests.opinion import trials
from tests.opinion.mutants import MUTANTS, ROOT, Mutant, tried

PROOF = ROOT / "docs" / "proof.md"

AT_ONCE_NOTICED = (
    "what has ended still holds",
    "tokens are the same for all organisations",
    "the record forgets a row's second subject",
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.breaks)
def test_what_is_to_be_broken_is_still_there(mutant: Mutant) -> None:
    assert mutant.text(ROOT) != Path(ROOT / mutant.file).read_text("utf-8")


def test_the_documentation_has_a_line_for_each() -> None:
    lines = PROOF.read_text("utf-8").splitlines()
    breaks = [line.split("|")[1].strip() for line in lines if line.startswith("| ") and line.count("|") == 4]
    assert breaks[1:] == [mutant.breaks for mutant in MUTANTS]


@pytest.mark.parametrize("breaks", AT_ONCE_NOTICED)
def test_the_opinion_notices(breaks: str, market: str) -> None:
    (mutant,) = (each for each in MUTANTS if each.breaks == breaks)
    assert tried(mutant, market, most=500).by is not None


@pytest.fixture(scope="module")
def market(databases: Databases) -> str:
    url = databases.make("empty_market")
    run(url, trials.fill)
    return url
