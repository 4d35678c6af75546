"""`veil figures release`: a month by name, or the one that is over, as often as a timer comes."""

import pytest

from tests.conftest import run
from tests.gateway.cli.conftest import Veil, in_one_line


def test_a_month_is_released_and_a_second_time_is_refused(veil: Veil, own_market_url: str) -> None:
    words = ("figures", "release", "--month", "2026-07", "--by", "A. Officer", "--database", own_market_url)
    first = veil(*words)
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("released 2026-07: ")
    record = first.out.split()[-1]
    by = "select requester from veil.access_record where id = $1::text::uuid"
    assert run(own_market_url, lambda connection: connection.fetchval(by, record)) == "A. Officer"
    again = veil(*words)
    assert (again.code, again.out) == (1, "")
    assert again.err == "veil: 2026-07 was released before, and is never released again\n"


def test_a_timer_may_come_twice(veil: Veil, own_market_url: str) -> None:
    at = ("figures", "release", "--database", own_market_url)
    assert veil(*at).code == 0
    again = veil(*at)
    assert (again.code, again.err) == (0, "")
    assert again.out.endswith("was released before, and is never released again\n")


@pytest.mark.parametrize("month", ["2026", "2026-13", "june"])
def test_what_is_no_month_is_wrong_usage(veil: Veil, own_market_url: str, month: str) -> None:
    ended = veil("figures", "release", "--month", month, "--database", own_market_url)
    assert ended.code == 2
    assert "a month is written like 2026-05" in in_one_line(ended.err)


def test_a_month_that_is_not_over_is_refused(veil: Veil, own_market_url: str) -> None:
    ended = veil("figures", "release", "--month", "2199-01", "--database", own_market_url)
    assert (ended.code, ended.err) == (1, "veil: 2199-01 is not over yet\n")
