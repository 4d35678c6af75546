"""What breaks: processes are killed, sessions ended, connections cut, and the disk of the ledger is full."""

import os
import random
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from subprocess import DEVNULL
from subprocess import run as run_program
from typing import Final

import psutil

from gateway.demo.embedded import CouldNotStart
from gateway.ledger.records import record_statement
from tests.conftest import run
from tests.faults.gateways import VeilServe
from tests.gateway.database.servers import Server

DISK: Final = "768m"
"""Size of the ledger's disk."""

START_SECONDS: Final = 60

_END_SESSIONS = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'veil'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What can be broken."""

    gateway: VeilServe
    data: Server
    ledger: Server
    disk: Path | None
    """Where the ledger's disk is mounted; none if none could be."""
    chance: random.Random

    def pause(self, most: float) -> None:
        time.sleep(self.chance.uniform(0, most))


@contextmanager
def small_disk(directory: Path) -> Generator[Path | None]:
    """A disk of a size of its own, which root may mount; none for anybody else."""
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(directory)]
    if os.geteuid() != 0 or run_program(mount, stdout=DEVNULL, stderr=DEVNULL, check=False).returncode != 0:
        yield None
        return
    try:
        yield directory
    finally:
        run_program(["umount", "--lazy", str(directory)], check=False)


def start_again(server: Server) -> None:
    """Until it starts: sessions of a killed one may live on for a moment."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            server.start()
        except CouldNotStart:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def is_running(server: Server) -> bool:
    try:
        return run(server.cluster.url, lambda connection: connection.fetchval("select true"))
    except Exception:  # noqa: BLE001 - however it fails, it does not run
        return False


def _kill_gateway(ground: Ground) -> None:
    ground.gateway.kill()
    ground.gateway.start()


def _kill_worker(ground: Ground) -> None:
    if workers := ground.gateway.workers():
        with suppress(psutil.NoSuchProcess):
            ground.chance.choice(workers).kill()


def _end_sessions(server: Server) -> None:
    # The server itself may be starting.
    if is_running(server):
        run(server.cluster.url, lambda connection: connection.fetchval(_END_SESSIONS))


def _kill(ground: Ground, server: Server) -> None:
    server.kill()
    ground.pause(1)
    start_again(server)


def _stop(ground: Ground, server: Server) -> None:
    server.stop()
    ground.pause(1)
    start_again(server)


def _silence(ground: Ground) -> None:
    ground.ledger.relay.silent = True
    ground.pause(2)
    ground.ledger.relay.silent = False


def _lose_answer(ground: Ground) -> None:
    """The records of a batch are committed, and nobody is told."""
    ground.ledger.relay.loses_answer_to = (
        sha256(record_statement("bigint", "bigint").sql.encode()).hexdigest()[:32].encode()
    )


def _fill_disk(ground: Ground) -> None:
    assert ground.disk
    filler = ground.disk / "filler"
    with suppress(OSError), filler.open("wb") as file:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while file.write(bytes(size)):
                    file.flush()
    ground.pause(3)
    filler.unlink()
    if not is_running(ground.ledger):
        # Without space for its log of changes PostgreSQL ends.
        ground.ledger.stop()
        start_again(ground.ledger)


FAULTS: Final[Mapping[str, Callable[[Ground], None]]] = {
    "the gateway was killed": _kill_gateway,
    "a worker was killed": _kill_worker,
    "sessions that read were ended": lambda ground: _end_sessions(ground.data),
    "sessions of the ledger were ended": lambda ground: _end_sessions(ground.ledger),
    "the PostgreSQL of the data was killed": lambda ground: _kill(ground, ground.data),
    "the PostgreSQL of the data was stopped": lambda ground: _stop(ground, ground.data),
    "the PostgreSQL of the ledger was killed": lambda ground: _kill(ground, ground.ledger),
    "the PostgreSQL of the ledger was stopped": lambda ground: _stop(ground, ground.ledger),
    "connections to the data were cut": lambda ground: ground.data.relay.cut(),
    "connections to the ledger were cut": lambda ground: ground.ledger.relay.cut(),
    "the ledger was silent": _silence,
    "an answer of the ledger was lost": _lose_answer,
    "the disk of the ledger was full": _fill_disk,
}
"""What may happen, told as it has happened."""

NEEDS_DISK: Final = "the disk of the ledger was full"


def mend(ground: Ground) -> None:
    """All runs again."""
    ground.ledger.relay.silent = False
    ground.ledger.relay.loses_answer_to = None
    for server in (ground.data, ground.ledger):
        if not is_running(server):
            server.stop()
            start_again(server)
    if ground.gateway.process is None or ground.gateway.process.poll() is not None:
        ground.gateway.start()
