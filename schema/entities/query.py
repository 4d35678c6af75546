"""The root: where every operation begins."""

import strawberry

from schema.entities.accesses import AccessRecord
from schema.entities.companies import Company, Product
from schema.entities.members import Member
from schema.entities.orders import Order
from schema.entities.organisations import Organisation
from schema.entities.payments import Payment, PaymentProfile
from schema.fields import Connection, Finds, FindsNode, FindsSelf, Node, connection, declared

__all__ = ["Query"]


@strawberry.type(description="What may be asked.")
class Query:
    me: Member | None = declared(FindsSelf())
    node: Node | None = declared(FindsNode())
    member: Member | None = declared(Finds())
    members: Connection[Member] | None = connection()
    company: Company | None = declared(Finds())
    companies: Connection[Company] | None = connection()
    product: Product | None = declared(Finds())
    products: Connection[Product] | None = connection()
    order: Order | None = declared(Finds())
    orders: Connection[Order] | None = connection()
    payment: Payment | None = declared(Finds())
    payments: Connection[Payment] | None = connection()
    payment_profile: PaymentProfile | None = declared(Finds())
    payment_profiles: Connection[PaymentProfile] | None = connection()
    organisation: Organisation | None = declared(Finds())
    organisations: Connection[Organisation] | None = connection()
    access_records: Connection[AccessRecord] | None = connection()
