"""The journal: who changed what, when, from what to what, and the way back to an earlier state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from qihua_desktop.domain.history import EntryKind, JournalEntry, RowOperation
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import history, projects
from qihua_desktop.services.history import ChangeText
from ui.common import dialogs
from ui.common.columns import CellKind, Column
from ui.common.context import AppContext
from ui.common.models import RowsModel, SortFilterModel
from ui.common.page import Page
from ui.common.tables import DataTable
from ui.common.theme import SPACE_2, Role
from ui.common.widgets import (
    Card,
    Chip,
    PlainLabel,
    SearchField,
    Segment,
    SegmentedControl,
    SplitterMemory,
    Tone,
    Toolbar,
    button,
    muted_label,
)

from ..file_actions import local_time

_PAGE = 200
_SHOWN_ROWS = 60
_KINDS = {EntryKind.EDIT: Tone.NEUTRAL, EntryKind.UNDO: Tone.WARN, EntryKind.REDO: Tone.ACCENT}
_OPERATIONS = {RowOperation.ADDED: Tone.OK, RowOperation.CHANGED: Tone.ACCENT, RowOperation.REMOVED: Tone.BAD}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An entry with what it belongs to."""

    entry: JournalEntry
    at: datetime | None
    project: str


class HistoryPage(Page):
    """Entries on the left, what the selected one changed on the right."""

    key = "history"
    icon = "history"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._limit = _PAGE
        self._shown_seq = 0
        self.model = RowsModel(_columns(), lambda row: row.entry.seq, parent=self)
        self.proxy = SortFilterModel(self.model, self)
        self.table = DataTable(
            self.proxy, key="history", state=context.view_state, row_height=34, accessible_name=_("History")
        )
        self.table.set_placeholder(_("Nothing was changed yet."))
        self.table.selection_changed.connect(self._on_selection_changed)
        list_card = Card(padded=False)
        list_card.add(self.table, 1)
        self.more = button(_("Show older entries"), self._show_more)
        list_card.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        list_card.body.setContentsMargins(0, 0, 0, 8)
        self.detail = _Detail()
        self.detail.back_button.clicked.connect(self.go_back_to_selected)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(list_card)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 5)
        splitter.setStretchFactor(1, 4)
        splitter.setHandleWidth(12)
        splitter.setSizes([640, 500])
        SplitterMemory(splitter, "history", context.view_state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._toolbar())
        holder = QVBoxLayout()
        holder.setContentsMargins(20, 16, 20, 16)
        holder.addWidget(splitter)
        layout.addLayout(holder, 1)
        context.project_chosen.connect(self._on_other_project)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("History")

    def reload(self) -> None:
        """Fetch the entries anew."""
        session = self.context.session
        scope = self.context.project_id if self.scope.current_key() == "project" else None
        names = {row.id: row.name for row in projects.all_projects(session)}
        entries = history.history(session, scope, self._limit)
        rows = tuple(
            HistoryRow(entry, local_time(entry.at_ms), names.get(entry.project_id, "") if entry.project_id else "")
            for entry in entries
        )
        self.model.set_rows(rows)
        self.more.setVisible(len(rows) == self._limit)
        self.scope.set_segment_enabled("project", enabled=self.context.project_id is not None)
        if rows and not self.table.selected_rows():
            self.table.select_identity(rows[0].entry.seq)
        if not rows:
            self.detail.show_entry(None, (), writable=False)

    def go_back_to_selected(self) -> None:
        """Return to the state after the selected entry, after asking."""
        chosen = self.table.selected_rows()
        if not chosen:
            return
        row: HistoryRow = chosen[0]
        session = self.context.session
        scope = self.context.project_id if self.scope.current_key() == "project" else None
        later = sum(1 for other in self.model.rows if other.entry.seq > row.entry.seq and not other.entry.undone)
        what = _("Return this project to this state?") if scope else _("Return the whole workspace to this state?")
        agreed = dialogs.confirm(
            self,
            what,
            advice=ngettext(
                "{count} later change is taken back. This is a step of its own and can be undone.",
                "{count} later changes are taken back. This is a step of its own and can be undone.",
                later,
            ).format(count=later),
            action=_("Return"),
            danger=True,
            details=(_entry_words(row),),
        )
        if agreed and self.context.attempt(lambda: history.undo_to(session, row.entry.seq, scope), self):
            self.context.notice_posted.emit(_("Returned to the earlier state."))

    def _toolbar(self) -> Toolbar:
        self.scope = SegmentedControl(
            (Segment("workspace", _("Whole workspace")), Segment("project", _("This project"))),
            accessible_name=_("Scope"),
        )
        self.scope.current_changed.connect(lambda _key: self.reload())
        search = SearchField(_("Find a change"))
        search.setFixedWidth(240)
        search.searched.connect(self.proxy.set_search)
        bar = Toolbar()
        bar.add(self.scope, search)
        bar.add_stretch()
        bar.add(muted_label(_("Every change is recorded and chained; nothing here can be edited.")))
        return bar

    def _show_more(self) -> None:
        self._limit += _PAGE
        self.reload()

    @Slot(object)
    def _on_selection_changed(self, chosen: tuple[HistoryRow, ...]) -> None:
        if not chosen:
            return
        entry = chosen[0].entry
        changes = history.entry_changes(self.context.session, entry.seq)
        writable = not self.context.session.workspace.read_only and entry.seq != self._newest()
        self.detail.show_entry(chosen[0], changes, writable=writable)

    def _newest(self) -> int:
        return max((row.entry.seq for row in self.model.rows), default=0)

    @Slot(object)
    def _on_other_project(self, _project_id: object) -> None:
        if self.scope.current_key() == "project":
            self.reload()


