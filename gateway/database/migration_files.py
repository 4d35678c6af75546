"""The files of SQL that make tables, views and functions, and how each is applied.

A file is applied once, in a transaction of its own, and `veil.migration` keeps its name and digest. A file that makes
views and functions alone is applied again while one of them is missing, and never over one that somebody else has made.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg

_MADE: Final = re.compile(r"\bcreate (?:or replace )?(?:view|function) ([\w.]+)")
_COMMENT: Final = re.compile(r"--.*")
_ARE_MISSING: Final = """\
    select exists (select from unnest($1::text[]) made where coalesce(to_regclass(made)::oid, to_regproc(made)) is null)"""


class MigrationError(Exception):
    """The database cannot be brought up to date; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationFile:
    """A file of SQL and the set it is of."""

    set_name: str
    path: Path
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    """The SQL types that stand for names in it."""
    over_tables_of_others: bool = False
    """Whether a table that it changes may have given way to a view of the operator's. Such a change is skipped."""

    @property
    def name(self) -> str:
        return f"{self.set_name}/{self.path.stem}"

    @property
    def text(self) -> str:
        text = self.path.read_text("utf-8")
        for word, of in self.types.items():
            text = re.sub(rf"\b{word}\b", of, text)
        return text

    @property
    def makes(self) -> Sequence[str]:
        """The views and functions that it makes, if it makes no tables."""
        text = self.text
        return () if "create table" in text else _MADE.findall(text)

    @property
    def statements(self) -> Sequence[str]:
        """What can be skipped by itself."""
        if not self.over_tables_of_others or "$$" in self.text:
            return [self.text]
        return [each for each in re.split(r";\s*\n", self.text) if _COMMENT.sub("", each).strip()]


async def apply(connection: Any, file: MigrationFile) -> bool:
    """Whether the file was applied. Raises `MigrationError`."""
    digest = hashlib.sha256(file.text.encode()).hexdigest()
    kept = await connection.fetchval("select digest from veil.migration where name = $1", file.name)
    if kept not in (None, digest):
        raise MigrationError(
            f"`{file.name}` has changed since it was applied; make the database anew (a demo: remove its directory)"
        )
    if kept and not await connection.fetchval(_ARE_MISSING, file.makes):
        return False
    try:
        async with connection.transaction():
            await _execute(connection, file)
            await connection.execute(
                "insert into veil.migration (name, digest) values ($1, $2) on conflict do nothing", file.name, digest
            )
    except asyncpg.PostgresError as error:
        problem = f"`{file.name}` cannot be applied ({type(error).__name__})"
        mend = (
            f"make {', '.join(file.makes)} yourself"
            if file.makes
            else "migrate an empty database, then put views over it"
        )
        raise MigrationError(f"{problem}; {mend}") from None
    return True


async def _execute(connection: Any, file: MigrationFile) -> None:
    if file.makes and not await connection.fetchval(_ARE_MISSING, file.makes):
        return
    for statement in file.statements:
        try:
            async with connection.transaction():
                await connection.execute(statement)
        except asyncpg.WrongObjectTypeError:
            if not file.over_tables_of_others:
                raise
