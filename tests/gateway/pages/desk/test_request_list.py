"""The open requests as a file, over HTTP."""

import csv
import io
from datetime import datetime, timedelta

from schema.marketplace.words import Purposes
from tests.gateway.pages.conftest import Browsing


def test_the_file_has_a_line_for_each_open_request(browsing: Browsing) -> None:
    """With when it is due, and whose it is where that is shown."""
    browsing.sign_in_to_desk()
    answer = browsing.get("/desk/requests.csv")
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head == ["id", "kind", "categories", "since", "due", "ends", "member", "name", "email"]
    assert rows
    for row in rows:
        assert row[0].startswith("DataRequest:")
        assert datetime.fromisoformat(row[4]) - datetime.fromisoformat(row[3]) == timedelta(days=30)
        assert f'href="/desk/requests/{row[0]}"' in browsing.get("/desk/requests").text
    assert any(row[6].startswith("Member:") and "@" in row[8] for row in rows)


def test_it_is_for_whoever_carries_requests_out(browsing: Browsing) -> None:
    browsing.sign_in_to_desk([Purposes.PRIVACY_OVERSIGHT])
    assert browsing.get("/desk/requests.csv").status_code == 403
