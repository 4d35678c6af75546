"""Changes whose ledger is another database: none is made that the ledger did not know of before."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from gateway.ledger.settling import Settler
from tests.conftest import MEMBER, OFFICER, STAFF, Asking, Databases, Serving, run, settings_for
from tests.gateway.pages.conftest import hidden_fields

CHANGE = 'mutation { updateRegistration(id: "Member:1", input: {city: "Elsewhere"}) { fields } }'
ANSWER = {"updateRegistration": {"fields": ["city"]}}

RECORDS = "select id::text, outcome, announces, subjects, shown, plan, requester, role from veil.access_record order by at, id"
SWALLOWED = """
    create function swallowed() returns trigger language plpgsql as 'begin return null; end';
    create trigger swallowed before insert on {} for each row {} execute function swallowed()"""
FAILS = """
    create function fails() returns trigger language plpgsql as 'begin raise sqlstate ''{}''; end';
    create constraint trigger fails after update on marketplace.member
    deferrable initially deferred for each row execute function fails()"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A gateway, its data, and its ledgers, each a database of its own."""

    asking: Asking
    ledgers: Sequence[str]
    data: str
    """The URL of the gateway's login."""

    def change(self, **headers: str) -> httpx.Response:
        body = {"query": CHANGE}
        return self.asking.client.post("/graphql", json=body, headers={**MEMBER.headers(self.asking.key), **headers})

    @property
    def city(self) -> str:
        query = "select city from marketplace.member where id = 1"
        return run(self.asking.url, lambda connection: connection.fetchval(query))

    def records(self, ledger: int = 0) -> Sequence[Mapping[str, Any]]:
        return [dict(row) for row in run(self.ledgers[ledger], lambda connection: connection.fetch(RECORDS))]

    @property
    def outcomes(self) -> Sequence[str]:
        return [each["outcome"] for each in self.records()]

    def alter(self, statement: str) -> None:
        run(self.ledgers[0], lambda connection: connection.execute(statement))

    def alter_data(self, statement: str) -> None:
        run(self.asking.url, lambda connection: connection.execute(statement))

    def settle(self) -> Sequence[str]:
        settler = Settler(data=self.data, grace_seconds=0)
        return run(self.ledgers[0], settler.settle)


Serve = Callable[..., Apart]


@pytest.fixture
def serve(own_market_url: str, databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Serve]:
    """Starts a gateway over a marketplace and ledgers of its own. It ends before its ledgers do."""
    with ExitStack() as stack:

        def started(ledgers: int = 1, **others: Any) -> Apart:
            made = [databases.make("empty_market") for _ in range(ledgers)]
            for each in made:
                stack.callback(databases.drop, each)
            logins = [settings_for(each, key_file).database.get_secret_value() for each in made]
            settings = settings_for(own_market_url, key_file, ledger=" ".join(logins), **others)
            asking = Asking(stack.enter_context(Serving(settings)), key, own_market_url)
            stack.callback(asking.client.close)
            return Apart(asking=asking, ledgers=made, data=settings.database.get_secret_value())

        yield started


def code(response: httpx.Response) -> str:
    return response.json()["errors"][0]["extensions"]["code"]


def test_a_change_is_announced_and_then_recorded(serve: Serve) -> None:
    """Both records say the same of whom, what, by whom and by which clauses. No value is in either."""
    apart = serve()
    response = apart.change()
    assert response.json()["data"] == ANSWER
    assert apart.city == "Elsewhere"
    announcement, record = apart.records()
    assert record["id"] == response.headers["access-record"] == announcement["announces"]
    assert (announcement["outcome"], record["outcome"], record["announces"]) == ("ANNOUNCED", "ANSWERED", None)
    for column in ("subjects", "shown", "plan", "requester", "role"):
        assert announcement[column] == record[column]
    assert record["subjects"] == [1]
    fields = "select field, treatment, clauses from veil.access_field where record = $1::text::uuid and subject = 1"
    (field,) = run(apart.ledgers[0], lambda connection: connection.fetch(fields, announcement["id"]))
    assert tuple(field) == ("Member.city", "EDITED", "S1 A1")
    everything = "select string_agg(each::text, '') from (select r, p from veil.access_record r join veil.access_plan p on p.id = r.plan) each"
    assert "Elsewhere" not in run(apart.ledgers[0], lambda connection: connection.fetchval(everything))
    assert apart.settle() == []


def test_the_database_of_the_data_gets_no_record(serve: Serve) -> None:
    apart = serve()
    query = "select count(*) from veil.access_record"
    before = run(apart.asking.url, lambda connection: connection.fetchval(query))
    assert apart.change().status_code == 200
    assert run(apart.asking.url, lambda connection: connection.fetchval(query)) == before


