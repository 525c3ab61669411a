"""What the parts of the Gantt window tell, and what the page does about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QScrollBar

from .context_menu import open_context_menu, open_day_menu, open_link_menu
from .display import SORTS

if TYPE_CHECKING:
    from .page import GanttPage


class PageAnswers(QObject):
    """Connects every part's signals."""

    def __init__(self, page: GanttPage) -> None:
        super().__init__(page)
        self._page = page
        self._syncing = False
        self._connect_table()
        self._connect_chart()
        self._connect_around()

    def _connect_table(self) -> None:
        page, table = self._page, self._page.table
        table.selection_changed.connect(self._on_selection_changed)
        table.toggled.connect(page.toggle_row)
        table.rows_pasted.connect(page.commands.paste)
        table.rows_dropped.connect(page.commands.drop_rows)
        table.context_requested.connect(lambda row, place: open_context_menu(page, row, place))
        table.horizontalHeader().sectionClicked.connect(self._on_heading_clicked)
        bars = table.verticalScrollBar(), page.chart.verticalScrollBar()
        bars[0].valueChanged.connect(lambda value: self._scroll_along(bars[1], value))
        bars[1].valueChanged.connect(lambda value: self._scroll_along(bars[0], value))

    def _connect_chart(self) -> None:
        page, chart = self._page, self._page.chart
        chart.row_pressed.connect(page.selection.press)
        chart.banded.connect(page.selection.band)
        chart.drag_changed.connect(page.selection.end_band)
        chart.dropped.connect(page.commands.carry_out)
        chart.object_activated.connect(lambda _key: page.set_details(shown=True))
        chart.object_context.connect(self._on_chart_context)
        chart.zoom_requested.connect(self._on_zoom_requested)
        chart.blank_activated.connect(self._on_blank_activated)
        page.head.day_activated.connect(lambda x: page.windows.open_calendar(page.picture.axis.scale.day_at(x)))
        page.head.day_context.connect(self._on_day_context)
        page.time.unit_changed.connect(page.toolbar.set_unit)

    def _connect_around(self) -> None:
        page, tools = self._page, self._page.toolbar
        tools.files_menu.aboutToShow.connect(lambda: page.commands.files.fill(tools.files_menu))
        tools.unit_chosen.connect(page.show_unit)
        tools.critical_toggled.connect(self._on_critical_toggled)
        tools.float_toggled.connect(self._on_float_toggled)
        tools.baseline_chosen.connect(page.show_baseline)
        tools.headline_clicked.connect(self._on_headline_clicked)
        tools.arrangement_changed.connect(page.refresh_rows)
        tools.details_toggled.connect(lambda shown: page.set_details(shown=shown))
        tools.search_left.connect(lambda: page.table.setFocus())
        tools.next_wanted.connect(lambda: page.find_next(1))
        page.inspector.task_requested.connect(page.show_task)
        page.moved.undo_requested.connect(self._on_undo)
        page.moved.task_requested.connect(page.show_task)
        page.splitter.splitterMoved.connect(lambda _place, _index: page.align())

    @Slot(object)
    def _on_selection_changed(self, _rows: object) -> None:
        page = self._page
        page.picture.selected = frozenset(page.selected_keys())
        page.chart.viewport().update()
        page.show_inspected()

    @Slot(str, QPoint)
    def _on_chart_context(self, key: str, place: QPoint) -> None:
        link = self._page.picture.link_of(key)
        if link is not None:
            open_link_menu(self._page, link, place)
        else:
            open_context_menu(self._page, None, place)

    @Slot(float, object)
    def _on_day_context(self, x: float, place: object) -> None:
        if isinstance(place, QPoint):
            open_day_menu(self._page, self._page.picture.axis.scale.day_at(x), place)

    @Slot(bool)
    def _on_critical_toggled(self, shown: bool) -> None:
        self._page.picture.show_critical = shown
        self._page.refresh_rows()

    @Slot(bool)
    def _on_float_toggled(self, shown: bool) -> None:
        """Draw the float of every task, or only of the selected ones."""
        self._page.picture.show_float = shown
        self._page.chart.viewport().update()

    def _scroll_along(self, bar: QScrollBar, value: int) -> None:
        """Keep the two halves of the window level."""
        if not self._syncing:
            self._syncing = True
            bar.setValue(value)
            self._syncing = False

    @Slot(int)
    def _on_heading_clicked(self, section: int) -> None:
        """Sort by a column: upwards, downwards, and in the plan's own order again."""
        page = self._page
        key = page.model.columns[section].key
        if key not in SORTS:
            return
        now = page.toolbar.arrangement()
        if now.sort != key:
            new = replace(now, sort="" if key == "number" else key, descending=False)
        elif not now.descending:
            new = replace(now, descending=True)
        else:
            new = replace(now, sort="", descending=False)
        header = page.table.horizontalHeader()
        header.setSortIndicatorShown(bool(new.sort))
        order = Qt.SortOrder.DescendingOrder if new.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(section if new.sort else -1, order)
        page.toolbar.set_arrangement(new)

    @Slot(float, float)
    def _on_zoom_requested(self, factor: float, scene_x: float) -> None:
        page = self._page
        page.set_day_width(page.picture.axis.day_width * factor, page.chart.to_view(scene_x, 0).x())

    @Slot(float)
    def _on_blank_activated(self, x: float) -> None:
        page, view = self._page, self._page.view()
        at = page.picture.axis.boundary(x - page.picture.axis.day_width / 2)
        if view is not None and page.may_edit():
            page.commands.add_at(view.state.calendar.next_start(at))

    @Slot()
    def _on_headline_clicked(self) -> None:
        """Show the task that deserves a look."""
        view = self._page.view()
        if view is None:
            return
        slipped = [row for row in view.rows if row.slip > 0 and not row.is_summary and not row.is_done]
        row = view.infeasible or max(slipped, key=lambda one: one.slip, default=None)
        if row is not None:
            self._page.show_task(row.id)
            self._page.set_details(shown=True)

    @Slot()
    def _on_undo(self) -> None:
        page = self._page
        page.context.attempt(page.context.session.undo, page)
        page.moved.clear()
