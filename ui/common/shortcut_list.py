"""The list behind F1."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.i18n import _

from .actions import ActionRegistry, ShortcutRow
from .buttons import button
from .columns import Column
from .controls import SearchField
from .models import RowsModel, SortFilterModel
from .tables import DataTable
from .theme import SPACE_3, SPACE_4, Role


class ShortcutList(QDialog):
    """The list behind F1: every shortcut, searchable."""

    def __init__(self, registries: Sequence[ActionRegistry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keyboard shortcuts"))
        self.setAccessibleName(_("Keyboard shortcuts"))
        self.resize(560, 520)
        rows: dict[str, ShortcutRow] = {}
        for registry in registries:
            for row in registry.shortcut_rows():
                rows.setdefault(row.id, row)
        columns: tuple[Column[ShortcutRow], ...] = (
            Column("text", _("Action"), lambda row: row.text, stretch=True),
            Column("group", _("Where"), lambda row: row.group, width=140, role=lambda _row: Role.MUTED),
            Column("keys", _("Keys"), lambda row: row.keys, width=150, bold=lambda _row: True),
        )
        model: RowsModel[ShortcutRow] = RowsModel(columns, lambda row: row.id, parent=self)
        model.set_rows(tuple(rows.values()))
        self._proxy = SortFilterModel(model, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        search = SearchField(_("Search shortcuts"))
        search.searched.connect(self._proxy.set_search)
        column.addWidget(search)
        self.table = DataTable(self._proxy, key="shortcuts", accessible_name=_("Keyboard shortcuts"))
        column.addWidget(self.table, 1)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(button(_("Close"), self.accept))
        column.addLayout(bottom)
