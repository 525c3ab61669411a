"""The task table's model: the shown rows as a flat list, so that table and chart have exactly the same rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from ui.common.columns import CellKind, Column, cell_data, cell_flags, header_data
from ui.common.theme import theme

from .display import ShownRow

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_NEVER = frozenset(
    {
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.CheckStateRole,
        Qt.ItemDataRole.BackgroundRole,
        Qt.ItemDataRole.SizeHintRole,
        Qt.ItemDataRole.StatusTipRole,
        Qt.ItemDataRole.WhatsThisRole,
    }
)
_TABULAR = frozenset({CellKind.DATE, CellKind.DURATION, CellKind.PERCENT, CellKind.PROGRESS, CellKind.NUMBER})


class TaskTableModel(QAbstractTableModel):
    """Rows of ``ShownRow``. ``set_rows`` reports only what differs between common beginning and end.

    Signals:
        rows_leaving(int, int): these rows are about to go; an editor open on one of them has to close first.
    """

    rows_leaving = Signal(int, int)

    def __init__(
        self,
        columns: Sequence[Column[ShownRow]],
        on_edit: Callable[[str, ShownRow, Any], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._on_edit = on_edit
        self._rows: tuple[ShownRow, ...] = ()
        self._numbers: dict[str, int] = {}
        self._fonts: dict[tuple[bool, bool], QFont] = {}
        self._alignments = tuple(
            (Qt.AlignmentFlag.AlignRight if column.is_right_aligned else Qt.AlignmentFlag.AlignLeft)
            | Qt.AlignmentFlag.AlignVCenter
            for column in self.columns
        )
        theme().changed.connect(self._fonts.clear)

    @property
    def rows(self) -> tuple[ShownRow, ...]:
        """The rows from top to bottom."""
        return self._rows

    def set_rows(self, rows: tuple[ShownRow, ...]) -> None:
        """Show other rows; what stays keeps its selection."""
        old = self._rows
        head = 0
        limit = min(len(old), len(rows))
        while head < limit and old[head].key == rows[head].key:
            head += 1
        tail = 0
        while tail < limit - head and old[-1 - tail].key == rows[-1 - tail].key:
            tail += 1
        if len(old) - tail > head:
            self.rows_leaving.emit(head, len(old) - tail - 1)
            self.beginRemoveRows(_NOWHERE, head, len(old) - tail - 1)
            self._adopt((*old[:head], *old[len(old) - tail :]))
            self.endRemoveRows()
        if len(rows) - tail > head:
            self.beginInsertRows(_NOWHERE, head, len(rows) - tail - 1)
            self._adopt(rows)
            self.endInsertRows()
        before = self._rows if len(old) != len(rows) else old
        self._adopt(rows)
        self._report(before, rows)

    def row_at(self, index: AnyIndex) -> ShownRow | None:
        """Return the row of an index."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, identity: Hashable, column: int = 0) -> QModelIndex:
        """Return the index of a row by its key, an invalid one when it is not shown."""
        number = self._numbers.get(str(identity))
        return QModelIndex() if number is None else self.index(number, column)

    def column_number(self, key: str) -> int:
        """Return where a column is. Raises KeyError for an unknown one."""
        for number, column in enumerate(self.columns):
            if column.key == key:
                return number
        raise KeyError(key)

    def _adopt(self, rows: tuple[ShownRow, ...]) -> None:
        self._rows = rows
        self._numbers = {row.key: number for number, row in enumerate(rows)}

    def _report(self, before: tuple[ShownRow, ...], rows: tuple[ShownRow, ...]) -> None:
        if len(before) != len(rows):
            changed = range(len(rows))
        else:
            changed = [number for number, row in enumerate(rows) if row is not before[number] and row != before[number]]
        if changed:
            last = len(self.columns) - 1
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], last))

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in _NEVER or not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.FontRole:
            return self._font(bold=column.bold is not None and column.bold(row), tabular=column.kind in _TABULAR)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignments[index.column()]
        return cell_data(column, row, row.key, role)

    def _font(self, *, bold: bool, tabular: bool) -> QFont:
        """Return one of the four fonts of the table; painting asks for them a thousand times."""
        font = self._fonts.get((bold, tabular))
        if font is None:
            font = self._fonts[bold, tabular] = theme().font(bold=bold, tabular=tabular)
        return font

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return header_data(self.columns, section, role) if orientation == Qt.Orientation.Horizontal else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        row = self.row_at(index)
        return Qt.ItemFlag.NoItemFlags if row is None else cell_flags(self.columns[index.column()], row)

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row_at(index)
        if row is None or role != Qt.ItemDataRole.EditRole:
            return False
        column = self.columns[index.column()]
        return False if value == column.value(row) else self._on_edit(column.key, row, value)
