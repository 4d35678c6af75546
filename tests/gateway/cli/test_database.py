"""`veil migrate`, `veil seed` and `veil database`."""

import re
from pathlib import Path

import pytest

from gateway import app
from gateway.database import migration
from gateway.demo.sample.people import FEWEST
from gateway.policy import in_force
from tests.conftest import Databases, run
from tests.gateway.cli.conftest import Ended, Veil

SECRET = "not-to-be-printed"
DATABASE = (
    ("migrate",),
    ("seed",),
    ("policy", "activate", "2012-06-11"),
    ("policy", "simulate", "2012-06-11"),
    ("figures", "release"),
)


@pytest.mark.parametrize("words", DATABASE, ids=" ".join)
@pytest.mark.parametrize("place", ["@127.0.0.1:1/none", "not a URL"])
def test_an_unreachable_database_is_reported_without_its_url(veil: Veil, words: tuple[str, ...], place: str) -> None:
    url = f"postgresql://somebody:{SECRET}{place}" if place.startswith("@") else place
    ended = veil(*words, "--database", url)
    assert ended.code == 1
    assert re.fullmatch(r"veil: the database cannot be reached \(\w+\); check its URL and that it runs\n", ended.err)


@pytest.mark.parametrize("words", DATABASE[1:], ids=" ".join)
def test_a_database_without_tables_is_reported_as_such(
    veil: Veil, databases: Databases, words: tuple[str, ...]
) -> None:
    bare = databases.make("template1")
    ended = veil(*words, "--database", bare)
    databases.drop(bare)
    message = "veil: the database does not have Veil's tables; run `veil migrate` first\n"
    assert (ended.code, ended.err.lstrip("\n")) == (1, message)


def test_the_url_of_a_demo_that_does_not_run_is_refused(veil: Veil, tmp_path: Path) -> None:
    ended = veil("database", "--directory", str(tmp_path))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("veil: ")


def test_tables_are_created_once_and_the_sample_is_loaded_once(veil: Veil, databases: Databases) -> None:
    bare = databases.make("template1")
    at = ("--database", bare)
    first = veil("migrate", *at)
    assert (first.code, first.err) == (0, "")
    applied = first.out.removeprefix("applied ").rstrip("\n").split(", ")
    assert sorted(applied) == sorted(migration.required_migrations(app.marketplace()))
    assert (applied[0], applied[-1]) == ("veil/001_log", "marketplace/005_buyer_fact")
    assert veil("migrate", *at) == Ended(0, "everything was up to date\n", "")
    too_few = veil("seed", *at, "--members", str(FEWEST - 1))
    assert (too_few.code, f"at least {FEWEST} members" in too_few.err) == (1, True)
    assert veil("seed", *at, "--members", str(FEWEST), "--seed", "3").code == 0
    again = veil("seed", *at, "--members", str(FEWEST))
    assert (again.code, "the marketplace already holds members" in again.err) == (1, True)
    assert [plan.operation for plan in run(bare, in_force.recorded_plans)] == ["FiguresRelease"]
    databases.drop(bare)
