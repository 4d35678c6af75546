"""Periods that an address names."""

import pytest

from gateway.pages.periods import day_in_address, period_as_input


@pytest.mark.parametrize("text", [None, "", "yesterday", "2025-02-30", "9999-99-99"])
def test_what_is_no_day_is_left_out(text: str | None) -> None:
    assert day_in_address(text) == ""


def test_a_period_ends_with_its_last_day() -> None:
    assert period_as_input("2025-01-01", "2025-01-31") == {"gte": "2025-01-01T00:00:00Z", "lt": "2025-02-01T00:00:00Z"}
    assert period_as_input("", "") == {}
    assert period_as_input("", "9999-12-31") == {}
