"""What is known of a request on its way, and what an unforeseen error may say of itself."""

import pytest

from gateway.exchange import Exchange, internal_error
from gateway.http.request import BodyReader
from schema.refusals import Code

VALUE = "john.smith@example.com"


async def nothing() -> dict[str, object]:
    return {"type": "http.disconnect"}


def test_before_its_head_is_read_a_request_has_no_media_type_and_no_policy() -> None:
    exchange = Exchange(record="r", body=BodyReader(nothing, limit=1), enter_stage=lambda _stage: None)
    assert (exchange.context.record, exchange.context.policy, exchange.context.media_type) == ("r", "", None)
    assert exchange.requester.sub is None


def test_an_unforeseen_error_is_logged_by_its_class_and_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    """Its message may hold a value."""
    try:
        raise LookupError(VALUE)
    except LookupError as error:
        failed = internal_error(error)
    assert failed.code is Code.INTERNAL
    assert VALUE not in failed.hint
    (logged,) = [record.getMessage() for record in caplog.records if record.name == "gateway.exchange"]
    assert logged.startswith("LookupError at ")
    assert "test_exchange.py:" in logged
    assert VALUE not in caplog.text
