"""The calls of a statement as SQL: who asks, the values of its parameters, and what the statement asks of a call once.

No row of it, and so no answer and no change, if another policy is in force by now.
"""

from typing import Final, LiteralString, Protocol, assert_never

from resolvers.planning.parameters import (
    CursorParameter,
    IdListParameter,
    IdParameter,
    InputParameter,
    ListParameter,
    PageSizeParameter,
    Parameter,
    RequesterParameter,
    SealedParameter,
    StaticAnswer,
    SwitchParameter,
    ValueParameter,
)
from resolvers.sql.conditions import filled_name, filled_sql, requester_condition_name, requester_condition_sql
from resolvers.sql.pieces import EMPTY, TRUE, Sql, constant, join, name, number, sql, sql_type, table_name
from resolvers.sql.rows import sort_value_type
from schema.catalog import Catalog, Scalar
from schema.conditions import Condition
from schema.definition import SuspensionTable
from schema.requester import Purpose, Role

STANDARD_COLUMNS: Final[tuple[LiteralString, ...]] = ("member", "organisation", "reference", "key")
"""What every call has before the plan's own parameters: who asks, by which instrument, and the requester's key."""


class Asking(Protocol):
    """What a statement's calls are for, and under which version of the policy."""

    @property
    def role(self) -> Role: ...

    @property
    def purpose(self) -> Purpose: ...

    @property
    def policy(self) -> str: ...


class AskedOfCall(Protocol):
    """What a statement asks of a call."""

    @property
    def parameters(self) -> tuple[Parameter, ...]: ...

    @property
    def requester_conditions(self) -> frozenset[Condition]: ...

    @property
    def filled_tables(self) -> frozenset[str]: ...


def call_sql(catalog: Catalog, asking: Asking, asked: AskedOfCall, empty_tables: frozenset[str], answer: Sql) -> Sql:
    """The calls, each with what the answer asks of it once: conditions of the requester, and tables with any row."""
    served = catalog.marketplace
    kinds = (served.member_type, served.organisation_type, "text", "bytea")
    standard = [
        (name(column), sql("{}[]", sql_type(kind))) for column, kind in zip(STANDARD_COLUMNS, kinds, strict=True)
    ]
    own = [(sql("a{}", number(i)), _array_type(each)) for i, each in enumerate(asked.parameters, 1)]
    conditions = [
        (requester_condition_sql(condition, asking.purpose), requester_condition_name(condition))
        for condition in sorted(asked.requester_conditions, key=str)
    ]
    filled = [
        (TRUE if table in empty_tables else filled_sql(table), filled_name(table))
        for table in sorted(asked.filled_tables)
    ]
    suspensions = suspensions_for(asking.role, catalog)
    suspended = sql(",\n        {} as suspended", suspended_sql(suspensions)) if suspensions else EMPTY
    needed = [each for each in (*conditions, *filled) if sql("call.{}", each[1]).text in answer.text]
    return sql(
        "    select call.*{}{}\n    from unnest({})\n        with ordinality as call ({}, n)\n"
        "    where {} = (select version from in_force)",
        join("", (sql(",\n        {} as {}", *each) for each in needed)),
        suspended,
        join(", ", (sql("${}::{}", number(i), kind) for i, (_, kind) in enumerate([*standard, *own], 1))),
        join(", ", (column for column, _ in [*standard, *own])),
        constant(asking.policy),
    )


def suspensions_for(role: Role, catalog: Catalog) -> SuspensionTable | None:
    """Where suspensions are looked for: only for who asks for an organisation."""
    return catalog.marketplace.suspensions if role.is_third_party else None


def suspended_sql(suspensions: SuspensionTable) -> Sql:
    """Whether the call's organisation is suspended, in the snapshot of the read. In doubt it is."""
    return sql(
        "(select true from {} suspension where {} = call.organisation and ({} <= now()) is not false"
        " and ({} > now()) is not false limit 1)",
        table_name(suspensions.table),
        name("suspension", suspensions.organisation),
        name("suspension", suspensions.starts),
        name("suspension", suspensions.ends),
    )


def _array_type(parameter: Parameter) -> Sql:
    """The type of a parameter's values, one for each call.

    Moments are bound as texts: the driver makes infinities of the first and the last moment that Python has.
    """
    if isinstance(parameter, ValueParameter | InputParameter) and parameter.scalar is Scalar.TIMESTAMP:
        return sql("text[]::timestamptz[]")
    return sql("{}[]", _type(parameter))


def _type(parameter: Parameter) -> Sql:
    match parameter:
        case IdParameter():
            return sql_type(parameter.entity.storage.bound_id_type)
        case ValueParameter():
            return sql_type(parameter.scalar.sql_type)
        case PageSizeParameter():
            return sql_type("integer")
        case SwitchParameter():
            return sql_type("boolean")
        case InputParameter():
            return _input_type(parameter)
        case IdListParameter() | ListParameter() | SealedParameter() | StaticAnswer() | RequesterParameter():
            return sql_type("text")
        case CursorParameter():
            return sort_value_type(parameter.scalar)
        case _:
            assert_never(parameter)


def _input_type(parameter: InputParameter) -> Sql:
    """What is written into a column. A list is bound as JSON."""
    if parameter.is_list:
        return sql_type("text")
    if parameter.target is not None:
        return sql_type(parameter.target.storage.bound_id_type)
    return sql_type(parameter.scalar.sql_type)
