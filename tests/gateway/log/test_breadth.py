"""Breadth: how many distinct persons a requester was shown in a day, of the roles that the policy limits."""

from collections.abc import Sequence
from typing import Any

import pytest

from gateway.log import breadth, erasing
from tests.conftest import run, silent
from tests.gateway.log.logs import execute, seal, value

LIMITING = """
    insert into veil.policy_activation (version, digest, content, activated_by)
    select $1, encode(sha256(convert_to($2, 'UTF8')), 'hex'), $2, 'the tests'"""

ADD = """
    insert into veil.access_record (id, at, requester, role, policy, member_id, outcome, subjects, shown)
    values (gen_random_uuid(), now() - $6 * interval '1 day', $1, $2, '', $5, 'ANSWERED', $3, $4)"""

COUNTS = """
    select (now() at time zone 'UTC')::date - day, requester, role, persons from veil.access_breadth_count order by 1, 2, 3"""


@pytest.fixture
def url(database_url: str) -> str:
    """An empty log, under a policy that limits banks and members."""
    limit(database_url, "BANK", "MEMBER")
    return database_url


def limit(url: str, *roles: str) -> None:
    content = "".join(f"[role.{role}]\nbreadth = {{ persons = 5 }}\n" for role in roles) + "[role.ACQUIRER]\nis = 'x'\n"
    execute(url, LIMITING, f"limits {' '.join(roles)}", content)


def add(
    url: str, requester: str | None, subjects: Sequence[int], shown: str = "0", *, role: str = "BANK", **others: int
) -> None:
    execute(url, ADD, requester, role, subjects, shown, others.get("member"), others.get("days_ago", 0))


def counts(url: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in run(url, lambda connection: connection.fetch(COUNTS))]


def persons(url: str) -> int:
    return value(url, "select count(*) from veil.access_breadth")


def test_each_person_counts_once_a_day_for_each_requester(url: str) -> None:
    """Whenever and in however many records they were shown."""
    add(url, "one", [1, 2, 3])
    add(url, "one", [3, 4])
    add(url, "other", [1])
    seal(url)
    add(url, "one", [4, 5])
    for _ in range(2):
        seal(url)
        assert counts(url) == [(0, "one", "BANK", 5), (0, "other", "BANK", 1)]


def test_only_those_of_whom_something_was_shown_count(url: str) -> None:
    """Not those who were counted or looked at beyond a page, and nobody who was erased."""
    add(url, "one", [1, 2, 3], "0.1 - 2")
    add(url, "one", [4, 5], "")
    add(url, "one", [6, 7], "-")
    execute(url, "update veil.access_record set subjects = '{1,2,null}' where shown = '0.1 - 2'")
    add(url, None, [8])
    seal(url)
    assert counts(url) == [(0, "one", "BANK", 1)]


def test_only_roles_that_the_policy_limits_count(url: str) -> None:
    """From the next record on that is sealed under it."""
    add(url, "partner", [1, 2], role="PARTNER")
    seal(url)
    assert counts(url) == []
    limit(url, "PARTNER")
    add(url, "partner", [3], role="PARTNER")
    add(url, "bank", [3])
    seal(url)
    assert counts(url) == [(0, "partner", "PARTNER", 1)]


def test_the_days_before_yesterday_are_removed(url: str) -> None:
    """And are not added by a record that is sealed late."""
    for days_ago in (0, 1, 2):
        add(url, "one", [1, 2], days_ago=days_ago)
    seal(url)
    assert counts(url) == [(0, "one", "BANK", 2), (1, "one", "BANK", 2)]
    for days_ago in (1, 0):
        for table in ("access_breadth", "access_breadth_count"):
            earlier = (
                f"update veil.{table} set day = day - 1 where day = (now() at time zone 'UTC')::date - $1::integer"
            )
            execute(url, earlier, days_ago)
    run(url, breadth.remove_old_days)
    assert (counts(url), persons(url)) == ([(1, "one", "BANK", 2)], 2)


def test_a_member_who_is_erased_does_not_count(url: str) -> None:
    """Neither as a person, nor as a requester."""
    add(url, "one", [1, 2])
    add(url, "other", [2])
    add(url, "member", [3], role="MEMBER", member=2)
    seal(url)
    run(url, lambda connection: erasing.erase(connection, 2, silent))
    assert (counts(url), persons(url)) == ([(0, "one", "BANK", 1)], 1)
