"""The best that is written by hand, with the same record: what `handwritten` answers, after a durable record of it.

Each statement also says who is in the answer, what was shown of each, how many rows there are, and whether one of them
lives abroad. Records of all routes gather, and are added in batches by two sessions, in Veil's own table.
"""

import asyncio
import os
import time
from asyncio import Future, Queue, Task
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from hashlib import md5
from typing import Any, Final

import asyncpg
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.contenders.handwritten import masked, no_reset, ready

_SESSIONS: Final = 2
_BATCH: Final = 256

_RECORD = """
insert into veil.access_record (id, requester, role, purpose, policy, plan, operation, outcome, subjects, shown, row_count,
    cross_border)
select id, requester, 'PLATFORM', 'site_operation', '2012-06-11', plan, operation, 'ANSWERED', subjects::bigint[], shown,
    row_count, cross_border
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::boolean[])
    as record (id, requester, plan, operation, subjects, shown, row_count, cross_border)
returning id"""

_POINT = """
select convert_to(json_build_object('order', json_build_object(
    'status', o.status, 'total', o.total::text, 'currency', o.currency, 'placedAt', o.placed_at,
    'buyer', json_build_object('name', name_in_part(m), 'email', email_in_part(m))))::text, 'UTF8'),
    2, m.country <> 'HK' or s.country <> 'HK', array[m.id], array[s.id]
from trade_order o join member m on m.id = o.buyer_id join member s on s.id = o.seller_id
where o.id = $1"""

_PAGE = """
select convert_to(json_build_object('orders', json_build_object('nodes', json_agg(json_build_object(
    'status', o.status, 'total', o.total::text, 'currency', o.currency, 'placedAt', o.placed_at,
    'buyer', json_build_object('name', name_in_part(m), 'email', email_in_part(m)),
    'items', i.items) order by o.placed_at, o.id)))::text, 'UTF8'),
    sum(2 + 2 * i.rows)::integer, bool_or(m.country <> 'HK' or s.country <> 'HK'), array_agg(m.id), array_agg(s.id)
from (select * from trade_order order by placed_at, id limit 20) o
join member m on m.id = o.buyer_id
join member s on s.id = o.seller_id
cross join lateral (
    select json_agg(json_build_object('quantity', i.quantity, 'unitPrice', i.unit_price::text,
        'product', json_build_object('title', p.title)) order by i.line) as items, count(*) as rows
    from order_item i join product p on p.id = i.product_id
    where i.order_id = o.id) i"""

_DEEP = """
select convert_to(json_build_object('member', json_build_object('name', name_in_part(m),
    'purchases', json_build_object('nodes', purchases.nodes)))::text, 'UTF8'),
    1 + purchases.rows, m.country <> 'HK' or purchases.abroad, array[m.id], purchases.sellers, purchases.owners
from member m
cross join lateral (
    select json_agg(json_build_object('total', o.total::text, 'items', i.items) order by o.placed_at, o.id) as nodes,
        sum(1 + 4 * i.rows)::integer as rows, bool_or(s.country <> 'HK' or i.abroad) as abroad,
        array_agg(s.id) as sellers, string_to_array(string_agg(i.owners, ','), ',')::bigint[] as owners
    from (select * from trade_order where buyer_id = m.id order by placed_at, id limit 10) o
    join member s on s.id = o.seller_id
    cross join lateral (
        select json_agg(json_build_object('quantity', i.quantity, 'product', json_build_object('title', p.title,
            'company', json_build_object('name', c.name, 'owner', json_build_object(
                'name', name_in_part(w), 'country', w.country)))) order by i.line) as items,
            count(*) as rows, bool_or(w.country <> 'HK') as abroad, string_agg(w.id::text, ',') as owners
        from order_item i join product p on p.id = i.product_id join company c on c.id = p.company_id
        join member w on w.id = c.owner_id
        where i.order_id = o.id) i) purchases
where m.id = $1"""

_LIST = """
select convert_to(json_build_object('members', json_build_object('nodes', json_agg(json_build_object(
    'name', name_in_part(m), 'email', email_in_part(m), 'city', m.city, 'country', m.country)
    order by m.registered_at, m.id)))::text, 'UTF8'),
    count(*)::integer, bool_or(m.country <> 'HK'), array_agg(m.id)
from (select * from member where (registered_at, id) > (to_timestamp($1), $2::bigint)
      order by registered_at, id limit 100) m"""

