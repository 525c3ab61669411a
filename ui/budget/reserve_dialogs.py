"""Using the contingency reserve (动用备用金): asked for with a reason, decided by a director's PIN."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.execution import DeviationCode, deviation_label
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import budget_view, reserve
from qihua_desktop.services.reserve import ReleaseView
from ui.common import dialogs
from ui.common.controls import Segment, SegmentedControl
from ui.common.dialog_base import BaseDialog
from ui.common.fields import MoneyEdit, TextArea
from ui.common.widgets import FormGrid, PlainLabel, secondary_label

from .signed_form import SignedForm
from .tabs import BudgetTab

_LEVEL_INDENT = "　"


class ReleaseDialog(BaseDialog):
    """Asks which line needs how much of the reserve, and why."""

    def __init__(self, tab: BudgetTab, project_id: EntityId, line_id: EntityId | None) -> None:
        super().__init__(_("Use the reserve"), tab, accept_text=_("Ask for it"))
        self._tab = tab
        session = tab.context.session
        self._positions = reserve.reserve_positions(session, project_id)
        held = {one.line_id for one in self._positions}
        view = budget_view.load_budget(session, project_id)
        self._lines: list[EntityId] = []
        self.line = QComboBox()
        for row in view.lines:
            if row.line.id in held or row.line.parent_id in held:
                held.add(row.line.id)
                continue
            self._lines.append(row.line.id)
            self.line.addItem(_LEVEL_INDENT * row.level + " ".join(row.line.name[:60].split()))
        if line_id is not None and line_id in self._lines:
            self.line.setCurrentIndex(self._lines.index(line_id))
        self.reserve = QComboBox()
        for one in self._positions:
            self.reserve.addItem(
                _("{name}: {amount} available").format(name=one.name[:40], amount=money_text(max(0, one.available)))
            )
        self.amount = MoneyEdit(required=True)
        self.code = QComboBox()
        self._codes = list(DeviationCode)
        for code in self._codes:
            self.code.addItem(f"{code.value} {deviation_label(code)}")
        self.reason = TextArea()
        self.reason.setFixedHeight(76)
        self.body.addWidget(
            secondary_label(
                _("A director who did not ask decides with their PIN. The approved budget itself does not change."),
                wrap=True,
            )
        )
        form = FormGrid()
        form.add_row(_("For the line"), self.line)
        form.add_row(_("From"), self.reserve)
        form.add_row(_("Amount (yuan)"), self.amount)
        form.add_row(_("Reason code"), self.code)
        form.add_row(_("Reason"), self.reason)
        self.body.addWidget(form)
        self.check = self._ask

    def _ask(self) -> None:
        at = self.line.currentIndex()
        if not 0 <= at < len(self._lines):
            raise InputError(_("Choose the line that needs it."))
        source = self.reserve.currentIndex()
        reserve.request_release(
            self._tab.context.session, self._lines[at], self.amount.require(), self._codes[self.code.currentIndex()],
            self.reason.text(), self._positions[source].line_id if 0 <= source < len(self._positions) else None,
        )  # fmt: skip


class DecisionDialog(SignedForm):
    """A director's decision on a use of the reserve."""

    def __init__(self, tab: BudgetTab, release: ReleaseView) -> None:
        session = tab.context.session
        super().__init__(
            _("Decide on the reserve"), tab, reserve.deciders(session, release.release.id), accept_text=_("Sign"),
            nobody=_("Nobody can decide: it takes a director who did not ask for it."), reason_label=_("Note"),
        )  # fmt: skip
        self._tab, self._release = tab, release.release
        words = _("{person} asks for {amount} of “{reserve}” for “{line}”: {reason}").format(
            person=release.requested_by or "—",
            amount=money_text(release.release.amount),
            reserve=release.reserve_name[:40],
            line=release.line_name[:40],
            reason=release.release.reason[:400],
        )
        self.verdict = SegmentedControl(
            (Segment("approve", _("Approve")), Segment("refuse", _("Refuse"))), accessible_name=_("Decision")
        )
        self.body.insertWidget(0, PlainLabel(words, wrap=True))
        self.body.insertWidget(1, self.verdict)
        self.check = self._decide

    def _decide(self) -> None:
        reserve.decide_release(
            self._tab.context.session, self._release.id, approved=self.verdict.current_key() == "approve",
            note=self.reason.text(), pin=self.pin.text(), person_id=self.person_id(),
        )  # fmt: skip


def use_reserve(tab: BudgetTab, line_id: EntityId | None = None) -> None:
    """Ask for a use of the reserve."""
    project_id = tab.project_id
    if project_id is None:
        return
    if not reserve.reserve_positions(tab.context.session, project_id):
        dialogs.inform(
            tab, _("There is no contingency reserve."), advice=_("Mark a category as the reserve first.")
        )  # fmt: skip
        return
    if dialogs.run_form(ReleaseDialog(tab, project_id, line_id)):
        tab.context.notice_posted.emit(_("Asked for. It counts once a director has signed it."))


def decide(tab: BudgetTab, release: ReleaseView) -> None:
    """Let a director decide."""
    dialogs.run_form(DecisionDialog(tab, release))


def withdraw(tab: BudgetTab, release: ReleaseView) -> None:
    """Take a request back."""
    tab.perform(lambda: reserve.withdraw_release(tab.context.session, release.release.id))
