"""What a requester may pass as a value: it is bound or refused, and never makes the gateway or the database fail."""

import base64
import json
from dataclasses import replace

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.binding import check_cost, cost_of
from resolvers.front.selection import Slot
from resolvers.planning.cost import CHARACTERS_OF_ROW
from resolvers.planning.parameters import ListSizeParameter
from resolvers.planning.plan import CostTerm
from schema.cursors import cursor_of
from schema.marketplace.words import Purposes
from schema.refusals import Code, Refused
from schema.scalars import WRITTEN
from tests.conftest import MEMBERS, OFFICER, PUBLIC, STAFF, Asking, run

NEXT = """\
query ($after: String) {
  orders(first: 1, after: $after, orderBy: [{total: ASC}, {currency: ASC}, {placedAt: ASC}]) {
    nodes { id } pageInfo { endCursor }
  }
}"""


def refusal(response: httpx.Response) -> Code | None:
    """The code it was refused with; none when it was answered. A failure is neither."""
    assert response.status_code == 200, response.text
    errors = response.json().get("errors")
    return Code[errors[0]["extensions"]["code"]] if errors else None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "é",
        "====",
        "WyIzOCIsICI0Il0",
        "\x00",
        base64.b64encode(json.dumps(["246.00", "EUR", "2012-06-11 08:00:00+00", "99"]).encode()).decode(),
        base64.b64encode(bytes(16)).decode(),
        base64.b64encode(bytes(80)).decode(),
        base64.b64encode(b"[" * 60_000).decode()[:60_000],
        cursor_of(bytes(32), "Query.orders by total decimal ascending", ["246.00"]),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_text_that_is_no_cursor_is_refused(gateway: Asking, text: str) -> None:
    assert refusal(gateway.post(STAFF, NEXT, {"after": text})) is Code.ARGUMENT


@given(text=st.text(max_size=80) | st.binary(max_size=120).map(lambda content: base64.b64encode(content).decode()))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_makes_a_cursor_up(gateway: Asking, text: str) -> None:
    assert refusal(gateway.post(STAFF, NEXT, {"after": text})) is Code.ARGUMENT


SINCE = "query ($at: DateTime!) { orders(first: 0, filter: {placedAt: {gte: $at}}) { totalCount } }"
AMONG = "query ($at: DateTime!, $in: [DateTime!]!) { orders(first: 0, filter: {placedAt: {eq: $at, in: $in}}) { totalCount } }"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59"])
def test_a_time_outside_the_calendar_is_refused(gateway: Asking, at: str) -> None:
    """With its offset it is a time; in UTC it would lie before the year 1 or behind 9999."""
    assert refusal(gateway.post(STAFF, SINCE, {"at": at})) is Code.ARGUMENT
    assert refusal(gateway.post(STAFF, AMONG, {"at": "2012-06-11T08:00:00Z", "in": [at]})) is Code.ARGUMENT


@given(at=st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat(timespec="microseconds")))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_time_is_bound_or_refused(gateway: Asking, at: str) -> None:
    assert refusal(gateway.post(STAFF, SINCE, {"at": at})) in (None, Code.ARGUMENT, Code.VARIABLE)


@pytest.mark.parametrize(
    "text", ["'", '"', "\\", "%", "$1", "{}", "\u0001", "\u2028", "🙂", "'; drop table member; --"]
)
def test_any_text_can_be_used_in_a_filter(gateway: Asking, text: str) -> None:
    query = (
        "query ($t: String!) { members(first: 0, filter: {city: {eq: $t, startsWith: $t, in: [$t]}}) { totalCount } }"
    )
    written = query.replace("in: [$t]", f"in: [{json.dumps(text)}]")
    assert gateway.data(STAFF, written, {"t": text}) == {"members": {"totalCount": 0}}


def test_an_introspection_that_is_switched_off_is_left_out(gateway: Asking) -> None:
    """Its answer is made beside the statement's, and made only where it is wanted."""
    query = 'query ($on: Boolean!) { __type(name: "Order") @include(if: $on) { name } organisations(first: 0) { totalCount } }'
    total = {"organisations": {"totalCount": 21}}
    assert gateway.data(STAFF, query, {"on": False}) == total
    assert gateway.data(STAFF, query, {"on": True}) == {"__type": {"name": "Order"}, **total}


