"""`veil log keep`: adds what is new in the log to its tree, and signs a checkpoint, about once a second.

It also brings new records into the index of their subjects, and makes the log's partitions ahead. Before each look it
records what became of changes that were announced, as it is told.

However many run, one keeps the log and the others wait for it to end. A leaf's place is the order in which it was seen.
So a record that commits late gets a later place, and every record that can be seen is sealed at last:

- Each look goes over the ids of the last seconds, as long as a request may take.
- A second, wider look follows behind in steps: once over the whole log, then again and again over the last minutes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gateway.log.breadth import BreadthCount, remove_old_days
from gateway.log.leaves import add_leaves, leaf_count, lock_tree, root
from gateway.log.partitions import add_partitions, index_subjects
from gateway.log.signing import Signer
from gateway.log.snapshot import LogError, log_snapshot, log_transaction
from gateway.log.summaries import add_to_summaries
from gateway.log.veil_verify import Checkpoint, TreeHead, Trust, VerificationError
from gateway.progress import Progress

BATCH: Final = 10_000
"""Records that are looked through at once."""

LOOK_SECONDS: Final = 1.0
"""From the beginning of one look to the next."""

HOUSEKEEPING_SECONDS: Final = 3_600
"""From one look for missing partitions, and for days that are over, to the next."""

OVERLAP_SECONDS: Final = 10
WIDER_SECONDS: Final = 600
"""How far back each look goes, and how far the one that follows behind."""

_FIRST: Final = "00000000-0000-0000-0000-000000000000"

_LOCK: Final = "select pg_advisory_lock(hashtext('veil.log.keep'))"
_UNLOCK: Final = "select pg_advisory_unlock(hashtext('veil.log.keep'))"

_SEEN: Final = """\
with seen as materialized (select id from veil.access_record where id > $1::text::uuid order by id limit $2)
select (select count(*) from seen), (select id::text from seen order by id desc limit 1),
    array(select id::text from seen
        where not exists (select from veil.proof_leaf leaf where leaf.record = seen.id) order by id)"""

_NEWEST_SEALED: Final = "select record::text from veil.proof_leaf where record is not null order by record desc limit 1"

_CLOCK: Final = "select clock_timestamp()"

_SIGNED: Final = "select coalesce(max(size), 0) from veil.checkpoint"

_LAST_CHECKPOINT: Final = "select note from veil.checkpoint order by size desc limit 1"

_ADD_CHECKPOINT: Final = """\
insert into veil.checkpoint (size, root, at, note) values ($1, $2, $3, $4) on conflict (size) do nothing"""


Settle = Callable[[Any], Awaitable[Sequence[str]]]
"""Adds what became of changes that were announced, over the owner's connection; the ids of the records it added."""


async def settle_nothing(_connection: Any) -> Sequence[str]:
    """For a log in the database of the data, where nothing is announced."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look went through."""

    records: int
    last: str | None
    unsealed: Sequence[str]

    @property
    def reached_the_end(self) -> bool:
        return self.records < BATCH


@dataclass(slots=True, kw_only=True, eq=False)
class Keeper:
    """Keeps one log. `connection` is the owner's, and has the lock."""

    connection: Any
    signer: Signer
    file: Path | None
    """Where the newest checkpoint is written too, outside the database."""
    settle: Settle = settle_nothing
    sealed: int = 0
    """Leaves added so far."""
    _breadth: BreadthCount = field(default_factory=BreadthCount)
    _from: str = _FIRST
    """The id after which the next look begins."""
    _wider_from: str = _FIRST

    async def begin(self) -> None:
        """Finds where to go on. Raises `LogError` if the log does not extend its last checkpoints."""
        trust = Trust(keys=self.signer.public)
        async with log_snapshot(self.connection):
            await check_extends(self.connection, await last_checkpoint(self.connection), "the database")
            await check_extends(self.connection, checkpoint_in_file(self.file, trust), f"`{self.file}`")
            self._from = await self.connection.fetchval(_NEWEST_SEALED) or _FIRST
        if self._from != _FIRST:
            self._from = min(self._from, id_at(id_seconds(self._from) - OVERLAP_SECONDS))

    async def look(self) -> None:
        """Seals what is new, and takes a step of the wider look."""
        settled = await self.settle(self.connection)
        began = await self.connection.fetchval(_CLOCK)
        # Their ids may be older than a look goes back.
        await self._seal(settled, began)
        await self._look_from(self._from, began)
        self._from = id_at(began.timestamp() - OVERLAP_SECONDS)
        seen = await self._look_once(self._wider_from, began)
        again = id_at(began.timestamp() - WIDER_SECONDS)
        self._wider_from = again if seen.reached_the_end else seen.last or again

    async def look_at_all(self, progress: Progress) -> None:
        """Seals all there is."""
        await self.settle(self.connection)
        began = await self.connection.fetchval(_CLOCK)
        total = await self.connection.fetchval("select count(*) from veil.access_record")
        await self._seal([], began)
        done, after = 0, _FIRST
        while True:
            seen = await self._look_once(after, began)
            done, after = done + seen.records, seen.last or after
            progress("records sealed", done, max(total, done))
            if seen.reached_the_end:
                return

    async def _look_from(self, after: str, began: Any) -> None:
        seen = await self._look_once(after, began)
        while not seen.reached_the_end and seen.last:
            seen = await self._look_once(seen.last, began)

    async def _look_once(self, after: str, began: Any) -> Look:
        async with log_snapshot(self.connection):
            count, last, unsealed = await self.connection.fetchrow(_SEEN, after, BATCH)
        if unsealed:
            await self._seal(unsealed, began)
        return Look(records=count, last=last, unsealed=unsealed)

    async def _seal(self, records: Sequence[str], began: Any) -> None:
        """Adds leaves and the checkpoint over them, both or neither."""
        async with log_transaction(self.connection):
            await lock_tree(self.connection)
            before = await leaf_count(self.connection)
            tree = await add_leaves(self.connection, records)
            await add_to_summaries(self.connection, records)
            await self._breadth.add(self.connection, records)
            if tree.size == await self.connection.fetchval(_SIGNED):
                return
            note = self.signer.note(tree)
            await self.connection.execute(_ADD_CHECKPOINT, tree.size, tree.root, began, note)
        self.sealed += tree.size - before
        if self.file:
            write_checkpoint(self.file, note)


