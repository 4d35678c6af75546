"""Which rows: what restricts, orders and pages them, as SQL.

A requester's own wishes (filters, cursors, ids) stand beside the policy's predicate, never in its place, and touch
only columns the plan says are plain on every row they can touch, or a row's tag.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from resolvers.planning.parameters import ListedId, ParameterRef
from resolvers.planning.plan import (
    CERTAIN,
    AllRows,
    ById,
    ByRequester,
    Comparison,
    Filter,
    Joined,
    Page,
    PartsMatch,
    Predicate,
    RowRestriction,
    RowSet,
    SortKey,
    Without,
)
from resolvers.sql.conditions import found_sql, predicate_sql
from resolvers.sql.masking import RowAlias, case_sql, id_sql, tag_sql
from resolvers.sql.pieces import (
    FALSE,
    KEY,
    TRUE,
    Sql,
    all_of,
    any_of,
    constant,
    join,
    name,
    number,
    sql,
    sql_type,
    table_name,
)
from resolvers.sql.sources import columns_of, source_sql
from schema.catalog import Entity, Scalar
from schema.cursors import connection_digest
from schema.treatments import Treatment

COMPARISONS = {
    Comparison.EQ: sql("="),
    Comparison.GT: sql(">"),
    Comparison.GTE: sql(">="),
    Comparison.LT: sql("<"),
    Comparison.LTE: sql("<="),
}


def from_sql(rows: RowSet, row: RowAlias, *pieces: Sql) -> Sql:
    """The table, with the columns that these pieces name of its row."""
    entity = rows.entity
    columns = columns_of(row.alias, pieces) if entity.mapped else ()
    return source_sql(entity.storage.table, entity.mapped, columns, row.alias)


def where_sql(rows: RowSet, row: RowAlias, parent: RowAlias) -> Sql:
    """Rows the parent leads to, the policy lets be seen, and the filters let through.

    The parent of all rows is what is gathered to find them.
    """
    seen = partial(found_sql, gathered=parent.alias) if rows.selector is AllRows.ROWS else predicate_sql
    visible = seen(rows.visible, rows.entity, row.owner)
    filters = [_filter(each, rows.entity, row.alias) for each in rows.filters]
    return all_of([_reach(rows, row, parent), *_about(rows, row), visible, *filters, *_there(rows, row)])


def _about(rows: RowSet, row: RowAlias) -> Sequence[Sql]:
    about = rows.entity.storage.about
    return [sql("{} is not distinct from call.member", name(row.alias, about))] if about else []


def _there(rows: RowSet, row: RowAlias) -> Sequence[Sql]:
    """Whoever is destroyed is in no answer, whatever else would show them."""
    gone = rows.entity.gone
    return [sql("{} is null", name(row.alias, gone))] if gone else []


def _reach(rows: RowSet, row: RowAlias, parent: RowAlias) -> Sql:
    match rows.selector:
        case AllRows.ROWS:
            return TRUE
        case ByRequester():
            return sql("{} = call.member", id_sql(row))
        case Joined(far=far, near=near, within=True, about=about):
            within = sql("{} @> array[{}]", name(row.alias, far), _listed(near, parent))
            return all_of([within, _seen_for(about, rows.entity, row, name(parent.alias, near))])
        case Joined(far=far, near=near, when=when):
            reached = sql("{} = {}", name(row.alias, far), name(parent.alias, near))
            return reached if when == CERTAIN else all_of([reached, _shows_the_way(when, parent)])
        case ById() as by_id:
            given = {Treatment.PLAIN: by_id.plain, Treatment.TOKEN: by_id.token}
            kind = sql_type(rows.entity.storage.bound_id_type)
            return _by_id(by_id, row, {form: _given_id(id_, kind, parent) for form, id_ in given.items() if id_})


def _listed(near: str, parent: RowAlias) -> Sql:
    """What an array may hold of the parent row: numbers are `bigint` there."""
    value = name(parent.alias, near)
    stored = parent.entity.storage if parent.entity else None
    is_integer = stored is not None and near == stored.key and stored.id_type == "integer"
    return sql("{}::bigint", value) if is_integer else value


def _shows_the_way(when: Predicate, parent: RowAlias) -> Sql:
    assert parent.entity  # noqa: S101 - a link is a field of a row
    return predicate_sql(when, parent.entity, parent.owner)


def _seen_for(about: Sequence[tuple[str, Predicate]], entity: Entity, row: RowAlias, member: Sql) -> Sql:
    """That a row is seen for the sake of a member, whichever of its data subjects they are."""
    each = [
        all_of([sql("{} = {}", name(row.alias, subject), member), predicate_sql(when, entity, row.owner)])
        for subject, when in about
    ]
    return any_of(each) if each else TRUE


def _given_id(given: ParameterRef | ListedId, kind: Sql, listing: RowAlias) -> Sql:
    """An id that a call gives: by itself, or in a list that is read as rows."""
    match given:
        case ParameterRef():
            return parameter_sql(given)
        case ListedId(key=key):
            return sql("({} ->> {})::{}", name(listing.alias, "id"), constant(key), kind)


def _by_id(by_id: ById, row: RowAlias, given: Mapping[Treatment, Sql]) -> Sql:
    """The id matches in the form in which this row shows it; no other form finds it."""
    identity = id_sql(row)
    matches = {form: sql("{} = {}", identity, id_) for form, id_ in given.items()}
    shown = [matches[case.treatment] for case in by_id.branches]
    if by_id.branches[0].when == CERTAIN:
        return shown[0]
    # Either form alone finds the row through its index; which of them it shows is asked of that one row.
    return sql("{} and {}", any_of(matches.values()), case_sql(by_id.branches, row, shown))


def _filter(each: RowRestriction, entity: Entity, alias: str) -> Sql:
    match each:
        case PartsMatch():
            return _parts_match(each, alias)
        case Without(column=column, value=value):
            return sql("{} is distinct from {}", name(alias, column.column), constant(value))
        case Filter(comparison=Comparison.HOLDS):
            return _holds(each, entity, alias)
        case Filter():
            return _comparison(each, alias)


def _holds(each: Filter, entity: Entity, alias: str) -> Sql:
    """The rows whose array has a value are found before they are put in order, by the index of what arrays have.

    PostgreSQL takes them for many, and would else go through all rows in order until a page is full.
    """
    key, column = entity.storage.key, each.column.column
    return sql(
        "{} = any (array(select {} from {} where {} @> array[{}]))",
        name(alias, key),
        name("held", key),
        source_sql(entity.storage.table, entity.mapped, (key, column), "held"),
        name("held", column),
        parameter_sql(each.bound),
    )


def _parts_match(match: PartsMatch, alias: str) -> Sql:
    """That the list which the row shares has an entry with these values."""
    by = match.parts
    entry = [part for key, bound in match.values for part in (constant(key), parameter_sql(bound))]
    return sql(
        "{} in (select shared.id from {} shared where {} @> jsonb_build_array(jsonb_build_object({})))",
        name(alias, by.near),
        table_name(by.table),
        name("shared", by.column),
        join(", ", entry),
    )


def _comparison(each: Filter, alias: str) -> Sql:
    column = name(alias, each.column.column)
    given = parameter_sql(each.bound)
    match each.comparison:
        case Comparison.IN:
            kind = sql_type(each.column.scalar.sql_type)
            return sql("{} in (select each::{} from json_array_elements_text({}::json) each)", column, kind, given)
        case Comparison.STARTS_WITH:
            return sql("starts_with({}, {})", column, given)
        case Comparison.HOLDS:
            raise AssertionError("arrays are searched by the rows that they are of")
        case Comparison.IS_NULL:
            return sql("({} is null) = {}", column, given)
        case Comparison.EQ | Comparison.GT | Comparison.GTE | Comparison.LT | Comparison.LTE:
            return sql("{} {} {}", column, COMPARISONS[each.comparison], given)


def parameter_sql(bound: ParameterRef) -> Sql:
    """A call's own value."""
    return sql("call.a{}", number(bound.position))


