"""The new-project wizard: kind → template → key date → owner → goal and budget."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.domain.formatting import date_long
from qihua_desktop.domain.money import capital_amount
from qihua_desktop.domain.people import Department, role_label
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.project import Project, ProjectKind, kind_label
from qihua_desktop.i18n import N_, _, ngettext
from qihua_desktop.services import people, project_copy, projects, strategy, templates
from qihua_desktop.services.projects import NewProject
from qihua_desktop.services.templates import TemplateInfo
from ui.common.choice_box import ChoiceBox
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.fields import DateEdit, MoneyEdit, TextArea
from ui.common.theme import SPACE_2, SPACE_3, SPACE_4, Role
from ui.common.widgets import (
    Banner,
    FormGrid,
    PlainLabel,
    Segment,
    SegmentedControl,
    Separator,
    Tone,
    button,
    muted_label,
    secondary_label,
)

from .choice_card import ChoiceCard
from .stage_preview import StagePreviewView

_STEPS = (N_("Kind and name"), N_("Template"), N_("Key date"), N_("Owner"), N_("Goal and budget"))
_KINDS = (
    (ProjectKind.EVENT, "calendar-check", Role.EVENT, N_("A day with guests: planned backward from the event day.")),
    (ProjectKind.BRAND, "megaphone", Role.BRAND, N_("A brand plan: from research to content, channels and review.")),
    (ProjectKind.RESEARCH, "chart-column", Role.RESEARCH, N_("A survey and interviews that end in a report.")),
)
_FIRST_EVENT = timedelta(days=45)


class ProjectWizard(BaseDialog):
    """Asks step by step; Enter goes on, Alt+Left goes back."""

    def __init__(self, context: AppContext, parent: QWidget | None, *, template: TemplateInfo | None = None) -> None:
        super().__init__(_("New project"), parent, accept_text=_("Next"), width=760)
        self._context = context
        self._preset = template
        self.created: Project | None = None
        self.setMinimumSize(640, 430)
        self.resize(780, 540)
        self.heading = PlainLabel("", size=16, bold=True)
        self.explanation = secondary_label("", wrap=True)
        self.steps = PlainLabel("", role=Role.MUTED, size=12)
        self.pages = QStackedWidget()
        for page in (
            self._kind_page(),
            self._template_page(),
            self._date_page(),
            self._owner_page(),
            self._goal_page(),
        ):
            self.pages.addWidget(page)
        self.body.addWidget(self.steps)
        self.body.addWidget(self.heading)
        self.body.addWidget(self.explanation)
        self.body.addWidget(Separator())
        self.body.addSpacing(SPACE_2)
        self.body.addWidget(self.pages, 1)
        self.back_button = button(_("Back"), self.go_back, icon_name="arrow-left")
        self.buttons.insertWidget(0, self.back_button)
        self._fill_people()
        if template is not None:
            self._kinds[template.kind].setChecked(True)
        self.show_step(0)

    @property
    def step(self) -> int:
        """The number of the step shown, from 0."""
        return self.pages.currentIndex()

    def show_step(self, number: int) -> None:
        """Show a step and put the focus into its first field."""
        self.set_problem("")
        self.pages.setCurrentIndex(number)
        last = number == len(_STEPS) - 1
        self.steps.setText(_("Step {number} of {total}").format(number=number + 1, total=len(_STEPS)))
        self.heading.setText(_(_STEPS[number]))
        self.accept_button.setText(_("Create project") if last else _("Next"))
        self.accept_button.setAccessibleName(self.accept_button.text())
        self.back_button.setEnabled(number > 0)
        explain = (self._show_kind, self._show_templates, self._show_dates, self._show_owner, self._show_goal)
        explain[number]()

    def go_back(self) -> None:
        """Show the step before."""
        if self.step > 0:
            self.show_step(self.step - 1)

    def new_project(self) -> NewProject:
        """Return what was entered so far. Raises InputError."""
        day = self.day.date()
        if day is None:
            raise InputError(_("Enter the key date."), self.day.error_text())
        budget = self.budget.fen()
        return NewProject(
            self.name.text().strip() or _("New project"),
            self._kind(),
            self._template_key(),
            ScheduleDirection(self.direction.current_key()),
            day,
            self.owner.value(),
            self.goal.text(),
            budget or 0,
            self.venue.text(),
            self.programme.value(),
        )

    def accept(self) -> None:
        """Go on, or make the project in the last step."""
        try:
            self._check_step()
            if self.step < len(_STEPS) - 1:
                self.show_step(self.step + 1)
                return
            self.created = projects.create_project(self._context.session, self.new_project())
        except QihuaError as error:
            self.set_problem(f"{error.message} {error.advice}".strip())
            return
        super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.go_back()
            return
        super().keyPressEvent(event)

    def _check_step(self) -> None:
        if self.step == 0 and not self.name.text().strip():
            self.name.setFocus()
            raise InputError(_("Give the project a name."))
        if self.step == 1:
            self._template_key()
        if self.step == 2:
            self.day.commit()
            self.day.require()
            projects.preview_template(self._context.session, self.new_project())
        if self.step == len(_STEPS) - 1:
            self.budget.commit()
            if not self.budget.is_valid():
                self.budget.setFocus()
                raise InputError(self.budget.error_text())

    # --- the steps ---

    def _kind_page(self) -> QWidget:
        page, column = _page()
        self.name = QLineEdit()
        self.name.setMaxLength(10_000)
        self.name.setPlaceholderText(_("For example: autumn pop-up store"))
        form = FormGrid(labels_above=True)
        form.add_row(_("Project name"), self.name)
        column.addWidget(form)
        column.addSpacing(SPACE_2)
        column.addWidget(muted_label(_("Kind of project")))
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        holder = QWidget()
        holder.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self._kinds: dict[ProjectKind, ChoiceCard] = {}
        for kind, icon, role, text in _KINDS:
            card = ChoiceCard(icon, kind_label(kind), _(text), role)
            card.toggled.connect(lambda _checked: self._on_kind_changed())
            self._kinds[kind] = card
            row.addWidget(card, 1)
        column.addWidget(holder)
        column.addStretch(1)
        return page

    def _template_page(self) -> QWidget:
        page, column = _page()
        self.template_list = QListWidget()
        self.template_list.setAccessibleName(_("Template"))
        self.template_list.currentRowChanged.connect(lambda _row: self._show_template())
        self.template_list.itemDoubleClicked.connect(lambda _item: self.accept())
        self.template_text = secondary_label("", wrap=True)
        self.template_stages = muted_label("", wrap=True)
        column.addWidget(self.template_list, 1)
        column.addWidget(self.template_text)
        column.addWidget(self.template_stages)
        return page

    def _date_page(self) -> QWidget:
        page, column = _page()
        self.direction = SegmentedControl(
            (
                Segment(ScheduleDirection.BACKWARD.value, _("Backward from the event day")),
                Segment(ScheduleDirection.FORWARD.value, _("Forward from a start")),
            ),
            accessible_name=_("Direction"),
        )
        self.direction.current_changed.connect(lambda _key: self._show_preview())
        self.day = DateEdit(required=True, today=self._context.session.today)
        self.day.setAccessibleName(_("Key date"))
        self.day.date_changed.connect(lambda _day: self._show_preview())
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        row.addWidget(self.direction)
        row.addWidget(self.day)
        row.addStretch(1)
        column.addLayout(row)
        self.span = secondary_label("")
        self.warnings = Banner(tone=Tone.WARN)
        self.preview = StagePreviewView()
        column.addWidget(self.span)
        column.addWidget(self.warnings)
        column.addWidget(self.preview)
        column.addStretch(1)
        return page

    def _owner_page(self) -> QWidget:
        page, column = _page()
        self.owner = ChoiceBox()
        self.programme = ChoiceBox()
        self.venue = QLineEdit()
        self.venue.setMaxLength(10_000)
        form = FormGrid()
        form.add_row(_("Owner"), self.owner, _("Tasks of the owner's role are given to this person."))
        form.add_row(_("Programme"), self.programme)
        form.add_row(_("Venue"), self.venue)
        column.addWidget(form)
        column.addStretch(1)
        return page

    def _goal_page(self) -> QWidget:
        page, column = _page()
        self.goal = TextArea(lines=4, placeholder=_("One core goal, with a figure if there is one."))
        self.goal.setMaximumHeight(110)
        self.budget = MoneyEdit()
        self.budget.setMaximumWidth(220)
        self.budget.fen_changed.connect(lambda _fen: self._show_capitals())
        self.capitals = muted_label("")
        form = FormGrid()
        form.add_row(_("Goal"), self.goal)
        form.add_row(
            _("Budget (yuan)"),
            self.budget,
            _("Split over the template's categories; every share can be changed later."),
        )
        column.addWidget(form)
        column.addWidget(self.capitals)
        self.recap = secondary_label("", wrap=True)
        column.addSpacing(SPACE_4)
        column.addWidget(self.recap)
        column.addStretch(1)
        return page

    # --- filling them ---

    def _show_kind(self) -> None:
        self.explanation.setText(_("The kind decides which workflow the project follows."))
        if not any(card.isChecked() for card in self._kinds.values()):
            self._kinds[ProjectKind.EVENT].setChecked(True)
        self.name.setFocus()

    def _show_templates(self) -> None:
        self.explanation.setText(_("The template brings stages, tasks, budget categories, documents and risks."))
        session = self._context.session
        built = templates.list_templates(session, self._kind())
        found = (*built, *project_copy.past_projects(session, self._kind()))
        current = [item.data(Qt.ItemDataRole.UserRole) for item in _items(self.template_list)]
        if current != [one.key for one in found]:
            self.template_list.clear()
            for one in found:
                stages = ngettext("{count} stage", "{count} stages", one.stages).format(count=one.stages)
                tasks = ngettext("{count} task", "{count} tasks", one.tasks).format(count=one.tasks)
                past = project_copy.is_project_key(one.key)
                name = _("From the project “{name}”").format(name=one.name[:200]) if past else one.name
                item = QListWidgetItem(f"{name}    {stages} · {tasks}")
                item.setData(Qt.ItemDataRole.UserRole, one.key)
                item.setData(Qt.ItemDataRole.UserRole + 1, one.description)
                self.template_list.addItem(item)
            keys = [one.key for one in found]
            wanted = self._preset.key if self._preset is not None else ""
            self.template_list.setCurrentRow(keys.index(wanted) if wanted in keys else 0)
        self.template_list.setFocus()

    def _show_template(self) -> None:
        item = self.template_list.currentItem()
        if item is None:
            return
        self.template_text.setText(item.data(Qt.ItemDataRole.UserRole + 1))
        session, key = self._context.session, item.data(Qt.ItemDataRole.UserRole)
        past = project_copy.is_project_key(key)
        workflow = project_copy.past_workflow(session, key) if past else templates.load_template(session, key)
        names = [f"{at} {stage.name}" for at, stage in enumerate(workflow.stages, 1)]
        self.template_stages.setText("   →   ".join(names))
        self.direction.set_current(workflow.direction.value)

    def _show_dates(self) -> None:
        self.explanation.setText(_("All stages are laid on working days, holidays and moved working days included."))
        if self.day.date() is None:
            today = self._context.session.today()
            backward = self.direction.current_key() == ScheduleDirection.BACKWARD
            self.day.set_date(today + _FIRST_EVENT if backward else today)
        self._show_preview()
        self.day.setFocus()
        self.day.selectAll()

    def _show_owner(self) -> None:
        self.explanation.setText(_("The owner answers for the project and its stages of the owner's role."))
        self.owner.setFocus()

    def _show_goal(self) -> None:
        self.explanation.setText(_("Both can be changed later; the budget begins as a draft."))
        day = self.day.date()
        parts = [
            self.name.text().strip(),
            kind_label(self._kind()),
            self.template_list.currentItem().text().split("    ")[0],
            date_long(day) if day else "",
            self.owner.currentText(),
        ]
        self.recap.setText(" · ".join(part for part in parts if part))
        self.goal.setFocus()

    def _show_preview(self) -> None:
        session = self._context.session
        self.set_problem("")
        if self.step != 2 or self.day.date() is None:
            return
        try:
            preview = projects.preview_template(session, self.new_project())
        except QihuaError as error:
            self.preview.show_preview(None, session.today(), None)
            self.warnings.show_message(f"{error.message} {error.advice}".strip(), Tone.BAD)
            self.span.setText("")
            return
        self.preview.show_preview(preview, session.today(), self.day.date())
        self.span.setText(
            _("From {start} to {finish}").format(start=date_long(preview.start), finish=date_long(preview.finish))
        )
        self.warnings.show_message("\n".join(preview.warnings), Tone.WARN)

    def _show_capitals(self) -> None:
        fen = self.budget.fen()
        try:
            self.capitals.setText(capital_amount(fen, prefix=True) if fen else "")
        except QihuaError as error:
            self.capitals.setText(error.message)

    def _fill_people(self) -> None:
        session = self._context.session
        actor = session.actor
        self.owner.add(_("Nobody yet"), None)
        for person in people.list_people(session):
            if person.department is Department.PLANNING:
                self.owner.add(f"{person.name} · {person.title or role_label(person.role)}", person.id)
        if actor is not None:
            self.owner.select(actor.id)
        self.programme.add(_("No programme"), None)
        for branch in strategy.strategy_tree(session):
            for twig in branch.programmes:
                self.programme.add(f"{branch.strategy.name} / {twig.programme.name}", twig.programme.id)

    def _kind(self) -> ProjectKind:
        return next(kind for kind, card in self._kinds.items() if card.isChecked())

    def _template_key(self) -> str:
        item = self.template_list.currentItem()
        if item is None:
            raise InputError(_("Choose a template."))
        key: Any = item.data(Qt.ItemDataRole.UserRole)
        return str(key)

    @Slot()
    def _on_kind_changed(self) -> None:
        if hasattr(self, "template_list"):
            self.template_list.clear()


def _items(listing: QListWidget) -> list[QListWidgetItem]:
    return [listing.item(at) for at in range(listing.count())]


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_2)
    return page, column
