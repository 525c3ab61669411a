"""Which rows are selected; the table's selection is the only one, the chart shows and changes it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Qt, Slot

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.services.plan_view import PlanRow

from .display import ShownRow
from .table_model import TaskTableModel
from .table_view import TaskTable

_Flag = QItemSelectionModel.SelectionFlag


class RowSelection(QObject):
    """Reads and sets the selection by row keys."""

    def __init__(self, table: TaskTable, model: TaskTableModel) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._before_band: tuple[str, ...] | None = None

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the selected rows from top to bottom."""
        return tuple(row.key for row in self._table.selected_rows())

    def tasks(self) -> list[PlanRow]:
        """Return the selected tasks from top to bottom, headings left out."""
        return [row.row for row in self._table.selected_rows() if row.row is not None]

    def ids(self) -> tuple[EntityId, ...]:
        """Return the selected tasks' ids from top to bottom."""
        return tuple(row.id for row in self.tasks())

    def current(self) -> PlanRow | None:
        """Return the task with the keyboard focus if it is selected, else the last selected one."""
        rows = self.tasks()
        current = self._table.current_row()
        if isinstance(current, ShownRow) and current.row is not None and any(one is current.row for one in rows):
            return current.row
        return rows[-1] if rows else None

    @Slot(object, bool)
    def band(self, keys: object, adds: bool) -> None:
        """Select what a rubber band holds, besides what was selected before it when ``adds``."""
        if self._before_band is None:
            self._before_band = self.keys()
        held = [str(key) for key in keys] if isinstance(keys, tuple) else []
        kept = self._before_band if adds else ()
        self.select(tuple(dict.fromkeys((*kept, *held))), scrolls=False)

    @Slot(bool)
    def end_band(self, dragging: bool) -> None:
        """Forget what was selected before the rubber band."""
        if not dragging:
            self._before_band = None

    def select(self, keys: tuple[str, ...], *, scrolls: bool = True) -> None:
        """Select rows and bring the first into view; keys that are not shown are left out."""
        selection = QItemSelection()
        first = None
        for key in keys:
            index = self._model.index_of(key)
            if index.isValid():
                first = first or index
                selection.select(index, index)
        model = self._table.selectionModel()
        if first is not None:
            model.setCurrentIndex(first, _Flag.NoUpdate)
            if scrolls:
                self._table.scrollTo(first)
        model.select(selection, _Flag.ClearAndSelect | _Flag.Rows)

    @Slot(str, object)
    def press(self, key: str, modifiers: object) -> None:
        """Select as a press on a row does: alone, added with Ctrl, as a span with Shift; beside all rows none."""
        index = self._model.index_of(key)
        model = self._table.selectionModel()
        if not index.isValid():
            model.clearSelection()
        elif modifiers == Qt.KeyboardModifier.ControlModifier:
            model.setCurrentIndex(index, _Flag.Toggle | _Flag.Rows)
        elif modifiers == Qt.KeyboardModifier.ShiftModifier and self._table.currentIndex().isValid():
            first, last = sorted((self._table.currentIndex().row(), index.row()))
            span = QItemSelection(self._model.index(first, 0), self._model.index(last, 0))
            model.select(span, _Flag.ClearAndSelect | _Flag.Rows)
        else:
            model.setCurrentIndex(index, _Flag.ClearAndSelect | _Flag.Rows)
