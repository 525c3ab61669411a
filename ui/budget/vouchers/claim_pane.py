"""The expense claims of a project: the list, and the form of the one selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import date_text, money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.vouchers import ClaimState, claim_state_label
from qihua_desktop.i18n import _
from qihua_desktop.services import claims
from qihua_desktop.services.claims import ClaimRow, ClaimView
from ui.common import dialogs
from ui.common.actions import Action
from ui.common.labels import Elide
from ui.common.layouts import SplitterMemory
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.theme import SPACE_2, SPACE_3
from ui.common.widgets import Card, Chip, EmptyState, PlainLabel, Separator, button, primary_button

from .forms import ClaimForm
from .rows import CLAIM_TONES, attachments_words, claim_columns, claim_row_columns, refund_words

if TYPE_CHECKING:
    from .tab import VouchersTab

_PREFIX = "budget.claims."


class ClaimPane(QWidget):
    """Claims at the left, the selected one's form at the right."""

    def __init__(self, tab: VouchersTab) -> None:
        super().__init__()
        self.tab = tab
        self.model: RowsModel[ClaimView] = RowsModel(claim_columns(), lambda row: row.claim.id, parent=self)
        self.table = DataTable(
            self.model, key="budget.claims", state=tab.context.view_state, accessible_name=_("Expense claims")
        )
        self.rows_model: RowsModel[ClaimRow] = RowsModel(
            claim_row_columns(), lambda row: row.voucher.id, parent=self
        )  # fmt: skip
        self.rows_table = DataTable(
            self.rows_model, key="budget.claim_rows", state=tab.context.view_state,
            accessible_name=_("Rows of the claim"),
        )  # fmt: skip
        self.rows_table.set_placeholder(_("No voucher stands on this claim yet."))
        self.number, self.state = PlainLabel("", bold=True, tabular=True), Chip()
        self.purpose = PlainLabel("", wrap=True, role=Role.TEXT_SOFT, longest=400)
        self.facts = {key: PlainLabel("", wrap=True, tabular=True) for key in _fact_titles()}
        self.nothing = EmptyState(
            "receipt", _("No expense claims yet"),
            _("Select accepted vouchers that somebody paid for, and make a claim of them."),
            action_text=_("New expense claim…"), callback=tab.new_claim_of_all,
        )  # fmt: skip
        self._add_actions()
        self._build()
        self.table.selection_changed.connect(self._on_selected)
        self.table.row_activated.connect(lambda _row: self.edit())
        self.rows_table.row_activated.connect(lambda row: tab.show_voucher(row.voucher.id))

    def reload(self) -> None:
        """Fetch the claims anew; the one selected stays, else the newest is shown."""
        if self.tab.project_id is None:
            return
        found = claims.claims(self.tab.context.session, self.tab.project_id)
        self.model.set_rows(tuple(reversed(found)))
        self._pages.setCurrentWidget(self.splitter if found else self.nothing)
        if self.nothing.action is not None:
            self.nothing.action.setEnabled(self.tab.may_edit())
        if found and self.current() is None:
            self.table.select_identity(self.model.rows[0].claim.id)
        self._show_current()

    def current(self) -> ClaimView | None:
        """Return the claim selected."""
        selected = self.table.selected_rows()
        return selected[0] if selected else None

    def select(self, claim_id: EntityId) -> bool:
        """Select a claim."""
        return self.table.select_identity(claim_id)

    # --- actions ---

    def edit(self) -> None:
        """Change a draft's head."""
        view = self.current()
        if view is not None and view.claim.state is ClaimState.DRAFT and self.tab.may_edit():
            ids = tuple(row.voucher.id for row in view.rows)
            dialogs.run_form(ClaimForm(self.tab, ids, view.total, view.claim))

    def remove_rows(self) -> None:
        """Take the selected vouchers off a draft."""
        view = self.current()
        if view is None or not self.tab.may_edit():
            return
        gone = {row.voucher.id for row in self.rows_table.selected_rows()}
        kept = [row.voucher.id for row in view.rows if row.voucher.id not in gone]
        if gone:
            self.tab.perform(lambda: claims.set_vouchers(self.tab.context.session, view.claim.id, kept))

    def add_rows(self) -> None:
        """Put another accepted voucher on a draft."""
        view, project_id, session = self.current(), self.tab.project_id, self.tab.context.session
        if view is None or project_id is None:
            return
        free = claims.claimable(session, project_id)
        if not free:
            dialogs.inform(self.tab, _("There is no further voucher for a claim."),
                           advice=_("It takes accepted vouchers that are not paid and stand on no claim."))  # fmt: skip
            return
        choices = [(one.id, "  ".join((one.number or one.item or one.seller_name, money_text(one.gross)))[:120])
                   for one in free]  # fmt: skip
        chosen = dialogs.ask_choice(self.tab, _("Add a voucher"), _("Voucher"), choices)
        if chosen is not None:
            ids = [*(row.voucher.id for row in view.rows), chosen]
            self.tab.perform(lambda: claims.set_vouchers(session, view.claim.id, ids))

    def submit(self) -> None:
        """Hand the claim to finance."""
        if (view := self.current()) is not None:
            self.tab.perform(lambda: claims.submit_claim(self.tab.context.session, view.claim.id))

    def take_back(self) -> None:
        """Take a submitted claim back."""
        if (view := self.current()) is not None:
            self.tab.perform(lambda: claims.reopen_claim(self.tab.context.session, view.claim.id))

    def pay(self) -> None:
        """Record the day it was paid."""
        view, session = self.current(), self.tab.context.session
        if view is None:
            return
        day = dialogs.ask_date(self.tab, _("Pay the claim"), _("Paid on"), value=session.today())
        if day is not None:
            self.tab.perform(lambda: claims.pay_claim(session, view.claim.id, day))

    def delete(self) -> None:
        """Delete a draft; its vouchers are free again."""
        view = self.current()
        if view is not None and view.claim.state is ClaimState.DRAFT and self.tab.may_edit():
            self.tab.perform(lambda: claims.delete_claim(self.tab.context.session, view.claim.id))

    def export(self) -> None:
        """Ask for the form as PDF."""
        if (view := self.current()) is not None:
            self.tab.context.export_requested.emit("expense-claim", {"claim_id": view.claim.id})

    def _add_actions(self) -> None:
        group = _("Expense claims")
        for key, text, callback, icon in (
            ("edit", _("Change the claim…"), self.edit, "pencil"),
            ("add", _("Add a voucher…"), self.add_rows, "plus"),
            ("remove", _("Take off the claim"), self.remove_rows, "x"),
            ("submit", _("Submit to finance"), self.submit, "send"),
            ("take_back", _("Take back"), self.take_back, "undo-2"),
            ("pay", _("Record the payment…"), self.pay, "banknote"),
            ("delete", _("Delete the claim"), self.delete, "trash-2"),
            ("export", _("Claim as PDF"), self.export, "file-text"),
        ):
            self.tab.actions_of_tab.add(Action(_PREFIX + key, text, callback, icon=icon, group=group))

    # --- building and showing ---

    def _build(self) -> None:
        registry = self.tab.actions_of_tab
        left = Card(padded=False)
        left.add(self.table, 1)
        right = Card(padded=False)
        column = QVBoxLayout()
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(SPACE_2)
        head = QHBoxLayout()
        head.addWidget(self.number)
        head.addWidget(self.state)
        head.addStretch(1)
        tools = QHBoxLayout()
        tools.setSpacing(SPACE_2)
        self.submit_button = primary_button(_("Submit to finance"), lambda: registry.trigger(_PREFIX + "submit"))
        self.pay_button = primary_button(_("Record the payment…"), lambda: registry.trigger(_PREFIX + "pay"))
        self.back_button = button(_("Take back"), lambda: registry.trigger(_PREFIX + "take_back"))
        self.pdf_button = button(_("Claim as PDF"), lambda: registry.trigger(_PREFIX + "export"), icon_name="file-text")
        self.edit_button = registry.icon_button(_PREFIX + "edit")
        self.delete_button = registry.icon_button(_PREFIX + "delete")
        for widget in (self.edit_button, self.delete_button, self.submit_button, self.pay_button, self.back_button,
                       self.pdf_button):  # fmt: skip
            (head if widget in (self.edit_button, self.delete_button) else tools).addWidget(widget)
        tools.addStretch(1)
        column.addLayout(head)
        column.addWidget(self.purpose)
        column.addLayout(tools)
        column.addLayout(self._facts_grid(("claimant", "department", "day", "paid_on")))
        column.addWidget(Separator())
        bar = QHBoxLayout()
        self.attachments = PlainLabel("", role=Role.MUTED)
        bar.addWidget(self.attachments, 1)
        bar.addWidget(registry.icon_button(_PREFIX + "remove"))
        bar.addWidget(registry.icon_button(_PREFIX + "add"))
        column.addLayout(bar)
        column.addWidget(self.rows_table, 1)
        column.addWidget(Separator())
        column.addLayout(self._facts_grid(("total", "capital", "advance", "refund")))
        right.body.addLayout(column)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setSizes([560, 570])
        self.splitter.setHandleWidth(SPACE_3)
        SplitterMemory(self.splitter, "budget.claims", self.tab.context.view_state)
        self.splitter.setChildrenCollapsible(False)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.splitter)
        self._pages.addWidget(self.nothing)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages, 1)

    def _facts_grid(self, keys: tuple[str, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        titles = _fact_titles()
        self.captions = getattr(self, "captions", {})
        for number, key in enumerate(keys):
            row, column = divmod(number, 2)
            caption = PlainLabel(titles[key], role=Role.MUTED, elide=Elide.NONE)
            self.captions[key] = caption
            grid.addWidget(caption, row, column * 2)
            grid.addWidget(self.facts[key], row, column * 2 + 1)
            grid.setColumnStretch(column * 2 + 1, 1)
        return grid

    @Slot(object)
    def _on_selected(self, _rows: object) -> None:
        self._show_current()

    def _show_current(self) -> None:
        view, editable = self.current(), self.tab.may_edit()
        state = view.claim.state if view is not None else None
        for key, allowed in (
            ("edit", state is ClaimState.DRAFT), ("add", state is ClaimState.DRAFT),
            ("remove", state is ClaimState.DRAFT), ("submit", state is ClaimState.DRAFT),
            ("take_back", state is ClaimState.SUBMITTED), ("pay", state is ClaimState.SUBMITTED),
            ("delete", state is ClaimState.DRAFT),
        ):  # fmt: skip
            self.tab.actions_of_tab.set_enabled(_PREFIX + key, allowed and editable)
        self.tab.actions_of_tab.set_enabled(_PREFIX + "export", view is not None)
        for widget, shown in ((self.submit_button, ClaimState.DRAFT), (self.back_button, ClaimState.SUBMITTED),
                              (self.pay_button, ClaimState.SUBMITTED)):  # fmt: skip
            widget.setVisible(state is shown)
            widget.setEnabled(editable)
        self.rows_model.set_rows(view.rows if view is not None else ())
        if view is None:
            return
        claim = view.claim
        self.number.setText(claim.number)
        self.state.set_text(claim_state_label(claim.state))
        self.state.set_tone(CLAIM_TONES[claim.state])
        self.purpose.setText(claim.purpose)
        self.attachments.setText(attachments_words(view))
        caption, sign = refund_words(view)
        self.captions["refund"].setText(caption)
        values = {
            "claimant": claim.claimant[:200], "department": claim.department[:200], "day": date_text(claim.claimed_on),
            "paid_on": date_text(claim.paid_on) if claim.paid_on else "—", "total": money_text(view.total),
            "capital": view.capital, "advance": money_text(claim.advance),
            "refund": f"{sign}{money_text(abs(view.refund))}",
        }  # fmt: skip
        for key, value in values.items():
            self.facts[key].setText(value)
        self.facts["total"].set_bold(bold=True)


def _fact_titles() -> dict[str, str]:
    return {
        "claimant": _("Claimant"),
        "department": _("Department"),
        "day": _("Date"),
        "paid_on": _("Paid on"),
        "total": _("Total"),
        "capital": _("In capitals"),
        "advance": _("Advance drawn"),
        "refund": _("To be paid out"),
    }
