"""The wizard by keyboard, gates and stages, risks and documents, templates, strategy, people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.gates import may_leave
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.project import GateKind, ProjectKind
from qihua_desktop.services import documents, people, projects, risks, stages, strategy, templates
from ui.common.dialogs import scripted
from ui.shell.gate_dialog import GateDialog
from ui.shell.main_window import MainWindow
from ui.shell.pages.people_page import PersonDialog
from ui.shell.pages.strategy_page import NodeKind, StrategyDialog
from ui.shell.pin_dialog import PinDialog
from ui.shell.project_actions import edit_project
from ui.shell.wizard import ProjectWizard

from .conftest import person_named


def type_chinese(widget: QWidget, text: str) -> None:
    """Commit a text as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QCoreApplication.sendEvent(widget, event)


def press(widget: QWidget, *keys: Qt.Key) -> None:
    """Press keys one after the other."""
    for key in keys:
        QTest.keyClick(widget, key)


def wizard_for(window: MainWindow) -> ProjectWizard:
    """Return a wizard on the screen."""
    wizard = ProjectWizard(window.context, window)
    wizard.show()
    wizard.activateWindow()
    return wizard


def test_the_wizard_makes_a_project_by_keyboard_alone(window: MainWindow) -> None:
    wizard = wizard_for(window)
    type_chinese(wizard.name, "中秋会员品鉴会")
    press(wizard.name, Qt.Key.Key_Return)
    assert wizard.step == 1
    press(wizard.template_list, Qt.Key.Key_Return)
    assert wizard.step == 2
    wizard.day.selectAll()
    QTest.keyClicks(wizard.day, "2026-10-31")
    press(wizard.day, Qt.Key.Key_Return)
    if wizard.step == 2:
        press(wizard.day, Qt.Key.Key_Return)
    assert wizard.step == 3
    press(wizard.owner, Qt.Key.Key_Return)
    assert wizard.step == 4
    type_chinese(wizard.goal, "老客到场 300 人")
    press(wizard.goal, Qt.Key.Key_Tab)
    wizard.budget.setFocus()
    QTest.keyClicks(wizard.budget, "200000")
    press(wizard.budget, Qt.Key.Key_Return)
    if wizard.created is None:
        press(wizard.budget, Qt.Key.Key_Return)
    made = wizard.created
    assert made is not None
    assert (made.name, made.kind, made.key_on) == ("中秋会员品鉴会", ProjectKind.EVENT, date(2026, 10, 31))
    assert made.direction is ScheduleDirection.BACKWARD
    assert made.owner_id == person_named(window.context.session, "林晓岚").id
    assert made.goal == "老客到场 300 人"
    assert projects.project_summary(window.context.session, made.id).budget_total == 20_000_000
    wizard.deleteLater()


def test_the_wizard_makes_a_project_from_a_past_one(window: MainWindow) -> None:
    session = window.context.session
    source = next(one for one in projects.all_projects(session) if one.name == "七夕市集")
    wizard = wizard_for(window)
    wizard.name.setText("明年的七夕市集")
    wizard.accept()
    listing = wizard.template_list
    texts = [listing.item(number).text() for number in range(listing.count())]
    listing.setCurrentRow(next(number for number, text in enumerate(texts) if source.name in text))
    assert source.key_on.isoformat() in wizard.template_text.full_text()
    wizard.accept()
    wizard.day.set_date(date(2027, 8, 7))
    for _step in range(3):
        wizard.accept()
    made = wizard.created
    assert made is not None
    assert (made.key_on, made.template_key) == (date(2027, 8, 7), source.template_key)
    old, new = projects.project_summary(session, source.id), projects.project_summary(session, made.id)
    assert old.progress_bp > 0
    assert new.progress_bp == 0
    wizard.deleteLater()


