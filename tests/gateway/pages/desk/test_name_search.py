"""The page that finds a member by their name, over HTTP."""

from tests.gateway.pages.conftest import Browsing


def test_a_name_leads_to_a_number(browsing: Browsing) -> None:
    """And nobody is listed before a name is given."""
    browsing.sign_in_to_desk()
    assert "Member:" not in browsing.get("/desk/people").text
    page = browsing.get("/desk/people?name=Susan").text
    assert "Susan" in page.partition("</form>")[2].partition("<main")[2] or "Member:" in page
    assert "Nobody, for what you gave." in browsing.get("/desk/people?name=Qqqq").text