class _Detail(Card):
    """What one entry changed, row by row, from what to what."""

    def __init__(self) -> None:
        super().__init__(_("What changed"), padded=False)
        self.back_button = button(_("Return to this state…"), icon_name="rotate-ccw")
        self.add_action(self.back_button)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(_("What changed"))
        self.add(self._area, 1)
        self.setMinimumWidth(300)

    def show_entry(self, row: HistoryRow | None, changes: tuple[ChangeText, ...], *, writable: bool) -> None:
        """Show an entry."""
        self.back_button.setEnabled(writable)
        content = QWidget()
        content.setProperty("look", "page")
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(SPACE_2)
        if row is not None:
            column.addWidget(PlainLabel(row.entry.label, wrap=True, bold=True))
            column.addWidget(muted_label(_entry_words(row), wrap=True))
            for change in changes[:_SHOWN_ROWS]:
                column.addWidget(_change_widget(change))
            rest = len(changes) - _SHOWN_ROWS
            if rest > 0:
                column.addWidget(muted_label(ngettext("and {count} more", "and {count} more", rest).format(count=rest)))
        column.addStretch(1)
        self._area.setWidget(content)


def _change_widget(change: ChangeText) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 6, 0, 0)
    column.setSpacing(3)
    head = QHBoxLayout()
    head.setSpacing(SPACE_2)
    head.addWidget(Chip(change.operation_label, _OPERATIONS[change.operation]))
    head.addWidget(PlainLabel(_("{table} “{name}”").format(table=change.table_label, name=change.name), wrap=True), 1)
    column.addLayout(head)
    for field in change.fields:
        words = _("{field}: {old} → {new}").format(field=field.label, old=field.old or "—", new=field.new or "—")
        label = PlainLabel(words, wrap=True, size=12, role=Role.TEXT_SOFT)
        label.setContentsMargins(8, 0, 0, 0)
        column.addWidget(label)
    return holder


def _entry_words(row: HistoryRow) -> str:
    when = f"{row.at:%Y-%m-%d %H:%M:%S}" if row.at else ""
    return " · ".join(part for part in (when, row.entry.actor_name, row.project) if part)


def _kind_text(entry: JournalEntry) -> str:
    if entry.kind is EntryKind.UNDO:
        return _("Undo")
    if entry.kind is EntryKind.REDO:
        return _("Redo")
    return _("Undone") if entry.undone else ""


def _columns() -> tuple[Column[HistoryRow], ...]:
    return (
        Column("at", _("Time"), lambda row: row.entry.seq, width=112,
               text=lambda row: f"{row.at:%m-%d %H:%M:%S}" if row.at else ""),
        Column("label", _("Change"), lambda row: row.entry.label, width=220, stretch=True,
               role=lambda row: Role.MUTED if row.entry.undone else None, tool_tip=lambda row: row.entry.label),
        Column("kind", _("Type"), lambda row: _kind_text(row.entry), CellKind.CHIP, width=72,
               tone=lambda row: _KINDS[row.entry.kind]),
        Column("actor", _("Who"), lambda row: row.entry.actor_name or "—", width=80),
        Column("project", _("Project"), lambda row: row.project, width=116),
    )  # fmt: skip
