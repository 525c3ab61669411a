"""What a person does in the real windows, shared by the tests of whole jobs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db import tables
from qihua_desktop import app
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.review import RouteMode
from qihua_desktop.services import people
from qihua_desktop.services.people import PersonDraft
from qihua_desktop.services.session import Session
from ui.common.dialogs import scripted
from ui.review.page import ReviewPage
from ui.review.submit_dialog import SubmitDialog
from ui.shell.main_window import MainWindow
from ui.shell.wizard import ProjectWizard

NOW = datetime(2026, 8, 3, 10, 0)
PIN = "2468"


def open_window(desktop: app.Desktop, path: Path) -> MainWindow:
    """Open a workspace as its planning manager, at the fixed moment."""
    session = desktop.files.open(path)
    session.local_now = lambda: NOW
    session.actor = next((one for one in people.list_people(session) if one.role is Role.MANAGER), None)
    window = desktop.show_session(session, path)
    window.resize(1440, 900)
    QApplication.processEvents()
    return window


def staff(session: Session) -> dict[str, Person]:
    """Add a manager, an accountant and a director, each with the same PIN."""
    found: dict[str, Person] = {}
    for name, department, role in (
        ("林晓岚", Department.PLANNING, Role.MANAGER),
        ("何静", Department.FINANCE, Role.REVIEWER),
        ("沈知远", Department.PLANNING, Role.DIRECTOR),
    ):
        added = people.add_person(session, PersonDraft(name, department, role))
        people.set_pin(session, added.id, PIN)
        found[name] = added
    return found


def page(window: MainWindow, key: str) -> Any:
    """Show a page and return it."""
    window.show_page(key)
    QApplication.processEvents()
    return window.host.page(key)


def type_chinese(widget: QWidget, text: str) -> None:
    """Commit a text as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QCoreApplication.sendEvent(widget, event)


def wizard_makes_event(window: MainWindow, budget: str = "600000") -> Project:
    """Go through the wizard by keyboard."""
    wizard = ProjectWizard(window.context, window)
    wizard.show()
    type_chinese(wizard.name, "秋季新品快闪店")
    QTest.keyClick(wizard.name, Qt.Key.Key_Return)
    QTest.keyClick(wizard.template_list, Qt.Key.Key_Return)
    wizard.day.selectAll()
    QTest.keyClicks(wizard.day, "2026-09-19")
    while wizard.step == 2:
        QTest.keyClick(wizard.day, Qt.Key.Key_Return)
    QTest.keyClick(wizard.owner, Qt.Key.Key_Return)
    type_chinese(wizard.goal, "新品引流 800 人")
    wizard.budget.setFocus()
    QTest.keyClicks(wizard.budget, budget)
    for _press in range(2):
        if wizard.created is None:
            QTest.keyClick(wizard.budget, Qt.Key.Key_Return)
    made = wizard.created
    assert made is not None
    wizard.deleteLater()
    return made


def submit(window: MainWindow, seats: list[Person]) -> None:
    """Submit on the Review page with one seat after another."""
    reviewing: ReviewPage = page(window, "review")

    def choose_route(dialog: SubmitDialog) -> bool:
        route = dialog.route
        while sum(len(step) for step in route.rows()) > 1:
            last = len(route.rows()) - 1
            route.remove_seat(last, len(route.rows()[last]) - 1)
        route.rows()[0][0].choose(seats[0].id)
        route.add_step()
        route.rows()[1][0].choose(seats[1].id)
        route.set_mode(0, RouteMode.ALL)
        dialog.accept()
        assert dialog.problem() == ""
        return dialog.version is not None

    with scripted([choose_route]):
        reviewing.submit()
    QApplication.processEvents()


def sign(window: MainWindow, person: Person, qtbot: QtBot) -> None:
    """Switch the profile, draw a signature with the mouse, type the PIN and confirm."""
    window.context.choose_actor(person)
    reviewing: ReviewPage = page(window, "review")
    card = reviewing.sign_card
    before = tables.sign_offs.count(window.context.session.workspace)
    card.verdict.set_current("approve")
    pad = card.pad
    middle = pad.rect().center()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle - QPoint(60, 10))
    QTest.mouseMove(pad, middle)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle + QPoint(60, 10))
    QTest.keyClicks(card.pin, PIN)
    QTest.keyClick(card.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tables.sign_offs.count(window.context.session.workspace) == before + 1, timeout=10_000)


def undo_all(window: MainWindow) -> int:
    """Press Ctrl+Z until nothing is left, as a user would; returns how often."""
    count = 0
    while window.context.session.undo_label() is not None:
        window.undo()
        count += 1
        assert count < 500
    return count


def content(session: Session) -> dict[str, tuple[Any, ...]]:
    """Return every row of every registered table."""
    return {table.name: table.all(session.workspace) for table in tables.ALL}
