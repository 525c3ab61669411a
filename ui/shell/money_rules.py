"""The thresholds for money in the settings: when a reason, three quotes or a reserve are asked for, the fiscal year."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from qihua_desktop.i18n import _
from qihua_desktop.services.money_limits import MoneyLimits, money_limits, save_money_limits
from ui.common.choice_box import ChoiceBox
from ui.common.context import AppContext
from ui.common.fields import MoneyEdit, PercentEdit
from ui.common.theme import SPACE_4
from ui.common.widgets import Banner, FormGrid, Tone


class MoneyRules(QWidget):
    """A tab of the settings; what is saved is one undo step of the workspace."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        limits = money_limits(context.session)
        self.deviation = PercentEdit(required=True)
        self.deviation.set_basis_points(limits.deviation_bp)
        self.quotes = MoneyEdit(required=True)
        self.quotes.set_fen(limits.three_quotes_fen)
        self.reserve = PercentEdit(required=True)
        self.reserve.set_basis_points(limits.reserve_floor_bp)
        self.month = ChoiceBox()
        for number in range(1, 13):
            self.month.add(_("Month {number}").format(number=number), number)
        self.month.select(limits.fiscal_start_month)
        self.pool_required = QCheckBox(_("A plan without an annual pool cannot be submitted"))
        self.pool_required.setChecked(limits.pool_required)
        self.quotes_required = QCheckBox(_("Missing quotes stop a submission"))
        self.quotes_required.setChecked(limits.quotes_required)
        form = FormGrid()
        form.add_row(_("Deviation ±"), self.deviation, _("Beyond it a line needs a reason code before closing."))
        form.add_row(_("Three quotes needed from"), self.quotes, _("Yuan per line; 0 never asks for them."))
        form.add_row(_("Floor of the reserve"), self.reserve, _("Least share of the contingency reserve."))
        form.add_row(_("Fiscal year begins in"), self.month)
        form.add_wide(self.pool_required)
        form.add_wide(self.quotes_required)
        writable = not context.session.workspace.read_only
        if not writable:
            form.add_wide(Banner(_("This workspace is open for viewing only."), Tone.WARN))
        for field in (
            self.deviation, self.quotes, self.reserve, self.month, self.pool_required, self.quotes_required
        ):  # fmt: skip
            field.setEnabled(writable)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_4, 0, 0)
        column.addWidget(form)
        column.addStretch(1)

    def read(self) -> MoneyLimits:
        """Return what is entered. Raises InputError for what cannot be read."""
        return MoneyLimits(
            self.deviation.require(),
            self.quotes.require(),
            self.reserve.require(),
            self.month.value(),
            self.pool_required.isChecked(),
            self.quotes_required.isChecked(),
        )

    def save(self) -> None:
        """Store what is entered. Raises InputError for what is out of range."""
        if not self._context.session.workspace.read_only:
            save_money_limits(self._context.session, self.read())
