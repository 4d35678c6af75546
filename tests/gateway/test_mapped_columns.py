"""A mapped column that cannot be made is named: at `veil migrate`, by `veil check`, and by readiness while Veil serves."""

import asyncio
import dataclasses
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from gateway import app, column_notices
from gateway.database.migration import MigrationError, migrate
from gateway.database.owner import mapping_faults_as_owner, unreadable_values
from gateway.demo.development import DevelopmentKey
from gateway.mapped_columns import MappedPlace, mapped_places
from schema.catalog import Catalog
from schema.mapping import MappedColumn
from tests.conftest import Asking, Databases, Serving, run, settings_for
from tests.gateway.cli.conftest import Veil, veil
from tests.webshop.conftest import NEWSLETTER, OWN, TABLES, TRADER, migrated

assert veil  # a fixture of the commands

ORDERS = "{ orders { nodes { id total status placedAt position } } }"
TOTALS = "{ orders { nodes { total } } }"
ME = "{ me { name tier registeredAt } }"


@pytest.fixture(autouse=True)
def _marketplace(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    """The databases of the other marketplace are made by now."""
    assert databases
    monkeypatch.setenv("VEIL_MARKETPLACE", "tests.webshop")


@pytest.fixture
def url(databases: Databases, _marketplace: None) -> Generator[str]:
    url = databases.make("template0")
    run(url, lambda connection: connection.execute(TABLES))
    yield url
    databases.drop(url)


def change(url: str, *statements: str) -> None:
    run(url, lambda connection: connection.execute("; ".join(statements)))


def with_expression(expression: str, *reads: str, sql_type: str = "numeric") -> Catalog:
    """The webshop, with something else as the total of an order."""
    catalog = app.catalog()
    made = MappedColumn(reads=reads, sql_type=sql_type, expression=expression)
    return dataclasses.replace(catalog, mapped={**catalog.mapped, "order": {**catalog.mapped["order"], "total": made}})


def test_every_mapped_column_of_the_webshop_is_tried(url: str) -> None:
    assert {f"{each.table}.{each.column}" for each in mapped_places(app.catalog())} == {
        "customer.name",
        "customer.loyaltyTier",
        "customer.registered_at",
        "order.state",
        "order.total",
    }
    run(url, migrated)


@pytest.mark.parametrize(
    ("expression", "reads", "said"),
    [
        (
            "amount_cents / position",
            ("amount_cents",),
            'the expression of "order".total names a column that its `reads` does not: add it there, or leave it out',
        ),
        (
            "customer_id / 100.0",
            ("customer_id",),
            (
                '"order".total cannot be made of customer_id (UndefinedFunctionError): change the package\'s expression,'
                " or the columns"
            ),
        ),
        (
            "sum(amount_cents)",
            ("amount_cents",),
            (
                '"order".total cannot be made of amount_cents (GroupingError): change the package\'s expression, or the'
                " columns"
            ),
        ),
        (
            "generate_series(1, amount_cents)",
            ("amount_cents",),
            (
                '"order".total cannot be made of amount_cents (FeatureNotSupportedError): change the package\'s'
                " expression, or the columns"
            ),
        ),
        (
            "placed",
            ("placed",),
            '"order".total cannot be made of placed (CannotCoerceError): change the package\'s expression, or the columns',
        ),
        (
            "amount_cents +",
            ("amount_cents",),
            (
                '"order".total cannot be made of amount_cents (PostgresSyntaxError): change the package\'s expression, or'
                " the columns"
            ),
        ),
    ],
)
def test_an_expression_that_cannot_be_read_is_named(
    url: str, expression: str, reads: tuple[str, ...], said: str
) -> None:
    catalog = with_expression(expression, *reads)
    run(url, migrated)

    async def asked(connection: Any) -> list[str]:
        await connection.execute("set search_path = shop, veil, pg_catalog")
        return [*await mapping_faults_as_owner(connection, catalog)]

    assert run(url, asked) == [said]
    with pytest.raises(MigrationError, match=re.escape(said)):
        run(url, lambda connection: migrate(connection, catalog))


@pytest.mark.parametrize("expression", ['"order".amount_cents / 100.0', "coalesce(amount_cents, 0) * 0.01"])
def test_an_expression_that_can_be_read_is_not_named(url: str, expression: str) -> None:
    run(url, lambda connection: migrate(connection, with_expression(expression, "amount_cents")))


# What rows hold.

BAD = 'a@b.example","x":1'


def test_a_value_that_nothing_is_made_of_is_counted_and_never_printed(url: str) -> None:
    run(url, migrated)
    change(
        url,
        'alter table shop."order" alter amount_cents type text',
        f"update shop.\"order\" set amount_cents = '{BAD}' where order_no <> 'W-10'",
    )
    catalog = with_expression("amount_cents", "amount_cents")

    async def counted(connection: Any) -> list[str]:
        await connection.execute("set search_path = shop, veil, pg_catalog")
        return [*await unreadable_values(connection, catalog)]

    assert run(url, counted) == [
        (
            "the column total of order cannot be made of amount_cents in 2 rows:"
            " whoever asks for it gets `UNREADABLE`; change these, or the package's expression"
        )
    ]


def test_check_tells_of_such_values_and_goes_on(url: str, veil: Veil) -> None:
    run(url, lambda connection: migrate(connection, app.catalog("tests.webshop")))
    change(url, "alter table shop.customer alter created_at type text")
    ended = veil("check", "--database", url, VEIL_MARKETPLACE="tests.webshop")
    assert ended.code == 1
    assert "mend: customer.registered_at cannot be made of created_at (UndefinedFunctionError)" in ended.out
    change(url, "alter table shop.customer alter created_at type timestamp using '2020-01-01'::timestamp")
    change(
        url,
        'alter table shop."order" rename to sale',
        (
            'create view shop."order" as select order_no, customer_id, seller_id, state,'
            ' 5 / (amount_cents - 99) as amount_cents, "position", placed from shop.sale'
        ),
    )
    ended = veil("check", "--database", url, VEIL_MARKETPLACE="tests.webshop")
    assert "the column total of order cannot be made of amount_cents in some rows" in ended.out
    assert "note: the column state of shop.order holds `requires_action` in 1 row" in ended.out


def test_a_place_is_named_as_sql_has_it() -> None:
    mapped = MappedColumn(reads=("a",), sql_type="text", expression="a")
    place = MappedPlace(table="Shop.order", column="B", mapped=mapped)
    assert place.fault("X").startswith('"Shop"."order"."B" cannot be made of a (X)')


# While Veil serves.


@pytest.fixture
def serving(url: str, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    run(url, migrated)
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield asking
        asking.client.close()


def assert_refused(asking: Asking, query: str = ORDERS) -> None:
    """Whether readiness has noticed yet or not."""
    response = asking.post(TRADER, query)
    assert response.status_code == 503
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] in ("UNAVAILABLE", "UNREADABLE")
    assert "data" not in response.json()
    assert "0.01" not in response.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            ('alter table shop."order" drop column amount_cents',),
            'the column "order".amount_cents is missing: add it to the table or view, then run `veil migrate`',
        ),
        (
            ('alter table shop."order" rename amount_cents to cents',),
            'the column "order".amount_cents is missing: add it to the table or view, then run `veil migrate`',
        ),
        (
            ('alter table shop."order" alter amount_cents type text using \'1","price":"0.01\'',),
            (
                '"order".total cannot be made of amount_cents (UndefinedFunctionError 42883): change the package\'s'
                " expression, or the columns"
            ),
        ),
        (
            ('alter table shop."order" alter amount_cents type boolean using true',),
            (
                '"order".total cannot be made of amount_cents (UndefinedFunctionError 42883): change the package\'s'
                " expression, or the columns"
            ),
        ),
        (
            (
                'alter table shop."order" rename to sale',
                (
                    'create view shop."order" as select order_no, customer_id, seller_id, state,'
                    ' \'1","price":"0.01\'::text as amount_cents, "position", placed from shop.sale'
                ),
                'grant select on shop."order" to veil_gateway',
            ),
            (
                '"order".total cannot be made of amount_cents (UndefinedFunctionError 42883): change the package\'s'
                " expression, or the columns"
            ),
        ),
        (
            ('alter table shop."order" alter "position" type text using \'1,"price":"0.01"\'',),
            'the column "order".position is of type text: make it integer',
        ),
        (
            ('alter table shop."order" alter placed type text using \'1","price":"0.01\'',),
            'the column "order".placed is of type text: make it timestamptz',
        ),
        (
            ('alter table shop."order" rename to sale',),
            'the table or view "order" is missing: make it, then run `veil migrate`',
        ),
    ],
)
def test_a_table_that_changes_under_a_running_gateway_answers_nobody(
    serving: Asking, changes: tuple[str, ...], said: str
) -> None:
    assert serving.data(TRADER, ORDERS)
    change(serving.url, *changes)
    assert_refused(serving)
    assert serving.client.get("/health/ready").status_code == 503
    assert said in serving.lacking()
    assert_refused(serving)
    assert_refused(serving, "{ articles { nodes { title } } }")


