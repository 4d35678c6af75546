"""Rows whose ids are texts are changed by those who may, in whatever columns their fields are kept."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.rental.requesting import DESK, Asker, Renting, renter, workshop
from tests.rental.sample import RENTERS

EDIT = """
mutation ($id: ID!, $version: String, $input: UpdateDropOffInput!) {
    updateDropOff(id: $id, version: $version, input: $input) { fields version }
}"""


def edit(renting: Renting, asker: Asker, code: str, version: str | None = None, **given: Any) -> Mapping[str, Any]:
    """The response to a change of where tools are brought."""
    response = renting.post(asker, EDIT, {"id": f"DropOff:{code}", "version": version, "input": given})
    return {"record": response.headers.get("access-record"), **response.json()}


def refusal(answered: Mapping[str, Any]) -> str:
    return answered["errors"][0]["extensions"]["code"]


def stored(renting: Renting) -> Mapping[str, Mapping[str, Any]]:
    return {row["code"]: row for row in renting.rows("select * from rental.dropoff")}


@pytest.mark.parametrize("ref", RENTERS)
def test_a_renter_of_any_id_changes_their_own_and_the_record_says_so(renting: Renting, ref: str) -> None:
    before = stored(renting)
    answered = edit(
        renting, renter(ref), f"at {ref}", email="new@example.com", town="Bonn", address="1 Quay", note='a "b"'
    )
    assert sorted(answered["data"]["updateDropOff"]["fields"]) == ["address", "email", "note", "town"]
    changed = {"mail": "new@example.com", "town": "Bonn", "street": "1 Quay", "note": 'a "b"'}
    assert stored(renting) == {**before, f"at {ref}": {**before[f"at {ref}"], **changed}}
    (record,) = [
        row for row in renting.rows("select * from veil.access_record") if str(row["id"]) == answered["record"]
    ]
    assert (record["member_id"], record["subjects"]) == (ref, [ref])


def test_a_renter_changes_nothing_of_anybody_else(renting: Renting) -> None:
    """Another's is as absent as what is not there, whatever the id is like."""
    before = stored(renting)
    others = (*(f"at {ref}" for ref in RENTERS[1:]), "no such", "at R-001 ", "at r-001' or true or '", "", "~AAAA")
    for code in others:
        assert refusal(edit(renting, renter(RENTERS[0]), code, email="mine@example.com")) in ("NOT_FOUND", "ARGUMENT")
    assert stored(renting) == before


def test_a_row_that_was_changed_meanwhile_is_a_conflict(renting: Renting) -> None:
    ref, code = RENTERS[3], f"at {RENTERS[3]}"

    def version() -> str:
        (found,) = renting.data(renter(ref), "{ dropOffs { nodes { version } } }")["dropOffs"]["nodes"]
        return found["version"]

    read = version()
    renting.change("update rental.dropoff set town = 'Ulm' where code = 'at Renter:r-004'")
    assert refusal(edit(renting, renter(ref), code, read, town="Jena")) == "CONFLICT"
    assert "errors" not in edit(renting, renter(ref), code, version(), town="Jena")


@pytest.mark.parametrize("asker", [DESK, workshop("w/a")], ids=["desk", "workshop"])
def test_who_may_not_change_anything_has_no_mutation(renting: Renting, asker: Asker) -> None:
    assert renting.refused(asker, EDIT, {"id": "DropOff:at r-001", "input": {"town": "X"}}) in ("INVALID", "SYNTAX")


def test_a_text_that_is_too_long_for_its_column_is_refused_in_words(renting: Renting) -> None:
    """Nobody of Veil made the column, and nothing more is said of it."""
    ref = RENTERS[5]
    answered = edit(renting, renter(ref), f"at {ref}", note="x" * 61)
    assert refusal(answered) == "ARGUMENT"
    assert "60" not in str(answered["errors"])
    assert "errors" not in edit(renting, renter(ref), f"at {ref}", note="x" * 60)


def test_columns_that_no_mutation_names_cannot_be_written(renting: Renting) -> None:
    query = """
        select attrelid::regclass::text || '.' || attname as written from pg_attribute
        join pg_class on pg_class.oid = attrelid
        where relnamespace = 'rental'::regnamespace and attnum > 0 and relkind = 'r'
          and has_column_privilege('veil_writer', attrelid, attnum, 'update')"""
    columns = ("mail", "note", "phone", "street", "town")
    assert sorted(row["written"] for row in renting.rows(query)) == [f"rental.dropoff.{column}" for column in columns]
