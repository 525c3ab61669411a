"""The vouchers of a project: search, filters, the table, and the voucher selected beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import vouchers
from qihua_desktop.services.vouchers import VoucherView
from ui.common.layouts import SplitterMemory
from ui.common.models import RowsModel, SortFilterModel
from ui.common.tables import DataTable
from ui.common.theme import SPACE_2, SPACE_3
from ui.common.widgets import (
    Card,
    EmptyState,
    SearchField,
    Segment,
    SegmentedControl,
    icon_button,
    muted_label,
)

from .commands import VoucherCommands
from .detail import DetailPanel
from .rows import VoucherFilter, filter_titles, rule_of, search_text, voucher_columns
from .shares_editor import Places, load_places

if TYPE_CHECKING:
    from .tab import VouchersTab

_DETAIL_WIDTH = 364


class VoucherPane(QWidget):
    """The list with the panel of the voucher selected."""

    def __init__(self, tab: VouchersTab) -> None:
        super().__init__()
        self.tab = tab
        self.places = Places()
        self._has_places = False
        self._project_id: EntityId | None = None
        self.model: RowsModel[VoucherView] = RowsModel(voucher_columns(), lambda row: row.voucher.id, parent=self)
        self.shown = SortFilterModel(self.model)
        self.table = DataTable(
            self.shown, key="budget.vouchers", state=tab.context.view_state, accessible_name=_("Vouchers")
        )
        self.table.set_placeholder(_("No voucher fits the search."))
        self.table.horizontalHeader().setMinimumSectionSize(self._narrowest())
        self.commands = VoucherCommands(self)
        self.menu = self.commands.menu()
        self.detail = DetailPanel(tab, tab.actions_of_tab, self.menu)
        self.filter = SegmentedControl(
            tuple(Segment(key, title) for key, title in filter_titles().items()), accessible_name=_("Filter")
        )
        self.search = SearchField(_("Number, seller…"))
        self.sum = muted_label("")
        self.columns_button = icon_button("columns-3", _("Columns"), self._show_columns)
        self.nothing = EmptyState(
            "receipt-text", _("No vouchers yet"),
            _("Drop the XML, OFD or PDF files of invoices or photos of them here, or scan their QR codes."),
            action_text=_("Import…"), callback=tab.choose_files,
            second_text=_("Type a receipt…"), second=tab.type_voucher,
        )  # fmt: skip
        self._build()
        self.table.selection_changed.connect(self._on_selected)
        self.table.row_activated.connect(
            lambda _row: self.detail.shares.rows and self.detail.shares.rows[0].line.setFocus()
        )
        self.table.context_requested.connect(self._on_menu)
        self.filter.current_changed.connect(lambda _key: self._apply_filter())
        self.search.searched.connect(lambda _text: self._apply_filter())

    def reload(self) -> None:
        """Fetch the vouchers anew; what is selected stays."""
        project_id = self.tab.project_id
        if project_id is None:
            return
        session = self.tab.context.session
        if project_id != self._project_id:
            self._project_id = project_id
            self.search.clear()
            self.filter.set_current(VoucherFilter.ALL)
            self._has_places = False
        if not self._has_places:
            self.places, self._has_places = load_places(session, project_id), True
        self.model.set_rows(vouchers.vouchers(session, project_id))
        self._pages.setCurrentWidget(self.splitter if self.model.rows else self.nothing)
        for one in (self.nothing.action, self.nothing.second_action):
            if one is not None:
                one.setEnabled(self.tab.may_edit())
        self._show_counts()
        if self.model.rows and not self.selected():
            first = self.following(None) or self.model.rows[0].voucher.id
            self.table.select_identity(first)
        self._show_selected()

    def forget_places(self) -> None:
        """Fetch lines and contracts anew with the next refresh."""
        self._has_places = False

    def selected(self) -> tuple[VoucherView, ...]:
        """Return the selected vouchers from top to bottom."""
        return self.table.selected_rows()

    def select(self, voucher_id: EntityId) -> bool:
        """Select a voucher; filters that hide it are taken back."""
        if not self.model.index_of(voucher_id).isValid():
            return False
        if not self.shown.index_of(voucher_id).isValid():
            self.search.clear()
            self.filter.set_current(VoucherFilter.ALL)
            self._apply_filter()
        self.table.select_identity(voucher_id)
        return True

    def following(self, voucher_id: EntityId | None) -> EntityId | None:
        """Return the next voucher shown that waits to be checked, from the top again after the last."""
        rows = self._shown_rows()
        ids = [row.voucher.id for row in rows]
        at = ids.index(voucher_id) + 1 if voucher_id is not None and voucher_id in ids else 0
        waiting = [
            row.voucher.id
            for row in (*rows[at:], *rows[:at])
            if row.voucher.state is VoucherState.PENDING and row.voucher.id != voucher_id
        ]
        return waiting[0] if waiting else None

    def _build(self) -> None:
        card = Card(padded=False)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 8)
        bar.setSpacing(SPACE_2)
        bar.addWidget(self.filter)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.columns_button)
        card.body.addLayout(bar)
        card.add(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 5, 12, 6)
        foot.addWidget(self.sum, 1)
        card.body.addLayout(foot)
        card.body.setSpacing(0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.detail)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([776, _DETAIL_WIDTH])
        self.splitter.setHandleWidth(SPACE_3)
        self.detail.setMinimumWidth(320)
        SplitterMemory(self.splitter, "budget.vouchers", self.tab.context.view_state)
        self.splitter.setCollapsible(0, False)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.splitter)
        self._pages.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages, 1)

    def _narrowest(self) -> int:
        """Return the width below which the column that takes the rest would lose its title."""
        return max(64, self.table.horizontalHeader().fontMetrics().horizontalAdvance(_("Budget line")) + 16)

    def _shown_rows(self) -> tuple[VoucherView, ...]:
        """Return the vouchers in the order in which they are seen."""
        shown = self.shown
        return tuple(shown.row_at(shown.index(number, 0)) for number in range(shown.rowCount()))

    def _apply_filter(self) -> None:
        rule = rule_of(VoucherFilter(self.filter.current_key()))
        words = tuple(self.search.text().casefold().split())

        def accepts(row: VoucherView) -> bool:
            if rule is not None and not rule(row):
                return False
            if not words:
                return True
            text = search_text(row)
            return all(word in text for word in words)

        self.shown.set_filter(accepts if rule is not None or words else None)
        self._show_sum()

    def _show_counts(self) -> None:
        counts = dict.fromkeys(VoucherState, 0)
        for row in self.model.rows:
            counts[row.voucher.state] += 1
        pending = counts[VoucherState.PENDING]
        self.filter.set_badge(VoucherFilter.PENDING, str(pending) if pending else "")
        self._show_sum()

    def _show_sum(self) -> None:
        count = self.shown.rowCount()
        rows = self.model.rows if count == len(self.model.rows) else self._shown_rows()
        gross = sum(row.voucher.gross for row in rows if row.voucher.state is VoucherState.ACCEPTED)
        words = ngettext("{count} voucher shown, {amount} accepted", "{count} vouchers shown, {amount} accepted", count)
        self.sum.setText(words.format(count=count, amount=money_text(gross)))

    def _show_selected(self) -> None:
        self.detail.show_selection(self.selected(), self.places, editable=self.tab.may_edit())
        self.commands.enable()

    def _show_columns(self) -> None:
        self.table.column_menu().popup(self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft()))

    @Slot(object)
    def _on_selected(self, _rows: object) -> None:
        self._show_selected()

    @Slot(object, QPoint)
    def _on_menu(self, row: object, place: QPoint) -> None:
        if row is not None:
            self.menu.popup(place)
