"""`veil adopt`: a marketplace package over a database that is there already."""

import asyncio
import importlib.util
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.adopting.comparing import differences
from gateway.adopting.declaring import declare_package
from gateway.adopting.package import MarketplacePackage
from gateway.adopting.reading import AdoptionError, Table, read_tables
from gateway.adopting.writing import COVERAGE, FIRST_VERSION, files_of
from gateway.cli.output import Database, tell
from gateway.database.owner import owner


def adopt_command(
    database: Database,
    into: Annotated[Path, typer.Option(help="directory of the package; its name is the package's")],
    member: Annotated[str | None, typer.Option(help="table of the data subjects; guessed without it")] = None,
) -> None:
    """Write a marketplace package over an existing database; of one that is there, tell what it lacks."""
    is_there = _is_there(into)
    tables = asyncio.run(_read(database))
    if is_there:
        lines = differences(into, tables)
        tell(lines or ["the package has what the database has"])
        raise SystemExit(1 if lines else 0)
    _check_name(into)
    package = declare_package(into.resolve().name, tables, member)
    _write(into, files_of(package, datetime.now(UTC).date()))
    tell(_told(package, into, is_guessed=member is None))


async def _read(database: str) -> Sequence[Table]:
    async with owner(database) as connection:
        return await read_tables(connection)


def _is_there(into: Path) -> bool:
    """Whether the directory has a package. Raises `AdoptionError` if it has something else."""
    if not into.exists() or (into.is_dir() and not any(into.iterdir())):
        return False
    if not (into / "marketplace.py").is_file():
        raise AdoptionError(f"{into} is there and is no marketplace package; name a directory that is empty or new")
    return True


def _check_name(into: Path) -> None:
    name = into.resolve().name
    if not (name.isidentifier() and name.islower()):
        raise AdoptionError(f"`{name}` is no name of a package; use small letters, digits and underscores")
    if importlib.util.find_spec(name) is not None and not into.exists():
        raise AdoptionError(f"there is a package `{name}` already; give the directory another name")


def _write(into: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        file = into / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _told(package: MarketplacePackage, into: Path, *, is_guessed: bool) -> Sequence[str]:
    taken = f"{package.member.table.place} is taken for the table of the data subjects"
    return (
        f"{into}: {len(package.entities)} types, and {len(package.uncovered)} tables and columns left out",
        *([f"{taken}; if another is, remove the directory and name that with --member"] if is_guessed else []),
        f"1. decide what each table is: replace `Categories.UNDECIDED` in {into}/entities",
        f"2. look through {into}/{COVERAGE} and {into}/policies/{FIRST_VERSION}.toml",
        f"3. with VEIL_MARKETPLACE={into}, run `veil policy check {FIRST_VERSION}`, `veil migrate` and `veil check`",
    )
