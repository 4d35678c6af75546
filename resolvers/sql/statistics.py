"""Figures as SQL: grouped, held back where too few are behind them, and rounded.

Nothing is shown of fewer than ten members on either side (an order has buyers and sellers), nor of what is left when the
shown is taken from the whole: where what is held back is itself too few, the smallest group is held back with it. Every
figure is rounded to steps that are no smaller than the largest part any one member has in it, so that it does not
reveal who comes or goes. The whole is the sum of the rounded parts, so that it reveals nothing more than they do.
"""

from collections.abc import Iterable, Sequence

from resolvers.planning.plan import Figure, Summary, SummaryPart
from resolvers.sql.json_text import JsonEntry, list_text, object_text, value_text
from resolvers.sql.pieces import EMPTY, Sql, constant, join, name, number, sql
from schema.catalog import Scalar
from schema.policy.grants import FEWEST_MEMBERS

_NONE = "-"
"""Stands for a missing value while rows are grouped."""


def summary_sql(summary: Summary) -> Sql:
    """A row with the JSON of the figures."""
    entries = [JsonEntry(each.key, each.inclusion, _part(each.part, each.figures)) for each in summary.entries]
    return sql(
        "    with {}{}{}\n    select {} as json",
        _facts(summary),
        _parts(summary.members),
        _figures(summary.members),
        object_text(entries),
    )


def _facts(summary: Summary) -> Sql:
    """`fact`: what is summarised, each with the group it belongs to."""
    wanted = [sql("{} = call.a{}", name(column), number(bound.position)) for column, bound in summary.filters]
    return sql(
        "fact as materialized (\n        select coalesce({}, {}) as key, {},\n"
        "            case when measure not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then measure end"
        " as measure\n        from {}{}\n    )",
        name(summary.dimension) if summary.dimension else sql("null::text"),
        constant(_NONE),
        _members(summary.members),
        name(summary.table),
        sql("\n        where {}", join(" and ", wanted)) if wanted else EMPTY,
    )


def _parts(members: Sequence[str]) -> Sql:
    """`part`: the facts again, those of groups that cannot be shown all in one."""
    fewest, enough = _fewest(members), number(FEWEST_MEMBERS)
    return sql(
        ", grouped as (\n"
        "        select key, {} as members from fact group by key\n"
        "    ), few as (\n"
        "        select {} as members from fact join grouped using (key) where grouped.members < {}\n"
        "    ), judged as (\n"
        "        select key, grouped.members >= {} and not (few.members between 1 and {}\n"
        "            and row_number() over (partition by grouped.members >= {} order by grouped.members, key) = 1) as shown\n"
        "        from grouped cross join few\n"
        "    ), part as materialized (\n"
        "        select case when shown then key else '' end as key, shown, {}, measure from fact join judged using (key)\n"
        "    )",
        *(fewest, fewest, enough, enough, number(FEWEST_MEMBERS - 1), enough),
        _members(members),
    )


def _figures(members: Sequence[str]) -> Sql:
    """`rounded`: the figures of each part; `totals`: those of all."""
    return sql(
        ", largest as (\n"
        "        select key, shown, max(count)::numeric as count, max(abs(sum)) as sum from (\n"
        "            {}\n"
        "        ) share group by key, shown\n"
        "    ), parts as (\n"
        "        select key, shown, count(distinct member_id) as members, count(*)::numeric as count, sum(measure) as sum\n"
        "        from part group by key, shown having {} >= {}\n"
        "    ), rounded as (\n"
        "        select key, shown, round(parts.members, -1) as members,\n"
        "            {} as count,\n"
        "            {} as sum\n"
        "        from parts join largest using (key, shown)\n"
        "    ), totals as (\n"
        "        select (select round(count(distinct member_id), -1) from fact) as members, sum(count) as count,\n"
        "            sum(sum) as sum from rounded having count(*) > 0\n"
        "    )",
        join("\n            union all ", map(_shares, members)),
        *(_fewest(members), number(FEWEST_MEMBERS)),
        _rounded(sql("parts.count"), _step(sql("largest.count")), number(FEWEST_MEMBERS)),
        _rounded(sql("parts.sum"), _step(sql("largest.sum")), _two_digit_step(sql("parts.sum"))),
    )


def _members(members: Iterable[str]) -> Sql:
    return join(", ", map(name, members))


def _fewest(members: Iterable[str]) -> Sql:
    """How many members there are, on the side where there are fewest."""
    return sql("least({})", join(", ", (sql("count(distinct {})", name(column)) for column in members)))


def _shares(member: str) -> Sql:
    """What each member of one side makes of each part."""
    template = "select key, shown, count(*) as count, sum(measure) as sum from part group by key, shown, {}"
    return sql(template, name(member))


def _rounded(value: Sql, *steps: Sql) -> Sql:
    """To the largest of the steps, and to one at least: a part that is there is not shown as nothing."""
    return sql(
        "case when {} = 0 then 0 else (select sign({}) * greatest(1, round(abs({}) / step)) * step"
        " from (select greatest({}) as step) steps) end",
        value,
        value,
        value,
        join(", ", steps),
    )


def _step(value: Sql) -> Sql:
    """The next of 1, 2, 5, 10, 20, 50 and so on that is no smaller."""
    ten = _power_of_ten(value)
    return sql(
        "{} * case when {} <= {} then 1 when {} <= 2 * {} then 2 when {} <= 5 * {} then 5 else 10 end",
        *(ten, value, ten, value, ten, value, ten),
    )


def _two_digit_step(value: Sql) -> Sql:
    return sql("{} / 10", _power_of_ten(value))


def _power_of_ten(value: Sql) -> Sql:
    """The largest power of ten that is no larger; null for zero."""
    return sql("power(10::numeric, floor(log(nullif(abs({}), 0))))", value)


def _part(part: SummaryPart, figures: Sequence[Figure]) -> Sql:
    match part:
        case SummaryPart.GROUPS:
            return sql("(select {} from rounded where shown)", list_text(_object(figures), sql("key"), EMPTY))
        case SummaryPart.SUPPRESSED:
            return sql("coalesce((select {} from rounded where not shown), 'null')", _object(figures))
        case SummaryPart.TOTAL:
            return sql("coalesce((select {} from totals where members is not null), 'null')", _object(figures))
        case SummaryPart.TYPE_NAME:
            return constant('"Statistics"')


def _object(figures: Sequence[Figure]) -> Sql:
    return object_text([JsonEntry(each.key, each.inclusion, _figure(each)) for each in figures])


def _figure(figure: Figure) -> Sql:
    match figure.name:
        case "key":
            return value_text(Scalar.TEXT, sql("nullif(key, {})", constant(_NONE)))
        case "members" | "count":
            return value_text(Scalar.INTEGER, sql("{}::bigint", name(figure.name)))
        case "sum":
            return value_text(Scalar.DECIMAL, sql("trim_scale(sum)"))
        case "average":
            average = sql("(sum / nullif(count, 0))")
            return value_text(Scalar.DECIMAL, sql("trim_scale({})", _rounded(average, _two_digit_step(average))))
        case _:
            return constant(f'"{figure.type_name}"')
