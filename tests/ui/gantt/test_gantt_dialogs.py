"""Working days and the comparison with a baseline, in their dialogs."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QPushButton

import ui.common.dialogs as dialogs
from qihua_desktop.services import plan, plan_baselines
from tests.services.plan_samples import add_person, at
from tests.ui.gantt.conftest import Window
from ui.gantt.baseline_dialog import BaselineDialog
from ui.gantt.calendar_dialog import CalendarDialog


def press(dialog: CalendarDialog, text: str) -> None:
    """Press a button by its words."""
    next(one for one in dialog.findChildren(QPushButton) if one.text() == text).click()


def test_day_off_moves_the_plan_at_once_and_can_be_taken_back(window: Window) -> None:
    def fill(dialog: CalendarDialog) -> bool:
        dialog.first.set_date(date(2026, 8, 5))
        dialog.last.set_date(date(2026, 8, 5))
        press(dialog, "休息")
        assert window.row("策划").start == at(8, 6)
        assert "休息" in dialog.told.full_text()
        press(dialog, "恢复正常")
        return True

    with dialogs.scripted([fill]):
        window.page.windows.open_calendar()
    assert window.row("策划").start == at(8, 5)


def test_leave_of_a_person_moves_only_their_tasks(window: Window) -> None:
    person = add_person(window.sample, "周航")
    plan.set_owner(window.sample.session, window.sample.project.id, (window.sample.ids["审批"],), person.id)

    def fill(dialog: CalendarDialog) -> bool:
        dialog.whose.setCurrentText("周航")
        dialog.first.set_date(date(2026, 8, 10))
        dialog.last.set_date(date(2026, 8, 11))
        press(dialog, "休息")
        return True

    with dialogs.scripted([fill]):
        window.page.windows.open_calendar()
    assert (window.row("策划").start, window.row("审批").start) == (at(8, 5), at(8, 12))


def test_comparison_lists_what_slipped(window: Window) -> None:
    plan_baselines.take_baseline(window.sample.session, window.sample.project.id, "v1")
    plan.move_by_days(window.sample.session, window.sample.project.id, (window.sample.ids["策划"],), 1)
    shown: list[list[str]] = []

    def look(dialog: BaselineDialog) -> bool:
        model = dialog.table.model()
        shown.extend([[str(model.index(row, 0).data()).strip() for row in range(model.rowCount())]])
        return True

    with dialogs.scripted([look]):
        window.page.windows.open_comparison()
    assert shown == [["策划", "审批"]]


def test_comparison_is_handed_on_to_be_printed(window: Window) -> None:
    taken = plan_baselines.take_baseline(window.sample.session, window.sample.project.id, "v1")
    wanted: list[tuple[str, object]] = []
    window.page.context.export_requested.connect(lambda key, options: wanted.append((key, options)))

    def press_pdf(dialog: BaselineDialog) -> bool:
        dialog.pdf_button.click()
        return True

    with dialogs.scripted([press_pdf]):
        window.page.windows.open_comparison()
    assert wanted == [("baseline-comparison", {"baseline_id": taken.id})]
