"""The access record: every column of the log's two tables, once.

The statement that records, the ledger's grants, the leaves of the log's tree, exports and the public type are made from this list.
"""

from dataclasses import dataclass
from typing import Final, LiteralString

RECORD_TABLE: Final = "veil.access_record"
PLAN_TABLE: Final = "veil.access_plan"


ANSWERED: Final = "ANSWERED"
"""Data was read, or changed."""

DESCRIBED: Final = "DESCRIBED"
"""Only the schema or the policy was told; no data was read."""

ANNOUNCED: Final = "ANNOUNCED"
"""A change is about to be made. Another record, whose id this one has, says what became of it."""

NOT_DONE: Final = "ANNOUNCED_NOT_DONE"
"""It was announced, and was not made."""

NOT_KNOWN: Final = "ANNOUNCED_NOT_KNOWN"
"""It was announced, and nobody can find out any more whether it was made."""

CHANGE_OUTCOMES: Final = (ANNOUNCED, NOT_DONE, NOT_KNOWN)
"""What a record of a change may say besides `ANSWERED`."""

NO_REFUSALS: Final = (ANSWERED, DESCRIBED, *CHANGE_OUTCOMES)
"""What a record may say besides the codes of refusals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordColumn:
    """A column of `veil.access_record`."""

    name: LiteralString
    sql_type: LiteralString
    is_inserted: bool
    """Whether the ledger writes it; else the table fills it in."""


def _column(name: LiteralString, sql_type: LiteralString, *, is_inserted: bool = True) -> RecordColumn:
    return RecordColumn(name=name, sql_type=sql_type, is_inserted=is_inserted)


RECORD_COLUMNS: Final = (
    _column("id", "uuid"),
    _column("at", "timestamptz", is_inserted=False),
    _column("requester", "text"),
    _column("role", "text"),
    _column("purpose", "text"),
    _column("member_id", "bigint"),
    _column("organisation_id", "bigint"),
    _column("reference", "text"),
    _column("policy", "text"),
    _column("plan", "uuid"),
    _column("operation", "text"),
    _column("outcome", "text"),
    _column("refusals", "integer"),
    _column("subjects", "bigint[]"),
    _column("shown", "text"),
    _column("subject_count", "integer", is_inserted=False),
    _column("row_count", "integer"),
    _column("cross_border", "boolean"),
    _column("trace", "text"),
    _column("announces", "text"),
)
"""In the order of an export."""

INSERTED_COLUMNS: Final = tuple(column for column in RECORD_COLUMNS if column.is_inserted)
"""What the ledger writes."""

PLAN_COLUMNS: Final[tuple[tuple[LiteralString, LiteralString], ...]] = (
    ("id", "uuid"),
    ("role", "text"),
    ("purpose", "text"),
    ("policy", "text"),
    ("operation", "text"),
    ("document", "text"),
    ("fields", "jsonb"),
    ("classes", "jsonb"),
)
"""The columns of `veil.access_plan` and their types."""
