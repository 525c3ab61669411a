"""The navigation on the left: three groups of pages with counts, and who works now at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from qihua_desktop.domain.people import Person, role_label
from qihua_desktop.i18n import _
from ui.common.icons import paint_icon
from ui.common.theme import NAVIGATION_WIDTH, RADIUS, Role, theme
from ui.common.widgets import Avatar, Elide, PlainLabel, icon_button, set_tool_tip

from .focus_button import FocusButton
from .registry import PageRegistry, PageSpec, Section, section_label

_ROW: Final = 34
_COLLAPSED_WIDTH: Final = 56
_LEFT: Final = 10


class BadgeTone(StrEnum):
    """A count to know, or a count that waits for the user."""

    QUIET = "quiet"
    URGENT = "urgent"


class NavigationButton(FocusButton):
    """One page in the navigation."""

    def __init__(self, page: PageSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = page
        self._badge = ""
        self._badge_tone = BadgeTone.QUIET
        self._collapsed = False
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setText(page.title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()
        theme().changed.connect(self.update)

    def set_badge(self, count: int, tone: BadgeTone = BadgeTone.QUIET) -> None:
        """Show a count; 0 shows none."""
        text = "" if count <= 0 else str(count) if count < 1000 else "999+"
        if (text, tone) != (self._badge, self._badge_tone):
            self._badge, self._badge_tone = text, tone
            self._describe()
            self.update()

    def badge(self) -> str:
        """Return the count shown, empty for none."""
        return self._badge

    def set_collapsed(self, *, collapsed: bool) -> None:
        """Show the icon only."""
        self._collapsed = collapsed
        self._describe()
        self.update()

    def _describe(self) -> None:
        title = self.page.title
        self.setAccessibleName(f"{title} ({self._badge})" if self._badge else title)
        shortcut = f"  {self.page.shortcut}" if self.page.shortcut else ""
        set_tool_tip(self, (title if self._collapsed else "") + shortcut)

    def sizeHint(self) -> QSize:
        return QSize(_COLLAPSED_WIDTH if self._collapsed else NAVIGATION_WIDTH - 2 * _LEFT, _ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(_ROW, _ROW)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        chosen = self.isChecked()
        enabled = self.isEnabled()
        row = self.rect().adjusted(0, 1, 0, -1)
        if chosen or (enabled and self.underMouse()) or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color(Role.ACCENT_BG if chosen else Role.HOVER))
            painter.drawRoundedRect(row, RADIUS, RADIUS)
        if self.shows_focus():
            painter.setPen(colors.color(Role.ACCENT))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
        ink = Role.ACCENT if chosen else Role.TEXT_SOFT if enabled else Role.FAINT
        side = 18 if self._collapsed else 16
        left = (self.width() - side) // 2 if self._collapsed else 10
        icon_ink = ink if chosen or not enabled else Role.MUTED
        paint_icon(painter, self.page.icon, QRect(left, (self.height() - side) // 2, side, side), icon_ink)
        right = self._paint_badge(painter)
        if not self._collapsed:
            painter.setFont(colors.font(bold=chosen))
            painter.setPen(colors.color(ink))
            place = QRect(36, 0, right - 36, self.height())
            text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()

    def _paint_badge(self, painter: QPainter) -> int:
        """Draw the count and return where it begins."""
        colors = theme()
        edge = self.width() - 10
        if not self._badge:
            return edge
        urgent = self._badge_tone is BadgeTone.URGENT
        if self._collapsed:
            if urgent:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colors.color(Role.BAD))
                painter.drawEllipse(self.width() // 2 + 6, 6, 7, 7)
            return edge
        painter.setFont(colors.font(11 if urgent else 12, bold=urgent, tabular=True))
        width = painter.fontMetrics().horizontalAdvance(self._badge)
        if not urgent:
            painter.setPen(colors.color(Role.MUTED))
            place = QRect(edge - width, 0, width + 1, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._badge)
            return edge - width - 8
        pill = QRect(edge - max(18, width + 10), (self.height() - 18) // 2, max(18, width + 10), 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color(Role.BAD))
        painter.drawRoundedRect(pill, 9, 9)
        painter.setPen(colors.color(Role.ON_BAD))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self._badge)
        return pill.left() - 8


class ProfileButton(FocusButton):
    """Who works now; opens the menu to change that."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._avatar = Avatar("?", diameter=30)
        self._avatar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._name = PlainLabel("", elide=Elide.END)
        self._role = PlainLabel("", elide=Elide.END, role=Role.MUTED, size=12)
        self._texts = QWidget()
        self._texts.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        texts = QVBoxLayout(self._texts)
        texts.setContentsMargins(0, 0, 0, 0)
        texts.setSpacing(0)
        texts.addWidget(self._name)
        texts.addWidget(self._role)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(9)
        layout.addWidget(self._avatar)
        layout.addWidget(self._texts, 1)
        self.set_person(None)
        theme().changed.connect(self.update)

    def set_person(self, person: Person | None) -> None:
        """Show who works now."""
        name = person.name if person else _("Choose who you are")
        role = (person.title or role_label(person.role)) if person else _("Nobody is chosen")
        self._avatar.set_name(person.name if person else "?")
        self._name.setText(name)
        self._role.setText(role)
        self.setAccessibleName(_("Profile: {name}, {role}").format(name=name, role=role))
        set_tool_tip(self, _("Switch profile"))

    def set_collapsed(self, *, collapsed: bool) -> None:
        """Show the picture only."""
        self._texts.setVisible(not collapsed)

    def sizeHint(self) -> QSize:
        return QSize(NAVIGATION_WIDTH - 4 * _LEFT, 48)

    def minimumSizeHint(self) -> QSize:
        return QSize(44, 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown() or self.shows_focus():
            painter.setPen(theme().color(Role.ACCENT) if self.shows_focus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(Role.HOVER))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.end()


class BrandMark(QWidget):
    """The program's mark: a character on the accent colour."""

    def __init__(self, *, side: int = 24) -> None:
        super().__init__()
        self.setFixedSize(side, side)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(Role.ACCENT))
        painter.drawRoundedRect(self.rect(), self.width() * 0.25, self.width() * 0.25)
        painter.setPen(theme().color(Role.ON_ACCENT))
        painter.setFont(theme().font(self.width() * 0.6, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "企")
        painter.end()


class Navigation(QFrame):
    """The left side.

    Signals:
        page_chosen(str): a page's key.
        profile_clicked(): the person at the bottom.
        menu_clicked(): the program's menu at the top.
        collapse_toggled(bool): the navigation was collapsed to icons or opened again by the user.
    """

    page_chosen = Signal(str)
    profile_clicked = Signal()
    menu_clicked = Signal()
    collapse_toggled = Signal(bool)

    def __init__(self, registry: PageRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "sidebar")
        self.setAccessibleName(_("Navigation"))
        self.collapsed = False
        self._buttons: dict[str, NavigationButton] = {}
        self._captions: list[PlainLabel] = []
        self._mark = BrandMark()
        self._name = PlainLabel(_("Qihua Desktop"), size=14, bold=True, elide=Elide.END)
        self.menu_button = icon_button("ellipsis-vertical", _("Menu"), self.menu_clicked.emit)
        set_tool_tip(self.menu_button, _("Menu") + "  F10")
        self._toggle = icon_button("panel-left", _("Collapse the navigation"), self._on_toggle_clicked)
        self.profile_button = ProfileButton()
        self.profile_button.clicked.connect(self.profile_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head())
        layout.addWidget(self._list(registry), 1)
        layout.addWidget(self._foot())
        self.set_collapsed(collapsed=False)

    def button(self, key: str) -> NavigationButton:
        """Return a page's button."""
        return self._buttons[key]

    def set_current(self, key: str) -> None:
        """Mark the page shown."""
        for name, button in self._buttons.items():
            button.setChecked(name == key)

    def set_badge(self, key: str, count: int, tone: BadgeTone = BadgeTone.QUIET) -> None:
        """Show a count beside a page."""
        if key in self._buttons:
            self._buttons[key].set_badge(count, tone)

    def set_project_pages_enabled(self, *, enabled: bool) -> None:
        """Let project pages be chosen only while there is a project."""
        for button in self._buttons.values():
            if button.page.section is Section.PROJECT:
                button.setEnabled(enabled)

    def set_collapsed(self, *, collapsed: bool) -> None:
        """Show icons only, or icons with names."""
        self.collapsed = collapsed
        self.setFixedWidth(_COLLAPSED_WIDTH if collapsed else NAVIGATION_WIDTH)
        for caption in self._captions:
            caption.setText("" if collapsed else caption.property("caption"))
            caption.setFixedHeight(13 if collapsed else 32)
        for button in self._buttons.values():
            button.set_collapsed(collapsed=collapsed)
        self._name.setVisible(not collapsed)
        self._toggle.setVisible(not collapsed)
        self._expand.setVisible(collapsed)
        self._small_menu.setVisible(collapsed)
        self.menu_button.setVisible(not collapsed)
        self.profile_button.set_collapsed(collapsed=collapsed)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 14, 4, 6)
        row.setSpacing(7)
        row.addWidget(self._mark)
        row.addWidget(self._name, 1)
        row.addWidget(self.menu_button)
        return row

    def _list(self, registry: PageRegistry) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("look", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(_LEFT, 2, _LEFT, 8)
        column.setSpacing(0)
        for section in Section:
            pages = registry.of(section)
            if not pages:
                continue
            caption = PlainLabel(section_label(section), role=Role.MUTED, size=11)
            caption.setProperty("caption", section_label(section))
            caption.setContentsMargins(10, 0, 0, 5)
            caption.setAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
            self._captions.append(caption)
            column.addWidget(caption)
            self._add_buttons(column, pages)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _add_buttons(self, column: QVBoxLayout, pages: Sequence[PageSpec]) -> None:
        for page in pages:
            button = NavigationButton(page)
            button.clicked.connect(lambda _checked=False, key=page.key: self._on_button_clicked(key))
            self._buttons[page.key] = button
            column.addWidget(button)

    def _foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(_LEFT - 4, 4, _LEFT - 4, 8)
        column.setSpacing(2)
        self._small_menu = icon_button("ellipsis", _("Menu"), self.menu_clicked.emit)
        column.addWidget(self._small_menu, 0, Qt.AlignmentFlag.AlignHCenter)
        self._expand = icon_button("chevrons-right", _("Open the navigation"), self._on_toggle_clicked)
        column.addWidget(self._expand, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.profile_button, 1)
        row.addWidget(self._toggle)
        column.addLayout(row)
        return foot

    def _on_button_clicked(self, key: str) -> None:
        button = self._buttons[key]
        button.setChecked(True)
        self.page_chosen.emit(key)

    @Slot()
    def _on_toggle_clicked(self) -> None:
        self.set_collapsed(collapsed=not self.collapsed)
        self.collapse_toggled.emit(self.collapsed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        buttons = [button for button in self._buttons.values() if button.isEnabled()]
        focused = self.focusWidget()
        if step is None or not isinstance(focused, NavigationButton) or focused not in buttons:
            super().keyPressEvent(event)
            return
        buttons[(buttons.index(focused) + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
