"""The dialog that prints the chart: what is chosen is what the preview shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import ui.common.dialogs as dialogs
from qihua_desktop.reports.gantt_tiles import Fit, Paper
from qihua_desktop.services import plan_baselines
from tests.services.plan_samples import PlanSample
from tests.services.workspace_samples import event_project, fresh_session
from tests.ui.gantt.conftest import Window, make_page
from ui.common.print_dialog import PrintDialog


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[Window]:
    """Return a window on a project of the event template."""
    session = fresh_session(tmp_path)
    sample = PlanSample(session, event_project(session), {})
    page = make_page(sample, qtbot)
    yield Window(page, sample, qtbot)
    page.hide()
    session.workspace.close()


def make(window: Window) -> PrintDialog:
    """Return the dialog, its first preview shown."""
    dialog = PrintDialog(window.page.context, window.sample.project.id)
    window.qtbot.addWidget(dialog)
    settle(window, dialog)
    return dialog


def settle(window: Window, dialog: PrintDialog) -> None:
    """Wait for the preview."""
    window.qtbot.waitUntil(lambda: not dialog.is_rendering(), timeout=20_000)


def test_the_preview_follows_paper_and_sheets(window: Window) -> None:
    dialog = make(window)
    assert dialog.preview.page_count() == 1
    assert round(dialog.preview.document.pagePointSize(0).width() / 72 * 25.4) == 297
    dialog.paper.setCurrentIndex(dialog.paper.findData(Paper.A3.value))
    dialog.fit.setCurrentIndex(dialog.fit.findData(Fit.TILES.value))
    dialog.unit.setCurrentIndex(dialog.unit.findData("hour"))
    settle(window, dialog)
    assert round(dialog.preview.document.pagePointSize(0).width() / 72 * 25.4) == 420
    assert dialog.preview.page_count() > 1
    dialog.reject()


@pytest.mark.language("en")
def test_the_english_words_of_the_form_have_their_room(window: Window) -> None:
    dialog = make(window)
    dialog.show()
    for box in (dialog.fit, dialog.unit, *dialog.columns.values(), dialog.critical, dialog.sign_off):
        assert box.width() >= box.minimumSizeHint().width()
        assert box.width() >= min(box.sizeHint().width(), 220)
    side = dialog.fit.parentWidget().parentWidget()
    edge = side.mapToGlobal(side.rect().topRight()).x()
    assert all(box.mapToGlobal(box.rect().topRight()).x() <= edge for box in dialog.columns.values())
    dialog.reject()


def test_the_choice_is_remembered_but_not_the_days(window: Window) -> None:
    dialog = make(window)
    dialog.paper.setCurrentIndex(1)
    dialog.columns["deadline"].setChecked(True)
    dialog.first.set_date(date(2026, 8, 5))
    dialog.render()
    settle(window, dialog)
    dialog.reject()
    again = make(window).wanted()
    assert again.paper is Paper.A3
    assert again.columns[-1].value == "deadline"
    assert again.first is None


def test_days_in_the_wrong_order_are_told(window: Window) -> None:
    dialog = make(window)
    dialog.first.set_date(date(2026, 8, 9))
    dialog.last.set_date(date(2026, 8, 5))
    dialog.render()
    assert "早于" in dialog.problem()
    dialog.last.set_date(date(2026, 8, 12))
    dialog.render()
    assert dialog.problem() == ""
    dialog.reject()


def test_the_window_hands_over_its_baseline_and_colours(window: Window) -> None:
    session, project = window.sample.session, window.sample.project
    older = plan_baselines.take_baseline(session, project.id, "旧")
    plan_baselines.take_baseline(session, project.id, "新")
    window.page.toolbar.baseline_chosen.emit(older.id)
    window.page.toolbar.critical.clicked.emit()
    seen: list[object] = []

    def look(dialog: PrintDialog) -> bool:
        wanted = dialog.wanted()
        seen.extend((wanted.baseline_id, wanted.critical))
        dialog.reject()
        return False

    with dialogs.scripted([look]):
        window.page.commands.actions.get("gantt.print").trigger()
    assert seen == [older.id, False]


@pytest.mark.parametrize("kept", ["{", "[]", '{"paper": "b5"}', '{"columns": 3}'])
def test_a_damaged_memory_is_forgotten(window: Window, kept: str) -> None:
    window.page.context.view_state.write("gantt.print", kept)
    dialog = make(window)
    assert dialog.wanted().paper is Paper.A4
    dialog.reject()