# Order and cursors.


def sort_key_sql(key: SortKey, row: RowAlias) -> Sql:
    """What rows are ordered by; where the id is masked, its tag."""
    return name(row.alias, key.column) if key.scalar else row.tag or tag_sql(row)


def order_sql(page: Page, row: RowAlias, *, reversed_: bool) -> Sql:
    """The order of rows. Nulls come last going up and first going down, as PostgreSQL has it either way."""
    return join(
        ", ",
        (
            sql("{} desc", sort_key_sql(key, row)) if key.descending is not reversed_ else sort_key_sql(key, row)
            for key in page.sort_keys
        ),
    )


def beyond_cursor_sql(
    page: Page, cursor: Sequence[ParameterRef], row: RowAlias, *, before: bool, at: bool = False
) -> Sequence[Sql]:
    """Rows behind a cursor (or before it), or at it too: one condition or several, of which a row meets one at most."""
    given = [parameter_sql(bound) for bound in cursor]
    # Behind a row in descending order is before it in ascending order.
    smaller = before is not page.sort_keys[-1].descending
    match page.sort_keys:
        case [identity]:
            return [sql("({}) {} ({})", sort_key_sql(identity, row), _operator(smaller, at=at), *given)]
        case [key, identity] if key.descending is identity.descending:
            columns = sort_key_sql(key, row), sort_key_sql(identity, row)
            return _beyond_in_order(columns, given, _operator(smaller, at=at), before=smaller)
        case _:
            return [_beyond_in_turn(page, given, row, before=before, at=at)]


