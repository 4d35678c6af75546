"""What a load costs: requests per second and latency by `wrk`, CPU time by the operating system, process by process.

The requests are written out beforehand, whole, and `wrk` sends them in turn: it has nothing to make or to think of.
"""

import hashlib
import json
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.places import DIRECTORY, Server, cpu, memory

_TURN = DIRECTORY / "turn"

NUMBERED = "NUMBERED"
"""Stands in a request for a number of as many digits, another in each."""

_SCRIPT = """\
local requests = {}
function init(arguments)
  local file = io.open("%s", "rb")
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    requests[#requests + 1] = file:read(length)
  end
end
turn = %d
local number = %d
function request()
  turn = turn %% #requests + 1
  if number == 0 then return requests[turn] end
  number = number + 1
  return (string.gsub(requests[turn], "NUMBERED", string.format("%%08d", number %% 100000000)))
end
local first
function setup(thread)
  first = thread
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %%d %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.status + errors.connect + errors.read + errors.timeout,
    first:get("turn")))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Requests that are sent in turn, each whole; those with `NUMBERED` in them are another each time."""

    requests: Sequence[bytes]

    @property
    def numbered(self) -> bool:
        return any(NUMBERED.encode() in request for request in self.requests)

    @property
    def digest(self) -> str:
        return hashlib.sha256(b"".join(self.requests)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One server under one load. Times in microseconds, memory in MiB; none where there is no such thing."""

    per_second: float
    p50: float
    p99: float
    server: float | None
    """CPU of the server's processes, a request."""
    database: float
    """CPU of all processes of PostgreSQL, a request."""
    memory: float | None
    """Of the largest of the server's processes."""


def raw(path: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> bytes:
    """A `POST` as it goes over the wire."""
    content = json.dumps(body).encode()
    every = {"Host": "localhost", "Content-Type": "application/json", **headers, "Content-Length": str(len(content))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in every.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + content


def wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("`wrk` makes the load: install it, on Debian with `apt-get install wrk`")
    return found


def measure(server: Server, load: Load, database: int, *, connections: int, seconds: float) -> Measured:
    """One run; `database` is the first process of PostgreSQL. Stops when any request failed."""
    script = _written(load)
    command = [wrk(), f"-c{connections}", "-t1", f"-d{max(1, round(seconds))}s", "--timeout=20s", f"-s{script}"]
    before = cpu(server.process), cpu(database)
    output = subprocess.run([*command, server.address], capture_output=True, text=True, check=True).stdout
    after = cpu(server.process), cpu(database)
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", output)
    if not found:
        raise SystemExit(f"wrk did not finish: {output}")
    requests, duration, p50, p99, errors, turn = map(int, found.groups())
    _TURN.write_text(f"{load.digest} {turn}")
    if errors or not requests:
        raise SystemExit(f"{server.name}: {errors} of {requests} requests failed")
    return Measured(
        per_second=requests / duration * 1e6,
        p50=p50,
        p99=p99,
        server=(after[0] - before[0]) / requests * 1e6,
        database=(after[1] - before[1]) / requests * 1e6,
        memory=memory(server.process),
    )


def _written(load: Load) -> Path:
    requests = DIRECTORY / "requests.bin"
    requests.write_bytes(b"".join(b"%d\n%b" % (len(each), each) for each in load.requests))
    script = DIRECTORY / "load.lua"
    # No run goes on where another began: its documents would not be new.
    first = time.time_ns() // 10**4 % 10**8 if load.numbered else 0
    script.write_text(_SCRIPT % (requests, _turn(load), first))
    return script


def _turn(load: Load) -> int:
    """Whose turn it was last: a load that is measured again goes on from there, as if it had never paused."""
    digest, _, turn = _TURN.read_text().partition(" ") if _TURN.exists() else ("", "", "")
    return int(turn) if digest == load.digest else 0
