"""The Survey window: questions at the left, the selected one with the checks in the middle, the map at the right."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.survey_rules import CheckReport, Weight
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import survey
from qihua_desktop.services.survey import SurveyView
from ui.common.context import AppContext
from ui.common.layouts import SplitterMemory
from ui.common.page import Page
from ui.common.theme import SPACE_3, SPACE_5
from ui.common.widgets import Banner, Card, Chip, EmptyState, Tone, button, icon_button, menu_button

from .checks_card import ChecksCard
from .commands import SurveyCommands
from .cover_editor import CoverEditor
from .flow_view import FlowView
from .question_editor import QuestionEditor
from .question_list import QuestionList, question_rows
from .runner_window import RunnerWindow
from .survey_bar import SurveyBar

_TABLES = frozenset({"survey", "question", "option", "jump", "project"})


class SurveyPage(Page):
    """Designs the questionnaires of a project."""

    key: ClassVar[str] = "survey"
    icon: ClassVar[str] = "clipboard-list"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.view: SurveyView | None = None
        self.selected: EntityId | None = None
        self.report: CheckReport | None = None
        self.runner: RunnerWindow | None = None
        self._survey_id: EntityId | None = None
        self._cover_wanted = False
        self._checks_asked = 0
        self.commands = SurveyCommands(self)
        self.bar = SurveyBar(self.commands.actions)
        self.bar.survey_chosen.connect(self.choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._stack = QStackedWidget()
        self._no_project = EmptyState(
            "clipboard-list", _("No project chosen"), _("Questionnaires belong to a project. Choose one first.")
        )
        self._no_survey = EmptyState(
            "clipboard-list",
            _("No questionnaire yet"),
            _("Write the questions here; jumps are checked while you write, and a paper version prints at once."),
            action_text=_("New questionnaire…"),
            callback=self.commands.new_survey,
        )
        self._design = self._build_design()
        for widget in (self._no_project, self._no_survey, self._design):
            self._stack.addWidget(widget)
        layout.addWidget(self._stack)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Surveys")

    # --- building ----------------------------------------------------------------------------------------------

    def _build_design(self) -> QWidget:
        design = QWidget()
        column = QVBoxLayout(design)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        self.locked = Banner("", Tone.ACCENT)
        self.locked.add_action(_("Edit again"), self.commands.reopen)
        holder = QVBoxLayout()
        holder.setContentsMargins(SPACE_5, SPACE_3, SPACE_5, 16)
        holder.setSpacing(SPACE_3)
        holder.addWidget(self.locked)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(SPACE_3)
        for pane in (self._build_list(), self._build_middle(), self._build_map()):
            self.splitter.addWidget(pane)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 5)
        self.splitter.setStretchFactor(2, 3)
        self.splitter.setSizes([310, 520, 325])
        SplitterMemory(self.splitter, "survey", self.context.view_state)
        self.splitter.setCollapsible(1, False)
        holder.addWidget(self.splitter, 1)
        column.addLayout(holder, 1)
        return design

    def _build_list(self) -> Card:
        card = Card(_("Questions"), padded=False)
        card.setMinimumWidth(180)
        self._list_card = card
        self.add_button: QPushButton = menu_button(_("Add"), self.commands.add_menu(self), icon_name="plus")
        card.add_action(self.add_button)
        self.cover_button = button(_("Title, opening, closing and target"), self.show_cover, icon_name="pen-line")
        self.cover_button.setCheckable(True)
        self.list = QuestionList()
        self.list.question_selected.connect(self._on_question_selected)
        self.list.question_moved.connect(self.commands.move_to)
        self.list.context_requested.connect(self._on_context_requested)
        self.commands.watch_list(self.list)
        self._list_stack = QStackedWidget()
        self._no_questions = EmptyState(
            "list-checks",
            _("No questions yet"),
            _("Start with a single choice, or pick another kind under “Add”."),
            action_text=_("Add the first question"),
            callback=self.commands.add_like_current,
        )
        self._list_stack.addWidget(self.list)
        self._list_stack.addWidget(self._no_questions)
        card.add(self._list_stack, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 8, 10, 10)
        foot.addWidget(self.cover_button)
        card.body.addLayout(foot)
        return card

    def _build_middle(self) -> QSplitter:
        self.editor = QuestionEditor(self.context)
        self.cover = CoverEditor(self.context)
        self._editors = QStackedWidget()
        self._editors.addWidget(self.editor)
        self._editors.addWidget(self.cover)
        self.checks = ChecksCard()
        self.checks.question_wanted.connect(self._on_finding_pressed)
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.setHandleWidth(SPACE_3)
        middle.setMinimumWidth(330)
        middle.addWidget(self._editors)
        middle.addWidget(self.checks)
        middle.setStretchFactor(0, 5)
        middle.setStretchFactor(1, 1)
        middle.setSizes([520, 165])
        SplitterMemory(middle, "survey-checks", self.context.view_state)
        middle.setChildrenCollapsible(False)
        return middle

    def _build_map(self) -> Card:
        self.paths = Chip("")
        card = Card(_("Flow map"), padded=False)
        card.setMinimumWidth(170)
        card.add_action(self.paths)
        self.flow = FlowView()
        self.flow.object_clicked.connect(self._on_map_clicked)
        card.add_action(icon_button("zoom-out", _("Show the whole map"), self._fit_map))
        card.add_action(icon_button("zoom-in", _("Actual size"), lambda: self.flow.set_zoom(1.0)))
        card.add(self.flow, 1)
        return card

    # --- showing -----------------------------------------------------------------------------------------------

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def show_project(self, project_id: object) -> None:
        """Show another project's questionnaires."""
        self._survey_id, self.selected = None, None
        super().show_project(project_id)

    def reload(self) -> None:
        """Fetch the questionnaires anew; focus, selection and half-typed text stay."""
        existing = survey.surveys(self.context.session, self.project_id) if self.project_id is not None else ()
        current = next((one for one in existing if one.id == self._survey_id), existing[0] if existing else None)
        if current is None:
            self.view, self.selected, self._survey_id, self.report = None, None, None, None
            self._stack.setCurrentWidget(self._no_project if self.project_id is None else self._no_survey)
            self.commands.enable()
            self._tell_runner()
            return
        if current.id != self._survey_id:
            self._survey_id, self.selected, self.report = current.id, None, None
        self.view = survey.load_survey(self.context.session, current.id)
        self._keep_selection()
        self._stack.setCurrentWidget(self._design)
        self.bar.show_surveys(existing, current)
        self._show()
        self._check()
        self._tell_runner()

    def choose(self, survey_id: EntityId) -> None:
        """Show another questionnaire."""
        self.commit_typing()
        self._survey_id, self.selected, self.report, self._cover_wanted = survey_id, None, None, False
        self.reload()

    def select(self, question_id: EntityId | None) -> None:
        """Show a question in the editor; None shows title, opening and closing."""
        self.selected = question_id
        self._cover_wanted = question_id is None
        if self.view is not None:
            self._keep_selection()
            self._show()

    def show_cover(self) -> None:
        """Show title, opening, closing and target."""
        self.commit_typing()
        self.select(None)
        self.cover.title.setFocus()

    def reveal(self, row_id: bytes) -> None:
        """Show a questionnaire or a question by its id."""
        session = self.context.session
        for one in survey.surveys(session, self.project_id) if self.project_id is not None else ():
            view = survey.load_survey(session, one.id)
            if row_id == one.id or view.question(EntityId(row_id)) is not None:
                self.choose(one.id)
                if row_id != one.id:
                    self.select(EntityId(row_id))
                return

    def commit_typing(self) -> None:
        """Store what is half typed before something else happens."""
        focused = self.focusWidget()
        commit = getattr(focused, "commit", None)
        if callable(commit):
            commit()

    def try_out(self) -> None:
        """Open the trial run, or bring it to the front."""
        self.commit_typing()
        if self.view is None or not self.view.questions:
            return
        if self.runner is None:
            self.runner = RunnerWindow(self.view, self.context.session.today(), self)
            self.runner.closed.connect(self._on_runner_closed)
            self.window().installEventFilter(self)
        elif self.runner.view.survey.id != self.view.survey.id:
            self.runner.restart(self.view)
        self.runner.show()
        self.runner.raise_()
        self.runner.activateWindow()

    def print_paper(self) -> None:
        """Make the paper questionnaire and show it."""
        self.commit_typing()
        if self.view is not None:
            self.context.export_requested.emit("survey-form", {"survey_id": self.view.survey.id})

    def editable(self) -> bool:
        """Return whether questions may be changed."""
        return self.view is not None and self.view.is_editable and not self.context.session.workspace.read_only

    def _keep_selection(self) -> None:
        """Stay on the selected question; when it is gone, go to the first one unless the cover was asked for."""
        view = self.view
        assert view is not None
        if self.selected is not None and view.question(self.selected) is None:
            self.selected = None
        if self.selected is None and not self._cover_wanted and view.questions:
            self.selected = view.questions[0].id

    def _show(self) -> None:
        view = self.view
        assert view is not None
        editable = self.editable()
        self.commands.enable()
        self.list.movable = editable
        self._list_card.set_title(_("Questions ({count})").format(count=len(view.questions)))
        self._list_stack.setCurrentWidget(self.list if view.questions else self._no_questions)
        if self._no_questions.action is not None:
            self._no_questions.action.setEnabled(editable)
        self.add_button.setEnabled(editable)
        self.list.show_rows(question_rows(view, self._faulty()), self.selected)
        question = view.question(self.selected) if self.selected is not None else None
        self.cover_button.setChecked(question is None)
        if question is not None:
            self.editor.show_question(view, question, editable=editable)
            self._editors.setCurrentWidget(self.editor)
        else:
            self.cover.show_survey(view, editable=editable)
            self._editors.setCurrentWidget(self.cover)
        locked = "" if view.is_editable else _("This questionnaire is released and cannot be changed.")
        self.locked.show_message(locked)
        self.flow.show_survey(view, selected=self.selected, faulty=self._faulty())

    def _faulty(self) -> frozenset[bytes]:
        if self.report is None:
            return frozenset()
        return frozenset(
            message.question
            for message in self.report.messages()
            if message.weight is Weight.ERROR and isinstance(message.question, bytes)
        )

    # --- checking ----------------------------------------------------------------------------------------------

    def _check(self) -> None:
        """Check in the background; only the newest result counts."""
        view = self.view
        if view is None:
            return
        self._checks_asked += 1
        asked = self._checks_asked
        self.context.jobs.submit(lambda _job: survey.check(view), on_done=lambda found: self._on_checked(asked, found))

    def _on_checked(self, asked: int, report: CheckReport) -> None:
        if asked != self._checks_asked or self.view is None:
            return
        self.report = report
        self.checks.show_report(report)
        known = report.paths is not None and not report.structure
        words = ngettext("{count} path", "{count} paths", report.paths or 0).format(count=report.paths)
        self.paths.set_text(words if known else "")
        self.paths.setVisible(known)
        self.list.show_rows(question_rows(self.view, self._faulty()), self.selected)
        self.flow.show_survey(self.view, selected=self.selected, faulty=self._faulty())

    # --- reacting ----------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_question_selected(self, question_id: EntityId | None) -> None:
        if question_id is not None and question_id != self.selected:
            self.select(question_id)

    @Slot(str)
    def _on_map_clicked(self, key: str) -> None:
        wanted = next((one for one in self.view.questions if one.id.hex() == key), None) if self.view else None
        if wanted is not None:
            self.commit_typing()
            self.select(wanted.id)

    @Slot(object)
    def _on_finding_pressed(self, question_id: object) -> None:
        if isinstance(question_id, bytes):
            self.select(EntityId(question_id))

    @Slot(QPoint)
    def _on_context_requested(self, place: QPoint) -> None:
        self.commands.question_menu(self).popup(place)

    @Slot()
    def _on_runner_closed(self) -> None:
        self.runner = None

    def _tell_runner(self) -> None:
        if self.runner is not None:
            same = self.view is not None and self.runner.view.survey.id == self.view.survey.id
            if same or self.view is None:
                self.runner.show_changed(self.view)

    def _fit_map(self) -> None:
        flow_map = self.flow.map()
        if flow_map is not None:
            self.flow.set_zoom(min(1.0, self.flow.viewport().height() / max(1.0, flow_map.height)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The trial run goes with the window it was opened from, not when that is only minimised.
        if event.type() == QEvent.Type.Hide and not event.spontaneous() and watched is self.window():
            watched.removeEventFilter(self)
            if self.runner is not None:
                self.runner.close()
        return super().eventFilter(watched, event)
