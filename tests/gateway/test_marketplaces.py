"""The setting VEIL_MARKETPLACE: a package or a folder, and a mistake by file and line."""

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.marketplaces import MarketplaceError, load_marketplace
from schema.marketplace.marketplace import MARKETPLACE

COPY = "from schema.marketplace.marketplace import MARKETPLACE as SHIPPED\nMARKETPLACE = SHIPPED\n"


def package(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "marketplace.py").write_text(text)
    return folder


@pytest.fixture(autouse=True)
def _paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])


def test_a_package_is_found_by_its_name() -> None:
    assert load_marketplace("schema.marketplace") is MARKETPLACE


def test_the_folder_of_a_package_is_found_by_its_path(tmp_path: Path) -> None:
    assert load_marketplace(str(package(tmp_path / "found_by_path", COPY))) is MARKETPLACE


@pytest.mark.parametrize("name", ["no_such_package", "schema.no_such_package", "schema.policy"])
def test_a_package_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(MarketplaceError, match=rf"no module `{name}\.marketplace`"):
        load_marketplace(name)


def test_a_folder_that_is_no_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(MarketplaceError, match="is no package"):
        load_marketplace(str(tmp_path))
    with pytest.raises(MarketplaceError, match=r"`not-a-name` is no name of a package"):
        load_marketplace(str(package(tmp_path / "not-a-name", COPY)))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("broken", "MARKETPLACE = (\n", "marketplace.py:1: "),
        ("lacking", "import no_such_module\n", "marketplace.py:1: ModuleNotFoundError"),
        ("failing", "x = 1\ny = x / 0\n", "marketplace.py:2: ZeroDivisionError"),
        ("empty", "", "give it `MARKETPLACE = Marketplace(…)`"),
        (
            "unlabelled",
            "from schema.labels import Identifier\nclass A(Identifier):\n    B = 'B'\n",
            "marketplace.py:2: ",
        ),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, name: str, text: str, problem: str) -> None:
    with pytest.raises(MarketplaceError) as refused:
        load_marketplace(str(package(tmp_path / name, text)))
    assert problem in str(refused.value)


def test_the_command_line_says_it_in_a_line(tmp_path: Path) -> None:
    folder = package(tmp_path / "wrong", "MARKETPLACE = 1\n")
    done = subprocess.run(
        [sys.executable, "-c", "from gateway.cli.main import main; main()", "policy", "check"],
        env={"VEIL_MARKETPLACE": str(folder), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "marketplace.py: give it `MARKETPLACE" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
