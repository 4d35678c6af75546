"""Cursors: sealed for one requester, connection and order, and opened by nothing else."""

import base64

from schema.cursors import cursor_of, values_of_cursor

KEY, OTHER_KEY = bytes(32), bytes([1]) * 32
NAMES, IDS = "Query.members by name text ascending", "Query.members by id id ascending"
VALUES = ["Jörg 🙂", None, "", "-infinity"]


def test_a_cursor_opens_with_its_key_and_connection_alone() -> None:
    cursor = cursor_of(KEY, NAMES, VALUES)
    assert values_of_cursor(KEY, NAMES, cursor) == VALUES
    assert values_of_cursor(OTHER_KEY, NAMES, cursor) is None
    assert values_of_cursor(KEY, IDS, cursor) is None


def test_a_cursor_that_was_changed_in_any_place_does_not_open() -> None:
    sealed = base64.b64decode(cursor_of(KEY, NAMES, VALUES))
    for place in range(len(sealed)):
        changed = bytes(byte ^ (1 if at == place else 0) for at, byte in enumerate(sealed))
        assert values_of_cursor(KEY, NAMES, base64.b64encode(changed).decode()) is None
    for cut in (sealed[:-1], sealed + b"\0", sealed[:16], sealed[:7], b""):
        assert values_of_cursor(KEY, NAMES, base64.b64encode(cut).decode()) is None


def test_what_is_no_base64_does_not_open() -> None:
    for text in ("é", "=", "a", "\n", "\ud800", cursor_of(KEY, NAMES, VALUES) + "\n"):
        assert values_of_cursor(KEY, NAMES, text) is None


def test_a_cursor_shows_nothing_of_its_values() -> None:
    """Values that are alike make cursors that are not."""
    made = [base64.b64decode(cursor_of(KEY, NAMES, [f"john.doe{number}@example.com"])) for number in range(3)]
    assert not any(b"john" in each for each in made)
    assert len({each[:16] for each in made}) == len({each[16:24] for each in made}) == 3
