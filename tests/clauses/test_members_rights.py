"""What a member may do: see, correct and have removed (M1, S1, S2, V3, A1). And passwords, which nobody sees."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest

from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy.policy_file import load_policy
from schema.view import View
from schema.visibility import Visibility
from tests.clauses.seeing import Market, State, asking_as, is_in_part
from tests.conftest import LOGIN, PASSWORD, Requesting

ME = asking_as("MEMBER", "self_service")
SUPPLIER = asking_as("MEMBER", "self_service", member=2)
REQUESTED = [asking_as(role, "data_subject_request") for role in ("PLATFORM", "PRIVACY_OFFICER")]

# S1, A1: access through the account.


@pytest.mark.clause(id="S1")
@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="G3a")
def test_a_member_sees_what_she_registered_published_and_pays_with_as_it_is(sample: Market) -> None:
    """Whole, but for the card, which is shown in part even to her; and of nobody else."""
    columns = "'Member:' || id as id, name, email, phone, fax, address, city, country"
    (row,) = sample.stored(f"select {columns} from member where id = 2")
    profile = "paymentProfiles { nodes { cardNumber bankAccount billingName billingAddress } }"
    query = (
        f"{{ me {{ id name email phone fax address city country company {{ contactEmail description }} {profile} }} }}"
    )
    me = sample.data(SUPPLIER, query)["me"]
    company, profiles = me.pop("company"), me.pop("paymentProfiles")["nodes"]
    assert me == dict(row)
    ((email, description),) = sample.stored("select contact_email, description from company where owner_id = 2")
    assert company == {"contactEmail": email, "description": description}
    kept = sample.stored(
        "select card_number, bank_account, billing_name, billing_address from payment_profile where member_id = 2"
    )
    assert len(profiles) == len(kept) > 0
    for shown, (card, account, name, address) in zip(profiles, kept, strict=True):
        assert (shown["bankAccount"], shown["billingName"], shown["billingAddress"]) == (account, name, address)
        assert shown["cardNumber"] is card is None or (is_in_part("CARD_NUMBER", shown["cardNumber"]) and card)
    assert sample.rows(SUPPLIER, "members") == {2}
    assert sample.data(SUPPLIER, '{ member(id: "Member:1") { name } }') == {"member": None}


@pytest.mark.parametrize(
    ("way", "announced"),
    [
        ("{ me { purchases(first: 2) { nodes { trackingNumber } } } }", False),
        (
            "{ me { purchases(first: 2) { edges { node { buyer { purchases { nodes { trackingNumber } } } } } } } }",
            False,
        ),
        ("{ me { purchases(first: 2) { nodes { seller { purchases { nodes { trackingNumber } } } } } } }", True),
        ("{ me { sales(first: 2) { nodes { trackingNumber } } } }", True),
        ("{ orders(first: 2) { nodes { trackingNumber } } }", True),
        ("{ orders { totalCount } me { purchases { nodes { trackingNumber seller { id } } } } }", False),
        ("{ orders { nodes { trackingNumber } } me { purchases { nodes { trackingNumber } } } }", True),
    ],
)
def test_what_a_member_bought_is_not_announced_as_hidden(market: Market, way: str, announced: bool) -> None:
    """Of what they sold, the tracking number is the buyer's, and may be hidden."""
    answer = market.asking.post(ME, way).json()
    fields = [each["field"] for each in answer["extensions"]["privacy"]["treatments"]]
    assert ("Order.trackingNumber" in fields) is announced


