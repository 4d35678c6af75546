"""A change by hand: one statement that updates a member's telephone number and adds the record that Veil makes.

It lets anybody change anything: it knows no token, no policy and no form of a telephone number.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import NAMESPACE_URL, uuid5

import asyncpg
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gateway.ledger.records import record_ids

PLAN = uuid5(NAMESPACE_URL, "change")

_CHANGE = """
with changed as (
    update marketplace.member set phone = $2 where id = $1 returning id
), recorded as (
    insert into veil.access_record (id, requester, role, purpose, policy, plan, operation, outcome, subjects, shown,
        row_count, cross_border)
    select $3, 'benchmark', 'MEMBER', 'self_service', '2012-06-11', $4, 'By hand', 'ANSWERED', array[id], '0', 1, false
    from changed
)
select count(*) from changed"""


async def _changed(request: Request) -> Response:
    given = msgspec.json.decode(await request.body())
    state = request.app.state
    count = await state.pool.fetchval(_CHANGE, given["id"], given["phone"], next(state.ids), str(PLAN))
    return JSONResponse({"changed": count}) if count else JSONResponse({"errors": ["no such member"]})


async def _ready(_request: Request) -> Response:
    return PlainTextResponse("")


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncGenerator[None]:
    application.state.ids = record_ids()
    application.state.pool = await asyncpg.create_pool(
        os.environ["DATABASE"], min_size=10, max_size=10, server_settings={"timezone": "UTC"}
    )
    yield
    await application.state.pool.close()


def create() -> Starlette:
    routes = [Route("/change", _changed, methods=["POST"]), Route("/health/ready", _ready)]
    return Starlette(lifespan=_lifespan, routes=routes)
