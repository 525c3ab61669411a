"""The main job in the real windows: wizard, Gantt, budget, review, pack; then reopened and undone to the start."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pypdfium2
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from db import tables
from qihua_desktop import app
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.domain.review import VersionState
from qihua_desktop.exchange.import_plan import import_plan
from qihua_desktop.services import budget, review, survey
from qihua_desktop.services.plan_state import plan_state
from tests.corpus import corpus
from tests.ui.real_window import NOW, content, open_window, page, sign, staff, submit, undo_all, wizard_makes_event
from ui.budget.page import BudgetPage
from ui.common.dialogs import scripted
from ui.gantt.page import GanttPage
from ui.shell.main_window import MainWindow


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