IN_THE_WAY = {
    "a trigger that takes no announcement": SWALLOWED.format("veil.access_record", ""),
    "a trigger that takes no plan": SWALLOWED.format("veil.access_plan", ""),
    "a privilege that is missing": "revoke insert (announces) on veil.access_record from veil_ledger",
}


@pytest.mark.parametrize("problem", IN_THE_WAY)
def test_nothing_is_changed_that_the_ledger_does_not_take(serve: Serve, problem: str) -> None:
    """And nothing is announced. Once the ledger takes records, it can be changed."""
    apart = serve()
    before = apart.city
    apart.alter(IN_THE_WAY[problem])
    response = apart.change()
    assert (response.status_code, code(response)) == (503, "UNAVAILABLE")
    assert "access-record" not in response.headers
    assert apart.city == before
    assert apart.records() == []
    for statement in ("drop function if exists swallowed cascade", "grant insert on veil.access_record to veil_ledger"):
        apart.alter(statement)
    assert apart.change().json()["data"] == ANSWER
    assert apart.city == "Elsewhere"


def test_nothing_is_changed_that_leaves_no_mark(serve: Serve) -> None:
    """Nobody could find out later that it was made."""
    apart = serve()
    before = apart.city
    apart.alter_data(SWALLOWED.format("veil.change_key", ""))
    assert code(apart.change()) == "UNAVAILABLE"
    assert (apart.city, apart.records()) == (before, [])


def test_a_refusal_is_announced_by_nothing(serve: Serve) -> None:
    """What is not there, and what the caller has read otherwise, is refused and recorded as elsewhere."""
    apart = serve()
    absent = CHANGE.replace("Member:1", "Member:999")
    assert code(apart.asking.post(MEMBER, absent)) == "NOT_FOUND"
    outdated = CHANGE.replace('"Member:1"', '"Member:1", version: "0"')
    assert code(apart.asking.post(MEMBER, outdated)) == "CONFLICT"
    assert apart.outcomes == ["NOT_FOUND", "CONFLICT"]


def test_what_the_database_refuses_at_the_end_is_recorded_as_not_done(serve: Serve) -> None:
    """The caller gets the refusal, with a record of its own."""
    apart = serve()
    before = apart.city
    apart.alter_data(FAILS.format("23514"))
    response = apart.change()
    assert code(response) == "ARGUMENT"
    assert apart.city == before
    announcement, ended, refusal = apart.records()
    assert [each["outcome"] for each in (announcement, ended, refusal)] == [
        "ANNOUNCED",
        "ANNOUNCED_NOT_DONE",
        "ARGUMENT",
    ]
    assert announcement["announces"] == ended["id"] != refusal["id"] == response.headers["access-record"]
    assert (ended["subjects"], refusal["subjects"]) == ([1], [])
    assert apart.settle() == []


def test_what_fails_at_the_end_is_settled_as_not_done(serve: Serve) -> None:
    apart = serve()
    before = apart.city
    apart.alter_data(FAILS.format("XX000"))
    assert code(apart.change()) == "INTERNAL"
    assert apart.city == before
    assert apart.outcomes == ["ANNOUNCED"]
    assert len(apart.settle()) == 1
    assert apart.outcomes == ["ANNOUNCED", "ANNOUNCED_NOT_DONE"]
    assert apart.settle() == []


def test_an_outcome_that_the_ledger_does_not_take_is_settled(serve: Serve) -> None:
    """The change was made, so the caller is told so. The record that they are given comes later."""
    apart = serve()
    apart.alter(SWALLOWED.format("veil.access_record", "when (new.outcome = 'ANSWERED')"))
    response = apart.change()
    assert response.json()["data"] == ANSWER
    assert apart.city == "Elsewhere"
    assert apart.outcomes == ["ANNOUNCED"]
    apart.alter("drop function swallowed cascade")
    assert apart.settle() == [response.headers["access-record"]]
    announcement, record = apart.records()
    assert record["outcome"] == "ANSWERED"
    for column in ("subjects", "shown", "plan", "requester", "role"):
        assert announcement[column] == record[column]


def test_a_request_that_is_sent_again_changes_nothing_more(serve: Serve) -> None:
    apart = serve()
    keyed = {"Idempotency-Key": "one"}
    first = apart.change(**keyed)
    apart.alter_data("update marketplace.member set city = 'Since' where id = 1")
    again = apart.change(**keyed)
    assert first.json()["data"] == again.json()["data"] == ANSWER
    assert apart.city == "Since"
    assert [each["subjects"] for each in apart.records() if each["outcome"] == "ANSWERED"] == [[1], []]


