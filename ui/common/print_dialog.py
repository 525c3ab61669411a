"""How the chart is printed: paper, sheets, days, columns and marks beside a preview of just that."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import Cancelled, QihuaError
from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.plan_baselines import baselines

from .context import AppContext
from .dialog_base import BaseDialog
from .fields import DateEdit
from .jobs import JobHandle
from .layouts import FormGrid
from .preview import PdfPreview
from .theme import SPACE_2, SPACE_5
from .widgets import muted_label

if TYPE_CHECKING:
    from qihua_desktop.reports.catalogue import RenderTask
    from qihua_desktop.reports.document import PdfResult
    from qihua_desktop.reports.gather_gantt import GanttPrint

_SETTLE_MS: Final = 250
_FORM_WIDTH: Final = 272
_WIDEST_FORM: Final = 360
_SIZE: Final = (1180, 780)
_LONGEST_NAME: Final = 40
_KEPT: Final = "gantt.print"


class PrintDialog(BaseDialog):
    """Every change prints the chart anew in the background; the preview saves and prints it."""

    def __init__(
        self,
        context: AppContext,
        project_id: EntityId,
        parent: QWidget | None = None,
        *,
        start_with: Callable[[GanttPrint], GanttPrint] | None = None,
    ) -> None:
        """Show the last choice; ``start_with`` may change it to what the window shows."""
        super().__init__(_("Print the Gantt chart"), parent, accept_text=_("Close"))
        from qihua_desktop.reports.gather_gantt import GanttPrint

        self._context = context
        self._project_id = project_id
        self._job: JobHandle | None = None
        self._number = 0
        self._baselines = baselines(context.session, project_id)
        self.preview = PdfPreview()
        self.told = muted_label("", wrap=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.render)
        self._build()
        last = self._remembered(GanttPrint())
        self.choose(last if start_with is None else start_with(last))
        self.cancel_button.hide()
        self._fit_screen()
        self.render()

    def wanted(self) -> GanttPrint:
        """Return what is chosen now."""
        from qihua_desktop.reports.gantt_table import TaskColumn
        from qihua_desktop.reports.gantt_tiles import Fit, Paper
        from qihua_desktop.reports.gather_gantt import GanttPrint

        at = self.baseline.currentIndex()
        return GanttPrint(
            Paper(self.paper.currentData()),
            Fit(self.fit.currentData()),
            TimeUnit(self.unit.currentData()),
            self.first.date(),
            self.last.date(),
            tuple(TaskColumn(key) for key, box in self.columns.items() if box.isChecked()),
            baseline=at > 0,
            baseline_id=self._baselines[-at].id if at > 0 else None,
            critical=self.critical.isChecked(),
            sign_off=self.sign_off.isChecked(),
        )

    def choose(self, wanted: GanttPrint) -> None:
        """Show a choice; the preview follows."""
        for box, value in ((self.paper, wanted.paper), (self.fit, wanted.fit), (self.unit, wanted.unit)):
            box.setCurrentIndex(max(0, box.findData(value.value)))
        self.first.set_date(wanted.first)
        self.last.set_date(wanted.last)
        for key, box in self.columns.items():
            box.setChecked(key in {column.value for column in wanted.columns})
        at = next((at for at, one in enumerate(reversed(self._baselines), 1) if one.id == wanted.baseline_id), 1)
        self.baseline.setCurrentIndex(at if wanted.baseline and self._baselines else 0)
        self.critical.setChecked(wanted.critical)
        self.sign_off.setChecked(wanted.sign_off)

    # --- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        from qihua_desktop.reports.gantt_table import TaskColumn, column_title
        from qihua_desktop.reports.gantt_tiles import Fit, Paper

        self.paper = _choices((Paper.A4.value, "A4"), (Paper.A3.value, "A3"))
        self.fit = _choices(
            (Fit.AUTO.value, _("As readable as possible")),
            (Fit.ONE_PAGE.value, _("Everything on one page")),
            (Fit.TILES.value, _("Tiles to put side by side")),
        )
        self.unit = _choices(
            (TimeUnit.HOUR.value, _("By the hour")),
            (TimeUnit.DAY.value, _("By the day")),
            (TimeUnit.WEEK.value, _("By the week")),
            (TimeUnit.MONTH.value, _("By the month")),
            (TimeUnit.QUARTER.value, _("By the quarter")),
        )
        today = self._context.session.today
        self.first, self.last = DateEdit(today=today), DateEdit(today=today)
        for field, words in ((self.first, _("from the first task")), (self.last, _("to the last task"))):
            field.setPlaceholderText(words)
        self.columns = {column.value: QCheckBox(column_title(column)) for column in TaskColumn}
        self.baseline = QComboBox()
        self.baseline.addItem(_("No baseline"))
        for one in reversed(self._baselines):
            self.baseline.addItem(" ".join(one.name.split())[:_LONGEST_NAME])
        self.baseline.setEnabled(bool(self._baselines))
        self.critical = QCheckBox(_("Show the critical path"))
        self.sign_off = QCheckBox(_("Sign-off block on the last page"))
        left = QVBoxLayout()
        left.addWidget(self._form())
        left.addWidget(self.told)
        left.addStretch(1)
        side = QWidget()
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(min(max(_FORM_WIDTH, left.minimumSize().width()), _WIDEST_FORM))
        self.preview.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_5)
        grid.addWidget(side, 0, 0)
        grid.addWidget(self.preview, 0, 1)
        self.body.addLayout(grid)
        for box in (self.paper, self.fit, self.unit, self.baseline):
            box.currentIndexChanged.connect(self._on_changed)
        for box in (*self.columns.values(), self.critical, self.sign_off):
            box.toggled.connect(self._on_changed)
        for field in (self.first, self.last):
            field.date_changed.connect(self._on_changed)

    def _form(self) -> FormGrid:
        columns = QWidget()
        columns.setAccessibleName(_("Columns"))
        grid = QGridLayout(columns)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setSpacing(SPACE_2)
        for at, box in enumerate(self.columns.values()):
            grid.addWidget(box, at // 2, at % 2)
        form = FormGrid()
        form.add_row(_("Paper"), self.paper)
        form.add_row(_("Sheets"), self.fit)
        form.add_row(_("Time scale"), self.unit)
        form.add_row(_("From"), self.first)
        form.add_row(_("To"), self.last)
        form.add_row(_("Columns"), columns)
        form.add_row(_("Baseline"), self.baseline)
        form.add_wide(self.critical)
        form.add_wide(self.sign_off)
        return form

    def _fit_screen(self) -> None:
        screen = self.screen() or QApplication.primaryScreen()
        room = screen.availableSize()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 60))

    # --- rendering ---------------------------------------------------------------------------------------------

    @Slot()
    def _on_changed(self, *_values: object) -> None:
        self.unit.setEnabled(self.fit.currentData() == "tiles")
        self._timer.start()

    @Slot()
    def render(self) -> None:
        """Print the chart as chosen now, in the background; what was under way is given up."""
        from qihua_desktop.reports import catalogue
        from qihua_desktop.reports.document import RenderOptions

        self._timer.stop()
        self._stop()
        self.unit.setEnabled(self.fit.currentData() == "tiles")
        wanted = self.wanted()
        try:
            task = catalogue.prepare(self._context.session, "gantt", self._project_id, chart=wanted)
        except QihuaError as error:
            self.set_problem(f"{error.message} {error.advice}".strip())
            return
        self.set_problem("")
        self._remember(wanted)
        self._number += 1
        number = self._number
        self._job = self._context.jobs.submit(
            lambda job: task.render(RenderOptions(job.progress, lambda: job.is_cancelled)),
            on_done=lambda result: self._show(result, task, number),
            on_failed=lambda error: self._failed(error, number),
            title=task.title,
        )

    def is_rendering(self) -> bool:
        """Return whether the preview is behind what is chosen."""
        return self._timer.isActive() or self._job is not None

    def done(self, result: int) -> None:
        self._timer.stop()
        self._stop()
        self._number += 1
        super().done(result)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _show(self, result: PdfResult, task: RenderTask, number: int) -> None:
        if number != self._number:
            return
        self._job = None
        self.preview.show_pdf(result.data, task.file_name)
        words = ngettext("{count} page", "{count} pages", result.pages).format(count=result.pages)
        lines = [words, *(one.describe() for one in result.substitutions[:5])]
        self.told.setText("\n".join(lines))

    def _failed(self, error: BaseException, number: int) -> None:
        if number != self._number or isinstance(error, Cancelled):
            return
        self._job = None
        if not isinstance(error, QihuaError):
            raise error
        self.set_problem(f"{error.message} {error.advice}".strip())

    # --- remembering -------------------------------------------------------------------------------------------

    def _remember(self, wanted: GanttPrint) -> None:
        kept = {
            "paper": wanted.paper.value,
            "fit": wanted.fit.value,
            "unit": wanted.unit.value,
            "columns": [column.value for column in wanted.columns],
            "critical": wanted.critical,
            "sign_off": wanted.sign_off,
        }
        self._context.view_state.write(_KEPT, json.dumps(kept))

    def _remembered(self, usual: GanttPrint) -> GanttPrint:
        from qihua_desktop.reports.gantt_table import TaskColumn
        from qihua_desktop.reports.gantt_tiles import Fit, Paper

        try:
            kept = json.loads(self._context.view_state.read(_KEPT) or "{}")
            return replace(
                usual,
                paper=Paper(kept.get("paper", usual.paper)),
                fit=Fit(kept.get("fit", usual.fit)),
                unit=TimeUnit(kept.get("unit", usual.unit)),
                columns=tuple(TaskColumn(key) for key in kept.get("columns", usual.columns)),
                critical=bool(kept.get("critical", True)),
                sign_off=bool(kept.get("sign_off", True)),
            )
        except (ValueError, TypeError, AttributeError):
            return usual


def _choices(*choices: tuple[str, str]) -> QComboBox:
    box = QComboBox()
    for key, words in choices:
        box.addItem(words, key)
    return box


__all__ = ["PrintDialog"]