@pytest.mark.parametrize("document", ["{}", "{ orders {} }", "{ orders @skip(if: true) { totalCount } }"])
def test_an_answer_without_fields_is_still_json(gateway: Asking, document: str) -> None:
    assert gateway.answer(STAFF, document)


def test_no_order_given_in_a_variable_is_no_order(gateway: Asking) -> None:
    query = "query ($by: [OrderOrderBy!]) { orders(first: 1, orderBy: $by) { nodes { id } } }"
    assert gateway.data(STAFF, query, {"by": []}) == gateway.data(STAFF, query, {"by": None})


@pytest.mark.parametrize(
    "document",
    [
        "query ($of: Boolean = true) { organisations(first: 0) { totalCount @include(if: $of) } }",
        'query ($of: String = "x") { organisations(first: 0, filter: {name: {in: [$of, "y"]}}) { totalCount } }',
    ],
)
def test_null_is_refused_for_an_argument_that_may_not_be_null(gateway: Asking, document: str) -> None:
    """Its default lets it stand there; null, which its type allows, would be neither."""
    assert refusal(gateway.post(STAFF, document, {})) is None
    assert refusal(gateway.post(STAFF, document, {"of": None})) is Code.VARIABLE


def test_a_null_currency_is_refused_for_figures(gateway: Asking) -> None:
    query = 'query ($of: String = "USD") { orderStatistics(currency: $of) { total { count } } }'
    anybody = replace(PUBLIC, purpose=Purposes.AGGREGATE_SHARING)
    assert refusal(gateway.post(anybody, query, {"of": None})) is Code.VARIABLE


def test_a_default_is_in_no_record(gateway: Asking) -> None:
    """It is a value as every literal is, and documents that differ in it are one plan."""
    query = 'query ($of: String = "a secret") { organisations(first: 0, filter: {name: {eq: $of}}) { totalCount } }'
    plan = gateway.record(gateway.post(STAFF, query))["plan"]
    kept = "select document from veil.access_plan where id = $1"
    document = run(gateway.url, lambda connection: connection.fetchval(kept, plan))
    assert document.startswith("query ($of: String) {")


@pytest.mark.parametrize(
    "order",
    ["{}", "[{}]", "{total: ASC, currency: ASC}", "[{currency: ASC}, {total: $by, currency: $by}]", "{total: null}"],
)
def test_an_entry_of_an_order_names_one_field(gateway: Asking, order: str) -> None:
    """Wherever the document spells it out: at the operation, in a fragment before it, as a variable's default."""
    head = "query ($by: Direction! = ASC)" if "$" in order else "query"
    asked = f"orders(first: 1, orderBy: {order}) {{ totalCount }}"
    assert refusal(gateway.post(STAFF, f"{head} {{ {asked} }}")) is Code.ARGUMENT
    assert (
        refusal(gateway.post(STAFF, f"fragment Within on Query {{ {asked} }} {head} {{ ...Within }}")) is Code.ARGUMENT
    )
    if "$" not in order:
        default = f"query ($by: [OrderOrderBy!] = {order}) {{ orders(first: 1, orderBy: $by) {{ totalCount }} }}"
        assert refusal(gateway.post(STAFF, default)) is Code.INVALID


def test_a_count_records_each_member_who_is_counted(gateway: Asking) -> None:
    """By what is counted, one value after the other, a field could be found out."""
    one = gateway.data(STAFF, "{ members(first: 1) { nodes { id email } } }")["members"]["nodes"][0]
    for part, counted in (("totalCount", 1), ("pageInfo { hasNextPage }", 0)):
        asked = f"query ($of: String) {{ members(first: 0, filter: {{email: {{startsWith: $of}}}}) {{ {part} }} }}"
        found = gateway.record(gateway.post(STAFF, asked, {"of": one["email"]}))
        assert (found["subjects"], found["row_count"]) == ([int(one["id"].removeprefix("Member:"))], counted)
    everybody = "{ members(first: 0, filter: {email: {isNull: false}}) { totalCount } }"
    many = gateway.record(gateway.post(STAFF, everybody))
    assert len(many["subjects"]) == many["row_count"] == MEMBERS


LOG = "query ($after: String) { accessRecords(first: 5, after: $after) { nodes { id } pageInfo { endCursor } } }"


