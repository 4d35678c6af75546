"""The best that is written by hand: Starlette and an asyncpg pool, one SQL statement a route, masks in it.

Knows its four questions beforehand, lets anybody ask them, and sends the JSON on as the database made it. It is there
without a log, and with the record that Veil makes: of whom each answer is, durable before it leaves.
"""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import asyncpg
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.ledger.records import record_ids

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


def _masked(statement: str) -> str:
    """A statement with its masks written out: a function of SQL would be called for each row."""
    return re.sub(r"(\w+_in_part)\((\w)\)", lambda found: _MASKS[found[1]].replace("ROW", found[2]), statement)


_POINT = """
select convert_to(json_build_object('order', json_build_object(
    'status', o.status, 'total', o.total::text, 'currency', o.currency, 'placedAt', o.placed_at,
    'buyer', json_build_object('name', name_in_part(m), 'email', email_in_part(m))))::text, 'UTF8'){told}
from trade_order o join member m on m.id = o.buyer_id
where o.id = $1"""

_PAGE = """
select convert_to(json_build_object('orders', json_build_object('nodes', json_agg(json_build_object(
    'status', o.status, 'total', o.total::text, 'currency', o.currency, 'placedAt', o.placed_at,
    'buyer', json_build_object('name', name_in_part(m), 'email', email_in_part(m)),
    'items', i.items) order by o.placed_at, o.id)))::text, 'UTF8'){told}
from (select * from trade_order order by placed_at, id limit 20) o
join member m on m.id = o.buyer_id
cross join lateral (
    select json_agg(json_build_object('quantity', i.quantity, 'unitPrice', i.unit_price::text,
        'product', json_build_object('title', p.title)) order by i.line) as items
    from order_item i join product p on p.id = i.product_id
    where i.order_id = o.id) i"""

_DEEP = """
select convert_to(json_build_object('member', json_build_object('name', name_in_part(m),
    'purchases', json_build_object('nodes', purchases.nodes)))::text, 'UTF8'){told}
from member m
cross join lateral (
    select json_agg(json_build_object('total', o.total::text, 'items', i.items) order by o.placed_at, o.id) as nodes,
        string_agg(concat_ws(',', i.owners, o.seller_id), ',') as owners, sum(i.rows) as rows, bool_or(i.abroad) as abroad
    from (select * from trade_order where buyer_id = m.id order by placed_at, id limit 10) o
    cross join lateral (
        select json_agg(json_build_object('quantity', i.quantity, 'product', json_build_object('title', p.title,
            'company', json_build_object('name', c.name, 'owner', json_build_object(
                'name', name_in_part(w), 'country', w.country)))) order by i.line) as items,
            string_agg(w.id::text, ',') as owners, count(*) as rows, bool_or(w.country <> 'HK') as abroad
        from order_item i join product p on p.id = i.product_id join company c on c.id = p.company_id
        join member w on w.id = c.owner_id
        where i.order_id = o.id) i) purchases
where m.id = $1"""

_LIST = """
select convert_to(json_build_object('members', json_build_object('nodes', json_agg(json_build_object(
    'name', name_in_part(m), 'email', email_in_part(m), 'city', m.city, 'country', m.country)
    order by m.registered_at, m.id)))::text, 'UTF8'){told}
from (select * from member where (registered_at, id) > (to_timestamp($1), $2::bigint)
      order by registered_at, id limit 100) m"""

_TOLD: Mapping[str, str] = {
    "point": (
        ", array[o.buyer_id, o.seller_id], 1,"
        " m.country <> 'HK' or (select country from member where id = o.seller_id) <> 'HK'"
    ),
    "page": (
        ", (select array_agg(distinct one) from unnest(array_agg(o.buyer_id) || array_agg(o.seller_id)) one), count(*),"
        " bool_or(m.country <> 'HK' or (select country from member where id = o.seller_id) <> 'HK')"
    ),
    "deep": (
        ", (select array_agg(distinct one) from unnest(string_to_array(concat_ws(',', m.id, purchases.owners), ',')::bigint[])"
        " one), coalesce(purchases.rows, 0) + 1, m.country <> 'HK' or coalesce(purchases.abroad, false)"
    ),
    "list": ", array_agg(m.id), count(*), bool_or(m.country <> 'HK')",
}
"""What a record needs beside the answer: whose data it holds, of how many rows it is, and whether one lives abroad."""

