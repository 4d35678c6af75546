"""Stored values as people read and type them."""

from gateway.pages.my_data.values import as_read, as_typed, editable_field, field_label, from_typed
from gateway.pages.words import wording_for
from schema.catalog import Catalog

ENGLISH = wording_for("en-GB")


def test_values_are_read_as_their_kind(catalog: Catalog) -> None:
    order, company = catalog.entities["Order"].columns, catalog.entities["Company"].columns
    assert as_read(ENGLISH, order["total"], "1234567.50") == "1,234,567.50"
    assert as_read(ENGLISH, order["placedAt"], "2026-03-09T14:05:00+00:00") == "9 Mar 2026, 14:05 UTC"
    assert as_read(ENGLISH, company["verified"], True) == "yes"
    assert as_read(ENGLISH, company["yearEstablished"], 1998) == "1998"
    assert as_read(ENGLISH, company["employees"], 1200) == "1,200"
    assert as_read(ENGLISH, company["mainProducts"], ["a", "b"]) == "a, b"
    assert as_read(ENGLISH, company["name"], None) == ""


def test_what_is_typed_is_what_the_api_is_given(catalog: Catalog) -> None:
    company = catalog.entities["Company"].columns
    assert from_typed(company["employees"], " 12 ") == 12
    assert from_typed(company["employees"], "a dozen") == "a dozen"
    assert from_typed(company["mainProducts"], "a\r\n\r\n b ") == ["a", "b"]
    assert from_typed(company["verified"], "no") is False
    assert from_typed(company["name"], "  ") is None
    assert [as_typed(each) for each in (None, True, ["a", "b"], 3)] == ["", "yes", "a\nb", "3"]


def test_a_field_says_its_form_and_what_fills_it(catalog: Catalog) -> None:
    member, mutation = catalog.entities["Member"], catalog.mutations["updateRegistration"]
    row = {"email": "a@example.net", "kind": "BUYER"}
    email = editable_field(ENGLISH, member, mutation.inputs["email"], row, None, is_masked=False)
    assert (email.kind, email.filled_by, email.typed, email.is_required) == ("email", "email", "a@example.net", True)
    kind = editable_field(ENGLISH, member, mutation.inputs["kind"], row, "BOTH", is_masked=False)
    assert kind.kind == "choice"
    assert ("BOTH", "both") in kind.options
    assert (kind.stored, kind.typed) == ("BUYER", "BOTH")
    assert field_label(ENGLISH, member, "jobTitle") == "Job title"
