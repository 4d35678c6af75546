"""The pages of one paper, over HTTP, as two officers."""

import re

import httpx
import pytest

from tests.gateway.pages.conftest import Browsing, hidden_fields

CONTRACTS = "/desk/papers/contracts"
INSTRUMENTS = "/desk/papers/legalInstruments"
ORDER = {
    "kind": "COURT_ORDER",
    "organisation": "Organisation:17",
    "categories": ["REGISTRATION", "PAYMENT"],
    "members": "3\nMember:5",
}


def _entered(officer: Browsing, kind: str, typed: dict[str, str | list[str]], key: str) -> httpx.Response:
    return officer.post(f"{kind}/new", {**typed, "_key": key, "_confirmed": "yes"})


def _newest(officer: Browsing, kind: str) -> str:
    """The address of the paper that began last."""
    found = re.findall(rf'href="({kind}/[A-Za-z]+:\d+)"', officer.get(kind).text)
    return found[0]


def test_a_paper_is_shown_before_it_is_entered(changing: Browsing) -> None:
    """With the names that its numbers lead to, what it changes and what will be recorded."""
    changing.sign_in_to_desk()
    before = changing.get(INSTRUMENTS).text
    page = changing.post(f"{INSTRUMENTS}/new", {**ORDER, "reference": "HK-1", "members": "3 99999999"}).text
    assert "Is this what you mean?" in page
    assert "registration data and payment" in page or "registration and payment" in page
    assert re.search(r"Member:3: \w", page)
    assert "nobody has this number" in page
    assert "holds for nobody until another officer approves it" in page
    assert "It is recorded that you entered it" in page
    assert changing.get(INSTRUMENTS).text == before or "HK-1" not in changing.get(INSTRUMENTS).text


def test_a_form_offers_only_what_fits(changing: Browsing) -> None:
    """Organisations of the right kind, and the words that a contract may name."""
    changing.sign_in_to_desk()
    page = changing.get(f"{CONTRACTS}/new").text
    offered = re.findall(r"\(([a-z ]+)\)</option>", page)
    assert set(offered) <= {"service provider", "affiliate"}
    assert offered
    assert 'type="checkbox" id="purposes-1" name="purposes" value="account_service"' in page


def test_one_officer_enters_and_another_approves(changing: Browsing) -> None:
    changing.sign_in_to_desk(sub="Ann")
    assert (
        _entered(changing, INSTRUMENTS, {**ORDER, "reference": "HK-2"}, "two")
        .headers["location"]
        .endswith("?done=entered")
    )
    paper = next(each for each in _addresses(changing, "unapproved") if "HK-2" in changing.get(each).text)
    assert "to be approved" in changing.get(paper).text
    refused = changing.post(paper, {"doing": "approve", "_key": "ann"})
    assert refused.status_code == 422
    assert "It says:" in refused.text
    changing.sign_in_to_desk(sub="Bo")
    assert changing.post(paper, {"doing": "approve", "_key": "bo"}).status_code == 303
    page = changing.get(paper).text
    assert "in force" in page
    assert "Approve it now" not in page
    late = changing.post(paper, {"doing": "approve", "_key": "cy"})
    assert (late.status_code, "Somebody has changed this meanwhile" in late.text) == (409, True)


def _addresses(officer: Browsing, state: str) -> list[str]:
    return re.findall(
        r'href="(/desk/papers/[A-Za-z]+/[A-Za-z]+:\d+)"', officer.get(f"{INSTRUMENTS}?state={state}").text
    )


def test_a_form_that_is_sent_twice_enters_one_paper(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    typed: dict[str, str | list[str]] = {"organisation": "Organisation:4", "purposes": ["site_operation"]}
    before = changing.get(f"{CONTRACTS}.csv").text.count("\n")
    for _ in range(2):
        assert _entered(changing, CONTRACTS, typed, "once").status_code == 303
    assert changing.get(f"{CONTRACTS}.csv").text.count("\n") == before + 1


def test_what_cannot_be_entered_is_told_and_kept(changing: Browsing) -> None:
    """The form is there again, with what was typed."""
    changing.sign_in_to_desk()
    typed: dict[str, str | list[str]] = {
        "organisation": "Organisation:10",
        "purposes": ["site_operation"],
        "endsAt": "2001-01-01",
    }
    refused = _entered(changing, CONTRACTS, typed, "bad")
    assert refused.status_code == 422
    assert "This cannot be entered as it is" in refused.text
    assert 'value="2001-01-01"' in refused.text
    assert 'value="site_operation" checked' in refused.text


def test_a_paper_is_ended_once(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    _entered(changing, CONTRACTS, {"organisation": "Organisation:4", "purposes": ["site_operation"]}, "ended")
    paper = _newest(changing, CONTRACTS)
    page = changing.get(paper).text
    assert "nothing is shown by it" in page
    assert "_key" in hidden_fields(page)
    assert changing.post(paper, {"doing": "end", "_key": "end"}).status_code == 303
    assert "ended" in changing.get(paper).text
    assert changing.post(paper, {"doing": "end", "_key": "again"}).status_code == 404


@pytest.mark.parametrize("path", ["nothing", "contracts/Contract:999999", "contracts/Member:1", "supportCases/new"])
def test_what_is_not_there_is_told(changing: Browsing, path: str) -> None:
    changing.sign_in_to_desk()
    assert changing.get(f"/desk/papers/{path}").status_code in (404, 422)