async def keep(connection: Any, signer: Signer, file: Path | None, settle: Settle = settle_nothing) -> None:
    """Keeps the log for ever, once no other does. Raises `LogError`."""
    await connection.execute(_LOCK)
    keeper = Keeper(connection=connection, signer=signer, file=file, settle=settle)
    await keeper.begin()
    housekeeping_due = 0.0
    while True:
        began = time.monotonic()
        await keeper.look()
        await index_subjects(connection)
        if began >= housekeeping_due:
            await add_partitions(connection)
            await remove_old_days(connection)
            housekeeping_due = began + HOUSEKEEPING_SECONDS
        await asyncio.sleep(max(0.0, began + LOOK_SECONDS - time.monotonic()))


async def seal_all(
    connection: Any, signer: Signer, file: Path | None, progress: Progress, settle: Settle = settle_nothing
) -> int:
    """Seals all there is now. Returns how many leaves were added. Raises `LogError`."""
    await connection.execute(_LOCK)
    try:
        keeper = Keeper(connection=connection, signer=signer, file=file, settle=settle)
        await keeper.begin()
        await keeper.look_at_all(progress)
        await index_subjects(connection)
        await add_partitions(connection)
        await remove_old_days(connection)
    finally:
        await connection.execute(_UNLOCK)
    return keeper.sealed


# Ids and times.


def id_at(seconds: float) -> str:
    """The least id of a record whose request came at this time (UUID version 7)."""
    moment = max(0, int(seconds * 1_000))
    return f"{moment >> 16:08x}-{moment & 0xFFFF:04x}-0000-0000-000000000000"


def id_seconds(record: str) -> float:
    """The time in an id."""
    return int(record[:8] + record[9:13], 16) / 1_000


# Checkpoints.


async def last_checkpoint(connection: Any) -> Checkpoint | None:
    """The newest checkpoint in the database. Raises `LogError`."""
    note = await connection.fetchval(_LAST_CHECKPOINT)
    try:
        return Checkpoint.read(note) if note else None
    except VerificationError:
        raise LogError("the newest checkpoint in the database was changed: it is no checkpoint") from None


def checkpoint_in_file(file: Path | None, trust: Trust | None = None) -> Checkpoint | None:
    """The checkpoint that is kept outside the database; none before the first.

    Raises `LogError` if it is none, or if those who must have signed it have not.
    """
    if file is None or not file.exists():
        return None
    try:
        note = file.read_text("utf-8")
        return trust.check(note) if trust else Checkpoint.read(note)
    except (VerificationError, UnicodeDecodeError) as error:
        raise LogError(f"`{file}` is not to be trusted: {error}") from None


def write_checkpoint(file: Path, note: str) -> None:
    """Replaces the file at once, so that a reader finds the old one or the new one."""
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(note, "utf-8")
    draft.replace(file)


async def check_extends(connection: Any, earlier: Checkpoint | None, called: str) -> None:
    """Raises `LogError` if the tree in the database does not begin with that of a checkpoint."""
    if earlier is None:
        return
    if not await extends(connection, earlier.tree):
        raise LogError(f"the log does not extend the checkpoint in {called}: it was changed; run `veil log verify`")


async def extends(connection: Any, earlier: TreeHead) -> bool:
    """Whether the tree in the database begins with an earlier one."""
    if await leaf_count(connection) < earlier.size:
        return False
    return earlier.size == 0 or await root(connection, earlier.size) == earlier.root
