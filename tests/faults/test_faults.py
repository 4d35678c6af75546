"""What `make faults` looks for: records that were received and are not there. A short form of it."""

from pathlib import Path
from uuid import uuid4

from tests.conftest import CARE, PUBLIC, Asking
from tests.faults.__main__ import tried
from tests.faults.announced import changed_apart
from tests.faults.changes import changed
from tests.faults.clients import compared

SECONDS = 8
SEED = 3


def test_what_is_missing_is_found(gateway: Asking, tmp_path: Path) -> None:
    """A record that is not there, that is of something else, or that counts fewer than received it."""
    answered = gateway.post(PUBLIC, "{ __typename }").headers["access-record"]
    refused = gateway.post(CARE, "{ nowhere }").headers["access-record"]
    received = tmp_path / "received"
    received.write_text(f"{answered} ANSWERED\n{refused} INVALID\n")
    found = compared(received, gateway.url)
    assert (found.answers, found.refusals, found.missing) == (1, 1, [])
    for wrong in (f"{uuid4()} ANSWERED", f"{refused} ANSWERED", f"{refused} INVALID\n{refused} INVALID"):
        received.write_text(f"{answered} ANSWERED\n{wrong}\n")
        assert len(compared(received, gateway.url).missing) == 1


def test_whatever_breaks_what_was_received_is_recorded(tmp_path: Path) -> None:
    happened, clients, found = tried(tmp_path, SECONDS, SEED)
    assert found.missing == [], (happened, clients.without)
    assert happened.total()
    assert found.answers


def test_a_change_is_whole_and_has_its_record_whenever_the_gateway_is_killed(tmp_path: Path) -> None:
    found = changed(tmp_path, SECONDS, SEED)
    assert found.wrong == []
    assert found.kills
    assert 0 < found.received <= found.changes


def test_no_change_is_made_unannounced_whenever_the_gateway_is_killed(tmp_path: Path) -> None:
    """Where the ledger is another PostgreSQL; and the log says in the end what became of each."""
    found = changed_apart(tmp_path, SECONDS, SEED)
    assert found.wrong == []
    assert found.kills
    assert 0 < found.received <= found.changes
