"""Policies in force: one at a time, at once for every gateway, whole or not at all, and kept with who put them there."""

import asyncio
import hashlib
import re
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from gateway.policy import explaining, in_force
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.policy.changes import changes
from schema.policy.policy_file import PolicyError, load_policy
from tests.conftest import (
    ADVERTISER,
    ANALYST,
    CARE,
    PUBLIC,
    SESSION,
    STAFF,
    Asking,
    Requesting,
    Serving,
    run,
    settings_for,
)

FIRST, SECOND = "2012-06-11", "2013-01-01"
SECOND_FILE = Path(__file__).parents[2] / "policies" / f"{SECOND}.toml"


def activate(url: str, name: str, catalog: Catalog, by: str = "the tests") -> Any:
    return run(url, lambda connection: in_force.activate(connection, name, catalog, by))


@dataclass(frozen=True, slots=True)
class Served:
    """Two gateways over one database."""

    first: Asking
    second: Asking
    url: str

    @property
    def both(self) -> tuple[Asking, Asking]:
        return (self.first, self.second)


@pytest.fixture
def served(own_market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Served]:
    with ExitStack() as stack:
        settings = settings_for(own_market_url, key_file)
        first, second = (Asking(stack.enter_context(Serving(settings)), key, own_market_url) for _ in range(2))
        yield Served(first, second, own_market_url)
        first.client.close()
        second.client.close()


# What the two versions answer differently.


class Question(NamedTuple):
    """What is asked by whom, for the two versions to answer differently."""

    requesting: Requesting
    query: str


QUESTIONS = (
    Question(PUBLIC, "{ companies(first: 3) { nodes { name description } } }"),
    Question(ADVERTISER, "{ members { nodes { name phone } } }"),
    Question(STAFF, "{ browsingEvents(first: 2) { nodes { url } } }"),
    Question(ANALYST, "{ members(first: 3) { nodes { id name } } }"),
    Question(CARE, "{ members(first: 5) { nodes { name email } } }"),
    Question(PUBLIC, "{ privacyPolicy { version contact } }"),
)


class Outcome(NamedTuple):
    """An answer, whatever it says of itself: the data, or the code of a refusal."""

    data: Any
    code: str | None


def outcome(response: httpx.Response) -> Outcome:
    body = response.json()
    code = body["errors"][0]["extensions"]["code"] if "errors" in body else None
    return Outcome(body.get("data"), code)


def version(response: httpx.Response) -> str:
    return response.json()["extensions"]["privacy"]["policy"]


NOTICED = 5
"""Seconds after which even refusals are by a new version. A gateway looks each second, and the machine may be busy."""


def asked_under(asking: Asking, question: Question, expected: str) -> httpx.Response:
    """What becomes of a question under a version that was just put in force."""
    until = time.monotonic() + NOTICED
    while True:
        response = asked(asking, question)
        if not outcome(response).code or version(response) == expected or time.monotonic() > until:
            return response


def asked(asking: Asking, question: Question) -> httpx.Response:
    return asking.post(question.requesting, question.query)


def test_a_new_version_holds_at_once_for_every_running_gateway(served: Served, catalog: Catalog) -> None:
    """Neither is started anew, and the very next answer of either is decided and recorded by it.

    A refusal reads nothing, so it may still be by the old version, for a second.
    """
    before = {asking: [outcome(asked(asking, each)) for each in QUESTIONS] for asking in served.both}
    assert {each.code for each in before[served.first]} == {None, "INVALID"}
    assert activate(served.url, str(SECOND_FILE), catalog).version == SECOND
    for asking in served.both:
        for question, earlier in zip(QUESTIONS, before[asking], strict=True):
            response = asked_under(asking, question, SECOND)
            assert version(response) == SECOND
            assert asking.record(response)["policy"] == SECOND
            assert outcome(response) != earlier, question
    assert activate(served.url, FIRST, catalog).version == FIRST
    assert [outcome(asked_under(served.second, each, FIRST)) for each in QUESTIONS] == before[served.second]


def test_what_was_collected_under_the_old_version_is_governed_by_the_new(served: Served, catalog: Catalog) -> None:
    """Nothing of it is younger than the first version, and none of it is shown by the first any more."""
    query = "{ companies(first: 100) { totalCount nodes { description } } }"
    assert None not in {each["description"] for each in served.first.data(PUBLIC, query)["companies"]["nodes"]}
    activate(served.url, str(SECOND_FILE), catalog)
    assert outcome(served.first.post(PUBLIC, query)).code == "INVALID"


