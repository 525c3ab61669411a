"""基线对比: every task then and now in days and yuan, what slipped and why, and the largest slips as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from qihua_desktop.domain.formatting import duration_text
from qihua_desktop.domain.gantt_scale import HEADER_HEIGHT, TimeScale, unit_for
from qihua_desktop.domain.gantt_scene import LABEL_GAP, LABEL_SIZE, ROW_HEIGHT, BarKind, GanttChart, GanttRow
from qihua_desktop.domain.plan import day_of, last_day_of
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Align as SceneAlign
from qihua_desktop.domain.scene import Box, Group, Line, Primitive, Rect, Scene, Text, Weight
from qihua_desktop.i18n import _

from . import fonts
from .canvas import A4, MILLIMETRE, Align, Ink, Pen
from .document import DocumentInfo, PageSetup, PdfResult, RenderOptions, render_blocks, title_blocks
from .export_report import ExportReport
from .fact_table import facts_table
from .formats import DASH, format_fen, moment
from .gantt_table import draw_legend
from .inputs import Fact
from .layout import Block
from .paragraphs import TextBlock
from .scene_painter import PIXEL, SceneBlock
from .styles import BAD, NOTE, PAPER, SECTION, UNIT
from .tables import Cell, Column, Row, TableBlock, total_row

_MOST_BARS: Final = 9
_NAMES: Final = 210.0


@dataclass(frozen=True, slots=True)
class ComparedTask:
    """One task; None where it was not there yet or is gone. ``slip`` in working minutes, costs in fen.

    ``summary`` rows are bold and take no part in counts and totals. ``reason`` says why it stands where it does now.
    """

    name: str
    level: int
    summary: bool
    old_start: int | None
    old_finish: int | None
    new_start: int | None
    new_finish: int | None
    slip: int
    old_cost: int
    new_cost: int
    reason: str = ""

    @property
    def differs(self) -> bool:
        """Whether anything is different."""
        return (self.old_start, self.old_finish) != (self.new_start, self.new_finish) or self.old_cost != self.new_cost

    @property
    def was_there(self) -> bool:
        """Whether the baseline knows the task."""
        return self.old_start is not None

    @property
    def is_there(self) -> bool:
        """Whether the plan still has the task."""
        return self.new_start is not None


@dataclass(frozen=True, slots=True)
class ComparisonInput:
    """A baseline beside the plan, or beside the ``other`` baseline: tasks in reading order, deleted ones last."""

    info: DocumentInfo
    baseline: str
    taken_at: datetime
    taken_by: str
    tasks: tuple[ComparedTask, ...]
    project_slip: int = 0
    minutes_per_day: int = 480
    other: str = ""


def render_comparison(comparison: ComparisonInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the comparison as a PDF. Raises Cancelled."""
    report = ExportReport()
    setup = PageSetup(
        A4.landscape(), left=16 * MILLIMETRE, right=16 * MILLIMETRE, top=22 * MILLIMETRE, bottom=20 * MILLIMETRE
    )
    width = setup.area().width / PIXEL
    differing = [task for task in comparison.tasks if task.differs]
    blocks: list[Block] = [*title_blocks(comparison.info, report), _head(comparison, report)]
    slipped = _slipped(differing)
    if slipped:
        blocks.append(TextBlock(_("The largest shifts"), SECTION, report, outline=1))
        blocks.append(SceneBlock(slip_picture(slipped[:_MOST_BARS], comparison.minutes_per_day, width), report))
        blocks.append(_Legend())
    dearer = _dearer(differing)
    if dearer:
        blocks.append(TextBlock(_("The largest differences in money"), SECTION, report, outline=1))
        blocks.append(SceneBlock(money_picture(dearer[:_MOST_BARS], width), report))
        blocks.append(TextBlock(_("Unit: CNY yuan"), NOTE, report))
    blocks.append(TextBlock(_("Changes task by task"), SECTION, report, outline=1))
    if differing:
        blocks.append(TextBlock(_("Unit: CNY yuan"), UNIT, report))
        blocks.append(_table(comparison, differing, report))
        blocks.append(
            TextBlock(_("Shifts are in working days; a reason says what holds the task where it is now."), NOTE, report)
        )
    else:
        blocks.append(TextBlock(_("Nothing has changed since the baseline."), NOTE, report))
    return render_blocks(comparison.info, blocks, report, options or RenderOptions(), setup)


