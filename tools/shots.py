"""Pictures of every page of the sample workspace, made with the real main window on the offscreen platform.

python -m tools.shots                        every theme, language and size into out/shots/<theme>-<lang>-<size>/
python -m tools.shots --only light-zh-1440   those whose folder name begins so
python -m tools.shots --pages today,gantt    these pages only
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from qihua_desktop.app import Desktop
    from ui.shell.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out" / "shots"
NOW = datetime(2026, 9, 9, 10, 42, 7)
SIZES = ((1440, 900), (1366, 768))
LANGUAGES = (("zh", "zh_CN"), ("en", "en"))
THEMES = ("light", "dark")
_SETTLE_ROUNDS = 4


def make_workspace(path: Path, today: date) -> None:
    """Build the sample workspace as of a day."""
    from qihua_desktop.workspace_files import make_demo

    path.parent.mkdir(parents=True, exist_ok=True)
    make_demo(path, today)


def settle(application: QApplication, window: MainWindow | None = None) -> None:
    """Let events, layouts and background work come to rest."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop

    for _round in range(_SETTLE_ROUNDS):
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        application.sendPostedEvents()
    deadline = QDeadlineTimer(5_000)
    while window is not None and window.context.jobs.running and not deadline.hasExpired():
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def open_demo(desktop: Desktop, path: Path) -> MainWindow:
    """Open the sample as its planning manager at the fixed moment."""
    from qihua_desktop.services import people

    session = desktop.files.open(path)
    session.local_now = lambda: NOW
    profiles = people.profiles(session)
    session.actor = next((one for one in profiles if one.role == "manager"), profiles[0])
    window = desktop.show_session(session, path)
    window.navigation.set_collapsed(collapsed=False)
    return window


def extra_windows(desktop: Desktop, window: MainWindow) -> Iterator[tuple[str, QWidget, Callable[[], object]]]:
    """Yield the dialogs worth a picture: name, widget, and how to get rid of it."""
    from ui.common.dialog_base import BaseDialog
    from ui.shell.about_dialog import AboutDialog
    from ui.shell.gate_dialog import GateDialog
    from ui.shell.palette import Palette
    from ui.shell.restore_dialog import RestoreDialog
    from ui.shell.settings_dialog import SettingsDialog
    from ui.shell.start_window import StartWindow
    from ui.shell.wizard import ProjectWizard

    context = window.context
    wizard = ProjectWizard(context, window)
    wizard.name.setText("中秋会员品鉴会" if desktop.store.settings.language == "zh_CN" else "Mid-autumn tasting")
    wizard.show()
    yield "wizard-1", wizard, lambda: None
    for step in range(2, 6):
        wizard.accept()
        yield f"wizard-{step}", wizard, lambda: None
    wizard.reject()
    wizard.deleteLater()
    palette = Palette(context, desktop.registry, window)
    palette.open_over(window)
    palette.field.setText("wl" if desktop.store.settings.language == "zh_CN" else "ve")
    yield "palette", palette, palette.close
    dialogs: list[BaseDialog] = []
    dialogs.append(SettingsDialog(desktop, context, window))
    dialogs.append(AboutDialog(window))
    if context.project_id is not None:
        dialogs.append(GateDialog(context, context.project_id, window))
    path = context.session.workspace.path
    desktop.files.back_up(context.session)
    dialogs.append(RestoreDialog(path, desktop.files.backups(path), window))
    for dialog in dialogs:
        dialog.show()
        yield type(dialog).__name__.removesuffix("Dialog").lower(), dialog, dialog.close
        dialog.deleteLater()
    start = StartWindow(desktop)
    start.show()
    yield "start", start, start.close
    start.deleteLater()


@contextmanager
def project_with_survey(window: MainWindow) -> Generator[None]:
    """Show the first project that has a questionnaire, its longest jump selected; then the one before again."""
    from qihua_desktop.services import projects, survey
    from ui.survey.page import SurveyPage

    context = window.context
    before = context.project_id
    for summary in projects.project_summaries(context.session):
        existing = survey.surveys(context.session, summary.project.id)
        if existing:
            context.choose_project(summary.project.id)
            jumps = survey.load_survey(context.session, existing[0].id).all_jumps
            page = window.findChild(SurveyPage)
            if jumps and page is not None:
                page.reveal(jumps[-1].question_id)
            break
    yield
    context.choose_project(before)


