"""Tables and trees as the whole program shows them: one look, columns to choose, copy and paste with spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QTreeView

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.parsing import parse_tsv, tsv_text
from qihua_desktop.i18n import _

from .columns import CellRole, Column
from .delegates import CellDelegate, delegate_for
from .labels import literal
from .layouts import MemoryViewState, ViewState
from .theme import HEADER_HEIGHT, ROW_HEIGHT, Role, theme

if TYPE_CHECKING:
    _ViewBase = QAbstractItemView
else:
    _ViewBase = object

_NARROWEST = 40
_WIDEST_TITLE = 160
_TITLE_PADDING = 18
_SAVE_DELAY = 400


class _ColumnMemory(QObject):
    """Hidden columns, widths and sorting of one view, kept in the view state."""

    def __init__(self, view: QTableView | QTreeView, header: QHeaderView, key: str, state: ViewState) -> None:
        super().__init__(view)
        self._view = view
        self._header = header
        self._key = f"columns/{key}"
        self._state = state
        self._columns: tuple[Column[Any], ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVE_DELAY)
        self._timer.timeout.connect(self.save)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_menu_requested)
        header.sectionResized.connect(self._on_changed)
        header.sectionMoved.connect(self._on_changed)
        header.sortIndicatorChanged.connect(self._on_changed)

    def set_columns(self, columns: tuple[Column[Any], ...]) -> None:
        """Lay out a model's columns as they were left, or as the model suggests."""
        self._columns = columns
        kept = self._read()
        widths = kept.get("widths", {}) if isinstance(kept.get("widths"), dict) else {}
        hidden = kept.get("hidden")
        self._header.blockSignals(True)
        for number, column in enumerate(columns):
            title = self._header.fontMetrics().horizontalAdvance(column.title) + _TITLE_PADDING
            usual = max(column.width, min(title, _WIDEST_TITLE))
            width = widths.get(column.key, usual)
            width = width if isinstance(width, int) and _NARROWEST <= width <= 2000 else usual
            mode = QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.Interactive
            self._header.setSectionResizeMode(number, mode)
            self._view.setColumnWidth(number, width)
            is_hidden = column.key in hidden if isinstance(hidden, list) else column.hidden
            self._view.setColumnHidden(number, is_hidden and number > 0)
        self._restore_order(kept.get("order"))
        self._header.blockSignals(False)
        self._restore_sorting(kept.get("sort"))

    def menu(self) -> QMenu:
        """Return the column chooser; the first column always stays."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, column in enumerate(self._columns):
            if number == 0:
                continue
            action = menu.addAction(literal(column.title or column.key))
            action.setCheckable(True)
            action.setChecked(not self._view.isColumnHidden(number))
            action.toggled.connect(lambda shown, at=number: self.show_column(at, shown=shown))
        menu.addSeparator()
        menu.addAction(_("Reset columns")).triggered.connect(self.reset)
        return menu

    def show_column(self, number: int, *, shown: bool) -> None:
        """Show or hide a column and keep that."""
        self._view.setColumnHidden(number, not shown)
        self.save()

    @Slot()
    def reset(self) -> None:
        """Go back to what the model suggests."""
        self._state.write(self._key, "")
        self.set_columns(self._columns)

    @Slot()
    def save(self) -> None:
        """Keep the columns now."""
        if not self._columns:
            return
        order = self._header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        section = self._header.sortIndicatorSection()
        sort = [self._columns[section].key, order] if 0 <= section < len(self._columns) else None
        content = {
            "hidden": [column.key for number, column in enumerate(self._columns) if self._view.isColumnHidden(number)],
            "widths": {
                column.key: self._view.columnWidth(number)
                for number, column in enumerate(self._columns)
                if not self._view.isColumnHidden(number) and not column.stretch
            },
            "order": self._order(),
            "sort": sort if self._view.isSortingEnabled() else None,
        }
        self._state.write(self._key, json.dumps(content, ensure_ascii=False))

    def _order(self) -> list[str]:
        if not self._header.sectionsMovable():
            return []
        return [self._columns[self._header.logicalIndex(place)].key for place in range(len(self._columns))]

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self._state.read(self._key) or "{}")
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    def _restore_order(self, order: object) -> None:
        """Put columns where the user dragged them; new ones stay behind what stood before them."""
        if not self._header.sectionsMovable():
            return
        usual = [column.key for column in self._columns]
        kept = [key for key in order if key in usual] if isinstance(order, list) else []
        for key in usual:
            if key not in kept:
                at = usual.index(key)
                kept.insert(kept.index(usual[at - 1]) + 1 if at else 0, key)
        for place, key in enumerate(kept):
            self._header.moveSection(self._header.visualIndex(usual.index(key)), place)

    def _restore_sorting(self, sort: object) -> None:
        if not self._view.isSortingEnabled() or not isinstance(sort, list) or len(sort) != 2:
            return
        for number, column in enumerate(self._columns):
            if column.key == sort[0]:
                order = Qt.SortOrder.DescendingOrder if sort[1] else Qt.SortOrder.AscendingOrder
                self._view.sortByColumn(number, order)

    @Slot(QPoint)
    def _on_menu_requested(self, position: QPoint) -> None:
        self.menu().popup(self._header.mapToGlobal(position))

    @Slot()
    def _on_changed(self) -> None:
        self._timer.start()


class _Grid(_ViewBase):
    """What tables and trees have in common; only ever mixed into one of Qt's views (Qt allows one Qt base only)."""

    def _prepare(self, header: QHeaderView, key: str, state: ViewState | None, row_height: int) -> None:
        self._row_height = row_height
        self._placeholder = ""
        self._delegates: dict[str, CellDelegate] = {}
        self._memory = _ColumnMemory(self, header, key or "unnamed", state or MemoryViewState())  # type: ignore[arg-type]
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setMouseTracking(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(_NARROWEST)
        header.setFixedHeight(HEADER_HEIGHT)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_context_menu)
        self.activated.connect(self._on_activated)
        self.setAlternatingRowColors(False)

    def set_model(self, model: QAbstractItemModel) -> None:
        """Show a model; its columns bring their delegates and widths."""
        self.setModel(model)
        columns: tuple[Column[Any], ...] = model.columns  # type: ignore[attr-defined]
        for number, column in enumerate(columns):
            delegate = self._delegates.get(column.key) or delegate_for(column, self)
            delegate.row_height = self._row_height
            self._delegates[column.key] = delegate
            self.setItemDelegateForColumn(number, delegate)
        self._memory.set_columns(columns)
        selection = self.selectionModel()
        selection.selectionChanged.connect(self._on_selection_changed)
        model.rowsInserted.connect(self._on_rows_changed)
        model.rowsRemoved.connect(self._on_rows_changed)
        model.modelReset.connect(self._on_rows_changed)

    def set_delegate(self, column_key: str, delegate: CellDelegate) -> None:
        """Edit or draw a column in another way than its kind's."""
        delegate.row_height = self._row_height
        delegate.setParent(self)
        self._delegates[column_key] = delegate
        model: Any = self.model()
        if model is not None:
            for number, column in enumerate(model.columns):
                if column.key == column_key:
                    self.setItemDelegateForColumn(number, delegate)

    def set_placeholder(self, text: str) -> None:
        """Say what belongs here while there are no rows."""
        self._placeholder = text
        self.viewport().update()

    def placeholder(self) -> str:
        """Return what is said while there are no rows."""
        return self._placeholder

    def selected_rows(self) -> tuple[Any, ...]:
        """Return the selected rows from top to bottom."""
        return tuple(index.data(CellRole.ROW) for index in self._selected_indexes())

    def current_row(self) -> Any:
        """Return the row with the keyboard focus, None when there is none."""
        index = self.currentIndex()
        return index.data(CellRole.ROW) if index.isValid() else None

    def select_identity(self, identity: Hashable) -> bool:
        """Select a row, bring it into view and return whether it is here."""
        model: Any = self.model()
        index: QModelIndex = model.index_of(identity)
        if not index.isValid():
            return False
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)
        return True

    def column_menu(self) -> QMenu:
        """Return the column chooser, for a toolbar button."""
        return self._memory.menu()

    def save_columns(self) -> None:
        """Keep columns and sorting now, as before closing."""
        self._memory.save()

    def table_text(self) -> str:
        """Return the selected rows with a heading as the clipboard wants them; all rows when none is selected."""
        model: Any = self.model()
        shown = [number for number in range(len(model.columns)) if not self.isColumnHidden(number)]  # type: ignore[attr-defined]
        indexes = self._selected_indexes() or list(self._all_indexes(QModelIndex()))
        rows = [[model.columns[number].title for number in shown]]
        for index in indexes:
            row = index.data(CellRole.ROW)
            rows.append([model.columns[number].words(row) for number in shown])
        return tsv_text(rows)

    def copy(self) -> None:
        """Put the selected rows on the clipboard."""
        QGuiApplication.clipboard().setText(self.table_text())

    def paste(self) -> None:
        """Tell the window which rows were on the clipboard."""
        try:
            rows = parse_tsv(QGuiApplication.clipboard().text())
        except InputError:
            return
        if rows:
            self.rows_pasted.emit(rows)  # type: ignore[attr-defined]

    def handle_key(self, event: QKeyEvent) -> bool:
        """Carry out copy, paste and Enter; return whether the key was one of them."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.state() != self.State.EditingState:
            self._on_activated(self.currentIndex())
        else:
            return False
        return True

    def paint_placeholder(self) -> None:
        """Draw the placeholder over an empty viewport."""
        model = self.model()
        if not self._placeholder or (model is not None and model.rowCount() > 0):
            return
        painter = QPainter(self.viewport())
        painter.setFont(theme().font())
        painter.setPen(theme().color(Role.MUTED))
        area = self.viewport().rect().adjusted(24, 16, -24, -16)
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(area, flags, self._placeholder)

    def _selected_indexes(self) -> list[QModelIndex]:
        selection = self.selectionModel()
        if selection is None:
            return []
        return sorted(selection.selectedRows(0), key=_path)

    def _all_indexes(self, parent: QModelIndex) -> list[QModelIndex]:
        model = self.model()
        result: list[QModelIndex] = []
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            result.append(index)
            result.extend(self._all_indexes(index))
        return result

    def _on_activated(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_activated.emit(index.data(CellRole.ROW))  # type: ignore[attr-defined]

    def _on_selection_changed(self) -> None:
        self.selection_changed.emit(self.selected_rows())  # type: ignore[attr-defined]

    def _on_rows_changed(self) -> None:
        self.viewport().update()

    def _on_context_menu(self, position: QPoint) -> None:
        row = self.indexAt(position).data(CellRole.ROW)
        self.context_requested.emit(row, self.viewport().mapToGlobal(position))  # type: ignore[attr-defined]


class DataTable(_Grid, QTableView):
    """A table over ``RowsModel`` or ``SortFilterModel``.

    Signals:
        row_activated(object): double click or Enter on a row that is not being edited.
        selection_changed(object): the tuple of selected rows.
        rows_pasted(object): the clipboard's rows, a tuple of tuples of texts.
        context_requested(object, QPoint): the row under the mouse or None, and where a menu goes.
    """

    row_activated = Signal(object)
    selection_changed = Signal(object)
    rows_pasted = Signal(object)
    context_requested = Signal(object, QPoint)

    def __init__(
        self,
        model: QAbstractItemModel | None = None,
        *,
        key: str = "",
        state: ViewState | None = None,
        row_height: int = ROW_HEIGHT,
        accessible_name: str = "",
    ) -> None:
        QTableView.__init__(self)
        self._prepare(self.horizontalHeader(), key, state, row_height)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(row_height)
        vertical.setDefaultSectionSize(row_height)
        self.setAccessibleName(accessible_name)
        if model is not None:
            self.set_model(model)

    def set_model(self, model: QAbstractItemModel) -> None:
        """Show a model; a sorting one makes the headings clickable."""
        self.setSortingEnabled(hasattr(model, "set_search"))
        if self.isSortingEnabled():
            self.horizontalHeader().setSortIndicatorClearable(True)
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        _Grid.set_model(self, model)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            QTableView.keyPressEvent(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QTableView.paintEvent(self, event)
        self.paint_placeholder()


class DataTree(_Grid, QTreeView):
    """A tree over ``TreeRowsModel`` or a ``SortFilterModel`` of one; signals as ``DataTable``."""

    row_activated = Signal(object)
    selection_changed = Signal(object)
    rows_pasted = Signal(object)
    context_requested = Signal(object, QPoint)

    def __init__(
        self,
        model: QAbstractItemModel | None = None,
        *,
        key: str = "",
        state: ViewState | None = None,
        row_height: int = ROW_HEIGHT,
        accessible_name: str = "",
    ) -> None:
        QTreeView.__init__(self)
        self._prepare(self.header(), key, state, row_height)
        self.setUniformRowHeights(True)
        self.setAnimated(False)
        self.setIndentation(16)
        self.setExpandsOnDoubleClick(False)
        self.setAllColumnsShowFocus(True)
        self.header().setStretchLastSection(False)
        self.header().setSectionsMovable(False)
        self.setAccessibleName(accessible_name)
        if model is not None:
            self.set_model(model)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            QTreeView.keyPressEvent(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QTreeView.paintEvent(self, event)
        self.paint_placeholder()


def _path(index: QModelIndex) -> tuple[int, ...]:
    path: list[int] = []
    while index.isValid():
        path.append(index.row())
        index = index.parent()
    return tuple(reversed(path))
