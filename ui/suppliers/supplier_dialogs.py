"""Adding a supplier, and making two entries of the same company one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import Supplier
from qihua_desktop.i18n import _
from qihua_desktop.services import suppliers
from qihua_desktop.services.suppliers import SupplierDraft
from ui.common.choice_box import ChoiceBox
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.widgets import FormGrid, secondary_label


class SupplierDialog(BaseDialog):
    """Asks for a new supplier."""

    def __init__(self, context: AppContext, categories: Sequence[str], parent: QWidget | None) -> None:
        super().__init__(_("Add supplier"), parent, accept_text=_("Add"), width=480)
        self._context = context
        self.added: Supplier | None = None
        self.name = QLineEdit()
        self.category = QComboBox()
        self.category.setEditable(True)
        self.category.addItem("")
        self.category.addItems([" ".join(one[:60].split()) for one in categories])
        self.tax_id = QLineEdit()
        self.contact = QLineEdit()
        self.phone = QLineEdit()
        self.email = QLineEdit()
        self.bank = QLineEdit()
        self.account = QLineEdit()
        form = FormGrid()
        form.add_row(_("Supplier"), self.name)
        form.add_row(_("Trade"), self.category)
        form.add_row(_("Tax number"), self.tax_id)
        form.add_row(_("Contact"), self.contact)
        form.add_row(_("Phone"), self.phone)
        form.add_row(_("E-mail"), self.email)
        form.add_row(_("Bank"), self.bank)
        form.add_row(_("Account number"), self.account)
        self.body.addWidget(form)
        self.check = self._save

    def _save(self) -> None:
        draft = SupplierDraft(
            self.name.text(),
            self.tax_id.text(),
            self.category.currentText(),
            self.contact.text(),
            self.phone.text(),
            self.email.text(),
            self.bank.text(),
            self.account.text(),
        )
        self.added = suppliers.add_supplier(self._context.session, draft)


class MergeDialog(BaseDialog):
    """Asks which of two entries stays; everything refers to it afterwards."""

    def __init__(self, context: AppContext, pair: tuple[Supplier, Supplier], parent: QWidget | None) -> None:
        super().__init__(_("Merge two suppliers"), parent, accept_text=_("Merge"))
        self._context = context
        self._pair = pair
        self.kept_id: EntityId | None = None
        self.body.addWidget(
            secondary_label(
                _(
                    "Quotes, contracts, invoices and budget lines of both will belong to the one that stays. Its empty "
                    "fields are filled from the other. Undo takes it back."
                ),
                wrap=True,
            )
        )
        self.kept = ChoiceBox()
        for one in pair:
            self.kept.add(f"{one.name}  {one.tax_id}".strip(), one.id)
        form = FormGrid()
        form.add_row(_("This one stays"), self.kept)
        self.body.addWidget(form)
        self.check = self._merge

    def _merge(self) -> None:
        kept = self.kept.value()
        other = next(one.id for one in self._pair if one.id != kept)
        suppliers.merge_suppliers(self._context.session, kept, other)
        self.kept_id = kept