def test_every_token_changes_with_the_epoch_and_none_of_the_old_opens_anything(
    served: Served, catalog: Catalog
) -> None:
    """Neither do they stay the same, nor can the old be asked by."""
    query = "{ members(first: 60) { nodes { id name } } }"
    old = served.first.data(ANALYST, query)["members"]["nodes"]
    activate(served.url, str(SECOND_FILE), catalog)
    new = served.first.data(ANALYST, query)["members"]["nodes"]
    assert len(old) == len(new) == 60
    assert not {each[field] for each in old for field in each} & {each[field] for each in new for field in each}
    one = "query ($id: ID!) { member(id: $id) { id } }"
    assert served.first.data(ANALYST, one, {"id": new[0]["id"]}) == {"member": {"id": new[0]["id"]}}
    assert served.first.data(ANALYST, one, {"id": old[0]["id"]}) == {"member": None}


# While hundreds of requests are under way.

FLIPS = (str(SECOND_FILE), FIRST, str(SECOND_FILE))
CROWD = 12
"""How many ask at a time."""


class Answer(NamedTuple):
    """A response with what was asked, and when, by the clock of all."""

    question: Question
    response: httpx.Response
    began: float


@dataclass(slots=True)
class Crowd:
    """Requesters who ask all questions, again and again, of both gateways."""

    served: Served
    answers: list[Answer] = field(default_factory=list)
    stopped: bool = False

    async def ask(self, number: int, client: httpx.AsyncClient) -> None:
        position = number
        while not self.stopped:
            question, asking = QUESTIONS[position % len(QUESTIONS)], self.served.both[position % 2]
            position += 1 if position % len(QUESTIONS) else 2
            headers = question.requesting.headers(asking.key)
            began = time.perf_counter()
            url = f"{asking.address}/graphql"
            response = await client.post(url, json={"query": question.query}, headers=headers)
            self.answers.append(Answer(question, response, began))

    async def until(self, answers: int) -> None:
        while len(self.answers) < answers:
            await asyncio.sleep(0.005)


async def crowded(served: Served, catalog: Catalog) -> tuple[Sequence[Answer], Sequence[float]]:
    """The answers to a crowd while the policy changes, and when each change had been made."""
    crowd, made = Crowd(served), list[float]()
    connection: Any = await asyncpg.connect(served.url, server_settings=SESSION)
    async with httpx.AsyncClient(timeout=60) as client:
        everybody = [asyncio.create_task(crowd.ask(number, client)) for number in range(CROWD)]
        for turn, name in enumerate(FLIPS, 1):
            await crowd.until(turn * 150)
            await in_force.activate(connection, name, catalog, "the tests")
            made.append(time.perf_counter())
        await crowd.until(len(crowd.answers) + 150)
        crowd.stopped = True
        await asyncio.gather(*everybody)
    await connection.close()
    return crowd.answers, made


def test_no_request_mixes_two_versions_while_the_policy_changes_under_hundreds(
    served: Served, catalog: Catalog
) -> None:
    """Each says, shows and records one version. Each answer that began after a change had been made is by that one.

    A refusal may still be by the version before, for a moment.
    """
    expected = {FIRST: [outcome(asked(served.first, each)) for each in QUESTIONS]}
    activate(served.url, str(SECOND_FILE), catalog)
    expected[SECOND] = [outcome(asked(served.first, each)) for each in QUESTIONS]
    activate(served.url, FIRST, catalog)
    assert [version(asked(asking, QUESTIONS[-1])) for asking in served.both] == [FIRST, FIRST]
    answers, made = asyncio.run(crowded(served, catalog))
    assert len(answers) >= 600
    for question, response, began in answers:
        decided_by = version(response)
        result = outcome(response)
        assert result == expected[decided_by][QUESTIONS.index(question)], decided_by
        # The versions that may have been in force since it began: that of the last change before, and those after.
        late = NOTICED if result.code else 0
        changes_before = sum(moment + late < began for moment in made)
        possible = [FIRST, *(SECOND if "/" in name else FIRST for name in FLIPS)][changes_before:]
        assert decided_by in possible
    recorded = {str(row["id"]): row for row in run(served.url, _records)}
    for _, response, _ in answers:
        record = recorded[response.headers["access-record"]]
        assert (record["policy"], record["planned_by"] or record["policy"]) == (version(response), version(response))
    assert {version(each.response) for each in answers} == {FIRST, SECOND}


async def _records(connection: Any) -> Any:
    return await connection.fetch("""
        select record.id, record.policy, access_plan.policy as planned_by
        from veil.access_record record left join veil.access_plan on access_plan.id = record.plan""")


# What is kept of a change.


