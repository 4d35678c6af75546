"""The page of who can see what, over HTTP."""

import csv
import io

from tests.gateway.pages.conftest import Browsing


def test_it_answers_who_can_see_a_kind_of_data(browsing: Browsing) -> None:
    """Each in a sentence with its conditions and its clauses."""
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/who-can-see?what=EMAIL&role=BANK").text
    assert "Nobody, by the policy in force." in page
    page = browsing.get("/desk/who-can-see?what=EMAIL&role=MEMBER").text
    assert "Shown as stored. Of rows when the subject shares an order with the requester that is not cancelled." in page
    assert 'href="/desk/policy#U3"' in page
    assert "email (member)" in page
    assert "What no sentence here shows is seen by nobody." in page


def test_it_tells_what_somebody_sees_for_a_purpose(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/who-can-see?role=PRIVACY_OFFICER&purpose=privacy_oversight").text
    assert "PRIVACY_OFFICER sees" in page
    assert "MEMBER sees" not in page


def test_what_is_typed_into_its_address_breaks_nothing(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    for query in ("what=nothing", "role=%3Cscript%3E", "purpose=%00", "what=Member.email"):
        page = browsing.get(f"/desk/who-can-see?{query}")
        assert page.status_code == 200
        assert "<script>" not in page.text


def test_the_matrix_is_a_file_with_a_line_for_each_sentence(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    answer = browsing.get("/desk/who-can-see.csv?what=CARD_NUMBER")
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head == ["policy", "role", "purpose", "what", "how", "clauses"]
    assert {row[0] for row in rows} == {"2012-06-11"}
    assert all("card number" in row[3] for row in rows)
