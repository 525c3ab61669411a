"""The application's style sheet, written from the theme's roles. Widgets ask for a look by the property ``look``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QApplication

from qihua_desktop.domain.roles import Role

from .icons import tinted_svg

if TYPE_CHECKING:
    from .theme import Theme

_IMAGES: Final = (
    ("chevron-down", Role.MUTED),
    ("chevron-up", Role.MUTED),
    ("chevron-right", Role.MUTED),
    ("chevron-left", Role.MUTED),
    ("chevron-down", Role.FAINT),
    ("chevron-up", Role.FAINT),
    ("check", Role.ON_ACCENT),
    ("minus", Role.ON_ACCENT),
    ("check", Role.ACCENT),
    ("x", Role.MUTED),
)


def build_stylesheet(theme: Theme) -> str:
    """Return the style sheet in the theme's colours."""
    colors = {role.name: theme.hex(role) for role in Role}
    images = {f"{name.replace('-', '_')}_{role.value}": _image(name, theme.hex(role)) for name, role in _IMAGES}
    sheet = _BASE + _BUTTONS + _FIELDS + _VIEWS + _CONTAINERS
    for name, value in sorted({**colors, **images}.items(), key=lambda item: -len(item[0])):
        sheet = sheet.replace(f"@{name};", f"{value};").replace(f"@{name} ", f"{value} ")
    return sheet


@cache
def _folder() -> Path:
    folder = Path(mkdtemp(prefix="qihua-theme-"))
    application = QApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(_clear_folder)
    return folder


def _clear_folder() -> None:
    folder = _folder()
    for path in folder.glob("*.svg"):
        path.unlink(missing_ok=True)
    if folder.exists():
        folder.rmdir()
    _folder.cache_clear()


def _image(name: str, color: str) -> str:
    path = _folder() / f"{name}-{color.lstrip('#')}.svg"
    if not path.exists():
        path.write_bytes(tinted_svg(name, color))
    return f'url("{path.as_posix()}")'


_BASE: Final = """
QToolTip { background: @TOOLTIP; color: @ON_TOOLTIP; border: none; padding: 5px 8px; font-size: 12px; }
QMainWindow, QDialog { background: @BG; }
QMainWindow::separator { background: @LINE; width: 1px; height: 1px; }
QLabel { background: transparent; }
QMenu { background: @SURFACE; border: 1px solid @LINE; border-radius: 6px; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 10px; border-radius: 4px; color: @TEXT; }
QMenu::item:selected { background: @ACCENT_BG; color: @ACCENT; }
QMenu::item:disabled { color: @FAINT; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: @LINE_SOFT; margin: 4px 6px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 8px; }
QMenu::indicator:checked { image: @check_accent; }
QMenu::right-arrow { image: @chevron_right_muted; width: 12px; height: 12px; margin-right: 6px; }
QMenuBar { background: @SURFACE; border-bottom: 1px solid @LINE; }
QMenuBar::item { padding: 5px 10px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: @HOVER; }
QStatusBar { background: @SURFACE; border-top: 1px solid @LINE; color: @MUTED; }
QStatusBar::item { border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @LINE_STRONG; border-radius: 3px; border: none; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px 3px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 3px 2px; }
QScrollBar::handle:hover { background: @FAINT; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: @LINE_STRONG; }
"""