def test_a_change_is_kept_with_what_it_says_its_digest_when_and_by_whom(served: Served, catalog: Catalog) -> None:
    activate(served.url, str(SECOND_FILE), catalog, by="A. Officer")
    activate(served.url, FIRST, catalog, by="B. Officer")
    query = "select * from veil.policy_activation order by id"
    rows = run(served.url, lambda connection: connection.fetch(query))
    kept = [(row["version"], row["activated_by"]) for row in rows]
    assert kept == [(FIRST, "veil migrate"), (SECOND, "A. Officer"), (FIRST, "B. Officer")]
    for row, file in zip(rows, (MARKETPLACE.first_policy, SECOND_FILE, MARKETPLACE.first_policy), strict=True):
        assert row["content"] == file.read_text("utf-8")
        assert row["digest"] == hashlib.sha256(file.read_bytes()).hexdigest()
    moments = [row["activated_at"] for row in rows]
    assert moments == sorted(moments)


def test_what_is_in_force_already_is_not_put_in_force_again(database_url: str, catalog: Catalog) -> None:
    assert activate(database_url, FIRST, catalog) is None
    count = run(database_url, lambda connection: connection.fetchval("select count(*) from veil.policy_activation"))
    assert count == 1


def test_a_version_that_says_something_else_than_before_is_refused(
    database_url: str, catalog: Catalog, tmp_path: Path
) -> None:
    """By `activate`, and by the database itself; even where another version has been in force meanwhile."""
    changed = tmp_path / "changed.toml"
    changed.write_text(MARKETPLACE.first_policy.read_text("utf-8").replace("raise it to give", "raise this to give"))
    with pytest.raises(PolicyError, match=f"policy `{FIRST}` says something else than before; give the change a new"):
        activate(database_url, str(changed), catalog)
    activate(database_url, str(SECOND_FILE), catalog)
    with pytest.raises(PolicyError, match="says something else than before"):
        activate(database_url, str(changed), catalog)
    insert = """
        insert into veil.policy_activation (version, digest, content, activated_by)
        select version, repeat('0', 64), 'something else', 'an intruder' from veil.policy_activation limit 1"""
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        run(database_url, lambda connection: connection.execute(insert))
    assert run(database_url, lambda connection: in_force.current_policy(connection, catalog)).version == SECOND


def test_a_policy_with_a_mistake_is_not_put_in_force(database_url: str, catalog: Catalog, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(SECOND_FILE.read_text("utf-8").replace('"U13", "C2"', '"U99"'))
    with pytest.raises(PolicyError, match=r"wrong\.toml:\d+: grant G1 · because: `U99` is not known here"):
        activate(database_url, str(wrong), catalog)
    wrong.write_bytes(b"\xff")
    with pytest.raises(PolicyError, match=r"wrong\.toml: the file is not text in UTF-8"):
        activate(database_url, str(wrong), catalog)
    assert run(database_url, lambda connection: in_force.current_policy(connection, catalog)).version == FIRST


@pytest.mark.parametrize(
    "statement",
    [
        "insert into veil.policy_activation (version, digest, content, activated_by) values ('x', repeat('0', 64), '', '')",
        "update veil.policy_activation set version = 'x'",
        "delete from veil.policy_activation",
        "truncate veil.policy_activation",
    ],
)
def test_a_gateway_cannot_put_a_policy_in_force(market_url: str, key_file: Path, statement: str) -> None:
    """Its login may read which is, and what it says."""
    settings = settings_for(market_url, key_file)

    async def tried() -> None:
        connection: Any = await asyncpg.connect(
            settings.database.get_secret_value(), server_settings={"role": "veil_gateway"}
        )
        try:
            await connection.fetchval("select content from veil.policy_activation order by id desc limit 1")
            await connection.execute(statement)
        finally:
            await connection.close()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(tried())


# What cannot be answered by.


def unavailable(asking: Asking) -> Iterator[tuple[int, str | None, bool]]:
    """What becomes of each question: status, code, and whether anything was shown."""
    for question in QUESTIONS:
        response = asked(asking, question)
        yield response.status_code, outcome(response).code, "data" in response.json()


CLOSED = (503, "UNAVAILABLE", False)


def test_where_no_policy_is_in_force_a_gateway_starts_and_answers_nothing_until_one_is(
    own_market_url: str, key: DevelopmentKey, key_file: Path, catalog: Catalog
) -> None:
    run(own_market_url, lambda connection: connection.execute("truncate veil.policy_activation"))
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, key, own_market_url)
        assert asking.client.get("/health/ready").status_code == 503
        assert asking.lacking() == "not ready: no policy that can be read is in force\n"
        assert asking.client.get("/health/live").status_code == 200
        assert set(unavailable(asking)) == {CLOSED}
        activate(own_market_url, FIRST, catalog)
        assert asking.client.get("/health/ready").status_code == 200
        assert version(asked(asking, QUESTIONS[0])) == FIRST
        asking.client.close()


