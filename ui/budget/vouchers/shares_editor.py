"""Which lines, and which of their contracts, bear a voucher; stored as soon as every row is complete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services import budget_view, vouchers
from qihua_desktop.services.session import Session
from qihua_desktop.services.vouchers import ShareDraft, VoucherView
from ui.common.choice_box import ChoiceBox
from ui.common.fields import MoneyEdit
from ui.common.theme import SECONDARY_SIZE, SPACE_1
from ui.common.widgets import PlainLabel, icon_button, link_button

_INDENT = "　"


@dataclass(frozen=True, slots=True)
class Places:
    """What a voucher can be booked to: the lines with their indentation, and the binding contracts of each."""

    lines: tuple[tuple[EntityId, str], ...] = ()
    contracts: tuple[tuple[EntityId, EntityId, str], ...] = ()

    def of_line(self, line_id: EntityId | None) -> tuple[tuple[EntityId, str], ...]:
        """Return the contracts of a line."""
        return tuple((one, name) for one, line, name in self.contracts if line == line_id)


def load_places(session: Session, project_id: EntityId) -> Places:
    """Return what the vouchers of a project can be booked to."""
    rows = budget_view.load_budget(session, project_id).lines
    return Places(
        tuple((row.line.id, _INDENT * row.level + " ".join(row.line.name[:60].split())) for row in rows),
        tuple(
            (one.id, one.line_id, f"{one.title} {one.number}"[:80].strip())
            for one in vouchers.bookable_contracts(session, project_id)
            if one.line_id is not None
        ),
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    line_id: EntityId | None
    contract_id: EntityId | None
    gross: int | None


class SharesEditor(QWidget):
    """A row per share: line, contract, amount. ``store`` carries the shares out and says whether it was accepted."""

    def __init__(self, store: Callable[[Sequence[ShareDraft]], bool]) -> None:
        super().__init__()
        self._store = store
        self._view: VoucherView | None = None
        self._places = Places()
        self._editable = True
        self._stored: tuple[_Draft, ...] = ()
        self._drafts: list[_Draft] = []
        self.rows: list[_ShareRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_1)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 5)
        self._grid.setColumnStretch(1, 4)
        column.addLayout(self._grid)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.add_button = link_button(_("Split over another line"), self.add_row)
        self.sum = PlainLabel("", role=Role.MUTED, size=SECONDARY_SIZE, tabular=True, wrap=True)
        foot.addWidget(self.add_button)
        foot.addWidget(self.sum, 1)
        column.addLayout(foot)

    def show_voucher(self, view: VoucherView, places: Places, *, editable: bool) -> None:
        """Show a voucher's shares; rows that are still being filled in stay as they are."""
        stored = tuple(_Draft(one.share.line_id, one.share.contract_id, one.share.gross) for one in view.shares)
        same = self._view is not None and self._view.voucher.id == view.voucher.id and stored == self._stored
        unchanged = same and places == self._places and editable == self._editable
        before = self._view.voucher.gross if self._view is not None else 0
        gross_changed = before != view.voucher.gross
        self._view, self._places, self._editable, self._stored = view, places, editable, stored
        if not unchanged or gross_changed:
            untouched = len(self._drafts) == 1 and self._drafts[0] == _Draft(None, None, before or None)
            if not same or untouched:
                self._drafts = list(stored) or [_Draft(None, None, view.voucher.gross or None)]
            self._build()
        self._show_sum()

    def add_row(self) -> None:
        """Add a share for what is left."""
        if self._view is None:
            return
        left = self._view.voucher.gross - self.total()
        self._drafts.append(_Draft(None, None, left or None))
        self._build()
        self._show_sum()
        self.rows[-1].line.setFocus()

    def remove_row(self, at: int) -> None:
        """Take a share away; a single one left takes the whole amount."""
        if self._view is None:
            return
        del self._drafts[at]
        if len(self._drafts) == 1 and self._view.voucher.gross:
            self._drafts[0] = replace(self._drafts[0], gross=self._view.voucher.gross)
        if not self._drafts:
            self._drafts = [_Draft(None, None, self._view.voucher.gross or None)]
        self._build()
        self._commit()

    def take_focus(self) -> None:
        """Let the first line have the keys."""
        if self.rows and self.rows[0].line.isEnabled():
            self.rows[0].line.setFocus()

    def total(self) -> int:
        """Return what the rows add up to."""
        return sum(one.gross or 0 for one in self._drafts)

    def change(self, at: int, draft: _Draft) -> None:
        """Take over what was chosen or typed in a row."""
        before = self._drafts[at]
        if draft == before:
            return
        if draft.line_id != before.line_id:
            offered = self._places.of_line(draft.line_id)
            draft = replace(draft, contract_id=offered[0][0] if len(offered) == 1 else None)
            self.rows[at].offer_contracts(offered, draft.contract_id)
            self._fit_columns()
        self._drafts[at] = draft
        self._commit()

    def _commit(self) -> None:
        """Store the shares when nothing is missing; of an accepted voucher only when they are its whole amount."""
        self._show_sum()
        view = self._view
        if view is None:
            return
        blank = all(one.line_id is None for one in self._drafts) and len(self._drafts) == 1
        if blank and not self._stored:
            return
        if not blank and any(one.line_id is None or not one.gross for one in self._drafts):
            return
        if view.voucher.state == "accepted" and self.total() != view.voucher.gross:
            return
        wanted = [ShareDraft(one.line_id, one.contract_id, one.gross or 0) for one in self._drafts if one.line_id]
        if not self._store(wanted):
            self._drafts = list(self._stored) or [_Draft(None, None, view.voucher.gross or None)]
            self._build()
            self._show_sum()

    def _build(self) -> None:
        while len(self.rows) > len(self._drafts):
            self.rows.pop().dispose()
        while len(self.rows) < len(self._drafts):
            self.rows.append(_ShareRow(self, self._grid, len(self.rows)))
        for row, draft in zip(self.rows, self._drafts, strict=True):
            row.show_draft(draft, self._places, editable=self._editable, removable=len(self._drafts) > 1)
        self._fit_columns()
        self.add_button.setVisible(self._editable and bool(self._places.lines))

    def _fit_columns(self) -> None:
        """Leave the contracts no room where no line has one."""
        has_contracts = any(self._places.of_line(one.line_id) for one in self._drafts)
        self._grid.setColumnStretch(1, 4 if has_contracts else 0)

    def _show_sum(self) -> None:
        gross = self._view.voucher.gross if self._view is not None else 0
        total = self.total()
        words = _("{total} of {gross}").format(total=money_text(total), gross=money_text(gross))
        if total != gross:
            words = _("{total} of {gross}, {left} missing").format(
                total=money_text(total), gross=money_text(gross), left=money_text(gross - total)
            )
        self.sum.setText(words)
        self.sum.set_role(Role.MUTED if total == gross else Role.BAD)