def money_tabs(window: MainWindow) -> Iterator[str]:
    """Show the tabs of the budget of the project with the most signed contracts, one after the other."""
    from qihua_desktop.services import contracts, projects
    from ui.budget.page import BudgetPage

    context = window.context
    before = context.project_id
    found = [one.project.id for one in projects.project_summaries(context.session) if one.project.status == "active"]
    context.choose_project(max(found, key=lambda one: len(contracts.contracts(context.session, one))))
    page = window.findChild(BudgetPage)
    if page is not None:
        first = page.switch.current_key()
        for key in page.switch.segment_keys():
            page.show_tab(key)
            yield key
        page.show_tab(first)
    context.choose_project(before)


def shoot(application: QApplication, desktop: Desktop, window: MainWindow, folder: Path, pages: frozenset[str]) -> int:
    """Save a picture of every page, return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        if not pages:
            old.unlink()
    made = 0
    for number, page in enumerate(desktop.registry, 1):
        if pages and page.key not in pages:
            continue
        window.show_page(page.key)
        settle(application, window)
        if page.key == "survey":
            with project_with_survey(window):
                settle(application, window)
                window.grab().save(str(folder / f"{number:02d}-{page.key}.png"))
        else:
            window.grab().save(str(folder / f"{number:02d}-{page.key}.png"))
        made += 1
        if page.key == "budget":
            for tab in money_tabs(window):
                settle(application, window)
                window.grab().save(str(folder / f"{number:02d}-{page.key}-{tab}.png"))
                made += 1
    if pages and "dialogs" not in pages:
        return made
    for number, (name, widget, dispose) in enumerate(extra_windows(desktop, window), 21):
        settle(application, window)
        widget.grab().save(str(folder / f"{number:02d}-{name}.png"))
        dispose()
        made += 1
    return made


def main() -> int:
    """Run the tool; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="beginning of the folder name, such as light-zh-1440")
    parser.add_argument("--pages", default="", help="keys of pages, separated by commas; “dialogs” for the dialogs")
    parser.add_argument("--file", type=Path, help="a workspace to show instead of the sample")
    options = parser.parse_args()
    pages = frozenset(one for one in options.pages.split(",") if one)
    with tempfile.TemporaryDirectory(prefix="qihua-shots-") as home:
        for variable, folder in (
            ("HOME", ""),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
        ):
            os.environ[variable] = str(Path(home) / folder)
        made = _run(Path(home), options.only, pages, options.file)
    print(f"{made} × {OUT.relative_to(ROOT)}/")
    return 0 if made else 1


def _run(home: Path, only: str, pages: frozenset[str], file: Path | None) -> int:
    from qihua_desktop import app, paths
    from qihua_desktop.i18n import set_language
    from qihua_desktop.settings_store import SettingsStore

    made = 0
    store = SettingsStore(paths.settings_file())
    store.change(language="zh_CN", theme="light")
    store.write("shell/collapsed", "0")
    application = app.build_application(sys.argv[:1], store)
    for short, language in LANGUAGES:
        wanted = [
            (theme, size)
            for theme in THEMES
            for size in SIZES
            if f"{theme}-{short}-{size[0]}x{size[1]}".startswith(only)
        ]
        if not wanted:
            continue
        set_language(language)
        path = home / short / ("企划部.qihua" if short == "zh" else "planning.qihua")
        if file is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, path)
        else:
            make_workspace(path, NOW.date())
        for theme, size in wanted:
            store.change(theme=theme, language=language)
            desktop = app.Desktop(application, store)
            desktop.apply_settings()
            app.dress(application, theme)
            window = open_demo(desktop, path)
            window.resize(*size)
            settle(application, window)
            folder = OUT / f"{theme}-{short}-{size[0]}x{size[1]}"
            made += shoot(application, desktop, window, folder, pages)
            desktop.leave()
            settle(application)
    return made


if __name__ == "__main__":
    sys.exit(main())
