"""The site: what is served beside GraphQL."""

from tests.conftest import Asking


def test_a_gateway_says_that_it_lives_and_that_it_is_ready(gateway: Asking) -> None:
    live, ready = (gateway.client.get(f"/health/{question}") for question in ("live", "ready"))
    assert (live.status_code, live.text) == (200, "live\n")
    assert (ready.status_code, ready.text) == (200, "ready\n")


def test_only_a_browser_gets_the_page(gateway: Asking) -> None:
    page = gateway.client.get("/graphql", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert gateway.client.get("/graphql").status_code == 405


def test_the_root_leads_to_the_page(gateway: Asking) -> None:
    root = gateway.client.get("/")
    assert (root.status_code, root.headers["location"]) == (302, "/graphql")


def test_whatever_else_is_asked_for_is_not_there(gateway: Asking) -> None:
    """In production nobody is offered personas and their tokens."""
    for path in ("/personas", "/console/../settings.py", "/docs"):
        assert gateway.client.get(path).status_code == 404
