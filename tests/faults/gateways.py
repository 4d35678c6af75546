"""Gateways in processes of their own, as `veil serve` starts them, and the marketplaces they serve."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from gateway import app
from gateway.database import migration
from gateway.database.owner import owner
from gateway.demo.development import AUDIENCE, ISSUER
from gateway.demo.sample import marketplace
from gateway.policy import in_force
from tests.conftest import LOGIN, PASSWORD, SECRET, silent

READY_SECONDS = 60
"""Seconds a gateway may take until it is ready, on a busy machine."""


async def make_market(url: str, members: int) -> None:
    """A sample marketplace; of no members it is the tables alone."""
    catalog = app.catalog()
    async with owner(url) as connection:
        await migration.migrate(connection, catalog)
        await in_force.ensure_active(connection, catalog)
        if members:
            await marketplace.seed(connection, members=members, seed=7, progress=silent)


async def login(url: str) -> str:
    """The URL by which a gateway connects."""
    async with owner(url) as connection:
        return await migration.create_login(connection, url, LOGIN, PASSWORD)


def environment(database: str, keys: Path, port: int) -> Mapping[str, str]:
    """Nothing but what a gateway must be told."""
    return {
        "VEIL_DATABASE": database,
        "VEIL_KEYS": str(keys),
        "VEIL_ISSUER": ISSUER,
        "VEIL_AUDIENCE": AUDIENCE,
        "VEIL_SECRET": SECRET,
        "VEIL_PORT": str(port),
        "VEIL_REQUEST_LOG": "False",
    }


def _is_worker(process: psutil.Process) -> bool:
    """Whether a process serves. One that was just killed is none any more."""
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


@dataclass(slots=True, kw_only=True)
class VeilServe:
    """`veil serve`, which may be killed and started again. What it logs is added to a file."""

    settings: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings['VEIL_PORT']}"

    def start(self) -> None:
        command = [sys.executable, "-c", "from gateway.cli.main import main; main()", "serve"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env={**os.environ, **self.settings},
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """With all its workers, at once."""
        if self.process:
            with suppress(ProcessLookupError):  # It was killed before.
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def workers(self) -> Sequence[psutil.Process]:
        """What serves. One that is killed is replaced."""
        if self.process is None or self.process.poll() is not None:
            return ()
        return [each for each in psutil.Process(self.process.pid).children() if _is_worker(each)]

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)


@contextmanager
def served(settings: Mapping[str, str], log: Path) -> Generator[VeilServe]:
    """Once it is ready."""
    gateway = VeilServe(settings=settings, log=log)
    gateway.start()
    try:
        wait_until(gateway.is_ready)
        yield gateway
    finally:
        gateway.stop()


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + READY_SECONDS
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("the gateway did not become ready")
        time.sleep(0.05)