@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="G3b")
def test_a_member_sees_who_has_seen_her_data(market: Market) -> None:
    """Each access to it, by which role and for what; never which person asked, and no access to anybody else's."""
    care = asking_as("SERVICE_PROVIDER", "account_service")
    answers = [market.asking.post(care, f"{{ members(first: {first}) {{ nodes {{ name }} }} }}") for first in (1, 3)]
    assert is_in_part("NAME", answers[0].json()["data"]["members"]["nodes"][0]["name"])
    records = [market.asking.record(answer) for answer in answers]
    fields = "id at role purpose organisation { id } outcome fields { field treatment }"
    seen = market.data(ME, f"{{ me {{ accesses(first: 20) {{ nodes {{ {fields} }} }} }} }}")["me"]["accesses"]["nodes"]
    assert seen == sorted(seen, key=lambda each: (each["at"], each["id"]), reverse=True)
    accesses = {each["id"]: each for each in seen}
    for record in records:
        assert 1 in record["subjects"]
        each = accesses[f"AccessRecord:{record['id']}"]
        assert (each["role"], each["purpose"], each["outcome"]) == ("SERVICE_PROVIDER", "account_service", "ANSWERED")
        assert each["organisation"] == {"id": "Organisation:4"}
        # The plan may also show names whole, but of this member it has shown only a part.
        assert each["fields"] == [{"field": "Member.name", "treatment": "PARTIAL"}]
    mine = market.numbers("select id from veil.access_record where subjects @> array[1::bigint]")
    total = market.data(ME, "{ me { accesses { totalCount } } }")["me"]["accesses"]["totalCount"]
    # The look at the log is in it by now, too.
    assert total in (len(mine), len(mine) + 1)
    other = asking_as("MEMBER", "self_service", member=60)
    assert market.data(other, "{ accessRecords { totalCount } }")["accessRecords"]["totalCount"] < total


@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="G3b")
def test_which_person_asked_is_told_to_no_member(market: Market) -> None:
    """Not even by a pseudonym, which would tell how often one of the staff had looked."""
    refused = market.asking.post(ME, "{ me { accesses { nodes { requester } } } }").json()
    assert refused["errors"][0]["extensions"]["code"] == "INVALID"


@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="G3b")
def test_a_member_is_not_told_of_an_access_before_its_instrument_allows(market: Market) -> None:
    """It is in no list, found by no id, and counted nowhere; when the day has come it is there as any other."""
    authority = asking_as("AUTHORITY", "court_order")
    with market.meanwhile(State("legal_instrument", f"reference = '{authority.reference}'"), told_from="'infinity'"):
        answer = market.asking.post(authority, "{ members { nodes { name } } }")
        record = market.asking.record(answer)
        (named, *_) = record["subjects"]
        member = asking_as("MEMBER", "self_service", member=named)
        told = '{ me { accesses(filter: {purpose: {eq: "court_order"}}) { totalCount nodes { id } } } }'
        found = f'{{ node(id: "AccessRecord:{record["id"]}") {{ id }} }}'
        assert market.data(member, told)["me"]["accesses"] == {"totalCount": 0, "nodes": []}
        assert market.data(member, found)["node"] is None
        officer = asking_as("PRIVACY_OFFICER", "privacy_oversight")
        assert market.data(officer, found)["node"] == {"id": f"AccessRecord:{record['id']}"}
    with market.meanwhile(State("legal_instrument", f"reference = '{authority.reference}'"), told_from="now()"):
        accesses = market.data(member, told)["me"]["accesses"]
        assert (accesses["totalCount"], accesses["nodes"]) == (1, [{"id": f"AccessRecord:{record['id']}"}])
        assert market.data(member, found)["node"] == {"id": f"AccessRecord:{record['id']}"}


# V3, M1, A1: requests about one's own data.


