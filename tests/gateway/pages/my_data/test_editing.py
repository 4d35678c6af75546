"""The page where a member edits what is held, over HTTP."""

import pytest

from tests.conftest import MEMBER
from tests.gateway.pages.conftest import Browsing, hidden_fields, values_of

EDIT = "/my-data/edit/updateRegistration"


@pytest.fixture
def member(own_browsing: Browsing) -> Browsing:
    own_browsing.sign_in()
    return own_browsing


def test_what_is_saved_is_held_from_then_on(member: Browsing) -> None:
    """Only what was changed is recorded as changed."""
    saved = member.send(EDIT, {"jobTitle": "Head of <Purchasing>"})
    assert saved.headers["location"] == "/my-data/held?done=edited"
    assert "Head of &lt;Purchasing&gt;" in member.get("/my-data/held").text
    assert "You changed: your job title." in member.get("/my-data/seen?own=yes").text


def test_a_form_that_is_sent_twice_changes_once(member: Browsing) -> None:
    page = member.get(EDIT).text
    sent = {**hidden_fields(page), **values_of(page), "jobTitle": "Buyer"}
    assert [member.post(EDIT, sent).status_code for _ in range(2)] == [303, 303]
    assert member.get("/my-data/seen?own=yes").text.count("You changed: your job title.") == 1
    other = member.post(EDIT, {**sent, "jobTitle": "Seller"})
    assert other.status_code == 422
    assert "sent before with something else" in other.text


def test_the_second_of_two_editors_is_shown_what_is_there_now(member: Browsing) -> None:
    """Beside what they typed, which is kept. Saved again, it is stored."""
    first, second = member.get(EDIT).text, member.get(EDIT).text
    member.post(EDIT, {**hidden_fields(first), **values_of(first), "jobTitle": "First"})
    late = member.post(EDIT, {**hidden_fields(second), **values_of(second), "jobTitle": "Second"})
    assert late.status_code == 409
    assert "Somebody has changed this since you opened it" in late.text
    assert "Now stored: <strong>First</strong>" in late.text
    assert values_of(late.text)["jobTitle"] == "Second"
    again = member.post(EDIT, {**hidden_fields(late.text), **values_of(late.text)})
    assert again.status_code == 303
    assert values_of(member.get(EDIT).text)["jobTitle"] == "Second"


def test_what_has_not_its_form_is_told_at_its_field_and_kept(member: Browsing) -> None:
    refused = member.send(EDIT, {"phone": "call me", "jobTitle": "Kept"})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert ">It must be an international telephone number that can exist, like “+44 20 7946 0958”<" in refused.text
    assert values_of(refused.text)["phone"] == "call me"
    assert values_of(refused.text)["jobTitle"] == "Kept"
    corrected = member.post(EDIT, {**hidden_fields(refused.text), **values_of(refused.text), "phone": "+442079460958"})
    assert corrected.status_code == 303


def test_nothing_changed_is_nothing_saved(member: Browsing) -> None:
    assert "You changed nothing" in member.send(EDIT, {}).text


def test_a_masked_value_is_kept_unless_another_is_typed(member: Browsing) -> None:
    listed = member.get("/my-data/held/paymentProfiles").text
    path = listed.partition('href="/my-data/edit/')[2].partition('"')[0].replace("&amp;", "&")
    path = f"/my-data/edit/{path}"
    assert values_of(member.get(path).text)["cardNumber"] == ""
    assert member.send(path, {"billingName": "Another Name"}).status_code == 303
    assert "**** " in member.get("/my-data/held/paymentProfiles").text
    assert member.send(path, {"cardNumber": "4111 1111 1111 1111"}).status_code == 303
    assert "**** 1111" in member.get("/my-data/held/paymentProfiles").text


def test_anothers_row_is_as_absent_as_one_that_does_not_exist(member: Browsing) -> None:
    """Typed into the address, or into a form."""
    pages = [member.get(f"/my-data/edit/updateCompany?id={each}") for each in ("Company:1", "Company:999999", "x", "")]
    assert [each.status_code for each in pages] == [404] * 4
    assert len({each.text.partition("<main")[2].partition("</main>")[0] for each in pages}) == 1
    for name in ("setConsent", "nothing", "updateNothing"):
        assert member.get(f"/my-data/edit/{name}").status_code == 404


def test_another_member_edits_their_own(own_browsing: Browsing) -> None:
    """Whose row it is is the token's to say, and no form's."""
    own_browsing.sign_in(MEMBER)
    name = values_of(own_browsing.get(EDIT).text)["name"]
    assert own_browsing.send(f"{EDIT}?id=Member:2", {"id": "Member:2", "jobTitle": "Mine"}).status_code == 303
    page = values_of(own_browsing.get(EDIT).text)
    assert (page["name"], page["jobTitle"]) == (name, "Mine")