UNREADABLE = {
    "it is of a later Veil, which knows more keys": ('version = "', 'horoscope = "x"\nversion = "'),
    "it names no collected information": ("collected = [", "gathered = ["),
    "it is not TOML any more": ('id = "G1"', 'id = "G1'),
    "it is empty": ("", ""),
}


@pytest.mark.parametrize("reason", UNREADABLE)
def test_a_policy_the_gateway_cannot_read_leaves_it_unavailable_not_open(
    served: Served, catalog: Catalog, reason: str
) -> None:
    """The one before is not gone on with, not even for what had been answered by it; a good one mends it."""
    assert {code for _, code, _ in unavailable(served.first)} == {None, "INVALID"}
    said, instead = UNREADABLE[reason]
    content = MARKETPLACE.first_policy.read_text("utf-8").replace(said, instead) if said else ""
    insert = """
        insert into veil.policy_activation (version, digest, content, activated_by)
        values ('2098', encode(sha256(convert_to($1, 'UTF8')), 'hex'), $1, 'somebody in a hurry')"""
    run(served.url, lambda connection: connection.execute(insert, content))
    for asking in served.both:
        assert asking.client.get("/health/ready").status_code == 503
        assert set(unavailable(asking)) == {CLOSED}
        assert asking.client.get("/health/ready").status_code == 503
    activate(served.url, str(SECOND_FILE), catalog)
    for asking in served.both:
        assert version(asked(asking, QUESTIONS[0])) == SECOND
        assert asking.client.get("/health/ready").status_code == 200


def test_a_policy_that_is_not_what_its_digest_says_is_refused(served: Served, catalog: Catalog) -> None:
    """Whoever changes its text in the database shows nobody anything."""
    assert {code for _, code, _ in unavailable(served.first)} == {None, "INVALID"}
    changed = "update veil.policy_activation set content = replace(content, 'contact', 'kontact')"
    run(served.url, lambda connection: connection.execute(changed))
    assert served.first.client.get("/health/ready").status_code == 503
    assert set(unavailable(served.first)) == {CLOSED}
    with pytest.raises(PolicyError, match="the policy in force is not what its digest says"):
        run(served.url, lambda connection: in_force.current_policy(connection, catalog))


def test_a_simulation_names_the_recorded_operations_that_would_change(served: Served, catalog: Catalog) -> None:
    """Those that were asked and would lose or gain; not those that stay as they are, nor what nobody asked for."""
    served.first.data(STAFF, "query Browsing { browsingEvents(first: 1) { nodes { url at } } }")
    served.first.data(STAFF, "query Names { members(first: 1) { nodes { name } } }")
    served.second.data(CARE, "query Care { members(first: 1) { nodes { email country } } }")
    served.second.data(PUBLIC, "{ companies(first: 1) { nodes { description } } }")
    plans = run(served.url, in_force.recorded_plans)
    assert {plan.operation for plan in plans} == {"Browsing", "Names", "Care", None}
    difference = changes(load_policy(MARKETPLACE.first_policy, catalog), load_policy(SECOND_FILE, catalog), catalog)
    met = list(in_force.affected_plans(plans, difference))
    assert {(plan.operation, change.field) for plan, change in met} == {
        ("Browsing", "BrowsingEvent.url"),
        ("Browsing", "BrowsingEvent.at"),
        ("Care", "Member.email"),
        (None, "Company.description"),
    }
    (care,) = (plan for plan in plans if plan.operation == "Care")
    assert (care.answers, care.organisations) == (1, (4,))
    told_of_it = "\n".join(explaining.affected_text(met, {4: "Helpful"}))
    assert re.search(
        r"^Browsing, as PLATFORM · account_service\n  answered once, last on [-0-9: ]{16} UTC\n    BrowsingEvent\.\w+ and",
        told_of_it,
        re.MULTILINE,
    )
    assert "an operation without a name, as PUBLIC · public_browsing\n  answered once, last on" in told_of_it


def test_the_version_in_force_is_what_the_database_says_and_not_what_is_carried(
    database_url: str, catalog: Catalog
) -> None:
    activate(database_url, str(SECOND_FILE), catalog)
    assert run(database_url, lambda connection: in_force.ensure_active(connection, catalog)).version == SECOND


def test_a_file_that_was_edited_since_is_told_from_one_that_was_not(catalog: Catalog) -> None:
    content = catalog.marketplace.first_policy.read_text("utf-8")
    version = catalog.marketplace.first_policy.stem
    assert not in_force.has_edited_file(version, content, catalog)
    assert in_force.has_edited_file(version, content + "# later", catalog)
    assert not in_force.has_edited_file("no such version", content, catalog)
