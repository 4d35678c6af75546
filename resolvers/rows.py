"""Which rows: what restricts, orders and pages them, as SQL.

A requester's own wishes (filters, cursors, ids) stand beside the policy's predicate, never in its place, and touch
only columns the plan says are plain on every row they can touch, or a row's tag.
"""

from collections.abc import Sequence

from resolvers.conditions import found_sql, predicate_sql
from resolvers.masking import Row, cased, tag_sql
from resolvers.plan import (
    CERTAIN,
    Bound,
    ById,
    ByRequester,
    Comparison,
    Everything,
    Filter,
    Joined,
    Key,
    Page,
    Rows,
)
from resolvers.sql import FALSE, TRUE, Sql, all_of, any_of, join, name, number, sql
from schema.treatments import Treatment

COMPARISONS = {
    Comparison.EQ: Sql("="),
    Comparison.GT: Sql(">"),
    Comparison.GTE: Sql(">="),
    Comparison.LT: Sql("<"),
    Comparison.LTE: Sql("<="),
}


def source(rows: Rows, row: Row) -> Sql:
    return sql("{} {}", name(rows.entity.stored.table), name(row.alias))


def where(rows: Rows, row: Row, parent: Row) -> Sql:
    """Rows the parent leads to, the policy lets be seen, and the filters let through."""
    seen = found_sql if rows.reach is Everything.ROWS else predicate_sql
    visible = seen(rows.visible, rows.entity, row.owner)
    return all_of([_reach(rows, row, parent), visible, *(_filter(each, row.alias) for each in rows.filters)])


def _reach(rows: Rows, row: Row, parent: Row) -> Sql:
    match rows.reach:
        case Everything.ROWS:
            return TRUE
        case ByRequester():
            return sql("{} = call.member", name(row.alias, "id"))
        case Joined(far=far, near=near, within=True):
            return sql("{} @> array[{}]", name(row.alias, far), name(parent.alias, near))
        case Joined(far=far, near=near):
            return sql("{} = {}", name(row.alias, far), name(parent.alias, near))
        case ById() as by_id:
            return _by_id(by_id, row)


def _by_id(by_id: ById, row: Row) -> Sql:
    """The id matches in the form in which this row shows it; no other form finds it."""
    identity = name(row.alias, "id")
    forms = {Treatment.PLAIN: by_id.plain, Treatment.TOKEN: by_id.token}
    matches = {form: sql("{} = {}", identity, value(bound)) for form, bound in forms.items() if bound}
    shown = [matches[case.treatment] for case in by_id.cases]
    if by_id.cases[0].when == CERTAIN:
        return shown[0]
    # Either form alone finds the row through its index; which of them it shows is asked of that one row.
    return sql("{} and {}", any_of(matches.values()), cased(by_id.cases, row, shown))


def _filter(each: Filter, alias: str) -> Sql:
    column = name(alias, each.column.column)
    given = value(each.bound)
    match each.comparison:
        case Comparison.IN:
            kind = Sql(each.column.scalar.sql_type)
            return sql("{} in (select each::{} from json_array_elements_text({}::json) each)", column, kind, given)
        case Comparison.STARTS_WITH:
            return sql("starts_with({}, {})", column, given)
        case Comparison.IS_NULL:
            return sql("({} is null) = {}", column, given)
        case Comparison.EQ | Comparison.GT | Comparison.GTE | Comparison.LT | Comparison.LTE:
            return sql("{} {} {}", column, COMPARISONS[each.comparison], given)


def value(bound: Bound) -> Sql:
    """A call's own value."""
    return sql("call.a{}", number(bound.position))


# Order and cursors.


def key_sql(key: Key, row: Row) -> Sql:
    """What rows are ordered by; where the id is masked, its tag."""
    return name(row.alias, key.column) if key.scalar else row.tag or tag_sql(row)


def order(page: Page, row: Row, *, reversed_: bool) -> Sql:
    """The order of rows. Nulls come last going up and first going down, as PostgreSQL has it either way."""
    return join(
        ", ",
        (
            sql("{} desc", key_sql(key, row)) if key.descending is not reversed_ else key_sql(key, row)
            for key in page.keys
        ),
    )


def beyond(page: Page, cursor: Sequence[Bound], row: Row, *, before: bool, at: bool = False) -> Sql:
    """Rows behind a cursor (or before it), or at it too."""
    keys = [(key, key_sql(key, row), value(bound)) for key, bound in zip(page.keys, cursor, strict=True)]
    descending = {key.descending for key in page.keys}
    if len(descending) == 1 and not any(key.nullable for key in page.keys):
        smaller = before is not page.keys[0].descending
        operator = Sql(("<" if smaller else ">") + ("=" if at else ""))
        columns, values = join(", ", (column for _, column, _ in keys)), join(", ", (given for _, _, given in keys))
        return sql("({}) {} ({})", columns, operator, values)
    reached = TRUE if at else FALSE
    for key, column, given in reversed(keys):
        ahead = _ahead(column, given, smaller=before is not key.descending, nullable=key.nullable)
        same = sql("{} is not distinct from {}", column, given)
        reached = sql("({} or ({} and {}))", ahead, same, reached)
    return reached


def _ahead(column: Sql, given: Sql, *, smaller: bool, nullable: bool) -> Sql:
    """Null counts as larger than all else."""
    operator = Sql("<" if smaller else ">")
    plain = sql("{} {} {}", column, operator, given)
    if not nullable:
        return plain
    past_null = sql("({} is not null and {} is null)", *((column, given) if smaller else (given, column)))
    return sql("({} or {})", plain, past_null)


def cursor_text(page: Page, row: Row) -> Sql:
    """The cursor of a row, as a JSON string: base64 of the JSON list of its keys."""
    keys = [sql("{}::text" if key.scalar else "encode({}, 'hex')", key_sql(key, row)) for key in page.keys]
    return sql(
        """'"' || translate(encode(convert_to(json_build_array({})::text, 'UTF8'), 'base64'), e'\\n', '') || '"'""",
        join(", ", keys),
    )
