"""The year by month: planned, committed and actual money as columns and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from qihua_desktop.domain.money_charts import Compared, Series, compared_columns
from qihua_desktop.domain.roles import series_role
from qihua_desktop.i18n import _
from qihua_desktop.services.year_view import OUTSIDE, YearFigures
from ui.common.context import AppContext
from ui.common.layouts import SplitterMemory
from ui.common.models import RowsModel
from ui.common.painter import SceneWidget, measure
from ui.common.tables import DataTable

from .columns import MonthRow, month_columns

_TOTAL: Final = "total"
_OUTSIDE: Final = "outside"


class MonthChart(SceneWidget):
    """Three columns per month, as wide as there is room."""

    def __init__(self) -> None:
        super().__init__(accessible_name=_("Year by month"))
        self._groups: tuple[Compared, ...] = ()
        self.setMinimumSize(260, 120)

    def show_months(self, groups: Sequence[Compared]) -> None:
        """Show other figures."""
        self._groups = tuple(groups)
        self.setAccessibleDescription("; ".join(f"{one.label}: {one.values[0] // 100:,}" for one in self._groups))
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        series = (
            Series(_("Plan"), series_role(0)),
            Series(_("Contracted"), series_role(1)),
            Series(_("Actual"), series_role(2)),
        )
        width, height = max(240, self.width()), max(100, self.height())
        self.show_scene(compared_columns(self._groups, series, width=width, height=height, measure=measure))


class MonthView(QWidget):
    """The chart beside its figures; a click on a month selects its row."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.chart = MonthChart()
        self.model = RowsModel(month_columns(), lambda row: row.key, parent=self)
        self.table = DataTable(
            self.model, key="annual.months", state=context.view_state, accessible_name=_("Year by month")
        )
        self.chart.object_clicked.connect(lambda key: key and self.table.select_identity(key))
        frame = QWidget()
        inside = QHBoxLayout(frame)
        inside.setContentsMargins(16, 10, 10, 8)
        inside.addWidget(self.chart)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(frame)
        splitter.addWidget(self.table)
        splitter.setStretchFactor(0, 1)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([680, 430])
        self.table.setMinimumWidth(300)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)
        self._memory = SplitterMemory(splitter, "annual.month_parts", context.view_state)

    def show_figures(self, months: Sequence[tuple[int, int]], figures: YearFigures) -> None:
        """Show twelve months and what falls outside the year."""
        rows = [
            MonthRow(f"{year}-{month:02d}", f"{year}-{month:02d}", *_at(figures, place))
            for place, (year, month) in enumerate(months)
        ]
        self.chart.show_months(
            [Compared(row.key, str(int(row.key[-2:])), (row.plan, row.committed, row.actual)) for row in rows]
        )
        outside = _at(figures, OUTSIDE)
        if any(outside):
            rows.append(MonthRow(_OUTSIDE, _("Other years"), *outside))
        rows.append(MonthRow(_TOTAL, _("Sum"), *figures.totals, is_total=True))
        self.model.set_rows(rows)


def _at(figures: YearFigures, place: int) -> tuple[int, int, int]:
    return figures.plan[place], figures.committed[place], figures.actual[place]
