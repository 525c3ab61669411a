"""The draft and the submitted versions, one of them shown, and what changed between it and the one before."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qihua_desktop.domain.canonical import short_fingerprint
from qihua_desktop.domain.content_difference import ChangeKind, ContentChange
from qihua_desktop.domain.review import version_state_label
from qihua_desktop.i18n import _, ngettext
from ui.common.theme import SECONDARY_SIZE, SPACE_2, Role, theme
from ui.common.widgets import Card, Segment, SegmentedControl, Tone, chip_width, muted_label, paint_chip, set_tool_tip

from .state import ReviewState
from .words import VERSION_TONES, moment_text, version_text

_MOST_CHANGES = 300
_KIND_ROLES = {
    ChangeKind.ADDED: Role.OK,
    ChangeKind.REMOVED: Role.BAD,
    ChangeKind.CHANGED: Role.WARN,
    ChangeKind.MOVED: Role.MUTED,
}


class VersionsCard(Card):
    """Two lists in one card.

    Signals:
        version_chosen(object): a version's id, or ``draft``.
        change_chosen(object): a ContentChange to point out.
    """

    version_chosen = Signal(object)
    change_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Versions"), padded=False)
        self.tabs = SegmentedControl(
            [Segment("versions", _("All")), Segment("changes", _("Changes"))], accessible_name=_("Versions or changes")
        )
        self.add_action(self.tabs)
        self._stack = QStackedWidget()
        self._group = QButtonGroup(self)
        self._versions = _scroll(_("Versions"))
        self._changes = _scroll(_("Changes"))
        self._stack.addWidget(self._versions)
        self._stack.addWidget(self._changes)
        self.tabs.current_changed.connect(self._on_tab)
        self.add(self._stack, 1)
        self._rows: dict[object, VersionRow] = {}
        self._shown: object = None
        self._shown_changes: object = None

    def show_state(self, state: ReviewState) -> None:
        """Show versions and differences anew."""
        self._show_versions(state)
        self._show_changes(state)

    def show_changes(self) -> None:
        """Bring the differences to the front."""
        self.tabs.set_current("changes")

    def rows(self) -> dict[object, VersionRow]:
        """Return the rows by version id; the draft's key is ``draft``."""
        return dict(self._rows)

    def _show_versions(self, state: ReviewState) -> None:
        key = (state.versions, state.shown, len(state.live_changes), state.now.year)
        if key == self._shown:
            return
        self._shown = key
        had_focus = any(row.hasFocus() for row in self._rows.values())
        content = QWidget()
        content.setProperty("look", "page")
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        column.setSpacing(1)
        self._group = QButtonGroup(self)
        self._rows = {}
        count = len(state.live_changes)
        if not state.versions:
            note = _("not submitted yet")
        elif count:
            note = ngettext("{count} change", "{count} changes", count).format(count=count)
        else:
            note = _("as version {number}").format(number=state.versions[0].number)
        self._add(column, "draft", VersionRow(_("Draft"), "", Tone.NEUTRAL, note), chosen=state.shown is None)
        for version in state.versions:
            words = f"{moment_text(version.submitted_ms, state.now)}  {short_fingerprint(version.sha256)}"
            row = VersionRow(
                version_text(version), version_state_label(version.state), VERSION_TONES[version.state], words
            )
            tip = [state.name(version.submitted_by), version.note, version.sha256]
            set_tool_tip(row, "\n".join(part for part in tip if part))
            self._add(column, version.id, row, chosen=state.shown is not None and state.shown.id == version.id)
        column.addStretch(1)
        self._versions.setWidget(content)
        if had_focus:
            self._rows[state.shown.id if state.shown else "draft"].setFocus()

    def _add(self, column: QVBoxLayout, key: object, row: VersionRow, *, chosen: bool) -> None:
        self._rows[key] = row
        self._group.addButton(row)
        row.setChecked(chosen)
        row.clicked.connect(lambda: self.version_chosen.emit(key))
        column.addWidget(row)

    def _show_changes(self, state: ReviewState) -> None:
        key = (state.changes, state.base, state.shown)
        if key == self._shown_changes:
            return
        self._shown_changes = key
        self.tabs.set_badge("changes", str(len(state.changes)) if state.changes else "")
        content = QWidget()
        content.setProperty("look", "page")
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        column.setSpacing(1)
        if state.base is None:
            head = _("There is no earlier version to compare with.")
        elif not state.changes:
            head = _("{name} says the same as version {number}.").format(
                name=version_text(state.shown), number=state.base.number
            )
        else:
            head = _("{name} against version {number}:").format(
                name=version_text(state.shown), number=state.base.number
            )
        title = muted_label(head, wrap=True)
        title.setContentsMargins(6, 2, 6, 4)
        column.addWidget(title)
        for change in state.changes[:_MOST_CHANGES]:
            row = ChangeRow(change)
            row.clicked.connect(lambda _checked=False, change=change: self.change_chosen.emit(change))
            column.addWidget(row)
        left_out = len(state.changes) - _MOST_CHANGES
        if left_out > 0:
            words = ngettext("… and {count} more", "… and {count} more", left_out).format(count=left_out)
            column.addWidget(muted_label(words))
        column.addStretch(1)
        self._changes.setWidget(content)

    @Slot(str)
    def _on_tab(self, key: str) -> None:
        self._stack.setCurrentIndex(0 if key == "versions" else 1)


