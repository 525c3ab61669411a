"""The tree counterpart of ``RowsModel``: rows name their parents, and only the differences reach the view."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from .columns import Column, cell_data, cell_flags, header_data
from .models import AnyIndex, OnEdit, carry_out, runs

T = TypeVar("T")


class _Node(Generic[T]):
    __slots__ = ("children", "identity", "number", "parent", "position", "row")

    def __init__(self, identity: Hashable, row: T | None, number: int) -> None:
        self.identity = identity
        self.row = row
        self.number = number
        self.parent: _Node[T] | None = None
        self.position = 0
        self.children: list[_Node[T]] = []

    def renumber(self, first: int = 0) -> None:
        for position in range(first, len(self.children)):
            self.children[position].position = position


class TreeRowsModel(QAbstractItemModel, Generic[T]):
    """Rows in a tree. ``parent_of`` returns the identity of a row's parent, None at the top.

    Siblings stand in the order they are given. A row whose parent is not among the rows stands at the top.
    """

    def __init__(
        self,
        columns: Sequence[Column[T]],
        identity: Callable[[T], Hashable],
        parent_of: Callable[[T], Hashable | None],
        *,
        on_edit: OnEdit | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._identity = identity
        self._parent_of = parent_of
        self._on_edit = on_edit
        self._counter = 0
        self._root: _Node[T] = _Node(None, None, 0)
        self._nodes: dict[Hashable, _Node[T]] = {}
        self._by_number: dict[int, _Node[T]] = {}
        self._rows: tuple[T, ...] = ()

    @property
    def rows(self) -> tuple[T, ...]:
        """The rows as they were set."""
        return self._rows

    def set_rows(self, rows: Sequence[T]) -> None:
        """Show other rows; open branches, selection and scroll position survive for rows that stay.

        Raises ValueError for two rows of the same identity or a circle of parents.
        """
        new = {self._identity(row): row for row in rows}
        if len(new) != len(rows):
            raise ValueError("two rows have the same identity")
        children = self._children_of(rows, new)
        order = _preorder(children)
        if len(order) != len(new):
            raise ValueError("rows are their own ancestors")
        if not self._nodes:
            self._load(rows, new, children)
            return
        self._remove_lost_branches(set(new))
        for identity in (None, *order):
            self._settle(self._root if identity is None else self._nodes[identity], children.get(identity, []), new)
        for identity in (None, *order):
            self._drop_tail(self._root if identity is None else self._nodes[identity], len(children.get(identity, [])))
        self._rows = tuple(rows)
        self._report_changes(new)

    def row_at(self, index: AnyIndex) -> T | None:
        """Return the row of an index, None for an invalid one."""
        return self._node(index).row if index.isValid() else None

    def index_of(self, identity: Hashable, column: int = 0) -> QModelIndex:
        """Return the index of a row, an invalid one when it is not here."""
        node = self._nodes.get(identity)
        return QModelIndex() if node is None else self._index(node, column)

    def column_number(self, key: str) -> int:
        """Return where a column is. Raises KeyError for an unknown one."""
        for number, column in enumerate(self.columns):
            if column.key == key:
                return number
        raise KeyError(key)

    def sort_value(self, index: AnyIndex) -> Any:
        """Return what a cell sorts by."""
        row = self._node(index).row
        return None if row is None else self.columns[index.column()].sort_value(row)

    def _children_of(self, rows: Sequence[T], new: dict[Hashable, T]) -> dict[Hashable | None, list[Hashable]]:
        children: dict[Hashable | None, list[Hashable]] = {}
        for row in rows:
            parent = self._parent_of(row)
            children.setdefault(parent if parent in new else None, []).append(self._identity(row))
        return children

    def _load(self, rows: Sequence[T], new: dict[Hashable, T], children: dict[Hashable | None, list[Hashable]]) -> None:
        self.beginResetModel()
        for identity, row in new.items():
            self._make(identity, row)
        for parent, names in children.items():
            node = self._root if parent is None else self._nodes[parent]
            node.children = [self._nodes[name] for name in names]
            for child in node.children:
                child.parent = node
            node.renumber()
        self._rows = tuple(rows)
        self.endResetModel()

    def _make(self, identity: Hashable, row: T) -> _Node[T]:
        self._counter += 1
        node = _Node(identity, row, self._counter)
        self._nodes[identity] = node
        self._by_number[node.number] = node
        return node

    def _remove_lost_branches(self, wanted: set[Hashable]) -> None:
        def is_lost(node: _Node[T]) -> bool:
            return node.identity not in wanted and all(is_lost(child) for child in node.children)

        def prune(node: _Node[T]) -> None:
            for first, last in reversed(runs([c.position for c in node.children if is_lost(c)])):
                self._remove(node, first, last)
            for child in node.children:
                prune(child)

        prune(self._root)

    def _settle(self, node: _Node[T], names: list[Hashable], new: dict[Hashable, T]) -> None:
        """Bring a node's wanted children to its front, in order: insert new ones, move others here."""
        position = 0
        while position < len(names):
            if names[position] not in self._nodes:
                last = position
                while last + 1 < len(names) and names[last + 1] not in self._nodes:
                    last += 1
                self._insert(node, position, [(name, new[name]) for name in names[position : last + 1]])
                position = last + 1
                continue
            child = self._nodes[names[position]]
            at = node.children[position] if position < len(node.children) else None
            if at is not child:
                follows = position + 1 < len(node.children) and node.children[position + 1] is child
                if follows and at is not None and len(node.children) > position + 2:
                    self._move(at, node, len(node.children))
                else:
                    self._move(child, node, position)
            position += 1

    def _drop_tail(self, node: _Node[T], keep: int) -> None:
        if len(node.children) > keep:
            self._remove(node, keep, len(node.children) - 1)

    def _insert(self, node: _Node[T], position: int, items: list[tuple[Hashable, T]]) -> None:
        self.beginInsertRows(self._index(node), position, position + len(items) - 1)
        fresh = [self._make(identity, row) for identity, row in items]
        for child in fresh:
            child.parent = node
        node.children[position:position] = fresh
        node.renumber(position)
        self.endInsertRows()

    def _remove(self, node: _Node[T], first: int, last: int) -> None:
        self.beginRemoveRows(self._index(node), first, last)
        pending = node.children[first : last + 1]
        del node.children[first : last + 1]
        node.renumber(first)
        while pending:
            gone = pending.pop()
            pending.extend(gone.children)
            self._nodes.pop(gone.identity, None)
            self._by_number.pop(gone.number, None)
        self.endRemoveRows()

    def _move(self, child: _Node[T], target: _Node[T], position: int) -> None:
        source = child.parent or self._root
        start = child.position
        if not self.beginMoveRows(self._index(source), start, start, self._index(target), position):
            return
        source.children.pop(start)
        if source is target and position > start:
            position -= 1
        target.children.insert(position, child)
        child.parent = target
        source.renumber(min(start, position) if source is target else start)
        target.renumber(min(start, position) if source is target else position)
        self.endMoveRows()

    def _report_changes(self, new: dict[Hashable, T]) -> None:
        last = len(self.columns) - 1
        for identity, row in new.items():
            node = self._nodes[identity]
            if node.row != row:
                node.row = row
                self.dataChanged.emit(self._index(node), self._index(node, last))

    def _index(self, node: _Node[T], column: int = 0) -> QModelIndex:
        return QModelIndex() if node is self._root else self.createIndex(node.position, column, node.number)

    def _node(self, index: AnyIndex) -> _Node[T]:
        return self._by_number.get(index.internalId(), self._root) if index.isValid() else self._root

    def index(self, row: int, column: int, parent: AnyIndex = QModelIndex()) -> QModelIndex:  # noqa: B008
        if parent.isValid() and parent.column() != 0:
            return QModelIndex()
        node = self._node(parent)
        if not (0 <= row < len(node.children) and 0 <= column < len(self.columns)):
            return QModelIndex()
        return self.createIndex(row, column, node.children[row].number)

    def parent(self, index: AnyIndex) -> QModelIndex:
        node = self._node(index)
        return QModelIndex() if node.parent is None else self._index(node.parent)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.column() > 0 else len(self._node(parent).children)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self._node(index)
        return None if node.row is None else cell_data(self.columns[index.column()], node.row, node.identity, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return header_data(self.columns, section, role) if orientation == Qt.Orientation.Horizontal else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        row = self._node(index).row
        return Qt.ItemFlag.NoItemFlags if row is None else cell_flags(self.columns[index.column()], row)

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row_at(index)
        if row is None or self._on_edit is None:
            return False
        return carry_out(self._on_edit, self.columns[index.column()], row, value, role)


def _preorder(children: dict[Hashable | None, list[Hashable]]) -> list[Hashable]:
    result: list[Hashable] = []
    pending = list(reversed(children.get(None, [])))
    while pending:
        identity = pending.pop()
        result.append(identity)
        pending.extend(reversed(children.get(identity, [])))
    return result
