"""Where in time the chart looks: zooming, fitting, going to today, and keeping its place when the plan grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QObject, Signal

from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.plan import MINUTES_PER_DAY, day_of, day_start
from qihua_desktop.services.plan_view import PlanRow, PlanView
from ui.common.layouts import ViewState

from .axis import Axis, usual_width
from .chart_view import ChartView
from .picture import ChartPicture

_LEAST_VIEW = 200
_NOON = 13 * 60
_USUAL_SPAN = 30 * MINUTES_PER_DAY


class TimeNavigator(QObject):
    """Moves the chart through time.

    Signals:
        unit_changed(object): the labels are of another ``TimeUnit`` now.
    """

    unit_changed = Signal(object)

    def __init__(
        self,
        picture: ChartPicture,
        chart: ChartView,
        state: ViewState,
        view: Callable[[], PlanView | None],
        now: Callable[[], int],
    ) -> None:
        super().__init__(chart)
        self._picture = picture
        self._chart = chart
        self._state = state
        self._view = view
        self._now = now
        self._placed = False
        picture.axis = picture.axis.zoomed(self._kept_zoom())

    def set_day_width(self, width: float, x: float | None = None) -> None:
        """Zoom, keeping what is under x of the viewport (else its middle) in place."""
        place = x if x is not None else self._chart.viewport().width() / 2
        old = self._picture.axis
        at = old.scale.at(self._scrolled() + place)
        self._set_axis(old.zoomed(width))
        self._scroll(self._picture.axis.scale.x(at) - place)
        self._state.write("gantt.zoom", f"{self._picture.axis.day_width:.4f}")

    def zoom_by(self, factor: float, keys: Sequence[str]) -> None:
        """Zoom around the first of some rows, or the middle when it is not seen."""
        box = self._picture.bar(keys[0]) if keys else None
        middle = box.x + box.width / 2 if box is not None else None
        self.set_day_width(self._picture.axis.day_width * factor, self._seen(middle))

    def fit(self) -> None:
        """Show the whole plan."""
        span = self._span()
        if span is None:
            return
        width = self._chart.viewport().width()
        self._set_axis(self._picture.axis.fitting(*span, width))
        scale = self._picture.axis.scale
        self._scroll((scale.x(span[0]) + scale.x(span[1]) - width) / 2)
        self._state.write("gantt.zoom", f"{self._picture.axis.day_width:.4f}")

    def go_today(self) -> None:
        """Bring today into view."""
        self._centre(self._now(), share=0.4)

    def show_unit(self, unit: TimeUnit, keys: Sequence[str], row: PlanRow | None) -> PlanRow | None:
        """Zoom to a unit; hours show a row's day, else the event day. Returns the row that was gone to."""
        if unit is TimeUnit.HOUR:
            row = row or self._row_of_the_day()
            self.set_day_width(usual_width(unit))
            at = row.start if row is not None else self._now()
            self._scroll(self._picture.axis.scale.x(at) - 120)
            return row
        box = self._picture.bar(keys[0]) if keys else None
        self.set_day_width(usual_width(unit), self._seen(box.x if box is not None else None))
        return None

    def show_day(self, day: date) -> None:
        """Show a day by the hour."""
        self.set_day_width(usual_width(TimeUnit.HOUR))
        self._centre(day_start(day) + _NOON, share=0.5)

    def refresh(self) -> None:
        """Take in that the plan or the window changed; what is seen stays in place."""
        self._set_axis(self._picture.axis)

    def forget_place(self) -> None:
        """Say that another plan comes, which is to be shown from where its work is."""
        self._placed = False

    def place(self) -> None:
        """Scroll to where the work is, once per plan: its beginning, or a little before today within it."""
        span = self._span()
        width = self._chart.viewport().width()
        if self._placed or span is None or width <= _LEAST_VIEW:
            return
        self._placed = True
        now, scale = self._now(), self._picture.axis.scale
        if scale.x(span[1]) - scale.x(span[0]) <= width or not span[0] <= now <= span[1]:
            self._scroll(scale.x(span[0]) - 12)
        else:
            self._centre(now, share=0.45)

    def _set_axis(self, axis: Axis) -> None:
        now = self._now()
        span = self._span() or (now, now + _USUAL_SPAN)
        at = self._picture.axis.scale.at(self._scrolled())
        new = axis.spanning(min(span[0], now), max(span[1], now), self._chart.viewport().width())
        view = self._view()
        hours = view.state.calendars.hours.periods if view is not None else ((540, 1080),)
        new = replace(new, opening=hours[0][0], closing=hours[-1][1])
        moved = new != self._picture.axis
        self._picture.set_axis(new)
        self._chart.refresh()
        if moved:
            self._scroll(new.scale.x(at))
        self.unit_changed.emit(new.unit)

    def _span(self) -> tuple[int, int] | None:
        view = self._view()
        if view is None or not view.rows:
            return None
        starts = [view.state.schedule.project_start]
        finishes = [view.state.schedule.project_finish]
        for row in view.rows:
            if row.baseline is not None:
                starts.append(row.baseline[0])
                finishes.append(row.baseline[1])
            if row.deadline is not None:
                finishes.append(row.deadline)
        return min(starts), max(finishes)

    def _row_of_the_day(self) -> PlanRow | None:
        """Return the first task of the event day, else the next one to begin."""
        view, now = self._view(), self._now()
        if view is None:
            return None
        leaves = [row for row in view.rows if not row.is_summary and not row.is_milestone]
        on_day = [row for row in leaves if day_of(row.start) == view.state.project.key_on]
        ahead = [row for row in leaves if row.start >= now]
        return min(on_day or ahead or leaves, key=lambda row: (row.start, -row.finish), default=None)

    def _seen(self, x: float | None) -> float | None:
        """Return the place in the viewport of an x of the picture, None when it is not seen."""
        if x is None:
            return None
        place = self._chart.to_view(x, 0).x()
        return place if 0 <= place <= self._chart.viewport().width() else None

    def _centre(self, at: int, *, share: float) -> None:
        self._scroll(self._picture.axis.scale.x(at) - self._chart.viewport().width() * share)

    def _scrolled(self) -> int:
        return self._chart.horizontalScrollBar().value()

    def _scroll(self, x: float) -> None:
        self._chart.horizontalScrollBar().setValue(round(x))

    def _kept_zoom(self) -> float:
        try:
            return float(self._state.read("gantt.zoom") or usual_width(TimeUnit.WEEK))
        except ValueError:
            return usual_width(TimeUnit.WEEK)
