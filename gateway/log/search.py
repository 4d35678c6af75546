"""Searches the access log and exports it, for its owner.

A list shows ids and no personal data. An export holds everything that is recorded of sealed records, and is streamed.
"""

import csv
import enum
import json
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, LiteralString

from rich.table import Table
from rich.text import Text

from gateway.files import sync_directory
from gateway.log.snapshot import LogError, log_snapshot
from gateway.progress import Progress
from resolvers.sql.pieces import Sql, all_of, join, name, number, sql
from schema.access_record import DESCRIBED, NO_REFUSALS, RECORD_COLUMNS
from schema.identities import Identity
from schema.refusals import Code

OUTCOMES: Final = (*NO_REFUSALS, *Code.__members__)
"""What a record may say: an answer, a description, what became of a change, or the code of a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A period of the log: from `since` on, and before `until`. None is no limit."""

    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def read(cls, since: datetime | None, until: datetime | None) -> "Window":
        """Times without an offset are in UTC."""
        return cls(since=_utc(since), until=_utc(until))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


ALL_TIME: Final = Window()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRange:
    """What is exported: what was sealed after a position in the log's tree (none: from the start), of a period."""

    after: int | None = None
    window: Window = ALL_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """What an export did."""

    count: int
    """Records, or leaves, that were written."""
    last: int
    """The position to go on from: the next export is of what was sealed after it."""
    unsealed: int
    """Records of the period that were left out because they are not sealed yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What to search for. None matches everything. `member` is a member whose data was in the answer.

    Records that read no data are found by their outcome or their id alone.
    """

    member: Identity | None = None
    requester: str | None = None
    organisation: Identity | None = None
    role: str | None = None
    purpose: str | None = None
    outcome: str | None = None
    reference: str | None = None
    trace: str | None = None
    record: str | None = None
    window: Window = ALL_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRecord:
    """A record in a list: ids and no personal data."""

    at: str
    role: str | None
    purpose: str | None
    organisation: Identity | None
    operation: str | None
    outcome: str
    refusals: int | None
    subjects: int
    id: str


_FIND: LiteralString = """\
with record as {} (select * from veil.access_record where {})
select to_char(at, 'YYYY-MM-DD HH24:MI:SS') as at, role, purpose, organisation_id as organisation, operation, outcome,
    refusals, subject_count as subjects, id::text as id
from record order by record.at desc, record.id desc limit $1"""


async def find(connection: Any, criteria: Criteria, limit: int) -> Sequence[ListedRecord]:
    """The newest records that meet all criteria, newest first."""
    statement, values = search_statement(criteria)
    async with log_snapshot(connection):
        rows = await connection.fetch(statement.text, limit, *values)
    return [ListedRecord(**dict(row)) for row in rows]


def search_statement(criteria: Criteria) -> tuple[Sql, Sequence[Any]]:
    """The search and its arguments from `$2` on; `$1` is the most records to find."""
    criteria_sql: Sequence[tuple[LiteralString, Any]] = [
        ("subjects @> ${}", None if criteria.member is None else [criteria.member]),
        ("requester = ${}", criteria.requester),
        ("organisation_id = ${}", criteria.organisation),
        ("role = ${}", criteria.role),
        ("purpose = ${}", criteria.purpose),
        ("outcome = ${}", criteria.outcome),
        ("reference = ${}", criteria.reference),
        ("trace = ${}", criteria.trace),
        ("id = ${}::text::uuid", criteria.record),
        ("at >= ${}", criteria.window.since),
        ("at < ${}", criteria.window.until),
        ("outcome <> ${}", None if criteria.outcome or criteria.record else DESCRIBED),
    ]
    used: Sequence[tuple[LiteralString, Any]] = [(term, value) for term, value in criteria_sql if value is not None]
    terms = [sql(term, number(n)) for n, (term, _) in enumerate(used, 2)]
    # The records of one member are few: an index of their own finds them before they are sorted.
    first = sql("not materialized") if criteria.member is None else sql("materialized")
    return sql(_FIND, first, all_of(terms)), [value for _, value in used]


async def show(connection: Any, record: str) -> Mapping[str, Any]:
    """A record, the plan it points to, and its place in the log's tree. Raises `LogError`."""
    async with log_snapshot(connection):
        row = await connection.fetchrow(_SHOW, record)
    if row is None:
        raise LogError(f"there is no record {record}")
    found, plan, position = row
    return {
        "record": json.loads(found),
        "plan": json.loads(plan) if plan else None,
        "position": position,
    }


_SHOW: Final = """\
select to_json(entry)::text, to_json(its_plan)::text, leaf.position
from veil.access_record entry
left join veil.access_plan its_plan on its_plan.id = entry.plan
left join veil.proof_leaf leaf on leaf.record = entry.id and leaf.salt is not null
where entry.id = $1::text::uuid"""


def records_json(records: Iterable[ListedRecord]) -> Iterator[str]:
    """The records as JSON lines."""
    for record in records:
        yield json.dumps(asdict(record), ensure_ascii=False, default=str)


def record_lines(found: Mapping[str, Any], organisations: Mapping[Identity, str]) -> Iterator[str]:
    """A record for a terminal: a line for each column, whole; more for a text of more, indented."""
    for part in ("record", "plan"):
        for column, value in (found[part] or {}).items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if column == "organisation_id" and value in organisations:
                text = f"{organisations[value]} ({value})"
            lines = "\n    ".join(printable(line) for line in text.split("\n"))
            yield f"{'' if part == 'record' else 'plan '}{column}: {lines}"
    position = found["position"]
    yield "not sealed yet" if position is None else f"sealed at position {position:,}"


