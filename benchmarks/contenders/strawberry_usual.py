"""Strawberry as it is usually used: resolvers, a data loader a relation, a permission class on every field, asyncpg.

Neither masks nor records. Who may see what is a matter of the permission class, which asks the context.
"""

import datetime
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import asyncpg
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.permission import BasePermission


class MaySee(BasePermission):
    """On every field: whether the requester may see it."""

    message = "this is not for you"

    def has_permission(self, source: Any, info: strawberry.Info, **_: Any) -> bool:
        del source
        return info.context["role"] == "staff"


def _seen(resolver: Callable[..., Any] | None = None) -> Any:
    """A field with its permission class."""
    resolving: Any = resolver
    return strawberry.field(resolver=resolving, permission_classes=[MaySee])


class Loaders:
    """A loader for each relation, of one request."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self.member = self._one("select * from member where id = any ($1)")
        self.product = self._one("select * from product where id = any ($1)")
        self.company = self._one("select * from company where id = any ($1)")
        self.items = self._many(
            "select * from order_item where order_id = any ($1) order by order_id, line", "order_id"
        )
        self.purchases = self._many(
            "select * from trade_order where buyer_id = any ($1) order by placed_at, id", "buyer_id"
        )

    def _one(self, query: str) -> DataLoader[int, Any]:
        async def load(keys: list[int]) -> Sequence[Any]:
            found = {row["id"]: row for row in await self._pool.fetch(query, keys)}
            return [found[key] for key in keys]

        return DataLoader(load_fn=load)

    def _many(self, query: str, column: str) -> DataLoader[int, Any]:
        async def load(keys: list[int]) -> Sequence[Any]:
            found: dict[int, list[Any]] = {key: [] for key in keys}
            for row in await self._pool.fetch(query, keys):
                found[row[column]].append(row)
            return [found[key] for key in keys]

        return DataLoader(load_fn=load)


def _loaders(info: strawberry.Info) -> Loaders:
    return info.context["loaders"]


async def _owner(root: Any, info: strawberry.Info) -> "Member":
    return _member(await _loaders(info).member.load(root.owner_id))


async def _company(root: Any, info: strawberry.Info) -> "Company":
    row = await _loaders(info).company.load(root.company_id)
    return Company(owner_id=row["owner_id"], name=row["name"])


async def _product(root: Any, info: strawberry.Info) -> "Product":
    row = await _loaders(info).product.load(root.product_id)
    return Product(company_id=row["company_id"], title=row["title"])


async def _items(root: Any, info: strawberry.Info) -> "list[OrderItem]":
    return [
        OrderItem(product_id=row["product_id"], quantity=row["quantity"], unit_price=row["unit_price"])
        for row in await _loaders(info).items.load(root.row_id)
    ]


async def _buyer(root: Any, info: strawberry.Info) -> "Member":
    return _member(await _loaders(info).member.load(root.buyer_id))


async def _purchases(root: Any, info: strawberry.Info, first: int) -> "Orders":
    rows = await _loaders(info).purchases.load(root.row_id)
    return Orders(nodes=[_order(row) for row in rows[:first]])


@strawberry.type
class Member:
    row_id: strawberry.Private[int]
    name: str = _seen()
    email: str = _seen()
    city: str | None = _seen()
    country: str | None = _seen()
    purchases: "Orders" = _seen(_purchases)


@strawberry.type
class Company:
    owner_id: strawberry.Private[int]
    name: str = _seen()
    owner: Member = _seen(_owner)


@strawberry.type
class Product:
    company_id: strawberry.Private[int]
    title: str = _seen()
    company: Company = _seen(_company)


@strawberry.type
class OrderItem:
    product_id: strawberry.Private[int]
    quantity: int = _seen()
    unit_price: Decimal = _seen()
    product: Product = _seen(_product)


@strawberry.type
class Order:
    row_id: strawberry.Private[int]
    buyer_id: strawberry.Private[int]
    status: str = _seen()
    total: Decimal = _seen()
    currency: str = _seen()
    placed_at: datetime.datetime = _seen()
    buyer: Member = _seen(_buyer)
    items: list[OrderItem] = _seen(_items)


@strawberry.type
class Orders:
    nodes: list[Order] = _seen()


@strawberry.type
class Members:
    nodes: list[Member] = _seen()


def _member(row: Any) -> Member:
    return Member(row_id=row["id"], name=row["name"], email=row["email"], city=row["city"], country=row["country"])


def _order(row: Any) -> Order:
    return Order(
        row_id=row["id"],
        buyer_id=row["buyer_id"],
        status=row["status"],
        total=row["total"],
        currency=row["currency"],
        placed_at=row["placed_at"],
    )


async def _one_order(info: strawberry.Info, id: strawberry.ID) -> Order | None:  # noqa: A002 - GraphQL's own name
    row = await info.context["pool"].fetchrow("select * from trade_order where id = $1", int(id))
    return _order(row) if row else None


async def _orders(info: strawberry.Info, first: int) -> Orders:
    rows = await info.context["pool"].fetch("select * from trade_order order by placed_at, id limit $1", first)
    return Orders(nodes=[_order(row) for row in rows])


async def _one_member(info: strawberry.Info, id: strawberry.ID) -> Member | None:  # noqa: A002 - GraphQL's own name
    row = await info.context["pool"].fetchrow("select * from member where id = $1", int(id))
    return _member(row) if row else None


async def _members(info: strawberry.Info, first: int, offset: int = 0) -> Members:
    query = "select * from member order by registered_at, id limit $1 offset $2"
    return Members(nodes=[_member(row) for row in await info.context["pool"].fetch(query, first, offset)])


@strawberry.type
class Query:
    order: Order | None = _seen(_one_order)
    orders: Orders = _seen(_orders)
    member: Member | None = _seen(_one_member)
    members: Members = _seen(_members)


class _Gateway(GraphQL[Any, Any]):
    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> dict[str, Any]:
        pool = request.app.state.pool
        return {"request": request, "response": response, "role": "staff", "pool": pool, "loaders": Loaders(pool)}


async def _ready(_request: Request) -> Response:
    return PlainTextResponse("")


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncGenerator[None]:
    connected: Awaitable[Any] = asyncpg.create_pool(os.environ["DATABASE"], min_size=10, max_size=10)
    application.state.pool = await connected
    yield
    await application.state.pool.close()


def create() -> Starlette:
    gateway = _Gateway(strawberry.Schema(query=Query))
    return Starlette(
        lifespan=_lifespan, routes=[Route("/graphql", gateway, methods=["POST"]), Route("/health/ready", _ready)]
    )
