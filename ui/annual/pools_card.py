"""The pools of a year as rows, edited in place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from qihua_desktop.domain.annual import PoolLevel, pool_level_label
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import pools
from qihua_desktop.services.annual_overview import YearOverview
from qihua_desktop.services.pools import PoolView
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.delegates import ChoiceDelegate, TextDelegate
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.widgets import Card, EmptyState

from .columns import pool_columns
from .dialogs import AdjustDialog, CopyYearDialog, PoolDialog


class PoolsCard(Card):
    """Pools in their order, or how to begin.

    Signals:
        chosen(object): another pool is selected, a ``PoolView`` or None.
    """

    chosen = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__(padded=False)
        self.setAccessibleName(_("Annual pools"))
        self._context = context
        self._editable = not context.session.workspace.read_only
        self.year = 0
        self.model = RowsModel(
            pool_columns(lambda _view: self._editable), lambda view: view.pool.id, on_edit=self._on_edit, parent=self
        )
        self.table = DataTable(
            self.model, key="annual.pools", state=context.view_state, row_height=34, accessible_name=_("Annual pools")
        )
        self.table.set_delegate("name", TextDelegate(may_be_empty=False))
        self.table.set_delegate(
            "level", ChoiceDelegate(lambda _row: [(one, pool_level_label(one)) for one in PoolLevel])
        )
        self.table.selection_changed.connect(lambda _rows: self.chosen.emit(self.selected()))
        self.empty = EmptyState(
            "wallet",
            _("No annual pools for this year"),
            _("A pool says what the year allows for a purpose; every project's budget draws on one."),
            action_text=_("Add pool"),
            callback=self.add_pool,
            second_text=_("Copy from last year"),
            second=self.copy_year,
        )
        for part in (self.empty.action, self.empty.second_action):
            if part is not None:
                part.setEnabled(self._editable)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.body.addWidget(holder, 1)

    def show_year(self, shown: YearOverview) -> None:
        """Show the pools of a year; the first one is selected when none was."""
        self.year = shown.year
        self.model.set_rows(shown.pools)
        self._stack.setCurrentIndex(0 if shown.pools else 1)
        if shown.pools and self.selected() is None:
            self.table.selectRow(0)
        self.chosen.emit(self.selected())

    def selected(self) -> PoolView | None:
        """Return the selected pool."""
        rows = self.table.selected_rows()
        return rows[0] if rows else None

    def select(self, pool_id: EntityId) -> bool:
        """Select a pool; returns whether it is here."""
        return self.table.select_identity(pool_id)

    def add_pool(self) -> None:
        """Ask for a new pool."""
        dialog = PoolDialog(self._context, self.year, self)
        if dialogs.run_form(dialog) and dialog.added is not None:
            self.select(dialog.added.id)

    def adjust(self) -> None:
        """Ask by how much the selected pool changes, and why."""
        view = self.selected()
        if view is not None:
            dialogs.run_form(AdjustDialog(self._context, view.pool, self))

    def copy_year(self) -> None:
        """Take the pools of another year over."""
        dialogs.run_form(CopyYearDialog(self._context, self.year, self))

    def delete(self) -> None:
        """Delete the selected pool."""
        view = self.selected()
        if view is None:
            return
        agreed = dialogs.confirm(
            self,
            _("Delete “{name}”?").format(name=view.pool.name),
            advice=_("Its adjustments go with it. Undo brings it back."),
            action=_("Delete"),
            danger=True,
        )
        if agreed:
            self._context.attempt(lambda: pools.delete_pool(self._context.session, view.pool.id), self)

    def move(self, step: int) -> None:
        """Move the selected pool up or down."""
        view = self.selected()
        if view is not None:
            at = [one.pool.id for one in self.model.rows].index(view.pool.id) + step
            self._context.attempt(lambda: pools.move_pool(self._context.session, view.pool.id, at), self)

    def _on_edit(self, view: PoolView, column: str, value: Any) -> bool:
        empty: Any = {"amount": 0}.get(column, "")
        fields = {column: empty if value is None else value}
        return self._context.attempt(lambda: pools.update_pool(self._context.session, view.pool.id, **fields), self)
