"""What a new demo's log tells."""

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from gateway import app
from gateway.demo.development import DevelopmentKey
from gateway.demo.first_looks import LookedAt
from gateway.demo.personas import personas
from schema.catalog import Catalog
from schema.policy import policy_file
from tests.conftest import run, settings_for


def test_a_new_demo_has_been_looked_at_by_everybody(
    own_market_url: str, key: DevelopmentKey, key_file: Path, catalog: Catalog
) -> None:
    """By each persona, as itself; nothing is changed by that."""
    cast = personas(key, policy_file.load_policy(catalog.marketplace.first_policy, catalog))
    gateway = LookedAt(app.application(settings_for(own_market_url, key_file)), cast)
    asyncio.run(started_and_stopped(gateway))
    seen = "select distinct purpose from veil.access_record where outcome = 'ANSWERED' and 1 = any (subjects)"
    purposes = {row[0] for row in run(own_market_url, lambda connection: connection.fetch(seen))}
    assert {"account_service", "member_trading", "self_service", "statistical_analysis"} <= purposes
    refused = "select role, purpose from veil.access_record where refusals is not null"
    assert run(own_market_url, lambda connection: connection.fetch(refused)) == []
    assert (
        run(own_market_url, lambda connection: connection.fetchval("select job_title from member where id = 1")) is None
    )


async def started_and_stopped(gateway: LookedAt) -> None:
    """Runs a gateway until it has looked."""
    looked = asyncio.Event()
    messages = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> MutableMapping[str, Any]:
        kind = next(messages)
        if kind == "lifespan.shutdown":
            await looked.wait()
        return {"type": kind}

    async def send(_message: MutableMapping[str, Any]) -> None:
        pass

    serving = asyncio.create_task(gateway({"type": "lifespan", "state": {}}, receive, send))
    while gateway.looking is None:
        await asyncio.sleep(0.01)
    await gateway.looking
    looked.set()
    await serving
