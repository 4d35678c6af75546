"""The page of the record of processing, over HTTP: what is granted, and what sealed records used of it."""

import csv
import io
from datetime import UTC, datetime

import pytest

from tests.conftest import CARE, Asking
from tests.gateway.log.logs import seal
from tests.gateway.pages.conftest import Browsing


@pytest.fixture(scope="module", autouse=True)
def used(gateway: Asking) -> None:
    for _ in range(3):
        gateway.data(CARE, "query Used { members(first: 5) { nodes { name email } } }")
    seal(gateway.url)


def test_each_grant_stands_beside_its_use(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/reports/processing").text
    year = datetime.now(UTC).year
    assert f"Record of processing, {year}" in page
    assert "By version 2012-06-11 of the privacy policy" in page
    for heading in ("Recipients and purposes", "Granted, and used", "Grants that nobody used", "What the clauses say"):
        assert f">{heading}</h2>" in page
    assert f"processing?year={year - 1}" in page
    assert "The year after" not in page


def test_the_file_says_how_often_each_grant_was_used(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    answer = browsing.get("/desk/reports/processing.csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="record-of-processing-')
    rows = [
        row for row in csv.reader(io.StringIO(answer.text)) if "SERVICE_PROVIDER" in row and "account service" in row
    ]
    used = {int(row[-2]) for row in rows if "registration information" in row and row[-2].isdecimal()}
    assert max(used) >= 3
    assert {row[-1] for row in rows if row[-2] == str(max(used))} == {datetime.now(UTC).date().isoformat()}


def test_another_year_has_no_use(browsing: Browsing) -> None:
    """And what is no year is this one."""
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/reports/processing?year=2001").text
    assert "Record of processing, 2001" in page
    assert '<td class="figure">0</td>' in page
    for wrong in ("x", "%00", "99999", "-1", "٢٠٢٥"):
        assert (
            f"Record of processing, {datetime.now(UTC).year}"
            in browsing.get(f"/desk/reports/processing?year={wrong}").text
        )