def _head(comparison: ComparisonInput, report: ExportReport) -> TableBlock:
    tasks = [task for task in comparison.tasks if not task.summary]
    both = [task for task in tasks if task.was_there and task.is_there]
    later, earlier = sum(task.slip > 0 for task in both), sum(task.slip < 0 for task in both)
    added, gone = sum(not task.was_there for task in tasks), sum(not task.is_there for task in tasks)
    old_end = _end(comparison.tasks, then=True)
    new_end = _end(comparison.tasks, then=False)
    shift = _shift(comparison.project_slip, comparison.minutes_per_day)
    old, new = (sum(costs) for costs in _costs(comparison.tasks))
    facts = [
        Fact(_("Taken"), " · ".join(part for part in (moment(comparison.taken_at), comparison.taken_by) if part)),
        Fact(_("Later / earlier"), _("{later} / {earlier} tasks").format(later=later, earlier=earlier)),
        Fact(_("Finish"), f"{old_end} → {new_end}" + (f" ({shift})" if shift else "")),
        Fact(_("New / deleted"), _("{added} / {gone} tasks").format(added=added, gone=gone)),
        Fact(_("Money"), f"{format_fen(old)} → {format_fen(new)} ({_signed_money(new - old) or '0.00'})"),
    ]
    if comparison.other:
        facts.insert(0, Fact(_("Compared with"), comparison.other))
    return facts_table(_("Baseline"), comparison.baseline, facts, report)


def _table(comparison: ComparisonInput, tasks: Sequence[ComparedTask], report: ExportReport) -> TableBlock:
    years = {day_of(at).year for task in tasks for at in _instants(task)}
    pattern, width = ("%m-%d", 46.0) if len(years) < 2 else ("%Y-%m-%d", 60.0)
    columns = [
        Column(_("Task"), share=1.3),
        Column(_("Start then"), width=width),
        Column(_("Start now"), width=width),
        Column(_("Finish then"), width=width),
        Column(_("Finish now"), width=width),
        Column(_("Slip"), width=58, align=Align.RIGHT),
        Column(_("Money then"), fitted=True, align=Align.RIGHT),
        Column(_("Money now"), fitted=True, align=Align.RIGHT),
        Column(_("Difference"), fitted=True, align=Align.RIGHT),
        Column(_("Reason"), share=1.9),
    ]
    rows = [_row(task, comparison.minutes_per_day, pattern) for task in tasks]
    old, new = (sum(costs) for costs in _costs(comparison.tasks))
    money = (format_fen(old), format_fen(new), _signed_money(new - old) or "0.00")
    rows.append(total_row(_("Total"), "", "", "", "", "", *money, ""))
    return TableBlock(columns, rows, report)


def _row(task: ComparedTask, per_day: int, pattern: str) -> Row:
    slip = _shift(task.slip, per_day)
    if not task.was_there:
        slip = _("new")
    elif not task.is_there:
        slip = _("deleted")
    ink: Ink | None = BAD if task.slip > 0 else PAPER[Role.OK] if task.slip < 0 else None
    difference = task.new_cost - task.old_cost
    return Row(
        (
            Cell(task.name, indent=min(task.level, 6), bold=task.summary),
            _day(task.old_start, pattern),
            _day(task.new_start, pattern),
            _last(task.old_start, task.old_finish, pattern),
            _last(task.new_start, task.new_finish, pattern),
            Cell(slip, ink=ink, bold=task.summary),
            _money(task.old_cost),
            _money(task.new_cost),
            Cell(_signed_money(difference), ink=BAD if difference > 0 else None),
            task.reason,
        )
    )