_BUTTONS: Final = """
QPushButton { background: @SURFACE; color: @TEXT_SOFT; border: 1px solid @LINE_STRONG; border-radius: 6px;
  padding: 0 12px; min-height: 28px; max-height: 28px; }
QPushButton:hover { background: @HOVER; }
QPushButton:pressed { background: @PRESSED; }
QPushButton:checked { background: @ACCENT_BG; color: @ACCENT; border-color: @ACCENT; }
QPushButton:focus { border-color: @ACCENT; }
QPushButton:disabled { color: @FAINT; background: @SUNKEN; border-color: @LINE; }
QPushButton::menu-indicator { image: @chevron_down_muted; width: 12px; height: 12px;
  subcontrol-position: right center; subcontrol-origin: padding; right: 8px; }
QPushButton[look="menu"] { padding-right: 26px; }
QPushButton[look="primary"] { background: @ACCENT; color: @ON_ACCENT; border-color: @ACCENT; font-weight: bold; }
QPushButton[look="primary"]:hover { background: @ACCENT_HOVER; border-color: @ACCENT_HOVER; }
QPushButton[look="primary"]:pressed { background: @ACCENT_PRESSED; border-color: @ACCENT_PRESSED; }
QPushButton[look="primary"]:focus { border: 2px solid @ACCENT_BG; padding: 0 11px; min-height: 26px; max-height: 26px; }
QPushButton[look="danger"] { background: @BAD; color: @ON_BAD; border-color: @BAD; font-weight: bold; }
QPushButton[look="danger"]:hover { background: @BAD_HOVER; border-color: @BAD_HOVER; }
QPushButton[look="danger"]:focus { border: 2px solid @BAD_BG; padding: 0 11px; min-height: 26px; max-height: 26px; }
QPushButton[look="primary"]:disabled, QPushButton[look="danger"]:disabled {
  background: @TRACK; color: @MUTED; border-color: @TRACK; }
QPushButton[look="ghost"] { background: transparent; border-color: transparent; }
QPushButton[look="ghost"]:hover { background: @HOVER; }
QPushButton[look="ghost"]:pressed { background: @PRESSED; }
QPushButton[look="ghost"]:checked { background: @ACCENT_BG; color: @ACCENT; }
QPushButton[look="ghost"]:focus { border-color: @ACCENT; }
QPushButton[look="link"] { background: transparent; border: 1px solid transparent; color: @ACCENT; padding: 0 4px;
  text-align: left; }
QPushButton[look="link"]:hover { background: @ACCENT_BG; }
QPushButton[look="link"]:focus { border-color: @ACCENT; }
QPushButton[look="status"] { background: transparent; border: 1px solid transparent; color: @MUTED; padding: 0 6px;
  min-height: 20px; max-height: 20px; font-size: 12px; text-align: right; }
QPushButton[look="status"]:hover { background: @HOVER; color: @TEXT; }
QPushButton[look="status"]:focus { border-color: @ACCENT; }
QPushButton[look="large"] { min-height: 50px; max-height: 50px; padding: 0 22px; font-size: 15px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px;
  color: @TEXT_SOFT; }
QToolButton:hover { background: @HOVER; }
QToolButton:pressed { background: @PRESSED; }
QToolButton:checked { background: @ACCENT_BG; color: @ACCENT; }
QToolButton:focus { border-color: @ACCENT; }
QToolButton:disabled { color: @FAINT; }
QToolButton::menu-indicator { image: none; }
QCheckBox, QRadioButton { spacing: 8px; color: @TEXT; background: transparent; padding: 3px 0; }
QCheckBox:disabled, QRadioButton:disabled { color: @FAINT; }
QCheckBox:focus, QRadioButton:focus { color: @ACCENT; }
QCheckBox::indicator, QGroupBox::indicator { width: 14px; height: 14px; border: 1px solid @FAINT; border-radius: 4px;
  background: @SURFACE; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: @ACCENT; }
QCheckBox::indicator:checked { background: @ACCENT; border-color: @ACCENT; image: @check_on_accent; }
QCheckBox::indicator:indeterminate { background: @ACCENT; border-color: @ACCENT; image: @minus_on_accent; }
QCheckBox::indicator:disabled { background: @SUNKEN; border-color: @LINE; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid @FAINT; border-radius: 8px;
  background: @SURFACE; }
QRadioButton::indicator:hover, QRadioButton::indicator:focus { border-color: @ACCENT; }
QRadioButton::indicator:checked { border: 5px solid @ACCENT; width: 6px; height: 6px; background: @SURFACE; }
"""

_FIELDS: Final = """
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: @SURFACE; color: @TEXT;
  border: 1px solid @LINE_STRONG; border-radius: 6px; padding: 0 9px; min-height: 28px;
  selection-background-color: @ACCENT; selection-color: @ON_ACCENT; }
QPlainTextEdit, QTextEdit { padding: 4px 5px; }
QLineEdit:hover, QPlainTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: @FAINT; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QComboBox:on {
  border-color: @ACCENT; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
  background: @SUNKEN; color: @MUTED; border-color: @LINE; }
QLineEdit:read-only { background: @SUNKEN; }
QLineEdit[problem="true"], QPlainTextEdit[problem="true"] { border-color: @BAD; }
QLineEdit[look="large"] { min-height: 50px; font-size: 22px; border: 2px solid @ACCENT; padding: 0 14px; }
QAbstractItemView QLineEdit { min-height: 0; border-radius: 0; border: 2px solid @ACCENT; padding: 0 4px; }
QAbstractItemView QComboBox { min-height: 0; border-radius: 0; border: 2px solid @ACCENT; }
QComboBox { padding-left: 11px; padding-right: 24px; }
QComboBox::drop-down { border: none; width: 24px; subcontrol-origin: border; subcontrol-position: center right; }
QComboBox::down-arrow { image: @chevron_down_muted; width: 12px; height: 12px; }
QComboBox::down-arrow:disabled { image: @chevron_down_faint; }
QComboBox QAbstractItemView { background: @SURFACE; border: 1px solid @LINE; padding: 4px; outline: none; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: 4px; color: @TEXT; }
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover {
  background: @ACCENT_BG; color: @ACCENT; }
QAbstractSpinBox { padding-left: 8px; padding-right: 22px; }
QAbstractSpinBox::up-button { subcontrol-origin: border; subcontrol-position: top right; width: 20px; border: none; }
QAbstractSpinBox::down-button { subcontrol-origin: border; subcontrol-position: bottom right; width: 20px;
  border: none; }
QAbstractSpinBox::up-arrow { image: @chevron_up_muted; width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: @chevron_down_muted; width: 10px; height: 10px; }
QAbstractSpinBox::up-arrow:off { image: @chevron_up_faint; }
QAbstractSpinBox::down-arrow:off { image: @chevron_down_faint; }
QSlider::groove:horizontal { height: 6px; background: @TRACK; border-radius: 3px; }
QSlider::sub-page:horizontal { height: 6px; background: @ACCENT; border-radius: 3px; }
QSlider::handle:horizontal { width: 10px; height: 10px; margin: -4px 0; border-radius: 7px; background: @SURFACE;
  border: 2px solid @ACCENT; }
QSlider::handle:horizontal:focus { background: @ACCENT; }
QSlider::sub-page:horizontal:disabled { background: @FAINT; }
QProgressBar { background: @TRACK; border: none; border-radius: 3px; min-height: 6px; max-height: 6px;
  color: transparent; }
QProgressBar::chunk { background: @ACCENT; border-radius: 3px; }
"""

