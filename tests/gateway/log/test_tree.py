"""Which stored hashes the parts of a tree are made from."""

from hashlib import sha256

from gateway.log.tree import TILE, StoredRow, full_subtrees, root_of, stored_row, stored_rows, subtree_root
from gateway.log.veil_verify import node_hash

ONE, TWO, THREE, FOUR = (sha256(bytes([each])).digest() for each in range(4))


def test_a_node_is_made_from_256_stored_hashes_at_most() -> None:
    for level in range(40):
        row = stored_row(level, 3)
        assert row.level % 8 == 0
        assert row.end - row.start == 1 << level - row.level < TILE


def test_a_span_is_made_from_full_subtrees() -> None:
    assert stored_rows([(0, 259)]) == [
        [
            StoredRow(level=8, start=0, end=1),
            StoredRow(level=0, start=256, end=258),
            StoredRow(level=0, start=258, end=259),
        ]
    ]
    assert stored_rows([(5, 5)]) == [[]]


def test_roots_are_those_of_the_rfc() -> None:
    left, right = node_hash(ONE, TWO), node_hash(THREE, FOUR)
    assert subtree_root(ONE) == ONE
    assert subtree_root(ONE + TWO + THREE + FOUR) == node_hash(left, right)
    assert root_of([left, THREE]) == node_hash(left, THREE)


def test_the_full_subtrees_of_any_leaves_leave_out_what_is_over() -> None:
    assert full_subtrees(b"") == [b""]
    assert full_subtrees(ONE) == [ONE]
    assert full_subtrees(ONE + TWO + THREE) == [ONE + TWO + THREE, node_hash(ONE, TWO)]
    left, right = node_hash(ONE, TWO), node_hash(THREE, FOUR)
    assert full_subtrees(ONE + TWO + THREE + FOUR)[1:] == [left + right, node_hash(left, right)]
