"""The real window by keyboard and screen reader: names, tab order, shortcuts, and nothing cut off."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qihua_desktop import app
from qihua_desktop.services import people, projects
from qihua_desktop.settings_store import SettingsStore
from tests.services.workspace_samples import DEMO_DAY, demo_file
from ui.budget.page import BudgetPage
from ui.common.labels import PlainLabel
from ui.shell.main_window import MainWindow
from ui.shell.navigation import NavigationButton, ProfileButton

NOW = datetime(DEMO_DAY.year, DEMO_DAY.month, DEMO_DAY.day, 10, 42)
SIZES = ((1366, 768), (1440, 900))
LANGUAGES = ("zh_CN", "en")
_MOST_TABS = 400
_TOLERANCE = 2
# Widgets of Qt's own inside others: the owner has the name.
_INNER = {"qt_scrollarea_viewport", "qt_spinbox_lineedit", "qt_calendar_calendarview"}
Opened = Callable[[str, tuple[int, int]], MainWindow]


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    """Return a function that opens the sample in a language and size."""
    store = SettingsStore(tmp_path / "config" / "settings.json")
    store.change(language="zh_CN", theme="light", backup_folder=str(tmp_path / "backups"))
    store.write("shell/collapsed", "0")
    app.build_application([], store)
    running = app.Desktop(qapp, store)

    def open_it(language: str, size: tuple[int, int]) -> MainWindow:
        store.change(language=language)
        running.apply_settings()
        path = tmp_path / "企划部.qihua"
        shutil.move(demo_file(tmp_path, language), path)
        session = running.files.open(path)
        session.local_now = lambda: NOW
        session.actor = next(one for one in people.profiles(session) if one.role == "manager")
        window = running.show_session(session, path)
        window.resize(*size)
        window.navigation.set_collapsed(collapsed=False)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield open_it
    running.leave()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def pages(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Show every page, the pages of a project for its event and its research project."""
    found = projects.all_projects(window.context.session)
    for kind in ("event", "research"):
        window.context.choose_project(next(one.id for one in found if one.kind == kind and one.status == "active"))
        for page in window.registry:
            if kind == "event" or page.per_project:
                window.show_page(page.key)
                QApplication.processEvents()
                shown = window.host.page(page.key)
                yield f"{kind} {page.key}", shown
                if isinstance(shown, BudgetPage):
                    yield from budget_tabs(kind, shown)


def budget_tabs(kind: str, page: BudgetPage) -> Iterator[tuple[str, QWidget]]:
    """Show other tabs of a budget."""
    first = page.switch.current_key()
    for key in page.switch.segment_keys()[1:]:
        page.show_tab(key)
        QApplication.processEvents()
        yield f"{kind} {page.key} {key}", page
    page.show_tab(first)


def visible_widgets(window: QWidget) -> list[QWidget]:
    return [one for one in window.findChildren(QWidget) if one.isVisible()]


def takes_focus(widget: QWidget) -> bool:
    """Return whether Tab is meant to lead to a widget."""
    return (
        widget.isEnabled()
        and widget.isVisible()
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and not isinstance(widget, QScrollArea)
        and widget.objectName() not in _INNER
    )


