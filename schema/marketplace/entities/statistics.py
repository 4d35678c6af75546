"""What figures are grouped by: one coarse dimension at a time."""

import strawberry

from schema.fields import StructuralEnum


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
