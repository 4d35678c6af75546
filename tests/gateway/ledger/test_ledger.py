"""The ledger: no answer and no refusal leaves unless its record was taken, wherever the ledger is."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from tests.conftest import CARE, MEMBER, OFFICER, Asking, Databases, Serving, run, settings_for
from tests.gateway.database.servers import locked, metric, wait_for, waiting_for_a_lock

QUESTION = "{ members(first: 2) { nodes { name } } }"
RECORDS = "select count(*) from veil.access_record"

Serve = Callable[..., Asking]


@pytest.fixture
def serve(own_market_url: str, ledger: str, key: DevelopmentKey, key_file: Path) -> Generator[Serve]:
    """Starts a gateway over a marketplace of its own, with more settings. It ends before its ledger does."""
    assert ledger
    with ExitStack() as stack:

        def started(**others: Any) -> Asking:
            address = stack.enter_context(Serving(settings_for(own_market_url, key_file, **others)))
            asking = Asking(address, key, own_market_url)
            stack.callback(asking.client.close)
            return asking

        yield started


@pytest.fixture
def ledger(databases: Databases) -> Generator[str]:
    """Another database that has the log's tables."""
    url = databases.make("empty_market")
    yield url
    databases.drop(url)


def count(url: str) -> int:
    return run(url, lambda connection: connection.fetchval(RECORDS))


def alter(url: str, statement: str) -> None:
    run(url, lambda connection: connection.execute(statement))


SWALLOWED = "create function swallowed() returns trigger language plpgsql as 'begin return null; end';"
TRIGGER = SWALLOWED + "create trigger swallowed before insert on {0} for each row execute function swallowed()"
RULE = "create rule swallowed as on insert to {0} do instead nothing"
SECURITY = "alter table {0} enable row level security"
REVOKED = "revoke insert (outcome) on {0} from veil_ledger"
KEEPS_OUT = "on veil.access_record can keep rows out of the log: remove it"


@pytest.mark.parametrize("query", [QUESTION, "{ nowhere }"], ids=["answer", "refusal"])
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (TRIGGER, f"the trigger swallowed {KEEPS_OUT}"),
        (RULE, f"the rule swallowed {KEEPS_OUT}"),
        (SECURITY, f"row security {KEEPS_OUT}"),
        (REVOKED, "the grant to insert outcome of veil.access_record is missing: run `veil migrate`"),
    ],
    ids=["trigger", "rule", "security", "grant"],
)
def test_nothing_leaves_whose_record_the_table_does_not_take(serve: Serve, query: str, change: str, named: str) -> None:
    """The insert returns no such record, and nobody believes that it is there. The gateway says by name what is wrong."""
    asking = serve()
    assert asking.data(CARE, QUESTION)
    alter(asking.url, change.format("veil.access_record"))
    before = count(asking.url)
    response = asking.post(CARE, query)
    assert (response.status_code, "data" in response.json()) == (503, False)
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert count(asking.url) == before
    assert asking.lacking() == f"not ready: the ledger: {named}\n"


@pytest.mark.parametrize("change", [TRIGGER, RULE, SECURITY], ids=["trigger", "rule", "security"])
def test_nothing_leaves_whose_plan_the_table_does_not_take(serve: Serve, change: str) -> None:
    """A record that points to no plan would not say what was shown."""
    asking = serve()
    alter(asking.url, change.format("veil.access_plan"))
    before = count(asking.url)
    response = asking.post(CARE, QUESTION)
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert count(asking.url) == before
    assert "on veil.access_plan can keep rows out of the log" in asking.lacking()


