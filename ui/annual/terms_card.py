"""How a pool's available amount comes about: every term, and the adjustments with their reasons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.pool_rules import PlanUse
from qihua_desktop.i18n import _
from qihua_desktop.services.pools import PoolView
from ui.common.columns import CellKind, Column
from ui.common.context import AppContext
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.theme import Role
from ui.common.widgets import Card, EmptyState, PlainLabel, Tone, muted_label

_Term = tuple[int, str, int, bytes | None]


class TermsCard(Card):
    """池 + 调整 − 各计划占用 = 可用.

    Signals:
        project_requested(object): a plan among the terms was chosen, by its project's id.
    """

    project_requested = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__(_("How it comes about"), padded=False)
        self.as_of = muted_label()
        self.add_action(self.as_of)
        self.setMinimumWidth(280)
        self.model: RowsModel[_Term] = RowsModel(_columns(), lambda row: row[0], parent=self)
        self.table = DataTable(
            self.model, key="annual.terms", state=context.view_state, accessible_name=_("Terms of the pool")
        )
        self.table.horizontalHeader().hide()
        self.table.row_activated.connect(self._open)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.table)
        self._stack.addWidget(EmptyState("calculator", _("No pool selected"), _("Select a pool to see its terms.")))
        self.add(holder, 1)
        self.note = PlainLabel("", wrap=True, role=Role.MUTED, size=12)
        self.note.setContentsMargins(16, 4, 16, 10)
        self.add(self.note)

    def show_pool(self, view: PoolView | None) -> None:
        """Show a pool's arithmetic, or nothing."""
        self._stack.setCurrentIndex(1 if view is None else 0)
        self.as_of.setText("" if view is None else view.as_of)
        drafts = _would_take(view.uses) if view is not None else ""
        self.note.setText(drafts)
        self.note.setVisible(bool(drafts))
        if view is None:
            self.set_title(_("How it comes about"))
            self.model.set_rows(())
            return
        self.set_title(_("How “{pool}” comes about").format(pool=view.pool.name[:60]))
        rows: list[_Term] = [(at, one.label, one.amount, one.project_id) for at, one in enumerate(view.position.terms)]
        rows.append((-1, _("= Available"), view.position.available, None))
        self.model.set_rows(rows)

    def _open(self, row: _Term) -> None:
        if row[3] is not None:
            self.project_requested.emit(row[3])


def _would_take(uses: Sequence[PlanUse]) -> str:
    """Say what plans would take beyond what they occupy, once submitted."""
    more = [(one.name, one.if_submitted - one.occupied) for one in uses if one.if_submitted > one.occupied]
    if not more:
        return ""
    names = _(", ").join(f"{name[:40]} {money_text(amount)}" for name, amount in more[:6])
    return _("If submitted, these would take more: {names}").format(names=names)


def _columns() -> tuple[Column[_Term], ...]:
    def is_sum(row: _Term) -> bool:
        return row[0] < 0

    def tone(row: _Term) -> Tone | None:
        return Tone.BAD if is_sum(row) and row[2] < 0 else None

    return (
        Column("label", _("Term"), lambda row: row[1], width=170, stretch=True, bold=is_sum,
               tool_tip=lambda row: row[1]),
        Column("amount", _("Amount"), lambda row: row[2], CellKind.MONEY, width=116, bold=is_sum, tone=tone,
               text=lambda row: ("+" if row[0] > 0 and row[2] > 0 else "") + money_text(row[2])),
    )  # fmt: skip
