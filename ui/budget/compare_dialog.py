"""Any two versions of a budget side by side: line, field, old value, new value."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QHBoxLayout

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import budget_compare
from qihua_desktop.services.budget_compare import ChangeKind, ContentChange
from qihua_desktop.services.budget_status import BudgetStatus
from ui.common.chips import Tone
from ui.common.columns import CellKind, Column
from ui.common.dialog_base import BaseDialog
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.theme import Role
from ui.common.widgets import PlainLabel

from .tabs import BudgetTab
from .version_words import version_text

_SIZE = (940, 560)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    change: ContentChange


class CompareDialog(BaseDialog):
    """Compares two states; the later one may be the budget as it is now."""

    def __init__(self, tab: BudgetTab, project_id: EntityId, status: BudgetStatus, before: int | None) -> None:
        super().__init__(_("Compare versions"), tab, accept_text=_("Close"))
        self.cancel_button.hide()
        self._session, self._project_id = tab.context.session, project_id
        self._numbers: list[int | None] = [None, *(one.version.number for one in status.versions)]
        names = [_("As it is now"), *(version_text(one) for one in status.versions)]
        self.before, self.after = QComboBox(), QComboBox()
        for field, name in ((self.before, _("From version")), (self.after, _("To version"))):
            field.addItems(names)
            field.setAccessibleName(name)
        if before in self._numbers:
            self.before.setCurrentIndex(self._numbers.index(before))
        self.counts = PlainLabel("", role=Role.MUTED, tabular=True)
        row = QHBoxLayout()
        row.addWidget(self.before, 1)
        row.addWidget(PlainLabel("→", role=Role.MUTED))
        row.addWidget(self.after, 1)
        row.addSpacing(12)
        row.addWidget(self.counts)
        self.body.addLayout(row)
        self.model: RowsModel[_Row] = RowsModel(_columns(), lambda one: one.number, parent=self)
        self.table = DataTable(
            self.model, key="budget.compare", state=tab.context.view_state, accessible_name=_("Differences")
        )
        self.table.set_placeholder(_("Nothing differs."))
        self.body.addWidget(self.table, 1)
        self.resize(*_SIZE)
        self.before.currentIndexChanged.connect(lambda _at: self.show_difference())
        self.after.currentIndexChanged.connect(lambda _at: self.show_difference())
        self.show_difference()

    def show_difference(self) -> None:
        """Compare what is chosen."""
        found = budget_compare.compare_versions(
            self._session, self._project_id,
            self._numbers[self.before.currentIndex()], self._numbers[self.after.currentIndex()],
        )  # fmt: skip
        self.model.set_rows(tuple(_Row(at, change) for at, change in enumerate(found.changes)))
        added, removed, changed = found.counts
        self.counts.setText(f"+{added} −{removed} ~{changed}")


def _columns() -> tuple[Column[_Row], ...]:
    words = {
        ChangeKind.ADDED: _("Added"),
        ChangeKind.REMOVED: _("Removed"),
        ChangeKind.CHANGED: _("Changed"),
        ChangeKind.MOVED: _("Moved"),
    }
    tones = {ChangeKind.ADDED: Tone.OK, ChangeKind.REMOVED: Tone.BAD, ChangeKind.CHANGED: Tone.WARN}
    return (
        Column("kind", _("Change"), lambda row: row.change.kind, CellKind.CHIP, width=80,
               text=lambda row: words[row.change.kind], tone=lambda row: tones.get(row.change.kind, Tone.NEUTRAL)),
        Column("line", _("Category"), lambda row: row.change.name or _("Budget total"), width=230),
        Column("field", _("Field"), lambda row: row.change.field_name(), width=110),
        Column("before", _("Old value"), lambda row: row.change.before, role=lambda _row: Role.MUTED, width=200,
               tool_tip=lambda row: row.change.before),
        Column("after", _("New value"), lambda row: row.change.after, stretch=True, width=200,
               tool_tip=lambda row: row.change.after),
    )  # fmt: skip
