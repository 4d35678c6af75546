"""What a member asks to have destroyed is destroyed (V3), and a minor's data too (M1): all but what is held, with a receipt."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from schema.marketplace.destruction import DESTRUCTION
from tests.clauses.seeing import Market, asking_as, code
from tests.conftest import Requesting

STAFF = asking_as("PLATFORM", "data_subject_request")
OFFICER = asking_as("PRIVACY_OFFICER", "data_subject_request")

EIGHT = (
    *("REGISTRATION", "PUBLISHING", "BUYER", "PAYMENT", "ACCOUNT_ACTIVITIES", "STATISTICAL", "MARKETING", "PERSONAL"),
)
RECEIPT = """
    categories carriedOutAt carriedOutBy policy policyDigest backupsUntil guardianship
    lines { category type destroyed held reason heldUntil }"""

OF_MEMBER = """
    select format('%I.%I', conrelid::regclass, attname) as column, conrelid::regclass::text as table, attname
    from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any (conkey)
    where contype = 'f' and confrelid = 'marketplace.member'::regclass order by 1"""

KEPT = frozenset({"complaint", "data_subject_request", "destruction_receipt", "legal_instrument_subject", "payment"})
"""What still names a member all of whose data was destroyed: complaints, what was asked and done, papers, and payments."""


def me(member: int) -> Requesting:
    return asking_as("MEMBER", "self_service", member=member)


def settle(market: Market, member: int) -> None:
    """Whatever the member traded is delivered, paid, undisputed and long ago; nobody assesses them or has a paper."""
    for statement in (
        "update trade_order set status = 'DELIVERED' where {0} in (buyer_id, seller_id)",
        "update dispute set outcome = 'REJECTED' where {0} in (buyer_id, seller_id)",
        "update payment set status = 'SETTLED', paid_at = now() - interval '11 years' where {0} in (buyer_id, seller_id)",
        "update credit_assessment set ends_at = greatest(starts_at, now()) where member_id = {0}",
        "delete from legal_instrument_subject where member_id = {0}",
    ):
        market.change(statement.format(member))


def ask(market: Market, member: int, *categories: str) -> str:
    """Asks for destruction; the id of the request."""
    text = "mutation ($input: RequestDestructionInput!) { requestDestruction(input: $input) { fields } }"
    market.data(me(member), text, {"input": {"categories": categories}})
    ((number,),) = market.stored(
        f"select id from data_subject_request where member_id = {member} and kind = 'DESTRUCTION' and ends_at is null"
    )
    return f"DataRequest:{number}"


def carry_out(market: Market, request: str, who: Requesting = OFFICER) -> httpx.Response:
    return market.asking.post(who, "mutation ($id: ID!) { carryOutDestruction(id: $id) { fields } }", {"id": request})


def carry_out_of(market: Market, request: str, categories: Sequence[str] | None) -> httpx.Response:
    """Carries out a request of some of its categories."""
    text = "mutation ($id: ID!, $of: [String!]) { carryOutDestruction(id: $id, categories: $of) { fields } }"
    return market.asking.post(OFFICER, text, {"id": request, "of": categories})


def receipts(market: Market, request: str, who: Requesting = OFFICER) -> Sequence[dict[str, Any]]:
    """Those of a request, the oldest first."""
    found = market.nodes(who, "destructionReceipts", f"request {{ id }} {RECEIPT}")
    return [each for each in found if each["request"] and each["request"]["id"] == request]


def lines(receipt: Mapping[str, Any]) -> Mapping[tuple[str, str | None], tuple[int, int]]:
    """What was destroyed and held, by type and reason."""
    return {(each["type"], each["reason"]): (each["destroyed"], each["held"]) for each in receipt["lines"]}


def is_open(market: Market, request: str) -> bool:
    found = market.data(OFFICER, f'{{ dataRequest(id: "{request}") {{ endsAt }} }}')
    return found["dataRequest"]["endsAt"] is None


def naming(market: Market, member: int) -> set[str]:
    """The tables that name a member."""
    columns = [(row["table"], row["attname"]) for row in market.stored(OF_MEMBER)]
    return {
        table.removeprefix("marketplace.")
        for table, column in columns
        if market.stored(f"select from {table} where {column} = {member} limit 1")
    }


# V3: destroyed.


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_all_that_there_is_of_a_member_is_destroyed(market: Market) -> None:
    """Nothing names them any more but what is nobody's to ask for; nobody sees them; the request has ended."""
    ((member,),) = market.stored(
        "select owner_id from company where owner_id in (select seller_id from trade_order)"
        " and owner_id in (select member_id from visit) and owner_id in (select sender_id from message) limit 1"
    )
    settle(market, member)
    (before,) = market.stored(f"select name, email, password_hash from member where id = {member}")
    assert {"trade_order", "message", "visit", "company"} <= naming(market, member)
    request = ask(market, member, *EIGHT)
    response = carry_out(market, request)
    assert response.json()["data"] == {"carryOutDestruction": {"fields": [*EIGHT]}}
    assert naming(market, member) <= KEPT - {"payment"}
    (left,) = market.stored(f"select * from member where id = {member}")
    assert {name for name, value in left.items() if value is not None} == {"id", "destroyed_at", "registered_at"}
    assert left["registered_at"] == left["destroyed_at"]
    assert not is_open(market, request)
    assert code(carry_out(market, request)) == "NOT_FOUND"
    assert market.data(me(member), "{ me { name } }") == {"me": None}
    for who, root in ((asking_as("PLATFORM", "account_service"), "members"), (STAFF, "members")):
        assert member not in market.rows(who, root)
    for column in ("sender_name", "sender_email"):
        assert not market.stored(f"select from message where {column} in ('{before['name']}', '{before['email']}')")


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_what_two_members_share_stays_for_the_other(market: Market) -> None:
    """An order, its dispute and the messages, without what is of the one who is destroyed."""
    ((number, buyer, seller),) = market.stored(
        "select id, buyer_id, seller_id from trade_order where buyer_id <> seller_id and delivery_name is not null"
        " and buyer_id > 10 order by id limit 1"
    )
    settle(market, buyer)
    request = ask(market, buyer, "ACCOUNT_ACTIVITIES")
    asked = f'{{ order(id: "Order:{number}") {{ total deliveryName deliveryAddress buyer {{ name }} }} }}'
    seen = asking_as("MEMBER", "member_trading", member=seller)
    total = market.data(seen, asked)["order"]["total"]
    assert market.data(asking_as("MEMBER", "member_trading", member=buyer), asked)["order"] is not None
    carry_out(market, request).raise_for_status()
    left = {"total": total, "deliveryName": None, "deliveryAddress": None, "buyer": None}
    assert market.data(seen, asked)["order"] == left
    assert market.data(asking_as("MEMBER", "member_trading", member=buyer), asked)["order"] is None
    # The member is there: only that was asked which is gone.
    assert market.data(me(buyer), "{ me { name } }")["me"]["name"]


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
@pytest.mark.parametrize("category", EIGHT)
def test_of_what_was_not_asked_nothing_is_destroyed(market: Market, category: str) -> None:
    member = 20 + EIGHT.index(category)
    settle(market, member)
    request = ask(market, member, category)
    carry_out(market, request).raise_for_status()
    (receipt,) = receipts(market, request)
    assert receipt["categories"] == [category]
    assert {each["category"] for each in receipt["lines"]} <= {category}


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_figures_and_old_tokens_know_nobody_who_is_destroyed(market: Market) -> None:
    """Neither side's facts are left of an order of theirs, and a token that named them finds nothing."""
    member = 9
    settle(market, member)
    analyst = asking_as("PLATFORM", "statistical_analysis")
    token = next(
        each["id"]
        for each in market.nodes(analyst, "members", "id")
        if market.asking.number(analyst, each["id"]) == member
    )
    assert market.data(analyst, f'{{ node(id: "{token}") {{ id }} }}')["node"] == {"id": token}
    carry_out(market, ask(market, member, *EIGHT)).raise_for_status()
    assert market.data(analyst, f'{{ node(id: "{token}") {{ id }} }}')["node"] is None
    for facts, columns in (("order_fact", ("member_id", "seller_id")), ("visit_fact", ("member_id",))):
        for column in columns:
            assert not market.stored(f"select from {facts} where {column} is null or {column} = {member}")
    assert not market.stored(f"select from buyer_fact where member_id = {member}")


