"""`veil log prove` and `veil log export --proofs`: files that `veil-verify` checks without the database.

A proof holds the newest checkpoint, a record with its plan, and for each its place and path in the tree. An export holds
every leaf of a part of the log, in order, and the hashes beside them, so that nothing can be left out unseen.
"""

import base64
import json
from collections.abc import Sequence
from typing import IO, Any, Final

from gateway.log.keeping import extends, last_checkpoint
from gateway.log.leaves import LEAF_KINDS, PLAN_LEAF, RECORD_LEAF, LeafKind, entry_json, span_roots, subtrees
from gateway.log.search import ALL_TIME, NOTHING_SEALED, ExportRange, ExportResult, unsealed_count
from gateway.log.snapshot import LogError, log_snapshot
from gateway.log.tree import consistency_spans, inclusion_spans
from gateway.log.veil_verify import EXPORT_FORM, PROOF_FORM, Checkpoint
from gateway.progress import Progress
from resolvers.sql.pieces import Sql, join, name, sql

_NEWEST: Final = "select note from veil.checkpoint order by size desc limit 1"

_CHUNK: Final = 1_000
"""Leaves of an export that one statement reads."""


def _leaf_of(kind: LeafKind) -> str:
    return sql(
        """\
select position, salt, {}::text, {}.id is not null
from veil.proof_leaf leaf left join {} {} on {}.id = leaf.{} where leaf.{} = $1::text::uuid order by position desc limit 1""",
        *(entry_json(kind), name(kind.name), *_joined(kind), name(kind.column)),
    ).text


def _joined(kind: LeafKind) -> Sequence[Sql]:
    return (kind.relation, name(kind.name), name(kind.name), name(kind.column))


async def prove(connection: Any, record: str | None, earlier: str | None, witnessed: str | None = None) -> str:
    """A proof of a record, or that the log extends an earlier checkpoint, or of both, as JSON. Raises `LogError`.

    It is by the newest checkpoint, or by a note that witnesses have signed.
    """
    async with log_snapshot(connection):
        note, checkpoint = await _witnessed(connection, witnessed) if witnessed else await _newest(connection)
        proof: dict[str, Any] = {"form": PROOF_FORM, "checkpoint": note, "leaves": []}
        if record:
            leaf = await _leaf(connection, RECORD_LEAF, record, checkpoint)
            proof["leaves"].append(leaf)
            if plan := leaf["record"]["plan"]:
                proof["leaves"].append(await _leaf(connection, PLAN_LEAF, plan, checkpoint))
        if earlier:
            proof |= await _consistency(connection, earlier, checkpoint)
    return json.dumps(proof, ensure_ascii=False)


async def _newest(connection: Any) -> tuple[str, Checkpoint]:
    note = await connection.fetchval(_NEWEST)
    checkpoint = await last_checkpoint(connection)
    if checkpoint is None:
        raise LogError(NOTHING_SEALED)
    return note, checkpoint


async def _witnessed(connection: Any, note: str) -> tuple[str, Checkpoint]:
    checkpoint = Checkpoint.read(note)
    if not await extends(connection, checkpoint.tree):
        raise LogError(_OTHER_LOG)
    return note, checkpoint


_OTHER_LOG: Final = "the log does not extend that checkpoint: it was cut or replaced, or it is another log's"


async def _leaf(connection: Any, kind: LeafKind, entry: str, checkpoint: Checkpoint) -> dict[str, Any]:
    row = await connection.fetchrow(_leaf_of(kind), entry)
    if row is None:
        raise LogError(f"no {kind.name} {entry} is sealed; one that was written just now is sealed in a second")
    position, salt, content, is_there = row
    if salt is None or not is_there:
        raise LogError(f"{kind.name} {entry} is sealed, but it is not in the log any more")
    if position >= checkpoint.tree.size:
        raise LogError(f"{kind.name} {entry} was sealed after that checkpoint")
    path = await span_roots(connection, inclusion_spans(position, checkpoint.tree.size))
    return {
        "position": position,
        "salt": _encoded(salt),
        kind.name: json.loads(content),
        "path": [_encoded(each) for each in path],
    }


