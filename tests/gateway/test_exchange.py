"""What is known of a request on its way, and what an unforeseen error may say of itself."""

from gateway.exchange import Exchange, internal_error
from gateway.http.request import BodyReader
from gateway.telemetry.observation import Observation
from schema.refusals import Code

VALUE = "john.smith@example.com"


async def nothing() -> dict[str, object]:
    return {"type": "http.disconnect"}


def test_before_its_head_is_read_a_request_has_no_media_type_and_no_policy() -> None:
    exchange = Exchange(record="r", body=BodyReader(nothing, limit=1), observation=Observation(None))
    assert (exchange.context.record, exchange.context.policy, exchange.context.media_type) == ("r", "", None)
    assert exchange.requester.sub is None


def test_an_unforeseen_error_is_known_by_its_class_and_place_alone() -> None:
    """Its message may hold a value."""
    try:
        raise LookupError(VALUE)
    except LookupError as error:
        failed = internal_error(error)
    assert failed.code is Code.INTERNAL
    assert failed.cause
    assert failed.cause.startswith("LookupError at ")
    assert "test_exchange.py:" in failed.cause
    assert VALUE not in failed.hint + failed.cause