# What is held.

HOLDS: Mapping[str, tuple[str, str, str]] = {
    "ORDER_NOT_DELIVERED": (
        "update trade_order set status = 'SHIPPED' where buyer_id = {0}",
        "update trade_order set status = 'DELIVERED' where buyer_id = {0}",
        "ACCOUNT_ACTIVITIES",
    ),
    "DISPUTE_OPEN": (
        (
            "insert into dispute (order_id, buyer_id, seller_id, reason, opened_at)"
            " select id, buyer_id, seller_id, 'LATE', now() from trade_order where buyer_id = {0}"
            " on conflict (order_id) do update set outcome = null"
        ),
        "update dispute set outcome = 'REJECTED' where buyer_id = {0}",
        "ACCOUNT_ACTIVITIES",
    ),
    "PAYMENT_NOT_SETTLED": (
        "update payment set status = 'PENDING' where buyer_id = {0}",
        "update payment set status = 'SETTLED' where buyer_id = {0}",
        "ACCOUNT_ACTIVITIES",
    ),
    "ASSESSMENT_OPEN": (
        "insert into credit_assessment (member_id, starts_at) values ({0}, now())",
        "update credit_assessment set ends_at = now() where member_id = {0}",
        "REGISTRATION",
    ),
    "LAW": (
        (
            "insert into legal_instrument_subject (instrument_id, member_id)"
            " select id, {0} from legal_instrument where approved_at is not null and 'STATISTICAL' = any (categories)"
            " and starts_at <= now() and (ends_at is null or ends_at > now())"
        ),
        "delete from legal_instrument_subject where member_id = {0}",
        "STATISTICAL",
    ),
}
"""How each comes about, how it ends, and of which category it holds something."""


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
@pytest.mark.parametrize("reason", HOLDS)
def test_what_is_held_stays_and_is_destroyed_when_its_hold_is_over(market: Market, reason: str) -> None:
    """It is on the receipt, with the reason. The request stays open, and what is held is seen by who must see to it."""
    begin, end, category = HOLDS[reason]
    member = 30 + list(HOLDS).index(reason)
    ((member,),) = market.stored(
        f"select buyer_id from trade_order where buyer_id <> seller_id and buyer_id >= {member} and exists ("
        " select from visit where member_id = buyer_id) and not exists (select from data_subject_request asked"
        " where asked.member_id = buyer_id) order by buyer_id limit 1"
    )
    settle(market, member)
    if reason == "LAW":
        market.change(
            "update legal_instrument set categories = categories || 'STATISTICAL'::text, approved_by = 'an officer', approved_at = now()"
        )
    market.change(begin.format(member))
    request = ask(market, member, category)
    carry_out(market, request).raise_for_status()
    (first,) = receipts(market, request)
    held = {each["reason"]: each for each in first["lines"] if each["held"]}
    assert set(held) == {reason}
    assert all(each["heldUntil"] is None for each in held.values())
    assert is_open(market, request)
    if category == "REGISTRATION":
        assert member in market.rows(OFFICER, "members")
    else:
        assert {"STATISTICAL": "visit"}.get(category, "trade_order") in naming(market, member)
    market.change(end.format(member))
    carry_out(market, request).raise_for_status()
    last = receipts(market, request)[-1]
    assert not any(each["held"] for each in last["lines"])
    assert sum(each["destroyed"] for each in last["lines"]) > 0
    assert not is_open(market, request)


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_a_record_of_a_payment_is_held_for_as_long_as_the_law_asks(market: Market) -> None:
    """Ten years from the payment, to the moment; then it is removed."""
    ((member, _),) = market.stored(
        "select buyer_id, min(paid_at) from payment where not exists (select from data_subject_request asked"
        " where asked.member_id = buyer_id) group by 1 order by count(*), 1 limit 1"
    )
    settle(market, member)
    market.change(f"update payment set paid_at = now() - interval '1 year' where buyer_id = {member}")
    ((paid_at, count),) = market.stored(f"select max(paid_at), count(*) from payment where buyer_id = {member}")
    request = ask(market, member, "PAYMENT")
    carry_out(market, request).raise_for_status()
    (line,) = [each for each in receipts(market, request)[0]["lines"] if each["type"] == "Payment"]
    assert (line["held"], line["reason"]) == (count, "LAW")
    assert datetime.fromisoformat(line["heldUntil"]) == paid_at.replace(year=paid_at.year + 10)
    market.change(f"update payment set paid_at = now() - interval '10 years' where buyer_id = {member}")
    carry_out(market, request).raise_for_status()
    assert lines(receipts(market, request)[-1]) == {("Payment", None): (count, 0)}
    assert not market.stored(f"select from payment where buyer_id = {member}")


