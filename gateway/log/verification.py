"""`veil log verify`: compares the log with its tree, and the tree with what was signed, and lists all that is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.log import guards
from gateway.log.keeping import extends
from gateway.log.leaves import LEAF_KINDS, RECORD_LEAF, LeafKind, leaf_count, leaf_hash_sql
from gateway.log.snapshot import shared_snapshot
from gateway.log.veil_verify import Checkpoint, Trust, VerificationError
from gateway.log.walk import LATE, Sessions, TreeFindings, walk
from gateway.progress import Progress
from resolvers.sql.pieces import name, sql

_LISTED: Final = 1_000
"""Records that were added and are listed."""

_NEWEST: Final = "select note from veil.checkpoint order by size desc limit 1"

_UNSEALED: Final = """\
select count(*), min(at)::text,
    (array_agg(id::text order by id) filter (where at < (select max(at) - $1::interval from veil.checkpoint)))[:$2]
from veil.access_record entry
where not exists (select from veil.proof_leaf leaf where leaf.record = entry.id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A checkpoint that was kept elsewhere, and what messages call it."""

    checkpoint: Checkpoint
    called: str
    is_verified: bool = False
    """Whether the leaves it covers were verified before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a verifier knows that is not in the database."""

    trust: Trust
    member_roles: Sequence[str]
    """The roles whose records name a member, who may have been erased."""
    earlier: Sequence[Earlier] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """What was verified, and all that is wrong, the first place first."""

    leaves: int
    start: int
    """How many leaves an earlier verification vouched for."""
    note: str | None
    """The newest checkpoint, if a known key signed it."""
    erased: int
    """How many of the leaves verified now had their content erased."""
    retired: int
    """How many of them are of records that were exported and removed."""
    faults: Sequence[str]
    unsealed: int
    oldest_unsealed: str | None


Faults = list[tuple[int, str]]
"""Each with the position of the leaf where it begins; -1 if it concerns no leaf."""


async def verify(sessions: Sessions, expected: Expected, progress: Progress) -> VerificationResult:
    """The sessions are the owner's."""
    faults: Faults = []
    connection = sessions.asking
    view = await guards.expected_view(connection)
    async with shared_snapshot(connection, sessions.hashing):
        faults += [(-1, fault) for fault in await guards.found(connection, view)]
        size = await leaf_count(connection)
        note = await _check_newest(connection, expected.trust, size, faults)
        start = await _verified_before(connection, expected.earlier, faults)
        tree = await walk(
            sessions, expected.member_roles, start, size, lambda done: progress("leaves verified", done, size)
        )
        await _describe(connection, tree, faults)
        unsealed, oldest, added = await connection.fetchrow(_UNSEALED, LATE, _LISTED)
    faults += [(size, f"record {record} was added: it is not sealed, though newer ones are") for record in added or ()]
    return VerificationResult(
        leaves=size,
        start=start,
        note=note,
        erased=tree.erased,
        retired=tree.retired,
        faults=[fault for _, fault in sorted(faults)],
        unsealed=unsealed,
        oldest_unsealed=oldest,
    )


async def _check_newest(connection: Any, trust: Trust, size: int, faults: Faults) -> str | None:
    """The newest checkpoint, if a known key signed it."""
    note = await connection.fetchval(_NEWEST)
    if note is None:
        faults.append((-1, "there is no checkpoint, so nothing is sealed: run `veil log keep`"))
        return None
    try:
        checkpoint = trust.check(note)
    except VerificationError as error:
        faults.append((-1, f"the newest checkpoint is not to be trusted: {error}"))
        return None
    sealed = checkpoint.tree.size
    if sealed != size or not await extends(connection, checkpoint.tree):
        faults.append((min(size, sealed), f"the newest checkpoint is of {sealed:,} other leaves; there are {size:,}"))
    return note


async def _verified_before(connection: Any, earlier: Sequence[Earlier], faults: Faults) -> int:
    """How many leaves were verified before, if the log still begins with them."""
    start = 0
    for each in earlier:
        tree = each.checkpoint.tree
        if not await extends(connection, tree):
            faults.append((0, f"the log does not begin with the {tree.size:,} leaves of {each.called}"))
            return 0
        start = max(start, tree.size if each.is_verified else 0)
    return start


# Descriptions.


def _changed(kind: LeafKind) -> str:
    """The leaves of a kind that are not the hash of their row."""
    return sql(
        """\
select position from veil.proof_leaf leaf left join {} entry on entry.id = leaf.{}
where leaf.{} is not null and case when salt is null then entry.id is not null else {} <> hash end""",
        *(kind.relation, name(kind.column), name(kind.column), leaf_hash_sql(kind)),
    ).text


def _named(kind: LeafKind) -> str:
    return sql(
        """\
select leaf.position, leaf.{}::text, entry.id is not null
from veil.proof_leaf leaf left join {} entry on entry.id = leaf.{}
where position = any($1::bigint[]) and leaf.{} is not null""",
        *(name(kind.column), kind.relation, name(kind.column), name(kind.column)),
    ).text


async def _describe(connection: Any, tree: TreeFindings, faults: Faults) -> None:
    """Adds what the tree, the plans and the policies have."""
    for kind in LEAF_KINDS:
        positions = tree.edited if kind is RECORD_LEAF else [row[0] for row in await connection.fetch(_changed(kind))]
        for position, entry, is_there in await connection.fetch(_named(kind), positions):
            what = "edited" if is_there else "removed"
            faults.append((position, f"{kind.name} {entry} was {what} (leaf {position:,})"))
    for position, entry, _ in await connection.fetch(_named(RECORD_LEAF), tree.late):
        hours = LATE.total_seconds() / 3_600
        faults.append(
            (
                position,
                f"record {entry} was added: it is over {hours:g} hour older than one before it (leaf {position:,})",
            )
        )
    faults += [(place.start, f"leaves {place.start:,} to {place.end - 1:,}: {place.what}") for place in tree.places]


def report(found: VerificationResult) -> Iterator[str]:
    """Lines for people."""
    if found.start:
        yield f"verified before: {found.start:,} leaves"
    yield f"verified now: {found.leaves - found.start:,} leaves"
    if found.erased:
        yield f"erased: {found.erased:,} leaves"
    if found.retired:
        yield f"retired: {found.retired:,} leaves"
    since = f", the oldest of {found.oldest_unsealed}" if found.unsealed else ""
    yield f"not sealed yet: {found.unsealed:,} records{since}"