def test_records_wait_in_a_queue_that_has_an_end(serve: Serve) -> None:
    """However fast the reads are, no more wait for their record than `VEIL_QUEUE` allows."""
    # However slow the machine is, none waits too long.
    asking = serve(ledger_sessions=1, queue=3, timeout=60)
    assert asking.data(CARE, QUESTION)
    with locked(asking.url, "veil.access_record", "exclusive") as release, ThreadPoolExecutor(4) as pool:
        running = pool.submit(asking.post, CARE, QUESTION)
        wait_for(lambda: waiting_for_a_lock(asking.url))
        waiting = [pool.submit(asking.post, CARE, QUESTION) for _ in range(3)]
        wait_for(lambda: metric(asking, "veil_ledger_waiting_records") == 3)
        refused = asking.post(CARE, QUESTION)
        release()
        assert [each.result(60).status_code for each in (running, *waiting)] == [200] * 4
    assert refused.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"


def test_a_ledger_that_is_no_address_stops_the_start(serve: Serve) -> None:
    for wrong in (" ", "mysql://somewhere"):
        with pytest.raises(ValueError, match="ledger"):
            serve(ledger=wrong)


def test_records_go_to_the_ledger_that_is_named(serve: Serve, ledger: str) -> None:
    """Answers and refusals. The database of the data gets none."""
    asking = serve(ledger=ledger)
    before = count(asking.url)
    assert asking.data(CARE, QUESTION)
    assert asking.post(CARE, "{ nowhere }").json()["errors"][0]["extensions"]["code"] == "INVALID"
    assert (count(asking.url), count(ledger)) == (before, 2)


@pytest.mark.parametrize("views", [False, True])
def test_the_log_can_be_asked_only_where_it_is(serve: Serve, ledger: str, views: bool) -> None:
    """A member is not told that nobody has seen their data because the log is elsewhere."""
    asking = serve(ledger=ledger, ledger_views=views)
    for requesting, field in ((MEMBER, "me { accesses { totalCount } }"), (OFFICER, "accessRecords { totalCount }")):
        answer = asking.post(requesting, f"{{ {field} }}").json()
        assert ("errors" not in answer) is views
        if not views:
            assert answer["errors"][0]["extensions"]["code"] == "INVALID"
    assert asking.data(MEMBER, "{ me { name } }")


def test_the_seal_lag_is_that_of_the_ledger(serve: Serve, ledger: str) -> None:
    asking = serve(ledger=ledger)
    assert asking.data(CARE, QUESTION)
    alter(ledger, "update veil.access_record set at = at - interval '1 hour'")

    def lags() -> bool:
        asking.client.get("/health/ready")
        return metric(asking, "veil_seal_lag_seconds") > 3_600

    wait_for(lags)


def test_of_several_ledgers_one_that_can_is_enough(serve: Serve, ledger: str) -> None:
    """Each record is in one of them. What the broken one lacks is no reason not to be ready."""
    asking = serve(ledger=f"postgresql://nobody@127.0.0.1:1/nowhere {ledger}")
    for _ in range(3):
        assert asking.data(CARE, QUESTION)
    assert count(ledger) == 3
    assert asking.client.get("/health/ready").status_code == 200


def test_a_ledger_without_a_standby_is_refused_where_one_is_needed(serve: Serve) -> None:
    asking = serve(durable="standby")
    assert asking.post(CARE, QUESTION).status_code == 503
    assert asking.lacking() == (
        "not ready: the ledger: VEIL_DURABLE=standby, and the ledger has no synchronous standby: set "
        "`synchronous_standby_names` there, or VEIL_DURABLE=local\n"
    )


def test_a_session_of_the_ledger_can_read_nothing_but_ids_and_times(serve: Serve) -> None:
    asking = serve()
    readable = """
        select table_schema || '.' || table_name || '.' || column_name from information_schema.column_privileges
        where grantee = 'veil_ledger' and privilege_type = 'SELECT' order by 1"""
    found = [row[0] for row in run(asking.url, lambda connection: connection.fetch(readable))]
    assert found == [
        *("veil.access_plan.id", "veil.access_record.at", "veil.access_record.id", "veil.checkpoint.at"),
        "veil.migration.name",
    ]
