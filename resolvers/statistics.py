"""Figures as SQL: grouped, held back where too few are behind them, and rounded.

Nothing is shown of fewer than ten members, nor of what is left when the shown is taken from the whole: where what is
held back is itself too few, the smallest group is held back with it. The whole is the sum of the rounded parts, so that
it tells nothing more than they do.
"""

from collections.abc import Sequence

from resolvers.json_text import Entry, list_text, object_text, value_text
from resolvers.plan import Figure, Summary, SummaryPart
from resolvers.sql import Sql, constant, join, name, number, sql
from schema.catalog import Scalar
from schema.policy import FEWEST


def summary_sql(summary: Summary) -> Sql:
    """A row with the JSON of the figures, no data subject, and no row of anybody."""
    key = name("fact", summary.dimension) if summary.dimension else sql("null::text")
    wanted = [sql("fact.{} = call.a{}", name(column), number(bound.position)) for column, bound in summary.filters]
    entries = [Entry(each.key, each.inclusion, _part(each.part, each.figures)) for each in summary.entries]
    return sql(
        "    with fact as materialized (\n"
        "        select {} as key, fact.member_id, fact.measure from {} fact{}\n"
        "    ), grouped as (\n"
        "        select key, count(distinct member_id) as members, count(*) as count, sum(measure) as sum\n"
        "        from fact group by key\n"
        "    ), few as (\n"
        "        select count(distinct fact.member_id) as members from fact join grouped using (key)\n"
        "        where grouped.members < {}\n"
        "    ), judged as (\n"
        "        select grouped.*, grouped.members >= {} and not (few.members between 1 and {}\n"
        "            and row_number() over (partition by grouped.members >= {} order by grouped.members, key) = 1) as shown\n"
        "        from grouped cross join few\n"
        "    ), parts as (\n"
        "        select key, members, count, sum, shown from judged where shown\n"
        "        union all\n"
        "        select null, count(distinct member_id), count(*), sum(measure), false\n"
        "        from fact join judged using (key) where not shown having count(distinct member_id) >= {}\n"
        "    ), rounded as (\n"
        "        select key, shown, round(members, -1) as members, round(count, -1) as count, {} as sum from parts\n"
        "    ), totals as (\n"
        "        select sum(members) as members, sum(count) as count, sum(sum) as sum from rounded\n"
        "    )\n"
        "    select {} as json, null::text as subjects, 0 as rows",
        sql("coalesce({}, '-')", key),
        name(summary.table),
        sql("\n        where {}", join(" and ", wanted)) if wanted else Sql(""),
        *([number(FEWEST)] * 2),
        number(FEWEST - 1),
        *([number(FEWEST)] * 2),
        _two_digits(sql("sum")),
        object_text(entries),
    )


def _two_digits(value: Sql) -> Sql:
    return sql("case when {} = 0 then 0 else round({}, 1 - floor(log(abs({})))::integer) end", value, value, value)


def _part(part: SummaryPart, figures: Sequence[Figure]) -> Sql:
    match part:
        case SummaryPart.GROUPS:
            return sql("(select {} from rounded where shown)", list_text(_object(figures), sql("key"), Sql("")))
        case SummaryPart.SUPPRESSED:
            return sql("coalesce((select {} from rounded where not shown), 'null')", _object(figures))
        case SummaryPart.TOTAL:
            return sql("coalesce((select {} from totals where members is not null), 'null')", _object(figures))
        case SummaryPart.TYPE_NAME:
            return constant('"Statistics"')


def _object(figures: Sequence[Figure]) -> Sql:
    return object_text([Entry(each.key, each.inclusion, _figure(each)) for each in figures])


def _figure(figure: Figure) -> Sql:
    match figure.name:
        case "key":
            return value_text(Scalar.TEXT, sql("nullif(key, '-')"))
        case "members" | "count":
            return value_text(Scalar.INTEGER, sql("{}::bigint", name(figure.name)))
        case "sum":
            return value_text(Scalar.DECIMAL, sql("sum"))
        case "average":
            return value_text(Scalar.DECIMAL, _two_digits(sql("(sum / nullif(count, 0))")))
        case _:
            return constant(f'"{figure.type_name}"')
