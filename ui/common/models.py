"""Item models over tuples of frozen dataclasses: they compare by equality and tell views only what differs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QCollator,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from .columns import CellKind, CellRole, Column, cell_data, cell_flags, header_data

T = TypeVar("T")
AnyIndex = QModelIndex | QPersistentModelIndex
OnEdit = Callable[[Any, str, Any], bool]


class RowsModel(QAbstractTableModel, Generic[T]):
    """A table of rows, shown through columns.

    ``identity`` names a row for life (its id); ``on_edit(row, column key, value)`` carries an edit out and returns
    whether it was accepted: the changed row then arrives through ``set_rows`` like every other change.
    """

    def __init__(
        self,
        columns: Sequence[Column[T]],
        identity: Callable[[T], Hashable],
        *,
        on_edit: OnEdit | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._identity = identity
        self._on_edit = on_edit
        self._rows: tuple[T, ...] = ()
        self._numbers: dict[Hashable, int] = {}

    @property
    def rows(self) -> tuple[T, ...]:
        """The rows shown, in order."""
        return self._rows

    def set_rows(self, rows: Sequence[T]) -> None:
        """Show other rows; selection and scroll position survive for rows that stay.

        Raises ValueError when two rows have the same identity.
        """
        new = tuple(rows)
        identities = [self._identity(row) for row in new]
        if len(set(identities)) != len(identities):
            raise ValueError("two rows have the same identity")
        self._remove_missing(set(identities))
        self._reorder(identities)
        self._insert_missing(new, identities)
        self._report_changes(new)

    def row_at(self, index: AnyIndex) -> T | None:
        """Return the row of an index, None for an invalid one."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, identity: Hashable, column: int = 0) -> QModelIndex:
        """Return the index of a row, an invalid one when it is not here."""
        number = self._numbers.get(identity)
        return QModelIndex() if number is None else self.index(number, column)

    def column_number(self, key: str) -> int:
        """Return where a column is. Raises KeyError for an unknown one."""
        return _column_number(self.columns, key)

    def sort_value(self, index: AnyIndex) -> Any:
        """Return what a cell sorts by."""
        return self.columns[index.column()].sort_value(self._rows[index.row()])

    def _adopt(self, rows: tuple[T, ...]) -> None:
        self._rows = rows
        self._numbers = {self._identity(row): number for number, row in enumerate(rows)}

    def _remove_missing(self, wanted: set[Hashable]) -> None:
        doomed = [number for number, row in enumerate(self._rows) if self._identity(row) not in wanted]
        for first, last in reversed(runs(doomed)):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._adopt(self._rows[:first] + self._rows[last + 1 :])
            self.endRemoveRows()

    def _reorder(self, identities: list[Hashable]) -> None:
        order = [self._numbers[identity] for identity in identities if identity in self._numbers]
        if order == sorted(order):
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        places = {number: place for place, number in enumerate(order)}
        self._adopt(tuple(self._rows[number] for number in order))
        self.changePersistentIndexList(old, [self.index(places[one.row()], one.column()) for one in old])
        self.layoutChanged.emit()

    def _insert_missing(self, new: tuple[T, ...], identities: list[Hashable]) -> None:
        fresh = [number for number, identity in enumerate(identities) if identity not in self._numbers]
        for first, last in runs(fresh):
            self.beginInsertRows(QModelIndex(), first, last)
            self._adopt(self._rows[:first] + new[first : last + 1] + self._rows[first:])
            self.endInsertRows()

    def _report_changes(self, new: tuple[T, ...]) -> None:
        changed = [number for number, (old, row) in enumerate(zip(self._rows, new, strict=True)) if old != row]
        self._adopt(new)
        for first, last in runs(changed):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        return cell_data(self.columns[index.column()], row, self._identity(row), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return header_data(self.columns, section, role) if orientation == Qt.Orientation.Horizontal else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return cell_flags(self.columns[index.column()], self._rows[index.row()])

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row_at(index)
        if row is None or self._on_edit is None:
            return False
        return carry_out(self._on_edit, self.columns[index.column()], row, value, role)


class SortFilterModel(QSortFilterProxyModel):
    """Sorts by native values (texts by the reader's collation, None last) and filters by a rule and by search words."""

    def __init__(self, source: Any = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rule: Callable[[Any], bool] | None = None
        self._words: tuple[str, ...] = ()
        self._collator = QCollator(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        self._collator.setNumericMode(True)
        self._collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setRecursiveFilteringEnabled(True)
        self.setAutoAcceptChildRows(True)
        self.setDynamicSortFilter(True)
        if source is not None:
            self.setSourceModel(source)

    def set_filter(self, rule: Callable[[Any], bool] | None) -> None:
        """Show only rows the rule accepts."""
        self.beginFilterChange()
        self._rule = rule
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def set_search(self, text: str) -> None:
        """Show only rows in which every word occurs in some column."""
        self.beginFilterChange()
        self._words = tuple(text.casefold().split())
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def row_at(self, index: AnyIndex) -> Any:
        """Return the row of an index, None for an invalid one."""
        return index.data(CellRole.ROW) if index.isValid() else None

    def index_of(self, identity: Hashable, column: int = 0) -> QModelIndex:
        """Return the index of a row, an invalid one when it is not shown."""
        source: Any = self.sourceModel()
        return self.mapFromSource(source.index_of(identity, column))

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """The source's columns."""
        source: Any = self.sourceModel()
        return source.columns

    def filterAcceptsRow(self, source_row: int, source_parent: AnyIndex) -> bool:
        source: Any = self.sourceModel()
        row = source.row_at(source.index(source_row, 0, source_parent))
        if row is None:
            return True
        if self._rule is not None and not self._rule(row):
            return False
        if not self._words:
            return True
        cells = "\n".join(column.words(row) for column in source.columns).casefold()
        return all(word in cells for word in self._words)

    def lessThan(self, left: AnyIndex, right: AnyIndex) -> bool:
        source: Any = self.sourceModel()
        one, other = source.sort_value(left), source.sort_value(right)
        if one is None or other is None:
            descending = self.sortOrder() == Qt.SortOrder.DescendingOrder
            return (one is None) == descending and one is not other
        if isinstance(one, str) and isinstance(other, str):
            return self._collator.compare(one, other) < 0
        return one < other


def carry_out(on_edit: OnEdit, column: Column[Any], row: Any, value: Any, role: int) -> bool:
    """Hand a cell's new value to the window; an unchanged one counts as done."""
    if column.editable is None or not column.editable(row):
        return False
    if role == Qt.ItemDataRole.CheckStateRole and column.kind is CellKind.CHECK:
        return on_edit(row, column.key, Qt.CheckState(value) == Qt.CheckState.Checked)
    if role not in (Qt.ItemDataRole.EditRole, CellRole.VALUE):
        return False
    if value == column.value(row):
        return True
    return on_edit(row, column.key, value)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as (first, last) of each unbroken run."""
    result: list[tuple[int, int]] = []
    for number in numbers:
        if result and result[-1][1] == number - 1:
            result[-1] = (result[-1][0], number)
        else:
            result.append((number, number))
    return result


def _column_number(columns: tuple[Column[Any], ...], key: str) -> int:
    for number, column in enumerate(columns):
        if column.key == key:
            return number
    raise KeyError(key)