def records_table(records: Iterable[ListedRecord], organisations: Mapping[Identity, str]) -> Table:
    """The records as a table for a terminal, with the names of organisations that are known."""
    names = ("at (UTC)", "role", "purpose", "organisation", "operation", "outcome", "refusals", "subjects", "record")
    table = Table(*names, box=None, pad_edge=False)
    for record in records:
        named = organisations.get(record.organisation or 0)
        cells = {**asdict(record), "organisation": f"{named} ({record.organisation})" if named else record.organisation}
        table.add_row(*("–" if cell is None else Text(printable(str(cell))) for cell in cells.values()))
    return table


def printable(text: str) -> str:
    """Without characters that a terminal takes for commands, or that turn the direction of what follows."""
    return "".join(each if each.isprintable() else "?" for each in text)


# Exporting.


class ExportFormat(enum.StrEnum):
    """The format of an export."""

    JSONL = "jsonl"
    CSV = "csv"


_EXPORTED: Final[Sequence[tuple[LiteralString, LiteralString]]] = (
    ("position", "bigint"),
    *((column.name, column.sql_type) for column in RECORD_COLUMNS),
    ("fields", "jsonb"),
    ("classes", "jsonb"),
)
"""What is exported of a record, each with its type: its place in the tree, its columns, and two columns of its plan."""

EXPORTED: Final = tuple(column for column, _ in _EXPORTED)

_ROWS: Final = 1_000
"""Records in one chunk of an export."""

_OF_WINDOW: Final[LiteralString] = """\
record.at >= coalesce($1::timestamptz, '-infinity') and record.at <= coalesce($2::timestamptz, 'infinity')
  and (record.at < $2) is not false"""

# A record that somebody was erased from has a newer leaf. The older one has no salt.
_SEALED: Final[LiteralString] = """\
from veil.proof_leaf leaf join veil.access_record record on record.id = leaf.record
left join veil.access_plan plan on plan.id = record.plan
where leaf.position > $3 and leaf.salt is not null and {}"""

_LINES = sql(
    "select leaf.position, {}, plan.fields, plan.classes {} order by leaf.position",
    join(", ", (name("record", column.name) for column in RECORD_COLUMNS)),
    sql(_SEALED, sql(_OF_WINDOW)),
)

_JSON = sql("select to_json(line)::text from (\n{}\n) line", _LINES)


def _cell(column: LiteralString, sql_type: LiteralString) -> Sql:
    """A text as it is, all else as JSON has it; null is an empty cell."""
    match sql_type:
        case "timestamptz":
            return sql("to_json({}) #>> array[]::text[]", name(column))
        case "bigint[]" | "boolean" | "jsonb":
            return sql("to_json({})::text", name(column))
        case _:
            return name(column)


_CELLS = sql("select {} from (\n{}\n) line", join(", ", (_cell(*column) for column in _EXPORTED)), _LINES)

_COUNT = sql("select count(*) {}", sql(_SEALED, sql(_OF_WINDOW)))

_UNSEALED = sql(
    """\
select count(*) from veil.access_record record
where {} and not exists (select from veil.proof_leaf leaf where leaf.record = record.id)""",
    sql(_OF_WINDOW),
)

NOTHING_SEALED: Final = "nothing is sealed yet; run `veil log keep`"

_LAST: Final = "select max(position) from veil.proof_leaf"


async def unsealed_count(connection: Any, window: Window) -> int:
    """How many records of a period are not sealed yet."""
    return await connection.fetchval(_UNSEALED.text, window.since, window.until)


async def export(
    connection: Any, part: ExportRange, form: ExportFormat, into: IO[str], progress: Progress
) -> ExportResult:
    """Writes the sealed records of a range, in the order in which they were sealed, a chunk at a time.

    An export that goes on from the position that this one ended at misses no record. A record that a member was erased
    from meanwhile comes again. Raises `LogError` if nothing is sealed, or if the log ends before that position.
    """
    after = -1 if part.after is None else part.after
    bounds = (part.window.since, part.window.until, after)
    count = 0
    async with log_snapshot(connection):
        last = await connection.fetchval(_LAST)
        if last is None:
            raise LogError(NOTHING_SEALED)
        if after > last:
            raise LogError(f"position {after} is not in this log, which ends at {last}")
        unsealed = await unsealed_count(connection, part.window)
        total = await connection.fetchval(_COUNT.text, *bounds)
        statement, write = _writer(form, into)
        cursor = await connection.cursor(statement.text, *bounds)
        while rows := await cursor.fetch(_ROWS):
            write(rows)
            count += len(rows)
            progress("records exported", count, total)
    return ExportResult(count=count, last=last, unsealed=unsealed)


def _writer(form: ExportFormat, into: IO[str]) -> tuple[Sql, Callable[[Sequence[Any]], object]]:
    """The statement of a format, and what writes its rows. The head of the format is written at once."""
    match form:
        case ExportFormat.JSONL:
            return _JSON, lambda rows: into.writelines(f"{row[0]}\n" for row in rows)
        case ExportFormat.CSV:
            writer = csv.writer(into, lineterminator="\n")
            writer.writerow(EXPORTED)
            return _CELLS, writer.writerows


@contextmanager
def output_file(path: Path | None) -> Generator[IO[str]]:
    """Where an export goes: a file, or standard output. Raises `LogError`."""
    if path is None:
        yield sys.stdout
        return
    try:
        # A pipe or a device cannot be replaced.
        with _complete_file(path.resolve()) if path.is_file() or not path.exists() else path.open("w") as file:
            yield file
    except OSError as error:
        raise LogError(f"`{path}` cannot be written: {error.strerror}") from None


@contextmanager
def _complete_file(path: Path) -> Generator[IO[str]]:
    """A file that only its owner can read. It is replaced when it is complete, and stays as it was on an error."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_directory(path.parent)
    finally:
        draft.unlink(missing_ok=True)
