"""A standby of a test's own: a copy of another server that follows it."""

import os
import shutil
import subprocess
from pathlib import Path

from gateway.demo import embedded
from tests.conftest import run
from tests.gateway.database.servers import Server, wait_for


def standby_of(primary: Server, directory: Path) -> Server:
    """A server that follows `primary`, whose commits wait for it from now on."""
    directory.mkdir(mode=0o700)
    data = directory / "data"
    # `--write-recovery-conf` makes the copy a standby of the server it was copied from.
    copy = [embedded.programs() / "pg_basebackup", "--dbname", primary.cluster.url, "--pgdata", data]
    subprocess.run([*copy, "--write-recovery-conf", "--checkpoint", "fast"], check=True)
    _give(data, primary.cluster.directory / "data")
    shutil.copy(primary.cluster.directory / "password", directory)
    standby = Server(directory)
    wait_for(lambda: _following(primary, "streaming"))
    _run(primary, "alter system set synchronous_standby_names = '*'")
    _run(primary, "select pg_reload_conf()")
    wait_for(lambda: _following(primary, "sync"))
    return standby


def promote(standby: Server) -> None:
    """Waits until it accepts changes."""
    _run(standby, "select pg_promote()")


def _give(data: Path, like: Path) -> None:
    """Files that root copied become the server's."""
    if os.geteuid() == 0:
        status = like.stat()
        for path in (data, *data.rglob("*")):
            os.chown(path, status.st_uid, status.st_gid)


def _run(server: Server, statement: str) -> None:
    run(server.cluster.url, lambda connection: connection.execute(statement))


def _following(primary: Server, state: str) -> bool:
    query = "select exists (select from pg_stat_replication where $1 in (state, sync_state))"
    return run(primary.cluster.url, lambda connection: connection.fetchval(query, state))
