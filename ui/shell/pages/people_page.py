"""People, departments and roles; who has a profile on this laptop and a PIN for signing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu, QVBoxLayout, QWidget

from qihua_desktop.domain.people import Department, Person, Role, department_label, role_label
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import people
from qihua_desktop.services.people import PersonDraft
from ui.common import dialogs
from ui.common.choice_box import ChoiceBox
from ui.common.columns import CellKind, Column
from ui.common.context import AppContext
from ui.common.delegates import ChoiceDelegate, TextDelegate
from ui.common.dialog_base import BaseDialog
from ui.common.models import RowsModel, SortFilterModel
from ui.common.page import Page
from ui.common.tables import DataTable
from ui.common.widgets import Card, FormGrid, SearchField, Tone, Toolbar, button, muted_label, primary_button

from ..pin_dialog import change_pin


class PeoplePage(Page):
    """Everybody plans and reviews name; edited in place."""

    key = "people"
    icon = "users"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._editable = not context.session.workspace.read_only
        self.model = RowsModel(self._columns(), lambda person: person.id, on_edit=self._on_edit, parent=self)
        self.proxy = SortFilterModel(self.model, self)
        self.table = DataTable(
            self.proxy, key="people", state=context.view_state, row_height=36, accessible_name=_("People")
        )
        self.table.set_delegate("name", TextDelegate(may_be_empty=False))
        self.table.set_delegate(
            "department", ChoiceDelegate(lambda _row: [(one, department_label(one)) for one in Department])
        )
        self.table.set_delegate("role", ChoiceDelegate(lambda _row: [(one, role_label(one)) for one in Role]))
        self.table.set_placeholder(_("Add the people of the department and those who review its plans."))
        self.table.context_requested.connect(self._on_context_requested)
        self.table.selection_changed.connect(self._on_selection_changed)
        self.count = muted_label()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._toolbar())
        holder = QVBoxLayout()
        holder.setContentsMargins(20, 16, 20, 16)
        card = Card(padded=False)
        card.add(self.table, 1)
        holder.addWidget(card)
        layout.addLayout(holder, 1)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("People")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to people."""
        return any(table == "person" for table, _row in changed)

    def reload(self) -> None:
        """Fetch the people anew."""
        rows = people.list_people(self.context.session)
        self.model.set_rows(rows)
        self.count.setText(ngettext("{count} person", "{count} people", len(rows)).format(count=len(rows)))
        self._on_selection_changed(self.table.selected_rows())

    def reveal(self, person_id: bytes) -> None:
        """Select a person."""
        self.search.clear()
        self.table.select_identity(person_id)

    def add_person(self) -> None:
        """Ask for a new person."""
        dialog = PersonDialog(self.context, self)
        if dialogs.run_form(dialog) and dialog.added is not None:
            self.table.select_identity(dialog.added.id)

    def remove_selected(self) -> None:
        """Take the selected people out of the lists."""
        chosen = self.table.selected_rows()
        if not chosen:
            return
        names = _(", ").join(person.name for person in chosen)
        agreed = dialogs.confirm(
            self,
            _("Remove {names}?").format(names=names),
            advice=_(
                "Who has signed or written something stays readable in reviews and history. Undo brings them back."
            ),
            action=_("Remove"),
            danger=True,
        )
        if agreed:
            for person in chosen:
                self.context.attempt(lambda person=person: people.remove_person(self.context.session, person.id), self)
            self.context.actor_changed.emit(self.context.session.actor)

    def set_pin(self) -> None:
        """Set or change the PIN of the selected person."""
        chosen = self.table.selected_rows()
        if chosen:
            change_pin(self.context, chosen[0], self)

    def work_as(self) -> None:
        """Make the selected person the one who works now."""
        chosen = self.table.selected_rows()
        if chosen and chosen[0].has_profile:
            self.context.choose_actor(chosen[0])

    def _toolbar(self) -> Toolbar:
        self.search = SearchField(_("Find a person"))
        self.search.setFixedWidth(220)
        self.search.searched.connect(self.proxy.set_search)
        self.pin_button = button(_("Set PIN…"), self.set_pin, icon_name="key-round")
        self.work_button = button(_("Work as this person"), self.work_as, icon_name="user-check")
        self.remove_button = button(_("Remove"), self.remove_selected, icon_name="trash-2")
        add = primary_button(_("Add person"), self.add_person, icon_name="user-plus")
        add.setEnabled(self._editable)
        bar = Toolbar()
        bar.add(self.search, self.work_button, self.pin_button, self.remove_button)
        bar.add_stretch()
        bar.add(self.count, add)
        return bar

    def _on_edit(self, person: Person, column: str, value: Any) -> bool:
        session = self.context.session
        done = self.context.attempt(
            lambda: people.update_person(session, person.id, **{column: "" if value is None else value}), self
        )
        if done and session.actor is not None and session.actor.id == person.id:
            self.context.actor_changed.emit(session.actor)
        return done

    @Slot(object)
    def _on_selection_changed(self, chosen: tuple[Person, ...]) -> None:
        one = len(chosen) == 1
        self.pin_button.setEnabled(one and self._editable)
        self.work_button.setEnabled(one and chosen[0].has_profile if one else False)
        self.remove_button.setEnabled(bool(chosen) and self._editable)

    @Slot(object, QPoint)
    def _on_context_requested(self, person: Person | None, place: QPoint) -> None:
        if person is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for source in (self.work_button, self.pin_button, self.remove_button):
            action = menu.addAction(source.text())
            action.setEnabled(source.isEnabled())
            action.triggered.connect(lambda _checked=False, source=source: source.click())
        menu.popup(place)

    def _columns(self) -> tuple[Column[Person], ...]:
        def may_edit(_person: Person) -> bool:
            return self._editable

        def is_me(person: Person) -> bool:
            actor = self.context.session.actor
            return actor is not None and actor.id == person.id

        return (
            Column("name", _("Name"), lambda one: one.name, width=130, editable=may_edit, bold=lambda one: True,
                   text=lambda one: _("{name} (me)").format(name=one.name) if is_me(one) else one.name),
            Column("department", _("Department"), lambda one: one.department, width=110,
                   text=lambda one: department_label(one.department), editable=may_edit,
                   sort=lambda one: department_label(one.department)),
            Column("role", _("Role"), lambda one: one.role, text=lambda one: role_label(one.role), width=150,
                   sort=lambda one: role_label(one.role), editable=may_edit),
            Column("title", _("Job title"), lambda one: one.title, width=140, stretch=True, editable=may_edit),
            Column("phone", _("Phone"), lambda one: one.phone, width=130, editable=may_edit),
            Column("email", _("E-mail"), lambda one: one.email, width=190, editable=may_edit),
            Column("has_profile", _("Uses this laptop"), lambda one: one.has_profile, CellKind.CHECK, width=84,
                   editable=may_edit),
            Column("pin", _("Sign-off PIN"), people.has_pin, CellKind.CHIP, width=110,
                   text=lambda one: _("Set") if people.has_pin(one) else _("None") if one.has_profile else "",
                   tone=lambda one: Tone.OK if people.has_pin(one) else Tone.NEUTRAL),
        )  # fmt: skip


