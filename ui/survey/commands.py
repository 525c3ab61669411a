"""What the user can do with questionnaires and their questions: every action, its keys and the service it calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.survey import Question, QuestionKind, SurveyState, question_kind_label
from qihua_desktop.domain.survey_routes import shortened
from qihua_desktop.i18n import _
from qihua_desktop.services import survey, survey_questions
from ui.common import dialogs
from ui.common.actions import Action, ActionRegistry

from .question_editor import KIND_ICONS

if TYPE_CHECKING:
    from .page import SurveyPage

NEEDS_SURVEY: Final = ("survey.duplicate", "survey.cover", "survey.try", "survey.paper")
NEEDS_DRAFT: Final = ("question.add", "question.nps", *(f"question.add_{kind}" for kind in QuestionKind))
NEEDS_QUESTION: Final = ("question.duplicate", "question.delete", "question.up", "question.down")


class SurveyCommands:
    """Carries out actions on the questionnaire and the question shown; each is one service call, one undo step."""

    def __init__(self, page: SurveyPage) -> None:
        self._page = page
        self.actions = ActionRegistry(page)
        self.actions.add_all(self._survey_actions())
        self.actions.add_all(self._question_actions())

    def watch_list(self, widget: QWidget) -> None:
        """Let Delete remove the question while the list has the focus; in texts the key deletes letters."""
        delete = self.actions.get("question.delete_key")
        self._page.removeAction(delete)
        delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        widget.addAction(delete)

    def add_menu(self, parent: QWidget) -> QMenu:
        """Return the menu of the kinds of question."""
        kinds: list[str | None] = [f"question.add_{kind}" for kind in QuestionKind]
        kinds.insert(3, "question.nps")
        kinds.insert(-1, None)
        return self.actions.menu(kinds, parent=parent)

    def question_menu(self, parent: QWidget) -> QMenu:
        """Return the menu of one question."""
        ids = ("question.add", "question.duplicate", None, "question.up", "question.down", None, "question.delete")
        return self.actions.menu(ids, parent=parent)

    def enable(self) -> None:
        """Allow what can be done now."""
        view = self._page.view
        writable = not self._page.context.session.workspace.read_only
        state = view.survey.state if view is not None else None
        draft = writable and state is SurveyState.DRAFT
        chosen = self._page.selected is not None
        allowed = {
            "survey.new": writable and self._page.project_id is not None,
            "survey.duplicate": writable and view is not None,
            "survey.delete": writable and view is not None,
            "survey.cover": view is not None,
            "survey.try": view is not None and bool(view.questions),
            "survey.paper": view is not None and bool(view.questions),
            "survey.release": draft,
            "survey.close": writable and state is SurveyState.RELEASED,
            "survey.reopen": writable and state is not None and state is not SurveyState.DRAFT,
            **dict.fromkeys(NEEDS_DRAFT, draft),
            **dict.fromkeys((*NEEDS_QUESTION, "question.delete_key"), draft and chosen),
        }
        for identifier, enabled in allowed.items():
            self.actions.set_enabled(identifier, enabled)

    def _survey_actions(self) -> tuple[Action, ...]:
        group = _("Surveys")

        def action(name: str, text: str, callback: Callable[[], object], keys: str = "", icon: str = "") -> Action:
            return Action(f"survey.{name}", text, callback, shortcut=keys, icon=icon or None, group=group)

        return (
            action("new", _("New questionnaire…"), self.new_survey, "Ctrl+Shift+U", "plus"),
            action("duplicate", _("Duplicate questionnaire…"), self.duplicate_survey, "", "copy"),
            action("cover", _("Title, opening, closing and target"), self._page.show_cover, "Ctrl+Shift+I", "pen-line"),
            action("delete", _("Delete questionnaire…"), self.delete_survey, "", "trash-2"),
            action("try", _("Try out"), self._page.try_out, "F5", "play"),
            action("paper", _("Paper questionnaire"), self._page.print_paper, "Ctrl+Shift+E", "file-text"),
            action("release", _("Release"), self.release, "Ctrl+Shift+R", "send"),
            action("close", _("End collection"), self.close_survey, "", "flag"),
            action("reopen", _("Edit again"), self.reopen, "", "lock-open"),
        )

    def _question_actions(self) -> tuple[Action, ...]:
        group = _("Questions")

        def action(name: str, text: str, callback: Callable[[], object], keys: str = "", icon: str = "") -> Action:
            return Action(f"question.{name}", text, callback, shortcut=keys, icon=icon or None, group=group)

        kinds = tuple(
            action(
                f"add_{kind}",
                question_kind_label(kind),
                lambda kind=kind: self.add_question(kind),
                f"Ctrl+Alt+{number}",
                KIND_ICONS[kind],
            )
            for number, kind in enumerate(QuestionKind, 1)
        )
        return (
            action("add", _("Add question below"), self.add_like_current, "Ctrl+Return; Ctrl+Enter", "plus"),
            *kinds,
            action("nps", _("NPS 0–10"), self.add_nps, "Ctrl+Alt+0", "trending-up"),
            action("duplicate", _("Duplicate question"), self.duplicate, "Ctrl+D", "copy"),
            action("up", _("Move question up"), lambda: self.move(-1), "Ctrl+Shift+Up", "arrow-up"),
            action("down", _("Move question down"), lambda: self.move(1), "Ctrl+Shift+Down", "arrow-down"),
            action("delete", _("Delete question"), self.delete, "Ctrl+Shift+Backspace", "trash-2"),
            action("delete_key", _("Delete question (in the list)"), self.delete, "Del"),
        )

    # --- questionnaires ----------------------------------------------------------------------------------------

    def new_survey(self) -> None:
        """Ask for a title and add a questionnaire."""
        page, project_id = self._page, self._page.project_id
        if project_id is None:
            return
        title = dialogs.ask_text(
            page, _("New questionnaire"), _("Title"), value=_("Market survey"), accept_text=_("Add")
        )
        if title is None:
            return
        made: list[survey.Survey] = []
        session = page.context.session
        if page.context.attempt(lambda: made.append(survey.add_survey(session, project_id, title)), page):
            page.choose(made[0].id)

    def duplicate_survey(self) -> None:
        """Ask for a title and copy the questionnaire."""
        page, view = self._page, self._page.view
        if view is None:
            return
        offered = _("{title} (copy)").format(title=view.survey.title)
        title = dialogs.ask_text(page, _("Duplicate questionnaire"), _("Title"), value=offered, accept_text=_("Add"))
        if title is None:
            return
        made: list[survey.Survey] = []
        session = page.context.session
        if page.context.attempt(lambda: made.append(survey.duplicate_survey(session, view.survey.id, title)), page):
            page.choose(made[0].id)

    def delete_survey(self) -> None:
        """Delete the questionnaire after asking."""
        page, view = self._page, self._page.view
        if view is None:
            return
        message = _("Delete the questionnaire “{title}”?").format(title=shortened(view.survey.title, 80))
        advice = _("Its questions go with it. Undo brings everything back.")
        if dialogs.confirm(page, message, advice=advice, action=_("Delete"), danger=True):
            page.context.attempt(lambda: survey.delete_survey(page.context.session, view.survey.id), page)

    def release(self) -> None:
        """Release the questionnaire; errors are named."""
        self._with_survey(survey.release)

    def close_survey(self) -> None:
        """End the collection."""
        self._with_survey(survey.close_survey)

    def reopen(self) -> None:
        """Turn the questionnaire back into a draft."""
        self._with_survey(survey.reopen_survey)

    def _with_survey(self, function: Callable[..., None]) -> None:
        page, view = self._page, self._page.view
        if view is not None:
            page.commit_typing()
            page.context.attempt(lambda: function(page.context.session, view.survey.id), page)

    # --- questions ---------------------------------------------------------------------------------------------

    def add_like_current(self) -> None:
        """Add a question of the same kind behind the selected one."""
        question = self._current()
        self.add_question(question.kind if question is not None else QuestionKind.SINGLE)

    def add_nps(self) -> None:
        """Add a recommendation scale from 0 to 10."""
        self.add_question(QuestionKind.SCALE, nps=True)

    def add_question(self, kind: QuestionKind, *, nps: bool = False) -> None:
        """Add a question behind the selected one and let its text be typed."""
        page, view = self._page, self._page.view
        if view is None:
            return
        page.commit_typing()
        index = self._place() + 1 if self._current() is not None else len(view.questions)
        made: list[Question] = []
        session = page.context.session
        if page.context.attempt(
            lambda: made.append(survey_questions.add_question(session, view.survey.id, kind, index=index, nps=nps)),
            page,
        ):
            page.select(made[0].id)
            page.editor.focus_text()

    def duplicate(self) -> None:
        """Copy the selected question behind itself."""
        page, question = self._page, self._current()
        if question is None:
            return
        page.commit_typing()
        made: list[Question] = []
        session = page.context.session
        if page.context.attempt(lambda: made.append(survey_questions.duplicate_question(session, question.id)), page):
            page.select(made[0].id)

    def delete(self) -> None:
        """Delete the selected question; asked only when jumps of others lead to it, and these are named."""
        page, view, question = self._page, self._page.view, self._current()
        if question is None or view is None:
            return
        session = page.context.session
        sources = survey_questions.dependants(session, question.id)
        if sources:
            label = view.label(question.id)
            message = _("{question} is the target of jumps. Delete it all the same?").format(question=label)
            named = [f"{view.label(one.id)} {shortened(one.text, 60)}" for one in sources]
            advice = _("These questions then lead to the next question instead. Undo brings the jumps back.")
            if not dialogs.confirm(page, message, advice=advice, action=_("Delete"), danger=True, details=named):
                return
        place = self._place()
        neighbours = [one.id for one in view.questions if one.id != question.id]
        if page.context.attempt(lambda: survey_questions.delete_question(session, question.id), page):
            page.select(neighbours[min(place, len(neighbours) - 1)] if neighbours else None)

    def move(self, step: int) -> None:
        """Move the selected question up or down by one."""
        question = self._current()
        if question is not None:
            self.move_to(question.id, self._place() + step)

    def move_to(self, question_id: EntityId, index: int) -> None:
        """Move a question to a place."""
        page, view = self._page, self._page.view
        if view is not None and 0 <= index < len(view.questions):
            session = page.context.session
            page.context.attempt(lambda: survey_questions.move_question(session, question_id, index), page)

    def _current(self) -> Question | None:
        view, selected = self._page.view, self._page.selected
        return view.question(selected) if view is not None and selected is not None else None

    def _place(self) -> int:
        question, view = self._current(), self._page.view
        return view.questions.index(question) if view is not None and question is not None else -1
