"""The comparison of baselines on the screen: with the plan, with each other, as table and as chart."""

from __future__ import annotations

import ui.common.dialogs as dialogs
from qihua_desktop.services import plan, plan_baselines
from tests.ui.gantt.conftest import Window
from ui.gantt.baseline_dialog import BaselineDialog


def slips(dialog: BaselineDialog) -> dict[str, tuple[str, str]]:
    """Return slip and reason by name as seen."""
    model = dialog.table.model()
    columns = [str(model.headerData(at, dialog.table.horizontalHeader().orientation())) for at in range(9)]
    slip, reason = columns.index("偏差"), columns.index("原因")
    return {
        str(model.index(row, 0).data()).strip(): (
            str(model.index(row, slip).data()),
            str(model.index(row, reason).data()),
        )
        for row in range(model.rowCount())
    }


def test_the_plan_and_every_other_baseline_can_be_set_beside_one(window: Window) -> None:
    session, project = window.sample.session, window.sample.project.id
    plan_baselines.take_baseline(session, project, "v1")
    plan.set_duration(session, project, (window.sample.ids["策划"],), 1440 + 480)
    second = plan_baselines.take_baseline(session, project, "v2")
    plan.set_duration(session, project, (window.sample.ids["策划"],), 1440 + 960)
    wanted: list[tuple[str, object]] = []
    window.page.context.export_requested.connect(lambda key, options: wanted.append((key, options)))
    seen: list[dict[str, tuple[str, str]]] = []

    def look(dialog: BaselineDialog) -> bool:
        seen.append(slips(dialog))
        dialog.beside.setCurrentIndex(1)
        seen.append(slips(dialog))
        dialog.shown.set_current("chart")
        dialog.shown.current_changed.emit("chart")
        assert dialog.pages.currentWidget() is dialog.chart
        dialog.pdf_button.click()
        return True

    first = plan_baselines.baselines(session, project)[0]
    with dialogs.scripted([look]):
        dialogs.run_form(BaselineDialog(window.page.context, first, window.page))
    assert seen[0] == {"策划": ("+2天", "工期比基线长 2天。"), "审批": ("+2天", "受“策划”影响：工期比基线长 2天。")}
    assert seen[1] == {"策划": ("+1天", "工期比基线长 1天。"), "审批": ("+1天", "受“策划”影响：工期比基线长 1天。")}
    assert wanted == [("baseline-comparison", {"baseline_id": first.id, "other_baseline_id": second.id})]
