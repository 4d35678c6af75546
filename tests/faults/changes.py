"""Whether each change is whole and has its record, however often the gateway is killed in the midst of it.

Clients change what members registered, two steps in a document, and have members destroyed. Meanwhile the gateway's
processes are killed at once (`kill -9`), and started again. What was changed is written down by triggers of the test's
own, with its transaction. A change that is not whole, a change without a record in the same transaction, a record of no
change, and an answer without either are each looked for.
"""

import asyncio
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Generator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey
from tests.clauses.seeing import asking_as
from tests.conftest import Requesting, run
from tests.faults.gateways import VeilServe, environment, login, make_market, unused_port, wait_until

MEMBERS: Final = 60
CLIENTS: Final = 6
DESTROYED: Final = range(31, MEMBERS + 1)
"""Who is destroyed; the others are edited."""

OFFICER = asking_as("PRIVACY_OFFICER", "data_subject_request")

EDIT = """
    mutation ($id: ID!, $text: String!) {
        first: updateRegistration(id: $id, input: {city: $text}) { fields }
        second: updateRegistration(id: $id, input: {jobTitle: $text}) { fields }
    }"""
DESTROY = "mutation ($id: ID!) { carryOutDestruction(id: $id) { fields } }"

WRITTEN_DOWN: Final = """
    create table public.happened (transaction xid8 not null, what text not null);
    create function public.note() returns trigger language plpgsql security definer set search_path = public as $$
    begin
        insert into public.happened values (pg_current_xact_id(), tg_argv[0]);
        return null;
    end $$;
    create trigger note after update of city on marketplace.member
        for each row when (new.destroyed_at is null) execute function public.note('edited');
    create trigger note after insert on marketplace.destruction_receipt
        for each row execute function public.note('destroyed')"""

ASKED: Final = """
    insert into marketplace.data_subject_request (id, member_id, categories, kind, starts_at)
    select 100000 + id, id, array['BUYER', 'STATISTICAL', 'MARKETING', 'PERSONAL'], 'DESTRUCTION', now()
    from marketplace.member where id > 30"""

SPLIT: Final = "select id from marketplace.member where city is distinct from job_title and city like 'text %'"

HALF_DESTROYED: Final = """
    select request.id from marketplace.data_subject_request request
    where request.id > 100000 and (request.ends_at is not null) <> exists (
        select from marketplace.destruction_receipt receipt where receipt.request_id = request.id
    ) and not exists (
        select from marketplace.destruction_receipt receipt join marketplace.destruction_line line on receipt_id = receipt.id
        where receipt.request_id = request.id and held > 0
    )
    union all
    select request.id from marketplace.data_subject_request request join marketplace.visit using (member_id)
    where request.id > 100000 and request.ends_at is not null"""

_RECORDS = """
    select record.xmin::text as transaction, record.id::text from veil.access_record record
    join veil.access_plan plan on plan.id = record.plan where plan.fields::text ~ 'EDITED|DESTROYED'"""

CHANGES: Final = "select distinct (transaction::text::numeric % 4294967296)::text as transaction from public.happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was received, and what is wrong."""

    received: int
    changes: int
    kills: int
    wrong: Sequence[str]


@dataclass(slots=True, kw_only=True)
class Changers:
    """Clients that change, in threads of their own, and the records that they were given."""

    address: str
    key: DevelopmentKey
    received: set[str] = field(default_factory=set[str])
    without: Counter[str] = field(default_factory=Counter[str])
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list[threading.Thread])

    def start(self, seed: int) -> None:
        for number in range(CLIENTS):
            chance = random.Random(seed + number)
            self._threads.append(threading.Thread(target=self._change, args=(chance,), daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def _change(self, chance: random.Random) -> None:
        with httpx.Client(base_url=self.address, timeout=30, trust_env=False) as client:
            while not self._ended.is_set():
                who, document, variables = _drawn(chance)
                body = {"query": document, "variables": variables}
                try:
                    response = client.post("/graphql", json=body, headers=who.headers(self.key))
                except httpx.TransportError:
                    self.without["no response"] += 1
                    time.sleep(0.05)
                    continue
                self._note(response)

    def _note(self, response: httpx.Response) -> None:
        answer = response.json()
        if "errors" in answer:
            self.without[answer["errors"][0]["extensions"]["code"]] += 1
        else:
            self.received.add(response.headers["access-record"])


def _drawn(chance: random.Random) -> tuple[Requesting, str, dict[str, Any]]:
    if chance.random() < 0.15:
        return OFFICER, DESTROY, {"id": f"DataRequest:{100_000 + chance.choice(DESTROYED)}"}
    member = chance.randrange(1, DESTROYED.start)
    who = asking_as("MEMBER", "self_service", member=member)
    return who, EDIT, {"id": f"Member:{member}", "text": f"text {chance.randrange(10**9)}"}


@contextmanager
def _changed_market(directory: Path) -> Generator[tuple[VeilServe, DevelopmentKey, str]]:
    """A gateway of two workers, whose data and records are in one database."""
    key = DevelopmentKey.in_directory(directory)
    keys = directory / "published.json"
    keys.write_text(json.dumps(key.key_set()))
    with embedded.running(directory / "postgres") as cluster:
        asyncio.run(make_market(cluster.url, MEMBERS))
        run(cluster.url, lambda connection: connection.execute(f"{WRITTEN_DOWN}; {ASKED}"))
        settings = {
            **environment(asyncio.run(login(cluster.url)), keys, unused_port()),
            "VEIL_WORKERS": "2",
            "VEIL_COST_RATE": "1e9",
        }
        gateway = VeilServe(settings=settings, log=directory / "veil.log")
        gateway.start()
        try:
            wait_until(gateway.is_ready)
            yield gateway, key, cluster.url
        finally:
            gateway.kill()


def changed(directory: Path, seconds: float, seed: int) -> Judged:
    """Changes for so long, while the gateway is killed now and then; and what is found wrong."""
    with _changed_market(directory) as (gateway, key, url):
        return _judged(url, *changed_amid_kills(gateway, key, seconds, seed))


def changed_amid_kills(
    gateway: VeilServe, key: DevelopmentKey, seconds: float, seed: int
) -> tuple[AbstractSet[str], int]:
    """The records that clients were given for their changes, and how often the gateway was killed meanwhile."""
    chance, kills = random.Random(seed), 0
    clients = Changers(address=gateway.address, key=key)
    clients.start(seed)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.5, 2))
        gateway.kill()
        kills += 1
        gateway.start()
        with suppress(TimeoutError):
            wait_until(gateway.is_ready)
    time.sleep(1)
    clients.stop()
    return clients.received, kills


def _judged(url: str, received: AbstractSet[str], kills: int) -> Judged:
    def fetched(query: str) -> Sequence[Any]:
        return run(url, lambda connection: connection.fetch(query))

    # A transaction that was under way when its gateway was killed ends once PostgreSQL has noticed.
    time.sleep(1)
    records = {row["transaction"]: row["id"] for row in fetched(_RECORDS)}
    changes = {row["transaction"] for row in fetched(CHANGES)}
    wrong = [
        *(f"member {row['id']}: one step of two" for row in fetched(SPLIT)),
        *(f"request {row['id']}: destroyed in part" for row in fetched(HALF_DESTROYED)),
        *(f"transaction {each}: changed without a record" for each in changes - records.keys()),
        *(f"record {records[each]}: of no change" for each in records.keys() - changes),
        *(f"record {each}: received, and not there" for each in received - {*records.values()}),
    ]
    return Judged(received=len(received), changes=len(changes), kills=kills, wrong=wrong)
