"""Released figures as SQL: the cells of the newest release, or of each month, as they are stored.

A release has a cell for everything together, whose dimension is empty, and cells for each dimension. Nothing is computed
from rows of the marketplace here, so nothing that happens there moves a figure.
"""

from collections.abc import Sequence

from resolvers.planning.plan import Figure, Summary, SummaryPart
from resolvers.sql.json_text import JsonEntry, list_text, object_text, value_text
from resolvers.sql.pieces import EMPTY, Sql, constant, name, number, sql
from schema.catalog import Scalar

TOGETHER = ""
"""The dimension of everything together, and the unit of what has none."""

FIGURE_COLUMNS = ("facts", "unit", "dimension", "month", "key", "members", "count", "sum")
"""The columns of `veil.figure`."""


def summary_sql(summary: Summary) -> Sql:
    """A row with the JSON of the figures."""
    entries = [JsonEntry(each.key, each.inclusion, _part(summary, each.part, each.figures)) for each in summary.entries]
    return sql("    select {} as json", object_text(entries))


def _part(summary: Summary, part: SummaryPart, figures: Sequence[Figure]) -> Sql:
    match part:
        case SummaryPart.GROUPS:
            groups = list_text(_object(figures), sql('key collate "C"'), EMPTY)
            return sql("(select {} {})", groups, _cells(summary, summary.dimension or TOGETHER, summary.is_by_month))
        case SummaryPart.SUPPRESSED:
            return constant("null")
        case SummaryPart.TOTAL:
            return sql("coalesce((select {} {}), 'null')", _object(figures), _cells(summary, TOGETHER, False))
        case SummaryPart.TYPE_NAME:
            return constant('"Statistics"')


def _cells(summary: Summary, dimension: str, is_of_each_month: bool) -> Sql:
    return sql(
        "from veil.figure where facts = {} and unit = {} and dimension = {}{}",
        constant(summary.facts),
        sql("call.a{}", number(summary.unit.position)) if summary.unit else constant(TOGETHER),
        constant(dimension),
        EMPTY if is_of_each_month else sql(" and month = (select max(month) from veil.figure_release)"),
    )


def _object(figures: Sequence[Figure]) -> Sql:
    return object_text([JsonEntry(each.key, each.inclusion, _figure(each)) for each in figures])


def _figure(figure: Figure) -> Sql:
    match figure.name:
        case "key":
            return value_text(Scalar.TEXT, sql("key"))
        case "members" | "count":
            return value_text(Scalar.INTEGER, name(figure.name))
        case "sum":
            return value_text(Scalar.DECIMAL, sql("trim_scale(sum)"))
        case "average":
            return value_text(Scalar.DECIMAL, sql("trim_scale(round(sum / nullif(count, 0), 2))"))
        case _:
            return constant(f'"{figure.type_name}"')
