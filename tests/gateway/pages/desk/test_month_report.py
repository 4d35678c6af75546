"""The page of a month, over HTTP."""

import csv
import io

import pytest

from tests.conftest import Asking, run
from tests.gateway.pages.conftest import Browsing


def test_a_month_without_sealed_days_says_so(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/reports?month=2019-02").text
    assert "Requests from February 1, 2019 until February 28, 2019" in page
    assert "No sealed day of this month has requests." in page
    assert "month=2019-01" in page
    assert "month=2019-03" in page


@pytest.mark.parametrize("month", ["", "x", "0001-01", "9999-12", "2025-13"])
def test_what_is_no_month_is_this_one(browsing: Browsing, month: str) -> None:
    browsing.sign_in_to_desk()
    assert browsing.get(f"/desk/reports?month={month}").status_code == 200


def test_it_is_a_file_too(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    head, *_ = csv.reader(io.StringIO(browsing.get("/desk/reports.csv?month=2019-02").text))
    assert head == ["month", "organisation", "role", "purpose", "outcome", "requests", "persons", "cross_border"]


def test_refusals_of_nobody_known_are_a_line_that_can_be_followed(browsing: Browsing, gateway: Asking) -> None:
    """Whose token is none has no role and no purpose."""
    added = (
        "insert into veil.access_summary (day, outcome, requests, persons, cross_border)"
        " values ('2019-03-04Z', 'TOKEN_INVALID', 3, 0, 0)"
    )
    run(gateway.url, lambda connection: connection.execute(added))
    browsing.sign_in_to_desk()
    assert ">nobody known</a></th>" in browsing.get("/desk/reports?month=2019-03").text


def test_requests_that_read_no_data_are_counted_apart(browsing: Browsing, gateway: Asking) -> None:
    added = (
        "insert into veil.access_summary (day, role, purpose, outcome, requests, persons, cross_border)"
        " select '2019-05-04Z', 'BANK', 'credit_assessment', outcome, requests, 0, 0"
        " from (values ('ANSWERED', 20), ('INVALID', 3), ('DESCRIBED', 700), ('ANNOUNCED_NOT_DONE', 1))"
        " counted (outcome, requests)"
    )
    run(gateway.url, lambda connection: connection.execute(added))
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/reports?month=2019-05").text
    assert "24 requests, of which 3 were refused. 700 more were told the schema or the policy alone." in page
    assert "<td>descriptions of the API</td>" in page
    assert "outcome=described" in page
