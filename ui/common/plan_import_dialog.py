"""What an import would make of a plan file: what is left out, which dates differ and why, and which ones to keep."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QRadioButton, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import date_text
from qihua_desktop.domain.plan import day_of, last_day_of
from qihua_desktop.domain.project import ProjectKind, kind_label
from qihua_desktop.exchange.import_plan import PreparedImport
from qihua_desktop.exchange.imported_plan import DateDifference, span_text
from qihua_desktop.i18n import _, ngettext

from .columns import Column
from .dialog_base import BaseDialog
from .labels import PlainLabel, secondary_label, section_label
from .layouts import FormGrid, ViewState
from .models import RowsModel
from .tables import DataTable

_SIZE = (1000, 620)
_LONGEST_NAME = 200
_LINES = 6


class PlanImportDialog(BaseDialog):
    """Accepted, the import is to be stored; ``name``, ``kind`` and ``keep_dates`` say how."""

    def __init__(self, prepared: PreparedImport, state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(_("Import a plan"), parent, accept_text=_("Import"))
        self._is_new = prepared.ground.laid is not None
        self._differences = prepared.differences
        self.name_field = QLineEdit(prepared.ground.project.name)
        self.name_field.setMaxLength(_LONGEST_NAME)
        self.kind_field = QComboBox()
        for kind in ProjectKind:
            self.kind_field.addItem(kind_label(kind), kind)
        self.kind_field.setCurrentIndex(self.kind_field.findData(prepared.ground.project.kind))
        self.computed = QRadioButton(_("Computed by this program"))
        self.kept = QRadioButton(_("Pinned to the file's dates"))
        self.computed.setChecked(True)
        self.summary = PlainLabel(_summary(prepared), wrap=True)
        self.body.addWidget(self.summary)
        if self._is_new:
            form = FormGrid()
            form.add_row(_("Name of the project"), self.name_field)
            form.add_row(_("Kind"), self.kind_field)
            self.body.addWidget(form)
        self.left_out = QPlainTextEdit()
        self._add_left_out(prepared.dropped)
        self._add_differences(state)
        self.check = self._check
        if self._differences:
            self.resize(*_SIZE)

    def name(self) -> str:
        """Return what the new project is to be called."""
        return self.name_field.text().strip()

    def kind(self) -> ProjectKind:
        """Return the kind of the new project."""
        return ProjectKind(self.kind_field.currentData())

    def keep_dates(self) -> bool:
        """Return whether tasks whose dates differ are pinned to the file's."""
        return self.kept.isChecked()

    def _add_left_out(self, lines: tuple[str, ...]) -> None:
        if not lines:
            return
        self.body.addWidget(section_label(_("Not taken over")))
        self.left_out.setPlainText("\n".join(lines))
        self.left_out.setReadOnly(True)
        self.left_out.setTabChangesFocus(True)
        self.left_out.setAccessibleName(_("Not taken over"))
        height = self.left_out.fontMetrics().lineSpacing() * min(_LINES, len(lines) + 1)
        self.left_out.setFixedHeight(height + 16)
        self.body.addWidget(self.left_out)

    def _add_differences(self, state: ViewState) -> None:
        count = len(self._differences)
        if not count:
            self.body.addWidget(secondary_label(_("Every date comes out as in the file.")))
            self.body.addStretch(1)
            return
        self.body.addWidget(
            section_label(
                ngettext("{count} task has other dates", "{count} tasks have other dates", count).format(count=count)
            )
        )
        model: RowsModel[DateDifference] = RowsModel(_columns(), lambda row: row.task_id, parent=self)
        model.set_rows(self._differences)
        self.table = DataTable(model, key="plan.import", state=state, accessible_name=_("Dates that differ"))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(secondary_label(_("These tasks are to be")))
        self.body.addWidget(self.computed)
        self.body.addWidget(self.kept)

    def _check(self) -> None:
        if self._is_new and not self.name():
            raise InputError(_("The {field} is missing.").format(field=_("name")))


def _summary(prepared: PreparedImport) -> str:
    tasks, links = len(prepared.tasks), len(prepared.plan.links)
    words = ngettext("{count} task", "{count} tasks", tasks).format(count=tasks)
    words += " · " + ngettext("{count} link", "{count} links", links).format(count=links)
    if prepared.tasks:
        start, finish = min(task.start for task in prepared.tasks), max(task.finish for task in prepared.tasks)
        words += f" · {date_text(day_of(start))} – {date_text(last_day_of(start, finish))}"
    return words


def _columns() -> tuple[Column[DateDifference], ...]:
    return (
        Column("name", _("Task"), lambda row: row.name, width=190),
        Column(
            "file",
            _("In the file"),
            lambda row: row.file_start,
            text=lambda row: span_text(row.file_start, row.file_finish),
            width=236,
        ),
        Column(
            "ours",
            _("Computed"),
            lambda row: row.our_start,
            text=lambda row: span_text(row.our_start, row.our_finish),
            width=236,
        ),
        Column(
            "cause",
            _("Cause"),
            lambda row: row.cause_text(),
            tool_tip=lambda row: row.cause_text(),
            stretch=True,
        ),
    )
