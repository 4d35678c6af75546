"""How what a request costs grows: one thing is made larger, step by step, and Veil is measured at each."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from benchmarks.comparing import Ground, loaded
from benchmarks.contending import Chosen, own_load, veil_question
from benchmarks.markets import Market, settings
from benchmarks.measuring import Load, Measured
from benchmarks.personas import OPERATOR, Persona
from benchmarks.places import Server, python_server
from benchmarks.plots import Panel, drawn
from benchmarks.rounds import Pace
from benchmarks.workloads import Workload, common

Points = Sequence[tuple[float, Measured]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What was measured of one growth: by line, what it grew to and what that cost."""

    name: str
    title: str
    across: str
    logarithmic: bool
    lines: Mapping[str, Points]
    notes: Sequence[str] = ()

    def picture(self) -> str:
        """Requests per second, and microseconds: of waiting where connections grow, else of CPU."""
        throughput = {name: [(x, each.per_second) for x, each in points] for name, points in self.lines.items()}
        times = self._latencies() if self.name == "connections" else self._costs()
        return drawn(
            [
                self._panel(f"{self.title}: requests/s", throughput),
                self._panel("p50 and p99, µs" if self.name == "connections" else "CPU a request, µs", times),
            ]
        )

    def _panel(self, title: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> Panel:
        return Panel(title=title, across=self.across, lines=lines, logarithmic=self.logarithmic)

    def _latencies(self) -> Mapping[str, Sequence[tuple[float, float]]]:
        figures: Mapping[str, Callable[[Measured], float]] = {
            "p50": lambda each: each.p50,
            "p99": lambda each: each.p99,
        }
        return self._each(figures)

    def _costs(self) -> Mapping[str, Sequence[tuple[float, float]]]:
        figures: Mapping[str, Callable[[Measured], float]] = {
            "server": lambda each: each.server or 0,
            "PostgreSQL": lambda each: each.database,
        }
        return self._each(figures)

    def _each(self, figures: Mapping[str, Callable[[Measured], float]]) -> Mapping[str, Sequence[tuple[float, float]]]:
        return {
            f"{name}, {figure}": [(x, value(each)) for x, each in points]
            for name, points in self.lines.items()
            for figure, value in figures.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """What the curves are measured with."""

    ground: Ground
    pace: Pace
    rows: Chosen

    def at(self, server: Server, load: Load, *, connections: int | None = None) -> Measured:
        """One point, once every request of the load was sent before; of its rounds the one with the median throughput."""
        run = loaded(server, load, self.ground, connections or self.pace.connections)
        seconds = min(2.0, self.pace.seconds)
        sent = 0.0
        while sent < len(load.requests):
            sent += run(seconds).per_second * seconds
        rounds = sorted((run(self.pace.seconds) for _ in range(self.pace.rounds)), key=lambda each: each.per_second)
        return rounds[len(rounds) // 2]

    @contextmanager
    def veil(self, *, workers: int = 1) -> Generator[Server]:
        """A gateway over the market."""
        environment = settings(self.ground.market, self.ground.inside.key)
        with python_server("Veil", "gateway.app:create", environment, workers=workers) as server:
            yield server

    def over(self, market: Market) -> "Growing":
        """The same over another market."""
        ground = replace(self.ground, market=market)
        return replace(self, ground=ground, rows=ground.rows())

    def load(self, server: Server, name: str, persona: Persona = OPERATOR) -> Load:
        """A common workload, as Veil is asked it."""
        question = veil_question(self.ground.inside, server, common(name, persona), self.rows)
        return Load(requests=list(question.requests()))

    def asking(self, *documents: str, persona: Persona = OPERATOR) -> Load:
        """Documents without variables, in turn."""
        workload = Workload(name="", asks="", documents=[(persona, each) for each in documents])
        return own_load(self.ground.inside.key, workload)
