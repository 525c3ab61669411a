"""The task table to the left of a printed chart, and the legend below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qihua_desktop.domain.gantt_hours import clock_text
from qihua_desktop.domain.gantt_scale import HEADER_HEIGHT
from qihua_desktop.domain.gantt_scene import ROW_HEIGHT, BarKind, GanttRow
from qihua_desktop.domain.plan import MINUTES_PER_DAY, day_of, last_day_of
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import N_, _

from . import fonts
from .canvas import Align, Pen
from .export_report import ExportReport
from .formats import DASH, percent
from .line_breaks import break_lines
from .paragraphs import elided
from .styles import BLACK, HAIRLINE, MUTED, PAPER, SOFT

_TEXT: Final = 13.0
_INDENT: Final = 13.0
_PADDING: Final = 8.0
_WIDEST_NAME: Final = 240.0
_LEAST_NAME: Final = 110.0
_LONGEST_NAME: Final = 200
_SMALL: Final = 0.78
"""Size of a text on two lines, against one that fits its column."""

_MARKS: Final = {
    "bar": N_("Task (dark: done)"),
    "critical": N_("Critical task"),
    "summary": N_("Summary task"),
    "milestone": N_("Milestone"),
    "baseline": N_("Baseline"),
    "deadline": N_("Deadline"),
    "link": N_("Dependency between tasks"),
    "cut": N_("Goes on on another sheet"),
    "weekend": N_("Weekend"),
    "holiday": N_("Public holiday"),
    "make_up": N_("Make-up workday"),
    "later": N_("Finishes later"),
    "earlier": N_("Finishes earlier"),
}


class TaskColumn(StrEnum):
    """What the table says of a task beside its number and name."""

    OWNER = "owner"
    START = "start"
    FINISH = "finish"
    PROGRESS = "progress"
    BASELINE = "baseline"
    DEADLINE = "deadline"


USUAL_COLUMNS: Final = (TaskColumn.OWNER, TaskColumn.START, TaskColumn.FINISH, TaskColumn.PROGRESS)
_COLUMN_TITLES: Final = {
    TaskColumn.OWNER: N_("Owner"),
    TaskColumn.START: N_("Start"),
    TaskColumn.FINISH: N_("Finish"),
    TaskColumn.PROGRESS: N_("Progress"),
    TaskColumn.BASELINE: N_("Baseline finish"),
    TaskColumn.DEADLINE: N_("Deadline"),
}


def column_title(column: TaskColumn) -> str:
    """Return a column's heading in the user's language."""
    return _(_COLUMN_TITLES[column])


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    left: float
    width: float
    align: Align


class TaskTable:
    """Number, name and the columns asked for, 序号 任务 负责人 开始 完成 进度. Widths are scene pixels."""

    def __init__(
        self,
        rows: Sequence[GanttRow],
        report: ExportReport,
        columns: Sequence[TaskColumn] = (),
        *,
        clock: bool = False,
    ) -> None:
        """Measure the columns once for all sheets; with ``clock`` dates have their time."""
        self._rows = tuple(rows)
        years = {day_of(at).year for row in rows for at in (row.start, row.finish) if at is not None}
        pattern = "%m-%d" if len(years) < 2 else "%Y-%m-%d"
        self._texts = [_texts(row, report, pattern, columns, clock=clock) for row in rows]
        rights = [index for index, column in enumerate(columns, 2) if column is TaskColumn.PROGRESS]
        self._columns = self._measured([_("No."), _("Task"), *map(column_title, columns)], rights)
        self.width = self._columns[-1].left + self._columns[-1].width

    def draw(self, pen: Pen, x: float, y: float, scale: float, first: int, last: int) -> None:
        """Draw the head and the rows ``first`` … ``last`` (half-open)."""
        head = HEADER_HEIGHT * scale
        pen.rectangle(x, y, self.width * scale, head, fill=PAPER[Role.SUNKEN])
        for column in self._columns:
            self._draw_text(pen, column, column.title, x, y + head / 2, scale, bold=True)
        y += head
        for number in range(first, last):
            row = self._rows[number]
            middle = y + ROW_HEIGHT * scale / 2
            for column, text in zip(self._columns, self._texts[number], strict=True):
                indent = row.level * _INDENT if column is self._columns[1] else 0.0
                self._draw_text(pen, column, text, x, middle, scale, bold=row.kind is BarKind.SUMMARY, indent=indent)
            y += ROW_HEIGHT * scale
            pen.line((x, y), (x + self.width * scale, y), ink=PAPER[Role.LINE_SOFT], width=0.4)

    def _draw_text(
        self,
        pen: Pen,
        column: _Column,
        text: str,
        x: float,
        middle: float,
        scale: float,
        *,
        bold: bool,
        indent: float = 0.0,
    ) -> None:
        size = _TEXT * scale
        left = x + (column.left + _PADDING + indent) * scale
        right = x + (column.left + column.width - _PADDING) * scale
        room = max(right - left, 0.0)
        anchor = right if column.align is Align.RIGHT else left
        ink = MUTED if column is self._columns[0] else BLACK
        lines = [text]
        excess = fonts.face(bold).width(text, size) / max(room, 1.0)
        if excess > 1:
            size *= max(1 / excess, _SMALL)
            lines = [text] if excess <= 1 / _SMALL else _two_lines(text, size, room, bold=bold)
        baseline = middle + size * 0.36 - (len(lines) - 1) * size * 0.59
        for line in lines:
            pen.text(anchor, baseline, line, size=size, ink=ink, bold=bold, align=column.align)
            baseline += size * 1.18

    def _measured(self, titles: Sequence[str], rights: Sequence[int]) -> list[_Column]:
        columns: list[_Column] = []
        left = 0.0
        for index, title in enumerate(titles):
            widest = fonts.face(bold=True).width(title, _TEXT)
            for row, texts in zip(self._rows, self._texts, strict=True):
                indent = row.level * _INDENT if index == 1 else 0.0
                bold = row.kind is BarKind.SUMMARY
                widest = max(widest, fonts.face(bold).width(texts[index][:60], _TEXT) + indent)
            limit = _WIDEST_NAME if index == 1 else 96.0
            width = min(widest, limit) + 2 * _PADDING + 1
            if index == 1:
                width = max(width, _LEAST_NAME)
            align = Align.RIGHT if index in rights else Align.LEFT
            columns.append(_Column(title, left, width, align))
            left += width
        return columns


def _two_lines(text: str, size: float, room: float, *, bold: bool) -> list[str]:
    """Return a long text on two lines, the second shortened where even that is not enough."""
    measured = fonts.face(bold)
    shown = text[:_LONGEST_NAME]
    lines = break_lines(shown, [measured.character_width(c, size) for c in shown], room, room)
    if len(lines) < 2:
        return [elided(text, size, room, bold=bold)]
    return [text[lines[0].start : lines[0].end], elided(text[lines[1].start :], size, room, bold=bold)]


def draw_legend(pen: Pen, x: float, baseline: float, width: float, footnote: str, marks: Sequence[str]) -> None:
    """Draw what the marks mean, in words and shapes that survive black and white, and a note at the right."""
    size = 7.5
    left = x
    for mark in marks:
        text = _(_MARKS[mark])
        _draw_mark(pen, mark, left, baseline)
        pen.text(left + 22, baseline, text, size=size, ink=SOFT)
        left += 22 + fonts.face().width(text, size) + 14
    if footnote:
        room = x + width - left
        pen.text(x + width, baseline, elided(footnote, size, room), size=size, ink=SOFT, align=Align.RIGHT)


@dataclass(frozen=True, slots=True)
class Needed:
    """What a printed chart has beside its bars, so that the legend says no more than is there."""

    holidays: bool = True
    make_up: bool = False
    links: bool = False
    sheets: bool = False


def legend_marks(rows: Sequence[GanttRow], there: Needed) -> list[str]:
    """Return the marks that a chart of these rows needs explained."""
    kinds = {row.kind for row in rows}
    needed = {
        "bar": BarKind.TASK in kinds,
        "critical": any(row.critical for row in rows),
        "summary": BarKind.SUMMARY in kinds,
        "milestone": BarKind.MILESTONE in kinds,
        "baseline": any(row.baseline for row in rows),
        "deadline": any(row.deadline is not None for row in rows),
        "link": there.links,
        "cut": there.sheets,
        "weekend": True,
        "holiday": there.holidays,
        "make_up": there.make_up,
    }
    return [mark for mark, is_needed in needed.items() if is_needed]


def _draw_mark(pen: Pen, mark: str, x: float, baseline: float) -> None:
    top = baseline - 6.2
    match mark:
        case "bar" | "critical":
            solid, soft = (Role.BAR, Role.BAR_SOFT) if mark == "bar" else (Role.CRITICAL, Role.CRITICAL_SOFT)
            pen.rectangle(x, top, 18, 7, fill=PAPER[soft], stroke=PAPER[solid], line_width=0.5, radius=1.5)
            pen.rectangle(x, top, 11, 7, fill=PAPER[solid], radius=1.5)
        case "later" | "earlier":
            solid, soft = (Role.CRITICAL, Role.CRITICAL_SOFT) if mark == "later" else (Role.BAR, Role.BAR_SOFT)
            pen.rectangle(x, top, 18, 7, fill=PAPER[soft], stroke=PAPER[solid], line_width=0.5, radius=1.5)
        case "summary":
            points = [(x, top), (x + 18, top), (x + 18, top + 6.5), (x + 15, top + 3), (x + 3, top + 3), (x, top + 6.5)]
            pen.path(points, closed=True, fill=PAPER[Role.SUMMARY])
        case "milestone":
            middle, y = x + 12, top + 3.5
            pen.path(
                [(middle, y - 4), (middle + 4, y), (middle, y + 4), (middle - 4, y)],
                closed=True,
                fill=PAPER[Role.TEXT],
            )
        case "baseline":
            pen.rectangle(x, top + 3, 18, 2.2, fill=PAPER[Role.BASELINE], radius=1)
        case "deadline":
            pen.path([(x + 9, top + 7), (x + 5, top), (x + 13, top)], closed=True, fill=PAPER[Role.BAD])
        case "link":
            pen.line((x, top + 3.5), (x + 14, top + 3.5), ink=PAPER[Role.LINK], width=0.8)
            pen.path(
                [(x + 18, top + 3.5), (x + 14, top + 1.3), (x + 14, top + 5.7)], closed=True, fill=PAPER[Role.LINK]
            )
        case "cut":
            pen.line((x + 18, top - 1), (x + 18, top + 8), ink=HAIRLINE, width=0.8)
            pen.path([(x + 17, top + 3.5), (x + 13, top + 0.5), (x + 13, top + 6.5)], closed=True, fill=BLACK)
        case "make_up":
            pen.rectangle(x + 4, top, 11, 7.5, fill=PAPER[Role.WARN_BG])
            pen.text(x + 9.5, baseline, _("W"), size=7, ink=PAPER[Role.WARN], align=Align.CENTRE)
        case _:
            role = Role.WEEKEND if mark == "weekend" else Role.HOLIDAY
            pen.rectangle(x, top, 18, 7, fill=PAPER[role], stroke=HAIRLINE, line_width=0.4)


def _texts(
    row: GanttRow, report: ExportReport, pattern: str, columns: Sequence[TaskColumn], *, clock: bool
) -> tuple[str, ...]:
    number = "◆" if row.kind is BarKind.MILESTONE and not row.number else fonts.clean_line(row.number, report)
    texts = [number, fonts.clean_line(row.name, report)]
    for column in columns:
        match column:
            case TaskColumn.OWNER:
                texts.append(fonts.clean_line(row.owner, report))
            case TaskColumn.START:
                texts.append(_day(row.start, pattern, clock=clock))
            case TaskColumn.FINISH:
                texts.append(_last_day(row.start, row.finish, pattern, clock=clock))
            case TaskColumn.PROGRESS:
                texts.append(percent(round(row.progress, -2)))
            case TaskColumn.BASELINE:
                texts.append(_last_day(*(row.baseline or (None, None)), pattern, clock=clock))
            case TaskColumn.DEADLINE:
                texts.append(_last_day(None, row.deadline, pattern, clock=clock))
    return tuple(texts)


def _day(at: int | None, pattern: str, *, clock: bool) -> str:
    if at is None:
        return DASH
    words = day_of(at).strftime(pattern)
    return f"{words} {clock_text(at % MINUTES_PER_DAY)}" if clock else words


def _last_day(start: int | None, finish: int | None, pattern: str, *, clock: bool) -> str:
    if finish is None:
        return DASH
    if clock:
        return _day(finish, pattern, clock=True)
    return last_day_of(finish if start is None else start, finish).strftime(pattern)
