"""The panel beside the vouchers: what one says, which lines bear it, its checks and its original."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import date_text, money_text
from qihua_desktop.domain.invoice import invoice_status_label
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.voucher_records import recorded_status
from qihua_desktop.domain.vouchers import VoucherState, voucher_state_label
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import vouchers
from qihua_desktop.services.vouchers import ShareDraft, VoucherView
from ui.budget.tabs import BudgetTab
from ui.common.actions import ActionRegistry
from ui.common.labels import Elide
from ui.common.theme import SPACE_2
from ui.common.widgets import (
    Card,
    Chip,
    EmptyState,
    FlowLayout,
    PlainLabel,
    Segment,
    SegmentedControl,
    Separator,
    Tone,
    button,
    icon_button,
    link_button,
    muted_label,
    primary_button,
)

from .checks_list import ChecksList
from .facts_view import FactsView
from .original_view import OriginalView
from .rows import STATE_TONES, outcome_tone, outcome_words
from .shares_editor import Places, SharesEditor
from .tall_area import TallArea

CHECKS, FACTS, ORIGINAL = "checks", "facts", "original"


class DetailPanel(Card):
    """One voucher, or how many are selected and what they are together."""

    def __init__(self, tab: BudgetTab, actions: ActionRegistry, menu: QMenu) -> None:
        super().__init__(padded=False)
        self._tab = tab
        self.view: VoucherView | None = None
        self._pages = QStackedWidget()
        self.nothing = EmptyState("receipt-text", _("No voucher selected"), _("Select one to check and book it."))
        self._pages.addWidget(self.nothing)
        self.many = _ManyView(actions)
        self._pages.addWidget(self.many)
        self._one = QWidget()
        self._pages.addWidget(self._one)
        self.add(self._pages, 1)
        self.number = PlainLabel("", bold=True, elide=Elide.MIDDLE, tabular=True)
        self.amount = PlainLabel("", bold=True, tabular=True)
        self.seller = PlainLabel("", elide=Elide.END, role=Role.TEXT_SOFT)
        self.chips = QWidget()
        self._chip_row = FlowLayout(6)
        self.chips.setLayout(self._chip_row)
        self.accept_button = primary_button(_("Accept, next"), lambda: actions.trigger("budget.vouchers.accept"))
        self.reject_button = button(_("Reject…"), lambda: actions.trigger("budget.vouchers.reject"))
        self.reopen_button = button(_("Reopen for checking"), lambda: actions.trigger("budget.vouchers.reopen"))
        self.more_button = icon_button("ellipsis", _("More actions"), lambda: self._show_menu(menu))
        self.shares = SharesEditor(self._store_shares)
        self.switch = SegmentedControl(
            (Segment(CHECKS, _("Checks")), Segment(FACTS, _("Content")), Segment(ORIGINAL, _("Original"))),
            accessible_name=_("Parts of the voucher"),
        )
        self.checks = ChecksList()
        self.duplicate = QWidget()
        self._links = QVBoxLayout(self.duplicate)
        self._links.setContentsMargins(0, 0, 0, 0)
        self.facts = FactsView(tab.context.session)
        self.original = OriginalView(tab)
        self._build()
        self.switch.current_changed.connect(self._on_switched)

    def show_selection(self, selected: Sequence[VoucherView], places: Places, *, editable: bool) -> None:
        """Show one voucher, the sum of several, or nothing."""
        self.view = selected[0] if len(selected) == 1 else None
        if not selected:
            self._pages.setCurrentWidget(self.nothing)
            return
        if self.view is None:
            self.many.show_vouchers(selected, editable=editable)
            self._pages.setCurrentWidget(self.many)
            return
        self._pages.setCurrentWidget(self._one)
        self._show_head(self.view, editable=editable)
        self.shares.show_voucher(
            self.view, places, editable=editable and self.view.voucher.state is not VoucherState.REJECTED
        )
        self._show_part(self.view)

    def show_part(self, key: str) -> None:
        """Bring the checks, the content or the original to the front."""
        self.switch.set_current(key)

    def _build(self) -> None:
        column = QVBoxLayout(self._one)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(SPACE_2)
        top = QHBoxLayout()
        top.addWidget(self.number, 1)
        top.addWidget(self.amount)
        column.addLayout(top)
        column.addWidget(self.seller)
        column.addWidget(self.chips)
        actions = QHBoxLayout()
        actions.setSpacing(SPACE_2)
        for widget in (self.accept_button, self.reject_button, self.reopen_button):
            actions.addWidget(widget)
        actions.addStretch(1)
        actions.addWidget(self.more_button)
        column.addLayout(actions)
        column.addWidget(Separator())
        column.addWidget(self.shares)
        column.addWidget(Separator())
        column.addWidget(self.switch)
        self._parts = QStackedWidget()
        checks = QWidget()
        inner = QVBoxLayout(checks)
        inner.setContentsMargins(0, 4, 6, 4)
        inner.addWidget(self.duplicate)
        inner.addWidget(self.checks)
        inner.addStretch(1)
        self._part_of = {
            CHECKS: TallArea(_("Checks"), checks),
            FACTS: TallArea(_("Content"), self.facts),
            ORIGINAL: self.original,
        }
        for part in self._part_of.values():
            self._parts.addWidget(part)
        column.addWidget(self._parts, 1)

    def _show_head(self, view: VoucherView, *, editable: bool) -> None:
        one = view.voucher
        self.number.setText(one.number or _("no number"))
        known = money_text(one.gross) if one.gross else _("amount not known")
        foreign = f"{one.currency} {money_text(one.foreign_gross)}" if one.currency != "CNY" else ""
        self.amount.setText(foreign if foreign and not one.gross else known)
        self.amount.set_role(Role.BAD if one.gross < 0 else Role.TEXT)
        day = date_text(one.issued_on) if one.issued_on else ""
        self.seller.setText("  ".join(part for part in (" ".join(one.seller_name.split()) or one.item, day) if part))
        self._show_chips(view)
        is_pending = one.state is VoucherState.PENDING
        self.accept_button.setVisible(is_pending)
        self.reject_button.setVisible(one.state is not VoucherState.REJECTED)
        self.reopen_button.setVisible(not is_pending)
        for widget in (self.accept_button, self.reject_button, self.reopen_button):
            widget.setEnabled(editable)

    def _show_chips(self, view: VoucherView) -> None:
        _clear(self._chip_row)
        one = view.voucher
        chips = [(voucher_state_label(one.state), STATE_TONES[one.state])]
        if one.state is not VoucherState.REJECTED:
            chips.append((outcome_words(view), outcome_tone(view)))
        status, note = recorded_status(one)
        if status is not None:
            chips.append((f"{invoice_status_label(status)} · {note}"[:60], Tone.OK if status == "01" else Tone.BAD))
        elif one.number:
            chips.append((_("Not verified at the bureau"), Tone.NEUTRAL))
        if view.paid:
            chips.append((_("Paid {amount}").format(amount=money_text(view.paid)), Tone.OK))
        if view.claim_number:
            chips.append((view.claim_number, Tone.ACCENT))
        for text, tone in chips:
            self._chip_row.addWidget(Chip(text, tone))
        self.chips.updateGeometry()

    def _show_part(self, view: VoucherView) -> None:
        key = self.switch.current_key()
        if key == CHECKS:
            self.checks.show_checks(view)
            self._show_links(view)
        elif key == FACTS:
            self.facts.show_voucher(view)
        else:
            self.original.show_voucher(view)
        part = self._part_of[key]
        self._parts.setCurrentWidget(part)
        if isinstance(part, TallArea):
            part.fit()

    def _show_links(self, view: VoucherView) -> None:
        while (item := self._links.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in view.duplicates[:3]:
            words = _("Go to {number} in “{project}”").format(number=one.number[:40], project=one.project_name[:24])
            target = (one.project_id, one.voucher_id)
            self._links.addWidget(
                link_button(words, lambda target=target: self._tab.context.page_requested.emit("budget", target))
            )
        self.duplicate.setVisible(bool(view.duplicates))

    @Slot(str)
    def _on_switched(self, _key: str) -> None:
        if self.view is not None:
            self._show_part(self.view)

    def _store_shares(self, drafts: Sequence[ShareDraft]) -> bool:
        view = self.view
        if view is None:
            return False
        return self._tab.perform(lambda: vouchers.assign(self._tab.context.session, view.voucher.id, drafts))

    def _show_menu(self, menu: QMenu) -> None:
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))


class _ManyView(QWidget):
    """What several selected vouchers are together, and what can be done with all of them."""

    def __init__(self, actions: ActionRegistry) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(SPACE_2)
        self.count = PlainLabel("", bold=True)
        self.sum = muted_label("", wrap=True)
        column.addWidget(self.count)
        column.addWidget(self.sum)
        self.accept_button = primary_button(_("Accept"), lambda: actions.trigger("budget.vouchers.accept"))
        self.reject_button = button(_("Reject…"), lambda: actions.trigger("budget.vouchers.reject"))
        self.claim_button = button(_("New expense claim…"), lambda: actions.trigger("budget.vouchers.claim"))
        row = QHBoxLayout()
        row.addWidget(self.accept_button)
        row.addWidget(self.reject_button)
        row.addWidget(self.claim_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def show_vouchers(self, selected: Sequence[VoucherView], *, editable: bool) -> None:
        """Show count and sums."""
        count = len(selected)
        self.count.setText(ngettext("{count} voucher selected", "{count} vouchers selected", count).format(count=count))
        gross, tax = sum(one.voucher.gross for one in selected), sum(one.voucher.tax for one in selected)
        self.sum.setText(
            _("Together {gross} yuan, of it tax {tax}").format(gross=money_text(gross), tax=money_text(tax))
        )
        states = {one.voucher.state for one in selected}
        self.accept_button.setEnabled(editable and VoucherState.PENDING in states)
        self.reject_button.setEnabled(editable and bool(states - {VoucherState.REJECTED}))
        self.claim_button.setEnabled(editable and states == {VoucherState.ACCEPTED})


def _clear(layout: FlowLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
