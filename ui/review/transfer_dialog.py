"""Handing a seat on in the name of whoever holds it or wrote the plan (转交)."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.people import department_label
from qihua_desktop.domain.review_rules import SeatStatus
from qihua_desktop.i18n import _
from qihua_desktop.services import review
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.widgets import FormGrid, secondary_label

from .sign_card import fill_successors
from .state import ReviewState


class TransferDialog(BaseDialog):
    """Asks who takes the seat, why, and for the PIN of who hands it on."""

    def __init__(self, context: AppContext, state: ReviewState, status: SeatStatus, parent: QWidget | None) -> None:
        super().__init__(_("Hand on a seat"), parent, accept_text=_("Hand on"))
        self._context = context
        self._seat_id = status.seat.id
        name = state.name(status.seat.person_id)
        words = _("{department} {person} gives up this seat for good and can no longer decide on it.")
        department = department_label(status.seat.department)
        self.body.addWidget(secondary_label(words.format(department=department, person=name), wrap=True))
        self.successor = QComboBox()
        fill_successors(self.successor, context, state)
        self.why = QLineEdit()
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(12)
        form = FormGrid()
        form.add_row(_("New holder"), self.successor)
        form.add_row(_("Reason"), self.why)
        actor = state.actor.name if state.actor else ""
        form.add_row(_("PIN of {person}").format(person=actor), self.pin)
        self.body.addWidget(form)
        self.check = self._hand_on

    def _hand_on(self) -> None:
        person_id = self.successor.currentData()
        if person_id is None:
            raise InputError(_("Choose who takes the seat."))
        review.transfer_seat(self._context.session, self._seat_id, person_id, self.why.text(), self.pin.text())
