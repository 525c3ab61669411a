"""The chart's picture of the shown rows: what the canvas and the time header paint. Only the visible part is built."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from qihua_desktop.domain.calendars import Calendars, DayInfo
from qihua_desktop.domain.formatting import percent_text
from qihua_desktop.domain.gantt_hours import idle_hours
from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.gantt_scene import ROW_HEIGHT, BarKind, GanttChart, GanttLink, GanttRow
from qihua_desktop.domain.ids import EntityId, id_text
from qihua_desktop.domain.plan import DONE, MINUTES_PER_DAY, day_start
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Dash, Line, Polygon, Primitive, Rect
from qihua_desktop.domain.schedule import segments
from qihua_desktop.domain.working_time import Periods
from qihua_desktop.services.plan_state import PlanState
from qihua_desktop.services.plan_view import Lateness, PlanRow, PlanView

from .axis import Axis
from .display import ShownRow

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
        self._view: PlanView | None = None
        self._today: int | None = None
        self._calendars: Calendars | None = None
        self._project_id: EntityId | None = None
        self._days: dict[date, DayInfo] = {}
        self._numbers: dict[str, int] = {}
        self._links: tuple[GanttLink, ...] = ()
        self._gantt_rows: tuple[GanttRow, ...] = ()
        self._late: frozenset[int] = frozenset()
        self.chart = GanttChart((), (), self.axis.scale, days=1)
        self._shown = self.chart

    def show(self, view: PlanView, rows: tuple[ShownRow, ...], today: int | None) -> None:
        """Show rows of a plan."""
        self._view = view
        self._today = today
        self.rows = rows
        state = view.state
        if self._calendars is not state.calendars or self._project_id != state.project.id:
            self._calendars, self._project_id = state.calendars, state.project.id
            self._days.clear()
        self._numbers = {row.key: number for number, row in enumerate(rows)}
        critical = self.show_critical
        self._links = tuple(
            GanttLink(
                id_text(link.id),
                id_text(link.predecessor_id),
                id_text(link.successor_id),
                link.type,
                link.is_critical and critical,
            )
            for link in view.links
        )
        self._gantt_rows = tuple(self._gantt_row(row, state) for row in rows)
        self._late = frozenset(
            number for number, row in enumerate(rows) if row.row is not None and row.row.lateness in _LATE
        )
        self._rebuild()

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
            if number in self._late:
                box = self._shown.bar_box(self.rows[number].key)
                if box is not None:
                    x, top = box.x - 11, y + 8
                    shapes.append(Polygon(((x, top + 9), (x + 9, top + 9), (x + 4.5, top)), fill=Role.BAD))
        return shapes

    def _rebuild(self) -> None:
        self.chart = GanttChart(
            self._gantt_rows,
            self._links,
            self.axis.scale,
            days=self.axis.days,
            calendar=self._day,
            today=self._today,
        )
        self._shown = self.chart

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


def tinted(keys: Collection[str]) -> frozenset[str]:
    """Return row keys as the picture keeps them."""
    return frozenset(keys)
