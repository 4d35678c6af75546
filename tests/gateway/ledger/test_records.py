"""Records: ids that are in the order in which they were made, and refusals that keep no text of their request."""

from itertools import islice
from typing import Any
from uuid import RFC_4122, UUID

import pytest

from gateway.ledger.records import Refusal, announced, ended, record_ids, refused
from schema.access_record import INSERTED_COLUMNS
from schema.marketplace.words import Purposes, Roles
from tests.conftest import CARE, OFFICER, PUBLIC, Asking, Requesting


def test_a_later_record_sorts_behind_an_earlier_one() -> None:
    ids = list(islice(record_ids(), 5_000))
    moments = [each[:18] for each in ids]
    assert moments == sorted(moments)
    assert len(set(ids)) == len(ids)


def test_an_id_is_a_uuid_of_version_7() -> None:
    for each in islice(record_ids(), 1_000):
        assert (UUID(each).version, UUID(each).variant) == (7, RFC_4122)
        assert str(UUID(each)) == each


def test_two_processes_make_no_id_alike() -> None:
    one, other = record_ids(), record_ids()
    assert set(islice(one, 1_000)).isdisjoint(islice(other, 1_000))


COURT = Requesting(role=Roles.AUTHORITY, purpose=Purposes.COURT_ORDER, organisation=17, reference="Words of the sender")


@pytest.mark.parametrize(
    ("query", "outcome"),
    [
        ("query Words { words: wordsOfTheSender }", "INVALID"),
        ("query Words words", "SYNTAX"),
        ("query Words { words: members(first: 101) { nodes { name } } }", "ARGUMENT"),
        ("query Words($words: Int!) { members(first: $words) { nodes { words: name } } }", "VARIABLE"),
    ],
)
def test_a_refusal_keeps_no_text_of_its_request(gateway: Asking, query: str, outcome: str) -> None:
    """Neither the reference nor a name in the document, though it is known who asked, and for what."""
    record = gateway.record(gateway.post(COURT, query))
    assert (record["outcome"], record["purpose"], record["organisation_id"]) == (outcome, "court_order", 17)
    assert (record["reference"], record["operation"], record["plan"]) == (None, None, None)
    assert "words" not in repr(dict(record)).lower()


def test_an_announcement_says_what_its_record_will_say() -> None:
    """But for its id, its outcome, and which record that will be."""
    one, other = islice(record_ids(), 2)
    refusal = Refusal(
        requester="her", role="MEMBER", purpose="self_service", member=3, organisation=None, policy="1", code="INVALID"
    )
    record = refused(one, refusal, "trace", 1)
    columns = [column.name for column in INSERTED_COLUMNS]
    announcement = dict(zip(columns, announced(other, record).values, strict=True))
    assert announcement == {
        **dict(zip(columns, record.values, strict=True)),
        "id": other,
        "outcome": "ANNOUNCED",
        "announces": one,
    }
    done = dict(zip(columns, ended(record, "ANSWERED").values, strict=True))
    assert done == {**dict(zip(columns, record.values, strict=True)), "outcome": "ANSWERED"}


@pytest.mark.parametrize(
    "query",
    [
        "{ __typename }",
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Member") { name } }',
        "{ privacyPolicy { version } }",
        "query Both { __typename privacyPolicy { version } members(first: 1) @skip(if: true) { totalCount } }",
    ],
)
def test_an_answer_of_the_schema_or_the_policy_alone_is_no_access_to_data(gateway: Asking, query: str) -> None:
    record = gateway.record(gateway.post(CARE, query))
    assert (record["outcome"], record["refusals"], record["row_count"]) == ("DESCRIBED", None, 0)
    assert (list(record["subjects"]), record["plan"] is None) == ([], False)


@pytest.mark.parametrize(
    "query",
    [
        "{ members { totalCount } }",
        "{ members(first: 1) { nodes { __typename } } }",
        "{ members(first: 0) { nodes { __typename } } }",
        '{ node(id: "Member:~1") { __typename } }',
        '{ nodes(ids: ["Organisation:4"]) { __typename } }',
        "query Maybe($on: Boolean! = false) { __typename members(first: 1) @include(if: $on) { totalCount } }",
    ],
)
def test_whatever_asks_for_rows_is_an_access_to_data(gateway: Asking, query: str) -> None:
    """Whether any are found, and whatever is shown of them."""
    assert gateway.record(gateway.post(CARE, query))["outcome"] == "ANSWERED"


LISTED = "query Log($filter: AccessRecordFilter) { accessRecords(first: 100, filter: $filter) { nodes { outcome refusals } } }"


def listed(gateway: Asking, wanted: dict[str, Any] | None) -> set[tuple[str, bool]]:
    """The outcomes that an officer is listed, each with whether it counts refusals."""
    nodes = gateway.data(OFFICER, LISTED, {"filter": wanted})["accessRecords"]["nodes"]
    return {(each["outcome"], each["refusals"] is not None) for each in nodes}


def test_an_officer_lists_what_read_no_data_where_they_ask_by_outcome(gateway: Asking) -> None:
    gateway.post(PUBLIC, "{ __typename }")
    gateway.post(PUBLIC, "{ companies(first: 1) { totalCount } }")
    gateway.post(PUBLIC, "{ nowhere }")
    for wanted in (None, {}, {"outcome": {}}, {"outcome": {"eq": None}}, {"role": {"eq": "PUBLIC"}}):
        assert {("ANSWERED", False), ("INVALID", True)} <= listed(gateway, wanted)
        assert ("DESCRIBED", False) not in listed(gateway, wanted)
    assert listed(gateway, {"outcome": {"eq": "DESCRIBED"}}) == {("DESCRIBED", False)}
    of_any = listed(gateway, {"outcome": {"isNull": False}, "role": {"eq": "PUBLIC"}})
    assert {("ANSWERED", False), ("DESCRIBED", False), ("INVALID", True)} <= of_any
    assert all(is_refusal for _, is_refusal in listed(gateway, {"refusals": {"gte": 1}}))


def test_a_count_of_records_leaves_out_what_read_no_data(gateway: Asking) -> None:
    counted = "query Count($filter: AccessRecordFilter) { accessRecords(filter: $filter) { totalCount } }"
    by_purpose = {"purpose": {"eq": "account_service"}}
    before = gateway.data(OFFICER, counted, {"filter": by_purpose})
    gateway.post(CARE, "{ __typename }")
    assert gateway.data(OFFICER, counted, {"filter": by_purpose}) == before
    gateway.post(CARE, "{ members { totalCount } }")
    assert gateway.data(OFFICER, counted, {"filter": by_purpose}) != before
