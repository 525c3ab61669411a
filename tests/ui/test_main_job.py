"""The main job in the real windows: wizard, Gantt, budget, review, pack; then reopened and undone to the start."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QInputMethodEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db import tables
from qihua_desktop import app
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.domain.review import RouteMode, VersionState
from qihua_desktop.exchange.import_plan import import_plan
from qihua_desktop.services import budget, people, review, survey
from qihua_desktop.services.people import PersonDraft
from qihua_desktop.services.plan_state import plan_state
from qihua_desktop.services.session import Session
from qihua_desktop.settings_store import SettingsStore
from tests.corpus import corpus
from ui.budget.page import BudgetPage
from ui.common.dialogs import scripted
from ui.gantt.page import GanttPage
from ui.review.page import ReviewPage
from ui.review.submit_dialog import SubmitDialog
from ui.shell.main_window import MainWindow
from ui.shell.wizard import ProjectWizard

NOW = datetime(2026, 8, 3, 10, 0)
PIN = "2468"


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[app.Desktop]:
    store = SettingsStore(tmp_path / "config" / "settings.json")
    store.change(language="zh_CN", theme="light", backup_folder=str(tmp_path / "backups"))
    app.build_application([], store)
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(_open_nothing))
    running = app.Desktop(qapp, store)
    yield running
    running.leave()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _open_nothing(_url: QUrl) -> bool:
    return True


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


def wizard_makes_event(window: MainWindow) -> Project:
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
    QTest.keyClicks(wizard.budget, "600000")
    for _press in range(2):
        if wizard.created is None:
            QTest.keyClick(wizard.budget, Qt.Key.Key_Return)
    made = wizard.created
    assert made is not None
    wizard.deleteLater()
    return made


def drag_bar(gantt: GanttPage, name: str, days: int) -> None:
    """Drag a task's bar by whole days with the mouse."""
    row = next(one.row for one in gantt.shown_rows() if one.row is not None and one.row.name == name)
    gantt.show_task(row.id)
    QApplication.processEvents()
    box = gantt.picture.bar(row.id.hex())
    assert box is not None
    viewport = gantt.chart.viewport()
    start = gantt.chart.to_view(box.x + box.width / 2, box.y + box.height / 2).toPoint()
    scale = gantt.picture.axis.scale
    end = start + QPoint(round(scale.day_width * days), 0)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, 5):
        place = QPointF(start + (end - start) * step / 4)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            QPointF(viewport.mapToGlobal(place.toPoint())),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, event)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    QApplication.processEvents()


def type_share(window: BudgetPage, name: str, text: str) -> None:
    """Type a percentage into a category's share cell."""
    view, tree = window.allocation.view, window.allocation.tree
    assert view is not None
    row = next(row for row in view.lines if row.line.name == name)
    assert tree.edit_cell(row.line.id, "share")
    editor = next(one for one in tree.findChildren(QLineEdit) if one.isVisible())
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


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


def finance_pack(window: MainWindow, target: Path, qtbot: QtBot) -> list[str]:
    """Press 送财务 on the Budget page and return the names in the zip file."""
    budgeting: BudgetPage = page(window, "budget")
    with scripted(["zip", target]):
        budgeting.send_to_finance()
        qtbot.waitUntil(target.exists, timeout=20_000)
        qtbot.waitUntil(lambda: not window.context.jobs.running, timeout=20_000)
    return zipfile.ZipFile(target).namelist()


def pdf_text(target: Path, part: str) -> str:
    """Return the text of the PDF in a zip whose name holds ``part``."""
    archive = zipfile.ZipFile(target)
    name = next(one for one in archive.namelist() if part in one)
    with pypdfium2.PdfDocument(archive.read(name)) as pdf:
        return "\n".join(one.get_textpage().get_text_range() for one in pdf)


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


