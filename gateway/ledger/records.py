"""Records: their ids, what each says of an answer or a refusal, and the statement that adds them."""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from gateway.identity.authenticator import KnownRequester
from gateway.ledger.persons import NOBODY, persons
from resolvers.sql.pieces import Sql, join, name, number, sql, sql_type
from resolvers.sql.render import PlanRecord, Statement
from resolvers.sql.subjects import subject_id_sql
from schema.access_record import ANNOUNCED, INSERTED_COLUMNS
from schema.definition import Marketplace
from schema.identities import Identity, IdType
from schema.requester import Requester

_COLUMNS: Final = [column.name for column in INSERTED_COLUMNS]

_MOST_ROWS: Final = 2**31 - 1

Read = Mapping[str, Any]
"""A row that a plan's statement returns: the answer, and what its record is to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is to be recorded."""

    values: tuple[Any, ...]
    """Those of `INSERTED_COLUMNS`, in their order."""
    plan: PlanRecord | None
    """To be stored before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is recorded of a refusal, apart from its id and its trace. It has no text that the request brought."""

    requester: str | None
    role: str | None
    purpose: str | None
    member: Identity | None
    organisation: Identity | None
    policy: str
    code: str

    @classmethod
    def of(cls, requester: Requester | KnownRequester, policy: str, code: str) -> "Refusal":
        return cls(
            requester=requester.sub,
            role=requester.role,
            purpose=requester.purpose,
            member=requester.member,
            organisation=requester.organisation,
            policy=policy,
            code=code,
        )


def record_ids() -> Iterator[str]:
    """Ids for records, without end. Later ids sort after earlier ones (UUID version 7, RFC 9562 §5.7, §6.2 method 3).

    Randomness is read from the system a page at a time, because each reading costs as much as all the rest.
    """
    while True:
        for chance in memoryview(os.urandom(4_096)).cast("Q"):
            moment, beyond = divmod(time.time_ns(), 1_000_000)
            yield "%08x-%04x-7%03x-%04x-%012x" % (  # noqa: UP031 - twice as fast as an f-string
                moment >> 16,
                moment & 0xFFFF,
                (beyond << 12) // 1_000_000,
                chance >> 50 | 0x8000,
                chance & 0xFFFF_FFFF_FFFF,
            )


def answered(record: str, requester: Requester, trace: str | None, plan: PlanRecord, read: Read) -> Record:
    """The record of an answer. What it says of persons and rows comes from the rows that the answer was made of."""
    seen = persons(read["subjects"])
    return Record(
        plan=plan,
        values=(
            *(record, requester.sub, plan.role, plan.purpose, requester.member, requester.organisation),
            *(requester.reference, plan.policy, plan.id, plan.operation, plan.outcome, None),
            *(seen.subjects, seen.shown, read["rows"], read["cross_border"], trace, None),
        ),
    )


def announced(announcement: str, record: Record) -> Record:
    """The record that announces a change: what its own record will say, and which that will be."""
    return _changed_columns(record, id=announcement, outcome=ANNOUNCED, announces=record.values[_COLUMNS.index("id")])


def ended(record: Record, outcome: str) -> Record:
    """The record of a change that was announced, and of what became of it."""
    return _changed_columns(record, outcome=outcome)


def _changed_columns(record: Record, **values: str) -> Record:
    """The same record with other values in some columns."""
    changed = (values.get(column, value) for column, value in zip(_COLUMNS, record.values, strict=True))
    return replace(record, values=tuple(changed))


def refused(record: str, refusal: Refusal, trace: str | None, count: int) -> Record:
    """The record of some refusals that are alike: it has no plan, is about nobody, and says how many it counts."""
    return Record(
        plan=None,
        values=(
            *(record, refusal.requester, refusal.role, refusal.purpose, refusal.member, refusal.organisation),
            *(None, refusal.policy, None, None, refusal.code, count),
            *(NOBODY.subjects, NOBODY.shown, 0, None, trace, None),
        ),
    )


def released(record: str, by: str, plan: PlanRecord, rows: int) -> Record:
    """The record of a release of figures: of as many rows as count, and of nobody by name."""
    return Record(
        plan=plan,
        values=(
            *(record, by, plan.role, plan.purpose, None, None),
            *(None, plan.policy, plan.id, plan.operation, plan.outcome, None),
            *(NOBODY.subjects, NOBODY.shown, min(rows, _MOST_ROWS), None, None, None),
        ),
    )


async def store_record(connection: Any, marketplace: Marketplace, record: Record) -> None:
    """Adds a record in a transaction of a connection's own."""
    statement = record_statement(marketplace.member_type, marketplace.organisation_type)
    await connection.execute(statement.sql, *([value] for value in record.values))


@cache
def record_statement(member: IdType, organisation: IdType) -> Statement:
    """The statement of the ledger, by the types of members' and organisations' ids.

    Adds records, and returns those that the table has taken. Its values are those of `INSERTED_COLUMNS`, in their order.
    """
    types: Mapping[str, IdType] = {"member_id": member, "organisation_id": organisation}
    columns = [(name(column.name), types.get(column.name, column.sql_type)) for column in INSERTED_COLUMNS]
    arrays = (sql("${}::{}[]", number(n), _bound_type(kind)) for n, (_, kind) in enumerate(columns, 1))
    names = join(", ", (column for column, _ in columns))
    values = (_subjects(column, member) if kind == "bigint[]" else column for column, kind in columns)
    text = sql(
        """\
with call as (
    select * from unnest({})
        with ordinality as call ({}, n)
), record as (
    insert into veil.access_record ({})
    select {} from call
    returning id
)
select n from call join record using (id)""",
        join(", ", arrays),
        names,
        names,
        join(", ", values),
    ).text
    return Statement(sql=text, plan=None, treatments=b"")


def _subjects(column: Sql, of: IdType) -> Sql:
    """The subjects of a record, from an array of texts that is bound as one text."""
    if of != "text":
        return sql("{}::{}[]", column, sql_type(of))
    return sql(
        "array(select {} from unnest({}::text[]) with ordinality as subject (id, place) order by place)",
        subject_id_sql(sql("subject.id"), of),
        column,
    )


def _bound_type(kind: str) -> Sql:
    """An array of arrays must be even, so subjects go as texts."""
    return sql_type("text" if kind == "bigint[]" else kind)
