"""`python -m tests.gateway.database.mixing MODE REQUESTS`: mixed requesters behind a pooler, each answer compared.

Every request gets the answer it gets alone and without a pooler, and has a record of its own.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from gateway import app
from gateway.database.address import Pooler
from gateway.demo.development import DevelopmentKey
from tests.conftest import Asking, run
from tests.gateway.database.poolers import pooler, served_behind
from tests.gateway.database.servers import Server, make_marketplace, served
from tests.gateway.test_pipeline import Asked, Got, all_at_once, drawn, records

POOL = 3
"""Sessions of PostgreSQL that all of the gateway's share."""

OWN = 8
"""Sessions where each of the gateway's has one: four that read, two that record, and two to spare."""

AT_ONCE = 32
CHUNK = 500
"""Requests before the clients connect anew: the server closes a connection that was idle for five seconds."""


def alone(gateway: Asking, asked: Sequence[Asked]) -> dict[Asked, Got]:
    """The answer each gets alone."""
    different = list(dict.fromkeys(asked))
    return dict(zip(different, asyncio.run(all_at_once(gateway, different, at_once=1)), strict=True))


def mixed_up(gateway: Asking, asked: Sequence[Asked], expected: dict[Asked, Got]) -> tuple[int, int]:
    """How many answers are another's, and how many have no record."""
    got: list[Got] = []
    for start in range(0, len(asked), CHUNK):
        got += asyncio.run(all_at_once(gateway, asked[start : start + CHUNK], at_once=AT_ONCE))
    others = sum(
        (each.status, each.answer) != (expected[by].status, expected[by].answer)
        for by, each in zip(asked, got, strict=True)
    )
    return others, len(asked) - len(records(gateway, got))


def main(mode: str, requests: int) -> tuple[int, int]:
    key, asked = DevelopmentKey.generate(), drawn(requests)
    with tempfile.TemporaryDirectory() as directory, ExitStack() as ending:
        key_file = Path(directory) / "keys.json"
        key_file.write_text(json.dumps(key.key_set()))
        server = Server(Path(directory) / "postgres")
        ending.callback(server.stop)
        run(server.cluster.url, lambda connection: make_marketplace(connection, app.catalog()))
        with served(server, key, key_file) as gateway:
            expected = alone(gateway, asked)
        port = ending.enter_context(pooler(server, mode, size=POOL if mode == "transaction" else OWN))
        with served_behind(server, port, key, key_file, pooler=Pooler(mode)) as gateway:
            return mixed_up(gateway, asked, expected)


if __name__ == "__main__":
    wrong, unrecorded = main(sys.argv[1], int(sys.argv[2]))
    sys.stdout.write(f"{sys.argv[1]}: {sys.argv[2]} requests, {wrong} mixed up, {unrecorded} without record\n")
    sys.exit(1 if wrong or unrecorded else 0)
