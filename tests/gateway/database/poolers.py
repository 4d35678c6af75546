"""A real PgBouncer in front of a test's own server."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from gateway.demo.development import DevelopmentKey
from gateway.settings import Settings
from tests.conftest import LOGIN, PASSWORD, Asking, Serving, settings_for
from tests.gateway.database.servers import Server

CONFIGURATION = """\
[databases]
veil = host={socket} port=5432 dbname=veil
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
max_client_conn = 200
pool_mode = {mode}
default_pool_size = {size}
{others}
"""


@contextmanager
def pooler(server: Server, mode: str, *, size: int = 4, others: str = "") -> Generator[int]:
    """The port it listens on. Started by root it runs as the server does, because it refuses to run as root."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.fail("PgBouncer is missing: install Debian's package `pgbouncer`")
    assert server.relay.target
    folder, account = Path(tempfile.mkdtemp(prefix="veil-pooler-")), server.relay.target.parent.stat()
    users, configuration, port = folder / "users", folder / "pgbouncer.ini", free_port()
    users.write_text(f'"{LOGIN}" "{PASSWORD}"\n')
    configuration.write_text(
        CONFIGURATION.format(
            socket=server.relay.target.parent, port=port, users=users, mode=mode, size=size, others=others
        )
    )
    for path in (folder, users, configuration):
        os.chown(path, account.st_uid, account.st_gid)
    identity: dict[str, Any] = (
        {"user": account.st_uid, "group": account.st_gid, "extra_groups": ()} if os.geteuid() == 0 else {}
    )
    process = subprocess.Popen([program, "-q", configuration], stderr=subprocess.DEVNULL, **identity)
    try:
        await_port(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def await_port(port: int, process: "subprocess.Popen[Any]") -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    pytest.fail("PgBouncer did not start")


@asynccontextmanager
async def delaying(port: int, words: bytes, seconds: float) -> AsyncGenerator[int]:
    """Relays to a port, and holds back for so long what brings these words."""

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError), closing(writer):
            while piece := await reader.read(65_536):
                if words in piece:
                    await asyncio.sleep(seconds)
                writer.write(piece)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(copy(reader, server_writer), copy(server_reader, writer))

    async with await asyncio.start_server(relay, "127.0.0.1", 0) as listener:
        yield listener.sockets[0].getsockname()[1]
        ended = asyncio.all_tasks() - {asyncio.current_task()}
        for each in ended:
            each.cancel()
        await asyncio.gather(*ended, return_exceptions=True)


def settings_behind(server: Server, port: int, key_file: Path, **others: Any) -> Settings:
    known = settings_for(server.cluster.url, key_file, **others)
    return known.model_copy(update={"database": SecretStr(f"postgresql://{LOGIN}:{PASSWORD}@127.0.0.1:{port}/veil")})


def url_behind(server: Server, port: int, key_file: Path) -> str:
    """Where a login finds the database by a pooler."""
    return settings_behind(server, port, key_file).database.get_secret_value()


@contextmanager
def served_behind(server: Server, port: int, key: DevelopmentKey, key_file: Path, **settings: Any) -> Generator[Asking]:
    """A gateway that reaches the server by a pooler."""
    with Serving(settings_behind(server, port, key_file, **settings)) as address:
        asking = Asking(address, key, server.cluster.url)
        try:
            yield asking
        finally:
            asking.client.close()
