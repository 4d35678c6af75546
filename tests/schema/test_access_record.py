"""The columns of an access record are one definition: the tables, the grants and the public type agree with it."""

import dataclasses

import pytest

from gateway.database.session import LEDGER_ROLE
from resolvers.sql.render import PlanRecord
from schema.access_record import (
    INSERTED_COLUMNS,
    PLAN_COLUMNS,
    PLAN_TABLE,
    RECORD_COLUMNS,
    RECORD_TABLE,
)
from schema.catalog import Catalog
from tests.conftest import run

STORED = """
    select attname, format_type(atttypid, atttypmod), attgenerated <> ''
    from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped"""

MAY_INSERT = """
    select attname from pg_attribute
    where attrelid = $1::regclass and attnum > 0 and not attisdropped
        and has_column_privilege($2, attrelid, attnum, 'insert')"""

LONG_NAMES = {"timestamptz": "timestamp with time zone"}


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (RECORD_TABLE, [(column.name, column.sql_type) for column in RECORD_COLUMNS]),
        (PLAN_TABLE, list(PLAN_COLUMNS)),
    ],
)
def test_the_tables_have_the_defined_columns(market_url: str, table: str, columns: list[tuple[str, str]]) -> None:
    """Names and types, in both directions."""
    stored = run(market_url, lambda connection: connection.fetch(STORED, table))
    assert sorted((name, kind) for name, kind, _ in stored) == sorted(
        (name, LONG_NAMES.get(kind, kind)) for name, kind in columns
    )


def test_a_generated_column_is_filled_in_by_the_table(market_url: str) -> None:
    stored = run(market_url, lambda connection: connection.fetch(STORED, RECORD_TABLE))
    by_the_table = {column.name for column in RECORD_COLUMNS if not column.is_inserted}
    assert {name for name, _, generated in stored if generated} <= by_the_table


def test_the_ledger_may_insert_the_defined_columns_and_no_others(market_url: str) -> None:
    """So no gateway can date a record, or miscount whose data it is about."""
    allowed = run(market_url, lambda connection: connection.fetch(MAY_INSERT, RECORD_TABLE, LEDGER_ROLE))
    assert {row[0] for row in allowed} == {column.name for column in INSERTED_COLUMNS}


def test_a_plan_has_a_value_for_each_of_its_columns() -> None:
    """In the order in which it is stored. Behind them is what follows from the document."""
    *columns, last = (field.name for field in dataclasses.fields(PlanRecord))
    assert columns == [name for name, _ in PLAN_COLUMNS]
    assert last == "reads_data"


def test_the_public_type_shows_defined_columns(catalog: Catalog) -> None:
    """Each field of `AccessRecord` reads a column of the definition, by the type it has there."""
    entity = catalog.entities["AccessRecord"]
    types = {column.name: column.sql_type for column in RECORD_COLUMNS}
    scalars = {column.column: column.scalar.sql_type for column in entity.columns.values() if column.name != "id"}
    assert scalars == {name: types[name] for name in scalars}
    assert types["id"] == entity.storage.id_type
    assert {"organisation_id", "plan", *entity.owner.subjects} <= set(types)
