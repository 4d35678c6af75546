"""Lists of the log that are read as a whole, over HTTP: more than a part of them."""

from tests.conftest import CARE, Asking
from tests.gateway.log.logs import seal
from tests.gateway.pages.conftest import Browsing


def test_a_list_is_read_to_its_end(browsing: Browsing, gateway: Asking) -> None:
    """A hundred operations and more, of which each is counted."""
    for number in range(104):
        gateway.data(CARE, f"query Many{number} {{ members(first: 1) {{ nodes {{ id }} }} }}")
    seal(gateway.url)
    browsing.sign_in_to_desk()
    text = browsing.get("/desk/reports/processing.csv").text
    assert "SERVICE_PROVIDER" in text
