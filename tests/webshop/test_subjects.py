"""Data subjects whose ids are texts, and organisations whose ids are UUIDs: in claims, tokens, records, reports and proofs."""

import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gateway import app
from gateway.cli.words import member_of, organisation_of
from gateway.demo.development import DevelopmentKey
from gateway.log import erasing, proving, search
from gateway.log.search import ALL_TIME, Criteria, ExportRange
from gateway.log.veil_verify import Trust, check_export
from gateway.reports.letter import LetterScope, letter
from schema.labels import Identifiers
from schema.tokens import pseudonym, text_id_of_token
from tests.conftest import Asking, Databases, Requesting, Serving, run, settings_for, silent
from tests.gateway.log.logs import SIGNER, seal, value, verify
from tests.webshop.conftest import COURIER, NEWSLETTER, OVERSIGHT, OWN, SUPPORT, TABLES, TRADER, migrated

BO = 'c,2:".0"'
"""An id with every sign that parts entries of a record."""

NAMED = "{ customers { nodes { id name } } }"


@pytest.fixture
def asking(databases: Databases, key: DevelopmentKey, key_file: Path) -> Any:
    """A webshop whose log is a test's own."""
    url = databases.make("template0")
    run(url, lambda connection: connection.execute(TABLES))
    run(url, migrated)
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield asking
        asking.client.close()
    databases.drop(url)


def shown(asking: Asking, requesting: Requesting, query: str = NAMED) -> dict[str, Any]:
    return {each["name"]: each for each in asking.data(requesting, query)["customers"]["nodes"]}


def test_a_record_names_each_person_and_what_was_shown_of_each(asking: Asking) -> None:
    record = asking.record(asking.post(TRADER, "{ orders { nodes { total customer { name } seller { name } } } }"))
    assert (record["member_id"], record["organisation_id"]) == ("cus_1", None)
    assert sorted(record["subjects"]) == [BO, "cus_1", "cus_3"]
    found = run(
        asking.url,
        lambda connection: connection.fetch(
            "select field from veil.access_field where record = $1 and subject = $2", record["id"], BO
        ),
    )
    assert {row[0] for row in found} == {"Order.total", "Customer.name"}


def test_an_organisation_is_recorded_by_its_uuid(asking: Asking) -> None:
    record = asking.record(asking.post(COURIER, NAMED))
    assert record["organisation_id"] == COURIER.organisation
    assert sorted(record["subjects"]) == ["cus_1", "cus_3"]
    assert record["cross_border"] is True


def test_a_count_names_whom_it_counts(asking: Asking) -> None:
    record = asking.record(asking.post(NEWSLETTER, "{ customers { totalCount } }"))
    assert record["subjects"] == ["cus_1"]


def test_a_token_of_a_member_opens_with_its_requesters_key_alone(asking: Asking) -> None:
    key = asking.token_key(COURIER)
    assert {text_id_of_token(key, "Customer", each["id"]) for each in shown(asking, COURIER).values()} == {
        "cus_1",
        "cus_3",
    }
    tokens = shown(asking, SUPPORT, "{ customers { nodes { id name email } } }")
    assert all(text_id_of_token(key, "Customer", each["id"]) is None for each in tokens.values())


def test_a_pseudonym_is_of_its_member(asking: Asking) -> None:
    found = shown(asking, COURIER, "{ customers { nodes { name email } } }")
    assert found["Ada Byron"]["email"] == pseudonym(
        asking.token_key(COURIER), Identifiers.EMAIL, "ada@example.com", ["cus_1"]
    )


def test_a_member_sees_who_saw_them_and_an_officer_finds_it(asking: Asking) -> None:
    shown(asking, COURIER)
    query = "{ me { accesses { nodes { role organisation { id name } fields { field } } } } }"
    (access,) = asking.data(OWN, query)["me"]["accesses"]["nodes"]
    assert access["organisation"] == {"id": f"Courier:{COURIER.organisation}", "name": "Swift"}
    assert {each["field"] for each in access["fields"]} == {"Customer.id", "Customer.name"}
    by = f'{{ accessRecords(filter: {{organisation: {{eq: "Courier:{COURIER.organisation}"}}}}) {{ nodes {{ role }} }} }}'
    assert asking.data(OVERSIGHT, by)["accessRecords"]["nodes"] == [{"role": "COURIER"}]


def test_the_log_of_texts_is_sealed_proven_exported_and_verifies(asking: Asking) -> None:
    asking.post(TRADER, "{ orders { nodes { total seller { name } } } }")
    asking.post(COURIER, NAMED)
    asking.post(OWN, "{ nothing }")
    seal(asking.url)
    assert verify(asking.url).faults == []
    export, cells = io.StringIO(), io.StringIO()
    run(asking.url, lambda connection: proving.export_proofs(connection, ExportRange(), export, silent))
    export.seek(0)
    assert [*check_export(export, Trust(keys=SIGNER.public))][-1].startswith("in the log: ")
    form = search.ExportFormat.CSV
    run(asking.url, lambda connection: search.export(connection, ExportRange(), form, cells, silent))
    assert "cus_3" in cells.getvalue()


def test_a_member_is_erased_from_the_log_and_it_verifies(asking: Asking) -> None:
    shown(asking, COURIER)
    asking.post(TRADER, "{ orders { nodes { id } } }")
    seal(asking.url)
    assert run(asking.url, lambda connection: erasing.erase(connection, "cus_1", silent)) == 2
    seal(asking.url)
    assert verify(asking.url).faults == []
    naming = "select count(*) from veil.access_record where subjects @> array['cus_1'] or member_id = 'cus_1'"
    assert value(asking.url, naming) == 0


def test_the_log_is_searched_by_ids_of_their_types(asking: Asking) -> None:
    shown(asking, COURIER)
    asking.post(TRADER, "{ orders { nodes { id } } }")
    for criteria, count in (
        (Criteria(member="cus_3"), 2),
        (Criteria(member=BO), 1),
        (Criteria(organisation=COURIER.organisation), 1),
        (Criteria(member="cus_4"), 0),
    ):
        found = run(asking.url, lambda connection, criteria=criteria: search.find(connection, criteria, 10))
        assert len(found) == count
        assert all(json.loads(line) for line in search.records_json(found))


def test_a_letter_names_the_organisation(asking: Asking) -> None:
    shown(asking, COURIER)
    scope = LetterScope(member="cus_1", window=ALL_TIME, withheld=())
    report = run(asking.url, lambda connection: letter(connection, app.catalog(), scope))
    assert report.title.endswith("member cus_1")
    assert [row[1] for row in report.tables[1].rows] == ["Swift (a courier)"]


def test_the_command_line_reads_ids_of_the_marketplaces_types() -> None:
    identity = "11111111-2222-3333-4444-555555555555"
    assert (member_of(BO), organisation_of(identity)) == (BO, UUID(identity))
    with pytest.raises(Exception, match="is not an id: these are of the type uuid"):
        organisation_of("12")


@pytest.mark.parametrize("claim", [None, "", 7, True, "a\0", "x" * 501])
def test_a_claim_that_is_no_id_identifies_nobody(webshop: Asking, claim: object) -> None:
    token = Requesting(role=OWN.role, purpose=OWN.purpose, member=claim).token(webshop.key)
    headers = {"Access-Purpose": "own_data", "Authorization": f"Bearer {token}"}
    response = webshop.client.post("/graphql", json={"query": "{ me { id } }"}, headers=headers)
    assert response.json()["errors"][0]["extensions"]["code"] == "CLAIMS_INVALID"
