"""The leaves in the database: the same hashes as an auditor's, whatever a record holds."""

import json
from typing import Any

import pytest

from gateway.log import leaves
from gateway.log.leaves import LEAF_KINDS, PLAN_LEAF, POLICY_LEAF, RECORD_LEAF, LeafKind
from gateway.log.snapshot import log_snapshot
from gateway.log.tree import TILE, StoredRow, subtree_root
from gateway.log.veil_verify import Peaks, leaf_hash
from resolvers.sql.pieces import name, sql
from tests.conftest import run
from tests.gateway.log.logs import add, execute, seal, value


def contents(url: str, kind: LeafKind) -> list[tuple[bytes, bytes, Any]]:
    """The salt, the hash and the exported row of each leaf of a kind."""
    query = sql(
        "select salt, hash, {}::text from veil.proof_leaf leaf join {} {} on {}.id = leaf.{} order by position",
        *(leaves.entry_json(kind), kind.relation, name(kind.name), name(kind.name), name(kind.column)),
    )

    async def read(connection: Any) -> list[tuple[bytes, bytes, Any]]:
        async with log_snapshot(connection):
            return [(row[0], row[1], json.loads(row[2])) for row in await connection.fetch(query.text)]

    return run(url, read)


@pytest.mark.parametrize("kind", LEAF_KINDS, ids=lambda kind: kind.name)
def test_an_auditor_makes_the_same_leaf_from_an_exported_row(kind: LeafKind, database_url: str) -> None:
    """Of quotes, line breaks, empty texts and nulls too, also within a list. No two salts are alike."""
    add(database_url, 30)
    execute(database_url, "update veil.access_record set subjects = subjects || array[null, 8::bigint]")
    execute(database_url, "insert into veil.retirement (before, records, export) values (now(), 1, repeat('0', 64))")
    seal(database_url)
    found = contents(database_url, kind)
    assert len(found) == {"record": 30, "plan": 5, "policy": 1, "retirement": 1}[kind.name]
    assert [leaf_hash(salt, kind.name, row) for salt, _, row in found] == [stored for _, stored, _ in found]
    assert len({salt for salt, _, _ in found}) == len(found)


@pytest.mark.parametrize("kind", LEAF_KINDS, ids=lambda kind: kind.name)
def test_every_column_is_proven(kind: LeafKind, database_url: str) -> None:
    """A column that is added to a table is to be added here."""
    query = "select array_agg(attname::text) from pg_attribute where attrelid = $1::text::regclass and attnum > 0"
    assert sorted(value(database_url, query, kind.table)) == sorted(column for column, _ in kind.columns)


def test_what_others_point_to_comes_first(database_url: str) -> None:
    add(database_url, 3)
    seal(database_url)
    for kind, positions in ((POLICY_LEAF, [0]), (PLAN_LEAF, [1, 2, 3, 4, 5]), (RECORD_LEAF, [6, 7, 8])):
        column = name(kind.column).text
        query = f"select array_agg(position order by position) from veil.proof_leaf where {column} is not null"
        assert value(database_url, query) == positions


def test_the_stored_hashes_are_those_of_the_leaves(database_url: str) -> None:
    """Whatever were the sizes at which the log was sealed."""
    for count in (1, 200, 60, 2 * TILE):
        add(database_url, count, after=leaves_begin(database_url))
        seal(database_url)

    async def compared(connection: Any) -> None:
        size = await leaves.leaf_count(connection)
        (hashes,) = await leaves.stored_hashes(connection, [StoredRow(level=0, start=0, end=size)])
        peaks = Peaks()
        for place in range(size):
            peaks.add(0, hashes[place * 32 : (place + 1) * 32])
        assert await leaves.root(connection, size) == peaks.root()
        (tiles,) = await leaves.stored_hashes(connection, [StoredRow(level=8, start=0, end=10)])
        whole = size // TILE
        assert whole == 3
        expected = (subtree_root(hashes[tile * TILE * 32 : (tile + 1) * TILE * 32]) for tile in range(whole))
        assert tiles == b"".join(expected)

    run(database_url, compared)


def leaves_begin(url: str) -> Any:
    """A time after all records there are."""
    return value(url, "select coalesce(max(at), '2025-03-01 00:00+00') from veil.access_record")
