"""The embedded PostgreSQL: one living owner at a time, nothing left running, nothing lost, nothing in its log."""

import asyncio
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from gateway.demo.embedded import (
    Cluster,
    CouldNotStart,
    InUse,
    NotRunning,
    programs,
    running,
    running_cluster,
    start,
    stop,
)

SECRET = "rosa@example.org"
LONGEST_SOCKET_PATH = 103
"""Bytes; macOS's bound. Linux has four more."""

OWNER = """
import sys, time
from pathlib import Path
from gateway.demo import embedded
print(embedded.start(Path(sys.argv[1])).url, flush=True)
time.sleep(60)
"""


class Connection(Protocol):
    async def fetchval(self, query: str) -> object: ...

    async def close(self) -> None: ...


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Generator[Cluster]:
    """A server whose directory's path is longer than a socket's may be, and whose options ask for more than it grants."""
    options = {"work_mem": "7MB", "jit": "on", "listen_addresses": "*", "log_min_messages": "info"}
    with running(tmp_path_factory.mktemp("long") / ("long" * 30), options) as cluster:
        yield cluster


def test_stopping_leaves_nothing_running_and_keeps_the_data(tmp_path: Path) -> None:
    first = start(tmp_path / "new" / "cluster")
    ask(first, "create table kept as select 7 as number")
    server = server_of(first)
    folder = socket_folder(first)
    stop(first)
    stop(first)
    assert not alive(server)
    assert not folder.exists()
    with running(tmp_path / "new" / "cluster") as second:
        assert ask(second, "select number from kept") == "7"


