"""The columns of the task table: what they say and how their cells are typed into."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qihua_desktop.domain.dates import parse_date
from qihua_desktop.domain.formatting import date_long, date_short, date_text, duration_text, percent_text
from qihua_desktop.domain.gantt_hours import clock_text
from qihua_desktop.domain.parsing import parse_duration
from qihua_desktop.domain.plan import MINUTES_PER_DAY, day_of, last_day_of
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _, current_language
from qihua_desktop.services.plan_view import Lateness, PlanRow
from ui.common.columns import CellKind, Column

from .display import ShownRow

_CLOCK: Final = re.compile(r"^(?P<day>.*?)\s*(?P<hour>\d{1,2})[:：](?P<minute>\d{2})$")
_LATE: Final = {
    Lateness.OVERDUE: Role.BAD,
    Lateness.DEADLINE: Role.BAD,
    Lateness.IMPOSSIBLE: Role.BAD,
    Lateness.NOT_STARTED: Role.WARN,
}


@dataclass(frozen=True, slots=True)
class TypedMoment:
    """A date as typed, with a clock time when one was given; a clock time alone is of the day that stands there."""

    day: date | None
    minute: int | None

    def on(self, at: int) -> date:
        """Return the day meant in a cell that shows an instant."""
        return day_of(at) if self.day is None else self.day


def parse_moment(text: str, today: date) -> TypedMoment:
    """Read a date such as 下周一 or 9/19 14:30, or only a clock time. Raises InputError."""
    match = _CLOCK.match(text.strip())
    if match and int(match["hour"]) < 24 and int(match["minute"]) < 60:
        minute = int(match["hour"]) * 60 + int(match["minute"])
        day = parse_date(match["day"], today) if match["day"].strip() else None
        return TypedMoment(day, minute)
    return TypedMoment(parse_date(text, today), None)


def parse_typed_duration(text: str, minutes_per_day: int) -> int:
    """Read 3天, 2周, 4h. Raises InputError."""
    return parse_duration(text, minutes_per_day)


def moment_text(at: int) -> str:
    """Return what an editor starts with: the date, and the clock time where it is no whole day."""
    minute = at % MINUTES_PER_DAY
    return f"{date_text(day_of(at))} {clock_text(minute)}" if minute not in (0, 540, 1080) else date_text(day_of(at))


def start_text(row: PlanRow, today: date) -> str:
    """Return a start as the table shows it."""
    return _short(day_of(row.start), today) + _clock(row, row.start)


def finish_text(row: PlanRow, today: date) -> str:
    """Return a finish as the table shows it: the last day worked."""
    return _short(last_day_of(row.start, row.finish), today) + _clock(row, row.finish)


@dataclass(frozen=True, slots=True)
class Around:
    """What columns say about a row that the row alone does not know."""

    stage: Callable[[PlanRow], str]
    predecessors: Callable[[PlanRow], str]
    late_start: Callable[[PlanRow], int]


def task_columns(today: Callable[[], date], minutes_per_day: int, around: Around) -> tuple[Column[ShownRow], ...]:
    """Return the columns; those not in the usual set are hidden until chosen."""
    return (*_usual_columns(today, minutes_per_day), *_further_columns(today, minutes_per_day, around))


def _usual_columns(today: Callable[[], date], minutes_per_day: int) -> tuple[Column[ShownRow], ...]:
    return (
        Column("number", _("WBS"), _number, width=46, role=lambda _row: Role.MUTED),
        Column(
            "name",
            _("Task"),
            lambda shown: shown.title,
            width=186,
            bold=_is_strong,
            stretch=True,
            editable=_is_task,
            tool_tip=lambda shown: shown.title if len(shown.title) > 12 else "",
            role=lambda _row: Role.TEXT,
        ),
        Column(
            "owner",
            _("Owner"),
            _of(lambda row: row.team or row.owner),
            width=_owner_width(),
            bold=_is_strong,
            editable=_is_task,
        ),
        Column(
            "start",
            _("Start"),
            _of(lambda row: row.start),
            CellKind.DATE,
            text=_text(lambda row: start_text(row, today())),
            width=58,
            bold=_is_strong,
            editable=_is_leaf,
            tool_tip=_text(lambda row: date_long(day_of(row.start)) + _clock(row, row.start)),
        ),
        Column(
            "finish",
            _("Finish"),
            _of(lambda row: row.finish),
            CellKind.DATE,
            text=_text(lambda row: finish_text(row, today())),
            width=58,
            bold=_is_strong,
            editable=_is_leaf,
            role=_finish_ink,
            tool_tip=_text(lateness_words),
        ),
        Column(
            "duration",
            _("Duration"),
            _of(lambda row: row.duration),
            CellKind.DURATION,
            text=_text(lambda row: "" if row.is_milestone else duration_text(row.duration, minutes_per_day)),
            width=58,
            editable=_is_leaf,
            minutes_per_day=minutes_per_day,
            hidden=True,
        ),
        Column(
            "progress",
            _("Progress"),
            _of(lambda row: row.progress),
            CellKind.PERCENT,
            text=_text(lambda row: percent_text(row.progress, 0)),
            width=52 if current_language() != "en" else 70,
            bold=_is_strong,
            editable=_is_task,
        ),
    )


def _further_columns(today: Callable[[], date], minutes_per_day: int, around: Around) -> tuple[Column[ShownRow], ...]:
    return (
        Column(
            "predecessors",
            _("Predecessors"),
            _of(around.predecessors),
            width=96,
            hidden=True,
            editable=_is_leaf,
            tool_tip=lambda _row: _("WBS numbers, such as 2.1 or 3.2FS+1d; 4SS"),
        ),
        Column("stage", _("Stage"), _of(around.stage), width=96, hidden=True),
        Column(
            "float",
            _("Float"),
            _of(lambda row: row.total_float),
            CellKind.DURATION,
            text=_text(lambda row: duration_text(row.total_float, minutes_per_day)),
            width=64,
            hidden=True,
            role=lambda shown: Role.BAD if shown.row is not None and shown.row.total_float < 0 else None,
        ),
        Column(
            "late_start",
            _("Latest start"),
            _of(around.late_start),
            CellKind.DATE,
            text=_text(lambda row: "" if row.is_done else _short(day_of(around.late_start(row)), today())),
            width=74,
            hidden=True,
        ),
        Column(
            "baseline_finish",
            _("Baseline finish"),
            _of(lambda row: row.baseline[1] if row.baseline else None),
            CellKind.DATE,
            text=_text(lambda row: _short(last_day_of(*row.baseline), today()) if row.baseline else ""),
            width=74,
            hidden=True,
        ),
        Column(
            "slip",
            _("Against baseline"),
            _of(lambda row: row.slip),
            CellKind.DURATION,
            text=_text(lambda row: _signed(row.slip, minutes_per_day) if row.baseline else ""),
            width=84,
            hidden=True,
            role=lambda shown: Role.WARN if shown.row is not None and shown.row.slip > 0 else None,
        ),
        Column(
            "deadline",
            _("Deadline"),
            _of(lambda row: row.deadline),
            CellKind.DATE,
            text=_text(lambda row: "" if row.deadline is None else _short(day_of(row.deadline), today())),
            width=74,
            hidden=True,
            editable=_is_leaf,
        ),
    )


def lateness_words(row: PlanRow) -> str:
    """Return in words what is late about a row."""
    match row.lateness:
        case Lateness.OVERDUE:
            return _("Should be done by now")
        case Lateness.DEADLINE:
            return _("Behind its deadline")
        case Lateness.IMPOSSIBLE:
            return _("Cannot be done in time")
        case Lateness.NOT_STARTED:
            return _("Should have been started")
        case Lateness.NONE:
            return ""


def _owner_width() -> int:
    """Return room for three characters of a Chinese name, or a first name and a letter."""
    return 64 if current_language() != "en" else 84


def _number(shown: ShownRow) -> str:
    return "" if shown.row is None else "◆" if shown.row.is_milestone else shown.row.number


def _of(read: Callable[[PlanRow], Any]) -> Callable[[ShownRow], Any]:
    return lambda shown: None if shown.row is None else read(shown.row)


def _text(read: Callable[[PlanRow], str]) -> Callable[[ShownRow], str]:
    return lambda shown: "" if shown.row is None else read(shown.row)


def _is_strong(shown: ShownRow) -> bool:
    return shown.row is None or shown.row.is_summary


def _is_task(shown: ShownRow) -> bool:
    return shown.row is not None


def _is_leaf(shown: ShownRow) -> bool:
    return shown.row is not None and not shown.row.is_summary


def _finish_ink(shown: ShownRow) -> Role | None:
    return _LATE.get(shown.row.lateness) if shown.row is not None else None


def _short(day: date, today: date) -> str:
    return date_short(day) if abs((day - today).days) < 300 else day.strftime("%y-%m-%d")


def _clock(row: PlanRow, at: int) -> str:
    """Return the clock time of a task that is shorter than a day; whole days need none."""
    if row.is_summary or row.is_milestone or row.duration >= 480:
        return ""
    return f" {clock_text(at % MINUTES_PER_DAY)}"


def _signed(minutes: int, minutes_per_day: int) -> str:
    words = duration_text(minutes, minutes_per_day)
    return f"+{words}" if minutes > 0 else words
