"""The best that is written by hand: Starlette and an asyncpg pool, one SQL statement a route, masks in it, no log.

Knows its four questions beforehand, lets anybody ask them, and sends the JSON on as the database made it.
"""

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_POINT = """
select convert_to(json_build_object('order', json_build_object(
    'status', o.status, 'total', o.total::text, 'currency', o.currency, 'placedAt', o.placed_at,
    'buyer', json_build_object('name', left(m.name, 1) || '. ***', 'email', left(m.email, 1) || '***@' || left(split_part(m.email, '@', 2), 1) || '***.'
        || left(split_part(split_part(m.email, '@', 2), '.', -1), 6))))::text, 'UTF8')
from trade_order o join member m on m.id = o.buyer_id
where o.id = $1"""

_PAGE = """
select convert_to(json_build_object('orders', json_build_object('nodes', json_agg(json_build_object(
    'status', o.status, 'total', o.total::text, 'currency', o.currency, 'placedAt', o.placed_at,
    'buyer', json_build_object('name', left(m.name, 1) || '. ***', 'email', left(m.email, 1) || '***@' || left(split_part(m.email, '@', 2), 1) || '***.'
        || left(split_part(split_part(m.email, '@', 2), '.', -1), 6)),
    'items', i.items) order by o.placed_at, o.id)))::text, 'UTF8')
from (select * from trade_order order by placed_at, id limit 20) o
join member m on m.id = o.buyer_id
cross join lateral (
    select json_agg(json_build_object('quantity', i.quantity, 'unitPrice', i.unit_price::text,
        'product', json_build_object('title', p.title)) order by i.line) as items
    from order_item i join product p on p.id = i.product_id
    where i.order_id = o.id) i"""

_DEEP = """
select convert_to(json_build_object('member', json_build_object('name', left(m.name, 1) || '. ***',
    'purchases', json_build_object('nodes', purchases.nodes)))::text, 'UTF8')
from member m
cross join lateral (
    select json_agg(json_build_object('total', o.total::text, 'items', i.items) order by o.placed_at, o.id) as nodes
    from (select * from trade_order where buyer_id = m.id order by placed_at, id limit 10) o
    cross join lateral (
        select json_agg(json_build_object('quantity', i.quantity, 'product', json_build_object('title', p.title,
            'company', json_build_object('name', c.name, 'owner', json_build_object(
                'name', left(w.name, 1) || '. ***', 'country', w.country)))) order by i.line) as items
        from order_item i join product p on p.id = i.product_id join company c on c.id = p.company_id
        join member w on w.id = c.owner_id
        where i.order_id = o.id) i) purchases
where m.id = $1"""

_LIST = """
select convert_to(json_build_object('members', json_build_object('nodes', json_agg(json_build_object(
    'name', left(m.name, 1) || '. ***', 'email', left(m.email, 1) || '***@' || left(split_part(m.email, '@', 2), 1) || '***.'
        || left(split_part(split_part(m.email, '@', 2), '.', -1), 6), 'city', m.city, 'country', m.country)
    order by m.registered_at, m.id)))::text, 'UTF8')
from (select * from member where (registered_at, id) > (to_timestamp($1), $2::bigint)
      order by registered_at, id limit 100) m"""

_Values = Callable[[dict[str, Any]], Sequence[Any]]


def _route(path: str, statement: str, values: _Values) -> Route:
    async def answered(request: Request) -> Response:
        given = msgspec.json.decode(await request.body())["variables"]
        data = await request.app.state.pool.fetchval(statement, *values(given))
        return Response(data, media_type="application/json")

    return Route(path, answered, methods=["POST"])


async def _ready(_request: Request) -> Response:
    return PlainTextResponse("")


async def _no_reset(_connection: Any) -> None:
    """Nothing is ever set in a session, so nothing is reset: it would be a round trip for every request."""


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncGenerator[None]:
    connected: Awaitable[Any] = asyncpg.create_pool(
        os.environ["DATABASE"], min_size=10, max_size=10, reset=_no_reset, server_settings={"timezone": "UTC"}
    )
    application.state.pool = await connected
    yield
    await application.state.pool.close()


def create() -> Starlette:
    return Starlette(
        lifespan=_lifespan,
        routes=[
            _route("/point", _POINT, lambda given: [given["id"]]),
            _route("/page", _PAGE, lambda _: []),
            _route("/deep", _DEEP, lambda given: [given["id"]]),
            _route("/list", _LIST, lambda given: given["after"]),
            Route("/health/ready", _ready),
        ],
    )
