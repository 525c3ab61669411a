"""Then and now: every task of a baseline against the plan, what slipped, and what it costs."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QWidget

from qihua_desktop.domain.formatting import date_text, duration_text, money_text
from qihua_desktop.domain.parsing import tsv_text
from qihua_desktop.domain.plan import Baseline, day_of, last_day_of
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services.plan_baselines import Difference, compare
from ui.common.columns import CellKind, Column
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.models import RowsModel, SortFilterModel
from ui.common.tables import DataTable
from ui.common.widgets import button, secondary_label


class BaselineDialog(BaseDialog):
    """A table of differences; copied with Ctrl+C."""

    def __init__(self, context: AppContext, baseline: Baseline, parent: QWidget | None = None) -> None:
        title = _("Compared with “{name}”").format(name=baseline.name)
        super().__init__(title, parent, accept_text=_("Close"))
        self.resize(980, 560)
        self._context, self._baseline = context, baseline
        self._rows = compare(context.session, baseline.id)
        model: RowsModel[Difference] = RowsModel(_columns(), lambda row: row.task_id, parent=self)
        model.set_rows(self._rows)
        self._proxy = SortFilterModel(model, self)
        slipped = [row for row in self._rows if row.finish_slip > 0]
        money = sum(row.new_cost - row.old_cost for row in self._rows)
        words = _("{count} tasks end later; money differs by {amount} yuan.").format(
            count=len(slipped), amount=money_text(money)
        )
        self.summary = secondary_label(words)
        self.only = QCheckBox(_("Only what differs"))
        self.only.setChecked(True)
        self.only.toggled.connect(self._on_only)
        self.table = DataTable(
            self._proxy, key="gantt.baseline", state=context.view_state, accessible_name=_("Comparison")
        )
        self.table.set_placeholder(_("Nothing has changed since the baseline."))
        for widget in (self.summary, self.only, self.table):
            self.body.addWidget(widget)
        self.pdf_button = button(_("Comparison as PDF"), self._print, icon_name="file-down")
        self.buttons.insertWidget(0, button(_("Copy the table"), self._copy))
        self.buttons.insertWidget(1, self.pdf_button)
        self.cancel_button.hide()
        self._on_only()

    def _on_only(self, *_args: object) -> None:
        only = self.only.isChecked()
        self._proxy.set_filter((lambda row: row.differs) if only else None)

    def _print(self) -> None:
        """Close and let the PDF be made; it opens in a window of its own."""
        self.accept()
        self._context.export_requested.emit("baseline-comparison", {"baseline_id": self._baseline.id})

    def _copy(self) -> None:
        columns = _columns()
        rows = [tuple(column.title for column in columns)]
        rows += [tuple(column.words(row) for column in columns) for row in self._rows]
        QGuiApplication.clipboard().setText(tsv_text(rows))


def _columns() -> tuple[Column[Difference], ...]:
    return (
        Column("name", _("Task"), lambda row: row.name, text=lambda row: "    " * row.level + row.name, stretch=True),
        Column("old_start", _("Start then"), lambda row: row.old_start, text=lambda row: _day(row.old_start), width=92),
        Column("new_start", _("Start now"), lambda row: row.new_start, text=lambda row: _day(row.new_start), width=92),
        Column(
            "old_finish",
            _("Finish then"),
            lambda row: row.old_finish,
            text=lambda row: _last(row.old_start, row.old_finish),
            width=92,
        ),
        Column(
            "new_finish",
            _("Finish now"),
            lambda row: row.new_finish,
            text=lambda row: _last(row.new_start, row.new_finish),
            width=92,
        ),
        Column(
            "slip",
            _("Slip"),
            lambda row: row.finish_slip,
            CellKind.DURATION,
            text=_slip,
            role=lambda row: Role.BAD if row.finish_slip > 0 else Role.OK if row.finish_slip < 0 else None,
            width=84,
        ),
        Column("old_cost", _("Money then"), lambda row: row.old_cost, CellKind.MONEY, width=100),
        Column("new_cost", _("Money now"), lambda row: row.new_cost, CellKind.MONEY, width=100),
    )


def _slip(row: Difference) -> str:
    if row.old_start is None:
        return _("new")
    if row.new_start is None:
        return _("deleted")
    words = duration_text(row.finish_slip)
    return f"+{words}" if row.finish_slip > 0 else words if row.finish_slip else ""


def _day(at: int | None) -> str:
    return "" if at is None else date_text(day_of(at))


def _last(start: int | None, finish: int | None) -> str:
    return "" if start is None or finish is None else date_text(last_day_of(start, finish))
