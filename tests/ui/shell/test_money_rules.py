"""The thresholds for money in the settings: stored with the workspace, refused in words, undone as one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qihua_desktop import app
from qihua_desktop.services.money_limits import MoneyLimits, money_limits
from ui.common.dialogs import scripted
from ui.shell.main_window import MainWindow
from ui.shell.settings_dialog import SettingsDialog


def filled(deviation: str, quotes: str, said: list[str]) -> Callable[[SettingsDialog], bool]:
    def fill(dialog: SettingsDialog) -> bool:
        rules = dialog.money
        for field, text in ((rules.deviation, deviation), (rules.quotes, quotes)):
            field.setText(text)
            field.setModified(True)
        rules.month.select(4)
        rules.pool_required.setChecked(True)
        dialog.accept()
        said.append(dialog.problem())
        return dialog.result() == 1

    return fill


def test_thresholds_are_saved_and_undone(window: MainWindow) -> None:
    session = window.context.session
    before = money_limits(session)
    with scripted([filled("8", "3万", [])]):
        window.context.actions.trigger("file.settings")
    assert money_limits(session) == MoneyLimits(800, 3_000_000, before.reserve_floor_bp, 4, True, False)
    session.workspace.undo()
    assert money_limits(session) == before


@pytest.mark.parametrize(("deviation", "quotes"), [("140", "1"), ("8", "-1"), ("acht", "1"), ("", "1")])
def test_what_cannot_be_is_said_and_nothing_stored(window: MainWindow, deviation: str, quotes: str) -> None:
    session, said = window.context.session, list[str]()
    before, head = money_limits(session), session.workspace.head()
    with scripted([filled(deviation, quotes, said)]):
        window.context.actions.trigger("file.settings")
    assert said[0]
    assert (money_limits(session), session.workspace.head()) == (before, head)


def test_saving_other_settings_writes_nothing_to_the_workspace(window: MainWindow, desktop: app.Desktop) -> None:
    head = window.context.session.workspace.head()
    dialog = SettingsDialog(desktop, window.context, window)
    dialog.accept()
    assert window.context.session.workspace.head() == head
    dialog.deleteLater()
