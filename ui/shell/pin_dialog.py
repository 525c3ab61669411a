"""Setting and changing a person's sign-off PIN."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.people import Person
from qihua_desktop.i18n import _
from qihua_desktop.services import people
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.widgets import FormGrid, secondary_label


class PinDialog(BaseDialog):
    """Asks for the old PIN where there is one, or for that of somebody who vouches, and twice for the new one."""

    def __init__(self, context: AppContext, person: Person, parent: QWidget | None) -> None:
        has_pin = people.has_pin(person)
        title = _("Change the PIN of {name}") if has_pin else _("Set a PIN for {name}")
        super().__init__(title.format(name=person.name), parent, accept_text=_("Save PIN"))
        self._context = context
        self._person = person
        self.body.addWidget(
            secondary_label(
                _("The PIN confirms sign-offs. It has 4 to 12 digits and is stored so that nobody can read it."),
                wrap=True,
            )
        )
        form = FormGrid()
        self.old = _pin_field() if has_pin else None
        self.new = _pin_field()
        self.again = _pin_field()
        self._vouchers = people.vouchers(context.session, person.id) if has_pin else ()
        self.confirmed_by = QComboBox()
        self.confirmed_by.addItem(_("Their present PIN"))
        for voucher in self._vouchers:
            self.confirmed_by.addItem(_("Forgotten: {name} vouches").format(name=voucher.name[:40]))
        if self.old is not None:
            if self._vouchers:
                form.add_row(_("Confirm with"), self.confirmed_by)
            form.add_row(_("PIN for that"), self.old)
        form.add_row(_("New PIN"), self.new)
        form.add_row(_("New PIN again"), self.again)
        self.body.addWidget(form)
        self.check = self._save

    def _save(self) -> None:
        if self.new.text() != self.again.text():
            raise InputError(_("The two PINs differ."), _("Type the new PIN again."))
        session, new = self._context.session, self.new.text()
        given = self.old.text() if self.old is not None else None
        chosen = self.confirmed_by.currentIndex()
        if chosen > 0 and given is not None:
            people.reset_pin(session, self._person.id, new, self._vouchers[chosen - 1].id, given)
        else:
            people.set_pin(session, self._person.id, new, given)


def change_pin(context: AppContext, person: Person, parent: QWidget | None) -> bool:
    """Run the dialog."""
    changed = dialogs.run_form(PinDialog(context, person, parent))
    if changed:
        context.notice_posted.emit(_("The PIN of “{person}” is set.").format(person=person.name))
    return changed


def _pin_field() -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setMaxLength(12)
    return field