def test_a_change_is_ended_where_it_was_announced(serve: Serve) -> None:
    """Of several ledgers each has whole changes."""
    apart = serve(2)
    for _ in range(4):
        assert apart.change().status_code == 200
    records = [each for ledger in (0, 1) for each in apart.records(ledger)]
    assert len(records) == 8
    for ledger in (0, 1):
        found = apart.records(ledger)
        assert {each["announces"] for each in found if each["announces"]} == {
            each["id"] for each in found if each["outcome"] == "ANSWERED"
        }


def test_a_ledger_that_is_not_there_is_no_ledgers_loss(serve: Serve) -> None:
    """Another one takes the announcement."""
    apart = serve(2, ledger_sessions=1)
    run(apart.ledgers[0], lambda connection: connection.execute("revoke insert on veil.access_record from veil_ledger"))
    for _ in range(3):
        assert apart.change().status_code == 200
    assert apart.records(0) == []
    assert [each["outcome"] for each in apart.records(1)] == ["ANNOUNCED", "ANSWERED"] * 3


def test_a_change_of_another_is_told_the_member(serve: Serve) -> None:
    apart = serve()
    assert apart.asking.data(STAFF, CHANGE) == ANSWER
    assert [(each["role"], each["subjects"]) for each in apart.records()] == [("PLATFORM", [1])] * 2


# What the log tells.

ACCESSES = "query { me { accesses(first: 9) { nodes { id outcome announces fields { field treatment } } } } }"
OVERSEEN = 'query { accessRecords(first: 9, filter: {role: {eq: "PLATFORM"}}) { nodes { id outcome announces } } }'


@pytest.fixture
def told(own_market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    """A gateway that asks the log that it announces to."""
    login = settings_for(own_market_url, key_file).database.get_secret_value()
    settings = settings_for(own_market_url, key_file, ledger=login, ledger_views=True)
    with Serving(settings) as address:
        asking = Asking(address, key, own_market_url)
        yield asking
        asking.client.close()


def page(asking: Asking) -> str:
    """Who has seen the member's data, as the member reads it."""
    with httpx.Client(base_url=asking.address, follow_redirects=True) as browser:
        proof = hidden_fields(browser.get("/sign-in").text)["_proof"]
        form = {"token": MEMBER.token(asking.key), "next": "/my-data", "_proof": proof}
        assert browser.post("/sign-in", data=form, headers={"Origin": str(asking.address)}).status_code == 200
        return browser.get("/my-data/seen").text


def test_the_log_tells_of_a_change_what_is_known_of_it(told: Asking) -> None:
    """The member and the officer see both records. The member's page tells a change that was made once, and as made."""
    assert told.data(STAFF, CHANGE) == ANSWER
    done, announcement, *_ = told.data(MEMBER, ACCESSES)["me"]["accesses"]["nodes"]
    assert (done["outcome"], announcement["outcome"]) == ("ANSWERED", "ANNOUNCED")
    assert done["id"] == f"AccessRecord:{announcement['announces']}"
    assert done["fields"] == announcement["fields"] == [{"field": "Member.city", "treatment": "EDITED"}]
    overseen = told.data(OFFICER, OVERSEEN)["accessRecords"]["nodes"]
    assert [each["outcome"] for each in overseen[:2]] == ["ANSWERED", "ANNOUNCED"]
    assert "They changed: your city." in page(told)
    assert "This was announced" not in page(told)


def test_the_log_does_not_tell_a_change_as_made_that_is_not_known_to_be(told: Asking) -> None:
    """Nor one that was not made."""
    run(told.url, lambda connection: connection.execute(FAILS.format("XX000")))
    assert code(told.post(STAFF, CHANGE)) == "INTERNAL"
    announcement, *_ = told.data(MEMBER, ACCESSES)["me"]["accesses"]["nodes"]
    assert announcement["outcome"] == "ANNOUNCED"
    assert "They changed" not in page(told)
    assert "An entry of its own says whether it was done, once that is known." in page(told)
    assert len(run(told.url, Settler(data=told.url, grace_seconds=0).settle)) == 1
    ended, announcement, *_ = told.data(MEMBER, ACCESSES)["me"]["accesses"]["nodes"]
    assert ended["outcome"] == "ANNOUNCED_NOT_DONE"
    assert "They changed" not in page(told)
    assert "This was announced, and was not done." in page(told)
    assert "An entry of its own says" not in page(told)


def test_a_mutation_that_changes_nothing_is_recorded_as_no_access_to_data(serve: Serve) -> None:
    apart = serve()
    assert apart.asking.post(MEMBER, "mutation { __typename }").json()["data"] == {"__typename": "Mutation"}
    assert apart.outcomes == ["ANNOUNCED", "DESCRIBED"]