# Category by category.


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_a_request_is_carried_out_category_by_category(market: Market) -> None:
    """Nothing of the others is destroyed, and each time has its receipt. It ends with the last of them."""
    ((member,),) = market.stored(
        "select member_id from visit where member_id in (select owner_id from company) and member_id between 10 and 19"
        " and member_id in (select member_id from browsing_event) order by 1 limit 1"
    )
    settle(market, member)
    request = ask(market, member, "PUBLISHING", "BUYER", "STATISTICAL")
    response = carry_out_of(market, request, ["STATISTICAL", "PUBLISHING", "PUBLISHING"])
    assert response.json()["data"] == {"carryOutDestruction": {"fields": ["PUBLISHING", "STATISTICAL"]}}
    assert naming(market, member) >= {"browsing_event"}
    assert naming(market, member).isdisjoint({"visit", "company"})
    (receipt,) = receipts(market, request)
    assert receipt["categories"] == ["PUBLISHING", "STATISTICAL"]
    assert {each["category"] for each in receipt["lines"]} == {"PUBLISHING", "STATISTICAL"}
    assert is_open(market, request)
    log = market.data(me(member), "{ me { accesses(first: 20) { nodes { fields { field treatment } } } } }")
    told = {(each["field"], each["treatment"]) for one in log["me"]["accesses"]["nodes"] for each in one["fields"]}
    destroyed = {field for field, treatment in told if treatment == "DESTROYED"}
    assert "Visit.browser" in destroyed
    assert not any(field.startswith("BrowsingEvent.") for field in destroyed)
    carry_out_of(market, request, ["BUYER"]).raise_for_status()
    assert not is_open(market, request)
    assert [each["categories"] for each in receipts(market, request)] == [["PUBLISHING", "STATISTICAL"], ["BUYER"]]


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_what_is_held_of_one_category_keeps_the_request_open(market: Market) -> None:
    """The others may be carried out again meanwhile, and what was held is destroyed when its hold is over."""
    member = 52
    settle(market, member)
    market.change(f"insert into credit_assessment (member_id, starts_at) values ({member}, now())")
    request = ask(market, member, "BUYER", "REGISTRATION")
    carry_out_of(market, request, ["REGISTRATION"]).raise_for_status()
    carry_out_of(market, request, ["BUYER"]).raise_for_status()
    assert is_open(market, request)
    assert member in market.rows(OFFICER, "members")
    market.change(f"update credit_assessment set ends_at = now() where member_id = {member}")
    carry_out_of(market, request, ["REGISTRATION"]).raise_for_status()
    assert not is_open(market, request)