class VersionRow(QAbstractButton):
    """A version to choose: filled circle, number, state, when and fingerprint."""

    def __init__(self, name: str, state: str, tone: Tone, note: str) -> None:
        super().__init__()
        self._name, self._state, self._tone, self._note = name, state, tone, note
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{name} {state} {note}")

    def sizeHint(self) -> QSize:
        return QSize(180, 44)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        rect = QRectF(self.rect())
        _paint_ground(self, painter, rect)
        painter.setPen(QPen(colors.color(Role.TEXT if self.isChecked() else Role.FAINT), 1.3))
        painter.setBrush(colors.color(Role.TEXT) if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(8.5, 9, 10, 10))
        painter.setFont(colors.font(bold=self.isChecked()))
        painter.setPen(colors.color(Role.TEXT))
        left = 28.0
        width = painter.fontMetrics().horizontalAdvance(self._name)
        painter.drawText(QRectF(left, 4, width + 2, 20), int(Qt.AlignmentFlag.AlignVCenter), self._name)
        if self._state:
            font = colors.font(SECONDARY_SIZE)
            painter.setFont(font)
            wide = min(chip_width(QFontMetrics(font), self._state), rect.width() - left - width - 14)
            paint_chip(painter, QRectF(left + width + 8, 4, wide, 20), self._state, self._tone)
        painter.setFont(colors.font(SECONDARY_SIZE, tabular=True))
        painter.setPen(colors.color(Role.MUTED))
        line = QRectF(left, 23, rect.width() - left - 6, 18)
        shown = painter.fontMetrics().elidedText(self._note, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), shown)


class ChangeRow(QAbstractButton):
    """One difference in words, wrapped over as many lines as it needs, up to four."""

    def __init__(self, change: ContentChange) -> None:
        super().__init__()
        self.change = change
        self._words = change.words()[:400]
        self.setAccessibleName(self._words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFont(theme().font(SECONDARY_SIZE))
        set_tool_tip(self, change.words())

    def words(self) -> str:
        """Return what the row says."""
        return self._words

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        area = self.fontMetrics().boundingRect(0, 0, max(40, width - 26), 10_000, self._wrapping(), self._words)
        return min(area.height(), 4 * self.fontMetrics().lineSpacing()) + 8

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, 26)

    def _wrapping(self) -> int:
        unbroken = any(len(word) > 24 and word.isascii() for word in self._words.split())
        return int(Qt.TextFlag.TextWrapAnywhere if unbroken else Qt.TextFlag.TextWordWrap)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(self, painter, QRectF(self.rect()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(_KIND_ROLES[self.change.kind]))
        painter.drawEllipse(QRectF(8, 10, 6, 6))
        painter.setPen(theme().color(Role.TEXT_SOFT))
        painter.setFont(self.font())
        painter.setClipRect(self.rect())
        flags = self._wrapping() | int(Qt.TextFlag.TextDontClip)
        painter.drawText(QRectF(20, 4, self.width() - 26, self.height() - 6), flags, self._words)


def _paint_ground(button: QAbstractButton, painter: QPainter, rect: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if button.isChecked():
        painter.setBrush(theme().color(Role.ACCENT_BG))
        painter.drawRoundedRect(rect, 6, 6)
    elif button.underMouse():
        painter.setBrush(theme().color(Role.HOVER))
        painter.drawRoundedRect(rect, 6, 6)
    if button.hasFocus():
        painter.setPen(QPen(theme().color(Role.ACCENT), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


def _scroll(name: str) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    return area