def comparison_scene(tasks: Sequence[ComparedTask], minutes_per_day: int, width: float) -> Scene:
    """Return the largest shifts and below them the largest differences in money, for the screen."""
    shapes: list[Primitive] = []
    y = 6.0
    pictures = (
        (_("The largest shifts"), _slipped(tasks), lambda own: slip_picture(own, minutes_per_day, width)),
        (_("The largest differences in money"), _dearer(tasks), lambda own: money_picture(own, width)),
    )
    for title, own, draw in pictures:
        if not own:
            continue
        picture = draw(own[:_MOST_BARS])
        shapes.append(Text(4, y, width, 22, title, size=13, weight=Weight.BOLD))
        shapes.append(Group(tuple(picture.primitives), dy=y + 28))
        y += 28 + picture.height + 20
    if not shapes:
        words = _("Nothing has changed since the baseline.")
        if any(task.differs for task in tasks):
            words = _("No finish and no amount has moved; the table lists the other changes.")
        shapes.append(Text(4, y, width, 22, words, role=Role.MUTED))
    return Scene(width, y + 22, tuple(shapes))


def _slipped(tasks: Sequence[ComparedTask]) -> list[ComparedTask]:
    return sorted((task for task in tasks if not task.summary and task.slip), key=lambda task: -abs(task.slip))


def _dearer(tasks: Sequence[ComparedTask]) -> list[ComparedTask]:
    found = (task for task in tasks if task.new_cost != task.old_cost)
    return sorted(found, key=lambda task: -abs(task.new_cost - task.old_cost))


def slip_picture(tasks: Sequence[ComparedTask], minutes_per_day: int, width: float) -> Scene:
    """Return bars of the tasks with the baseline below each, on an axis that holds them all."""
    rows = [
        GanttRow(
            str(at),
            task.name,
            "",
            "",
            task.new_start,
            task.new_finish,
            kind=BarKind.TASK if (task.new_start != task.new_finish) else BarKind.MILESTONE,
            critical=task.slip > 0,
            label=_shift(task.slip, minutes_per_day),
            baseline=(task.old_start, task.old_finish)
            if task.old_start is not None and task.old_finish is not None
            else None,
        )
        for at, task in enumerate(tasks)
    ]
    known = [at for task in tasks for at in _instants(task)]
    first, last = day_of(min(known)) - timedelta(days=1), day_of(max(known)) + timedelta(days=1)
    room = width - _NAMES
    label = max(fonts.face().width(row.label, LABEL_SIZE) for row in rows) + LABEL_GAP + 8
    days = (last - first).days + 1
    day_width = min((room - label) / days, 34.0)
    days = int(room / day_width) + 1
    chart = GanttChart(rows, (), TimeScale(first, day_width, unit_for(day_width)), days=days, sheets=True)
    height = len(rows) * ROW_HEIGHT
    shapes: list[Primitive] = [
        Group(tuple(chart.header(Box(0, 0, room, HEADER_HEIGHT))), dx=_NAMES, clip=Box(0, 0, room, HEADER_HEIGHT)),
        Group(
            tuple(chart.body(Box(0, 0, room, height - 1))), dx=_NAMES, dy=HEADER_HEIGHT, clip=Box(0, 0, room, height)
        ),
    ]
    for at, task in enumerate(tasks):
        y = HEADER_HEIGHT + at * ROW_HEIGHT
        shapes.append(Text(4, y, _NAMES - 12, ROW_HEIGHT, task.name, size=LABEL_SIZE))
        shapes.append(Line(0, y + ROW_HEIGHT - 0.5, _NAMES, y + ROW_HEIGHT - 0.5, stroke=Role.LINE_SOFT))
    shapes.append(Line(0, HEADER_HEIGHT, width, HEADER_HEIGHT, stroke=Role.LINE))
    return Scene(width, HEADER_HEIGHT + height, tuple(shapes))


