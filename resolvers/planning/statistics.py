"""Plans the reading of released figures about many members."""

from resolvers.front.selection import Argument, Field, Keyword, Slot
from resolvers.planning.context import Planning
from resolvers.planning.cost import LOOK_UP
from resolvers.planning.parameters import ParameterRef, ValueParameter
from resolvers.planning.plan import CERTAIN, Branch, Disclosure, Figure, Summary, SummaryEntry, SummaryPart
from schema.catalog import Scalar
from schema.fields import StatisticsField
from schema.treatments import Treatment


def summary(planning: Planning, field: Field, facts: StatisticsField) -> Summary:
    """The figures of a root field. They are recorded as shown in part, because they were released with noise."""
    planning.cost[()] += LOOK_UP
    _disclose(planning, field, facts)
    dimension = field.arguments.get("groupBy")
    chosen = facts.dimensions[dimension.value] if isinstance(dimension, Keyword) else None
    return Summary(
        key=field.key,
        inclusion=planning.inclusion(field),
        facts=facts.table,
        dimension=chosen.value if chosen else None,
        is_by_month=chosen is not None and chosen is facts.month,
        unit=_bound(planning, field.arguments[facts.unit]) if facts.unit else None,
        entries=tuple(_entry(planning, entry) for entry in field.selected),
    )


def _disclose(planning: Planning, field: Field, facts: StatisticsField) -> None:
    visibility = planning.visibility
    grants = visibility.policy.grants_for(visibility.role, visibility.purpose)
    clauses = (clause for grant in grants if facts.category in grant.aggregates for clause in grant.clauses)
    name = f"Query.{field.name}"
    planning.disclosures[name] = Disclosure(
        field=name,
        identifier=None,
        most=Treatment.PARTIAL,
        least=Treatment.PARTIAL,
        branches=(Branch(Treatment.PARTIAL, CERTAIN),),
        clauses=tuple(dict.fromkeys(clauses)),
    )


def _bound(planning: Planning, argument: Argument) -> ParameterRef:
    assert isinstance(argument, Slot)  # noqa: S101 - the argument is of a leaf type that cannot be null
    return planning.bind(ValueParameter(scalar=Scalar.TEXT, slot=argument))


def _entry(planning: Planning, field: Field) -> SummaryEntry:
    figures = tuple(
        Figure(key=each.key, inclusion=planning.inclusion(each), name=each.name, type_name=each.parent_type)
        for each in field.selected
    )
    return SummaryEntry(
        key=field.key, inclusion=planning.inclusion(field), part=SummaryPart(field.name), figures=figures
    )
