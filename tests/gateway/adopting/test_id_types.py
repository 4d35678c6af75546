"""A database whose members have UUIDs, integers or texts for ids is adopted and served: in claims, answers, the log."""

import json
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway import app
from gateway.adopting.declaring import declare_package
from gateway.adopting.reading import read_tables
from gateway.adopting.writing import files_of
from gateway.database import migration
from gateway.demo.development import DevelopmentKey
from gateway.policy import in_force
from schema.identities import IdType
from schema.requester import Party, Purpose, Role
from tests.conftest import Databases, Serving, run, settings_for

FIRST, SECOND = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
IDS: dict[IdType, tuple[str, str]] = {
    "uuid": (FIRST, SECOND),
    "integer": ("7", "8"),
    "text": ("Member:7", "C-8"),
}
TABLES = """
create schema shop; create table shop.client (ref {0} primary key, full_name text not null, email text not null, joined timestamptz not null);
create table shop.purchase (
    no {0} primary key, client {0} not null references shop.client, total numeric not null, made_at timestamptz not null
);
insert into shop.client values
    ('{1}', 'Ada Example', 'ada@example.org', '2026-01-05Z'), ('{2}', 'Bo Example', 'bo@example.net', '2026-02-06Z');
insert into shop.purchase values ('{1}', '{1}', 31.50, '2026-03-01Z'), ('{2}', '{2}', 12.00, '2026-03-02Z');
"""
ME = "{ me { id fullName purchases { nodes { id total } } } }"


class Roles(Role):
    MEMBER = "MEMBER", Party.MEMBER


class Purposes(Purpose):
    SELF_SERVICE = "self_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A gateway over the package that was written."""

    address: str
    url: str
    key: DevelopmentKey
    ids: tuple[str, str]
    id_type: IdType

    def post(self, member: Any, query: str) -> httpx.Response:
        token = self.key.sign(Roles.MEMBER, [Purposes.SELF_SERVICE], member=member, now=time.time())
        headers = {"Authorization": f"Bearer {token}", "Access-Purpose": "self_service"}
        return httpx.post(f"{self.address}/graphql", json={"query": query}, headers=headers, timeout=30)


@pytest.fixture(scope="module", params=[*IDS])
def adopted(
    request: pytest.FixtureRequest,
    databases: Databases,
    key: DevelopmentKey,
    key_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Adopted]:
    id_type: IdType = request.param
    url = databases.make("template0")
    run(url, lambda connection: connection.execute(TABLES.format(id_type, *IDS[id_type])))
    name = f"adopted_{id_type}"
    folder = tmp_path_factory.mktemp("adopted") / name
    for place, text in files_of(declare_package(name, run(url, read_tables), None), datetime.now(UTC).date()).items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text.replace("= Categories.UNDECIDED", "= Categories.ACCOUNT"), "utf-8")

    async def migrated(connection: Any) -> None:
        await migration.migrate(connection, app.catalog(str(folder)))
        await in_force.ensure_active(connection, app.catalog(str(folder)))

    run(url, migrated)
    with Serving(settings_for(url, key_file, marketplace=str(folder))) as address:
        yield Adopted(address=address, url=url, key=key, ids=IDS[id_type], id_type=id_type)
    databases.drop(url)
    sys.path.remove(str(folder.parent))
    for module in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[module]


def test_a_member_is_who_the_claim_says(adopted: Adopted) -> None:
    me = adopted.post(adopted.ids[0], ME).json()["data"]["me"]
    assert me == {
        "id": f"Client:{adopted.ids[0]}",
        "fullName": "Ada Example",
        "purchases": {"nodes": [{"id": f"Purchase:{adopted.ids[0]}", "total": "31.50"}]},
    }


def test_the_record_has_the_id_as_the_table_has_it(adopted: Adopted) -> None:
    record = adopted.post(adopted.ids[1], ME).headers["access-record"]
    query = "select member_id::text, subjects::text[] from veil.access_record where id = $1::text::uuid"
    found = run(adopted.url, lambda connection: connection.fetchrow(query, record))
    assert tuple(found) == (adopted.ids[1], [adopted.ids[1]])


def test_an_id_that_is_shown_finds_its_row_and_no_other_does(adopted: Adopted) -> None:
    for shown, found in ((f"Purchase:{adopted.ids[0]}", {"total": "31.50"}), (f"Purchase:{adopted.ids[1]}", None)):
        query = f'{{ purchase(id: "{shown}") {{ total }} }}'
        assert adopted.post(adopted.ids[0], query).json()["data"]["purchase"] == found


def test_a_claim_with_its_type_is_read_where_that_is_not_an_id_itself(adopted: Adopted) -> None:
    """A number and a UUID may come as `Member:…`. A text is an id as it stands, and may begin so."""
    if adopted.id_type == "text":
        assert adopted.post("Member:7", ME).json()["data"]["me"]["fullName"] == "Ada Example"
        assert adopted.post("Member:C-8", ME).json()["data"]["me"] is None
    else:
        assert adopted.post(f"Member:{adopted.ids[0]}", ME).json()["data"]["me"]["fullName"] == "Ada Example"


@pytest.mark.parametrize("claim", ["", "Organisation:7", FIRST.upper(), 0, "7 ", "\0"])
def test_a_claim_that_is_no_id_of_the_type_is_nobody(adopted: Adopted, claim: Any) -> None:
    answered = adopted.post(claim, ME).json()
    if adopted.id_type == "text" and claim not in ("", 0, "\0"):
        assert answered["data"]["me"] is None
        return
    (error,) = answered["errors"]
    assert error["extensions"]["code"] == "CLAIMS_INVALID"
    said = {"uuid": "a UUID in small letters", "integer": "a number above 0", "text": "a text of 1 to 500 characters"}
    assert said[adopted.id_type] in error["extensions"]["hint"]
    assert FIRST.upper() not in json.dumps(answered)
