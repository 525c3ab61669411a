"""Adding material to the stock, and setting some aside for a project."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import StockItem, StockUse
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.domain.stock_rules import quantity_text
from qihua_desktop.i18n import _
from qihua_desktop.services import projects, stock
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.stock import StockDraft
from qihua_desktop.services.stock_list import read_quantity
from ui.common.choice_box import ChoiceBox
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.fields import DateEdit, MoneyEdit, ParsedEdit
from ui.common.widgets import FormGrid, secondary_label


def quantity_edit() -> ParsedEdit:
    """Return a field for a quantity, held in thousandths."""
    return ParsedEdit(read_quantity, quantity_text, required=True, placeholder="0")


class ItemDialog(BaseDialog):
    """Asks for new material."""

    def __init__(self, context: AppContext, parent: QWidget | None) -> None:
        super().__init__(_("Add material"), parent, accept_text=_("Add"))
        self._context = context
        self.added: StockItem | None = None
        self.name = QLineEdit()
        self.spec = QLineEdit()
        self.unit = QLineEdit()
        self.quantity = quantity_edit()
        self.price = MoneyEdit()
        self.location = QLineEdit()
        form = FormGrid()
        form.add_row(_("Material"), self.name)
        form.add_row(_("Specification"), self.spec)
        form.add_row(_("Unit"), self.unit)
        form.add_row(_("In store"), self.quantity)
        form.add_row(_("Internal price"), self.price, _("Per unit and use; empty charges nothing."))
        form.add_row(_("Kept at"), self.location)
        self.body.addWidget(form)
        self.check = self._save

    def _save(self) -> None:
        draft = StockDraft(
            self.name.text(),
            self.quantity.require(),
            self.spec.text(),
            self.unit.text(),
            self.price.require() or 0,
            self.location.text(),
        )
        self.added = stock.add_item(self._context.session, draft)


class TakeDialog(BaseDialog):
    """Asks for whom, how much and when; says what is free on those days."""

    def __init__(self, context: AppContext, item: StockItem, parent: QWidget | None) -> None:
        super().__init__(_("Set material aside"), parent, accept_text=_("Set aside"), width=480)
        self._context = context
        self._item = item
        self.taken: StockUse | None = None
        session = context.session
        self.project = ChoiceBox()
        for one in projects.all_projects(session):
            if one.status is ProjectStatus.ACTIVE:
                self.project.add(f"{one.number} {one.name}", one.id)
        self.line = ChoiceBox()
        self.quantity = quantity_edit()
        self.quantity.set_value(min(1000, max(item.quantity, 1)))
        self.first = DateEdit(today=session.today)
        self.last = DateEdit(today=session.today)
        self.price = MoneyEdit()
        self.price.set_fen(item.internal_price)
        self.free = secondary_label(wrap=True)
        self.body.addWidget(secondary_label(f"{item.name[:80]} {item.spec[:80]}".strip(), wrap=True))
        form = FormGrid()
        form.add_row(_("Project"), self.project)
        form.add_row(_("Budget line"), self.line)
        form.add_row(_("Quantity"), self.quantity)
        form.add_row(_("From"), self.first)
        form.add_row(_("Until"), self.last)
        form.add_row(_("Price"), self.price)
        form.add_wide(self.free)
        self.body.addWidget(form)
        if context.project_id in self.project.values():
            self.project.select(context.project_id)
        self.project.currentIndexChanged.connect(lambda _at: self._fill_lines())
        for field in (self.first, self.last):
            field.date_changed.connect(self._say_free)
        self._fill_lines()
        self._say_free()
        self.check = self._save

    def _fill_lines(self) -> None:
        self.line.clear_choices()
        project_id: EntityId | None = self.project.value()
        if project_id is None:
            return
        for row in load_budget(self._context.session, project_id).lines:
            if not row.has_children:
                self.line.add(row.line.name, row.line.id)
        day = projects.project(self._context.session, project_id).key_on
        self.first.set_date(day)
        self.last.set_date(day)
        self._say_free()

    @Slot()
    def _say_free(self) -> None:
        free = stock.free_between(self._context.session, self._item.id, self.first.date(), self.last.date())
        self.free.setText(
            _("Free on these days: {quantity}").format(quantity=quantity_text(max(0, free), self._item.unit))
        )

    def _save(self) -> None:
        line_id = self.line.value()
        if line_id is None:
            raise InputError(_("Choose a budget line."), _("Material is charged to a line of a project's budget."))
        self.taken = stock.take(
            self._context.session,
            line_id,
            self._item.id,
            self.quantity.require(),
            self.first.require(),
            self.last.require(),
            self.price.require() or 0,
        )
