"""What a database has gained and lost since a package was written over it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from gateway.adopting.reading import Table
from gateway.adopting.writing import COVERAGE
from gateway.marketplaces import load_marketplace
from schema.catalog_reading import read_catalog

_LISTED: Final = re.compile(r"^\| `([^`]+)` \| ([^|]+) \|", re.MULTILINE)
_NAME: Final = re.compile(r"`([^`]+)`")


def differences(directory: Path, tables: Sequence[Table]) -> Sequence[str]:
    """A line for each table and column that only the database has, or only the package. Raises `MarketplaceError`."""
    declared = _declared(directory)
    listed = _listed(directory / COVERAGE)
    stored = {table.place: table for table in tables}
    return [*_gained(stored, declared, listed), *_lost(stored, declared)]


def _declared(directory: Path) -> Mapping[str, frozenset[str]]:
    """The columns that the package reads, by table."""
    catalog = read_catalog(load_marketplace(str(directory.resolve())))
    return {
        f"{catalog.schema_of(table)}.{table.rpartition('.')[2]}": columns
        for table, columns in catalog.readable_columns().items()
    }


def _listed(page: Path) -> Mapping[str, set[str]]:
    """The columns that the page lists, by table. Of a table that it lists as a whole, the empty name is among them."""
    found: dict[str, set[str]] = {}
    for place, columns in _LISTED.findall(page.read_text("utf-8") if page.is_file() else ""):
        found.setdefault(place, set()).update(_NAME.findall(columns) or [""])
    return found


def _gained(
    stored: Mapping[str, Table], declared: Mapping[str, frozenset[str]], listed: Mapping[str, set[str]]
) -> Iterator[str]:
    for place, table in stored.items():
        known = {*declared.get(place, ()), *listed.get(place, ())}
        if not known:
            yield f"gained: the table {place}; give it a type, or list it in {COVERAGE}"
        elif "" not in known:
            for column in table.columns.values():
                if column.name not in known:
                    what = f"the column {place}.{column.name}, of type {column.type}"
                    yield f"gained: {what}; give it a field, or list it in {COVERAGE}"


def _lost(stored: Mapping[str, Table], declared: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for place, columns in sorted(declared.items()):
        if place not in stored and not place.startswith("veil."):
            yield f"lost: the table {place}; take out what reads it"
        for column in sorted(columns - stored[place].columns.keys()) if place in stored else ():
            yield f"lost: the column {place}.{column}; take out what reads it"