def _operator(smaller: bool, *, at: bool) -> Sql:
    return sql(("<" if smaller else ">") + ("=" if at else ""))


def _beyond_in_order(columns: tuple[Sql, Sql], given: Sequence[Sql], operator: Sql, *, before: bool) -> Sequence[Sql]:
    """Beyond a row in an order by one column and the id, so that an index finds both: what is known, and what is null.

    Null is larger than all else.
    """
    known = sql("({}, {}) {} ({}, {})", *columns, operator, *given)
    (column, identity), (value, row) = columns, given
    if before:
        return [known, sql("{} is null and ({} is not null or {} {} {})", value, column, identity, operator, row)]
    return [known, sql("{} is null and ({} is not null or {} {} {})", column, value, identity, operator, row)]


def _beyond_in_turn(page: Page, cursor: Sequence[Sql], row: RowAlias, *, before: bool, at: bool) -> Sql:
    reached = TRUE if at else FALSE
    for key, given in reversed([*zip(page.sort_keys, cursor, strict=True)]):
        column = sort_key_sql(key, row)
        ahead = _ahead(column, given, smaller=before is not key.descending, nullable=key.nullable)
        same = sql("{} is not distinct from {}", column, given)
        reached = sql("({} or ({} and {}))", ahead, same, reached)
    return reached


def _ahead(column: Sql, given: Sql, *, smaller: bool, nullable: bool) -> Sql:
    """Null counts as larger than all else."""
    operator = sql("<" if smaller else ">")
    plain = sql("{} {} {}", column, operator, given)
    if not nullable:
        return plain
    past_null = sql("({} is not null and {} is null)", *((column, given) if smaller else (given, column)))
    return sql("({} or {})", plain, past_null)


def cursor_sql(page: Page, row: RowAlias) -> Sql:
    """The cursor of a row, as a JSON string."""
    return sealed_sql(page, sort_values_sql(page, row))


def sort_values_sql(page: Page, row: RowAlias) -> Sql:
    """The values a row is ordered by, as a JSON list."""
    keys = [sql("{}::text" if key.scalar else "encode({}, 'hex')", sort_key_sql(key, row)) for key in page.sort_keys]
    return sql("json_build_array({})::text", join(", ", keys))


def sealed_sql(page: Page, sort_values: Sql) -> Sql:
    """The cursor that holds these values, as a JSON string; null without any."""
    connection = constant("\\x" + connection_digest(page.connection).hex())
    return sql("""'"' || veil.cursor({}, {}, {}) || '"'""", KEY, connection, sort_values)


def sort_value_type(scalar: Scalar | None) -> Sql:
    """The type of a value in a cursor. It is bound as the text PostgreSQL wrote, which it reads whatever the value is."""
    match scalar:
        case None:
            return sql_type("bytea")
        case Scalar.TEXT | Scalar.ENUM:
            return sql_type("text")
        case Scalar.INTEGER:
            return sql("text[]::{}", sql_type("bigint"))
        case _:
            return sql("text[]::{}", sql_type(scalar.sql_type))
