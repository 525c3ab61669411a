"""The charts beside the execution table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from qihua_desktop.domain.money_charts import Compared, Series, compared_bars, compared_columns
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Scene
from qihua_desktop.i18n import _
from qihua_desktop.services.execution import ExecutionView
from ui.common.painter import SceneWidget, measure
from ui.common.widgets import Card

_HEIGHT = 190
_MOST_CATEGORIES = 12
_MOST_MONTHS = 12


def _series() -> tuple[Series, ...]:
    return (
        Series(_("Budget"), Role.BAR_SOFT),
        Series(_("Committed"), Role.ACCENT),
        Series(_("Actual"), Role.SERIES_2),
    )


class ChartCard(Card):
    """A card whose chart is drawn anew for its width.

    Signals:
        group_clicked(str): a group of bars was clicked.
    """

    group_clicked = Signal(str)

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.chart = SceneWidget(accessible_name=title)
        self.chart.object_clicked.connect(self.group_clicked)
        self._draw: Callable[[float, float], Scene] | None = None
        self.add(self.chart, 1)

    def show_chart(self, draw: Callable[[float, float], Scene], spoken: str) -> None:
        """Show a chart that is made for a width and height."""
        self._draw = draw
        self.chart.setAccessibleDescription(spoken)
        self._redraw()

    def _redraw(self) -> None:
        if self._draw is not None and self.chart.width() > 40:
            height = max(_HEIGHT, self.chart.height())
            self.chart.show_scene(self._draw(float(self.chart.width()), float(height)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._redraw()


class CategoryChart(ChartCard):
    """Budget, commitments and cost of every category."""

    def __init__(self) -> None:
        super().__init__(_("By category"))

    def show_execution(self, found: ExecutionView) -> None:
        """Show how the categories do."""
        names = {row.line.id: row.line.name for row in found.rows}
        groups = tuple(
            Compared(row.line_id.hex(), " ".join(names.get(row.line_id, "")[:24].split()),
                     (row.effective, row.open_commitment + row.actual, row.actual))
            for row in found.ledger.categories[:_MOST_CATEGORIES]
            if row.line_id is not None
        )  # fmt: skip
        series = _series()
        self.show_chart(
            lambda width, height: compared_bars(groups, series, width=width, height=height, measure=measure),
            "; ".join(one.label for one in groups),
        )


class MonthChart(ChartCard):
    """What was planned, bound and spent in every month."""

    def __init__(self) -> None:
        super().__init__(_("By month"))

    def show_execution(self, found: ExecutionView) -> None:
        """Show the months."""
        groups = tuple(
            Compared(f"{one.year}-{one.month:02d}", f"{one.year % 100:02d}-{one.month:02d}",
                     (one.planned, one.committed, one.actual))
            for one in found.months[-_MOST_MONTHS:]
        )  # fmt: skip
        series = _series()
        self.show_chart(
            lambda width, height: compared_columns(groups, series, width=width, height=height, measure=measure),
            "; ".join(one.label for one in groups),
        )
