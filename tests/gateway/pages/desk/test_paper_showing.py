"""What a paper would show is told before anybody enters or approves it, over HTTP."""

from tests.gateway.pages.conftest import Browsing

INSTRUMENTS = "/desk/papers/legalInstruments"
ORDER = {
    "kind": "COURT_ORDER",
    "organisation": "Organisation:17",
    "categories": ["REGISTRATION", "PAYMENT"],
    "members": "3",
    "reference": "HK-preview",
}


def test_an_order_is_told_in_the_policys_sentences_before_it_is_entered(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    page = changing.post(f"{INSTRUMENTS}/new", ORDER).text
    assert "What it would show while it holds" in page
    assert "Of the members whom it names, and of what it names: registration and payment." in page
    assert "When a subpoena, order or legal requirement in force names the subject and the category" in page
    assert "D3" in page
    assert "When an approved request in force" not in page
    assert "2012-06-11" in page


def test_whoever_approves_sees_the_same(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    entered = changing.post(f"{INSTRUMENTS}/new", {**ORDER, "_key": "preview", "_confirmed": "yes"})
    assert entered.status_code == 303
    listed = changing.get(f"{INSTRUMENTS}?state=unapproved").text
    paper = listed.partition("HK-preview")[0].rpartition(f'href="{INSTRUMENTS}/')[2].partition('"')[0]
    page = changing.get(f"{INSTRUMENTS}/{paper}").text
    assert "HK-preview" in page
    assert "What it would show while it holds" in page
    assert "AUTHORITY sees all" in page


def test_a_paper_that_would_show_nothing_says_so(changing: Browsing) -> None:
    """It names no category of data, and the policy shows nothing else by it."""
    changing.sign_in_to_desk()
    page = changing.post(f"{INSTRUMENTS}/new", {**ORDER, "categories": []}).text
    assert "shows nothing to such an organisation" in page


def test_a_contract_goes_by_no_instrument(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    typed = {"organisation": "Organisation:4", "purposes": ["account_service"]}
    assert "What it would show" not in changing.post("/desk/papers/contracts/new", typed).text
