"""`veil adopt` writes a package once, and then tells what the database has gained and lost."""

import linecache
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.conftest import run
from tests.gateway.cli.conftest import Ended, Veil


@pytest.fixture
def into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """Where the package goes. What the test imports of it is forgotten after it."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield tmp_path / NAME
    forget()


NAME = "corner_shop"


def forget() -> None:
    """As a new process would begin."""
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]
    linecache.clearcache()


def test_a_package_is_written(veil: Veil, kept_shop_url: str, into: Path) -> None:
    ended = veil("adopt", "--database", kept_shop_url, "--into", str(into))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"{into}: 6 types, and 6 tables and columns left out",
        (
            "shop.customer is taken for the table of the data subjects; if another is, remove the directory and name that"
            " with --member"
        ),
        f"1. decide what each table is: replace `Categories.UNDECIDED` in {into}/entities",
        f"2. look through {into}/COVERAGE.md and {into}/policies/first.toml",
        f"3. with VEIL_MARKETPLACE={into}, run `veil policy check first`, `veil migrate` and `veil check`",
    ]
    assert (into / "marketplace.py").is_file()


def test_nothing_starts_until_every_category_is_decided_on(veil: Veil, kept_shop_url: str, into: Path) -> None:
    veil("adopt", "--database", kept_shop_url, "--into", str(into), "--member", "customer")
    ended = veil("schema", VEIL_MARKETPLACE=str(into))
    assert (ended.code, ended.out) == (1, "")
    lines = ended.err.splitlines()
    assert len(lines) == 6
    assert f"{into}/entities/customers.py:23: nobody has decided on this category yet" in lines[0]
    decide(into)
    assert veil("schema", VEIL_MARKETPLACE=str(into)).code == 0
    assert veil("policy", "check", "first", VEIL_MARKETPLACE=str(into)).code == 0


def decide(into: Path) -> None:
    """As somebody would who takes all for what a customer registered."""
    for file in (into / "entities").glob("*.py"):
        file.write_text(file.read_text("utf-8").replace("Categories.UNDECIDED", "Categories.ACCOUNT"), "utf-8")
    forget()


@pytest.mark.parametrize("decided", [False, True])
def test_run_again_it_tells_the_difference_and_overwrites_nothing(
    veil: Veil, shop_url: str, into: Path, decided: bool
) -> None:
    words = ("adopt", "--database", shop_url, "--into", str(into))
    veil(*words)
    if decided:
        decide(into)
    (into / "words.py").write_text((into / "words.py").read_text("utf-8") + "\n# Ours.\n", "utf-8")
    before = {file: file.read_bytes() for file in into.rglob("*.py")}
    assert veil(*words) == Ended(0, "the package has what the database has\n", "")
    change = """
        alter table shop.customer add column vat_number text, drop column mobile;
        create table shop.voucher (id bigint primary key);
        drop table shop.review
    """
    run(shop_url, lambda connection: connection.execute(change))
    ended = veil(*words)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines() == [
        (
            "gained: the column shop.customer.vat_number, of type text; list it in COVERAGE.md, or give it a field:"
            " `vat_number: str | None = data(CUSTOMERS, Identifiers.DETAIL)`"
        ),
        "gained: the table shop.voucher; give it a type, or list it in COVERAGE.md",
        "lost: the column shop.customer.mobile; take out what reads it",
        "lost: the table shop.review; take out what reads it",
    ]
    page = into / "COVERAGE.md"
    page.write_text(page.read_text("utf-8") + "| `shop.voucher` | all | nobody asks for it |\n", "utf-8")
    assert "voucher" not in veil(*words).out
    assert {file: file.read_bytes() for file in into.rglob("*.py")} == before


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("Corner-Shop", (), "`Corner-Shop` is no name of a package; use small letters, digits and underscores"),
        ("gateway", (), "there is a package `gateway` already; give the directory another name"),
        ("full", (), "is there and is no marketplace package; name a directory that is empty or new"),
        (NAME, ("--member", "person"), "--member person: there is no such table with a key of one column"),
    ],
)
def test_what_cannot_be_done_is_refused(
    veil: Veil, kept_shop_url: str, tmp_path: Path, name: str, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear Ada", "utf-8")
    ended = veil("adopt", "--database", kept_shop_url, "--into", str(tmp_path / name), *words)
    assert (ended.code, ended.out) == (1, "")
    assert said in ended.err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["full"]


def test_a_database_that_cannot_be_reached_is_told(veil: Veil, into: Path) -> None:
    ended = veil("adopt", "--database", "postgresql://nobody@127.0.0.1:1/shop", "--into", str(into))
    assert (ended.code, ended.out) == (1, "")
    assert "the database cannot be reached" in ended.err
    assert not into.exists()


def test_a_package_with_a_mistake_is_told_by_file_and_line(veil: Veil, kept_shop_url: str, into: Path) -> None:
    words = ("adopt", "--database", kept_shop_url, "--into", str(into))
    veil(*words)
    (into / "conditions.py").write_text('"""Broken."""\n\nCONDITIONS = (OWN,)\n', "utf-8")
    ended = veil(*words)
    assert (ended.code, ended.out) == (1, "")
    assert f"{into}/conditions.py:3: NameError" in ended.err
