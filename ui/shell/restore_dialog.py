"""Restoring a backup: what each holds, which one to take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from qihua_desktop.i18n import _, ngettext
from ui.common.columns import CellKind, Column
from ui.common.dialog_base import BaseDialog
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.widgets import Card, EmptyState, PlainLabel, Tone, muted_label, secondary_label

from .file_actions import size_text
from .ports import BackupInfo

_LONGEST: Final = 30


class RestoreDialog(BaseDialog):
    """Lists verified backups, newest first, with what the selected one holds."""

    def __init__(self, path: Path, backups: Sequence[BackupInfo], parent: QWidget | None) -> None:
        super().__init__(_("Restore a backup"), parent, accept_text=_("Restore"), width=900)
        self.resize(940, 480)
        self.chosen: BackupInfo | None = None
        self.body.addWidget(PlainLabel(path.stem, bold=True, wrap=True))
        self.body.addWidget(
            secondary_label(_("The present file is set aside, not deleted. Choose the state to go back to."), wrap=True)
        )
        self.model = RowsModel(_columns(), lambda one: one.path, parent=self)
        self.table = DataTable(self.model, key="backups", row_height=34, accessible_name=_("Backups"))
        self.table.selection_changed.connect(self._on_selection_changed)
        self.table.row_activated.connect(lambda _row: self.accept())
        self.detail = Card(_("What it holds"))
        self.detail.setFixedWidth(264)
        self.about = PlainLabel("", wrap=True, longest=160)
        self.projects = muted_label("", wrap=True)
        self.detail.add(self.about)
        self.detail.add(self.projects)
        self.detail.body.addStretch(1)
        card = Card(padded=False)
        card.add(self.table, 1)
        row = QHBoxLayout()
        row.addWidget(card, 1)
        row.addWidget(self.detail)
        if backups:
            self.body.addLayout(row, 1)
        else:
            self.body.addWidget(
                EmptyState(
                    "database-backup",
                    _("There is no backup of this file yet"),
                    _("One is made every 30 minutes while something changes, and when the program is closed."),
                ),
                1,
            )
        self.model.set_rows(tuple(backups))
        self.accept_button.setEnabled(False)
        usable = next((one for one in backups if one.readable), None)
        if usable is not None:
            self.table.select_identity(usable.path)

    def _on_selection_changed(self, rows: tuple[BackupInfo, ...]) -> None:
        self.chosen = rows[0] if rows else None
        one = self.chosen
        usable = one is not None and (one.readable or one.encrypted)
        self.accept_button.setEnabled(usable)
        if one is None:
            self.about.setText("")
            self.projects.setText("")
            return
        if not one.readable:
            self.about.setText(one.problem)
            self.projects.setText("")
            return
        tasks = ngettext("{count} task", "{count} tasks", one.tasks).format(count=one.tasks)
        count = len(one.projects)
        found = ngettext("{count} project", "{count} projects", count).format(count=count)
        last = _("Last change: {label}").format(label=one.last_label) if one.last_label else ""
        self.about.setText("\n".join(part for part in (f"{found} · {tasks}", last) if part))
        shown = [name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…" for name in one.projects[:12]]
        if count > len(shown):
            rest = count - len(shown)
            shown.append(ngettext("and {count} more", "and {count} more", rest).format(count=rest))
        self.projects.setText("\n".join(shown))


def _columns() -> tuple[Column[BackupInfo], ...]:
    return (
        Column("taken_at", _("Made"), lambda one: one.taken_at, width=136,
               text=lambda one: f"{one.taken_at:%Y-%m-%d %H:%M}"),
        Column("projects", _("Projects"), lambda one: len(one.projects) if one.readable else None, CellKind.NUMBER,
               width=60),
        Column("tasks", _("Tasks"), lambda one: one.tasks if one.readable else None, CellKind.NUMBER, width=60),
        Column("last", _("Last change"), lambda one: one.last_label, width=180, stretch=True),
        Column("size", _("Size"), lambda one: one.size, text=lambda one: size_text(one.size), width=76),
        Column("state", _("State"), lambda one: _state(one), CellKind.CHIP, width=84, tone=_tone),
    )  # fmt: skip


def _state(one: BackupInfo) -> str:
    if one.readable:
        return _("Readable")
    return _("Encrypted") if one.encrypted else _("Damaged")


def _tone(one: BackupInfo) -> Tone:
    if one.readable:
        return Tone.OK
    return Tone.WARN if one.encrypted else Tone.BAD
