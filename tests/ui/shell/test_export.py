"""Documents from the header's menu: made in the background, shown, saved; the pack for finance."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qihua_desktop import app
from ui.annual.page import AnnualPage
from ui.common.dialogs import scripted
from ui.shell.main_window import MainWindow
from ui.shell.preview_window import PreviewWindow


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep the system from opening folders; returns what would have been opened."""
    found: list[str] = []

    class Services:
        @staticmethod
        def openUrl(url: object) -> bool:
            found.append(str(url))
            return True

    monkeypatch.setattr("ui.shell.finance_pack.QDesktopServices", Services)
    return found


def test_a_document_is_made_in_the_background_and_shown(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("overview")
    window.export_menu.fill()
    assert any(action.text() for action in window.export_menu.actions())
    window.export_menu.export("budget-approval")
    qtbot.waitUntil(lambda: bool(window.findChildren(PreviewWindow)), timeout=20_000)
    (preview,) = window.findChildren(PreviewWindow)
    assert preview.preview.page_count() >= 1
    preview.close()


@pytest.mark.parametrize("answer", ["zip", "folder"])
def test_the_pack_for_finance_is_written(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, opened: list[str], answer: str
) -> None:
    target = tmp_path / "送财务.zip" if answer == "zip" else tmp_path
    with scripted([answer, target]):
        window.export_menu.export_pack()
    qtbot.waitUntil(lambda: bool(opened), timeout=30_000)
    if answer == "zip":
        names = zipfile.ZipFile(target).namelist()
    else:
        names = [path.name for path in tmp_path.rglob("*.pdf")]
    assert sum(1 for name in names if name.endswith(".pdf")) >= 2


def test_closing_while_a_document_is_made_leaves_nothing_behind(window: MainWindow, desktop: app.Desktop) -> None:
    window.export_menu.export("plan")
    desktop.leave()
    assert window.context.jobs.running == ()


def test_the_year_is_printed_from_its_page_without_a_project(window: MainWindow, qtbot: QtBot) -> None:
    window.context.choose_project(None)
    window.show_page("annual")
    page = window.host.page("annual")
    assert isinstance(page, AnnualPage)
    page.export()
    qtbot.waitUntil(lambda: bool(window.findChildren(PreviewWindow)), timeout=20_000)
    (preview,) = window.findChildren(PreviewWindow)
    assert "2026" in preview.windowTitle()
    assert preview.preview.page_count() >= 1
    preview.close()
