"""Then and now: every task of a baseline against the plan, what slipped, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QStackedWidget, QWidget

from qihua_desktop.domain.formatting import date_text, duration_text, money_text
from qihua_desktop.domain.parsing import tsv_text
from qihua_desktop.domain.plan import Baseline, day_of, last_day_of
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Primitive, Scene
from qihua_desktop.i18n import _
from qihua_desktop.reports.baseline_comparison import ComparedTask, comparison_scene
from qihua_desktop.services.plan_baselines import Difference, baselines, compare
from qihua_desktop.services.plan_causes import causes
from qihua_desktop.services.plan_state import plan_state
from ui.common.canvas import SceneCanvas
from ui.common.columns import CellKind, Column
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.models import RowsModel, SortFilterModel
from ui.common.tables import DataTable
from ui.common.widgets import Segment, SegmentedControl, button, secondary_label


class _Pictures:
    """Shows one picture from its corner on."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def size(self) -> tuple[float, float]:
        """Return the size of the whole picture."""
        return self._scene.width, self._scene.height

    def scene_for(self, visible: Box) -> Sequence[Primitive]:
        """Return everything; it is small."""
        return self._scene.primitives


def _printed(rows: Sequence[Difference], minutes_per_day: int) -> tuple[tuple[ComparedTask, ...], int]:
    tasks = tuple(
        ComparedTask(
            row.name,
            0,
            False,
            row.old_start,
            row.old_finish,
            row.new_start,
            row.new_finish,
            row.finish_slip,
            row.old_cost,
            row.new_cost,
        )
        for row in rows
    )
    return tasks, minutes_per_day


class BaselineDialog(BaseDialog):
    """A table of differences, copied with Ctrl+C, and the largest of them as a chart."""

    def __init__(self, context: AppContext, baseline: Baseline, parent: QWidget | None = None) -> None:
        title = _("Compared with “{name}”").format(name=baseline.name)
        super().__init__(title, parent, accept_text=_("Close"))
        self.resize(1180, 620)
        self._context, self._baseline = context, baseline
        self._others = tuple(one for one in baselines(context.session, baseline.project_id) if one.id != baseline.id)
        self._rows: tuple[Difference, ...] = ()
        self._model: RowsModel[Difference] = RowsModel(_columns(), lambda row: row.task_id, parent=self)
        self._proxy = SortFilterModel(self._model, self)
        self.beside = QComboBox()
        self.beside.setAccessibleName(_("Compared with"))
        self.beside.addItem(_("The plan as it stands"))
        self.beside.addItems([" ".join(one.name[:60].split()) for one in self._others])
        self.beside.currentIndexChanged.connect(lambda _index: self._compare())
        self.summary = secondary_label("")
        self.only = QCheckBox(_("Only what differs"))
        self.only.setChecked(True)
        self.only.toggled.connect(self._on_only)
        self.table = DataTable(
            self._proxy, key="gantt.baseline", state=context.view_state, accessible_name=_("Comparison")
        )
        self.table.set_placeholder(_("Nothing has changed since the baseline."))
        self.chart = SceneCanvas()
        self.chart.setAccessibleName(_("Chart"))
        segments = (Segment("table", _("Table")), Segment("chart", _("Chart")))
        self.shown = SegmentedControl(segments, accessible_name=_("View"))
        self.shown.current_changed.connect(self._on_shown)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(secondary_label(_("“{name}” beside").format(name=" ".join(baseline.name[:40].split()))))
        head.addWidget(self.beside)
        head.addWidget(self.only)
        head.addStretch(1)
        head.addWidget(self.shown)
        self.body.addLayout(head)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.chart)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.pages, 1)
        self.pdf_button = button(_("Comparison as PDF"), self._print, icon_name="file-down")
        self.buttons.insertWidget(0, button(_("Copy the table"), self._copy))
        self.buttons.insertWidget(1, self.pdf_button)
        self.cancel_button.hide()
        self._compare()
        self._on_only()

    def _other(self) -> Baseline | None:
        number = self.beside.currentIndex() - 1
        return self._others[number] if number >= 0 else None

    def _compare(self) -> None:
        """Fetch what differs from what is chosen."""
        session, other = self._context.session, self._other()
        found = compare(session, self._baseline.id, other.id if other is not None else None)
        state = plan_state(session, self._baseline.project_id)
        reasons = causes(state, found, live=other is None)
        summaries = {row.id for row in state.outline if row.has_children}
        self._rows = tuple(replace(one, reason=reasons.get(one.task_id, "")) for one in found)
        self._model.set_rows(self._rows)
        leaves = [one for one in found if one.task_id not in summaries]
        words = _("Later: {count} · new: {added} · deleted: {gone} · money: {amount} yuan")
        self.summary.setText(
            words.format(
                count=sum(one.finish_slip > 0 for one in leaves),
                added=sum(one.old_start is None for one in leaves),
                gone=sum(one.new_start is None for one in leaves),
                amount=_signed(sum(one.new_cost - one.old_cost for one in found)),
            )
        )
        self.chart.set_provider(_Pictures(comparison_scene(*_printed(leaves, state.minutes_per_day), 1000.0)))

    def _on_only(self, *_args: object) -> None:
        only = self.only.isChecked()
        self._proxy.set_filter((lambda row: row.differs) if only else None)

    def _on_shown(self, key: str) -> None:
        self.pages.setCurrentIndex(int(key == "chart"))
        self.only.setEnabled(key == "table")

    def _print(self) -> None:
        """Close and let the PDF be made; it opens in a window of its own."""
        self.accept()
        options: dict[str, object] = {"baseline_id": self._baseline.id}
        other = self._other()
        if other is not None:
            options["other_baseline_id"] = other.id
        self._context.export_requested.emit("baseline-comparison", options)

    def _copy(self) -> None:
        columns = _columns()
        rows = [tuple(column.title for column in columns)]
        rows += [tuple(column.words(row) for column in columns) for row in self._rows]
        QGuiApplication.clipboard().setText(tsv_text(rows))


def _columns() -> tuple[Column[Difference], ...]:
    return (
        Column("name", _("Task"), lambda row: row.name, text=lambda row: "    " * row.level + row.name, width=210),
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
        Column("old_cost", _("Money then"), lambda row: row.old_cost, CellKind.MONEY, text=_then, width=96),
        Column("new_cost", _("Money now"), lambda row: row.new_cost, CellKind.MONEY, text=_now, width=96),
        Column("reason", _("Reason"), lambda row: row.reason, width=220, stretch=True, tool_tip=lambda row: row.reason),
    )


def _signed(fen: int) -> str:
    return f"+{money_text(fen)}" if fen > 0 else money_text(fen)


def _then(row: Difference) -> str:
    return money_text(row.old_cost) if row.old_cost else ""


def _now(row: Difference) -> str:
    return money_text(row.new_cost) if row.new_cost else ""


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