_VIEWS: Final = """
QTableView, QTreeView, QListView { background: @SURFACE; alternate-background-color: @SUNKEN; color: @TEXT;
  border: none; outline: none; gridline-color: @LINE_SOFT;
  selection-background-color: @ACCENT_BG; selection-color: @TEXT; }
QTableView::item, QTreeView::item { border: none; border-bottom: 1px solid @LINE_SOFT; padding: 0 5px; }
QTableView::item:selected, QTreeView::item:selected { background: @ACCENT_BG; color: @TEXT; }
QTableView::item:hover:!selected, QTreeView::item:hover:!selected { background: @HOVER; }
QTreeView::branch { border-bottom: 1px solid @LINE_SOFT; background: transparent; }
QTreeView::branch:selected { background: @ACCENT_BG; }
QTreeView::branch:has-children:closed { image: @chevron_right_muted; }
QTreeView::branch:has-children:open { image: @chevron_down_muted; }
QListView::item { padding: 4px 8px; border-radius: 4px; min-height: 22px; }
QListView::item:selected { background: @ACCENT_BG; color: @ACCENT; }
QListView::item:hover:!selected { background: @HOVER; }
QHeaderView { background: @SUNKEN; border: none; }
QHeaderView::section { background: @SUNKEN; color: @MUTED; border: none; border-bottom: 1px solid @LINE;
  padding: 0 8px; font-size: 12px; font-weight: normal; min-height: 29px; }
QHeaderView::section:hover { color: @TEXT; }
QHeaderView::down-arrow { image: @chevron_down_muted; width: 12px; height: 12px; }
QHeaderView::up-arrow { image: @chevron_up_muted; width: 12px; height: 12px; }
QTableCornerButton::section { background: @SUNKEN; border: none; border-bottom: 1px solid @LINE; }
QCalendarWidget QAbstractItemView { selection-background-color: @ACCENT; selection-color: @ON_ACCENT; }
"""

_CONTAINERS: Final = """
QFrame[look="card"] { background: @SURFACE; border: 1px solid @LINE; border-radius: 8px; }
QFrame[look="card-header"] { background: transparent; border: none; border-bottom: 1px solid @LINE; }
QFrame[look="surface"], QWidget[look="surface"] { background: @SURFACE; }
QFrame[look="sunken"], QWidget[look="sunken"] { background: @SUNKEN; }
QFrame[look="topbar"] { background: @SURFACE; border: none; border-bottom: 1px solid @LINE; }
QFrame[look="toolbar"] { background: @SUNKEN; border: none; border-bottom: 1px solid @LINE; }
QFrame[look="bottombar"] { background: @SURFACE; border: none; border-top: 1px solid @LINE; }
QFrame[look="sidebar"] { background: @SURFACE; border: none; border-right: 1px solid @LINE; }
QFrame[look="segments"] { background: @SURFACE; border: 1px solid @LINE_STRONG; border-radius: 6px; }
QFrame[look="popup"] { background: @SURFACE; border: 1px solid @LINE; border-radius: 8px; }
QFrame[look="dashed"] { background: @SUNKEN; border: 1px dashed @FAINT; border-radius: 6px; }
QFrame[look="separator"] { background: @LINE; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[look="page"] { background: transparent; }
QTabWidget::pane { border: none; border-top: 1px solid @LINE; }
QTabBar::tab { background: transparent; color: @MUTED; padding: 7px 12px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @ACCENT; border-bottom-color: @ACCENT; font-weight: bold; }
QTabBar::tab:hover:!selected { color: @TEXT; }
QTabBar::tab:focus { color: @ACCENT; }
QGroupBox { border: 1px solid @LINE; border-radius: 6px; margin-top: 10px; padding: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; padding: 0 4px; color: @MUTED; }
QDockWidget { color: @TEXT; }
"""
