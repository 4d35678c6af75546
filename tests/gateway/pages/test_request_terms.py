"""Until when a request is due."""

from gateway.pages.request_terms import request_due


def test_a_request_is_due_a_month_after_it_is_asked() -> None:
    assert request_due("2026-01-15T10:00:00+00:00").isoformat() == "2026-02-14T10:00:00+00:00"
