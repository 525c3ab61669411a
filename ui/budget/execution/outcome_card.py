"""Cost per guest and lead, and the return: planned and fixed beforehand, then measured."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.execution import OutcomeBasis
from qihua_desktop.domain.execution_report import Roi
from qihua_desktop.domain.formatting import money_text, percent_text
from qihua_desktop.domain.parsing import parse_number
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services import execution
from qihua_desktop.services.execution import ExecutionView
from ui.budget.tabs import BudgetTab
from ui.common import dialogs
from ui.common.fields import MoneyEdit, ParsedEdit
from ui.common.theme import SECONDARY_SIZE
from ui.common.widgets import Card, Chip, PlainLabel, Tone, button

_LONGEST_METHOD = 400


class OutcomeCard(Card):
    """The basis of success; every field is stored when it is left."""

    def __init__(self, tab: BudgetTab) -> None:
        self.state = Chip()
        super().__init__(_("Cost per head and ROI"), chip=self.state)
        self._tab = tab
        self.lock = button(_("Fix the basis"), self.toggle_fixed)
        self.method = QLineEdit()
        self.method.setMaxLength(_LONGEST_METHOD)
        self.method.setPlaceholderText(_("How income and leads are counted"))
        self.method.setAccessibleName(_("Method"))
        self.planned = (_count(), _count(), MoneyEdit())
        self.actual = (_count(), _count(), MoneyEdit())
        self.results = tuple(PlainLabel("", tabular=True, wrap=True) for _row in range(3))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for column, text in enumerate((_("Planned"), _("Actual"), _("Result")), start=1):
            grid.addWidget(PlainLabel(text, role=Role.MUTED, size=SECONDARY_SIZE), 0, column)
        names = (_("Guests"), _("Leads"), _("Income (yuan)"))
        for row, name in enumerate(names):
            grid.addWidget(PlainLabel(name, role=Role.TEXT_SOFT), row + 1, 0)
            for column, field, what in (
                (1, self.planned[row], _("Planned")),
                (2, self.actual[row], _("Actual")),
            ):
                field.setAccessibleName(f"{name} {what}")
                field.setMinimumWidth(100)
                grid.addWidget(field, row + 1, column)
            self.results[row].setMinimumWidth(104)
            grid.addWidget(self.results[row], row + 1, 3)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 2)
        grid.setColumnStretch(3, 3)
        self.body.addLayout(grid)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.method, 1)
        foot.addWidget(self.lock)
        self.body.addLayout(foot)
        self.body.addStretch(1)
        for field in self.planned:
            field.value_changed.connect(lambda _value: self._store_plan())
        for field in self.actual:
            field.value_changed.connect(lambda _value: self._store_actual())
        self.method.editingFinished.connect(self._store_plan)

    def show_execution(self, found: ExecutionView, *, editable: bool) -> None:
        """Show the basis and what follows from it; what is being typed stays."""
        basis = found.outcome
        fixed = basis is not None and basis.fixed_ms is not None
        for fields, values in ((self.planned, _planned(basis)), (self.actual, _actual(basis))):
            for field, value in zip(fields, values, strict=True):
                if not (field.hasFocus() and field.isModified()):
                    field.set_value(value)
        if not (self.method.hasFocus() and self.method.isModified()):
            self.method.setText(basis.method if basis else "")
            self.method.setCursorPosition(0)
        for field in (*self.planned, self.method):
            field.setReadOnly(fixed or not editable)
        for field in self.actual:
            field.setReadOnly(not editable)
        self.lock.setText(_("Release the basis…") if fixed else _("Fix the basis"))
        self.lock.setEnabled(editable)
        self._show_state(found, basis)
        self.results[0].setText(_head_words(found.per_guest.budget, found.per_guest.actual))
        self.results[1].setText(_head_words(found.per_lead.budget, found.per_lead.actual))
        self.results[2].setText(_roi_words(found.roi_planned, found.roi))

    def toggle_fixed(self) -> None:
        """Fix the planned side, or release it with a reason."""
        project_id, session = self._tab.project_id, self._tab.context.session
        if project_id is None:
            return
        basis = execution.outcome_of(session, project_id)
        if basis is None or basis.fixed_ms is None:
            self._tab.perform(lambda: execution.fix_outcome(session, project_id))
            return
        reason = dialogs.ask_text(
            self, _("Release the basis"), _("Reason"), multiline=True, accept_text=_("Release"), validate=_required
        )
        if reason is not None:
            self._tab.perform(lambda: execution.unfix_outcome(session, project_id, reason))

    def _show_state(self, found: ExecutionView, basis: OutcomeBasis | None) -> None:
        if basis is None or basis.fixed_ms is None:
            self.state.set_text(_("Not fixed"))
            self.state.set_tone(Tone.WARN)
        elif found.fixed_beforehand:
            self.state.set_text(_("Fixed beforehand"))
            self.state.set_tone(Tone.OK)
        else:
            self.state.set_text(_("Fixed after the event"))
            self.state.set_tone(Tone.WARN)

    def _store_plan(self) -> None:
        project_id, session = self._tab.project_id, self._tab.context.session
        if project_id is None or self.method.isReadOnly():
            return
        guests, leads, income = (field.value() or 0 for field in self.planned)
        method = self.method.text()
        self.method.setModified(False)
        basis = execution.outcome_of(session, project_id)
        if basis is None and not (guests or leads or income or method.strip()):
            return
        self._tab.perform(lambda: execution.set_outcome_plan(session, project_id, guests, leads, income, method))

    def _store_actual(self) -> None:
        project_id, session = self._tab.project_id, self._tab.context.session
        if project_id is None:
            return
        guests, leads, income = (field.value() for field in self.actual)
        self._tab.perform(lambda: execution.set_outcome_actual(session, project_id, guests, leads, income))


def _planned(basis: OutcomeBasis | None) -> tuple[int | None, int | None, int | None]:
    if basis is None:
        return None, None, None
    return basis.guests_planned or None, basis.leads_planned or None, basis.income_planned or None


def _actual(basis: OutcomeBasis | None) -> tuple[int | None, int | None, int | None]:
    if basis is None:
        return None, None, None
    return basis.guests_actual, basis.leads_actual, basis.income_actual


def _count() -> ParsedEdit:
    return ParsedEdit(_read_count, lambda value: f"{value:,}", placeholder="0")


def _read_count(text: str) -> int:
    value = parse_number(text)
    if value != value.to_integral_value() or not 0 <= value < 10**9:
        raise InputError(_("A whole number is wanted here."))
    return int(value)


def _required(text: str) -> Any:
    if not text.strip():
        raise InputError(_("Something has to be entered here."))


def _head_words(budget: int | None, actual: int | None) -> str:
    parts = []
    if budget is not None:
        parts.append(_("planned {amount}").format(amount=money_text(budget)))
    if actual is not None:
        parts.append(_("actual {amount}").format(amount=money_text(actual)))
    return "\n".join(parts) or _("no data")


def _roi_words(planned: Roi | None, actual: Roi | None) -> str:
    parts = []
    if planned is not None:
        parts.append(_("planned {ratio} ({share})").format(ratio=planned.ratio, share=percent_text(planned.percent_bp)))
    if actual is not None:
        parts.append(_("actual {ratio} ({share})").format(ratio=actual.ratio, share=percent_text(actual.percent_bp)))
    return "\n".join(parts) or _("no data")
