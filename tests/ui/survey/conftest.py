"""A Survey window on a small questionnaire in a workspace of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.domain.survey import QuestionKind, Survey
from qihua_desktop.services import survey, survey_questions
from qihua_desktop.services.projects import create_project
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import fresh_session, new_project
from ui.common.actions import ActionRegistry
from ui.common.context import AppContext
from ui.common.jobs import Jobs
from ui.common.theme import ThemeMode, theme
from ui.survey.page import SurveyPage
from ui.survey.runner_window import RunnerWindow

KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.SCALE, QuestionKind.TEXT)


@pytest.fixture(autouse=True)
def light_theme(qapp: QApplication) -> None:
    if theme().mode is not ThemeMode.LIGHT or not qapp.styleSheet():
        theme().apply(qapp, ThemeMode.LIGHT)


@dataclass(slots=True)
class Window:
    """The window under test and the questionnaire it shows."""

    page: SurveyPage
    session: Session
    qtbot: QtBot
    project_id: EntityId
    exported: list[tuple[str, object]] = field(default_factory=list)

    @property
    def view(self) -> survey.SurveyView:
        """The questionnaire as it is stored."""
        assert self.page.view is not None
        return survey.load_survey(self.session, self.page.view.survey.id)

    def texts(self) -> list[str]:
        """Return the texts of the questions in order."""
        return [question.text for question in self.view.questions]

    def labels(self, place: int) -> list[str]:
        """Return the options of a question in order."""
        view = self.view
        return [option.label for option in view.options.get(view.questions[place].id, ())]

    def select(self, place: int) -> None:
        """Select a question by clicking on it in the list."""
        index = self.page.list.rows.index(place, 0)
        self.page.list.scrollTo(index)
        middle = self.page.list.visualRect(index).center()
        QTest.mouseClick(self.page.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert self.page.selected == self.view.questions[place].id

    def wait_checked(self) -> None:
        """Wait for the check in the background."""
        self.qtbot.waitUntil(lambda: not self.page.context.jobs.running, timeout=5_000)
        QApplication.processEvents()

    def trigger(self, action: str) -> None:
        """Carry out an action as its key or menu would."""
        self.page.commands.actions.trigger(action)

    def run(self) -> RunnerWindow:
        """Open the trial run."""
        self.trigger("survey.try")
        assert self.page.runner is not None
        return self.page.runner


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """Press, move in steps and let go, as a hand does."""
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, 5):
        place = QPointF(start + (end - start) * step / 4)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            QPointF(widget.mapToGlobal(place.toPoint())),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(widget, event)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def add_questionnaire(session: Session, project_id: EntityId) -> Survey:
    """Add a questionnaire of four questions, one of each main kind."""
    added = survey.add_survey(session, project_id, "顾客满意度")
    for number, kind in enumerate(KINDS, 1):
        survey_questions.add_question(session, added.id, kind, question=f"第{number}题")
    return added


@pytest.fixture
def make_window(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., Window]]:
    made: list[Window] = []

    def make(fill: Callable[[Session, EntityId], object] = add_questionnaire) -> Window:
        session = fresh_session(tmp_path)
        project = create_project(session, new_project(ProjectKind.RESEARCH, name="市场调研"))
        fill(session, project.id)
        holder = QWidget()
        qtbot.addWidget(holder)
        context = AppContext(session, theme(), Jobs(holder), ActionRegistry(holder), holder)
        context.project_id = project.id
        page = SurveyPage(context)
        qtbot.addWidget(page, before_close_func=lambda _page: context.close())
        page.resize(1250, 800)
        with qtbot.waitExposed(page):
            page.show()
        page.reload()
        window = Window(page, session, qtbot, project.id)
        context.export_requested.connect(lambda key, options: window.exported.append((key, options)))
        made.append(window)
        return window

    yield make
    for window in made:
        if window.page.runner is not None:
            window.page.runner.close()
        window.page.hide()
        window.session.workspace.close()


@pytest.fixture
def window(make_window: Callable[..., Window]) -> Window:
    """Give the window on a questionnaire of four questions."""
    return make_window()
