"""Texts on a window: always literal, never HTML, never wider than the window can bear."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from .theme import FIGURE_SIZE, SECONDARY_SIZE, TEXT_SIZE, TITLE_SIZE, Role, theme

_WIDEST_MINIMUM: Final = 260
_ELIDED_MINIMUM: Final = 28
_LONGEST_SHOWN: Final = 4_000
_LONGEST_TOOL_TIP: Final = 2_000
_LONGEST_LITERAL: Final = 48
_LONGEST_CAPTION: Final = 400
# Marks that would turn round what follows them, up to the end of the sentence around a name.
_TURNING_MARKS: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
# What the module html would escape; its list of all entities takes long to load.
_HTML: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "\n": "<br>"})


class Elide(StrEnum):
    """Where an ellipsis goes when a text does not fit."""

    NONE = "none"
    END = "end"
    MIDDLE = "middle"


_MODES: Final = {
    Elide.NONE: Qt.TextElideMode.ElideRight,
    Elide.END: Qt.TextElideMode.ElideRight,
    Elide.MIDDLE: Qt.TextElideMode.ElideMiddle,
}


class PlainLabel(QLabel):
    """A label that shows any text as it is.

    ``elide`` lets it shrink to nearly nothing; without, it asks for its whole text up to a sane width and still
    shows an ellipsis rather than a cut letter. ``wrap`` breaks it into lines, also where there is no space; after
    ``longest`` characters it ends with an ellipsis.
    """

    def __init__(
        self,
        text: str = "",
        *,
        elide: Elide = Elide.NONE,
        wrap: bool = False,
        role: Role = Role.TEXT,
        size: int = TEXT_SIZE,
        bold: bool = False,
        tabular: bool = False,
        longest: int = _LONGEST_SHOWN,
    ) -> None:
        super().__init__()
        self._full_text = ""
        self._longest = longest
        self._elide = elide
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setWordWrap(wrap)
        self.setFont(theme().font(size, bold=bold, tabular=tabular))
        if elide is not Elide.NONE:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def full_text(self) -> str:
        """Return the text as it was set, however much of it is seen."""
        return self._full_text

    def elides(self) -> bool:
        """Return whether the text is meant to be shortened where room is short."""
        return self._elide is not Elide.NONE

    def set_role(self, role: Role) -> None:
        """Change the colour."""
        self._role = role
        self.update()

    def set_bold(self, *, bold: bool) -> None:
        """Change the weight."""
        font = self.font()
        font.setBold(bold)
        self.setFont(font)

    def setText(self, text: str) -> None:
        self._full_text = text
        shown = upright(text if len(text) <= self._longest else text[: self._longest] + "…")
        super().setText(shown if self.wordWrap() else one_line(shown))
        self.setAccessibleName(text[:_LONGEST_TOOL_TIP])
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        limit = _WIDEST_MINIMUM if self._elide is Elide.NONE else _ELIDED_MINIMUM
        if self.wordWrap():
            return QSize(min(hint.width(), _WIDEST_MINIMUM // 2), hint.height())
        return QSize(min(hint.width(), limit), hint.height())

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return hint if self.wordWrap() else QSize(min(hint.width(), 1_200), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        role = self._role if self.isEnabled() else Role.FAINT
        painter.setPen(theme().color(role))
        area = self.contentsRect()
        if self.wordWrap():
            flags = int(self.alignment()) | int(
                Qt.TextFlag.TextWrapAnywhere if self._unbroken() else Qt.TextFlag.TextWordWrap
            )
            painter.drawText(area, flags, self.text())
        else:
            shown = painter.fontMetrics().elidedText(self.text(), _MODES[self._elide], area.width())
            painter.drawText(area, int(self.alignment()) | int(Qt.TextFlag.TextSingleLine), shown)

    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return super().heightForWidth(width)
        flags = int(Qt.TextFlag.TextWrapAnywhere if self._unbroken() else Qt.TextFlag.TextWordWrap)
        area = self.fontMetrics().boundingRect(0, 0, max(1, width), 100_000, flags, self.text() or " ")
        margins = self.contentsMargins()
        return area.height() + margins.top() + margins.bottom()

    def _unbroken(self) -> bool:
        return any(len(word) > 24 and word.isascii() for word in self.text().split())


class PictureLabel(QLabel):
    """Shows a picture (``setPixmap``), such as a company's logo; it never shows a text."""

    def __init__(self, accessible_name: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(accessible_name)


def title_label(text: str = "") -> PlainLabel:
    """Return a page's title."""
    return PlainLabel(text, elide=Elide.END, size=TITLE_SIZE, bold=True)


def section_label(text: str = "") -> PlainLabel:
    """Return a card's or section's heading."""
    return PlainLabel(text, elide=Elide.END, bold=True)


def secondary_label(text: str = "", *, wrap: bool = False) -> PlainLabel:
    """Return a second line: smaller, softer."""
    return _caption(text, Role.TEXT_SOFT, wrap=wrap)


def muted_label(text: str = "", *, wrap: bool = False) -> PlainLabel:
    """Return a caption or a hint."""
    return _caption(text, Role.MUTED, wrap=wrap)


def figure_label(text: str = "") -> PlainLabel:
    """Return a large number."""
    return PlainLabel(text, elide=Elide.END, size=FIGURE_SIZE, bold=True, tabular=True)


def upright(text: str) -> str:
    """Return a text as it is painted: without the marks that would turn the words around it the other way round."""
    return text.translate(_TURNING_MARKS)


def one_line(text: str) -> str:
    """Return a text with a space for whatever would begin a new line."""
    return " ".join(text.splitlines())


def tool_tip_text(text: str) -> str:
    """Return a text as tool tips need it: literal, wrapped, not endless. Item models return this for ToolTipRole."""
    shown = text if len(text) <= _LONGEST_TOOL_TIP else text[:_LONGEST_TOOL_TIP] + "…"
    return f"<qt>{upright(shown).translate(_HTML)}</qt>" if shown else ""


def set_tool_tip(target: QWidget | QAction, text: str) -> None:
    """Give a widget or an action a tool tip that shows the text literally."""
    target.setToolTip(tool_tip_text(text))
    if isinstance(target, QWidget):
        target.setAccessibleDescription(text[:_LONGEST_TOOL_TIP])


def literal(text: str) -> str:
    """Return a text for buttons, menus and tabs: a single & makes no shortcut, and it has an end."""
    shown = text if len(text) <= _LONGEST_LITERAL else text[:_LONGEST_LITERAL] + "…"
    return one_line(upright(shown)).replace("&", "&&")


def _caption(text: str, role: Role, *, wrap: bool) -> PlainLabel:
    return PlainLabel(text, elide=Elide.END, wrap=wrap, size=SECONDARY_SIZE, role=role, longest=_LONGEST_CAPTION)


def ink(widget: QWidget, role: Role) -> None:
    """Colour the text of a plain Qt widget that has no role of its own."""
    palette = widget.palette()
    color: QColor = theme().color(role)
    palette.setColor(QPalette.ColorRole.WindowText, color)
    palette.setColor(QPalette.ColorRole.Text, color)
    widget.setPalette(palette)
