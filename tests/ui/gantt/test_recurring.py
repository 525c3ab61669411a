"""Recurring tasks from the Gantt window."""

from __future__ import annotations

from datetime import date

import ui.common.dialogs as dialogs
from qihua_desktop.domain.recurrence import Every
from tests.ui.gantt.conftest import Window
from ui.gantt.recurring_dialog import RecurringDialog


def names(window: Window) -> list[str]:
    return [one.row.name for one in window.page.shown_rows() if one.row is not None]


def fill(dialog: RecurringDialog) -> bool:
    dialog.name.setText("<b>周报</b>")
    dialog.first.set_date(date(2026, 8, 3))
    dialog.ending.set_current("count")
    dialog.count.setValue(3)
    dialog._show_days()
    assert "08-03、08-10、08-17" in dialog.days.full_text()
    assert dialog.check is not None
    dialog.check()
    return True


def test_a_recurring_task_is_made_behind_the_current_row_and_changed_honestly(window: Window) -> None:
    window.select("调研")
    with dialogs.scripted([fill]):
        window.page.commands.reuse.add_recurring()
    made = [f"<b>周报</b> 2026-08-{day}" for day in ("03", "10", "17")]
    assert names(window) == ["调研", "<b>周报</b>", *made, "策划", "审批"]

    def change(dialog: RecurringDialog) -> bool:
        assert dialog.name.text() == "<b>周报</b>"
        assert dialog.count.value() == 3
        dialog.every.setCurrentIndex(list(Every).index(Every.DAY))
        dialog.count.setValue(2)
        return True

    window.select(made[1])
    with dialogs.scripted([change]):
        window.page.commands.reuse.change_recurring()
    assert names(window) == ["调研", "<b>周报</b>", made[0], "<b>周报</b> 2026-08-04", "策划", "审批"]


def test_a_row_of_another_kind_has_no_rule_to_change(window: Window) -> None:
    window.select("策划")
    assert window.page.commands.reuse.recurring() is None
    with dialogs.scripted([]):
        window.page.commands.reuse.change_recurring()
    assert names(window) == ["调研", "策划", "审批"]