_Values = Callable[[dict[str, Any]], Sequence[Any]]

_QUESTIONS: Mapping[str, tuple[str, _Values]] = {
    "point": (_POINT, lambda given: [given["id"]]),
    "page": (_PAGE, lambda _: []),
    "deep": (_DEEP, lambda given: [given["id"]]),
    "list": (_LIST, lambda given: given["after"]),
}


def _route(name: str) -> Route:
    written, values = _QUESTIONS[name]
    statement = _masked(written.replace("{told}", ""))

    async def answered(request: Request) -> Response:
        given = msgspec.json.decode(await request.body())["variables"]
        data = await request.app.state.pool.fetchval(statement, *values(given))
        return Response(data, media_type="application/json")

    return Route(f"/{name}", answered, methods=["POST"])


def _recorded_route(name: str) -> Route:
    written, values = _QUESTIONS[name]
    statement = _masked(written.replace("{told}", _TOLD[name]))
    plan = str(uuid5(NAMESPACE_URL, name))

    async def answered(request: Request) -> Response:
        given = msgspec.json.decode(await request.body())["variables"]
        state = request.app.state
        data, subjects, rows, abroad = await state.pool.fetchrow(statement, *values(given))
        await state.recorder.record((next(state.ids), plan, subjects, rows, abroad))
        return Response(data, media_type="application/json")

    return Route(f"/{name}", answered, methods=["POST"])


# The record.

_SESSIONS = 2
_BATCH = 100
_RECORD = """
insert into veil.access_record (id, requester, role, purpose, policy, plan, operation, outcome, subjects, shown,
    row_count, cross_border)
select id, 'benchmark', 'PLATFORM', 'site_operation', '2012-06-11', plan, 'By hand', 'ANSWERED', subjects::bigint[], '0',
    row_count, cross_border
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::boolean[])
    as record (id, plan, subjects, row_count, cross_border)"""

_Row = tuple[str, str, list[int], int, bool]


class _Recorder:
    """Adds the records of many requests in one statement, and lets each go on once that is committed."""

    def __init__(self) -> None:
        self._waiting: list[tuple[_Row, asyncio.Future[None]]] = []
        self._some = asyncio.Event()

    async def record(self, row: _Row) -> None:
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, committed))
        self._some.set()
        await committed

    async def work(self, pool: Any) -> None:
        """In one session, for ever."""
        async with pool.acquire() as connection:
            while True:
                await self._some.wait()
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                if not self._waiting:
                    self._some.clear()
                if not batch:
                    continue
                ids, plans, subjects, rows, abroad = zip(*(row for row, _ in batch), strict=True)
                arrays = ["{" + ",".join(map(str, each)) + "}" for each in subjects]
                await connection.execute(_RECORD, ids, plans, arrays, rows, abroad)
                for _, committed in batch:
                    committed.set_result(None)


async def _ready(_request: Request) -> Response:
    return PlainTextResponse("")


async def _no_reset(_connection: Any) -> None:
    """Nothing is ever set in a session, so nothing is reset: it would be a round trip for every request."""


def _pool(url: str, size: int) -> Awaitable[Any]:
    settings = {"timezone": "UTC"}
    return asyncpg.create_pool(url, min_size=size, max_size=size, reset=_no_reset, server_settings=settings)


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncGenerator[None]:
    application.state.pool = await _pool(os.environ["DATABASE"], 10)
    yield
    await application.state.pool.close()


@asynccontextmanager
async def _recorded_lifespan(application: Starlette) -> AsyncGenerator[None]:
    ledger = await _pool(os.environ["DATABASE"], _SESSIONS)
    application.state.ids = record_ids()
    application.state.recorder = recorder = _Recorder()
    workers = [asyncio.create_task(recorder.work(ledger)) for _ in range(_SESSIONS)]
    async with _lifespan(application):
        yield
    for each in workers:
        each.cancel()
    ledger.terminate()


def create() -> Starlette:
    return Starlette(lifespan=_lifespan, routes=[*map(_route, _QUESTIONS), Route("/health/ready", _ready)])


def recorded() -> Starlette:
    """The same, with a record of each answer that is durable before the answer leaves."""
    routes = [*map(_recorded_route, _QUESTIONS), Route("/health/ready", _ready)]
    return Starlette(lifespan=_recorded_lifespan, routes=routes)
