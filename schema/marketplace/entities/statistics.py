"""Figures about many: orders, visits and buyers, grouped by one coarse dimension at a time."""

import strawberry

from schema.fields import StructuralEnum
from schema.scalars import Decimal


@strawberry.enum(description="What orders are grouped by.")
class OrderDimension(StructuralEnum):
    COUNTRY = "country"
    MONTH = "month"
    CATEGORY = "category"
    STATUS = "status"


@strawberry.enum(description="What visits are grouped by.")
class VisitDimension(StructuralEnum):
    COUNTRY = "country"
    MONTH = "month"
    BROWSER = "browser"
    OPERATING_SYSTEM = "operating_system"


@strawberry.enum(description="What buyers are grouped by.")
class BuyerDimension(StructuralEnum):
    COUNTRY = "country"
    CATEGORY = "category"


@strawberry.type(
    description="Figures about no fewer than ten members (of orders: ten buyers and ten sellers), rounded: members to"
    " tens, all else so coarsely that no member's part in it can be seen."
)
class Figures:
    members: int = strawberry.field(description="How many different members are behind it; of orders, buyers.")
    count: int = strawberry.field(description="How many orders, visits or buyers.")
    sum: Decimal | None = strawberry.field(description="Of amounts, pages viewed, or orders a year.")
    average: Decimal | None


@strawberry.type(description="The figures of one value of the dimension.")
class FiguresGroup(Figures):
    key: str | None


@strawberry.type(description="A whole and its parts: what is too small to be shown is in `suppressed`, or nowhere.")
class Statistics:
    groups: list[FiguresGroup]
    suppressed: Figures | None = strawberry.field(description="All groups together that cannot be shown.")
    total: Figures | None = strawberry.field(description="The groups and what is suppressed.")
