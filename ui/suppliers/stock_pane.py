"""Reused material: what there is, what is free, and who has it when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter

from qihua_desktop.domain.procurement import StockUseState
from qihua_desktop.domain.stock_rules import quantity_text
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import stock, stock_list, supplier_list
from qihua_desktop.services.stock_list import read_quantity
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.delegates import DateDelegate, ParsedDelegate, TextDelegate
from ui.common.models import RowsModel, SortFilterModel
from ui.common.tables import DataTable
from ui.common.widgets import Card, EmptyState, button

from .pane import Pane
from .stock_columns import StockRow, UseRow, stock_columns, use_columns
from .stock_dialogs import ItemDialog, TakeDialog


class StockPane(Pane):
    """The stock with the uses of the selected item."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._clashing: set[bytes] = set()
        self.model = RowsModel(
            stock_columns(lambda _row: self.editable), lambda row: row.view.item.id, on_edit=self._on_edit, parent=self
        )
        self.proxy = SortFilterModel(self.model, self)
        self.table = DataTable(
            self.proxy, key="stock", state=context.view_state, row_height=34, accessible_name=_("Reused stock")
        )
        self.table.set_delegate("name", TextDelegate(may_be_empty=False))
        self.table.set_delegate("quantity", ParsedDelegate(read_quantity, quantity_text, may_be_empty=False))
        self.table.selection_changed.connect(lambda _rows: self._show_uses())
        self.table.rows_pasted.connect(self.paste_rows)
        self.uses = RowsModel(
            use_columns(self._may_edit_use), lambda row: row.view.use.id, on_edit=self._on_use_edit, parent=self
        )
        self.use_table = DataTable(
            self.uses, key="stock.uses", state=context.view_state, accessible_name=_("Uses of the material")
        )
        self.use_table.set_delegate("quantity", ParsedDelegate(read_quantity, quantity_text, may_be_empty=False))
        for key in ("from_on", "until_on"):
            self.use_table.set_delegate(key, DateDelegate(today=context.session.today))
        self.use_table.selection_changed.connect(lambda _rows: self._enable())
        self.use_table.row_activated.connect(self._open_use)
        self.search.searched.connect(self._on_searched)
        self.filter.setAccessibleName(_("Kept at"))
        self.filter.currentIndexChanged.connect(lambda _at: self._apply_filter())
        self._build()

    def search_words(self) -> str:
        """Return what stands in the empty search field."""
        return _("Find material")

    def reload(self) -> None:
        """Fetch stock, uses and clashes anew."""
        session = self.context.session
        views = stock.stock(session, active_only=False)
        clashes = stock.conflicts(session)
        missing = {one.item.id: one.missing for one in clashes}
        self._clashing = {use.use.id for one in clashes for use in one.uses}
        self.fill_filter(_("Kept anywhere"), [view.item.location for view in views])
        rows = tuple(StockRow(view, missing.get(view.item.id, 0)) for view in views)
        self.stack.setCurrentIndex(0 if rows else 1)
        self.model.set_rows(tuple(row for row in rows if row.view.item.active or self.inactive.isChecked()))
        self._apply_filter()
        if not self.selected() and self.proxy.rowCount():
            self.table.selectRow(0)
        self._show_uses()

    def reveal(self, row_id: bytes) -> bool:
        """Select an item."""
        views = stock.stock(self.context.session, active_only=False)
        found = next((one.item for one in views if one.item.id == row_id), None)
        if found is None:
            return False
        self.search.clear()
        self.proxy.set_search("")
        self.filter.setCurrentIndex(0)
        if not found.active:
            self.inactive.setChecked(True)
        self.table.select_identity(found.id)
        return True

    def selected(self) -> tuple[StockRow, ...]:
        """Return the selected items."""
        return self.table.selected_rows()

    def add(self) -> None:
        """Ask for new material."""
        dialog = ItemDialog(self.context, self)
        if dialogs.run_form(dialog) and dialog.added is not None:
            self.reveal(dialog.added.id)

    def remove_selected(self) -> None:
        """Take the selected items out of the stock."""
        chosen = self.selected()
        if not chosen:
            return
        names = _(", ").join(row.view.item.name[:40] for row in chosen[:5])
        agreed = dialogs.confirm(
            self,
            _("Remove {names}?").format(names=names),
            advice=_("What was used before is no longer offered, and stays readable. Undo brings it back."),
            action=_("Remove"),
            danger=True,
        )
        for row in chosen if agreed else ():
            self._attempt(lambda row=row: stock.remove_item(self.context.session, row.view.item.id))

    def take(self) -> None:
        """Set some of the selected item aside for a project."""
        chosen = self.selected()
        if not chosen:
            return
        dialog = TakeDialog(self.context, chosen[0].view.item, self)
        if dialogs.run_form(dialog) and dialog.taken is not None:
            self.use_table.select_identity(dialog.taken.id)

    def set_state(self, state: StockUseState) -> None:
        """Hand out, take back or set aside what is selected."""
        for row in self._chosen_uses():
            self._attempt(lambda row=row: stock.set_use_state(self.context.session, row.view.use.id, state))

    def delete_uses(self) -> None:
        """Delete the selected uses."""
        for row in self._chosen_uses():
            self._attempt(lambda row=row: stock.delete_use(self.context.session, row.view.use.id))

    @Slot(object)
    def paste_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Add or complete material from a spreadsheet's rows."""
        said: list[supplier_list.PasteReport] = []
        if self._attempt(lambda: said.append(stock_list.paste_items(self.context.session, rows))):
            self.context.notice_posted.emit(said[0].words())
            if said[0].first_id is not None:
                self.reveal(said[0].first_id)

    def _build(self) -> None:
        self.take_button = button(_("Set aside…"), self.take, icon_name="plus")
        self.out_button = button(_("Hand out"), lambda: self.set_state(StockUseState.OUT))
        self.back_button = button(_("Return to store"), lambda: self.set_state(StockUseState.RETURNED))
        self.reserve_button = button(_("Set aside again"), lambda: self.set_state(StockUseState.RESERVED))
        self.delete_button = button(_("Delete"), self.delete_uses, icon_name="trash-2")
        card = Card(padded=False)
        card.setAccessibleName(_("Reused stock"))
        card.add(self.table, 1)
        self.uses_card = Card(_("Who has it"), padded=False)
        for one in (self.take_button, self.out_button, self.back_button, self.reserve_button, self.delete_button):
            self.uses_card.add_action(one)
        self.uses_card.add(self.use_table, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(card)
        splitter.addWidget(self.uses_card)
        empty = EmptyState(
            "package",
            _("No reused material yet"),
            _("Trusses, desks, screens: what is kept is offered to every budget at its internal price, never twice."),
            action_text=_("Add material"),
            callback=self.add,
            second_text=_("Paste from a spreadsheet"),
            second=self.paste,
        )
        for part in (empty.action, empty.second_action):
            if part is not None:
                part.setEnabled(self.editable)
        self.build(splitter, empty, "stock.parts", (330, 240))

    def _chosen_uses(self) -> tuple[UseRow, ...]:
        return self.use_table.selected_rows()

    def _attempt(self, action: Callable[[], object]) -> bool:
        return self.context.attempt(action, self)

    def _may_edit_use(self, row: UseRow) -> bool:
        return self.editable and row.view.use.state is not StockUseState.RETURNED

    def _on_edit(self, row: StockRow, column: str, value: Any) -> bool:
        fields = {column: (0 if column == "internal_price" else "") if value is None else value}
        return self._attempt(lambda: stock.update_item(self.context.session, row.view.item.id, **fields))

    def _on_use_edit(self, row: UseRow, column: str, value: Any) -> bool:
        empty: Any = {"notes": "", "unit_price": 0}.get(column)
        fields = {column: empty if value is None else value}
        return self._attempt(lambda: stock.update_use(self.context.session, row.view.use.id, **fields))

    @Slot(object)
    def _open_use(self, row: UseRow) -> None:
        use = row.view.use
        self.context.page_requested.emit("budget", (use.project_id, use.line_id))

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        self.proxy.set_search(text)
        self._tell()

    def _apply_filter(self) -> None:
        wanted = self.filter_value()
        self.proxy.set_filter(None if wanted is None else lambda row: row.view.item.location == wanted)
        self._tell()

    def _tell(self) -> None:
        count = self.proxy.rowCount()
        self.count.setText(ngettext("{count} kind of material", "{count} kinds of material", count).format(count=count))
        self.table.set_placeholder("" if count else _("No material matches."))
        self.state_changed.emit()

    def _show_uses(self) -> None:
        chosen = self.selected()
        row = chosen[0] if chosen else None
        self.uses_card.set_title(
            _("Who has it: {item}").format(item=row.view.item.name[:60]) if row is not None else _("Who has it")
        )
        self.uses.set_rows(
            tuple(UseRow(one, one.use.id in self._clashing) for one in row.view.uses) if row is not None else ()
        )
        self.use_table.set_placeholder(_("Nobody has it.") if row is not None else _("Select material above."))
        self._enable()

    def _enable(self) -> None:
        states = {row.view.use.state for row in self._chosen_uses()}
        one = len(self.selected()) == 1 and self.selected()[0].view.item.active
        self.take_button.setEnabled(self.editable and one)
        for target, source in (
            (self.out_button, StockUseState.RESERVED),
            (self.back_button, StockUseState.OUT),
            (self.reserve_button, StockUseState.RETURNED),
        ):
            target.setEnabled(self.editable and states == {source})
        self.delete_button.setEnabled(self.editable and bool(states) and StockUseState.OUT not in states)
        self.state_changed.emit()