def described(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    words = widget.accessibleName() or (str(text()) if callable(text) else "") or widget.objectName()
    return f"{type(widget).__name__} “{words[:40]}”"


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_whatever_takes_focus_has_a_name(opened: Opened, language: str) -> None:
    window = opened(language, SIZES[0])
    nameless: set[str] = set()
    for page, _widget in pages(window):
        for widget in visible_widgets(window):
            if takes_focus(widget):
                text = widget.text() if isinstance(widget, QAbstractButton) else ""
                if not (widget.accessibleName() or text).strip():
                    parent = widget.parentWidget()
                    nameless.add(f"{page}: {described(widget)} in {type(parent).__name__}")
    assert not nameless, "\n".join(sorted(nameless))


def test_tab_reaches_every_control_and_is_caught_by_none(opened: Opened) -> None:
    window = opened("zh_CN", SIZES[1])
    missed: list[str] = []
    for page, _widget in pages(window):
        window.setFocus()
        first = window.navigation.button(page.split()[1])
        first.setFocus()
        seen: list[QWidget] = []
        for _press in range(_MOST_TABS):
            focus = QApplication.focusWidget()
            if focus is None:
                missed.append(f"{page}: the focus is lost after {[described(one) for one in seen[-2:]]}")
                break
            if seen and focus is seen[0]:
                break
            seen.append(focus)
            QTest.keyClick(focus, Qt.Key.Key_Tab)
            if QApplication.focusWidget() is focus:  # a plan or a budget, where Tab works on cells
                QTest.keyClick(focus, Qt.Key.Key_F6)
            if QApplication.focusWidget() is focus:
                missed.append(f"{page}: {described(focus)} keeps the focus")
                break
        else:
            missed.append(f"{page}: Tab does not come round")
        wanted = [one for one in visible_widgets(window) if takes_focus(one) and one.isVisibleTo(window)]
        reached = set(seen) | {one for widget in seen for one in _family(widget)}
        missed += [f"{page}: {described(one)}" for one in wanted if one not in reached and not _grouped(one, reached)]
    assert not missed, "\n".join(missed)


class _Windows(QObject):
    """Notes every window that comes up while it watches."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.shown: list[str] = []
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(described(watched))
        return False


def test_a_page_brings_up_no_window_not_even_for_a_moment(opened: Opened, qapp: QApplication) -> None:
    window = opened("zh_CN", SIZES[0])
    watching = _Windows(qapp)
    seen = {page: tuple(watching.shown) for page, _widget in pages(window)}
    qapp.removeEventFilter(watching)
    assert len(seen) > len(list(window.registry))
    assert watching.shown == []


def _family(widget: QWidget) -> Iterator[QWidget]:
    """Yield what the focus of a widget stands for: its editor's or list's owner."""
    parent = widget.parentWidget()
    while parent is not None and parent.focusProxy() is widget:
        yield parent
        parent = parent.parentWidget()


def _grouped(widget: QWidget, reached: set[QWidget]) -> bool:
    """Return whether a widget is one of an exclusive group: Tab reaches the chosen one, arrows the others."""
    if not isinstance(widget, QAbstractButton):
        return False
    group = widget.group()
    exclusive = bool(group) and group.exclusive()
    siblings = group.buttons() if group else []
    if not exclusive and widget.autoExclusive() and widget.parentWidget() is not None:
        exclusive = True
        siblings = widget.parentWidget().findChildren(QAbstractButton)
    return exclusive and any(one in reached for one in siblings)


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_every_action_has_a_text_and_its_keys_for_itself(opened: Opened, language: str) -> None:
    window = opened(language, SIZES[0])
    for _page in pages(window):
        pass
    actions = [one for one in window.findChildren(QAction) if not one.isSeparator() and _is_ours(one)]
    assert len(actions) > 40
    assert [f"{one.objectName()} of {one.parent()}" for one in actions if not one.text().strip()] == []
    assert [name for name, count in Counter(_keys(window)).items() if count > 1] == []


def _is_ours(action: QAction) -> bool:
    """Return whether an action is the program's, not the one in Qt's own clear buttons and menus' titles."""
    return not action.menu() and not action.objectName().startswith("_q_")


def _keys(window: MainWindow) -> Iterator[str]:
    """Yield the keys that work in the window whatever has the focus."""
    for action in window.actions():
        for keys in action.shortcuts():
            yield keys.toString(QKeySequence.SequenceFormat.PortableText)


def test_no_page_takes_the_keys_of_the_window(opened: Opened) -> None:
    window = opened("zh_CN", SIZES[0])
    whole = set(_keys(window))
    taken: set[str] = set()
    for page, widget in pages(window):
        inside: Counter[str] = Counter()
        for one in [widget, *widget.findChildren(QWidget)]:
            own: set[str] = set()
            for action in one.actions():
                for keys in action.shortcuts():
                    own.add(keys.toString(QKeySequence.SequenceFormat.PortableText))
            inside.update(own if one is widget else ())
            taken |= {f"{page}: {key} of {type(one).__name__}" for key in own & whole}
        taken |= {f"{page}: {key} twice" for key, count in inside.items() if count > 1}
    assert not taken, "\n".join(sorted(taken))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_no_label_and_no_button_is_cut_off(opened: Opened, language: str, size: tuple[int, int]) -> None:
    window = opened(language, size)
    cut: set[str] = set()
    for page, _widget in pages(window):
        assert (window.width(), window.height()) == size
        for widget in visible_widgets(window):
            missing = _missing_width(widget)
            if isinstance(widget, QHeaderView):
                cut |= {f"{page}: column “{title}” of {language}" for title in _cut_titles(widget)}
            if missing > _TOLERANCE:
                cut.add(f"{page}: {described(widget)} lacks {missing} px of {widget.sizeHint().width()}")
    assert not cut, "\n".join(sorted(cut))


def _missing_width(widget: QWidget) -> int:
    """Return how many pixels of its text a widget does not show; what is meant to be shortened lacks none."""
    if isinstance(widget, PlainLabel):
        if widget.wordWrap():
            return max(0, widget.heightForWidth(widget.width()) - widget.height())
        return 0 if widget.elides() else widget.sizeHint().width() - widget.width()
    if isinstance(widget, NavigationButton | ProfileButton) or _is_picture(widget):
        return 0  # the column's width is given, names are shortened there; pictures have no words to lose
    if isinstance(widget, QLabel | QAbstractButton | QComboBox):
        return widget.sizeHint().width() - widget.width()
    if isinstance(widget, QLineEdit) and not widget.text():
        words = widget.fontMetrics().horizontalAdvance(widget.placeholderText())
        return words - widget.contentsRect().width() if widget.placeholderText() else 0
    return 0


def _is_picture(widget: QWidget) -> bool:
    inside_field = isinstance(widget.parentWidget(), QLineEdit)
    return isinstance(widget, QToolButton) and (inside_field or not widget.text())


def _cut_titles(header: QHeaderView) -> Iterator[str]:
    """Yield the titles of a table's columns that do not fit above them."""
    model = header.model()
    if not model or header.orientation() is not Qt.Orientation.Horizontal:
        return
    for number in range(header.count()):
        title = str(model.headerData(number, Qt.Orientation.Horizontal) or "")
        words = header.fontMetrics().horizontalAdvance(title)
        if not header.isSectionHidden(number) and words > header.sectionSize(number) - 2:
            yield title
