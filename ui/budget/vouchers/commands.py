"""What can be done with the selected vouchers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.invoice import InvoiceStatus, invoice_status_label
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import vouchers
from qihua_desktop.services.session import Session
from ui.common import dialogs
from ui.common.actions import Action

from .forms import ExchangeForm, VoucherForm

if TYPE_CHECKING:
    from .voucher_pane import VoucherPane

_PREFIX = "budget.vouchers."


class VoucherCommands:
    """Carries out menu entries, buttons and keys; every one is one undo step."""

    def __init__(self, pane: VoucherPane) -> None:
        self._pane = pane
        self._tab = pane.tab
        self.actions = pane.tab.actions_of_tab
        group = self._tab.title()
        for key, text, callback, shortcut, icon in (
            ("accept", _("Accept and go to the next"), self.accept, "Ctrl+Return", "check"),
            ("reject", _("Reject…"), self.reject, "Ctrl+Shift+D", "circle-x"),
            ("reopen", _("Reopen for checking"), self.reopen, "Ctrl+Shift+T", "rotate-ccw"),
            ("next", _("Next voucher to be checked"), self.next_pending, "F8", "arrow-down"),
            ("correct", _("Correct…"), self.correct, "F2", "pencil"),
            ("exchange", _("Amount in yuan…"), self.exchange, "Ctrl+Shift+Y", "coins"),
            ("status", _("Record the bureau's answer…"), self.record_status, "Ctrl+Shift+A", "shield-check"),
            ("supplier", _("Add the seller as supplier"), self.add_supplier, "Ctrl+Shift+L", "store"),
            ("pay", _("Mark as paid…"), self.mark_paid, "Ctrl+Shift+M", "banknote"),
            ("unpay", _("Take the payment back"), self.unmark_paid, "", "undo-2"),
            ("save", _("Save the original…"), self.save_original, "Ctrl+Shift+O", "download"),
            ("claim", _("New expense claim…"), self.new_claim, "Ctrl+Shift+J", "receipt"),
            ("delete", _("Delete"), self.delete, "Delete", "trash-2"),
        ):
            self.actions.add(Action(_PREFIX + key, text, callback, shortcut=shortcut, icon=icon, group=group))

    def menu(self) -> QMenu:
        """Return the menu of a voucher."""
        keys = ("accept", "reject", "reopen", "next", None, "correct", "exchange", "status", "supplier", None, "pay",
                "unpay", "claim", "save", None, "delete")  # fmt: skip
        return self.actions.menu([_PREFIX + key if key else None for key in keys])

    def enable(self) -> None:
        """Allow what fits the selection."""
        selected, editable = self._pane.selected(), self._tab.may_edit()
        states = {one.voucher.state for one in selected}
        one = selected[0] if len(selected) == 1 else None
        allowed = {
            "accept": editable and VoucherState.PENDING in states,
            "reject": editable and bool(states - {VoucherState.REJECTED}),
            "reopen": editable and one is not None and one.voucher.state is not VoucherState.PENDING,
            "next": True,
            "correct": editable and one is not None and one.voucher.state is not VoucherState.REJECTED,
            "exchange": editable and one is not None and one.voucher.currency != "CNY"
            and one.voucher.state is VoucherState.PENDING,
            "status": editable and one is not None and bool(one.voucher.number),
            "supplier": editable and one is not None and not one.supplier_name and bool(one.voucher.seller_name),
            "pay": editable and one is not None and states == {VoucherState.ACCEPTED} and not one.paid
            and not one.claim_number,
            "unpay": editable and one is not None and bool(one.paid) and not one.claim_number,
            "save": one is not None and one.voucher.attachment_id is not None,
            "claim": editable and states == {VoucherState.ACCEPTED},
            "delete": editable and bool(selected) and VoucherState.ACCEPTED not in states,
        }  # fmt: skip
        for key, is_allowed in allowed.items():
            self.actions.set_enabled(_PREFIX + key, is_allowed)

    def accept(self) -> None:
        """Accept what is selected and waits; those without a line are asked for one. Then the next one is shown."""
        waiting = [one for one in self._pane.selected() if one.voucher.state is VoucherState.PENDING]
        if not waiting or not self._tab.may_edit():
            return
        line_id: EntityId | None = None
        if any(not one.shares for one in waiting):
            choices = [(identifier, name) for identifier, name in self._pane.places.lines]
            if choices:
                line_id = dialogs.ask_choice(
                    self._tab, _("Accept"), _("Which budget line bears the cost?"), choices
                )  # fmt: skip
                if line_id is None:
                    return
        ids = [one.voucher.id for one in waiting]
        following = self._pane.following(ids[-1])
        if self._tab.perform(lambda: vouchers.accept(self._session, ids, line_id)) and following is not None:
            self._pane.select(following)

    def reject(self) -> None:
        """Reject the selected vouchers with a reason."""
        ids = [one.voucher.id for one in self._pane.selected() if one.voucher.state is not VoucherState.REJECTED]
        if not ids or not self._tab.may_edit():
            return
        reason = dialogs.ask_text(
            self._tab, _("Reject the voucher"), _("Reason"), multiline=True, accept_text=_("Reject"), validate=_required
        )
        if reason is None:
            return
        following = self._pane.following(ids[-1])
        if self._tab.perform(lambda: vouchers.reject_all(self._session, ids, reason)) and following is not None:
            self._pane.select(following)

    def reopen(self) -> None:
        """Take the decision on the selected voucher back."""
        if (one := self._one()) is not None and self._tab.may_edit():
            self._tab.perform(lambda: vouchers.reopen(self._session, one))

    def next_pending(self) -> None:
        """Select the next voucher that waits."""
        following = self._pane.following(self._one())
        if following is None:
            self._tab.context.notice_posted.emit(_("No voucher waits to be checked."))
        else:
            self._pane.select(following)

    def correct(self) -> None:
        """Correct what was read."""
        if (view := self._view()) is not None and self._tab.may_edit():
            dialogs.run_form(VoucherForm(self._tab, self._pane.places, view.voucher))

    def exchange(self) -> None:
        """Enter the amount in yuan of a foreign voucher."""
        if (view := self._view()) is not None and self._tab.may_edit():
            dialogs.run_form(ExchangeForm(self._tab, view.voucher))

    def record_status(self) -> None:
        """Record what the tax bureau's site says."""
        one = self._one()
        if one is None:
            return
        choices = [(status, invoice_status_label(status)) for status in InvoiceStatus]
        chosen = dialogs.ask_choice(
            self._tab, _("Record the bureau's answer"), _("The state shown at inv-veri.chinatax.gov.cn"), choices
        )
        if chosen is not None:
            self._tab.perform(lambda: vouchers.record_status(self._session, one, chosen))

    def add_supplier(self) -> None:
        """Note the seller as a supplier, a new one if need be."""
        if (one := self._one()) is not None:
            self._tab.perform(lambda: vouchers.supplier_from_voucher(self._session, one))

    def mark_paid(self) -> None:
        """Record a payment."""
        one = self._one()
        if one is None:
            return
        day = dialogs.ask_date(self._tab, _("Mark as paid"), _("Paid on"), value=self._session.today())
        if day is not None:
            self._tab.perform(lambda: vouchers.mark_paid(self._session, one, day))

    def unmark_paid(self) -> None:
        """Take a payment back."""
        if (one := self._one()) is not None:
            self._tab.perform(lambda: vouchers.unmark_paid(self._session, one))

    def save_original(self) -> None:
        """Save the file as it came."""
        if (view := self._view()) is not None:
            self._pane.detail.original.show_voucher(view)
            self._pane.detail.original.save()

    def new_claim(self) -> None:
        """Make an expense claim over the selected vouchers."""
        self._tab.new_claim(tuple(one.voucher.id for one in self._pane.selected()))

    def delete(self) -> None:
        """Delete the selected vouchers; undo brings them back."""
        doomed = [one for one in self._pane.selected() if one.voucher.state is not VoucherState.ACCEPTED]
        if not doomed or not self._tab.may_edit():
            return
        if len(doomed) > 1:
            question = ngettext("Delete {count} voucher?", "Delete {count} vouchers?", len(doomed))
            if not dialogs.confirm(self._tab, question.format(count=len(doomed)), action=_("Delete"), danger=True):
                return
        ids = [one.voucher.id for one in doomed]
        self._tab.perform(lambda: vouchers.delete_vouchers(self._session, ids))

    @property
    def _session(self) -> Session:
        return self._tab.context.session

    def _view(self) -> vouchers.VoucherView | None:
        selected = self._pane.selected()
        return selected[0] if len(selected) == 1 else None

    def _one(self) -> EntityId | None:
        view = self._view()
        return view.voucher.id if view is not None else None


def _required(text: str) -> None:
    if not text.strip():
        raise InputError(_("Something has to be entered here."))
