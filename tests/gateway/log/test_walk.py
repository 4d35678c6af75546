"""The tree as it is read: places that no single record explains."""

import re
from itertools import pairwise

import pytest

from gateway.log import leaves
from gateway.log.tree import TILE
from tests.conftest import run
from tests.gateway.log.logs import FIRST_RECORD, add, execute, seal, value, verify

RECORDS = 3 * TILE


@pytest.fixture
def url(database_url: str) -> str:
    """A log of three full tiles and a bit, sealed at several sizes."""
    for count in (10, RECORDS - 200, 190):
        add(
            database_url,
            count,
            after=value(database_url, "select coalesce(max(at), '2025-03-01 00:00+00') from veil.access_record"),
        )
        seal(database_url)
    return database_url


def places(url: str) -> list[str]:
    return [fault for fault in verify(url).faults if fault.startswith("leaves")]


def test_a_log_of_several_tiles_and_checkpoints_verifies(url: str) -> None:
    assert places(url) == []
    assert verify(url).leaves == FIRST_RECORD + RECORDS


def test_a_stored_hash_that_was_changed_is_told_from_leaves_that_were(url: str) -> None:
    """The checkpoints after it still fit, because the leaves do."""
    execute(url, "update veil.proof_tile set hash = sha256('forged') where position = 1")
    assert places(url) == [
        "leaves 256 to 511: a leaf was changed, added or reordered, or the stored hash over them was"
    ]


def test_two_places_are_both_listed(url: str) -> None:
    """Where the stored hashes are true, the tree is read on with them."""
    execute(url, "update veil.proof_leaf set salt = null, hash = sha256('forged') where position in (300, 700)")
    found = places(url)
    assert found[0].startswith("leaves 256 to 511: a leaf was changed")
    assert found[1].startswith("leaves 512 to 767: a leaf was changed")
    assert len(found) == 2


def test_a_change_of_leaves_and_stored_hashes_is_found_by_the_checkpoints(url: str) -> None:
    """Between which checkpoints it is, is all that can be known."""
    execute(
        url,
        """
        update veil.proof_leaf set salt = null, hash = sha256('forged') where position = 300;
        update veil.proof_tile set hash = sha256('forged') where position = 1""",
    )
    assert any(
        re.match(r"leaves 16 to 583: they are not those of the checkpoint at their end", each) for each in places(url)
    )


def test_a_gap_is_found(url: str) -> None:
    execute(url, "delete from veil.proof_leaf where position = 300")
    assert places(url) == ["leaves 256 to 511: a leaf is missing"]


def test_every_checkpoint_within_a_tile_is_compared(database_url: str) -> None:
    """The leaves between one and the one before it are named, wherever in a tile they end."""
    ends = [FIRST_RECORD]
    for count in (1, 2, 61, 64, 100, 27, 3):
        newest = "select coalesce(max(at), '2025-03-01 00:00+00') from veil.access_record"
        add(database_url, count, after=value(database_url, newest))
        seal(database_url)
        ends.append(ends[-1] + count)
    assert places(database_url) == []
    for before, end in pairwise(ends):
        execute(database_url, "update veil.checkpoint set root = sha256(root) where size = $1", end)
        assert places(database_url)[0].startswith(
            f"leaves {before:,} to {end - 1:,}: they are not those of the checkpoint"
        )
        execute(
            database_url, "update veil.checkpoint set root = $2 where size = $1", end, root_of_leaves(database_url, end)
        )


def root_of_leaves(url: str, size: int) -> bytes:
    return run(url, lambda connection: leaves.root(connection, size))