async def _consistency(connection: Any, earlier: str, checkpoint: Checkpoint) -> dict[str, Any]:
    tree = Checkpoint.read(earlier).tree
    if not 0 < tree.size <= checkpoint.tree.size or not await extends(connection, tree):
        raise LogError(_OTHER_LOG)
    path = await span_roots(connection, consistency_spans(tree.size, checkpoint.tree.size))
    return {"earlier": earlier, "consistency": [_encoded(each) for each in path]}


# Exports.

_BOUNDS: Final = """\
select min(position), max(position) + 1
from veil.access_record record join veil.proof_leaf leaf on leaf.record = record.id
where leaf.position > $3 and leaf.position < $4 and record.at >= coalesce($1::timestamptz, '-infinity') and record.at < coalesce($2::timestamptz, 'infinity')"""


def _contents() -> str:
    """Leaves as JSON: what each holds, or its hash alone."""
    choices = [
        sql(
            "when {}.id is not null then json_build_object('position', position, 'salt', encode(salt, 'base64'), '{}', {})",
            *(name(kind.name), name(kind.name), entry_json(kind)),
        )
        for kind in LEAF_KINDS
    ]
    joins = [sql("left join {} {} on {}.id = leaf.{} and salt is not null", *_joined(kind)) for kind in LEAF_KINDS]
    return sql(
        """\
select (case {} else json_build_object('position', position, 'hash', encode(leaf.hash, 'base64')) end)::text
from veil.proof_leaf leaf
{}
where position >= $1 and position < $2 order by position""",
        join(" ", choices),
        join("\n", joins),
    ).text


async def export_proofs(connection: Any, part: ExportRange, into: IO[str], progress: Progress) -> ExportResult:
    """Writes all leaves of a range, from the first to the last of its records, up to the newest checkpoint.

    After a position, and of all time, that is all that was sealed since. Raises `LogError`.
    """
    async with log_snapshot(connection):
        first, end = await _bounds(connection, part)
        await export_positions(connection, first, end, into, progress)
        unsealed = await unsealed_count(connection, part.window)
    return ExportResult(count=end - first, last=end - 1, unsealed=unsealed)


async def _bounds(connection: Any, part: ExportRange) -> tuple[int, int]:
    """The first position of a range, and the one after its last."""
    _, newest = await _newest(connection)
    after, size = -1 if part.after is None else part.after, newest.tree.size
    if after >= size - 1:
        raise LogError(f"nothing is sealed after position {after}; the newest checkpoint ends at {size - 1}")
    if part.after is not None and part.window == ALL_TIME:
        return after + 1, size
    first, end = await connection.fetchrow(_BOUNDS, part.window.since, part.window.until, after, size)
    if first is None:
        raise LogError("no record of that time is sealed")
    return first, end


async def export_positions(connection: Any, first: int, end: int, into: IO[str], progress: Progress) -> None:
    """Writes the leaves of these positions, with what proves that none is left out. Raises `LogError`."""
    note, checkpoint = await _newest(connection)
    size = checkpoint.tree.size
    if end > size:
        raise LogError("some of these records were sealed after the newest checkpoint; run `veil log keep`")
    before, after = await subtrees(connection, [(0, first), (end, size)])
    head = {
        "form": EXPORT_FORM,
        "checkpoint": note,
        "first": first,
        "end": end,
        "before": [_encoded(each) for each in before],
        "after": [_encoded(each) for each in after],
    }
    into.write(f"{json.dumps(head, ensure_ascii=False)}\n")
    for start in range(first, end, _CHUNK):
        rows = await connection.fetch(_contents(), start, min(start + _CHUNK, end))
        into.writelines(f"{row[0]}\n" for row in rows)
        progress("leaves exported", start + len(rows) - first, end - first)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
