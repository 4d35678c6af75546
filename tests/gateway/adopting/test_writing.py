"""A package is written whole, in order, and without any value of the database."""

import ast
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gateway.adopting.declaring import declare_package
from gateway.adopting.package import MarketplacePackage
from gateway.adopting.reading import ForeignKey, Table, TableColumn
from gateway.adopting.writing import files_of

TODAY = date(2026, 3, 1)
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def written(package: MarketplacePackage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("written") / "shop"
    for name, text in files_of(package, TODAY).items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, "utf-8")
    return directory


def test_these_files_are_written(written: Path) -> None:
    assert sorted(file.relative_to(written).as_posix() for file in written.rglob("*") if file.is_file()) == [
        *("COVERAGE.md", "__init__.py", "conditions.py", "entities/__init__.py", "entities/accesses.py"),
        *("entities/customers.py", "entities/events.py", "entities/orders.py", "entities/products.py"),
        *("entities/query.py", "entities/reviews.py", "marketplace.py", "policies/first.toml", "words.py"),
    ]


@pytest.mark.parametrize("words", [("format", "--check"), ("check",)], ids=["formatter", "linter"])
def test_the_formatter_and_the_linter_change_nothing(written: Path, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "ruff", *words, "--config", str(ROOT / "pyproject.toml"), "--no-cache", "shop"]
    ended = subprocess.run(command, cwd=written.parent, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_no_value_of_the_database_is_written(written: Path) -> None:
    """Those that were looked at are names, addresses and cities."""
    everything = "".join(file.read_text("utf-8") for file in written.rglob("*") if file.is_file())
    for value in ("Ada", "Bob", "example.org", "Oslo", "Rome", "Fjord", "Appia", "192.0.2"):
        assert value not in everything


def test_every_category_is_left_to_be_decided(written: Path) -> None:
    for file in (written / "entities").glob("*.py"):
        text = file.read_text("utf-8")
        assert text.count("Categories.") == ("data(" in text)
        assert ("UNDECIDED" in text) is ("data(" in text)


def test_the_first_policy_gives_a_member_their_own_and_nobody_else_anything(written: Path) -> None:
    policy = tomllib.loads((written / "policies" / "first.toml").read_text("utf-8"))
    assert policy["effective_from"] == TODAY
    assert {tuple(grant["who"]) for grant in policy["grant"]} == {("MEMBER",)}
    assert all(grant["when"] == ["the customer is the requester"] for grant in policy["grant"])


def test_what_is_left_out_and_what_was_guessed_is_listed(written: Path) -> None:
    page = (written / "COVERAGE.md").read_text("utf-8")
    assert page.startswith("# What this package has, and what it leaves out\n\n6 tables have a type here")
    assert "| `shop.newsletter` | all | it identifies persons, and no column says whom it is about" in page
    assert "| `shop.orders` | `placedAt` | a time in UTC |" in page


HOSTILE = "\"\"\"\nimport os\n'''\nimport os\n\\"
"""A name, or a comment, that would be code if it left its quotes."""


def test_no_name_or_comment_of_the_database_becomes_code() -> None:
    column = TableColumn(name=HOSTILE, type="text", comment=HOSTILE, words=(HOSTILE, "b"))
    columns = {
        "id": TableColumn(name="id", type="text"),
        "email": TableColumn(name="email", type="text"),
        HOSTILE: column,
    }
    member = Table(schema=HOSTILE, name="customer", comment=HOSTILE, columns=columns, key=("id",))
    other = replace(member, name=HOSTILE, foreign_keys=(ForeignKey(column=HOSTILE, place=member.place, far="id"),))
    for name, text in files_of(declare_package("shop", [member, other], None), TODAY).items():
        if name.endswith(".py"):
            imported = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Import)]
            assert {alias.name for each in imported for alias in each.names} <= {"strawberry", "enum"}
