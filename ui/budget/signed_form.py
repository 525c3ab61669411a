"""A form that a named person signs with a reason and their PIN."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Person
from qihua_desktop.i18n import _
from ui.common.dialog_base import BaseDialog
from ui.common.fields import TextArea
from ui.common.theme import Role
from ui.common.widgets import FormGrid, PlainLabel

_LONGEST_REASON = 2_000


class SignedForm(BaseDialog):
    """Who, why and the PIN; ``able`` are those who may sign, ``nobody`` is said when there are none."""

    def __init__(
        self, title: str, parent: QWidget | None, able: Sequence[Person], *, accept_text: str, nobody: str,
        reason_label: str = "",
    ) -> None:  # fmt: skip
        super().__init__(title, parent, accept_text=accept_text)
        self._able = tuple(able)
        self.form = FormGrid()
        self.person = QComboBox()
        for person in self._able:
            self.person.addItem(person.name[:60])
        self.reason = TextArea()
        self.reason.setFixedHeight(76)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(12)
        self.form.add_row(_("Signed by"), self.person)
        self.form.add_row(reason_label or _("Reason"), self.reason)
        self.form.add_row(_("PIN"), self.pin)
        self.body.addWidget(self.form)
        if not self._able:
            self.body.addWidget(PlainLabel(nobody, wrap=True, role=Role.WARN))
            self.accept_button.setEnabled(False)

    def person_id(self) -> EntityId:
        """Return who signs. Raises InputError while nobody can."""
        at = self.person.currentIndex()
        if not 0 <= at < len(self._able):
            raise InputError(_("Choose who signs."))
        return self._able[at].id