@pytest.mark.clause(id="V3")
@pytest.mark.clause(id="M1")
@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="G33")
@pytest.mark.parametrize("who", REQUESTED, ids=lambda who: who.role)
@pytest.mark.parametrize("kind", ["ACCESS", "CORRECTION", "RETURN", "DESTRUCTION", "MINOR_REMOVAL"])
def test_what_a_member_or_a_guardian_asks_for_is_seen_whole_while_the_request_is_open(
    market: Market, who: Requesting, kind: str
) -> None:
    """All that is kept of that member, to be shown, corrected, returned or destroyed; of nobody else anything."""
    request = State("data_subject_request", "member_id = 14")
    with market.meanwhile(request, kind=f"'{kind}'"):
        assert market.rows(who, "members") == {14}
        expected = market.numbers("select id from trade_order where 14 in (buyer_id, seller_id)")
        assert market.rows(who, "orders") == expected
        (shown,) = market.nodes(who, "members", "id name email address")
        (row,) = market.stored("select 'Member:' || id as id, name, email, address from member where id = 14")
        assert shown == dict(row)
        cards = [each["cardNumber"] for each in market.nodes(who, "payments", "cardNumber") if each["cardNumber"]]
        assert all(is_in_part("CARD_NUMBER", card) for card in cards)


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="G33")
@pytest.mark.parametrize("who", REQUESTED, ids=lambda who: who.role)
def test_a_request_for_part_opens_only_that_part(market: Market, who: Requesting) -> None:
    """The categories it names and no other, though the request is open."""
    probes = {
        "REGISTRATION": "members",
        "BUYER": "browsingEvents",
        "PAYMENT": "payments",
        "ACCOUNT_ACTIVITIES": "orders",
        "STATISTICAL": "visits",
        "MARKETING": "marketingContacts",
        "PERSONAL": "messages",
    }
    seen = {category for category, root in probes.items() if market.rows(who, root)}
    assert {"REGISTRATION", "PAYMENT", "ACCOUNT_ACTIVITIES", "STATISTICAL"} <= seen
    for category in sorted(seen):
        with market.meanwhile(State("data_subject_request", "member_id = 14"), categories=f"'{{{category}}}'"):
            assert {each for each, root in probes.items() if market.rows(who, root)} == {category}


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="G33")
@pytest.mark.parametrize("who", REQUESTED, ids=lambda who: who.role)
def test_once_a_request_is_done_with_nothing_is_seen_by_it(market: Market, who: Requesting) -> None:
    """16's is done with and 17's has not been made yet; 14's holds from its start to its end."""
    assert market.rows(who, "members") == {14}
    request = State("data_subject_request", "member_id = 14")
    market.holds_while(request, lambda: market.rows(who, "members") == {14})
    with market.meanwhile(request, ends_at="now()"):
        for root in ("members", "orders", "payments", "visits", "messages"):
            assert market.rows(who, root) == set()


@pytest.mark.clause(id="V3")
@pytest.mark.clause(id="M1")
def test_what_was_destroyed_is_seen_by_nobody_on_the_next_read(market: Market) -> None:
    """Nothing is kept in between: the gateway remembers no row."""
    staff = asking_as("PLATFORM", "account_service")
    numbers = market.numbers("select id from message where sender_id = 18")
    assert numbers <= market.rows(staff, "messages")
    market.change("delete from message where sender_id = 18")
    market.change("update member set name = '', email = '', phone = null, address = null where id = 18")
    assert market.rows(staff, "messages").isdisjoint(numbers)
    shown = market.data(staff, '{ member(id: "Member:18") { name email phone address } }')["member"]
    assert shown == {"name": "", "email": "", "phone": None, "address": None}


# S2: passwords.


@pytest.mark.clause(id="S2")
def test_a_password_is_in_no_schema_and_in_no_answer(market: Market, catalog: Catalog) -> None:
    """Not in the whole schema, so in no view of it; and no question for all there is of a member brings it."""
    policy = load_policy(catalog.marketplace.first_policy, catalog)
    assert "password" not in View(catalog).as_str().lower()
    member = catalog.entities["Member"]
    secret = "correct horse battery staple"
    market.change(f"update member set password_hash = '{secret}'")
    for role, purpose in (("MEMBER", "self_service"), ("PLATFORM", "account_service"), ("AUTHORITY", "court_order")):
        sight = Visibility(policy=policy, role=Roles(role), purpose=Purposes(purpose))
        fields = " ".join(each.name for each in member.columns.values() if sight.rules(member, each))
        shown = market.nodes(asking_as(role, purpose), "members", fields)
        assert shown
        assert secret not in json.dumps(shown)
    for name in ("password", "passwordHash", "password_hash"):
        query = f"{{ members {{ nodes {{ {name} }} }} }}"
        assert market.refusal(asking_as("PLATFORM", "account_service"), query) == "INVALID"


@pytest.mark.clause(id="S2")
@pytest.mark.parametrize(
    "statement",
    [
        "select password_hash from marketplace.member",
        "select * from marketplace.member",
        "select member from marketplace.member",
        "select count(*) from marketplace.member where password_hash like 'a%'",
        "update marketplace.member set password_hash = 'known'",
        "create view mine as select password_hash from marketplace.member",
    ],
)
def test_the_gateway_s_own_login_cannot_read_a_password(market: Market, statement: str) -> None:
    """Whatever might be made to run as it."""

    async def tried() -> None:
        connection: Any = await asyncpg.connect(
            market.asking.url,
            user=LOGIN,
            password=PASSWORD,
            server_settings={"role": "veil_gateway"},
        )
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(tried())
