"""The access record: every column of the log's two tables, once.

The statement that records, the gateway's grants, the leaves of the log's tree, exports and the public type are made from this list.
"""

import enum
from dataclasses import dataclass
from typing import Final, LiteralString

RECORD_TABLE: Final = "veil.access_record"
PLAN_TABLE: Final = "veil.access_plan"


class Source(enum.Enum):
    """Where the value of a column comes from."""

    CALL = "each call brings its own"
    PLAN = "the same for every call of a statement; a refusal brings its own"
    ANSWER = "computed from the rows of the answer"
    TABLE = "the table fills it in"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordColumn:
    """A column of `veil.access_record`."""

    name: LiteralString
    sql_type: LiteralString
    source: Source
    value: LiteralString
    """What the value is called on its way into the record, in Python and in SQL."""


def _column(name: LiteralString, sql_type: LiteralString, source: Source, value: LiteralString = "") -> RecordColumn:
    return RecordColumn(name=name, sql_type=sql_type, source=source, value=value or name)


RECORD_COLUMNS: Final = (
    _column("id", "uuid", Source.CALL, "record"),
    _column("at", "timestamptz", Source.TABLE),
    _column("requester", "text", Source.CALL),
    _column("role", "text", Source.PLAN),
    _column("purpose", "text", Source.PLAN),
    _column("member_id", "bigint", Source.CALL, "member"),
    _column("organisation_id", "bigint", Source.CALL, "organisation"),
    _column("reference", "text", Source.CALL),
    _column("policy", "text", Source.PLAN),
    _column("plan", "uuid", Source.PLAN),
    _column("operation", "text", Source.PLAN),
    _column("outcome", "text", Source.PLAN),
    _column("subjects", "bigint[]", Source.ANSWER),
    _column("subject_count", "integer", Source.TABLE),
    _column("row_count", "integer", Source.ANSWER, "rows"),
    _column("cross_border", "boolean", Source.ANSWER),
    _column("trace", "text", Source.CALL),
)
"""In the order of an export."""

INSERTED_COLUMNS: Final = tuple(column for column in RECORD_COLUMNS if column.source is not Source.TABLE)
"""What the gateway writes."""

CALL_COLUMNS: Final = tuple(column for column in RECORD_COLUMNS if column.source is Source.CALL)
"""What every call brings for its record."""

REFUSAL_COLUMNS: Final = tuple(
    column
    for column in RECORD_COLUMNS
    if column.source is Source.CALL or column.name in ("role", "purpose", "policy", "outcome")
)
"""What a refusal's record holds: it has no plan and no answer."""

PLAN_COLUMNS: Final[tuple[tuple[LiteralString, LiteralString], ...]] = (
    ("id", "uuid"),
    ("role", "text"),
    ("purpose", "text"),
    ("policy", "text"),
    ("operation", "text"),
    ("document", "text"),
    ("fields", "jsonb"),
)
"""The columns of `veil.access_plan` and their types."""
