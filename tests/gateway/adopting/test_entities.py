"""The module of an entity reads as if somebody had written it."""

from collections.abc import Mapping

from gateway.adopting.entities import accesses_module, entity_module, query_module
from gateway.adopting.package import EntityClass, MarketplacePackage

ORDERS = '''\
ORDERS = Categories.UNDECIDED


@strawberry.enum(description="What `state` of `shop.orders` may be.")
class OrderState(enum.Enum):
    PENDING = "PENDING"
    SHIPPED = "SHIPPED"
    CANCELED = "CANCELED"


_ORDER_STATE = {"pending": "PENDING", "shipped": "SHIPPED", "canceled": "CANCELED"}


@strawberry.enum(description="What `channel` of `shop.orders` may be.")
class OrderChannel(enum.Enum):
    WEB = "WEB"
    PHONE = "PHONE"


_ORDER_CHANNEL = {"web": "WEB", "phone": "PHONE"}


@entity(Storage(table="order_line", order="line", is_part=True))
class OrderLine:
    """A row of `shop.order_line`."""

    line: int | None = data(ORDERS)
    quantity: int | None = data(ORDERS)
    product: Product | None = link("sku")
    masked_fields: list[MaskedField] = declare(MaskedFieldsField())


@entity(Storage(table="orders", key="order_no", id_type="uuid", subjects=("customer_id",)))
class Order(Node):
    """A row of `shop.orders`."""

    id: strawberry.ID = data(ORDERS, Identifiers.ROW_ID)
    state: OrderState | None = data(ORDERS, words=_ORDER_STATE)
    placed_at: DateTime | None = data(
        ORDERS, Identifiers.MOMENT, expression="\\"placedAt\\" at time zone 'UTC'", reads=("placedAt",)
    )
    total: Decimal | None = data(ORDERS, Identifiers.AMOUNT)
    ship_to_street: str | None = data(ORDERS, Identifiers.POSTAL_ADDRESS, coarse="ship_to_city")
    ship_to_city: str | None = data(ORDERS)
    ip: str | None = data(ORDERS, Identifiers.IP_ADDRESS, expression="host(ip)", reads=("ip",))
    channel: OrderChannel | None = data(ORDERS, words=_ORDER_CHANNEL)
    note: str | None = data(ORDERS, Identifiers.FREE_TEXT, description="What the customer asks of us.")
    customer: Customer | None = link("customer_id")
    order_lines: list[OrderLine] | None = parts("order_no")
    hidden_fields: list[str] = declare(HiddenFieldsField())
'''


def test_an_entity_is_a_class_after_its_words_and_parts(
    package: MarketplacePackage, entities: Mapping[str, EntityClass]
) -> None:
    written = entity_module(package, [entities["Order"], entities["OrderLine"]])
    assert written[written.index("ORDERS = ") :] == ORDERS


def test_types_of_other_modules_are_named_without_a_cycle(
    package: MarketplacePackage, entities: Mapping[str, EntityClass]
) -> None:
    written = entity_module(package, [entities["Review"]])
    assert (
        """if TYPE_CHECKING:
    from shop.entities.customers import Customer
    from shop.entities.products import Product
else:
    Customer = Annotated["Customer", strawberry.lazy("shop.entities.customers")]
    Product = Annotated["Product", strawberry.lazy("shop.entities.products")]
"""
        in written
    )


def test_a_member_sees_who_has_seen_them(package: MarketplacePackage, entities: Mapping[str, EntityClass]) -> None:
    written = entity_module(package, [entities["Customer"]])
    assert '    accesses: Connection[AccessRecord] | None = connection("subjects", within=True)\n' in written
    assert '@entity(records(member="Customer"))' in accesses_module(package)


def test_the_root_leads_to_each_entity(package: MarketplacePackage) -> None:
    written = query_module(package)
    for line in (
        "me: Customer | None = declare(MeField())",
        "order: Order | None = declare(ByIdField())",
        "orders: Connection[Order] | None = connection()",
    ):
        assert f"    {line}\n" in written
    assert "OrderLine" not in written
