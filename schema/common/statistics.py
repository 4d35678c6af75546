"""Figures about many, as they were released."""

import strawberry

from schema.scalars import Decimal


@strawberry.type(
    description="Figures about no fewer than ten members, as they were released: with noise, and with a bound on how much"
    " one member adds."
)
class Figures:
    members: int = strawberry.field(description="About how many different members are behind it; of orders, buyers.")
    count: int = strawberry.field(description="About how many orders, visits or buyers, a few of each member at most.")
    sum: Decimal | None = strawberry.field(description="Of amounts, pages viewed, or orders a year.")
    average: Decimal | None = strawberry.field(description="The sum by the count.")


@strawberry.type(description="The figures of one value of the dimension.")
class FiguresGroup(Figures):
    key: str | None


@strawberry.type(
    description="The figures of the newest release: of the twelve months to its end, or as many as the policy says."
)
class Statistics:
    groups: list[FiguresGroup] = strawberry.field(
        description="By value of the dimension, those too small to be shown left out. By month: of every release its own."
    )
    suppressed: Figures | None = strawberry.field(
        description="Always null: groups too small to be shown are in no figure but the total."
    )
    total: Figures | None = strawberry.field(description="Everything together, drawn by itself: not the groups' sum.")