def test_the_main_job_from_the_wizard_to_the_finance_pack_and_back(
    desktop: app.Desktop, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "企划部.qihua"
    desktop.show_start()
    with scripted([path]):
        assert desktop.new_workspace(desktop.start)
    window = desktop.window
    assert window is not None
    session = window.context.session
    session.local_now = lambda: NOW
    empty = content(session)
    team = staff(session)
    window.context.choose_actor(team["林晓岚"])

    made = wizard_makes_event(window)
    assert (made.kind, made.key_on) == (ProjectKind.EVENT, date(2026, 9, 19))
    window.context.choose_project(made.id)

    gantt: GanttPage = page(window, "gantt")
    before = {task.id: (task.start, task.finish) for task in tables.tasks.all(session.workspace, project_id=made.id)}
    drag_bar(gantt, "节点热点梳理", -1)
    after = {task.id: (task.start, task.finish) for task in tables.tasks.all(session.workspace, project_id=made.id)}
    assert before != after
    assert session.undo_label() is not None

    budgeting: BudgetPage = page(window, "budget")
    for name, share in (("场地费", "28"), ("物料费", "27"), ("嘉宾费", "21.5")):
        type_share(budgeting, name, share)
    rows = {row.line.name: row for row in budget.load_budget(session, made.id).categories}
    assert rows["嘉宾费"].share == 2150
    assert rows["应急预备金"].share == 1000, "the reserve is locked"
    assert sum(row.line.amount for row in rows.values()) == 60_000_000

    questionnaire = survey.add_survey(session, made.id, "现场问卷")
    assert survey.surveys(session, made.id)[0].id == questionnaire.id

    submit(window, [team["何静"], team["沈知远"]])
    version = review.versions(session, made.id)[0]
    assert version.state is VersionState.IN_REVIEW
    sign(window, team["何静"], qtbot)
    sign(window, team["沈知远"], qtbot)
    assert review.versions(session, made.id)[0].state is VersionState.APPROVED
    assert budget.load_budget(session, made.id).budget.state is BudgetState.APPROVED
    window.context.choose_actor(team["林晓岚"])

    pack = tmp_path / "送财务.zip"
    names = finance_pack(window, pack, qtbot)
    assert any("预算审批单" in name for name in names)
    assert any("评审签批单" in name for name in names)
    text = pdf_text(pack, "预算审批单")
    assert "600,000.00" in text
    assert "人民币陆拾万元整" in text
    for row in rows.values():
        assert row.line.name in text
    assert "沈知远" in pdf_text(pack, "评审签批单")

    full = content(session)
    desktop.close_workspace()
    window = open_window(desktop, path)
    session = window.context.session
    assert content(session) == full
    assert undo_all(window) > 8
    assert content(session) == empty
    while session.redo() is not None:
        pass
    assert content(session) == full


def test_a_real_plan_is_imported_allocated_signed_and_exported(
    desktop: app.Desktop, tmp_path: Path, qtbot: QtBot
) -> None:
    plan = corpus("gantt/mspdi_from_mpp/projectlibre__Commercial_construction_project_plan.xml").read_bytes()
    path = tmp_path / "商业楼.qihua"
    with scripted([path]):
        assert desktop.new_workspace()
    window = desktop.window
    assert window is not None
    session = window.context.session
    session.local_now = lambda: NOW
    team = staff(session)
    window.context.choose_actor(team["林晓岚"])
    report = import_plan(session, plan, "商业楼改造")
    assert report.tasks > 100
    window.context.choose_project(report.project.id)

    gantt: GanttPage = page(window, "gantt")
    assert sum(one.row is not None for one in gantt.shown_rows()) == report.tasks
    leaf = next(
        one.row for one in gantt.shown_rows()
        if one.row is not None and not one.row.is_summary and not one.row.is_milestone
    )  # fmt: skip
    state = plan_state(session, report.project.id)
    drag_bar(gantt, leaf.name, 3)
    assert plan_state(session, report.project.id).start(leaf.id) > state.start(leaf.id)

    budgeting: BudgetPage = page(window, "budget")
    total = budgeting.allocation.total_row.total
    total.setFocus()
    total.selectAll()
    QTest.keyClicks(total, "1234567.89")
    QTest.keyClick(total, Qt.Key.Key_Return)
    type_share(budgeting, "内容制作", "33.33")
    rows = budget.load_budget(session, report.project.id)
    assert rows.budget.total == 123_456_789
    assert sum(row.line.amount for row in rows.categories) == 123_456_789

    submit(window, [team["何静"], team["沈知远"]])
    for name in ("何静", "沈知远"):
        sign(window, team[name], qtbot)
    assert review.versions(session, report.project.id)[0].state is VersionState.APPROVED
    pack = tmp_path / "送财务.zip"
    finance_pack(window, pack, qtbot)
    assert "1,234,567.89" in pdf_text(pack, "预算审批单")
    assert undo_all(window) > 5
    assert tables.projects.count(session.workspace) == 0
