"""Ctrl+K: search over everything and over the commands, in Chinese, pinyin or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.project import kind_label
from qihua_desktop.i18n import _
from qihua_desktop.services import projects
from qihua_desktop.services.search import SearchHit, SearchIndex, indexed, pinyin_keys
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.icons import paint_icon
from ui.common.jobs import JobHandle
from ui.common.theme import RADIUS, SPACE_2, Role, theme
from ui.common.widgets import PlainLabel, Separator, muted_label

from .commands import icon_of
from .registry import PageRegistry

_WIDTH: Final = 620
_ROW: Final = 42
_HITS: Final = 40
_COMMANDS: Final = 8
_ENTRY: Final = Qt.ItemDataRole.UserRole
_ICONS: Final = {
    "project": "folder-kanban",
    "task": "list-checks",
    "budget_line": "wallet",
    "plan_section": "file-text",
    "review_comment": "message-square-text",
    "risk": "shield-alert",
    "project_document": "file-check",
    "survey": "clipboard-list",
    "question": "circle-question-mark",
    "person": "user",
    "strategy": "target",
    "programme": "flag",
    "template": "layers",
    "attachment": "paperclip",
    "contract": "handshake",
    "voucher": "receipt-text",
    "expense_claim": "receipt",
    "supplier": "store",
    "stock_item": "package",
    "annual_pool": "calculator",
}


class Scope(StrEnum):
    """What is searched."""

    EVERYTHING = "everything"
    PROJECTS = "projects"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    icon: str
    title: str
    details: str
    keys: str
    run: Callable[[], object]


class Palette(QDialog):
    """A search field over a list; arrows choose, Enter goes there, Escape closes."""

    def __init__(
        self, context: AppContext, registry: PageRegistry, parent: QWidget, *, scope: Scope = Scope.EVERYTHING
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._registry = registry
        self._scope = scope
        self._index = SearchIndex()
        self._is_ready = False
        self._job: JobHandle | None = None
        self._is_stopped = False
        self._summaries: tuple[projects.ProjectSummary, ...] | None = None
        name = _("Search and commands") if scope is Scope.EVERYTHING else _("Switch project")
        self.setWindowTitle(name)
        self.setAccessibleName(name)
        frame = QFrame(self)
        frame.setProperty("look", "popup")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(SPACE_2)
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumHeight(36)
        self.field.setAccessibleName(name)
        hint = _("Search projects, tasks, people, commands… pinyin initials work too")
        self.field.setPlaceholderText(hint if scope is Scope.EVERYTHING else _("Name, number or pinyin initials"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Results"))
        self.list.setItemDelegate(_EntryDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda _item: self.run_current())
        self.nothing = PlainLabel(_("Reading all names…"), role=Role.MUTED)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setMinimumHeight(60)
        self.nothing.hide()
        self.help = muted_label(_("↑ ↓ choose   Enter open   Esc close"))
        for widget in (self.field, Separator(), self.list, self.nothing, self.help):
            column.addWidget(widget, 1 if widget is self.list else 0)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.installEventFilter(self)
        self._show([])
        self._on_text_changed("")
        self.finished.connect(self._stop)
        QTimer.singleShot(0, self, self._prepare)

    def open_over(self, window: QWidget) -> None:
        """Show the palette in the upper middle of a window."""
        width = min(_WIDTH, window.width() - 40)
        self.resize(width, min(460, window.height() - 120))
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, 72)))
        self.show()
        self.field.setFocus()

    def entries(self) -> tuple[Entry, ...]:
        """Return the lines shown."""
        return tuple(self.list.item(at).data(_ENTRY) for at in range(self.list.count()))

    @property
    def is_ready(self) -> bool:
        """Whether all names are read, so that more than commands is found."""
        return self._is_ready

    def run_current(self) -> None:
        """Go where the chosen line leads."""
        item = self.list.currentItem()
        if item is None:
            return
        entry: Entry = item.data(_ENTRY)
        self.close()
        entry.run()

    @Slot()
    def _prepare(self) -> None:
        """Read names and pinyin beside the palette, which is already on the screen and finds commands meanwhile."""
        if self._is_stopped:
            return
        session = self._context.session
        self._job = self._context.jobs.submit(
            lambda job: indexed(session, job.raise_if_cancelled), on_done=self._on_indexed, on_failed=self._on_failed
        )

    def _on_indexed(self, index: SearchIndex) -> None:
        if self._job is None:
            return
        self._job, self._index, self._is_ready = None, index, True
        self.nothing.setText(_("Nothing found."))
        self._on_text_changed(self.field.text())

    def _on_failed(self, error: BaseException) -> None:
        if self._job is not None and not isinstance(error, Cancelled):
            self._job = None
            dialogs.show_error(self, error)

    @Slot()
    def _stop(self) -> None:
        """Let nothing arrive any more."""
        self._is_stopped = True
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        if self._scope is Scope.PROJECTS:
            self._show(self._project_entries(text))
            return
        commands = self._commands(text)
        found = self._index.search(text, _HITS) if self._is_ready else ()
        hits = [self._hit_entry(hit) for hit in self._nearest_first(found)]
        self._show([*hits, *commands] if text.strip() else commands)

    def _nearest_first(self, hits: tuple[SearchHit, ...]) -> list[SearchHit]:
        """Put the current project's row first among those of one name."""
        places: dict[str, int] = {}
        for at, hit in enumerate(hits):
            places.setdefault(hit.title, at)
        current = self._context.project_id
        return sorted(hits, key=lambda hit: (places[hit.title], hit.project_id != current))

    def _show(self, entries: list[Entry]) -> None:
        self.list.clear()
        for entry in entries:
            item = QListWidgetItem(entry.title)
            item.setData(_ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}, {entry.details}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(entries))
        self.nothing.setVisible(not entries and bool(self.field.text().strip()))

    def _project_entries(self, text: str) -> list[Entry]:
        if text.strip() and self._is_ready:
            hits = self._index.search(text, 200)
            return [self._hit_entry(hit) for hit in hits if hit.table == "project"]
        if self._summaries is None:
            self._summaries = projects.project_summaries(self._context.session)
        rows = self._summaries
        wanted = text.strip().casefold()
        return [
            Entry(
                "folder-kanban",
                row.project.name,
                f"{kind_label(row.project.kind)} · {row.stage_name} · {row.project.number}",
                "",
                lambda identifier=row.project.id: self._open_project(identifier),
            )
            for row in rows
            if wanted in row.project.name.casefold() or wanted in row.project.number.casefold()
        ]

    def _commands(self, text: str) -> list[Entry]:
        wanted = "".join(text.split()).casefold()
        found: list[tuple[int, Entry]] = []
        for action in self._context.actions.all():
            shown = self._context.actions.get(action.id)
            if not shown.isEnabled() or action.id == "edit.search":
                continue
            rank = _command_rank(action.text, wanted)
            if rank is not None:
                title = shown.text().replace("&&", "&")
                keys = shown.shortcut().toString()
                entry = Entry(
                    action.icon or icon_of(action.id) or "chevron-right", title, action.group, keys, shown.trigger
                )
                found.append((rank, entry))
        found.sort(key=lambda one: one[0])
        return [entry for _rank, entry in (found[:_COMMANDS] if wanted else found)]

    def _hit_entry(self, hit: SearchHit) -> Entry:
        return Entry(_ICONS.get(hit.table, "file-text"), hit.title, hit.subtitle, "", lambda: self._open_hit(hit))

    def _open_hit(self, hit: SearchHit) -> None:
        page = hit.page_key if hit.page_key in self._registry else "overview"
        if hit.table == "project":
            self._open_project(hit.row_id)
            return
        target = (hit.project_id, hit.row_id) if hit.project_id is not None else (None, hit.row_id)
        self._context.page_requested.emit(page, target)

    def _open_project(self, identifier: EntityId) -> None:
        if self._scope is Scope.PROJECTS:
            self._context.choose_project(identifier)
            return
        self._context.page_requested.emit("overview", identifier)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(
                Qt.Key(event.key())
            )
            if step is not None and self.list.count():
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.run_current()
                return True
        return super().eventFilter(watched, event)