NAMED: Mapping[str, tuple[Sequence[str] | None, str]] = {
    "what the request does not name": (["STATISTICAL"], "ARGUMENT"),
    "that beside what it names": (["BUYER", "STATISTICAL"], "ARGUMENT"),
    "no category": (["COMPLAINTS"], "ARGUMENT"),
    "none": ([], "ARGUMENT"),
}


@pytest.mark.clause(id="V3")
@pytest.mark.parametrize("named", NAMED)
def test_only_what_the_request_names_is_carried_out(market: Market, named: str) -> None:
    """Else it is refused as a whole. Without categories it is carried out of all."""
    member = 53 + list(NAMED).index(named)
    settle(market, member)
    request = ask(market, member, "BUYER")
    categories, expected = NAMED[named]
    response = carry_out_of(market, request, categories)
    assert code(response) == market.asking.record(response)["outcome"] == expected
    assert receipts(market, request) == []
    carry_out_of(market, request, None).raise_for_status()
    assert [each["categories"] for each in receipts(market, request)] == [["BUYER"]]


# Receipts.


@pytest.mark.clause(id="V3")
@pytest.mark.clause(id="V2")
@pytest.mark.grant(id="E6")
def test_a_receipt_says_what_was_done_and_under_which_policy_it_was_asked(market: Market) -> None:
    """Of a policy that is in force by then it says nothing."""
    member = 45
    settle(market, member)
    request = ask(market, member, "BUYER", "STATISTICAL")
    ((version, digest),) = market.stored("select version, digest from veil.policy_activation order by id desc limit 1")
    response = carry_out(market, request, STAFF)
    (receipt,) = receipts(market, request)
    assert (receipt["policy"], receipt["policyDigest"]) == (version, digest)
    assert receipt["categories"] == ["BUYER", "STATISTICAL"]
    assert receipt["carriedOutBy"] == "PLATFORM"
    moment = datetime.fromisoformat(receipt["carriedOutAt"])
    assert datetime.fromisoformat(receipt["backupsUntil"]) - moment == timedelta(days=DESTRUCTION.backup_days)
    assert lines(receipt)["Visit", None][0] > 0
    record = market.asking.record(response)
    assert (record["outcome"], record["subjects"]) == ("ANSWERED", [member])
    own = market.data(me(member), f"{{ me {{ receipts {{ nodes {{ {RECEIPT} }} }} }} }}")["me"]["receipts"]["nodes"]
    assert own == [{name: value for name, value in receipt.items() if name != "request"}]
    log = market.data(me(member), "{ me { accesses(last: 20) { nodes { fields { field treatment } } } } }")
    told = {(each["field"], each["treatment"]) for one in log["me"]["accesses"]["nodes"] for each in one["fields"]}
    assert ("Visit.browser", "DESTROYED") in told
    assert not any(field.startswith("Member.") for field, treatment in told if treatment == "DESTROYED")


