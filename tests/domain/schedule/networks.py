"""Random small plans with calendars, summaries, all link types, lags and constraints, for property tests."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from qihua_desktop.domain.plan import ConstraintType, LagKind, LinkType, instant
from qihua_desktop.domain.schedule import ScheduleLink, ScheduleTask, Split, WorkPart
from qihua_desktop.domain.working_time import ELAPSED, EPOCH_ORDINAL, WorkingTime

START = instant(datetime(2026, 11, 2, 9))
FIRST = instant(datetime(2026, 8, 3))
DAYS = 330


def _day(month: int, day: int) -> int:
    return datetime(2026, month, day).toordinal() - EPOCH_ORDINAL


OFFICE = WorkingTime("office", days={_day(11, 4): (), _day(11, 7): ((540, 720), (780, 1080))}, around=START)
CREW = WorkingTime("crew", (((480, 960),),) * 6 + ((),), days={_day(11, 5): ()}, around=START)
NIGHT = WorkingTime("night", (((0, 120), (1320, 1440)),) * 5 + ((), ()), around=START)
CALENDARS = (None, None, OFFICE, CREW, NIGHT)

_instants = st.integers(-10, 60).map(lambda half_days: START + half_days * 360)
_lags = st.sampled_from([0, 0, 0, 60, 480, -120, -480, 960])
_durations = st.sampled_from([0, 60, 240, 480, 480, 600, 960])


@st.composite
def leaf_terms(draw: st.DrawFn, *, fixed: bool = True, late: bool = False) -> dict[str, object]:
    """Draw what a task itself demands."""
    duration = draw(_durations)
    terms: dict[str, object] = {
        "duration": duration,
        "elapsed": duration > 0 and draw(st.integers(0, 7)) == 0,
        "calendar": draw(st.sampled_from(CALENDARS)),
    }
    kind = draw(st.sampled_from([ConstraintType.ASAP] * 8 + [c for c in ConstraintType if c != ConstraintType.ALAP]))
    if late and draw(st.integers(0, 3)) == 0:
        kind = ConstraintType.ALAP
    if kind is ConstraintType.ALAP:
        terms["constraint"] = kind
    elif kind is not ConstraintType.ASAP:
        terms["constraint"] = kind
        terms["constraint_at"] = draw(_instants)
    if draw(st.integers(0, 5)) == 0:
        terms["deadline"] = draw(_instants)
    shape = draw(st.integers(0, 9)) if duration and not terms["elapsed"] else 9
    if shape == 0:
        terms["splits"] = (Split(60, 240), Split(120, 480))[: draw(st.integers(1, 2))]
    elif shape == 1:
        minutes = st.sampled_from([60, 480, 960])
        terms["parts"] = (WorkPart(CREW, draw(minutes)), WorkPart(NIGHT, draw(minutes)))
    state = draw(st.integers(0, 12)) if fixed else 9
    if state == 0:
        begin = draw(_instants)
        terms["pinned"] = (begin, begin + draw(st.integers(0, 8)) * 240)
    elif state == 1:
        terms["actual_start"] = draw(_instants)
        if draw(st.booleans()):
            terms["remaining"] = draw(st.sampled_from([0, duration // 2]))
    elif state == 2:
        begin = draw(_instants)
        terms["actual_start"] = begin
        terms["actual_finish"] = begin + draw(st.integers(0, 8)) * 240
    return terms


@st.composite
def summary_terms(draw: st.DrawFn) -> dict[str, object]:
    """Draw what a summary demands: most demand nothing."""
    kind = draw(st.sampled_from([ConstraintType.ASAP] * 3 + [ConstraintType.SNET, ConstraintType.FNLT]))
    return {} if kind is ConstraintType.ASAP else {"constraint": kind, "constraint_at": draw(_instants)}


def _id(number: int) -> bytes:
    return number.to_bytes(16, "big")


@st.composite
def plans(
    draw: st.DrawFn, *, constraints: bool = True, summaries: bool = True, late: bool = False, most: int = 9
) -> tuple[list[ScheduleTask], list[ScheduleLink]]:
    """Draw a plan without loops: links lead from earlier rows to later ones, never within one branch."""
    count = most - draw(st.integers(0, most - 1))
    tasks: list[ScheduleTask] = []
    parents: list[int | None] = []
    for number in range(count):
        parent = None
        if summaries and number and draw(st.integers(0, 2)) == 0:
            parent = number - 1 if draw(st.booleans()) else parents[number - 1]
        parents.append(parent)
    groups = {parent for parent in parents if parent is not None}
    for number in range(count):
        above = None if parents[number] is None else _id(parents[number] or 0)
        own = draw(summary_terms()) if number in groups else draw(leaf_terms(fixed=constraints, late=late))
        if not constraints:
            kept = ("duration", "elapsed", "calendar")
            alap = own.get("constraint") is ConstraintType.ALAP
            own = {name: value for name, value in own.items() if name in kept or (alap and name == "constraint")}
        tasks.append(ScheduleTask(_id(number), f"task {number}", above, **own))  # type: ignore[arg-type]
    links: list[ScheduleLink] = []
    last = [max([n for n in range(count) if number in _line(parents, n)]) for number in range(count)]
    pairs = [
        (before, after)
        for before in range(count)
        for after in range(count)
        if last[before] < after and before not in _line(parents, after)
    ]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=2 * count)) if pairs else []
    for number, (before, after) in enumerate(chosen):
        kind = draw(st.sampled_from([LagKind.WORKING] * 4 + [LagKind.ELAPSED, LagKind.PERCENT]))
        lag = draw(_lags)
        if kind is LagKind.PERCENT:
            lag = draw(st.sampled_from([5000, -5000, 10000])) if before not in groups else 0
        elif kind is LagKind.ELAPSED:
            lag = draw(st.sampled_from([1440, -1440, 2880, 300]))
        type_ = draw(st.sampled_from([LinkType.FS, *LinkType]))
        links.append(ScheduleLink(_id(1000 + number), _id(before), _id(after), type_, lag, kind))
    return tasks, links


def _line(parents: list[int | None], number: int) -> list[int]:
    line = [number]
    while (above := parents[line[-1]]) is not None:
        line.append(above)
    return line


__all__ = ["CREW", "DAYS", "ELAPSED", "FIRST", "NIGHT", "OFFICE", "START", "leaf_terms", "plans", "summary_terms"]
