"""The page of the policy in force, over HTTP."""

from tests.gateway.pages.conftest import Browsing


def test_it_has_roles_sentences_and_clauses(browsing: Browsing) -> None:
    """A clause is found by its name, for other pages lead to it."""
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/policy").text
    assert "Version 2012-06-11" in page
    assert 'id="U3"' in page
    assert 'id="G32"' in page
    assert "/desk/who-can-see?role=BANK&amp;purpose=" in page
