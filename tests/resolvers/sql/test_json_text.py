"""The JSON that the database makes: its keys stand as the document has them. Its texts are a law (`tests/laws`)."""

import json

from tests.conftest import PUBLIC, Asking


def test_an_object_has_its_keys_in_the_order_of_the_document(gateway: Asking) -> None:
    query = "{ organisations(first: 1) { nodes { kind name country id } totalCount } }"
    (page,) = gateway.data(PUBLIC, query).values()
    assert list(page) == ["nodes", "totalCount"]
    assert list(page["nodes"][0]) == ["kind", "name", "country", "id"]


def test_a_field_that_a_switch_leaves_out_is_no_key_of_the_object(gateway: Asking) -> None:
    query = "query ($on: Boolean!) { organisations(first: 1) { nodes { id @skip(if: $on) name @include(if: $on) } } }"
    for on, key in ((True, "name"), (False, "id")):
        (node,) = gateway.data(PUBLIC, query, {"on": on})["organisations"]["nodes"]
        assert list(node) == [key]


def test_an_answer_is_one_json_value_without_spaces_between_its_parts(gateway: Asking) -> None:
    response = gateway.post(PUBLIC, "{ organisations(first: 2) { nodes { id } } }")
    data = json.dumps(response.json()["data"], separators=(",", ":"))
    assert data in response.text