class _ShareRow:
    """The widgets of one share."""

    def __init__(self, editor: SharesEditor, grid: QGridLayout, at: int) -> None:
        self._editor, self._at = editor, at
        self._draft = _Draft(None, None, None)
        self._shown: Places | None = None
        self.line, self.contract = ChoiceBox(), ChoiceBox()
        self.amount = MoneyEdit()
        self.line.setAccessibleName(_("Budget line {number}").format(number=at + 1))
        self.contract.setAccessibleName(_("Contract {number}").format(number=at + 1))
        self.amount.setAccessibleName(_("Share {number}").format(number=at + 1))
        self.amount.setFixedWidth(92)
        for box in (self.line, self.contract):
            box.setMinimumWidth(80)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(4)
        self.remove = icon_button("x", _("Remove share {number}").format(number=at + 1), lambda: editor.remove_row(at))
        for column, widget in enumerate((self.line, self.contract, self.amount, self.remove)):
            grid.addWidget(widget, at, column)
        self.line.activated.connect(lambda _index: self._on_changed())
        self.contract.activated.connect(lambda _index: self._on_changed())
        self.amount.value_changed.connect(lambda _value: self._on_changed())

    def show_draft(self, draft: _Draft, places: Places, *, editable: bool, removable: bool) -> None:
        """Show a share."""
        if self._shown != places:
            self._shown = places
            self.line.clear_choices()
            self.line.add(_("Choose a line…"), None)
            for identifier, name in places.lines:
                self.line.add_indented(name, identifier)
        self._draft = draft
        self.line.setEnabled(editable)
        self.line.select(draft.line_id)
        self.offer_contracts(places.of_line(draft.line_id), draft.contract_id)
        if not (self.amount.hasFocus() and self.amount.isModified()):
            self.amount.set_fen(draft.gross)
        self.amount.setReadOnly(not editable)
        self.remove.setVisible(removable)
        self.remove.setEnabled(editable)

    def offer_contracts(self, offered: Sequence[tuple[EntityId, str]], chosen: EntityId | None) -> None:
        """Offer the contracts of the line chosen."""
        self.contract.clear_choices()
        self.contract.add(_("No contract"), None)
        for identifier, name in offered:
            self.contract.add(name, identifier)
        self.contract.select(chosen)
        self.contract.setEnabled(self.line.isEnabled())
        self.contract.setVisible(bool(offered))

    def dispose(self) -> None:
        """Take the widgets away."""
        for widget in (self.line, self.contract, self.amount, self.remove):
            widget.hide()
            widget.deleteLater()

    def _on_changed(self) -> None:
        draft = _Draft(self.line.value(), self.contract.value(), self.amount.fen())
        self._editor.change(self._at, draft)
