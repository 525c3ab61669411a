"""The chart's picture of the shown rows: what the canvas and the time header paint. Only the visible part is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from qihua_desktop.domain.calendars import Calendars, DayInfo
from qihua_desktop.domain.formatting import percent_text
from qihua_desktop.domain.gantt_hours import idle_hours
from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.gantt_scene import ROW_HEIGHT, BarKind, GanttChart, GanttLink, GanttRow
from qihua_desktop.domain.gantt_shapes import room_lines
from qihua_desktop.domain.ids import EntityId, id_from_text, id_text
from qihua_desktop.domain.plan import DONE, MINUTES_PER_DAY, Link, day_start
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Dash, Line, Polygon, Primitive, Rect
from qihua_desktop.domain.schedule import segments
from qihua_desktop.domain.working_time import Periods
from qihua_desktop.services.plan_state import PlanState
from qihua_desktop.services.plan_view import Lateness, PlanLink, PlanRow, PlanView

from .axis import Axis
from .display import ShownRow
from .hover_words import link_words, row_words

_LONGEST_LABEL: Final = 60
_LATE: Final = frozenset({Lateness.OVERDUE, Lateness.DEADLINE, Lateness.IMPOSSIBLE})


class ChartPicture:
    """Provides the canvas with the visible part of the chart.

    ``selected`` rows are tinted. A preview shows other dates for some rows until it is taken back.
    """

    def __init__(self) -> None:
        self.axis = Axis(date(2026, 1, 1), date(2026, 3, 1), 13.3)
        self.rows: tuple[ShownRow, ...] = ()
        self.selected: frozenset[str] = frozenset()
        self.show_baseline = True
        self.show_critical = True
        self.show_float = False
        self._view: PlanView | None = None
        self._today: int | None = None
        self._calendars: Calendars | None = None
        self._project_id: EntityId | None = None
        self._days: dict[date, DayInfo] = {}
        self._numbers: dict[str, int] = {}
        self._gantt_rows: list[GanttRow] = []
        self._late: set[int] = set()
        self._style = (True, True)
        self.chart = GanttChart((), (), self.axis.scale, days=1)
        self._shown = self.chart

    def show(self, view: PlanView, rows: tuple[ShownRow, ...], today: int | None) -> None:
        """Show rows of a plan; what looks as before is not made again."""
        before, old_rows = self._view, self.rows
        state = view.state
        self._view, self._today, self.rows = view, today, rows
        if self._calendars is not state.calendars or self._project_id != state.project.id:
            self._calendars, self._project_id = state.calendars, state.project.id
            self._days.clear()
        style = (self.show_baseline, self.show_critical)
        if before is not None and style == self._style and _stand_alike(old_rows, rows):
            self._renew(before, view, old_rows)
        else:
            kept = {one.key: (one, made) for one, made in zip(old_rows, self._gantt_rows, strict=True)}
            self._build(view, kept if style == self._style else {})
        self._style = style

    def set_axis(self, axis: Axis) -> None:
        """Show another stretch of time or another zoom."""
        self.axis = axis
        self.chart = self.chart.rescaled(axis.scale, axis.days)
        self._shown = self.chart

    def preview(self, dates: Mapping[EntityId, tuple[int, int]], progress: Mapping[EntityId, int]) -> None:
        """Show other dates and progress for some tasks."""
        changed: dict[int, GanttRow] = {}
        for task_id in {*dates, *progress}:
            number = self._numbers.get(id_text(task_id))
            if number is None:
                continue
            row = self._gantt_rows[number]
            start, finish = dates.get(task_id, (row.start, row.finish))
            share = progress.get(task_id, row.progress)
            kind = row.kind
            if kind is BarKind.MILESTONE and start != finish:
                kind = BarKind.TASK
            changed[number] = replace(row, start=start, finish=finish, progress=share, segments=(), kind=kind)
        self._shown = self.chart.with_rows(changed)

    def end_preview(self) -> None:
        """Show the plan as it is."""
        self._shown = self.chart

    def number_of(self, key: str) -> int | None:
        """Return where a row stands."""
        return self._numbers.get(key)

    def bar(self, key: str) -> Box | None:
        """Return the box of a row's bar as shown."""
        return self._shown.bar_box(key)

    def link_of(self, key: str) -> Link | None:
        """Return the link that a key in the picture means."""
        view = self._view
        if view is None or len(key) != 32 or key in self._numbers:
            return None
        return view.state.links.get(id_from_text(key))

    def words(self, key: str) -> str:
        """Return what to say about the row or the link of a key."""
        view, number, link = self._view, self._numbers.get(key), self.link_of(key)
        if view is not None and link is not None:
            return link_words(view, link)
        row = self.rows[number].row if number is not None else None
        return row_words(view, row) if view is not None and row is not None else ""

    def row_at(self, y: float) -> ShownRow | None:
        """Return the row at a height."""
        number = int(y // ROW_HEIGHT)
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def size(self) -> tuple[float, float]:
        """Return the size of the whole picture."""
        return self.axis.width, len(self.rows) * ROW_HEIGHT

    def scene_for(self, visible: Box) -> Sequence[Primitive]:
        """Return the visible part, back to front."""
        shapes: list[Primitive] = []
        if self.axis.unit is TimeUnit.HOUR:
            shapes += idle_hours(self.axis.scale, self._periods, visible)
        shapes += self._shown.body(visible)
        shapes += self._marks(visible)
        return shapes

    def header_for(self, visible: Box) -> Sequence[Primitive]:
        """Return the head above the visible part."""
        return self._shown.header(visible)

    def _marks(self, visible: Box) -> list[Primitive]:
        first = max(0, int(visible.y // ROW_HEIGHT))
        last = min(len(self.rows), int(visible.bottom // ROW_HEIGHT) + 1)
        shapes: list[Primitive] = []
        if self._view is not None and self._view.state.backward:
            x = self.axis.scale.day_x(self._view.state.project.key_on)
            if visible.x <= x <= visible.right:
                shapes.append(Line(x, visible.y, x, visible.bottom, stroke=Role.EVENT, dash=Dash.DASHED))
        for number in range(first, last):
            y = number * ROW_HEIGHT
            if self.rows[number].key in self.selected:
                shapes.append(Rect(visible.x, y, visible.width, ROW_HEIGHT - 1, fill=Role.ACCENT, opacity=0.07))
            if self.show_float or self.rows[number].key in self.selected:
                shapes += self._room(number)
            if number in self._late:
                box = self._shown.bar_box(self.rows[number].key)
                if box is not None:
                    x, top = box.x - 11, y + 8
                    shapes.append(Polygon(((x, top + 9), (x + 9, top + 9), (x + 4.5, top)), fill=Role.BAD))
        return shapes

    def _build(self, view: PlanView, kept: Mapping[str, tuple[ShownRow, GanttRow]]) -> None:
        """Build the chart of rows that stand elsewhere than before."""
        self._numbers = {row.key: number for number, row in enumerate(self.rows)}
        known = ((row, kept.get(row.key)) for row in self.rows)
        self._gantt_rows = [
            one[1] if one is not None and _looks_alike(one[0], row) else self._gantt_row(row, view.state)
            for row, one in known
        ]
        self._late = {number for number, row in enumerate(self.rows) if _is_late(row)}
        self.chart = GanttChart(
            self._gantt_rows,
            [self._gantt_link(link) for link in view.links],
            self.axis.scale,
            days=self.axis.days,
            calendar=self._day,
            today=self._today,
        )
        self._shown = self.chart

    def _renew(self, before: PlanView, view: PlanView, old_rows: tuple[ShownRow, ...]) -> None:
        """Draw what differs of rows that stand where they stood."""
        changed: dict[int, GanttRow] = {}
        for number, (old, row) in enumerate(zip(old_rows, self.rows, strict=True)):
            if old is row:
                continue
            changed[number] = self._gantt_rows[number] = self._gantt_row(row, view.state)
            (self._late.add if _is_late(row) else self._late.discard)(number)
        links: dict[str, GanttLink | None] = {}
        if view.links is not before.links:
            known = {link.id: link for link in before.links}
            for link in view.links:
                if known.pop(link.id, None) is not link:
                    links[id_text(link.id)] = self._gantt_link(link)
            links.update((id_text(gone), None) for gone in known)
        self.chart = self.chart.edited(changed, links, calendar=self._day, today=self._today)
        self._shown = self.chart

    def _gantt_link(self, link: PlanLink) -> GanttLink:
        critical = link.is_critical and self.show_critical
        ends = id_text(link.predecessor_id), id_text(link.successor_id)
        return GanttLink(id_text(link.id), *ends, link.type, critical)

    def _room(self, number: int) -> Iterator[Primitive]:
        """Yield how far a task may go without moving the end, beside its bar."""
        row, view, box = self.rows[number].row, self._view, self._shown.bar_box(self.rows[number].key)
        if row is None or view is None or box is None or row.is_summary or row.is_done or row.total_float <= 0:
            return
        plan = view.state.schedule
        node = plan.index[row.id]
        scale = self.axis.scale
        room = scale.x(plan.early.start[node]), scale.x(plan.late_finish_list[node])
        yield from room_lines((box.x, box.right), room, number * ROW_HEIGHT)

    def _gantt_row(self, shown: ShownRow, state: PlanState) -> GanttRow:
        row = shown.row
        if row is None:
            return GanttRow(shown.key, shown.title, "", "", None, None, kind=BarKind.SUMMARY)
        kind = BarKind.SUMMARY if row.is_summary else BarKind.MILESTONE if row.is_milestone else BarKind.TASK
        pieces = segments(state.schedule, row.id) if kind is BarKind.TASK and _is_split(state, row.id) else ()
        return GanttRow(
            key=shown.key,
            name=row.name,
            number=row.number,
            owner=row.owner,
            start=row.start,
            finish=row.finish,
            progress=row.progress,
            level=shown.level,
            kind=kind,
            critical=row.is_critical and self.show_critical,
            label=_label(row),
            baseline=row.baseline if self.show_baseline else None,
            deadline=row.deadline,
            segments=pieces,
        )

    def _day(self, day: date) -> DayInfo:
        info = self._days.get(day)
        if info is None:
            if self._calendars is None:
                raise ValueError("no plan is shown")
            if len(self._days) > 20_000:
                self._days.clear()
            info = self._days[day] = self._calendars.day(day, self._project_id)
        return info

    def _periods(self, day: date) -> Periods:
        if self._calendars is None or self._project_id is None:
            return ()
        return self._calendars.project(self._project_id).periods(day_start(day) // MINUTES_PER_DAY)


def _stand_alike(old: tuple[ShownRow, ...], new: tuple[ShownRow, ...]) -> bool:
    return len(old) == len(new) and all(one is two or one.key == two.key for one, two in zip(old, new, strict=True))


def _looks_alike(old: ShownRow, new: ShownRow) -> bool:
    return old is new or (old.row is new.row is not None and old.level == new.level)


def _is_late(shown: ShownRow) -> bool:
    return shown.row is not None and shown.row.lateness in _LATE


def _is_split(state: PlanState, task_id: EntityId) -> bool:
    return bool(state.schedule.task(task_id).splits)


def _label(row: PlanRow) -> str:
    if row.is_summary:
        return ""
    if row.is_milestone:
        return row.name[:_LONGEST_LABEL]
    if 0 < row.progress < DONE:
        share = percent_text(row.progress, 0)
        return f"{row.owner[:_LONGEST_LABEL]} · {share}" if row.owner else share
    return row.owner[:_LONGEST_LABEL]
