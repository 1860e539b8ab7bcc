"""Lines over logarithmic axes -> an SVG, by hand: readable on light and dark, the same bytes for the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, log10

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 48, 56
"""Margins; the names of the lines stand in the right one."""
APART = 16
"""Pixels between two of those names."""
LINES = ("#1f83c6", "#d55e00", "#009e73", "#cc79a7", "#a67c00", "#d64550", "#8a63d2")
"""Told apart by most who do not see all colours, and seen on white and on black."""
STYLE = """
.paper{fill:#ffffff}.ink{fill:#1f2328}.soft{fill:#59636e}.grid{stroke:#d1d9e0}.goal{stroke:#59636e}
@media (prefers-color-scheme:dark){.paper{fill:#0d1117}.ink{fill:#f0f6fc}.soft{fill:#9198a1}.grid{stroke:#3d444d}
.goal{stroke:#9198a1}}
text{font:13px system-ui,sans-serif}
"""


@dataclass(frozen=True, slots=True)
class _Axis:
    """From a figure to a pixel; `low` and `high` are logarithms."""

    low: float
    high: float
    begin: float
    end: float

    def at(self, figure: float) -> float:
        return self.begin + (log10(figure) - self.low) / (self.high - self.low) * (self.end - self.begin)

    def ticks(self) -> Iterator[float]:
        """Powers of ten, and 2 and 5 between them where there are few."""
        steps = (1,) if self.high - self.low > 2.5 else (1, 2, 5)
        for power in range(floor(self.low), ceil(self.high) + 1):
            for step in steps:
                if self.low - 1e-9 <= log10(step * 10.0**power) <= self.high + 1e-9:
                    yield step * 10.0**power


def drawn(title: str, across: str, up: str, lines: Mapping[str, Points], goals: Mapping[str, Points]) -> str:
    """An SVG; a goal is a bar where it holds. Every figure is more than 0."""
    whole = {**lines, **goals}
    x = _axis([x for points in whole.values() for x, _ in points], LEFT, WIDTH - RIGHT, tight=True)
    y = _axis([y for points in whole.values() for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [*_grid(x, y), *_titles(title, across, up)]
    for number, (name, points) in enumerate(lines.items()):
        parts += _line(x, y, name, points, LINES[number % len(LINES)])
    parts += [_goal(x.at(across), y.at(up)) for points in goals.values() for across, up in points]
    parts += _names(y, whole, len(lines))
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img"><title>{escape(title)}</title>'
    paper = f'<style>{STYLE}</style>\n<rect width="100%" height="100%" class="paper"/>'
    return "\n".join([head, paper, *parts, "</svg>\n"])


def _axis(figures: Sequence[float], begin: float, end: float, *, tight: bool = False) -> _Axis:
    low, high = log10(min(figures)), log10(max(figures))
    if not tight:  # to the next 1, 2 or 5
        rounds = [log10(step) + power for power in range(floor(low) - 1, ceil(high) + 2) for step in (1, 2, 5)]
        low, high = max(r for r in rounds if r <= low + 1e-9), min(r for r in rounds if r >= high - 1e-9)
    return _Axis(low, high if high > low else low + 1, begin, end)


def _grid(x: _Axis, y: _Axis) -> Iterator[str]:
    for figure in x.ticks():
        at = x.at(figure)
        yield f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" class="grid"/>'
        yield f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" class="soft">{_said(figure)}</text>'
    for figure in y.ticks():
        at = y.at(figure)
        yield f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" class="grid"/>'
        yield f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" class="soft">{_said(figure)}</text>'


def _titles(title: str, across: str, up: str) -> Iterator[str]:
    yield f'<text x="{LEFT}" y="24" font-weight="bold" class="ink">{escape(title)}</text>'
    yield f'<text x="{LEFT}" y="40" class="soft">{escape(up)}</text>'
    yield f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 14}" text-anchor="end" class="soft">{escape(across)}</text>'


def _line(x: _Axis, y: _Axis, name: str, points: Points, colour: str) -> Iterator[str]:
    yield f'<polyline points="{_path(x, y, points)}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
    for across, up in points:
        told = escape(f"{name}: {_said(up)} at {_said(across)}")
        place = f'cx="{x.at(across):.1f}" cy="{y.at(up):.1f}"'
        yield f'<circle {place} r="3.5" fill="{colour}"><title>{told}</title></circle>'


def _goal(across: float, up: float) -> str:
    return f'<path d="M{across - 12:.1f} {up:.1f}h24" class="goal" stroke-width="3"/>'


def _path(x: _Axis, y: _Axis, points: Points) -> str:
    return " ".join(f"{x.at(across):.1f},{y.at(up):.1f}" for across, up in points)


def _names(y: _Axis, lines: Mapping[str, Points], coloured: int) -> Iterator[str]:
    """Each line's name where it ends, as far apart as can be read."""
    places = {name: y.at(points[-1][1]) for name, points in lines.items()}
    order = sorted(places, key=lambda name: places[name])
    for above, below in pairwise(order):
        places[below] = max(places[below], places[above] + APART)
    lowest = float(HEIGHT - BOTTOM)
    for name in reversed(order):
        places[name] = min(places[name], lowest)
        lowest = places[name] - APART
    for number, name in enumerate(lines):
        colour = f'fill="{LINES[number % len(LINES)]}"' if number < coloured else 'class="soft"'
        yield f'<text x="{WIDTH - RIGHT + 16}" y="{places[name] + 4:.1f}" {colour}>{escape(name)}</text>'


def _said(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