_Values = Callable[[dict[str, Any]], Sequence[Any]]


class _Ledger:
    """Adds records in batches."""

    def __init__(self) -> None:
        self._waiting: Queue[tuple[tuple[Any, ...], Future[None]]] = Queue()
        self._adding: list[Task[None]] = []

    def start(self, pool: Any) -> None:
        self._adding = [asyncio.create_task(self._add(pool)) for _ in range(_SESSIONS)]

    def stop(self) -> None:
        for each in self._adding:
            each.cancel()

    async def record(self, *values: Any) -> None:
        """Returns once the record is durable."""
        added: Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((values, added))
        await added

    async def _add(self, pool: Any) -> None:
        async with pool.acquire() as connection:
            statement = await connection.prepare(_RECORD)
            while True:
                batch = [await self._waiting.get()]
                while not self._waiting.empty() and len(batch) < _BATCH:
                    batch.append(self._waiting.get_nowait())
                try:
                    rows = await statement.fetch(*zip(*(values for values, _ in batch), strict=True))
                    if len(rows) != len(batch):
                        raise RuntimeError("the table did not take every record")
                except Exception as error:  # noqa: BLE001 - whatever it is, no answer leaves
                    for _, added in batch:
                        added.set_exception(error)
                else:
                    for _, added in batch:
                        if not added.done():
                            added.set_result(None)


def _record_id() -> str:
    """UUID version 7."""
    moment, chance = time.time_ns() // 1_000_000, os.urandom(10).hex()
    return f"{moment >> 16:08x}-{moment & 0xFFFF:04x}-7{chance[:3]}-8{chance[3:6]}-{chance[6:18]}"


def _persons(groups: Iterable[Iterable[int]], shown: Sequence[str]) -> tuple[str, str]:
    """The persons once each, as an array, and the classes of what each was shown: once, if all have the same.

    A group has the persons of one part in the answer, and `shown` the classes of each part.
    """
    classes: dict[int, str] = {}
    for persons, each in zip(groups, shown, strict=True):
        for person in persons:
            known = classes.get(person)
            if known is None:
                classes[person] = each
            elif known != each:
                classes[person] = ".".join(sorted({*known.split("."), *each.split(".")}))
    texts = set(classes.values())
    return f"{{{','.join(map(str, classes))}}}", texts.pop() if len(texts) == 1 else " ".join(classes.values())


def _route(name: str, written: str, values: _Values, shown: Sequence[str]) -> Route:
    """`shown` has the classes of each group of persons that the statement returns."""
    statement, operation = masked(written), name.capitalize()
    plan = md5(name.encode(), usedforsecurity=False).hexdigest()

    async def answered(request: Request) -> Response:
        given = msgspec.json.decode(await request.body())["variables"]
        state = request.app.state
        data, rows, cross_border, *groups = await state.pool.fetchrow(statement, *values(given))
        subjects, classes = _persons(groups, shown)
        await state.ledger.record(
            *(_record_id(), request.headers["requester"], plan, operation, subjects, classes, rows, cross_border)
        )
        return Response(data, media_type="application/json")

    return Route(f"/{name}", answered, methods=["POST"])


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncGenerator[None]:
    sessions: Mapping[str, Any] = {"reset": no_reset, "server_settings": {"timezone": "UTC"}}
    reading: Awaitable[Any] = asyncpg.create_pool(os.environ["DATABASE"], min_size=10, max_size=10, **sessions)
    adding: Awaitable[Any] = asyncpg.create_pool(
        os.environ["DATABASE"], min_size=_SESSIONS, max_size=_SESSIONS, **sessions
    )
    application.state.pool, pool = await reading, await adding
    application.state.ledger = ledger = _Ledger()
    ledger.start(pool)
    yield
    ledger.stop()
    await pool.close()
    await application.state.pool.close()


def create() -> Starlette:
    return Starlette(
        lifespan=_lifespan,
        routes=[
            _route("point", _POINT, lambda given: [given["id"]], ["0.1", "0"]),
            _route("page", _PAGE, lambda _: [], ["0.1.3", "0.2.3"]),
            _route("deep", _DEEP, lambda given: [given["id"]], ["0.1.5", "1.5", "0.2.3.4"]),
            _route("list", _LIST, lambda given: given["after"], ["0.1"]),
            Route("/health/ready", ready),
        ],
    )