class PersonDialog(BaseDialog):
    """Asks for a new person."""

    def __init__(self, context: AppContext, parent: QWidget | None) -> None:
        super().__init__(_("Add person"), parent, accept_text=_("Add"))
        self._context = context
        self.added: Person | None = None
        self.name = QLineEdit()
        self.department = ChoiceBox()
        for department in Department:
            self.department.add(department_label(department), department)
        self.role = ChoiceBox()
        for role in Role:
            self.role.add(role_label(role), role)
        self.role.select(Role.SPECIALIST_EVENT)
        self.department.currentIndexChanged.connect(self._on_department_changed)
        self.job = QLineEdit()
        self.phone = QLineEdit()
        self.email = QLineEdit()
        self.profile = QCheckBox(_("May work on this laptop (has a profile)"))
        self.profile.setChecked(True)
        form = FormGrid()
        form.add_row(_("Name"), self.name)
        form.add_row(_("Department"), self.department)
        form.add_row(_("Role"), self.role)
        form.add_row(_("Job title"), self.job)
        form.add_row(_("Phone"), self.phone)
        form.add_row(_("E-mail"), self.email)
        form.add_wide(self.profile)
        self.body.addWidget(form)
        self.check = self._save

    def _on_department_changed(self) -> None:
        if self.department.value() is not Department.PLANNING:
            self.role.select(Role.REVIEWER)

    def _save(self) -> None:
        draft = PersonDraft(
            self.name.text(),
            self.department.value(),
            self.role.value(),
            self.job.text(),
            self.phone.text(),
            self.email.text(),
            self.profile.isChecked(),
        )
        self.added = people.add_person(self._context.session, draft)
