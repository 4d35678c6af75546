"""Seals a demo's log while it serves, in a thread of its own, with a key in the demo's directory."""

import asyncio
import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from gateway.database.owner import OwnerError, owner
from gateway.log.keeping import keep
from gateway.log.signing import Signer, SigningKey, write_key
from gateway.log.snapshot import LogError

LOG_NAME: Final = "veil.demo/access-log"

_LOOK_SECONDS: Final = 0.1
"""Between two looks whether the demo has ended."""


@contextmanager
def sealing(url: str, directory: Path) -> Generator[None]:
    """Keeps the log of the database, whose owner has this URL, until the context ends."""
    signer, ended = demo_signer(directory), threading.Event()

    def work() -> None:
        try:
            asyncio.run(_keep_until(ended, url, signer, directory / "checkpoint"))
        except (LogError, OwnerError) as error:
            logging.getLogger(__name__).warning("the log is not sealed: %s", error)

    thread = threading.Thread(target=work, daemon=True, name="veil log keep")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=5)


async def _keep_until(ended: threading.Event, url: str, signer: Signer, file: Path) -> None:
    async with owner(url) as connection:
        keeping = asyncio.create_task(keep(connection, signer, file))
        while not ended.is_set() and not keeping.done():  # noqa: ASYNC110 - the event is another thread's
            await asyncio.sleep(_LOOK_SECONDS)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


def demo_signer(directory: Path) -> Signer:
    """The key of a demo's log, created on first use."""
    file = directory / "log-key"
    if not file.exists():
        directory.mkdir(parents=True, exist_ok=True)
        write_key(file, SigningKey.generate(LOG_NAME))
    return Signer.in_file(file)