def test_rows_with_uuids_can_be_paged(gateway: Asking) -> None:
    """The officer reads the access log from its first page to its last."""
    first = gateway.data(OFFICER, LOG)["accessRecords"]
    second = gateway.data(OFFICER, LOG, {"after": first["pageInfo"]["endCursor"]})["accessRecords"]
    assert {each["id"] for each in first["nodes"]}.isdisjoint(each["id"] for each in second["nodes"])


def test_a_list_may_mix_variables_and_literals(gateway: Asking) -> None:
    query = 'query ($one: String!) { members(filter: {country: {in: [$one, "CN"]}}) { totalCount } }'
    both = '{ members(filter: {country: {in: ["US", "CN"]}}) { totalCount } }'
    assert gateway.data(STAFF, query, {"one": "US"}) == gateway.data(STAFF, both)


NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"


@pytest.mark.parametrize(("ids", "code"), [(0, None), (100, None), (101, Code.ARGUMENT)])
def test_nodes_takes_a_hundred_ids(gateway: Asking, ids: int, code: Code | None) -> None:
    assert refusal(gateway.post(PUBLIC, NODES, {"ids": ["Company:1"] * ids})) is code


def test_each_id_counts_as_a_row() -> None:
    """And so does each row that a row by id leads to."""
    terms = (CostTerm(factor=3, sizes=(ListSizeParameter(slot=Slot(("ids",))),)),)
    assert cost_of(terms, {"ids": ["a", "b"]}) == 6


def test_a_call_that_costs_more_than_is_allowed_is_refused() -> None:
    """Its statement counts as well."""
    check_cost(6, CHARACTERS_OF_ROW, most=7)
    with pytest.raises(Refused) as refused:
        check_cost(6, 2 * CHARACTERS_OF_ROW, most=7)
    assert refused.value.code is Code.TOO_COSTLY


@pytest.mark.parametrize(
    ("definition", "argument", "value", "hint"),
    [
        (
            "$v: OrderFilter",
            "filter: $v",
            {"placedAt": {"gte": "SECRET"}},
            f"`$v.placedAt.gte` must be a `DateTime`: {WRITTEN['DateTime']}",
        ),
        (
            "$v: OrderFilter",
            "filter: $v",
            {"total": {"in": ["1", "SECRET"]}},
            f"`$v.total.in[1]` must be a `Decimal!`: {WRITTEN['Decimal']}",
        ),
        ("$v: OrderFilter", "filter: $v", {"SECRET": {}}, "`$v` must be a `OrderFilter`"),
        ("$v: OrderFilter", "filter: $v", {"status": "SECRET"}, "`$v.status` must be a `OrderStatusFilter`"),
        (
            "$v: [OrderOrderBy!]",
            "orderBy: $v",
            [{"total": "ASC"}, {"total": "SECRET"}],
            "`$v[1].total` must be a `Direction`: one of ASC, DESC",
        ),
        ("$v: [OrderOrderBy!]", "orderBy: $v", {"total": 1}, "`$v.total` must be a `Direction`: one of ASC, DESC"),
        ("$v: Int", "first: $v", "SECRET", "`$v` must be a `Int`: a whole number of 32 bits"),
        ("$v: Int! = 5", "first: $v", "SECRET", "`$v` must be a `Int!`: a whole number of 32 bits"),
    ],
)
def test_a_variable_that_does_not_fit_is_named_by_its_place(
    gateway: Asking, definition: str, argument: str, value: object, hint: str
) -> None:
    """And how a value is written there, and never the value."""
    response = gateway.post(STAFF, f"query ({definition}) {{ orders({argument}) {{ totalCount }} }}", {"v": value})
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "VARIABLE", "hint": f"the variable {hint}"}
    assert "SECRET" not in response.text


def test_nodes_stand_beside_what_the_policy_says_of_itself(gateway: Asking) -> None:
    """Which graphql-core answers, and without rows: a list that could not be null would end its answer."""
    text = '{ privacyPolicy { version } nodes(ids: ["Company:1", "nonsense"]) { id } }'
    data = gateway.post(PUBLIC, text).json()["data"]
    assert data == {"privacyPolicy": {"version": "2012-06-11"}, "nodes": [{"id": "Company:1"}, None]}
