"""The exact figures of a period as SQL: what a release is made from, before noise is added.

How much one member adds is bounded here. Of each member at most `$3` facts count, whichever side the member is on; which
ones is by chance, but always the same ones. A measure counts for at most the largest value of its unit. One that is no
number, or endless, counts for nothing.
"""

from collections.abc import Iterable, Sequence

from resolvers.sql.pieces import Sql, constant, join, name, number, sql, table_name
from resolvers.sql.statistics import TOGETHER
from schema.fields import StatisticsField, StructuralEnum

FULL = 1_000_000
"""What the largest measure of a unit counts as. Sums are in these parts, so that one bound holds for all units."""


def exact_figures_sql(facts: StatisticsField, dimensions: Iterable[StructuralEnum | None]) -> str:
    """The statement that reads the exact cells of some dimensions; None is everything together.

    Its parameters are the start of the period (null for none), its end, the most facts of a member, the units, and the
    largest measure of each unit. Its rows are `unit`, `dimension`, `key`, `members`, `count` and `sum`.
    """
    columns = [name(each.value) for each in facts.dimensions]
    sides = [name(each) for each in facts.members]
    return sql(
        """\
with fact as (
    select id, bound.unit, {}, {},
        round({} * least(greatest(coalesce(nullif(nullif(measure, 'NaN'), 'Infinity'), 0), 0), largest) / largest)::bigint as measure
    from {} join unnest($4::text[], $5::numeric[]) as bound (unit, largest) on {} = bound.unit
    where at < $2 and ($1::timestamptz is null or at >= $1)
), place as (
    select id, row_number() over (partition by member order by md5(id::text), id) as place
    from fact cross join lateral (values {}) as side (member)
), counted as (
    select fact.* from fact join (select id from place group by id having max(place) <= $3) as chosen using (id)
)
select unit, dimension, key, count(distinct {}) as members, count(*) as count, sum(measure)::bigint as sum
from counted cross join lateral (values {}) as part (dimension, key)
group by unit, dimension, key""",
        join(", ", columns),
        join(", ", sides),
        number(FULL),
        table_name(facts.table),
        name(facts.unit) if facts.unit else constant(TOGETHER),
        join(", ", (sql("({})", side) for side in sides)),
        sides[0],
        join(", ", map(_part, dimensions)),
    ).text


def _part(dimension: StructuralEnum | None) -> Sql:
    if dimension is None:
        return sql("({}, null)", constant(TOGETHER))
    return sql("({}, {})", constant(dimension.value), name(dimension.value))


def groupings(facts: StatisticsField) -> tuple[Sequence[StructuralEnum | None], Sequence[StructuralEnum]]:
    """The dimensions of a release: those about its whole period, and those about its own month alone."""
    of_month = [each for each in facts.dimensions if each is facts.month]
    return [None, *(each for each in facts.dimensions if each is not facts.month)], of_month
