"""A change and its record: both are durable, or neither is there, whatever stands in the way."""

from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from tests.conftest import MEMBER, Asking, Serving, run, settings_for

CHANGE = 'mutation { updateRegistration(id: "Member:1", input: {city: "Elsewhere"}) { fields } }'

Serve = Callable[..., Asking]


@pytest.fixture
def serve(own_market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Serve]:
    """Starts a gateway over a marketplace of its own, with more settings."""
    with ExitStack() as stack:

        def started(**others: Any) -> Asking:
            address = stack.enter_context(Serving(settings_for(own_market_url, key_file, **others)))
            asking = Asking(address, key, own_market_url)
            stack.callback(asking.client.close)
            return asking

        yield started


def stored(asking: Asking) -> tuple[str, int]:
    """Where a member lives, and how many records there are."""
    query = "select (select city from marketplace.member where id = 1), (select count(*) from veil.access_record)"
    return tuple(run(asking.url, lambda connection: connection.fetchrow(query)))


def alter(asking: Asking, statement: str) -> None:
    run(asking.url, lambda connection: connection.execute(statement))


SWALLOWED = "create function swallowed() returns trigger language plpgsql as 'begin return null; end';"
IN_THE_WAY = {
    "a trigger that takes no record": f"{SWALLOWED}create trigger swallowed before insert on veil.access_record"
    " for each row execute function swallowed()",
    "a trigger that takes no plan": f"{SWALLOWED}create trigger swallowed before insert on veil.access_plan"
    " for each row execute function swallowed()",
    "a privilege that is missing": "revoke insert (outcome) on veil.access_record from veil_writer",
    "a role that may not be used": "revoke veil_writer from veil_test",
    "a column that may not be written": "revoke update (city) on marketplace.member from veil_writer",
    "a trigger that fails": "create function fails() returns trigger language plpgsql as"
    " 'begin raise sqlstate ''XX000''; end'; create trigger fails before update on marketplace.member"
    " for each row execute function fails()",
}


@pytest.mark.parametrize("problem", IN_THE_WAY)
def test_nothing_is_changed_without_its_record(serve: Serve, problem: str) -> None:
    """And nothing is recorded as changed. What is in the way of changes is in no reading's way."""
    asking = serve()
    alter(asking, IN_THE_WAY[problem])
    before = stored(asking)
    response = asking.post(MEMBER, CHANGE)
    assert response.status_code in (500, 503)
    assert response.json()["errors"][0]["extensions"]["code"] in ("UNAVAILABLE", "INTERNAL")
    assert "access-record" not in response.headers
    assert stored(asking) == before


def test_a_change_that_could_not_be_made_can_be_made_later(serve: Serve) -> None:
    asking = serve(write_sessions=1)
    alter(asking, "revoke update (city) on marketplace.member from veil_writer")
    assert asking.post(MEMBER, CHANGE).status_code == 503
    alter(asking, "grant update (city) on marketplace.member to veil_writer")
    assert asking.data(MEMBER, CHANGE) == {"updateRegistration": {"fields": ["city"]}}
    assert stored(asking)[0] == "Elsewhere"


def test_what_the_tables_do_not_take_is_the_callers_to_mend(serve: Serve) -> None:
    """A constraint of the operator's own refuses with a code and a hint, is recorded, and repeats nothing."""
    asking = serve()
    alter(asking, "alter table marketplace.member add check (city <> 'Elsewhere') not valid")
    response = asking.post(MEMBER, CHANGE)
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "ARGUMENT"
    assert "Elsewhere" not in response.text
    assert asking.record(response)["outcome"] == "ARGUMENT"
    assert stored(asking)[0] != "Elsewhere"


def test_a_change_is_made_under_the_policy_in_force(serve: Serve) -> None:
    """A gateway that does not know of a new version yet changes nothing by the old one."""
    asking = serve()
    assert asking.data(MEMBER, "{ me { id } }")
    renamed = """
        insert into veil.policy_activation (version, digest, content, activated_by)
        select '2030-01-01', encode(sha256(convert_to(text, 'UTF8')), 'hex'), text, 'test'
        from (select replace(replace(content, 'version = "2012-06-11"', 'version = "2030-01-01"'),
            'may_edit = [
    "REGISTRATION",', 'may_edit = [
    "Member.phone",') as text
            from veil.policy_activation order by id desc limit 1) changed"""
    alter(asking, renamed)
    before = stored(asking)[0]
    response = asking.post(MEMBER, CHANGE)
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID"
    assert asking.record(response)["policy"] == "2030-01-01"
    assert stored(asking)[0] == before
