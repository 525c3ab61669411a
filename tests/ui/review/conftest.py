"""The review page on a real workspace, in a window of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.services.review_samples import ReviewSample, open_review_sample
from ui.common.actions import Action, ActionRegistry
from ui.common.context import AppContext
from ui.common.jobs import Jobs
from ui.common.theme import ThemeMode, theme
from ui.review.page import ReviewPage


class Desk:
    """A window with the page, its context, and the workspace's undo on Ctrl+Z, as the shell has it."""

    def __init__(self, sample: ReviewSample, qtbot: QtBot) -> None:
        self.sample = sample
        self.qtbot = qtbot
        self.window = QWidget()
        self.context = AppContext(sample.session, theme(), Jobs(self.window), ActionRegistry(self.window), self.window)
        actions = self.context.actions
        actions.add(Action("edit.undo", "Undo", sample.session.undo, shortcut="Ctrl+Z"))
        actions.add(Action("edit.redo", "Redo", sample.session.redo, shortcut="Ctrl+Y"))
        self.context.choose_project(sample.project.id)
        self.page = ReviewPage(self.context)
        layout = QVBoxLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.page.reload()
        self.window.resize(1170, 740)
        self.window.show()
        qtbot.addWidget(self.window)
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def act_as(self, name: str) -> None:
        """Choose another profile, as the shell does."""
        self.sample.act_as(name)
        self.context.choose_actor(self.sample.session.actor)

    def wait_for_jobs(self) -> None:
        """Wait until nothing runs in the background."""
        self.qtbot.waitUntil(lambda: not self.context.jobs.running, timeout=10_000)

    def close(self) -> None:
        """Close everything."""
        self.window.close()
        self.context.close()
        self.sample.session.workspace.close()


@pytest.fixture(autouse=True)
def light_theme(qapp: QApplication) -> None:
    if theme().mode is not ThemeMode.LIGHT or not qapp.styleSheet():
        theme().apply(qapp, ThemeMode.LIGHT)


@pytest.fixture
def open_desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    """Return a function that opens the page after something was done to the sample."""
    opened: list[Desk] = []

    def make(prepare: Callable[[ReviewSample], object] | None = None) -> Desk:
        sample = open_review_sample(tmp_path)
        if prepare is not None:
            prepare(sample)
        opened.append(Desk(sample, qtbot))
        return opened[-1]

    yield make
    for desk in opened:
        desk.close()