def test_alt_left_goes_a_step_back_and_what_was_entered_stays(window: MainWindow) -> None:
    wizard = wizard_for(window)
    wizard.name.setText("甲")
    wizard.accept()
    QTest.keyClick(wizard, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert wizard.step == 0
    assert wizard.name.text() == "甲"
    wizard.reject()
    wizard.deleteLater()


def test_a_project_without_a_name_is_not_made(window: MainWindow) -> None:
    wizard = wizard_for(window)
    wizard.accept()
    assert wizard.step == 0
    assert wizard.problem().startswith("请填写项目名称")
    wizard.reject()
    wizard.deleteLater()


def test_a_start_that_has_already_passed_is_warned_of(window: MainWindow) -> None:
    wizard = wizard_for(window)
    wizard.name.setText("太晚了")
    wizard.accept()
    wizard.accept()
    wizard.day.set_date(date(2026, 9, 12))
    wizard._show_preview()
    assert wizard.warnings.isVisible()
    assert "2026-09-12" in wizard.warnings.message()
    wizard.reject()
    wizard.deleteLater()


def test_the_wizard_leads_to_the_new_project(window: MainWindow) -> None:
    def fill(wizard: ProjectWizard) -> bool:
        wizard.name.setText("快问快答")
        wizard._kinds[ProjectKind.RESEARCH].setChecked(True)
        for _step in range(5):
            wizard.accept()
        return wizard.created is not None

    with scripted([fill]):
        window.new_project()
    assert window.host.current_key == "overview"
    assert window.header.title.full_text() == "快问快答"


def ready_project(window: MainWindow):
    """Return a project whose present gate is met after confirming what is confirmed by hand, if there is one."""
    session = window.context.session
    wizard = ProjectWizard(window.context, window)
    wizard.name.setText("可以推进")
    wizard._kinds[ProjectKind.BRAND].setChecked(True)
    for _step in range(5):
        wizard.accept()
    wizard.deleteLater()
    assert wizard.created is not None
    window.context.choose_project(wizard.created.id)
    return session, wizard.created


def finish_gate(session, project) -> None:
    """Do everything the present gate asks for."""
    from db import tables

    current = next(one for one in stages.stage_overview(session, project.id) if one.is_current)
    with session.edit("finish") as edit:
        for task in tables.tasks.all(edit, project_id=project.id):
            if task.stage_id == current.stage.id:
                tables.tasks.update(edit, task.id, progress=10_000)
    for finding in current.findings:
        if finding.item.kind is GateKind.MANUAL:
            stages.confirm_gate_item(session, finding.item.id, confirmed=True)
    for document in documents.documents(session, project.id):
        if document.stage_id == current.stage.id:
            documents.mark_produced(session, document.id, produced=True)


def test_a_closed_gate_names_what_is_missing_and_offers_no_step(window: MainWindow) -> None:
    assert window.context.project_id is not None
    dialog = GateDialog(window.context, window.context.project_id, window)
    assert not dialog.accept_button.isEnabled()
    assert "还缺" in dialog.state.message()
    dialog.deleteLater()


def test_an_open_gate_moves_the_project_on_and_undo_takes_it_back(window: MainWindow) -> None:
    session, project = ready_project(window)
    finish_gate(session, project)
    before = stages.stage_overview(session, project.id)
    current = next(at for at, one in enumerate(before) if one.is_current)
    assert may_leave(before[current].findings)

    def move_on(dialog: GateDialog) -> bool:
        assert dialog.accept_button.isEnabled()
        dialog.accept()
        return True

    window.show_page("overview")
    with scripted([move_on]):
        window.advance_stage()
    after = stages.stage_overview(session, project.id)
    assert after[current].is_done
    assert after[current + 1].is_current
    page = window.host.page("overview")
    assert page.steps.buttons()[current + 1].isChecked()  # type: ignore[attr-defined]
    QTest.keySequence(window, "Ctrl+Z")
    assert stages.stage_overview(session, project.id)[current].is_current


def test_a_manual_condition_is_confirmed_on_the_overview(window: MainWindow) -> None:
    session, project = ready_project(window)
    item = next(
        finding.item
        for one in stages.stage_overview(session, project.id)
        for finding in one.findings
        if finding.item.kind is GateKind.MANUAL
    )
    page = window.host.page("overview")
    page.gate.confirmed.emit(item.id, True)  # type: ignore[attr-defined]
    found = [
        finding
        for one in stages.stage_overview(session, project.id)
        for finding in one.findings
        if finding.item.id == item.id
    ]
    assert found[0].met


def test_risks_are_added_edited_and_deleted_in_the_table(window: MainWindow) -> None:
    session, project_id = window.context.session, window.context.project_id
    assert project_id is not None
    window.show_page("overview")
    card = window.host.page("overview").risks  # type: ignore[attr-defined]
    with scripted(["扩音设备故障"]):
        card.add_risk()
    added = risks.risks(session, project_id)[-1]
    assert added.name == "扩音设备故障"
    index = card.model.index_of(added.id, card.model.column_number("contingency"))
    assert card.model.setData(index, "启用备用音响")
    owner = person_named(session, "赵明").id
    assert card.model.setData(card.model.index_of(added.id, card.model.column_number("owner")), owner)
    changed = risks.risks(session, project_id)[-1]
    assert (changed.contingency, changed.owner_id) == ("启用备用音响", owner)
    assert card.table.select_identity(added.id)
    card.delete_selected()
    assert added.id not in {one.id for one in risks.risks(session, project_id)}


def test_a_document_is_attached_and_saved_again(window: MainWindow, tmp_path: Path) -> None:
    session, project_id = window.context.session, window.context.project_id
    assert project_id is not None
    window.show_page("overview")
    card = window.host.page("overview").documents  # type: ignore[attr-defined]
    open_one = next(one for one in documents.documents(session, project_id) if one.produced_ms is None)
    source = tmp_path / "简报 <b>.txt"
    source.write_bytes("数据".encode())
    with scripted([source]):
        card.attach(open_one)
    kept = next(one for one in documents.documents(session, project_id) if one.id == open_one.id)
    assert kept.attachment_id is not None
    assert kept.produced_ms is not None
    assert documents.attachment_bytes(session, kept.attachment_id) == source.read_bytes()


def test_a_project_is_saved_as_a_template_and_the_template_deleted(window: MainWindow) -> None:
    session = window.context.session
    before = len(templates.list_templates(session))
    with scripted(["我的快闪店流程"]):
        window.save_template()
    window.show_page("templates")
    page = window.host.page("templates")
    own = next(one for one in templates.list_templates(session) if not one.built_in)
    assert own.name == "我的快闪店流程"
    page.table.select_identity(own.key)  # type: ignore[attr-defined]
    assert page.delete_button.isEnabled()  # type: ignore[attr-defined]
    with scripted([True]):
        page.delete_selected()  # type: ignore[attr-defined]
    assert len(templates.list_templates(session)) == before


def test_project_details_change_and_another_day_plans_anew(window: MainWindow) -> None:
    session, project_id = window.context.session, window.context.project_id
    assert project_id is not None
    before = projects.project_summary(session, project_id).finish

    def fill(dialog) -> bool:
        dialog.venue.setText("北广场")
        dialog.day.set_date(date(2026, 9, 26))
        dialog.accept()
        return True

    with scripted([fill]):
        edit_project(window.context, window)
    summary = projects.project_summary(session, project_id)
    assert (summary.project.venue, summary.project.key_on) == ("北广场", date(2026, 9, 26))
    assert summary.finish is not None
    assert before is not None
    assert summary.finish > before


def test_strategy_programme_and_project_are_tied_in_the_tree(window: MainWindow) -> None:
    session = window.context.session
    window.show_page("strategy")
    page = window.host.page("strategy")

    def fill(name: str) -> Callable[[StrategyDialog], bool]:
        def do(dialog: StrategyDialog) -> bool:
            dialog.name.setText(name)
            dialog.accept()
            return True

        return do

    with scripted([fill("市场破局")]):
        page.add_strategy()  # type: ignore[attr-defined]
    with scripted([fill("华东突破")]):
        page.add_programme()  # type: ignore[attr-defined]
    branch = next(one for one in strategy.strategy_tree(session) if one.strategy.name == "市场破局")
    assert [one.programme.name for one in branch.programmes] == ["华东突破"]
    rows = page.model.rows  # type: ignore[attr-defined]
    project = next(row for row in rows if row.kind is NodeKind.PROJECT)
    target = next(row for row in rows if row.identity == branch.programmes[0].programme.id)
    page.assign([project], target)  # type: ignore[attr-defined]
    assert projects.project(session, project.identity).programme_id == target.identity


def test_people_are_added_edited_and_removed(window: MainWindow) -> None:
    session = window.context.session
    window.show_page("people")
    page = window.host.page("people")

    def fill(dialog: PersonDialog) -> bool:
        dialog.name.setText("王小北")
        dialog.accept()
        return True

    with scripted([fill]):
        page.add_person()  # type: ignore[attr-defined]
    added = person_named(session, "王小北")
    model = page.model  # type: ignore[attr-defined]
    assert model.setData(model.index_of(added.id, model.column_number("title")), "实习生")
    assert person_named(session, "王小北").title == "实习生"
    page.table.select_identity(added.id)  # type: ignore[attr-defined]
    with scripted([True]):
        page.remove_selected()  # type: ignore[attr-defined]
    assert "王小北" not in {one.name for one in people.list_people(session)}


def test_a_pin_is_changed_only_with_the_present_one(window: MainWindow) -> None:
    session = window.context.session
    manager = person_named(session, "林晓岚")
    dialog = PinDialog(window.context, manager, window)
    assert dialog.old is not None
    dialog.old.setText("9999")
    dialog.new.setText("135790")
    dialog.again.setText("135790")
    dialog.accept()
    assert dialog.problem() != ""
    dialog.old.setText("2468")
    dialog.accept()
    people.check_pin(session, manager.id, "135790")
    dialog.deleteLater()