@pytest.mark.parametrize("type_", ["integer", "text", "boolean", "bytea"])
def test_words_of_another_type_are_none_that_is_known(serving: Asking, type_: str) -> None:
    """They close what they would open, and show nothing."""
    change(serving.url, f'alter table shop."order" alter state type {type_} using null::{type_}')
    found = serving.data(TRADER, "{ orders { nodes { status hiddenFields } } customers { nodes { name } } }")
    assert {each["status"] for each in found["orders"]["nodes"]} == {None}
    assert found["customers"]["nodes"] == []


def test_a_value_that_nothing_is_made_of_is_told_by_a_code_and_leaks_nothing(
    url: str, key: DevelopmentKey, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Others are answered. An operator is told at the start, and while it goes on."""
    run(url, migrated)
    change(
        url,
        'alter table shop."order" rename to sale',
        (
            'create view shop."order" as select order_no, customer_id, seller_id, state,'
            " 5 / (case order_no when 'W-10' then 0 else amount_cents end) as amount_cents, \"position\", placed from shop.sale"
        ),
        'grant select on shop."order" to veil_gateway',
    )
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        refused = asking.post(TRADER, TOTALS)
        assert refused.status_code == 503
        assert refused.json()["errors"][0]["extensions"]["code"] == "UNREADABLE"
        assert "retry-after" not in refused.headers
        assert "amount" not in refused.text.lower()
        assert asking.data(NEWSLETTER, "{ customers { totalCount } }")
        assert asking.data(OWN, ME)
        assert asking.client.get("/health/ready").status_code == 200
        asking.client.close()
    asyncio.run(app.report_columns(settings_for(url, key_file)))
    told = [record.getMessage() for record in caplog.records if record.name == column_notices.__name__]
    assert "the column total of order cannot be made in some rows: run `veil check`" in told
