"""The dialogs themselves: a form with two buttons, a message, and the report of a bug."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.i18n import _

from .buttons import button, danger_button, primary_button
from .chips import Tone, tone_roles
from .icons import paint_icon
from .labels import PlainLabel
from .theme import SECONDARY_SIZE, SPACE_2, SPACE_3, SPACE_5, Role, theme

_WIDTH: Final = 440
_ICONS: Final = {Tone.ACCENT: "info", Tone.WARN: "triangle-alert", Tone.BAD: "circle-alert", Tone.OK: "circle-check"}


class BaseDialog(QDialog):
    """A form: fill ``body``, set ``check`` to something that raises QihuaError, and ``run`` it.

    What is wrong is said above the buttons and keeps the dialog open.
    """

    def __init__(
        self,
        title: str,
        parent: QWidget | None = None,
        *,
        accept_text: str = "",
        danger: bool = False,
        width: int = _WIDTH,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(min(width, _WIDTH))
        self.resize(width, 120)
        self.check: Callable[[], object] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_5, SPACE_5, SPACE_5, SPACE_5)
        column.setSpacing(SPACE_3)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_2)
        column.addLayout(self.body, 1)
        self._problem = PlainLabel("", wrap=True, role=Role.BAD, size=SECONDARY_SIZE)
        self._problem.hide()
        column.addWidget(self._problem)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(SPACE_2)
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)
        self.cancel_button = button(_("Cancel"), self.reject)
        make = danger_button if danger else primary_button
        self.accept_button = make(accept_text or _("OK"), self.accept)
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.accept_button)
        self.accept_button.setDefault(True)

    def set_problem(self, text: str) -> None:
        """Say what is wrong; an empty text takes that back."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        self._fit()

    def problem(self) -> str:
        """Return what is said to be wrong."""
        return self._problem.full_text()

    def run(self) -> bool:
        """Show the dialog until it is closed; returns whether it was accepted."""
        accepted = self.exec() == QDialog.DialogCode.Accepted
        self.deleteLater()
        return accepted

    def _fit(self) -> None:
        """Grow to what wrapped texts need at this width; Qt's own hint takes them for a single line."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            self.resize(self.width(), max(self.height(), layout.heightForWidth(self.width())))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def accept(self) -> None:
        if self.check is not None:
            try:
                self.check()
            except QihuaError as error:
                self.set_problem(f"{error.message} {error.advice}".strip())
                return
        super().accept()


class MessageDialog(QDialog):
    """A message with an icon, advice, details and as many buttons as it takes."""

    def __init__(
        self,
        message: str,
        parent: QWidget | None = None,
        *,
        advice: str = "",
        details: Sequence[str] = (),
        tone: Tone = Tone.ACCENT,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(QGuiApplication.applicationDisplayName() or _("Qihua Desktop"))
        self.setAccessibleName(message)
        self.setAccessibleDescription(advice)
        self.setMinimumWidth(360)
        self.resize(_WIDTH, 120)
        self._chosen: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_5, SPACE_5, SPACE_5, SPACE_5)
        column.setSpacing(SPACE_5)
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(_ToneIcon(tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(PlainLabel(message, wrap=True, bold=bool(advice or details)))
        if advice:
            words.addWidget(PlainLabel(advice, wrap=True, role=Role.TEXT_SOFT))
        if details:
            words.addWidget(_details("\n".join(details)))
        words.addStretch(1)
        top.addLayout(words, 1)
        column.addLayout(top, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE_2)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)

    def add_choice(self, key: str, text: str, *, primary: bool = False, danger: bool = False) -> QPushButton:
        """Add a button; the primary one answers Enter."""
        make = danger_button if danger else primary_button if primary else button
        one = make(text, lambda: self._choose(key))
        self._buttons.addWidget(one)
        if primary:
            one.setDefault(True)
            one.setFocus()
        return one

    def run_choice(self) -> str | None:
        """Show the message and return the key of the button, None when it was closed."""
        self.exec()
        self.deleteLater()
        return self._chosen

    def _choose(self, key: str) -> None:
        self._chosen = key
        self.accept()


class CrashDialog(QDialog):
    """Tells that the program has a bug, that the data are safe, and lets the report be copied."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Something went wrong"))
        self.setAccessibleName(_("Something went wrong"))
        self.resize(620, 420)
        self._report = report
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_5, SPACE_5, SPACE_5, SPACE_5)
        column.setSpacing(SPACE_3)
        column.addWidget(PlainLabel(_("This is a fault of the program, not yours."), wrap=True, bold=True))
        column.addWidget(
            PlainLabel(
                _("Everything entered so far is saved. Please send this report to whoever looks after the program."),
                wrap=True,
                role=Role.TEXT_SOFT,
            )
        )
        self.text = _details(report)
        self.text.setMaximumHeight(16_000_000)
        self.text.setFont(_fixed_font())
        self.text.setAccessibleName(_("Report"))
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        self.copy_button = button(_("Copy report"), self._copy, icon_name="copy")
        row.addWidget(self.copy_button)
        close = primary_button(_("Continue"), self.accept)
        close.setDefault(True)
        row.addWidget(close)
        column.addLayout(row)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self.copy_button.setText(_("Copied"))


class _ToneIcon(QWidget):
    def __init__(self, tone: Tone) -> None:
        super().__init__()
        self._tone = tone
        self.setFixedSize(36, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, ground = tone_roles(self._tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(ground))
        painter.drawEllipse(self.rect())
        paint_icon(painter, _ICONS.get(self._tone, "info"), QRect(8, 8, 20, 20), ink)


def _details(text: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setPlainText(text)
    field.setReadOnly(True)
    field.setTabChangesFocus(True)
    field.setMaximumHeight(160)
    field.setAccessibleName(_("Details"))
    return field


def _fixed_font() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(SECONDARY_SIZE)
    return font
