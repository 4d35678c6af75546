"""Reads the log's tree from left to right, and finds the leaves that are not what was sealed.

The database hashes every leaf again from its row. Python hashes the tree over the stored leaves, a tile of 256 at a time,
and compares it with the stored tiles and with every checkpoint.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from gateway.log.leaves import RECORD_LEAF, leaf_hash_sql, stored_hashes, subtrees
from gateway.log.tree import TILE, TILE_LEVELS, StoredRow, full_subtrees, subtree_root
from gateway.log.veil_verify import Peaks, full_nodes
from resolvers.sql.pieces import sql

LATE: Final = timedelta(hours=1)
"""How much older than one before it a record may be: as long as a request may take."""

_TILES: Final = 64
"""Tiles that one statement reads."""

_HASH: Final = 32

_LEAVES: Final = sql(
    """\
select tile, found.hashes, stored.hash, found.edited, found.erased, found.retired, found.earliest, found.latest
from (select veil.first_id(max(before)) as before from veil.retirement) retired
cross join generate_series($1::bigint >> 8, ($2::bigint - 1) >> 8) tile
cross join lateral (
    select string_agg(hash, '' order by position) as hashes,
        array_agg(position) filter (where record is not null
            and case when salt is null then entry.id is not null and not (
                (entry.subjects <> array_remove(entry.subjects, null) or entry.role = any($3::text[]) and entry.member_id is null)
                and exists (select from veil.proof_leaf newer where newer.replaces = leaf.position)
            ) else {} <> hash end) as edited,
        count(*) filter (where salt is null and (record < retired.before) is not true) as erased,
        count(*) filter (where salt is null and record < retired.before) as retired,
        min(entry.at) filter (where replaces is null) as earliest, max(entry.at) as latest
    from veil.proof_leaf leaf left join veil.access_record entry on entry.id = leaf.record
    where leaf.position >= tile << 8 and leaf.position < (tile + 1) << 8
) found
left join veil.proof_tile stored on stored.level = 8 and stored.position = tile""",
    leaf_hash_sql(RECORD_LEAF),
)

_NESTED: Final = "set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_bitmapscan = off"
"""The records of leaves that stand side by side are side by side too, and an index finds them."""

_LATE: Final = """\
select position from (
    select position, at,
        greatest($3, max(at) over (order by position rows between unbounded preceding and 1 preceding)) as before
    from veil.proof_leaf leaf join veil.access_record entry on entry.id = leaf.record
    where position >= $1 and position < $2 and replaces is null
) leaf
where at < before - $4::interval order by position"""

_LATEST: Final = """\
select max(at) from veil.proof_leaf leaf join veil.access_record entry on entry.id = leaf.record
where position >= $1 - 256 and position < $1"""

_CHECKPOINTS: Final = "select size, root from veil.checkpoint where size > $1 order by size desc"

_HIGHER: Final = "select level, position, hash from veil.proof_tile where level > 8 order by level, position"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenSpan:
    """Leaves in which something is wrong, though it is not known in which."""

    start: int
    end: int
    what: str


@dataclass(slots=True, kw_only=True)
class TreeFindings:
    """What is wrong with the tree."""

    edited: list[int] = field(default_factory=list)
    """Leaves that are not the hash of their record."""
    erased: int = 0
    """Leaves whose content was erased."""
    retired: int = 0
    """Leaves of records that were exported and removed."""
    late: list[int] = field(default_factory=list)
    """Leaves of records that are older than those before them."""
    places: list[BrokenSpan] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The tree so far."""

    connection: Any
    size: int
    findings: TreeFindings
    trees: list[Peaks]
    """What may have been sealed: the leaves as they are; and where stored hashes differ, these instead."""
    confirmed: int
    """The leaves up to here are those of a checkpoint."""
    checkpoints: list[tuple[int, bytes]]
    """Those ahead, the next one last."""
    latest: datetime | None = None
    """The latest time of a record."""

    async def tiles(self, rows: Sequence[Any]) -> None:
        """Goes on over tiles, of which the last may be incomplete."""
        for tile, hashes, stored, edited, erased, retired, earliest, latest in rows:
            first = tile << TILE_LEVELS
            self.findings.edited += edited or ()
            self.findings.erased += erased
            self.findings.retired += retired
            if earliest and max(latest, self.latest or latest) - earliest > LATE:
                late = await self.connection.fetch(_LATE, first, first + TILE, self.latest, LATE)
                self.findings.late += [row[0] for row in late]
            self.latest = max(filter(None, (self.latest, latest)), default=None)
            self._tile(first, hashes or b"", stored)

    def _tile(self, start: int, hashes: bytes, stored: bytes | None) -> None:
        end = min(start + TILE, self.size)
        if len(hashes) != (end - start) * _HASH:
            self._broken(start, end, "a leaf is missing")
            self.checkpoints.clear()
            return
        nodes = full_subtrees(hashes)
        found = nodes[TILE_LEVELS] if end - start == TILE else None
        is_true = found is None or found == stored
        if not is_true:
            self._broken(start, end, "a leaf was changed, added or reordered, or the stored hash over them was")
        before = self.trees
        self.trees = [tree.copy() for tree in before]
        kept = self._grow(start, end, nodes)
        if stored and not is_true:
            stored_tree = before[kept[-1]].copy()
            stored_tree.add(TILE_LEVELS, stored)
            self.trees = [self.trees[0], stored_tree]
        self._compare(end)

    def _grow(self, start: int, end: int, nodes: Sequence[bytes]) -> Sequence[int]:
        """Adds a tile to the trees. Returns which trees of before are left, after checkpoints within refuted others."""
        kept: Sequence[int] = range(len(self.trees))
        place = start
        while self.checkpoints and self.checkpoints[-1][0] < end:
            place, before = self.checkpoints[-1][0], place
            self._add(before, place, nodes)
            kept = [kept[fitting] for fitting in self._compare(place)]
        self._add(place, end, nodes)
        return kept

    def _add(self, start: int, end: int, nodes: Sequence[bytes]) -> None:
        """Adds some leaves of a tile, of which there are the full subtrees."""
        for level, place in full_nodes(start, end):
            first = (place % (TILE >> level)) * _HASH
            for tree in self.trees:
                tree.add(level, nodes[level][first : first + _HASH])

    def _compare(self, position: int) -> Sequence[int]:
        """Compares the trees with the checkpoint that ends here, if there is one. Returns which are left."""
        everyone = range(len(self.trees))
        if not self.checkpoints or self.checkpoints[-1][0] != position:
            return everyone
        size, root = self.checkpoints.pop()
        fitting = [place for place in everyone if self.trees[place].root() == root]
        if fitting:
            self.confirmed = size
            self.trees = [self.trees[place] for place in fitting]
            return fitting
        self._broken(self.confirmed, size, "they are not those of the checkpoint at their end, and so on from there")
        # One place breaks every root after it.
        self.checkpoints.clear()
        return everyone

    def _broken(self, start: int, end: int, what: str) -> None:
        self.findings.places.append(BrokenSpan(start=start, end=end, what=what))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Sessions of one snapshot: one that asks, and others that hash leaves meanwhile."""

    asking: Any
    hashing: Sequence[Any]


async def walk(
    sessions: Sessions, member_roles: Sequence[str], start: int, size: int, report: Callable[[int], object]
) -> TreeFindings:
    """What is wrong with the leaves from `start` on. Those before it are known to be those of a checkpoint."""
    connection = sessions.asking
    begin = start - start % TILE
    checkpoints = [(of, root) for of, root in await connection.fetch(_CHECKPOINTS, start)]
    found = _Walk(
        connection=connection,
        size=size,
        findings=TreeFindings(),
        trees=[await _peaks(connection, begin)],
        confirmed=start,
        checkpoints=checkpoints,
        latest=await connection.fetchval(_LATEST, begin),
    )
    async for rows, end in _read(sessions.hashing, member_roles, begin, size):
        await found.tiles(rows)
        report(end)
    found.findings.places += await _higher_tiles(connection)
    return found.findings


async def _read(
    hashing: Sequence[Any], member_roles: Sequence[str], begin: int, size: int
) -> AsyncGenerator[tuple[Sequence[Any], int]]:
    """The leaves in order, and where each part ends. Each session reads the next part while this one is looked at."""
    spans = [(first, min(first + _TILES * TILE, size)) for first in range(begin, size, _TILES * TILE)]
    for session in hashing:
        await session.execute(_NESTED)
    count = len(hashing)

    def begun(place: int) -> asyncio.Task[Sequence[Any]]:
        return asyncio.create_task(hashing[place % count].fetch(_LEAVES.text, *spans[place], member_roles))

    ahead = deque(begun(place) for place in range(min(count, len(spans))))
    try:
        for place, (_, end) in enumerate(spans):
            rows = await ahead.popleft()
            if place + count < len(spans):
                ahead.append(begun(place + count))
            yield rows, end
    finally:
        for task in ahead:
            task.cancel()


async def _peaks(connection: Any, size: int) -> Peaks:
    """The tree over whole tiles, from the stored hashes."""
    peaks = Peaks()
    if size:
        (stored,) = await subtrees(connection, [(0, size)])
        for (level, _), each in zip(full_nodes(0, size), stored, strict=True):
            peaks.add(level, each)
    return peaks


async def _higher_tiles(connection: Any) -> Sequence[BrokenSpan]:
    """The stored hashes over tiles that are not made from them."""
    tiles = await connection.fetch(_HIGHER)
    rows = [
        StoredRow(level=level - TILE_LEVELS, start=place << TILE_LEVELS, end=(place + 1) << TILE_LEVELS)
        for level, place, _ in tiles
    ]
    below = await stored_hashes(connection, rows) if rows else []
    return [
        BrokenSpan(start=place << level, end=(place + 1) << level, what="the stored hash over them was changed")
        for (level, place, stored), hashes in zip(tiles, below, strict=True)
        if subtree_root(hashes) != stored
    ]
