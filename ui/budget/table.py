"""The allocation table: moves like a spreadsheet, copies with its outline, and is as high as its rows need."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QHeaderView, QStyleOptionViewItem, QWidget

from qihua_desktop.domain.budget_paste import LEVEL_INDENT
from qihua_desktop.domain.parsing import tsv_text
from qihua_desktop.i18n import _
from ui.common.columns import CellRole
from ui.common.layouts import ViewState
from ui.common.tables import DataTree
from ui.common.theme import HEADER_HEIGHT, ROW_HEIGHT, Role, theme
from ui.common.tree_models import TreeRowsModel

from .rows import BudgetRow

_NAME_LEAST = 150
_ROWS_COUNTED = 120
"""No screen shows more; counting all rows of a long budget at each step would take long."""
_EndEdit = QAbstractItemDelegate.EndEditHint


class BudgetTree(DataTree):
    """The rows of a budget.

    Signals:
        lock_clicked(object, QPoint): the lock of a row was clicked, and where a menu goes.
        laid_out(): widths, heights or the scroll position changed.
    """

    lock_clicked = Signal(object, QPoint)
    laid_out = Signal()

    def __init__(self, model: TreeRowsModel[BudgetRow], state: ViewState) -> None:
        self._ready = False
        super().__init__(model, key="budget", state=state, accessible_name=_("Budget allocation"))
        self._ready = True
        self.setAllColumnsShowFocus(False)
        self.setIndentation(18)
        header = self.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.sectionResized.connect(self._on_section_resized)
        self.horizontalScrollBar().valueChanged.connect(self.laid_out)
        self.horizontalScrollBar().rangeChanged.connect(self.fit_height)
        self.expanded.connect(self.fit_height)
        self.collapsed.connect(self.fit_height)
        self.clicked.connect(self._on_clicked)

    def column_of(self, key: str) -> int:
        """Return where a column is."""
        model: Any = self.model()
        return model.column_number(key)

    def edit_cell(self, line_id: bytes, key: str) -> bool:
        """Open the editor of a cell; returns whether it could be."""
        model: Any = self.model()
        index = model.index_of(line_id, self.column_of(key))
        if not index.isValid() or not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return False
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.setFocus()
        self.edit(index)
        return True

    def table_text(self) -> str:
        """Return the selected rows, or all, with a heading; names are set in by their level."""
        model: Any = self.model()
        shown = [number for number in range(len(model.columns)) if not self.isColumnHidden(number)]
        rows = [[model.columns[number].title for number in shown]]
        for index in self._selected_indexes() or self._all_indexes(QModelIndex()):
            row: BudgetRow = index.data(CellRole.ROW)
            cells = [model.columns[number].words(row) for number in shown]
            rows.append([LEVEL_INDENT * row.level + cells[0], *cells[1:]])
        return tsv_text(rows)

    @Slot()
    def fit_height(self) -> None:
        """Be as high as the rows shown need, so that the total follows them."""
        count = 0
        index = self.model().index(0, 0)
        while index.isValid() and count < _ROWS_COUNTED:
            count += 1
            index = self.indexBelow(index)
        bar = self.horizontalScrollBar().sizeHint().height() if self.horizontalScrollBar().maximum() else 0
        self.setMaximumHeight(HEADER_HEIGHT + max(count, 2) * ROW_HEIGHT + bar)
        self.laid_out.emit()

    def open_all(self) -> None:
        """Open every row at once; heights are reckoned once instead of for each."""
        self.expanded.disconnect(self.fit_height)
        self.expandAll()
        self.expanded.connect(self.fit_height)

    def fit_name(self) -> None:
        """Give the names what the other columns leave."""
        columns = range(1, self.header().count())
        others = sum(self.columnWidth(number) for number in columns if not self.isColumnHidden(number))
        self.setColumnWidth(0, max(_NAME_LEAST, self.viewport().width() - others))
        self.laid_out.emit()

    def _step(self, index: QModelIndex, step: int) -> QModelIndex:
        """Return the next cell to be edited in reading order, an invalid one at the end."""
        row, column = index.siblingAtColumn(0), index.column()
        while row.isValid():
            column += step
            if not 0 <= column < self.header().count():
                row = self.indexBelow(row) if step > 0 else self.indexAbove(row)
                row = row.siblingAtColumn(0)
                column = -1 if step > 0 else self.header().count()
                continue
            cell = row.siblingAtColumn(column)
            if not self.isColumnHidden(column) and cell.flags() & Qt.ItemFlag.ItemIsEditable:
                return cell
        return QModelIndex()

    def _walk(self, step: int) -> bool:
        """Move the cell cursor sideways; returns whether there was a cell."""
        current = self.currentIndex()
        column = current.column() + step
        while 0 <= column < self.header().count() and self.isColumnHidden(column):
            column += step
        if not current.isValid() or not 0 <= column < self.header().count():
            return False
        cell = current.siblingAtColumn(column)
        self.setCurrentIndex(cell)
        self.scrollTo(cell)
        return True

    @Slot(int, int, int)
    def _on_section_resized(self, section: int, _old: int, _new: int) -> None:
        if section > 0:
            self.fit_name()
        else:
            self.laid_out.emit()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == self.column_of("lock"):
            place = self.visualRect(index).bottomLeft()
            self.lock_clicked.emit(index.data(CellRole.ROW), self.viewport().mapToGlobal(place))

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row: BudgetRow = index.data(CellRole.ROW)
        if row.level == 0 and not self.selectionModel().isSelected(index):
            painter.fillRect(option.rect, theme().color(Role.SUNKEN))
        super().drawRow(painter, option, index)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid() and current.siblingAtColumn(0) == index.siblingAtColumn(0):
            cell: QRect = self.visualRect(current).adjusted(0, 0, -1, -2)
            painter.setPen(QPen(theme().color(Role.ACCENT), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        current = self.currentIndex()
        editing = self.state() == self.State.EditingState
        if editing or not plain or not current.isValid():
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(current)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and (
            current.column() == self.column_of("lock")
        ):
            self._on_clicked(current)
        elif event.key() == Qt.Key.Key_Escape:
            self.clearSelection()
        elif event.key() == Qt.Key.Key_Right and not self._may_open(current):
            self._walk(1)
        elif event.key() == Qt.Key.Key_Left and current.column() > 0:
            self._walk(-1)
        else:
            super().keyPressEvent(event)

    def _may_open(self, index: QModelIndex) -> bool:
        return index.column() == 0 and self.model().hasChildren(index) and not self.isExpanded(index)

    def closeEditor(self, editor: QWidget, hint: _EndEdit) -> None:
        index = self.currentIndex()
        super().closeEditor(editor, _EndEdit.NoHint)
        if hint in (_EndEdit.EditNextItem, _EndEdit.EditPreviousItem):
            cell = self._step(index, 1 if hint == _EndEdit.EditNextItem else -1)
            if cell.isValid():
                self.setCurrentIndex(cell)
                self.scrollTo(cell)
                self.edit(cell)
        elif hint == _EndEdit.SubmitModelCache:
            below = self.indexBelow(index)
            if below.isValid():
                self.setCurrentIndex(below.siblingAtColumn(index.column()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._ready:
            self.fit_name()
