"""The head above every page: which project, what kind, which stage, which day; export and search."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from qihua_desktop.domain.formatting import date_long
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.project import Project, ProjectKind, ProjectStatus, kind_label, status_label
from qihua_desktop.i18n import _
from ui.common.theme import SPACE_2, SPACE_5
from ui.common.widgets import Chip, Tone, button, icon_button, menu_button, set_tool_tip, title_label

KIND_TONES = {
    ProjectKind.BRAND: Tone.BRAND,
    ProjectKind.EVENT: Tone.EVENT,
    ProjectKind.RESEARCH: Tone.RESEARCH,
}
STATUS_TONES = {
    ProjectStatus.ACTIVE: Tone.OK,
    ProjectStatus.CLOSED: Tone.NEUTRAL,
    ProjectStatus.CANCELLED: Tone.WARN,
}
_HEIGHT = 56


def key_date_text(project: Project) -> str:
    """Return the project's key date with what it is."""
    day = date_long(project.key_on)
    if project.direction is ScheduleDirection.BACKWARD:
        if project.kind is ProjectKind.EVENT:
            return _("Event day {date}").format(date=day)
        return _("Due {date}").format(date=day)
    return _("Start {date}").format(date=day)


class Header(QFrame):
    """The head of the main window.

    Signals:
        search_clicked(): the search was asked for.
        switch_clicked(): another project was asked for.
        window_clicked(): the page was asked for in a window of its own.
    """

    search_clicked = Signal()
    switch_clicked = Signal()
    window_clicked = Signal()

    def __init__(self, export_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "topbar")
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName(_("Header"))
        self.title = title_label()
        self.switch_button = icon_button("chevrons-up-down", _("Switch project"), self.switch_clicked.emit)
        set_tool_tip(self.switch_button, _("Switch project") + "  Ctrl+P")
        self.kind_chip = Chip()
        self.stage_chip = Chip()
        self.date_chip = Chip()
        self.status_chip = Chip()
        self.export_button = menu_button(_("Export PDF"), export_menu)
        self.search_button = button(_("Search Ctrl+K"), self.search_clicked.emit)
        self.window_button = icon_button("external-link", _("Open in a window of its own"), self.window_clicked.emit)
        set_tool_tip(self.window_button, _("Open in a window of its own") + "  Ctrl+Shift+W")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_5, 0, SPACE_5, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self.title)
        row.addWidget(self.switch_button)
        row.addSpacing(2)
        for chip in (self.kind_chip, self.stage_chip, self.date_chip, self.status_chip):
            row.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        row.addWidget(self.window_button)
        row.addWidget(self.export_button)
        row.addWidget(self.search_button)
        self.show_page("")

    def show_project(self, project: Project, stage_name: str) -> None:
        """Show a project's name and chips."""
        self.title.setText(project.name)
        set_tool_tip(self.title, project.name)
        self.kind_chip.set_text(kind_label(project.kind))
        self.kind_chip.set_tone(KIND_TONES[project.kind])
        self.stage_chip.set_text(stage_name)
        self.date_chip.set_text(key_date_text(project))
        self.status_chip.set_text(status_label(project.status))
        self.status_chip.set_tone(STATUS_TONES[project.status])
        self._show_chips(visible=True)
        self.stage_chip.setVisible(bool(stage_name))
        self.status_chip.setVisible(project.status is not ProjectStatus.ACTIVE)

    def show_page(self, title: str) -> None:
        """Show a page that belongs to no project."""
        self.title.setText(title)
        set_tool_tip(self.title, "")
        self._show_chips(visible=False)

    @Slot(bool)
    def set_search_visible(self, visible: bool) -> None:
        """Show or hide search and the window button; a page's own window has neither."""
        for one in (self.search_button, self.window_button, self.switch_button):
            one.setVisible(visible)

    def _show_chips(self, *, visible: bool) -> None:
        for one in (self.kind_chip, self.stage_chip, self.date_chip, self.status_chip):
            one.setVisible(visible)
        self.switch_button.setVisible(visible)
        self.export_button.setVisible(visible)
