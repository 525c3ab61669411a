"""What a budget line takes from the stock (复用库存): days, quantity, price; who else has it is said."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout

from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.domain.formatting import date_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import StockUseState, stock_use_label
from qihua_desktop.domain.stock_rules import quantity_text
from qihua_desktop.i18n import _
from qihua_desktop.services import budget_view, projects, stock
from qihua_desktop.services.stock import StockUseView
from ui.common.columns import CellKind, Column
from ui.common.dialog_base import BaseDialog
from ui.common.fields import DateEdit, MoneyEdit, ParsedEdit
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.widgets import FormGrid, Tone, button, secondary_label

from .delegates import read_quantity
from .tabs import BudgetTab, problem_words

_SIZE = (760, 560)
_TONES = {StockUseState.RESERVED: Tone.ACCENT, StockUseState.OUT: Tone.WARN, StockUseState.RETURNED: Tone.NEUTRAL}


class StockDialog(BaseDialog):
    """Lists what a line uses, and takes more; every press is an undo step of its own."""

    def __init__(self, tab: BudgetTab, project_id: EntityId, line_id: EntityId) -> None:
        super().__init__(_("From the stock"), tab, accept_text=_("Close"))
        self.cancel_button.hide()
        self._session, self._project_id, self._line_id = tab.context.session, project_id, line_id
        self._editable = tab.may_edit()
        row = budget_view.load_budget(self._session, project_id).row(line_id)
        self.body.addWidget(
            secondary_label(
                _("Material for “{line}”: it counts as committed at its internal price, and as cost once handed out.")
                .format(line=row.line.name[:60] if row is not None else ""), wrap=True,
            )
        )  # fmt: skip
        self.model: RowsModel[StockUseView] = RowsModel(_columns(), lambda one: one.use.id, parent=self)
        self.table = DataTable(
            self.model, key="budget.stock", state=tab.context.view_state, accessible_name=_("From the stock")
        )
        self.table.set_placeholder(_("Nothing is taken from the stock for this line."))
        self.body.addWidget(self.table, 1)
        actions = QHBoxLayout()
        self.hand_out = button(_("Hand out"), lambda: self._set_state(StockUseState.OUT))
        self.take_back = button(_("Back in store"), lambda: self._set_state(StockUseState.RETURNED))
        self.remove = button(_("Delete"), self._delete)
        for one in (self.hand_out, self.take_back, self.remove):
            one.setEnabled(self._editable)
            one.setAutoDefault(False)
            actions.addWidget(one)
        actions.addStretch(1)
        self.body.addLayout(actions)
        self._add_form()
        self.resize(*_SIZE)
        self.show_uses()

    def show_uses(self) -> None:
        """Show what the line uses now."""
        found = stock.uses_of(self._session, self._project_id)
        self.model.set_rows(tuple(one for one in found if one.use.line_id == self._line_id))

    def take(self) -> None:
        """Set material aside for the line."""
        try:
            at = self.item.currentIndex()
            if not 0 <= at < len(self._items):
                raise InputError(_("There is no material in the stock."))
            stock.take(
                self._session, self._line_id, self._items[at].item.id, self.quantity.require(), self.from_on.require(),
                self.until_on.require(), self.price.require(),
            )  # fmt: skip
        except QihuaError as error:
            self._say(error)
            return
        self.set_problem("")
        self.quantity.set_value(None)
        self.show_uses()

    def _add_form(self) -> None:
        self._items = stock.stock(self._session)
        self.item = QComboBox()
        for one in self._items:
            free = quantity_text(one.free_now, one.item.unit)
            self.item.addItem(_("{item} (free today: {free})").format(item=one.item.name[:60], free=free))
        self.quantity = ParsedEdit(read_quantity, lambda value: quantity_text(value, ""), required=True)
        today = self._session.today
        self.from_on, self.until_on = DateEdit(required=True, today=today), DateEdit(required=True, today=today)
        project = projects.find_project(self._session, self._project_id)
        if project is not None:
            self.from_on.set_date(project.key_on)
            self.until_on.set_date(project.key_on)
        self.price = MoneyEdit()
        form = FormGrid()
        form.add_row(_("Material"), self.item)
        form.add_row(_("Quantity"), self.quantity)
        form.add_row(_("From"), self.from_on)
        form.add_row(_("Until"), self.until_on)
        form.add_row(_("Unit price"), self.price, _("Empty: the internal price of the material"))
        self.body.addWidget(form)
        self.take_button = button(_("Take it"), self.take)
        self.take_button.setEnabled(self._editable and bool(self._items))
        self.take_button.setAutoDefault(False)
        self.body.addWidget(self.take_button)
        if not self._items:
            self.body.addWidget(
                secondary_label(_("The stock is empty. Material is added under “Suppliers and materials”."), wrap=True)
            )

    def _set_state(self, state: StockUseState) -> None:
        row = self.table.current_row()
        if row is not None:
            try:
                stock.set_use_state(self._session, row.use.id, state)
            except QihuaError as error:
                self._say(error)
                return
            self.set_problem("")
            self.show_uses()

    def _delete(self) -> None:
        row = self.table.current_row()
        if row is not None:
            try:
                stock.delete_use(self._session, row.use.id)
            except QihuaError as error:
                self._say(error)
                return
            self.set_problem("")
            self.show_uses()

    def _say(self, error: QihuaError) -> None:
        self.set_problem(problem_words(error, " "))


def _columns() -> tuple[Column[StockUseView], ...]:
    return (
        Column("item", _("Material"), lambda row: row.item.name, width=200),
        Column("quantity", _("Quantity"), lambda row: row.use.quantity, CellKind.NUMBER, width=90,
               text=lambda row: quantity_text(row.use.quantity, row.item.unit)),
        Column("days", _("Days"), lambda row: row.use.from_on, width=190,
               text=lambda row: f"{date_text(row.use.from_on)} – {date_text(row.use.until_on)}"),
        Column("cost", _("Cost"), lambda row: row.cost, CellKind.MONEY, width=100),
        Column("state", _("State"), lambda row: row.use.state, CellKind.CHIP, stretch=True,
               text=lambda row: stock_use_label(row.use.state), tone=lambda row: _TONES[row.use.state]),
    )  # fmt: skip
