"""Months: written in one way, counted on across years, and turned into periods of UTC."""

from datetime import UTC, datetime

import pytest

from gateway.figures.months import Month, Period


@pytest.mark.parametrize("text", ["2026-01", "2026-12", "1999-10"])
def test_a_month_is_written_as_it_was_read(text: str) -> None:
    assert str(Month.read(text)) == text


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "2026-05-01", "0026-05", " 2026-05", "２026-05"]
)
def test_anything_else_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="like 2026-05"):
        Month.read(text)


def test_months_are_counted_on_across_years() -> None:
    december = Month.read("2025-12")
    assert [str(december.later(months)) for months in (-12, -1, 0, 1)] == ["2024-12", "2025-11", "2025-12", "2026-01"]
    assert december < december.later(1)


def test_a_period_ends_with_its_month() -> None:
    month = Month.read("2026-06")
    until = datetime(2026, 7, 1, tzinfo=UTC)
    assert month.period(1) == Period(since=datetime(2026, 6, 1, tzinfo=UTC), until=until)
    assert month.period(12) == Period(since=datetime(2025, 7, 1, tzinfo=UTC), until=until)
    assert month.until_its_end == Period(since=None, until=until)