@pytest.mark.clause(id="V3")
def test_nobody_else_sees_a_receipt(market: Market) -> None:
    member = 46
    settle(market, member)
    carry_out(market, ask(market, member, "BUYER")).raise_for_status()
    other = market.data(me(47), "{ me { receipts { nodes { id } } } }")["me"]["receipts"]["nodes"]
    assert other == []
    assert (
        market.refusal(asking_as("PUBLIC", "public_browsing"), "{ destructionReceipts { nodes { id } } }") == "INVALID"
    )


# Bad input.


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_what_cannot_be_carried_out_changes_nothing(market: Market) -> None:
    """A request of another kind, one that was withdrawn, one that is not there: each as if it were not."""
    before = market.stored("select count(*) from destruction_receipt")
    copied = 'mutation { requestCopy(input: {categories: ["BUYER"]}) { fields } }'
    market.data(me(48), copied)
    ((copy,),) = market.stored(
        "select id from data_subject_request where member_id = 48 and kind = 'ACCESS' and ends_at is null"
    )
    withdrawn = ask(market, 48, "BUYER")
    market.data(me(48), f'mutation {{ withdrawRequest(id: "{withdrawn}") {{ fields }} }}')
    for request in (f"DataRequest:{copy}", withdrawn, "DataRequest:999999", "Member:48"):
        response = carry_out(market, request)
        assert code(response) == "NOT_FOUND"
        assert market.asking.record(response)["outcome"] == "NOT_FOUND"
    assert market.stored("select count(*) from destruction_receipt") == before
    assert market.stored("select from browsing_event where member_id = 48")