def money_picture(tasks: Sequence[ComparedTask], width: float) -> Scene:
    """Return what each task costs more to the right of a line, and what it costs less to its left."""
    label = max(fonts.face().width(_signed_money(task.new_cost - task.old_cost), LABEL_SIZE) for task in tasks) + 14
    more = max(0, *(task.new_cost - task.old_cost for task in tasks))
    less = max(0, *(task.old_cost - task.new_cost for task in tasks))
    room = width - _NAMES - label * (bool(more) + bool(less))
    per_fen = room / max(more + less, 1)
    zero = _NAMES + (label if less else 0.0) + less * per_fen
    shapes: list[Primitive] = []
    for at, task in enumerate(tasks):
        y, difference = at * ROW_HEIGHT, task.new_cost - task.old_cost
        long = max(abs(difference) * per_fen, 1.5)
        role = Role.CRITICAL if difference > 0 else Role.BAR
        left = zero if difference > 0 else zero - long
        shapes.append(Text(4, y, _NAMES - 12, ROW_HEIGHT, task.name, size=LABEL_SIZE))
        shapes.append(Rect(left, y + 7, long, ROW_HEIGHT - 14, fill=role, radius=2))
        words = _signed_money(difference)
        if difference > 0:
            shapes.append(Text(left + long + 6, y, label, ROW_HEIGHT, words, size=LABEL_SIZE))
        else:
            shapes.append(Text(left - label - 6, y, label, ROW_HEIGHT, words, size=LABEL_SIZE, align=SceneAlign.RIGHT))
        shapes.append(Line(0, y + ROW_HEIGHT - 0.5, width, y + ROW_HEIGHT - 0.5, stroke=Role.LINE_SOFT))
    shapes.append(Line(zero, 0, zero, len(tasks) * ROW_HEIGHT, stroke=Role.LINE_STRONG))
    return Scene(width, len(tasks) * ROW_HEIGHT, tuple(shapes))


class _Legend:
    """What the bars of the picture mean."""

    space_before = 2.0
    space_after = 4.0
    keep_with_next = False
    least_height = 0.0

    def height(self, width: float) -> float:
        """Return its height."""
        return 12.0

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Keep it whole."""
        return None

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw it in a line."""
        draw_legend(pen, x, y + 9, width, "", ("later", "earlier", "baseline"))


def _costs(tasks: Sequence[ComparedTask]) -> tuple[list[int], list[int]]:
    return [task.old_cost for task in tasks], [task.new_cost for task in tasks]


def _end(tasks: Sequence[ComparedTask], *, then: bool) -> str:
    ends = [
        (finish, start)
        for task in tasks
        for start, finish in [(task.old_start, task.old_finish) if then else (task.new_start, task.new_finish)]
        if start is not None and finish is not None
    ]
    if not ends:
        return DASH
    finish, start = max(ends)
    return _iso(last_day_of(start, finish))


def _shift(minutes: int, per_day: int) -> str:
    words = duration_text(abs(minutes), per_day) if minutes else ""
    return f"+{words}" if minutes > 0 else f"−{words}" if minutes else ""


def _signed_money(fen: int) -> str:
    return f"+{format_fen(fen)}" if fen > 0 else f"−{format_fen(-fen)}" if fen else ""


def _money(fen: int) -> str:
    return format_fen(fen) if fen else ""


def _instants(task: ComparedTask) -> list[int]:
    every = (task.old_start, task.old_finish, task.new_start, task.new_finish)
    return [at for at in every if at is not None]


def _day(at: int | None, pattern: str) -> str:
    return DASH if at is None else day_of(at).strftime(pattern)


def _last(start: int | None, finish: int | None, pattern: str) -> str:
    return DASH if start is None or finish is None else last_day_of(start, finish).strftime(pattern)


def _iso(day: date) -> str:
    return day.isoformat()
