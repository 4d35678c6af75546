"""Where a request's time goes: each stage by itself, in this process, and the statement part by part.

The stages are called as the spine calls them, one request at a time and all from memory, as they are on the hot path.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import uvloop

from benchmarks.comparing import Ground
from benchmarks.contending import chosen
from benchmarks.inside import Inside
from benchmarks.markets import Market, explain
from benchmarks.personas import OPERATOR
from benchmarks.statements import literals
from benchmarks.workloads import PAGE, POINT
from gateway import app
from gateway.database.decisions import PoolSettings
from gateway.database.migration import required_migrations
from gateway.database.pool import Pool
from gateway.http.request import BodyReader, Scope, head, read
from gateway.http.response import Answer, ResponseContext, respond
from gateway.ledger.records import record_ids
from resolvers.compiler import Call
from resolvers.front.document import Request

REPEATED = 2_000
EXPLAINED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Microseconds of each stage of a request, and of each part of its statement."""

    stages: Mapping[str, float]
    parts: Mapping[str, float]


def profile(ground: Ground) -> Mapping[str, Profile]:
    """Of the point and the page, as the operator asks them."""
    order = ground.inside.identity_of(OPERATOR, "Order", chosen(ground.market).orders[0])
    workloads = {"point": (POINT, {"id": order}), "page": (PAGE, {})}
    return {
        name: Profile(
            stages=_run(_stages(ground.inside, ground.market, document, variables)),
            parts=_parts(ground, document, variables),
        )
        for name, (document, variables) in workloads.items()
    }


def _run(stages: Coroutine[Any, Any, Mapping[str, float]]) -> Mapping[str, float]:
    """On the loop that uvicorn serves on."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(stages)


async def _stages(inside: Inside, market: Market, document: str, variables: Mapping[str, Any]) -> Mapping[str, float]:
    body = json.dumps({"query": document, "variables": variables}).encode()
    scope = _scope(inside)
    asking = head(scope)
    requester = await inside.identity.identify(asking.credentials, inside.policy)
    request = Request(document=document, operation_name=None, variables=variables)
    call = inside.compiler.compile(request, requester)
    assert isinstance(call, Call)  # noqa: S101 - the benchmarks only ask
    pool = Pool(_pool_settings(market))
    ids = record_ids()
    await pool.start()

    async def received() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def execute() -> bytes:
        found = await pool.execute(call.statement, call.arguments(requester), cost=call.cost)
        assert found  # noqa: S101 - the policy does not change
        return found["json"]

    answered = Answer(data=await execute(), treatments=call.statement.treatments)
    context = ResponseContext(record=next(ids), policy=inside.policy.version, media_type="application/json")
    stages: Mapping[str, Callable[[], Any]] = {
        "head": lambda: head(scope),
        "identify": lambda: inside.identity.identify(asking.credentials, inside.policy),
        "read": lambda: read(asking, BodyReader(received, limit=100_000)),
        "compile": lambda: inside.compiler.compile(request, requester),
        "execute": execute,
        "respond": lambda: respond(answered, context),
    }
    took = {name: await _timed(stage, time.perf_counter) for name, stage in stages.items()}
    took["of `execute`, in the gateway itself"] = await _timed(execute, time.process_time)
    await pool.stop()
    return took


async def _timed(stage: Callable[[], Any], clock: Callable[[], float]) -> float:
    """Microseconds, of a call among many."""
    began = clock()
    for _ in range(REPEATED):
        made = stage()
        if isinstance(made, Awaitable):
            await made
    return (clock() - began) / REPEATED * 1e6


def _scope(inside: Inside) -> Scope:
    headers = {"host": "localhost", "content-type": "application/json", **OPERATOR.headers(inside.key)}
    return {"method": "POST", "headers": [(name.lower().encode(), text.encode()) for name, text in headers.items()]}


def _pool_settings(market: Market) -> PoolSettings:
    return PoolSettings(
        database=market.gateway,
        size=1,
        timeout=10,
        queue=100,
        batch_wait=0.02,
        batch_calls=64,
        batch_rows=2_000,
        required_migrations=required_migrations(app.marketplace()),
        schema=app.marketplace().schema,
    )


# The statement.


def _parts(ground: Ground, document: str, variables: Mapping[str, Any]) -> Mapping[str, float]:
    """What PostgreSQL itself says it takes, a part each: the medians of many executions, none of them committed."""
    call = ground.inside.call(OPERATOR, document, variables)
    row = call.arguments(ground.inside.requester(OPERATOR))
    plans = explain(ground.market, call.statement.sql, literals(row), EXPLAINED)
    every = [_split(plan) for plan in plans]
    return {part: statistics.median(each[part] for each in every) for part in every[0]}


def _split(explained: Mapping[str, Any]) -> Mapping[str, float]:
    """A part runs when it is first read: what it reads of the part before is taken off."""
    plan = explained["Plan"]
    took = {each["Subplan Name"]: each["Actual Total Time"] * 1000 for each in plan["Plans"] if "Subplan Name" in each}
    in_force, call, answer = (took[f"CTE {name}"] for name in ("in_force", "call", "answer"))
    whole = explained["Execution Time"] * 1000
    return {
        "`in_force`: which policy holds": in_force,
        "`call`: the values": call - in_force,
        "`answer`: read, mask, make JSON": answer - call,
        "the rest of the execution": whole - answer,
    }
