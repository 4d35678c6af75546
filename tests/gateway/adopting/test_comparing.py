"""What no field shows and no line lists is gained; what the package reads and the database lacks is lost."""

import sys
from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gateway.adopting.comparing import differences
from gateway.adopting.declaring import declare_package
from gateway.adopting.reading import Table, TableColumn
from gateway.adopting.writing import files_of

NAME = "compared_shop"


@pytest.fixture
def directory(tables: Sequence[Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """The package of the shop."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name, text in files_of(declare_package(NAME, tables, None), date(2026, 3, 1)).items():
        (tmp_path / NAME / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / NAME / name).write_text(text, "utf-8")
    yield tmp_path / NAME
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


def with_column(tables: Sequence[Table], place: str, column: TableColumn) -> Sequence[Table]:
    return [
        replace(table, columns={**table.columns, column.name: column}) if table.place == place else table
        for table in tables
    ]


def test_a_package_has_what_it_was_written_over(directory: Path, tables: Sequence[Table]) -> None:
    assert differences(directory, tables) == []


@pytest.mark.parametrize(
    ("place", "column", "said"),
    [
        (
            "shop.customer",
            "vatNumber",
            'vat_number: str | None = data(CUSTOMERS, Identifiers.DETAIL, column="vatNumber")',
        ),
        ("shop.order_line", "title", "title: str | None = data(ORDERS)"),
        ("shop.product", "title_2", "title_2: str | None = data(PRODUCTS)"),
    ],
)
def test_a_new_column_is_gained_with_the_field_for_it(
    directory: Path, tables: Sequence[Table], place: str, column: str, said: str
) -> None:
    found = differences(directory, with_column(tables, place, TableColumn(name=column, type="text")))
    what = f"gained: the column {place}.{column}, of type text; list it in COVERAGE.md"
    assert found == [f"{what}, or give it a field: `{said}`"]


def test_a_new_column_that_no_field_shows_is_to_be_listed(directory: Path, tables: Sequence[Table]) -> None:
    found = differences(directory, with_column(tables, "shop.customer", TableColumn(name="api_key", type="text")))
    assert found == ["gained: the column shop.customer.api_key, of type text; list it in COVERAGE.md"]


def test_a_column_of_a_table_that_is_left_out_as_a_whole_is_not_gained(
    directory: Path, tables: Sequence[Table]
) -> None:
    column = TableColumn(name="more", type="text")
    assert differences(directory, with_column(tables, "shop.newsletter", column)) == []


def test_a_column_that_an_expression_reads_is_lost_by_its_name_in_the_table(
    directory: Path, tables: Sequence[Table]
) -> None:
    fewer = [
        replace(table, columns={name: each for name, each in table.columns.items() if name != "placedAt"})
        for table in tables
    ]
    assert differences(directory, fewer) == ["lost: the column shop.orders.placedAt; take out what reads it"]
