"""What a mutation's statement asks before it changes anything, as SQL: the number of the first question answered with no.

In doubt the answer is no.
"""

from collections.abc import Sequence
from typing import assert_never

from resolvers.planning.change_plan import (
    AreAmong,
    AreThere,
    HasWord,
    IsBehind,
    IsByAnother,
    IsEmpty,
    IsFilled,
    IsFirst,
    IsToBegin,
    Precondition,
    RowQuestion,
)
from resolvers.planning.parameters import ParameterRef
from resolvers.sql.conditions import predicate_sql
from resolvers.sql.pieces import Sql, all_of, constant, join, name, number, sql, sql_type, table_name
from resolvers.sql.rows import parameter_sql
from schema.catalog import Entity
from schema.identities import IdType


def fault_sql(asked: Sequence[Precondition], entity: Entity, row: str) -> Sql:
    """The number of the first question to which the answer is not yes, of the row `row` stands for; null without any."""
    if not asked:
        return sql("null::integer")
    cases = [
        sql("when ({}) is not true then {}", question_sql(each.question, entity, row), number(place))
        for place, each in enumerate(asked)
    ]
    return sql("case {} end", join(" ", cases))


def ids_sql(bound: ParameterRef, id_type: IdType) -> Sql:
    """The ids of a list, as an array."""
    return sql(
        "array(select value::{} from json_array_elements_text({}::json))",
        sql_type(id_type),
        parameter_sql(bound),
    )


def words_sql(bound: ParameterRef) -> Sql:
    """The words of a list, as an array."""
    return sql("array(select json_array_elements_text({}::json))", parameter_sql(bound))


def question_sql(question: RowQuestion, entity: Entity, row: str) -> Sql:
    """Whether the answer is yes."""
    match question:
        case AreThere():
            return _are_there(question)
        case HasWord():
            return _has_word(question)
        case IsFirst(assignments=assignments):
            columns = (each.column.column for each in assignments)
            same = [sql("{} = {}", name("there", each), name(row, each)) for each in columns]
            return sql("not exists (select from {} there where {})", table_name(entity.storage.table), all_of(same))
        case IsToBegin(bound=bound):
            return sql("coalesce({} >= now(), true)", parameter_sql(bound))
        case IsBehind(bound=bound, start=start):
            return sql("coalesce({} > {}, true)", parameter_sql(bound), parameter_sql(start) if start else sql("now()"))
        case IsByAnother(column=column, requester=requester):
            return sql("{} <> {}", name(row, column), parameter_sql(requester))
        case AreAmong(column=column, bound=bound):
            return sql("{} <@ {}", words_sql(bound), name(row, column))
        case IsEmpty(column=column):
            return sql("{} is null", name(row, column))
        case IsFilled(column=column, when=when):
            filled = sql("{} is not null", name(row, column))
            return sql("({} or {})", filled, _is_none_of(name(row, when[0]), when[1])) if when else filled
        case _:
            assert_never(question)


def _are_there(question: AreThere) -> Sql:
    storage = question.entity.storage
    seen = predicate_sql(question.visible, question.entity, "named")
    is_not_gone = [sql("{} is null", name("named", question.gone))] if question.gone else []
    key = name("named", storage.key)
    if not question.is_list:
        where = all_of([sql("{} = {}", key, parameter_sql(question.bound)), seen, *is_not_gone])
        found = sql("exists (select from {} named where {})", table_name(storage.table), where)
        return sql("({} is null or {})", parameter_sql(question.bound), found)
    ids = ids_sql(question.bound, storage.bound_id_type)
    where = all_of([sql("{} = any ({})", key, ids), seen, *is_not_gone])
    return sql("(select count(*) from {} named where {}) = cardinality({})", table_name(storage.table), where, ids)


def _has_word(question: HasWord) -> Sql:
    storage = question.entity.storage
    found = sql(
        "exists (select from {} where {} = {} and {} in ({}))",
        table_name(storage.table),
        name(storage.key),
        parameter_sql(question.bound),
        name(question.column),
        join(", ", map(constant, question.words)),
    )
    if question.when:
        bound, words = question.when
        return sql("({} or {})", _is_none_of(parameter_sql(bound), words), found)
    return sql("({} is null or {})", parameter_sql(question.bound), found)


def _is_none_of(value: Sql, words: Sequence[str]) -> Sql:
    return sql("{} not in ({})", value, join(", ", map(constant, words)))
