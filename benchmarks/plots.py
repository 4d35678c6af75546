"""Curves as pictures: small SVG files, drawn by hand, the same for the same figures."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

Points = Sequence[tuple[float, float]]

_COLOURS: Final = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b")
_WIDTH, _HEIGHT = 460, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 150, 30, 42
"""To the right are the lines' names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One diagram: lines by name over a logarithmic or an even scale."""

    title: str
    across: str
    lines: Mapping[str, Points]
    logarithmic: bool
    """Across. Upwards it is logarithmic where the figures differ by more than a hundredfold."""


def drawn(panels: Sequence[Panel]) -> str:
    """The panels side by side."""
    width = _WIDTH * len(panels)
    parts = "".join(
        f'<g transform="translate({_WIDTH * number},0)">{"".join(_panel(each))}</g>'
        for number, each in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" width="{width}" height="{_HEIGHT}"'
        f' font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>{parts}</svg>\n'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From figures to places between two ends."""

    least: float
    most: float
    start: float
    end: float
    logarithmic: bool

    def at(self, figure: float) -> float:
        if self.logarithmic:
            share = math.log(figure / self.least) / math.log(self.most / self.least)
        else:
            share = (figure - self.least) / (self.most - self.least)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> Iterable[float]:
        if self.logarithmic:
            first, last = math.floor(math.log10(self.least)), math.ceil(math.log10(self.most))
            every = (base * 10**power for power in range(first, last + 1) for base in (1, 2, 5))
            inside = [each for each in every if self.least <= each <= self.most]
            return inside if len(inside) <= 7 else [each for each in inside if f"{each:e}"[0] == "1"]
        step = 10 ** math.floor(math.log10(self.most - self.least))
        step = next(step * part for part in (0.2, 0.5, 1, 2) if (self.most - self.least) / (step * part) <= 6)
        return [step * number for number in range(math.ceil(self.least / step), math.floor(self.most / step) + 1)]


def _scale(figures: Sequence[float], start: float, end: float, *, logarithmic: bool) -> _Scale:
    least, most = min(figures), max(figures)
    if logarithmic:
        least = min(each for each in figures if each > 0)
        most = most if most > least else least * 10
    else:
        least, most = 0, most * 1.05 or 1
    return _Scale(least=least, most=most, start=start, end=end, logarithmic=logarithmic)


def _panel(panel: Panel) -> Iterable[str]:
    points = [point for line in panel.lines.values() for point in line]
    upwards = [y for _, y in points if y > 0]
    x = _scale([x for x, _ in points], _LEFT, _WIDTH - _RIGHT, logarithmic=panel.logarithmic)
    steep = max(upwards) > 100 * min(upwards)
    y = _scale([y for _, y in points], _HEIGHT - _BOTTOM, _TOP, logarithmic=steep)
    yield f'<text x="{_LEFT}" y="16" font-weight="bold">{escape(panel.title)}</text>'
    yield from _axes(panel, x, y)
    for number, (name, line) in enumerate(panel.lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [(x.at(_within(x, one)), y.at(_within(y, other))) for one, other in line]
        path = " ".join(f"{one:.1f},{other:.1f}" for one, other in places)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield "".join(f'<circle cx="{one:.1f}" cy="{other:.1f}" r="2.5" fill="{colour}"/>' for one, other in places)
        yield f'<text x="{_WIDTH - _RIGHT + 12}" y="{_TOP + 14 + 15 * number}" fill="{colour}">{escape(name)}</text>'


def _within(scale: _Scale, figure: float) -> float:
    """Nothing has no place on a logarithmic scale: it is put at the least."""
    return max(figure, scale.least)


def _axes(panel: Panel, x: _Scale, y: _Scale) -> Iterable[str]:
    bottom = _HEIGHT - _BOTTOM
    yield f'<path d="M{_LEFT},{_TOP}V{bottom}H{_WIDTH - _RIGHT}" fill="none" stroke="#888"/>'
    for tick in x.ticks():
        yield f'<text x="{x.at(tick):.1f}" y="{bottom + 15}" text-anchor="middle">{_short(tick)}</text>'
    for tick in y.ticks():
        place = y.at(tick)
        yield f'<path d="M{_LEFT},{place:.1f}H{_WIDTH - _RIGHT}" stroke="#eee"/>'
        yield f'<text x="{_LEFT - 5}" y="{place + 4:.1f}" text-anchor="end">{_short(tick)}</text>'
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield f'<text x="{middle:.0f}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(panel.across)}</text>'


def _short(figure: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if figure >= size:
            return f"{figure / size:g}{letter}"
    return f"{figure:g}"
