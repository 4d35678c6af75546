"""Notices: what could be logged without an end is logged once a minute."""

import pytest

from gateway.notices import Notices


def test_what_strangers_cause_is_logged_once_a_minute_with_its_number(caplog: pytest.LogCaptureFixture) -> None:
    notices = Notices()
    for second in range(150):
        notices.add("a request was refused", float(second))
    notices.add("another thing", 150.0)
    assert [record.message for record in caplog.records] == [
        "a request was refused: 1 since the last such line",
        "a request was refused: 60 since the last such line",
        "a request was refused: 60 since the last such line",
        "another thing: 1 since the last such line",
    ]