@pytest.mark.clause(id="V3")
@pytest.mark.parametrize(
    ("role", "purpose", "member"),
    [
        ("MEMBER", "self_service", 49),
        ("PLATFORM", "account_service", None),
        ("PRIVACY_OFFICER", "privacy_oversight", None),
        ("PUBLIC", "public_browsing", None),
    ],
)
def test_nobody_but_who_must_see_to_it_carries_anything_out(
    market: Market, role: str, purpose: str, member: int | None
) -> None:
    request = ask(market, 49, "BUYER")
    assert code(carry_out(market, request, asking_as(role, purpose, member=member))) == "INVALID"


@pytest.mark.clause(id="V3")
def test_a_destroyed_member_asks_for_nothing_any_more(market: Market) -> None:
    """Nor chooses: there is nobody whose choice it would be."""
    member = 8
    settle(market, member)
    carry_out(market, ask(market, member, *EIGHT)).raise_for_status()
    for text in (
        'mutation { requestDestruction(input: {categories: ["BUYER"]}) { fields } }',
        "mutation { setConsent(input: {kind: COOKIES, given: true}) { fields } }",
        f'mutation {{ updateRegistration(id: "Member:{member}", input: {{city: "York"}}) {{ fields }} }}',
    ):
        assert code(market.asking.post(me(member), text)) == "NOT_FOUND"
    assert not market.stored(f"select from consent where member_id = {member} and given")


# M1: a minor's.


@pytest.mark.clause(id="M1")
@pytest.mark.grant(id="E6")
def test_a_minors_data_is_removed_once_it_is_on_record_how_guardianship_was_shown(market: Market) -> None:
    """Without that it is refused; with it, it is on the receipt. What is no removal is not carried out as one."""
    member = 50
    settle(market, member)
    named = ", ".join(f"'{each}'" for each in EIGHT)
    market.change(
        "insert into data_subject_request (member_id, categories, kind, starts_at)"
        f" values ({member}, array[{named}], 'MINOR_REMOVAL', now())"
    )
    ((number,),) = market.stored(f"select max(id) from data_subject_request where member_id = {member}")
    text = "mutation ($id: ID!, $shown: String!) { carryOutRemoval(id: $id, guardianship: $shown) { fields } }"
    request = f"DataRequest:{number}"
    assert code(carry_out(market, request)) == "NOT_FOUND"
    for nothing in ("", "  ", "two\nlines"):
        refused = market.asking.post(OFFICER, text, {"id": request, "shown": nothing})
        assert code(refused) == "ARGUMENT"
    shown = "Birth certificate and passport, seen by A. Clerk"
    market.data(OFFICER, text, {"id": request, "shown": f" {shown} "})
    (receipt,) = receipts(market, request)
    assert (receipt["guardianship"], receipt["policy"]) == (shown, None)
    assert member not in market.rows(asking_as("PLATFORM", "account_service"), "members")
    other = ask(market, 51, "BUYER")
    assert code(market.asking.post(OFFICER, text, {"id": other, "shown": shown})) == "NOT_FOUND"
