"""Forms: what is taken of what somebody sends."""

from gateway.pages.forms import SentForm
from tests.gateway.pages.conftest import Browsing


def test_a_form_that_is_too_long_or_none_is_refused(browsing: Browsing) -> None:
    """And a page says so."""
    long = browsing.post("/sign-in", {"token": "x" * 200_000})
    assert long.status_code == 400
    assert "too long" in long.text
    origin = str(browsing.client.base_url).rstrip("/")
    for body, kind in ((b"{}", "application/json"), (b"a=1&" * 400, "application/x-www-form-urlencoded")):
        sent = browsing.client.post("/sign-in", content=body, headers={"Origin": origin, "Content-Type": kind})
        assert sent.status_code == 400


def test_the_last_value_of_a_field_counts_and_its_page_s_proof_is_not_what_was_typed() -> None:
    form = SentForm(fields=[("a", "1"), ("a", "2"), ("_proof", "p"), ("_key", "k")])
    assert form.get("a") == "2"
    assert form.all("a") == ["1", "2"]
    assert form.typed == [("a", "1"), ("a", "2"), ("_key", "k")]
    assert form.key == "k"
    assert SentForm().key != SentForm().key
