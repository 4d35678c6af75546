"""`Content-Type` and `Accept` as RFC 9110 writes them."""

import time

import pytest

from gateway.http.media_types import GRAPHQL_RESPONSE, JSON, is_json, response_media_type


@pytest.mark.parametrize(
    ("accept", "answered_in"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{JSON}, {GRAPHQL_RESPONSE}", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}, */*", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL_RESPONSE};q=0.5, {JSON};q=0.4", GRAPHQL_RESPONSE),
        (f"{JSON};q=0.0, */*", GRAPHQL_RESPONSE),
        (f"{JSON};q=0, application/*", GRAPHQL_RESPONSE),
        (f"*/*;q=0.0, {JSON}", JSON),
        (f"{JSON};q=0, {GRAPHQL_RESPONSE};q=0, */*", None),
        ("application/*;q=0, */*", None),
        (f"{JSON};q=0.000", None),
        (f"{JSON};q=0.0001", None),
        (f"{JSON};q=2", None),
        (f"{JSON};q=", None),
        (f"{JSON}; Q=0", None),
        (f"{JSON}; charset=utf-8", JSON),
        (f'{JSON}; charset="UTF-8"', JSON),
        (f"{JSON}; charset=latin1", None),
        (f'{JSON}; charset="utf-8', None),
        (f'text/plain; x="a, {JSON}"', None),
        (f'{JSON}; x="a, text/plain; q=0"', JSON),
        (f", ,{JSON},", JSON),
        (f"{JSON};;q=1;", JSON),
        ("json", None),
        ("text/html, text/plain", None),
        ("text/html, */*;q=0.1", JSON),
    ],
)
def test_an_answer_comes_in_what_is_most_welcome(accept: str, answered_in: str | None) -> None:
    assert response_media_type(accept) == answered_in


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (JSON, True),
        (f"{JSON};charset=utf-8", True),
        (f'{JSON} ; charset="utf-8"', True),
        (f"{JSON};", True),
        (f'{JSON}; profile="a;b"', True),
        (f'{JSON}; charset="utf-8', False),
        (f'{JSON}; charset=utf-8"', False),
        (f"{JSON}; charset=", False),
        (f"{JSON}; charset = utf-8", False),
        (f"{JSON} x", False),
        ("application/ json", False),
        ("", False),
    ],
)
def test_a_body_is_json_where_its_type_is_written_as_one(content_type: str, expected: bool) -> None:
    assert is_json(content_type) is expected


@pytest.mark.parametrize(
    "text", ['"' * 8_000, '"\\' * 4_000, "; " * 4_000, "a/b;" * 2_000, '/;"a' * 2_000, "a," * 4_000]
)
def test_no_header_takes_long_to_read(text: str) -> None:
    began = time.process_time()
    assert response_media_type(text) is None
    assert not is_json(text)
    assert time.process_time() - began < 0.1
