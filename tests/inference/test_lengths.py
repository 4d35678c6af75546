"""The length of an answer reveals nothing of what is masked in it."""

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType

from gateway.demo.development import DevelopmentKey
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.tokens import token_of_id
from schema.view import View
from tests.conftest import Databases, Requesting, Serving, run, settings_for
from tests.inference.conftest import Besieged, values
from tests.inference.expected import KINDS, TABLES, Kind

LENGTHS: Mapping[str, tuple[str, str]] = {
    "NAME": ("Jo", "Johannes Maximilian Friedrich von und zu Hohenlohe-Langenburg"),
    "EMAIL": ("j@e.com", "johannes.maximilian.friedrich@letters.hohenlohe-langenburg.example.com"),
    "PHONE": ("+86 574 87654", "+86 (574) 8765 - 4321 - 0054"),
    "POSTAL_ADDRESS": (
        "1 A Street",
        "Apartment 1471, 12th floor, Eastern Building, 1288 Long Boulevard of the Republic",
    ),
    "IP_ADDRESS": ("203.0.113.5", "203.0.113.254"),
    "COOKIE": ("c", "c" * 200),
    "CARD_NUMBER": ("411111111111", "4111111111111111111"),
    "BANK_ACCOUNT": ("123456", "DE893704004405320130001234567890"),
    "TRACKING_NUMBER": ("AB12", "RR1234567890123456789CN"),
    "FREE_TEXT": ("Ask j@e.com, please.", "Ask johannes.maximilian@letters.hohenlohe-langenburg.example.com, please."),
}
"""A short and a long identifier of each kind, alike in what is shown of it in part."""

SHORT, LONG = 0, 1

WATCHING = {
    "tokens": Requesting(role=Roles.PLATFORM, purpose=Purposes.STATISTICAL_ANALYSIS),
    "in part": Requesting(role=Roles.SERVICE_PROVIDER, purpose=Purposes.ACCOUNT_SERVICE, organisation=4),
    "payments in part": Requesting(role=Roles.PLATFORM, purpose=Purposes.ACCOUNT_SERVICE),
    "visits in part": Requesting(role=Roles.PLATFORM, purpose=Purposes.SITE_OPERATION),
}


async def _measured(connection: Any) -> Mapping[str, tuple[int, int]]:
    """Makes two rows of each type that is shown masked alike but for the lengths of their identifiers; their ids."""
    return {
        name: await _alike(connection, KINDS[name])
        for name in sorted({each for names in MASKED.values() for each in names})
    }


async def _alike(connection: Any, kind: Kind) -> tuple[int, int]:
    table = TABLES[kind.name]
    identified = [each for each in kind.fields.values() if each.identifier in LENGTHS]
    others = [each.column for each in kind.fields.values() if each.identifier not in LENGTHS and each.column != "id"]
    # Cities stand in for addresses; and the last rows have nothing to do with a support case.
    coarse = {"Payment": ["billing_city"], "PaymentProfile": ["billing_city"]}.get(kind.name, [])
    first, second = [
        row["id"] for row in await connection.fetch(f"select id from {table} order by id desc limit 2 offset 1")
    ]
    copied = ", ".join(f"{column} = source.{column}" for column in (*others, *coarse))
    await connection.execute(
        f"update {table} target set {copied} from {table} source where source.id = $1 and target.id = $2", first, second
    )
    for row, length in ((first, SHORT), (second, LONG)):
        for each in identified:
            query = f"update {table} set {each.column} = $1 where id = $2"
            await connection.execute(query, LENGTHS[each.identifier or ""][length], row)
    return first, second


@pytest.fixture(scope="module")
def measured(
    databases: Databases, key: DevelopmentKey, key_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[Besieged, Mapping[str, tuple[int, int]]]]:
    url = databases.make("sample_market")
    rows = run(url, _measured)
    with Serving(settings_for(url, key_file)) as address:
        asking = Besieged(address, key, url, tmp_path_factory.mktemp("unused"))
        yield asking, rows
        asking.client.close()
    databases.drop(url)


MASKED = {
    "tokens": ("Member", "Company", "Product", "Order", "Dispute", "Payment", "PaymentProfile", "Message", "Visit"),
    "in part": ("Member", "Order", "Dispute"),
    "payments in part": ("Payment", "PaymentProfile", "Visit"),
    "visits in part": ("Member", "Company", "Order", "Visit"),
}


@pytest.mark.parametrize(("who", "kind"), [(who, kind) for who, kinds in MASKED.items() for kind in kinds])
def test_answers_of_short_and_long_identifiers_are_equally_long(
    measured: tuple[Besieged, Mapping[str, tuple[int, int]]], catalog: Catalog, who: str, kind: str
) -> None:
    """Two rows that differ only in how long their masked values are give answers of the same length."""
    gateway, rows = measured
    requesting = WATCHING[who]
    fields = values(gateway.connections(requesting)[_connection(catalog, kind)])
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {' '.join(fields)} }} }} }}"
    answers: list[bytes] = []
    for row in rows[kind]:
        token = token_of_id(gateway.token_key(requesting), kind, row)
        found = [
            response
            for identity in (token, f"{kind}:{row}")
            if (response := gateway.post(requesting, query, {"id": identity})).json()["data"]["node"]
        ]
        shown = found[0].json()["data"]["node"]
        answers.append(found[0].content.replace(shown["id"].encode(), b""))
    assert len(answers[SHORT]) == len(answers[LONG]), answers


def _connection(catalog: Catalog, kind: str) -> str:
    root = View(catalog).graphql.query_type
    assert isinstance(root, GraphQLObjectType)
    return next(
        name for name, each in catalog.roots.items() if each.target == kind and "first" in root.fields[name].args
    )
