"""What can be done with quotes, contracts and payments; every command is one undo step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.procurement import ContractState
from qihua_desktop.domain.project import Attachment
from qihua_desktop.i18n import _
from qihua_desktop.services import contracts, documents, payments, quotes
from qihua_desktop.services.contracts import ContractView
from qihua_desktop.services.payments import PaymentTerm
from qihua_desktop.services.quotes import QuoteView
from ui.common import dialogs
from ui.common.actions import Action, ActionRegistry
from ui.common.labels import literal

from .forms import CancelForm, ContractForm, PayForm, QuoteForm, ReasonForm
from .rows import WITHOUT_LINE, PaymentRow, plan_gap

if TYPE_CHECKING:
    from .tab import ProcurementTab

QUOTE_KEYS = ("choose", "unchoose", "files", "attach", "delete_quote")
CONTRACT_KEYS = ("from_quote", "sign", "finish", "cancel", "reopen", "delete_contract")
PAYMENT_KEYS = ("pay", "take_back", "add_payment", "delete_payment")
_PLANNABLE = (ContractState.DRAFT, ContractState.SIGNED, ContractState.FINISHED)
_LIVE = (ContractState.DRAFT, ContractState.SIGNED)


class BuyingCommands:
    """The actions of the tab, on the selected quote, contract or payment."""

    def __init__(self, tab: ProcurementTab) -> None:
        self._tab = tab
        self._session = tab.context.session
        self.registry = ActionRegistry(tab)
        group = tab.title()
        for key, text, callback, shortcut, icon in (
            ("add_quote", _("Add a quote…"), self.add_quote, "Insert; Ctrl+Return", "plus"),
            ("choose", _("Choose it…"), self.choose, "Ctrl+Shift+C", "check"),
            ("unchoose", _("Take the choice back"), self.unchoose, "Ctrl+Shift+T", "undo-2"),
            ("files", _("Files of the quote"), self.show_files, "Ctrl+Shift+F", "paperclip"),
            ("attach", _("Attach a file…"), self.attach, "Ctrl+Shift+A", "upload"),
            ("delete_quote", _("Delete the quote"), self.delete_quote, "", "trash-2"),
            ("from_quote", _("Contract from the quote…"), self.from_quote, "Ctrl+Shift+G", "handshake"),
            ("add_contract", _("Add a contract…"), self.add_contract, "Ctrl+Shift+Return", "file-plus"),
            ("sign", _("Sign the contract…"), self.sign, "Ctrl+Shift+J", "signature"),
            ("finish", _("Finish the contract"), self.finish, "Ctrl+Shift+E", "check-check"),
            ("cancel", _("Cancel the contract…"), self.cancel, "Ctrl+Shift+K", "x"),
            ("reopen", _("Reopen the contract"), self.reopen, "Ctrl+Shift+O", "rotate-ccw"),
            ("delete_contract", _("Delete the draft"), self.delete_contract, "", "trash-2"),
            ("pay", _("Record a payment…"), self.pay, "Ctrl+Shift+P", "banknote"),
            ("take_back", _("Take the payment back"), self.take_back, "Ctrl+Shift+B", "undo-2"),
            ("add_payment", _("Plan a payment"), self.add_payment, "Ctrl+Shift+L", "calendar-clock"),
            ("delete_payment", _("Delete the planned payment"), self.delete_payment, "", "trash-2"),
            ("delete", _("Delete what is selected"), self.delete, "Delete", "trash-2"),
            ("supplier", _("Go to the supplier"), self.go_to_supplier, "Ctrl+J", "external-link"),
            ("next", _("Next line to do"), tab.next_open, "F8", "circle-alert"),
        ):
            self.registry.add(
                Action(f"budget.procurement.{key}", text, callback, shortcut=shortcut, icon=icon, group=group)
            )

    def menu(self, keys: Sequence[str | None], title: str) -> QMenu:
        """Return a menu of actions."""
        return self.registry.menu([key and f"budget.procurement.{key}" for key in keys], title)

    def update(self) -> None:
        """Allow what can be done with what is selected."""
        tab, may = self._tab, self._tab.may_edit()
        quote, view, row = tab.current_quote(), tab.current_contract(), tab.current_payment()
        state = view.contract.state if view is not None else None
        allowed = {
            "add_quote": may,
            "add_contract": may,
            "choose": may and quote is not None and not quote.quote.chosen,
            "unchoose": may and quote is not None and quote.quote.chosen,
            "files": quote is not None and (may or bool(quote.files)),
            "attach": may and quote is not None,
            "delete_quote": may and quote is not None,
            "from_quote": may and tab.open_choice() is not None,
            "sign": may and state is ContractState.DRAFT,
            "finish": may and state is ContractState.SIGNED,
            "cancel": may and state in _LIVE,
            "reopen": may and state in (ContractState.FINISHED, ContractState.CANCELLED),
            "delete_contract": may and state is ContractState.DRAFT,
            "pay": may and state is not None and state is not ContractState.DRAFT
                   and (row is None or not row.is_paid),
            "take_back": may and row is not None and row.is_paid,
            "add_payment": may and state in _PLANNABLE,
            "delete_payment": may and row is not None and not row.is_paid and state in _PLANNABLE,
            "delete": may,
            "supplier": tab.current_supplier_id() is not None,
        }  # fmt: skip
        for key, enabled in allowed.items():
            self.registry.set_enabled(f"budget.procurement.{key}", enabled)

    def go_to_supplier(self) -> None:
        """Show the supplier with its history."""
        supplier_id = self._tab.current_supplier_id()
        if supplier_id is not None:
            self._tab.context.page_requested.emit("suppliers", supplier_id)

    # --- quotes ---

    def add_quote(self) -> None:
        """Ask for a quote of the current line."""
        tab = self._tab
        if tab.project_id is not None:
            form = QuoteForm(tab, tab.project_id, tab.current_line_id())
            if dialogs.run_form(form) and form.added is not None:
                tab.reveal(form.added.id)

    def choose(self) -> None:
        """Choose the selected quote; a reason is asked for where the rules want one."""
        view = self._tab.current_quote()
        if view is None:
            return
        wanted = quotes.choice_reasons(self._session, view.quote.id)
        if wanted:
            dialogs.run_form(ReasonForm(self._tab, view, wanted))
        else:
            self._tab.perform(lambda: quotes.choose_quote(self._session, view.quote.id))

    def unchoose(self) -> None:
        """Take the choice of the selected quote back."""
        self._with_quote(lambda view: quotes.unchoose_quote(self._session, view.quote.id))

    def delete_quote(self) -> None:
        """Delete the selected quote; undo brings it back."""
        self._with_quote(lambda view: quotes.delete_quote(self._session, view.quote.id))

    def attach(self) -> None:
        """Ask for files of the selected quote."""
        view = self._tab.current_quote()
        if view is not None:
            paths = dialogs.open_files(self._tab, _("Attach a file"), _("All files") + " (*)")
            self.attach_paths(view, paths)

    def attach_paths(self, view: QuoteView, paths: Sequence[Path]) -> None:
        """Attach files to a quote."""
        for path in paths:
            if not self._tab.perform(lambda path=path: quotes.attach_quote_file(self._session, view.quote.id, path)):
                return

    def show_files(self) -> None:
        """Show the selected quote's files, to save or take off."""
        view = self._tab.current_quote()
        if view is None:
            return
        if not view.files:
            self.attach()
            return
        self.files_menu(view).popup(self._tab.files_place())

    def files_menu(self, view: QuoteView) -> QMenu:
        """Return the menu of a quote's files."""
        menu = QMenu(self._tab)
        for file in view.files:
            name = literal(file.name[:60])
            menu.addAction(_("Save “{file}”…").format(file=name)).triggered.connect(self._saver(file))
        menu.addSeparator()
        for file in view.files if self._tab.may_edit() else ():
            name = literal(file.name[:60])
            menu.addAction(_("Remove “{file}”").format(file=name)).triggered.connect(self._remover(file))
        menu.addSeparator()
        menu.addAction(self.registry.get("budget.procurement.attach"))
        return menu

    def save_file(self, file: Attachment) -> None:
        """Write an attached file to a place the user chooses."""
        target = dialogs.save_file(self._tab, _("Save the attached file"), _("All files") + " (*)", name=file.name)
        if target is None:
            return

        def write() -> None:
            from qihua_desktop.files import write_safely

            write_safely(target, documents.attachment_bytes(self._session, file.id))

        self._tab.perform(write)

    def _saver(self, file: Attachment) -> Callable[[], None]:
        return lambda: self.save_file(file)

    def _remover(self, file: Attachment) -> Callable[[], bool]:
        return lambda: self._tab.perform(lambda: documents.detach(self._session, file.id))

    def edit_quote(self, view: QuoteView, key: str, value: Any) -> bool:
        """Carry out an edit of a quote's cell."""
        if key == "supplier_name" and not (value or "").strip():
            return False
        if key == "tax_rate":
            value = value or 0
        return self._tab.perform(lambda: quotes.update_quote(self._session, view.quote.id, **{key: value}))

    # --- contracts ---

    def add_contract(self) -> None:
        """Ask for a contract of the current line."""
        self._ask_contract(None)

    def from_quote(self) -> None:
        """Ask for what is missing in a contract from the chosen quote."""
        self._ask_contract(self._tab.open_choice())

    def sign(self) -> None:
        """Ask for the day of signing."""
        view = self._tab.current_contract()
        if view is None or view.contract.state is not ContractState.DRAFT:
            return
        day = dialogs.ask_date(self._tab, _("Sign the contract"), _("Signed on"), value=self._session.today())
        if day is not None:
            self._tab.perform(lambda: contracts.sign_contract(self._session, view.contract.id, day))

    def finish(self) -> None:
        """Say that no more invoices come."""
        self._with_contract(lambda view: contracts.finish_contract(self._session, view.contract.id))

    def cancel(self) -> None:
        """Ask what stays due and why."""
        view = self._tab.current_contract()
        if view is not None:
            dialogs.run_form(CancelForm(self._tab, view))

    def reopen(self) -> None:
        """Put the selected contract in force again."""
        self._with_contract(lambda view: contracts.reopen_contract(self._session, view.contract.id))

    def delete_contract(self) -> None:
        """Delete the selected draft; undo brings it back."""
        self._with_contract(lambda view: contracts.delete_contract(self._session, view.contract.id))

    def edit_contract(self, view: ContractView, key: str, value: Any) -> bool:
        """Carry out an edit of a contract's cell."""
        if key == "supplier_name" and not (value or "").strip():
            return False
        if key == "tax_rate":
            value = value or 0
        return self._tab.perform(lambda: contracts.update_contract(self._session, view.contract.id, **{key: value}))

    # --- payments ---

    def pay(self) -> None:
        """Ask when how much of the selected payment was paid; without a plan, of the contract."""
        view, row = self._tab.current_contract(), self._tab.current_payment()
        if view is None:
            return
        payment = row.payment if row is not None else None
        amount = payment.amount if payment is not None else max(0, plan_gap(view))
        dialogs.run_form(PayForm(self._tab, view, payment, amount))

    def take_back(self) -> None:
        """Make the selected payment a planned one again."""
        row = self._tab.current_payment()
        if row is not None:
            self._tab.perform(lambda: payments.take_back_payment(self._session, row.payment.id))

    def add_payment(self) -> None:
        """Plan what the contract's payments do not cover yet, and open its day."""
        view = self._tab.current_contract()
        if view is None:
            return
        name = _("Final payment") if view.payments else _("Full payment")
        made = PaymentTerm(name, amount=max(0, plan_gap(view)))
        terms = (*(_term(one) for one in _planned(view)), made)
        if self._tab.perform(lambda: contracts.set_payment_plan(self._session, view.contract.id, terms)):
            self._tab.edit_last_payment()

    def delete_payment(self) -> None:
        """Take the selected payment out of the plan."""
        row = self._tab.current_payment()
        if row is not None and not row.is_paid:
            terms = tuple(_term(one) for one in _planned(row.view) if one.id != row.payment.id)
            self._tab.perform(lambda: contracts.set_payment_plan(self._session, row.view.contract.id, terms))

    def edit_payment(self, row: PaymentRow, key: str, value: Any) -> bool:
        """Carry out an edit of a planned payment's cell; a share becomes its amount."""
        terms: list[PaymentTerm] = []
        for one in _planned(row.view):
            term = _term(one)
            if one.id == row.payment.id:
                if key == "share":
                    term = replace(term, percent=value or 0, amount=None)
                else:
                    term = replace(term, **{key: value})
            terms.append(term)
        return self._tab.perform(lambda: contracts.set_payment_plan(self._session, row.view.contract.id, terms))

    def delete(self) -> None:
        """Delete what has the focus: a quote, a draft or a planned payment."""
        for card, key in self._tab.deletable():
            if card.table.hasFocus() and card.current() is not None:
                self.registry.trigger(f"budget.procurement.{key}")
                return

    def _ask_contract(self, quote: QuoteView | None) -> None:
        tab = self._tab
        if tab.project_id is None:
            return
        line_id = tab.current_line_id()
        form = ContractForm(tab, tab.project_id, None if line_id == WITHOUT_LINE else line_id, quote=quote)
        if dialogs.run_form(form) and form.added is not None:
            tab.select_contract(form.added.id)

    def _with_quote(self, action: Callable[[QuoteView], object]) -> None:
        view = self._tab.current_quote()
        if view is not None:
            self._tab.perform(lambda: action(view))

    def _with_contract(self, action: Callable[[ContractView], object]) -> None:
        view = self._tab.current_contract()
        if view is not None:
            self._tab.perform(lambda: action(view))


def _planned(view: ContractView) -> list[Any]:
    return sorted((one for one in view.payments if one.paid_on is None), key=lambda one: one.position)


def _term(payment: Any) -> PaymentTerm:
    return PaymentTerm(payment.name, amount=payment.amount, due_on=payment.due_on)
