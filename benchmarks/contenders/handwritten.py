"""The best that is written by hand: Starlette and an asyncpg pool, one SQL statement a route, masks in it, no log.

Knows its four questions beforehand, lets anybody ask them, and sends the JSON on as the database made it.
"""

import os
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_MASKS: Mapping[str, str] = {
    "name_in_part": (
        "(case when ascii(ROW.name) between 65 and 90 or ascii(ROW.name) between 97 and 122"
        " or ascii(ROW.name) between 1040 and 1103 then left(ROW.name, 1) else '*' end || '. ***')"
    ),
    "email_in_part": (
        "(case when ascii(ROW.email) between 97 and 122 or ascii(ROW.email) between 48 and 57"
        " or ascii(ROW.email) between 65 and 90 then left(ROW.email, 1) else '*' end || '***@'"
        " || case when ascii(split_part(ROW.email, '@', 2)) between 97 and 122"
        " or ascii(split_part(ROW.email, '@', 2)) between 48 and 57"
        " or ascii(split_part(ROW.email, '@', 2)) between 65 and 90"
        " then left(split_part(ROW.email, '@', 2), 1) else '*' end || '***.'"
        " || case when split_part(ROW.email, '.', -1) in ('com', 'net', 'org')"
        " then split_part(ROW.email, '.', -1) else '***' end)"
    ),
}
"""Names and e-mail addresses as Veil masks them, for the row of an alias."""


def masked(statement: str) -> str:
    """A statement with its masks written out: a function of SQL would be called for each row."""
    return re.sub(r"(\w+_in_part)\((\w)\)", lambda found: _MASKS[found[1]].replace("ROW", found[2]), statement)


_POINT = """
select convert_to(json_build_object('order', json_build_object(
    'status', o.status, 'total', o.total::text, 'currency', o.currency, 'placedAt', o.placed_at,
    'buyer', json_build_object('name', name_in_part(m), 'email', email_in_part(m))))::text, 'UTF8')
from trade_order o join member m on m.id = o.buyer_id
where o.id = $1"""

_PAGE = """
select convert_to(json_build_object('orders', json_build_object('nodes', json_agg(json_build_object(
    'status', o.status, 'total', o.total::text, 'currency', o.currency, 'placedAt', o.placed_at,
    'buyer', json_build_object('name', name_in_part(m), 'email', email_in_part(m)),
    'items', i.items) order by o.placed_at, o.id)))::text, 'UTF8')
from (select * from trade_order order by placed_at, id limit 20) o
join member m on m.id = o.buyer_id
cross join lateral (
    select json_agg(json_build_object('quantity', i.quantity, 'unitPrice', i.unit_price::text,
        'product', json_build_object('title', p.title)) order by i.line) as items
    from order_item i join product p on p.id = i.product_id
    where i.order_id = o.id) i"""

_DEEP = """
select convert_to(json_build_object('member', json_build_object('name', name_in_part(m),
    'purchases', json_build_object('nodes', purchases.nodes)))::text, 'UTF8')
from member m
cross join lateral (
    select json_agg(json_build_object('total', o.total::text, 'items', i.items) order by o.placed_at, o.id) as nodes
    from (select * from trade_order where buyer_id = m.id order by placed_at, id limit 10) o
    cross join lateral (
        select json_agg(json_build_object('quantity', i.quantity, 'product', json_build_object('title', p.title,
            'company', json_build_object('name', c.name, 'owner', json_build_object(
                'name', name_in_part(w), 'country', w.country)))) order by i.line) as items
        from order_item i join product p on p.id = i.product_id join company c on c.id = p.company_id
        join member w on w.id = c.owner_id
        where i.order_id = o.id) i) purchases
where m.id = $1"""

_LIST = """
select convert_to(json_build_object('members', json_build_object('nodes', json_agg(json_build_object(
    'name', name_in_part(m), 'email', email_in_part(m), 'city', m.city, 'country', m.country)
    order by m.registered_at, m.id)))::text, 'UTF8')
from (select * from member where (registered_at, id) > (to_timestamp($1), $2::bigint)
      order by registered_at, id limit 100) m"""

_Values = Callable[[dict[str, Any]], Sequence[Any]]


def _route(path: str, written: str, values: _Values) -> Route:
    statement = masked(written)

    async def answered(request: Request) -> Response:
        given = msgspec.json.decode(await request.body())["variables"]
        data = await request.app.state.pool.fetchval(statement, *values(given))
        return Response(data, media_type="application/json")

    return Route(path, answered, methods=["POST"])


async def ready(_request: Request) -> Response:
    return PlainTextResponse("")


async def no_reset(_connection: Any) -> None:
    """Nothing is ever set in a session, so nothing is reset: it would be a round trip for every request."""


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncGenerator[None]:
    connected: Awaitable[Any] = asyncpg.create_pool(
        os.environ["DATABASE"], min_size=10, max_size=10, reset=no_reset, server_settings={"timezone": "UTC"}
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
            Route("/health/ready", ready),
        ],
    )
