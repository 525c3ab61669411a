"""The chart of the overview: what the canvas and the axis above it paint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt

from qihua_desktop.domain.calendars import DayInfo
from qihua_desktop.domain.gantt_scale import TimeUnit, weekday_calendar
from qihua_desktop.domain.portfolio_scene import PortfolioChart, PortfolioLine
from qihua_desktop.domain.scene import Box, Primitive
from qihua_desktop.i18n import _
from ui.common.canvas import SceneCanvas, Zoom

from ..axis import Axis, usual_width
from ..chart_view import QuietScrollBar


class OverviewPicture:
    """Provides the canvas with the visible part."""

    def __init__(self) -> None:
        self.axis = Axis(date(2026, 1, 1), date(2026, 12, 31), usual_width(TimeUnit.MONTH))
        self.lines: tuple[PortfolioLine, ...] = ()
        self.today: int | None = None
        self.selected = ""
        self._calendar: Callable[[date], DayInfo] = weekday_calendar
        self.chart = PortfolioChart((), self.axis.scale, days=1)

    def show(self, lines: tuple[PortfolioLine, ...], calendar: Callable[[date], DayInfo], today: int) -> None:
        """Show rows."""
        self.lines, self._calendar, self.today = lines, calendar, today
        self.rebuild()

    def set_axis(self, axis: Axis) -> None:
        """Show another stretch of time or another zoom."""
        self.axis = axis
        self.rebuild()

    def select(self, key: str) -> None:
        """Tint another row."""
        self.selected = key
        self.rebuild()

    def rebuild(self) -> None:
        """Take in what changed."""
        self.chart = PortfolioChart(
            self.lines,
            self.axis.scale,
            days=self.axis.days,
            calendar=self._calendar,
            today=self.today,
            selected=self.selected,
        )

    def size(self) -> tuple[float, float]:
        """Return the size of the whole picture."""
        return self.axis.width, self.chart.height

    def scene_for(self, visible: Box) -> Sequence[Primitive]:
        """Return the visible part, back to front."""
        return self.chart.body(visible)

    def header_for(self, visible: Box) -> Sequence[Primitive]:
        """Return the head above the visible part."""
        return self.chart.header(visible)


class OverviewChart(SceneCanvas):
    """The right half of the page."""

    def __init__(self, picture: OverviewPicture) -> None:
        self.picture = picture
        super().__init__(picture, zoom_mode=Zoom.HORIZONTAL)
        self.setAccessibleName(_("Chart"))
        self.setVerticalScrollBar(QuietScrollBar(Qt.Orientation.Vertical))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def set_day_width(self, width: float, span: tuple[int, int], x: float | None = None) -> None:
        """Zoom, keeping what is under x of the viewport (else its middle) in place."""
        place = x if x is not None else self.viewport().width() / 2
        at = self.picture.axis.scale.at(self.horizontalScrollBar().value() + place)
        self.set_axis(self.picture.axis.zoomed(width), span)
        self.scroll_to(at, place)

    def fit(self, span: tuple[int, int]) -> None:
        """Show a span as large as it fits."""
        width = self.viewport().width()
        self.set_axis(self.picture.axis.fitting(*span, width), span)
        scale = self.picture.axis.scale
        self.horizontalScrollBar().setValue(round((scale.x(span[0]) + scale.x(span[1]) - width) / 2))

    def refresh_span(self, span: tuple[int, int]) -> None:
        """Take in that other dates are shown; what is seen stays in place."""
        at = self.picture.axis.scale.at(self.horizontalScrollBar().value())
        self.set_axis(self.picture.axis, span)
        self.scroll_to(at, 0)

    def scroll_to(self, at: int, place: float) -> None:
        """Bring an instant to a place of the viewport."""
        self.horizontalScrollBar().setValue(round(self.picture.axis.scale.x(at) - place))

    def set_axis(self, axis: Axis, span: tuple[int, int]) -> None:
        """Show another zoom with room around a span."""
        self.picture.set_axis(axis.spanning(*span, self.viewport().width()))
        self.refresh()