def test_asyncpg_psql_and_pgbench_take_the_url(served: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGPORT", "PGHOST", "PGUSER", "PGDATABASE"):
        monkeypatch.setenv(name, "7")
    assert asyncio.run(asked_by_asyncpg(served.url)) == "veil"
    assert ask(served, "select current_database()") == "veil"
    pgbench = [programs() / "pgbench", "--no-vacuum", "--transactions=1", "--file=/dev/stdin", served.url]
    assert subprocess.run(pgbench, input=b"select 1;", capture_output=True, check=False).returncode == 0


def test_a_path_longer_than_a_socket_s_may_be_does_no_harm(served: Cluster) -> None:
    socket = socket_folder(served) / ".s.PGSQL.5432"
    assert len(bytes(served.directory)) > LONGEST_SOCKET_PATH
    assert socket.is_socket()
    assert len(bytes(socket)) <= LONGEST_SOCKET_PATH


def test_there_is_no_way_in_but_the_socket_with_the_password(served: Cluster) -> None:
    assert not ask(served, "show listen_addresses")
    assert ask(served, "select distinct auth_method from pg_hba_file_rules") == "scram-sha-256"
    assert private(socket_folder(served))
    assert private(served.directory / "password")
    assert private(served.directory / "server.log")
    assert (served.directory / "password").read_text() not in repr(served)


def test_a_commit_is_on_disk_and_the_same_words_sort_the_same_everywhere(served: Cluster) -> None:
    for durable in ("fsync", "full_page_writes", "synchronous_commit"):
        assert ask(served, f"show {durable}") == "on"
    words = "select string_agg(word, ' ' order by word) from unnest(array['é', 'z', 'Z', 'a']) as word"
    assert ask(served, words) == "Z a z é"
    assert ask(served, "select upper('é') || current_setting('timezone')") == "ÉUTC"


def test_options_add_to_ours_or_replace_them_but_open_nothing(served: Cluster) -> None:
    assert ask(served, "show work_mem") == "7MB"
    assert ask(served, "show jit") == "on"
    assert ask(served, "show max_connections") == "60"
    assert ask(served, "show log_min_messages") == "log"


def test_the_server_s_log_holds_no_value_and_no_statement(served: Cluster) -> None:
    ask(served, f"create table member (email text primary key); insert into member values ('{SECRET}')")
    for error in (
        f"insert into member values ('{SECRET}')",
        f"select '{SECRET}'::integer",
        f"do $$ begin raise warning '{SECRET}'; end $$; select 1/0",
        # The whole server starts anew, and would log the statement of its killed process.
        f"copy (select pg_backend_pid()) to program 'kill -9 $(cat) # {SECRET}'",
    ):
        refuse(served, error)
    log_file = served.directory / "server.log"
    wait_for(lambda: log_file.read_text().count("ready to accept connections") == 2)
    log = log_file.read_text()
    assert "terminated by signal 9" in log
    for word in (SECRET, "member", "kill -9"):
        assert word not in log


def test_the_server_of_a_killed_owner_is_ended_and_its_data_kept(tmp_path: Path) -> None:
    with owner(tmp_path) as process:
        left = running_cluster(tmp_path)
        ask(left, "create table kept as select 7 as number")
        server, folder = server_of(left), socket_folder(left)
        process.kill()
        process.wait()
        assert alive(server)
        with running(tmp_path) as cluster:
            assert not alive(server)
            assert not folder.exists()
            assert ask(cluster, "select number from kept") == "7"


def test_a_second_living_owner_is_refused_and_a_third_finds_the_server(tmp_path: Path) -> None:
    with owner(tmp_path) as process:
        with pytest.raises(InUse, match=f"is run by process {process.pid}; stop that process"):
            start(tmp_path)
        cluster = running_cluster(tmp_path)
        assert ask(cluster, "select 7") == "7"
        with pytest.raises(InUse, match=f"process {process.pid}"):
            stop(cluster)
        # In a session of its own, no terminal of the owner's reaches it.
        assert os.getsid(server_of(cluster)) == server_of(cluster)


def test_where_nothing_runs_nothing_is_running_cluster(tmp_path: Path) -> None:
    with pytest.raises(NotRunning, match="start it first"):
        running_cluster(tmp_path / "never")
    assert not (tmp_path / "never").exists()
    stop(start(tmp_path))
    with pytest.raises(NotRunning):
        running_cluster(tmp_path)


def test_data_half_made_by_a_killed_owner_is_made_anew(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", OWNER, tmp_path], stdout=subprocess.DEVNULL)
    with process:
        wait_for(lambda: (tmp_path / "data.unfinished" / "PG_VERSION").exists() or (tmp_path / "data").exists())
        process.kill()
    with running(tmp_path) as cluster:
        assert ask(cluster, "select 7") == "7"
    assert not (tmp_path / "data.unfinished").exists()


def test_a_stranger_who_got_the_number_of_a_dead_server_is_left_alone(tmp_path: Path) -> None:
    stop(start(tmp_path))
    with subprocess.Popen(["sleep", "60"]) as stranger:
        lines = (str(stranger.pid), "data", "0", "5432", "socket", "", "0 0", "ready")
        (tmp_path / "data" / "postmaster.pid").write_text("\n".join(lines))
        with pytest.raises(NotRunning):
            running_cluster(tmp_path)
        with running(tmp_path) as cluster:
            assert ask(cluster, "select 7") == "7"
        assert stranger.poll() is None
        stranger.kill()


def test_a_database_that_was_dropped_is_there_again(tmp_path: Path) -> None:
    with running(tmp_path) as cluster:
        elsewhere = Cluster(directory=cluster.directory, url=cluster.url.replace("/veil?", "/postgres?"))
        ask(elsewhere, "drop database veil")
    with running(tmp_path) as cluster:
        assert ask(cluster, "select current_database()") == "veil"


def test_a_server_that_cannot_start_says_why_and_lets_go(tmp_path: Path) -> None:
    with pytest.raises(CouldNotStart, match=r'unrecognized configuration parameter "nonsense"; see `.*server\.log`'):
        start(tmp_path, {"nonsense": "7"})
    with running(tmp_path):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only for root does PostgreSQL run as somebody else")
def test_root_needs_no_folder_that_others_may_enter(tmp_path: Path) -> None:
    """Neither for the data nor for the programs: here, below a folder for root alone, is a package to be found first."""
    tmp_path.chmod(0o700)
    package = programs().parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("pginstall", "include"))
    with owner(tmp_path / "cluster", {"PYTHONPATH": str(tmp_path)}):
        assert ask(running_cluster(tmp_path / "cluster"), "select 7") == "7"


@contextmanager
def owner(directory: Path, environment: Mapping[str, str] = {}) -> Generator[subprocess.Popen[bytes]]:
    """Another process that has started a server. In the end it is killed, and what it left is cleared away."""
    command = [sys.executable, "-c", OWNER, directory]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **environment}) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            stop(start(directory))


async def asked_by_asyncpg(url: str) -> object:
    # asyncpg does not say itself what it gives.
    connect = cast("Callable[[str], Awaitable[Connection]]", asyncpg.connect)
    connection = await connect(url)
    try:
        return await connection.fetchval("select current_database()")
    finally:
        await connection.close()


def psql(cluster: Cluster, statements: str) -> subprocess.CompletedProcess[str]:
    command = [programs() / "psql", "-XAtq", "--set=ON_ERROR_STOP=1", cluster.url]
    return subprocess.run(command, input=statements, capture_output=True, text=True, check=False)


def ask(cluster: Cluster, statements: str) -> str:
    result = psql(cluster, statements)
    assert not result.stderr
    return result.stdout.strip()


def refuse(cluster: Cluster, statements: str) -> None:
    assert psql(cluster, statements).returncode != 0


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def server_of(cluster: Cluster) -> int:
    return int((cluster.directory / "data" / "postmaster.pid").read_text().splitlines()[0])


def socket_folder(cluster: Cluster) -> Path:
    return Path(parse_qs(urlsplit(cluster.url).query)["host"][0])


def private(path: Path) -> bool:
    return not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def alive(process: int) -> bool:
    """Whether it runs; what only waits to be reaped by a careless parent does not."""
    with suppress(ProcessLookupError, FileNotFoundError):
        os.kill(process, 0)
        status = Path(f"/proc/{process}/status")
        return not Path("/proc/self").exists() or "State:\tZ" not in status.read_text()
    return False
