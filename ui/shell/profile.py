"""The menu of the people who may work on this laptop."""

from __future__ import annotations

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from qihua_desktop.domain.people import Person, role_label
from qihua_desktop.i18n import _
from qihua_desktop.services import people
from ui.common.context import AppContext
from ui.common.icons import set_icon
from ui.common.labels import literal


class ProfileMenu(QMenu):
    """Switches who works now; whoever signs still needs the PIN."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(_("Switch profile"), parent)
        self._context = context
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List the profiles anew."""
        self.clear()
        group = QActionGroup(self)
        actor = self._context.session.actor
        for person in people.profiles(self._context.session):
            action = self.addAction(literal(f"{person.name}  ·  {person.title or role_label(person.role)}"))
            action.setCheckable(True)
            action.setChecked(actor is not None and actor.id == person.id)
            action.triggered.connect(lambda _checked=False, person=person: self._choose(person))
            group.addAction(action)
        self.addSeparator()
        if actor is not None:
            change = self.addAction(_("Set or change my PIN…"))
            set_icon(change, "key-round")
            change.triggered.connect(lambda: self._change_pin(actor))
        manage = self.addAction(_("People and profiles…"))
        set_icon(manage, "users")
        manage.triggered.connect(lambda: self._context.page_requested.emit("people", None))

    def open_above(self, widget: QWidget) -> None:
        """Open the menu over a widget at the bottom of the window."""
        self.fill()
        corner = widget.mapToGlobal(widget.rect().topLeft())
        corner.setY(corner.y() - self.sizeHint().height() - 4)
        self.popup(corner)

    def _choose(self, person: Person) -> None:
        self._context.choose_actor(person)
        self._context.notice_posted.emit(_("“{person}” works now.").format(person=person.name))

    def _change_pin(self, person: Person) -> None:
        from .pin_dialog import change_pin

        change_pin(self._context, person, self.parentWidget())
