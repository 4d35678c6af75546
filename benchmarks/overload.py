"""Too many requests: what one stranger at full rate costs the others, and what is answered of far more than can be.

The server and PostgreSQL have one processor, and whoever sends has another. A probe of its own token asks for one order
twenty times a second, and as often whether the gateway lives: what a single client feels while others ask too much.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import httpx
import psutil

from benchmarks.comparing import Ground
from benchmarks.markets import settings
from benchmarks.personas import OPERATOR, VISITOR, Persona
from benchmarks.places import DIRECTORY, Server, err, memory, python_server
from benchmarks.plots import Panel, drawn
from benchmarks.workloads import OWN
from gateway.demo.development import DevelopmentKey

FACTORS: Final = (0.5, 1, 2, 5, 10)
"""What is due, in times of what can be answered."""

CONNECTIONS: Final = 3_000
"""Connections of an open loop."""

CLOSED: Final = 64
"""Connections of the loop that finds out what can be answered, and of the stranger."""

OTHERS_SHARE: Final = 0.3
"""What the others ask for beside the stranger, of what can be answered."""

NOVEL: Final = 6_000
"""Documents of a stranger who sends none twice: more than a gateway remembers."""

_PROBE_SECONDS: Final = 0.05

_RECOVERED: Final = 0.1
"""Seconds: a probe that takes longer has not recovered."""

_GIVE_UP: Final = "1"
"""Seconds that a request waits for one of the connections."""

_BROWSING: Final = "{ companies(first: 100) { nodes { name country products(first: 10) { nodes { title price } } } } }"

_MIXED: Final = next(each for each in OWN if each.name == "mixed")

SENDER, SERVERS = 0, 1
"""Processors."""

Figures = Mapping[str, Any]
"""As `python -m benchmarks load --json` prints them."""


class Asked(NamedTuple):
    """A request of the probe for an order."""

    began: float
    took: float
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a single client felt. Seconds, and times since 1970."""

    asked: Sequence[Asked]
    live: Sequence[float]
    memory: float
    """MiB of the server, at most."""

    @property
    def answered(self) -> Sequence[float]:
        """Seconds of each answer."""
        return [each.took for each in self.asked if each.is_answered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One load of the overload."""

    factor: float
    figures: Figures
    probed: Probed
    recovery: float
    """Seconds from the end of the load until the probe is answered as fast as usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overload:
    """All loads, and what a closed loop gets answered a second."""

    capacity: float
    steps: Sequence[Step]

    def picture(self) -> str:
        def line(name: str) -> Sequence[tuple[float, float]]:
            return [(each.factor, each.figures[name]) for each in self.steps]

        def lives(share: float) -> Sequence[tuple[float, float]]:
            return [(each.factor, 1000 * quantile(each.probed.live, share)) for each in self.steps]

        answered = {"answered": line("answered_per_second"), "within 1 s": line("answered_within_a_second")}
        waits = {
            "answered, p50": [(each.factor, each.figures["milliseconds"]["p50"]) for each in self.steps],
            "answered, p99": [(each.factor, each.figures["milliseconds"]["p99"]) for each in self.steps],
            "live, p99": lives(0.99),
        }
        across = "requests due, in times of what can be answered"
        return drawn(
            [
                Panel(title="Overload: answers a second", across=across, lines=answered, logarithmic=True),
                Panel(title="ms", across=across, lines=waits, logarithmic=True),
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The others, alone and beside a stranger, round by round; and what became of the stranger."""

    alone: Sequence[Figures]
    beside: Sequence[Figures]
    stranger: Sequence[Figures]


Starvation = Mapping[str, Beside]
"""By what the stranger does."""


# What is sent.


def _question(key: DevelopmentKey, persona: Persona, query: str) -> Mapping[str, str]:
    headers = persona.headers(key)
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    return {"query": query, "purpose": headers["Access-Purpose"]} | ({"token": token} if token else {})


def _written(name: str, questions: Sequence[Mapping[str, str]]) -> Path:
    file = DIRECTORY / f"{name}.json"
    file.write_text(json.dumps(questions), "utf-8")
    return file


def _start(server: Server, file: Path, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks", "load", server.address, str(file), "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    os.sched_setaffinity(process.pid, {SENDER})
    return process


def _figures(process: "subprocess.Popen[bytes]") -> Figures:
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit("the load ended in an error")
    return json.loads(output)


def _pinned(process: int) -> None:
    first = psutil.Process(process)
    for each in (first, *first.children(recursive=True)):
        for thread in each.threads():
            os.sched_setaffinity(thread.id, {SERVERS})


@contextmanager
def _veil(ground: Ground, **environment: str) -> Generator[Server]:
    """A gateway with PostgreSQL on one processor. Its lines would be read by nobody."""
    known = {**settings(ground.market, ground.inside.key), "VEIL_REQUEST_LOG": "false", **environment}
    with python_server("Veil", "gateway.app:create", known) as server:
        _pinned(ground.database)
        _pinned(server.process)
        yield server


# The probe.


class _Probe(threading.Thread):
    """Asks on and on until it is stopped."""

    def __init__(self, server: Server, headers: Mapping[str, str]) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._headers = dict(headers)
        self._stopped = threading.Event()
        self._asked: list[Asked] = []
        self._live: list[float] = []
        self._memory = 0.0

    def run(self) -> None:
        os.sched_setaffinity(threading.get_native_id(), {SENDER})
        with httpx.Client(base_url=self._server.address, timeout=30) as client:
            while not self._stopped.wait(_PROBE_SECONDS):
                began = time.time()
                body = {"query": 'query Probe { order(id: "Order:5") { status total } }'}
                response = client.post("/graphql", json=body, headers=self._headers)
                self._asked.append(Asked(began, time.time() - began, response.status_code == 200))
                began = time.time()
                client.get("/health/live")
                self._live.append(time.time() - began)
                self._memory = max(self._memory, memory(self._server.process))

    def stop(self) -> Probed:
        self._stopped.set()
        self.join()
        return Probed(asked=self._asked, live=self._live, memory=self._memory)


def _probe(server: Server, ground: Ground) -> _Probe:
    token = ground.inside.key.sign(OPERATOR.role, [OPERATOR.purpose], sub="probe", now=time.time())
    probe = _Probe(server, {"Access-Purpose": OPERATOR.purpose.value, "Authorization": f"Bearer {token}"})
    probe.start()
    return probe


def quantile(every: Sequence[float], share: float) -> float:
    ordered = sorted(every)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# Overload.


def measure_overload(ground: Ground, seconds: float) -> Overload:
    """Open loops of more and more requests, each after a pause."""
    key = ground.inside.key
    file = _written("mixed", [_question(key, persona, document) for persona, document in _MIXED.documents])
    with _veil(ground) as server:
        closed = ("--connections", str(CLOSED), "--seconds")
        _figures(_start(server, file, *closed, "5"))
        capacity = _figures(_start(server, file, *closed, str(seconds)))["answered_per_second"]
        steps = [_step(ground, server, file, (factor, capacity, seconds)) for factor in FACTORS]
    return Overload(capacity=capacity, steps=steps)


def _step(ground: Ground, server: Server, file: Path, load: tuple[float, float, float]) -> Step:
    factor, capacity, seconds = load
    err.print(f"overload: {factor:g} times {capacity:,.0f} a second", highlight=False)
    time.sleep(3)
    probe = _probe(server, ground)
    rate = str(factor * capacity)
    options = ("--rate", rate, "--connections", str(CONNECTIONS), "--give-up", _GIVE_UP, "--seconds", str(seconds))
    output = _figures(_start(server, file, *options))
    time.sleep(max(0.0, output["ended"] + 3 - time.time()))
    probed = probe.stop()
    slow = [each.began + each.took for each in probed.asked if not each.is_answered or each.took > _RECOVERED]
    late = [each for each in slow if each > output["ended"]]
    return Step(
        factor=factor, figures=output, probed=probed, recovery=max(late, default=output["ended"]) - output["ended"]
    )


# Starvation.


def measure_starvation(ground: Ground, seconds: float, rounds: int) -> Starvation:
    """The others by turns alone and beside a stranger, with the limits that a gateway has by default."""
    key = ground.inside.key
    others = [_question(key, persona, text) for persona, text in _MIXED.documents if persona is not VISITOR]
    novel = [f"{{ companies(first: 1) {{ nodes {{ a{number}: name country }} }} }}" for number in range(NOVEL)]
    strangers = {
        "one document of 1,100 rows, again and again": [_BROWSING],
        "documents never seen": novel,
    }
    defaults = {"VEIL_COST_RATE": "1000000 PUBLIC=20000", "VEIL_COMPILE_RATE": "0.25 PUBLIC=0.05"}
    file = _written("others", others)
    found: dict[str, Beside] = {}
    for name, documents in strangers.items():
        err.print(f"starvation: {name}", highlight=False)
        stranger = _written("stranger", [_question(key, VISITOR, each) for each in documents])
        with _veil(ground, **defaults) as server:
            _figures(_start(server, file, "--seconds", "5"))
            capacity = _figures(_start(server, file, "--connections", str(CLOSED), "--seconds", "4"))
            rate = str(OTHERS_SHARE * capacity["answered_per_second"])
            every = [_round(server, (file, stranger), rate, seconds) for _ in range(rounds)]
        found[name] = Beside(
            alone=[each[0] for each in every], beside=[each[1] for each in every], stranger=[each[2] for each in every]
        )
    return found


def _round(server: Server, files: tuple[Path, Path], rate: str, seconds: float) -> tuple[Figures, Figures, Figures]:
    """The others alone; the others beside the stranger; the stranger."""
    others = ("--rate", rate, "--connections", "200", "--seconds", str(seconds))
    alone = _figures(_start(server, files[0], *others))
    stranger = _start(server, files[1], "--connections", str(CLOSED), "--seconds", str(seconds + 3))
    time.sleep(1.5)
    beside = _figures(_start(server, files[0], *others))
    return alone, beside, _figures(stranger)


# What is written.


def overload_lines(found: Overload) -> Sequence[Sequence[str]]:
    """A row for each load."""
    return [
        (
            f"{each.factor:g} ×",
            f"{each.factor * found.capacity:,.0f}",
            f"{each.figures['answered_per_second']:,.0f}",
            f"{each.figures['answered_within_a_second']:,.0f}",
            f"{each.figures['milliseconds']['p50']:,.0f}",
            f"{each.figures['milliseconds']['p99']:,.0f}",
            f"{1000 * quantile(each.probed.answered, 0.5):,.0f}",
            f"{1000 * quantile(each.probed.live, 0.99):,.0f}",
            f"{each.probed.memory:,.0f}",
            f"{each.recovery:.2f}",
        )
        for each in found.steps
    ]


OVERLOAD_HEAD: Final = (
    *("load", "due/s", "answered/s", "of those within 1 s", "p50 ms", "p99 ms"),
    *("probe p50 ms", "live p99 ms", "MiB", "recovery s"),
)

STARVATION_HEAD: Final = (
    *("the stranger sends", "others' p50 ms alone", "beside", "others' p99 ms alone", "beside", "times"),
    *("stranger answered/s", "refused/s"),
)


def starvation_lines(found: Starvation) -> Sequence[Sequence[str]]:
    """A row for each stranger: medians of the rounds."""
    return [(name, *_beside(each)) for name, each in found.items()]


def _beside(found: Beside) -> Sequence[str]:
    def of(every: Sequence[Figures], share: str) -> float:
        return median(each["milliseconds"][share] for each in every)

    times = median(
        b["milliseconds"]["p99"] / a["milliseconds"]["p99"] for a, b in zip(found.alone, found.beside, strict=True)
    )
    refused = median(each["requests"].get("RATE_LIMITED", 0) / each["seconds"] for each in found.stranger)
    answered = median(each["answered_per_second"] for each in found.stranger)
    waits = [f"{of(every, share):,.1f}" for share in ("p50", "p99") for every in (found.alone, found.beside)]
    return (*waits, f"{times:.2f}", f"{answered:,.0f}", f"{refused:,.0f}")
