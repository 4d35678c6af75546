"""SignIns: tokens sealed in cookies."""

import pytest
from starlette.requests import Request
from starlette.responses import Response

from gateway.pages.sessions import SignIns

SECRET = b"a secret of at least thirty-two characters"


def request(cookie: str = "", host: str = "localhost") -> Request:
    headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
    return Request(
        {"type": "http", "headers": headers, "scheme": "http", "path": "/", "query_string": b"", "server": ("x", 80)}
    )


def sealed(sessions: SignIns, token: str) -> str:
    response = Response()
    sessions.sign_in(request(), response, token)
    return response.headers["set-cookie"].partition(";")[0]


def test_every_worker_opens_what_another_sealed() -> None:
    cookie = sealed(SignIns(SECRET), "a.b.c")
    assert SignIns(SECRET).of(request(cookie)).token == "a.b.c"


def test_a_cookie_of_another_secret_is_a_session_that_ended() -> None:
    session = SignIns(SECRET).of(request(sealed(SignIns(b"another" * 6), "a.b.c")))
    assert session.token is None
    assert session.has_expired


def test_a_session_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = SignIns(SECRET)
    cookie = sealed(sessions, "a.b.c")
    monkeypatch.setattr("gateway.pages.sessions.LONGEST_SESSION", -1)
    assert sessions.of(request(cookie)).has_expired


def test_a_proof_is_good_for_its_visitor_alone() -> None:
    sessions = SignIns(SECRET)
    assert sessions.is_proof(sessions.proof("one"), "one")
    assert not sessions.is_proof(sessions.proof("one"), "two")
    assert not sessions.is_proof("✓", "one")
