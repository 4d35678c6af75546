"""What a load costs: requests per second and latency by `wrk`, CPU time by the operating system, process by process."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.places import DIRECTORY, Server

_SCRIPT = """\
local ids = {}
for line in io.lines("%s") do ids[#ids + 1] = line end
local n = 0
wrk.method = "POST"
%s
request = function()
  n = n %% #ids + 1
  return wrk.format(nil, nil, nil, (string.gsub([==[%s]==], "IDENTITY", ids[n])))
end
done = function(summary, latency)
  io.write(string.format("RESULT %%d %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout, summary.bytes))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is posted: a body, the ids that take turns in it, the headers."""

    body: str
    ids: Sequence[str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One server under one load. Times in microseconds; memory in MiB."""

    per_second: float
    p50: float
    p99: float
    server: float
    """CPU of the server process, a request."""
    database: float
    """CPU of all processes of PostgreSQL, a request."""
    memory: float


def wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("`wrk` makes the load: install it, on Debian with `apt-get install wrk`")
    return found


def measure(server: Server, load: Load, database: int, *, connections: int, seconds: int) -> Measured:
    """One run; `database` is the process of the postmaster. Stops when any request failed."""
    script = _written(load)
    command = [wrk(), f"-c{connections}", "-t1", f"-d{seconds}s", f"-s{script}", f"{server.address}/graphql"]
    before = _cpu([server.process]), _cpu(_family(database))
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    after = _cpu([server.process]), _cpu(_family(database))
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", output)
    if not found:
        raise SystemExit(f"wrk did not finish: {output}")
    requests, duration, p50, p99, errors = map(int, found.groups())
    if errors or not requests:
        raise SystemExit(f"{server.name}: {errors} of {requests} requests failed")
    return Measured(
        per_second=requests / duration * 1e6,
        p50=p50,
        p99=p99,
        server=(after[0] - before[0]) / requests * 1e6,
        database=(after[1] - before[1]) / requests * 1e6,
        memory=psutil.Process(server.process).memory_info().rss / 2**20,
    )


def _written(load: Load) -> Path:
    ids = DIRECTORY / "ids.txt"
    ids.write_text("\n".join(load.ids) or "-")
    headers = {"Content-Type": "application/json", **load.headers}
    lines = "\n".join(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items())
    script = DIRECTORY / "load.lua"
    script.write_text(_SCRIPT % (ids, lines, load.body))
    return script


def _family(process: int) -> Iterable[int]:
    parent = psutil.Process(process)
    return [parent.pid, *(child.pid for child in parent.children(recursive=True))]


def _cpu(processes: Iterable[int]) -> float:
    """Seconds of CPU time used so far."""
    total = 0.0
    for process in processes:
        try:
            times = psutil.Process(process).cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
