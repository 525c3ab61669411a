"""Measure the promised figures and print them beside a baseline of the same run.

    python -m tools.bench           every module tests/bench/bench_*.py
    python -m tools.bench journal   only modules whose name contains “journal”

A module defines ``run(report: Report) -> None`` and calls ``report.add`` for each figure. A target is a limit either on
the figure itself or, where a baseline is given and ``unit`` is ``"×"``, on measured ÷ baseline.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import os
import pstats
import runpy
import statistics
import sys
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # windows are measured without a display

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "bench"

_COLUMNS = ("name", "measured", "baseline", "ratio", "target", "ok")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        name: what was measured.
        measured: in ``unit``.
        unit: ``ms``, ``s``, ``MB`` …
        baseline: the bare library's figure for the same work in the same run, in ``unit``.
        limit: the greatest ``measured`` that keeps the promise.
        ratio_limit: the greatest ``measured ÷ baseline`` that keeps the promise.
    """

    name: str
    measured: float
    unit: str
    baseline: float | None
    limit: float | None
    ratio_limit: float | None

    @property
    def ratio(self) -> float | None:
        """Return measured ÷ baseline where there is a baseline."""
        return self.measured / self.baseline if self.baseline else None

    @property
    def holds(self) -> bool:
        """Tell whether every promise about the figure is kept."""
        ratio = self.ratio
        return (self.limit is None or self.measured <= self.limit) and (
            self.ratio_limit is None or (ratio is not None and ratio <= self.ratio_limit)
        )


@dataclass(slots=True)
class Report:
    """Collects the figures of all modules."""

    figures: list[Figure] = field(default_factory=list[Figure])
    notes: list[str] = field(default_factory=list[str])

    def note(self, text: str) -> None:
        """Keep a sentence about the figures, such as what dominates one; it is printed below them."""
        self.notes.append(text)

    def add(
        self,
        name: str,
        measured: float,
        *,
        unit: str = "ms",
        baseline: float | None = None,
        limit: float | None = None,
        ratio_limit: float | None = None,
    ) -> None:
        """Record one figure."""
        self.figures.append(Figure(name, measured, unit, baseline, limit, ratio_limit))


def milliseconds(work: Callable[[], object], *, rounds: int = 5, warm_up: int = 1) -> float:
    """Return the median time of one call in milliseconds, with the garbage collector at rest."""
    for _round in range(warm_up):
        work()
    times: list[float] = []
    enabled = gc.isenabled()
    gc.disable()
    try:
        for _round in range(rounds):
            start = time.perf_counter()
            work()
            times.append((time.perf_counter() - start) * 1000)
    finally:
        if enabled:
            gc.enable()
    return statistics.median(times)


def dominating(profile: cProfile.Profile, most: int = 5) -> str:
    """Return the functions that take most of what was profiled, with their share of the time."""
    rows = pstats.Stats(profile).get_stats_profile().func_profiles
    whole = sum(row.tottime for row in rows.values())
    longest = sorted(rows.items(), key=lambda item: item[1].tottime, reverse=True)[:most]
    return ", ".join(f"{name} ({Path(row.file_name).stem}) {row.tottime / whole:.0%}" for name, row in longest)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _row(figure: Figure) -> tuple[str, ...]:
    targets = [f"≤ {_number(figure.limit)} {figure.unit}"] if figure.limit is not None else []
    targets += [f"≤ {figure.ratio_limit:.2f} ×"] if figure.ratio_limit is not None else []
    return (
        figure.name,
        f"{_number(figure.measured)} {figure.unit}",
        f"{_number(figure.baseline)} {figure.unit}" if figure.baseline is not None else "–",
        f"{figure.ratio:.2f} ×" if figure.ratio is not None else "–",
        ", ".join(targets) or "–",
        ("yes" if figure.holds else "NO") if targets else "–",
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(figures: list[Figure]) -> str:
    """Return the figures as a table with aligned columns."""
    rows = [_COLUMNS, *map(_row, figures)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "─" * _width(max(lines, key=_width)), *lines[1:]])


def main(arguments: list[str] | None = None) -> int:
    """Run the tool; return the exit code: 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure the promised figures.")
    parser.add_argument("part", nargs="?", default="", help="only modules whose name contains this")
    part: str = parser.parse_args(arguments).part
    report = Report()
    for path in sorted(FOLDER.glob("bench_*.py")):
        if part in path.stem:
            print(f"… {path.stem}", file=sys.stderr, flush=True)
            runpy.run_path(str(path), run_name=f"tests.bench.{path.stem}")["run"](report)
    if not report.figures:
        print("no module of that name has a figure")
        return 1
    print(table(report.figures))
    for text in report.notes:
        print(text)
    broken = sum(not figure.holds for figure in report.figures)
    print(f"{len(report.figures)} figures, {broken} over their target")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