class _EntryDelegate(QStyledItemDelegate):
    """Draws icon, title, details and keys."""

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        entry: Entry = index.data(_ENTRY)  # type: ignore[attr-defined]
        colors, area = theme(), option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color(Role.ACCENT_BG if chosen else Role.HOVER))
            painter.drawRoundedRect(area.adjusted(2, 1, -2, -1), RADIUS, RADIUS)
        icon = QRect(area.x() + 12, area.y() + (_ROW - 16) // 2, 16, 16)
        paint_icon(painter, entry.icon, icon, Role.ACCENT if chosen else Role.MUTED)
        right = area.right() - 12
        if entry.keys:
            painter.setFont(colors.font(12))
            painter.setPen(colors.color(Role.MUTED))
            width = painter.fontMetrics().horizontalAdvance(entry.keys)
            painter.drawText(QRect(right - width, area.y(), width + 1, _ROW), Qt.AlignmentFlag.AlignVCenter, entry.keys)
            right -= width + 12
        left = area.x() + 40
        lines = ((entry.title, colors.font(), Role.TEXT, 4), (entry.details, colors.font(12), Role.MUTED, 21))
        for text, font, role, top in lines:
            painter.setFont(font)
            painter.setPen(colors.color(role))
            line = " ".join(text[:300].split())
            shown = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QRect(left, area.y() + top, right - left, 18), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


def _command_rank(name: str, wanted: str) -> int | None:
    if not wanted:
        return 0
    plain = "".join(name.split()).casefold()
    if plain.startswith(wanted):
        return 0
    if wanted in plain:
        return 1
    if not wanted.isascii() or plain.isascii():
        return None
    initials, full = pinyin_keys(plain.rstrip("…"))
    if any(one.startswith(wanted) for one in initials):
        return 2
    return 3 if any(wanted in one for one in (*initials, *full)) else None
