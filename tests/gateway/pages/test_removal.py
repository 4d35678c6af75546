"""A parent's or guardian's request for the removal of a minor's data: no login, and nothing told."""

from tests.conftest import run
from tests.gateway.pages.conftest import Browsing

REQUEST = {
    "minor": "kid@example.com",
    "name": "Pat Parent",
    "contact": "pat@example.com",
    "relation": "mother",
    "message": "They are twelve.",
}


def test_a_parent_asks_without_a_login(changing: Browsing) -> None:
    sent = changing.send("/removal", REQUEST)
    assert (sent.status_code, sent.headers["location"]) == (303, "/removal?done=handed_in")
    assert "Your request is handed in" in changing.get("/removal?done=handed_in").text


def test_the_answer_is_the_same_whoever_is_meant(changing: Browsing) -> None:
    """A member, nobody, or what is no address at all."""
    answers = [changing.send("/removal", {**REQUEST, "minor": minor}) for minor in ("Member:1", "Member:999", "a kid")]
    assert len({(each.status_code, each.headers["location"], each.text) for each in answers}) == 1


def test_what_was_typed_is_kept_where_something_is_missing(changing: Browsing) -> None:
    page = changing.send("/removal", {**REQUEST, "contact": " "})
    assert page.status_code == 422
    assert "Fill in all that is not optional" in page.text
    assert "Pat Parent" in page.text


def test_a_text_without_end_is_not_taken(changing: Browsing) -> None:
    page = changing.send("/removal", {**REQUEST, "name": "x" * 5_000})
    assert page.status_code == 422
    assert "This could not be handed in" in page.text


def test_a_form_of_another_site_is_not_taken(changing: Browsing) -> None:
    assert changing.post("/removal", REQUEST, Origin="https://evil.example").status_code == 403


def test_a_form_that_is_sent_twice_is_handed_in_once(own_browsing: Browsing, own_market_url: str) -> None:
    for _ in range(2):
        sent = own_browsing.post("/removal", {**REQUEST, "_key": "one-sending-of-this-form"})
        assert sent.status_code == 303
    count = "select count(*) from marketplace.removal_request"
    assert run(own_market_url, lambda connection: connection.fetchval(count)) == 1


def test_who_is_signed_in_asks_as_nobody(changing: Browsing) -> None:
    changing.sign_in()
    assert changing.send("/removal", REQUEST).status_code == 303
