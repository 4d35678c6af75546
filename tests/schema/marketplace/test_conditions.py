"""The conditions of this marketplace: each is declared once, and reads only tables that exist."""

from schema.catalog import Catalog
from schema.marketplace.conditions import CONDITIONS
from tests.conftest import run

COLUMNS = "select table_name || '.' || column_name from information_schema.columns where table_schema = 'marketplace'"


def test_names_and_phrases_are_distinct() -> None:
    assert len({condition.name for condition in CONDITIONS}) == len(CONDITIONS)
    assert len({condition.phrase for condition in CONDITIONS}) == len(CONDITIONS)


def test_every_column_that_a_condition_reads_exists(market_url: str) -> None:
    there = {row[0] for row in run(market_url, lambda connection: connection.fetch(COLUMNS))}
    read = {
        f"{table}.{column}"
        for condition in CONDITIONS
        for table, columns in condition.reads.items()
        for column in columns
    }
    assert read - there == set()


def test_the_gateway_may_read_what_its_conditions_read(catalog: Catalog) -> None:
    readable = catalog.readable_columns()
    for condition in CONDITIONS:
        for table, columns in condition.reads.items():
            assert set(columns) <= set(readable[table]), condition.name
