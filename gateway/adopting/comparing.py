"""What a database has gained and lost since a package was written over it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from gateway.adopting.declaring import declare_package
from gateway.adopting.entities import field_line
from gateway.adopting.reading import AdoptionError, Table
from gateway.adopting.writing import COVERAGE
from gateway.marketplaces import load_marketplace
from schema.catalog import Catalog
from schema.catalog_reading import read_catalog
from schema.definition import Marketplace

_LISTED: Final = re.compile(r"^\| `([^`]+)` \| ([^|]+) \|", re.MULTILINE)
_NAME: Final = re.compile(r"`([^`]+)`")


def differences(directory: Path, tables: Sequence[Table]) -> Sequence[str]:
    """A line for each table and column that only the database has, or only the package. Raises `MarketplaceError`."""
    catalog = read_catalog(load_marketplace(str(directory.resolve())))
    declared = _declared(catalog)
    known = {place: {*declared.get(place, ()), *columns} for place, columns in _listed(directory / COVERAGE).items()}
    gained = _gained(tables, {**declared, **known}, _fields(directory.name, catalog.marketplace, tables))
    return [*gained, *_lost({table.place: table for table in tables}, declared)]


def _declared(catalog: Catalog) -> Mapping[str, frozenset[str]]:
    """The columns that the package reads, by table."""
    return {
        f"{catalog.schema_of(table)}.{table.rpartition('.')[2]}": columns
        for table, columns in catalog.readable_columns().items()
    }


def _fields(name: str, marketplace: Marketplace, tables: Sequence[Table]) -> Mapping[tuple[str, str], str]:
    """The declaration that each column would have; none if the table of members is gone."""
    table = marketplace.members.table if marketplace.members else ""
    try:
        package = declare_package(name, tables, table if "." in table else f"{marketplace.schema}.{table}")
    except AdoptionError:
        return {}
    return {
        (entity.table.place, field.column): field_line(entity, field)
        for entity in package.entities
        for field in entity.fields
    }


def _listed(page: Path) -> Mapping[str, set[str]]:
    """The columns that the page lists, by table. Of a table that it lists as a whole, the empty name is among them."""
    found: dict[str, set[str]] = {}
    for place, columns in _LISTED.findall(page.read_text("utf-8") if page.is_file() else ""):
        found.setdefault(place, set()).update(_NAME.findall(columns) or [""])
    return found


def _gained(
    tables: Sequence[Table], known: Mapping[str, Collection[str]], fields: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    for table in tables:
        columns = known.get(table.place, ())
        if not columns:
            yield f"gained: the table {table.place}; give it a type, or list it in {COVERAGE}"
        elif "" not in columns:
            for column in table.columns.values():
                if column.name not in columns:
                    declaration = fields.get((table.place, column.name))
                    what = (
                        f"gained: the column {table.place}.{column.name}, of type {column.type}; list it in {COVERAGE}"
                    )
                    yield f"{what}, or give it a field: `{declaration}`" if declaration else what


def _lost(stored: Mapping[str, Table], declared: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for place, columns in sorted(declared.items()):
        if place not in stored and not place.startswith("veil."):
            yield f"lost: the table {place}; take out what reads it"
        for column in sorted(columns - stored[place].columns.keys()) if place in stored else ():
            yield f"lost: the column {place}.{column}; take out what reads it"
