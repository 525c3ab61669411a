"""The list of suppliers with the details of the selected one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import supplier_list, suppliers
from qihua_desktop.services.supplier_list import SupplierSummary
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.delegates import TextDelegate
from ui.common.models import RowsModel, SortFilterModel
from ui.common.tables import DataTable
from ui.common.widgets import Card, EmptyState

from .pane import Pane
from .supplier_columns import supplier_columns
from .supplier_detail import SupplierDetail
from .supplier_dialogs import MergeDialog, SupplierDialog


class SupplierPane(Pane):
    """Suppliers, edited in place."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.model = RowsModel(
            supplier_columns(lambda _row: self.editable),
            lambda row: row.supplier.id,
            on_edit=self._on_edit,
            parent=self,
        )
        self.proxy = SortFilterModel(self.model, self)
        self.table = DataTable(
            self.proxy, key="suppliers", state=context.view_state, row_height=34, accessible_name=_("Suppliers")
        )
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.set_delegate("name", TextDelegate(may_be_empty=False))
        self.table.selection_changed.connect(self._on_selection)
        self.table.rows_pasted.connect(self.paste_rows)
        self.detail = SupplierDetail(context)
        self.detail.project_requested.connect(lambda project: context.page_requested.emit("budget", project))
        self.search.searched.connect(self._on_searched)
        self.filter.setAccessibleName(_("Trade"))
        self.filter.currentIndexChanged.connect(lambda _at: self._apply_filter())
        card = Card(padded=False)
        card.setAccessibleName(_("Suppliers"))
        card.add(self.table, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(card)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 1)
        empty = EmptyState(
            "store",
            _("No suppliers yet"),
            _("Quotes, contracts and invoices refer to them. Copy rows in a spreadsheet to paste a whole list here."),
            action_text=_("Add supplier"),
            callback=self.add,
            second_text=_("Paste from a spreadsheet"),
            second=self.paste,
        )
        for part in (empty.action, empty.second_action):
            if part is not None:
                part.setEnabled(self.editable)
        self.build(splitter, empty, "suppliers.parts", (812, 306))

    def search_words(self) -> str:
        """Return what stands in the empty search field."""
        return _("Find a supplier")

    def reload(self) -> None:
        """Fetch the suppliers anew."""
        rows = supplier_list.supplier_summaries(self.context.session)
        self.fill_filter(_("All trades"), [row.supplier.category for row in rows])
        shown = tuple(row for row in rows if row.supplier.active or self.inactive.isChecked())
        self.stack.setCurrentIndex(0 if rows else 1)
        self.model.set_rows(shown)
        self._apply_filter()
        if not self.selected() and self.proxy.rowCount():
            self.table.selectRow(0)
        chosen = self.selected()
        self.detail.show_supplier(chosen[0].supplier.id if chosen else None)

    def reveal(self, row_id: bytes) -> bool:
        """Select a supplier."""
        found = next((one for one in suppliers.list_suppliers(self.context.session, active_only=False)
                      if one.id == row_id), None)  # fmt: skip
        if found is None:
            return False
        self.search.clear()
        self.proxy.set_search("")
        self.filter.setCurrentIndex(0)
        if not found.active:
            self.inactive.setChecked(True)
        self.table.select_identity(found.id)
        return True

    def selected(self) -> tuple[SupplierSummary, ...]:
        """Return the selected suppliers from top to bottom."""
        return self.table.selected_rows()

    def add(self) -> None:
        """Ask for a new supplier."""
        categories = sorted({row.supplier.category for row in self.model.rows if row.supplier.category})
        dialog = SupplierDialog(self.context, categories, self)
        if dialogs.run_form(dialog) and dialog.added is not None:
            self.reveal(dialog.added.id)

    def remove_selected(self) -> None:
        """Take the selected suppliers out of the lists; those referred to stay readable."""
        chosen = self.selected()
        if not chosen:
            return
        names = _(", ").join(row.supplier.name[:40] for row in chosen[:5])
        agreed = dialogs.confirm(
            self,
            _("Remove {names}?").format(names=names),
            advice=_(
                "Who has quotes, contracts or invoices is no longer offered, and stays readable. Undo is possible."
            ),
            action=_("Remove"),
            danger=True,
        )
        for row in chosen if agreed else ():
            self._attempt(lambda row=row: suppliers.remove_supplier(self.context.session, row.supplier.id))

    def merge_selected(self) -> None:
        """Make the two selected suppliers one."""
        chosen = self.selected()
        if len(chosen) != 2:
            return
        dialog = MergeDialog(self.context, (chosen[0].supplier, chosen[1].supplier), self)
        if dialogs.run_form(dialog) and dialog.kept_id is not None:
            self.table.select_identity(dialog.kept_id)

    @Slot(object)
    def paste_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Add or complete suppliers from a spreadsheet's rows."""
        said: list[supplier_list.PasteReport] = []
        if self._attempt(lambda: said.append(supplier_list.paste_suppliers(self.context.session, rows))):
            self.context.notice_posted.emit(said[0].words())
            first: EntityId | None = said[0].first_id
            if first is not None:
                self.reveal(first)

    def _attempt(self, action: Callable[[], object]) -> bool:
        return self.context.attempt(action, self)

    def _on_edit(self, row: SupplierSummary, column: str, value: Any) -> bool:
        changes = {column: "" if value is None else value}
        return self._attempt(lambda: suppliers.update_supplier(self.context.session, row.supplier.id, **changes))

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        self.proxy.set_search(text)
        self._tell()

    def _apply_filter(self) -> None:
        wanted = self.filter_value()
        self.proxy.set_filter(None if wanted is None else lambda row: row.supplier.category == wanted)
        self._tell()

    def _tell(self) -> None:
        count = self.proxy.rowCount()
        self.count.setText(ngettext("{count} supplier", "{count} suppliers", count).format(count=count))
        self.table.set_placeholder("" if count else _("No supplier matches."))
        self.state_changed.emit()

    @Slot(object)
    def _on_selection(self, chosen: tuple[SupplierSummary, ...]) -> None:
        self.detail.show_supplier(chosen[0].supplier.id if chosen else None)
        self.state_changed.emit()
