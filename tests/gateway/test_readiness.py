"""Readiness: 200 only while a read and a record can be done, and what is lacking by name."""

import re
import time
from collections.abc import Callable, Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gateway.database.session import GATEWAY_ROLE, LEDGER_ROLE
from gateway.demo.development import DevelopmentKey
from gateway.policy.trusted import TrustedDocuments
from schema.refusals import Code, Failed
from tests.conftest import STAFF, Asking, Serving, run, settings_for
from tests.gateway.log.logs import seal

QUESTION = "{ organisations(first: 1) { nodes { name } } }"
RECORDS = "select count(*) from veil.access_record"


@pytest.fixture
def asking(own_market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, key, own_market_url)
        yield asking
        asking.client.close()


def change(asking: Asking, statement: str) -> None:
    run(asking.url, lambda connection: connection.execute(statement))


def readiness(asking: Asking) -> int:
    return asking.client.get("/health/ready").status_code


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("breaking", "lacking", "mending"),
    [
        (
            f"revoke select (country) on organisation from {GATEWAY_ROLE}",
            "the grant to select country of organisation is missing: run `veil migrate`",
            f"grant select (country) on organisation to {GATEWAY_ROLE}",
        ),
        (
            "alter table forum_post rename column topic to theme",
            "the column forum_post.topic is missing: add it to the table or view, then run `veil migrate`",
            "alter table forum_post rename column theme to topic",
        ),
        (
            (
                "alter table organisation set schema public;"
                " create view organisation as select * from public.organisation;"
                f" grant select on organisation to {GATEWAY_ROLE}; alter view organisation owner to veil_officer"
            ),
            "the view organisation cannot be read: grant select on public.organisation to veil_officer, who owns the view",
            "grant select on public.organisation to veil_officer",
        ),
        (
            f"revoke insert (outcome) on veil.access_record from {LEDGER_ROLE}",
            "the ledger: the grant to insert outcome of veil.access_record is missing: run `veil migrate`",
            f"grant insert (outcome) on veil.access_record to {LEDGER_ROLE}",
        ),
        (
            f"revoke select (document) on veil.trusted_document from {GATEWAY_ROLE}",
            "the grant to select document of veil.trusted_document is missing: run `veil migrate`",
            f"grant select (document) on veil.trusted_document to {GATEWAY_ROLE}",
        ),
        (
            f"revoke execute on function veil.json_text(text) from public, {GATEWAY_ROLE}",
            "the grant to execute veil.json_text is missing: run `veil migrate`",
            f"grant execute on function veil.json_text(text) to {GATEWAY_ROLE}",
        ),
        (
            f"revoke execute on function veil.cursor(bytea, bytea, text) from public, {GATEWAY_ROLE}",
            "the grant to execute veil.cursor is missing: run `veil migrate`",
            f"grant execute on function veil.cursor(bytea, bytea, text) to {GATEWAY_ROLE}",
        ),
    ],
)
def test_a_missing_grant_is_told_by_name(asking: Asking, breaking: str, lacking: str, mending: str) -> None:
    assert readiness(asking) == 200
    change(asking, breaking)
    assert readiness(asking) == 503
    assert asking.client.get("/health/ready").text == "not ready\n"
    assert asking.lacking() == f"not ready: {lacking}\n"
    assert asking.client.get("/health/live").text == "live\n"
    change(asking, mending)
    assert readiness(asking) == 200


def test_a_gateway_is_ready_once_its_trusted_documents_are_read(
    market_url: str, key: DevelopmentKey, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_documents: TrustedDocuments) -> None:
        raise Failed(Code.UNAVAILABLE, "ask again in a moment")

    monkeypatch.setattr(TrustedDocuments, "refresh", fail)
    with Serving(settings_for(market_url, key_file)) as address:
        asking = Asking(address, key, market_url)
        assert readiness(asking) == 503
        assert asking.lacking() == "not ready: the trusted documents are not read yet\n"
        monkeypatch.undo()
        assert readiness(asking) == 200
        asking.client.close()


def test_a_session_that_can_only_read_is_not_ready(asking: Asking) -> None:
    """While it lasts; whoever opens sessions notices too."""
    name = urlsplit(asking.url).path.removeprefix("/")
    change(asking, f"alter database {name} set default_transaction_read_only = on")
    change(
        asking,
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'veil' and datname = current_database()",
    )
    until(lambda: readiness(asking) == 503)
    until(lambda: "read-only" in asking.lacking())


FULL = """
    create function full_disk(outcome text) returns boolean language plpgsql as $$ begin
        raise exception 'could not extend file' using errcode = '53100';
    end $$;
    alter table veil.access_record add constraint full_disk check (full_disk(outcome)) not valid"""
FREED = "alter table veil.access_record drop constraint full_disk; drop function full_disk(text)"


def test_where_no_record_has_space_a_gateway_is_not_ready_until_one_has(
    asking: Asking, caplog: pytest.LogCaptureFixture
) -> None:
    """It finds out by itself, and its trials leave no record. Two lines tell of it, and one that it is over."""
    assert asking.data(STAFF, QUESTION)
    change(asking, FULL)
    assert readiness(asking) == 200
    for _ in range(3):
        response = asking.post(STAFF, QUESTION)
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert readiness(asking) == 503
    assert asking.lacking() == "not ready: the ledger has no space left for a record\n"
    change(asking, FREED)
    before = run(asking.url, lambda connection: connection.fetchval(RECORDS))
    until(lambda: readiness(asking) == 200)
    assert run(asking.url, lambda connection: connection.fetchval(RECORDS)) == before
    assert asking.data(STAFF, QUESTION)
    told = [each.message for each in caplog.records if each.name in ("gateway.readiness", "gateway.notices")]
    assert told == [
        "the database had no space for a record: 1 since the last such line",
        "not ready: the ledger has no space left for a record",
        "ready again",
    ]


def test_the_age_of_the_oldest_unsealed_record_is_a_metric(asking: Asking) -> None:
    """It grows while nobody seals the log, and is none once all is sealed."""

    def lag() -> float:
        readiness(asking)
        (line,) = re.findall(r"^veil_seal_lag_seconds (\S+)$", asking.metrics(), re.MULTILINE)
        return float(line)

    asking.data(STAFF, QUESTION)
    age = "update veil.access_record set at = at - interval '1 hour'"
    change(asking, age)
    until(lambda: lag() > 3_600)
    seal(asking.url)
    until(lambda: lag() == 0)


@pytest.mark.parametrize(
    ("breaking", "lacking", "mending"),
    [
        (
            "alter table company alter verified drop default, alter verified type text",
            "the column company.verified is of type text: make it boolean",
            "alter table company alter verified type boolean using verified::boolean",
        ),
        (
            "alter table support_case rename to ticket",
            "the table or view support_case is missing: make it, then run `veil migrate`",
            "alter table ticket rename to support_case",
        ),
    ],
)
def test_while_tables_do_not_fit_nobody_is_answered(asking: Asking, breaking: str, lacking: str, mending: str) -> None:
    """Neither is what has nothing to do with them: no more is known of such a database."""
    assert asking.data(STAFF, QUESTION)
    change(asking, breaking)
    assert readiness(asking) == 503
    assert asking.lacking() == f"not ready: {lacking}\n"
    refused = asking.post(STAFF, QUESTION)
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
    change(asking, mending)
    assert readiness(asking) == 200
    assert asking.data(STAFF, QUESTION)
