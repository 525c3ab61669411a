"""A project's details: name, owner, day, goal, venue, programme."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import role_label
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.i18n import _
from qihua_desktop.services import people, plan, projects, strategy
from ui.common.choice_box import ChoiceBox, at_left
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.fields import DateEdit, TextArea
from ui.common.widgets import FormGrid, Segment, SegmentedControl


class ProjectDialog(BaseDialog):
    """Changes a project; another key date plans its tasks anew."""

    def __init__(self, context: AppContext, project_id: EntityId, parent: QWidget | None) -> None:
        super().__init__(_("Project details"), parent, accept_text=_("Save"), width=560)
        self._context = context
        session = context.session
        self.project = projects.project(session, project_id)
        self.name = QLineEdit(self.project.name)
        self.name.setMaxLength(10_000)
        self.owner = ChoiceBox()
        self.owner.add(_("Nobody yet"), None)
        for person in people.list_people(session):
            self.owner.add(f"{person.name} · {person.title or role_label(person.role)}", person.id)
        self.owner.select(self.project.owner_id)
        self.direction = SegmentedControl(
            (
                Segment(ScheduleDirection.BACKWARD.value, _("Backward from the event day")),
                Segment(ScheduleDirection.FORWARD.value, _("Forward from a start")),
            ),
            accessible_name=_("Direction"),
            current=self.project.direction.value,
        )
        self.day = DateEdit(required=True, today=session.today)
        self.day.set_date(self.project.key_on)
        self.goal = TextArea(lines=4)
        self.goal.set_text(self.project.goal)
        self.venue = QLineEdit(self.project.venue)
        self.programme = ChoiceBox()
        self.programme.add(_("No programme"), None)
        for branch in strategy.strategy_tree(session):
            for twig in branch.programmes:
                self.programme.add(f"{branch.strategy.name} / {twig.programme.name}", twig.programme.id)
        self.programme.select(self.project.programme_id)
        form = FormGrid()
        form.add_row(_("Project name"), self.name)
        form.add_row(_("Owner"), self.owner)
        form.add_row(_("Direction"), at_left(self.direction))
        form.add_row(_("Key date"), self.day, _("Another date or direction plans all tasks anew."))
        form.add_row(_("Goal"), self.goal)
        form.add_row(_("Venue"), self.venue)
        form.add_row(_("Programme"), self.programme)
        self.body.addWidget(form)
        self.check = self._save
        self.name.setFocus()

    def _save(self) -> None:
        session, project = self._context.session, self.project
        self.day.commit()
        day = self.day.require()
        if day is None:
            raise InputError(_("Enter the key date."))
        wanted: dict[str, Any] = {
            "name": self.name.text().strip(),
            "owner_id": self.owner.value(),
            "goal": self.goal.text(),
            "venue": self.venue.text().strip(),
            "programme_id": self.programme.value(),
        }
        changed = {key: value for key, value in wanted.items() if value != getattr(project, key)}
        direction = ScheduleDirection(self.direction.current_key())
        if changed:
            projects.update_project(session, project.id, **changed)
        if (day, direction) != (project.key_on, project.direction):
            plan.set_key_date(session, project.id, day, direction)
