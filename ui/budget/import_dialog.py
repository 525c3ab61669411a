"""What an import would make of a budget table: which column is what, the rows, what was noticed, and where they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from qihua_desktop.domain.budget_paste import PastedLine
from qihua_desktop.domain.budget_table import BudgetTable, TableColumn, TableRow, column_label, read_table
from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.domain.formatting import money_text, percent_exact
from qihua_desktop.exchange.budget_file import read_rows, sheet_names
from qihua_desktop.exchange.import_budget import import_budget
from qihua_desktop.i18n import _, ngettext
from ui.common.columns import CellKind, Column
from ui.common.dialog_base import BaseDialog
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.theme import SECONDARY_SIZE, Role
from ui.common.widgets import PlainLabel

from .tabs import BudgetTab

_SIZE = (1040, 680)
_INDENT = "　"
_COLUMNS_SHOWN = 24
_NOTES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    line: PastedLine


@dataclass(frozen=True, slots=True)
class BudgetFile:
    """A file that was read: its sheets, the one that looks like a budget, and that one's rows."""

    name: str
    content: bytes
    sheets: tuple[str, ...]
    sheet: str
    rows: tuple[TableRow, ...]


def read_file(path: Path) -> BudgetFile:
    """Read a budget file, in a job. Raises InputError when it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(_("The file cannot be read."), str(error.strerror or "")) from error
    sheet, rows = read_rows(content)
    return BudgetFile(path.name, content, sheet_names(content), sheet, rows)


class BudgetImportDialog(BaseDialog):
    """Accepted, the rows are in the budget as one undo step."""

    def __init__(self, tab: BudgetTab, file: BudgetFile) -> None:
        super().__init__(_("Import “{file}”").format(file=file.name[:80]), tab, accept_text=_("Import"))
        self._tab, self._content = tab, file.content
        self._sheet_rows = {file.sheet: file.rows}
        self.table: BudgetTable | None = None
        self.mapping_fields: list[QComboBox] = []
        self._choices: list[TableColumn | None] = [None, *TableColumn]
        self.sheet = QComboBox()
        self.sheet.setAccessibleName(_("Sheet"))
        self.sheet.addItems(list(file.sheets))
        if file.sheet in file.sheets:
            self.sheet.setCurrentIndex(file.sheets.index(file.sheet))
        self.summary = PlainLabel("", wrap=True, tabular=True)
        head = QHBoxLayout()
        if self.sheet.count():
            head.addWidget(PlainLabel(_("Sheet"), role=Role.MUTED))
            head.addWidget(self.sheet)
        head.addWidget(self.summary, 1)
        self.body.addLayout(head)
        self._columns_area = QScrollArea()
        self._columns_area.setWidgetResizable(True)
        self._columns_area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._columns_area.setFixedHeight(92)
        self.body.addWidget(self._columns_area)
        self.model: RowsModel[_Row] = RowsModel(_columns(), lambda row: row.number, parent=self)
        self.rows = DataTable(
            self.model, key="budget.import", state=tab.context.view_state, accessible_name=_("Rows to import")
        )
        self.rows.set_placeholder(_("No rows were understood. Say above which column holds the name."))
        self.body.addWidget(self.rows, 1)
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.notes.setTabChangesFocus(True)
        self.notes.setAccessibleName(_("Notes and problems"))
        self.notes.setFixedHeight(92)
        self.body.addWidget(self.notes)
        self._add_ways()
        self.check = self._import
        self.resize(*_SIZE)
        self._read({})
        self.sheet.currentIndexChanged.connect(lambda _at: self._read({}))

    def mapping(self) -> dict[int, TableColumn]:
        """Return what every column is taken for."""
        found: dict[int, TableColumn] = {}
        for at, field in enumerate(self.mapping_fields):
            column = self._choices[field.currentIndex()]
            if column is not None:
                found[at] = column
        return found

    def _add_ways(self) -> None:
        self.append = QRadioButton(_("Add to the present rows"))
        self.replace = QRadioButton(_("Replace the present rows"))
        self.append.setChecked(True)
        self.take_total = QCheckBox(_("Let the total be the sum of the categories"))
        self.skip_bad = QCheckBox(_("Leave out rows that cannot be read"))
        ways = QHBoxLayout()
        for one in (self.append, self.replace, self.take_total, self.skip_bad):
            ways.addWidget(one)
        ways.addStretch(1)
        self.body.addLayout(ways)

    def _read(self, mapping: dict[int, TableColumn]) -> None:
        """Read the file anew, with the columns as they are recognised or as they were chosen."""
        try:
            sheet = self.sheet.currentText()
            if sheet not in self._sheet_rows:
                self._sheet_rows[sheet] = read_rows(self._content, sheet=sheet)[1]
            table = read_table(self._sheet_rows[sheet], mapping or None)
        except QihuaError as error:
            self.table = None
            self.model.set_rows(())
            if not mapping:
                self._offer_columns()
            self.set_problem(f"{error.message} {error.advice}".strip())
            self.accept_button.setEnabled(False)
            return
        self.set_problem("")
        self.table = table
        if not mapping:
            self._show_mapping(table.heading, table.columns)
        self.model.set_rows(tuple(_Row(at, line) for at, line in enumerate(table.lines)))
        self._show_words(table)
        self.accept_button.setEnabled(bool(table.lines))
        self.skip_bad.setVisible(bool(table.problems))

    def _offer_columns(self) -> None:
        """Where no heading was understood, let the user say what the columns are."""
        rows = self._sheet_rows.get(self.sheet.currentText(), ())
        first = next((row.cells for row in rows if any(cell.strip() for cell in row.cells)), ())
        self._show_mapping(first, {})

    def _show_mapping(self, heading: Sequence[str], columns: Mapping[int, TableColumn]) -> None:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        count = max(len(heading), max(columns, default=-1) + 1)
        self.mapping_fields = []
        for at in range(min(count, _COLUMNS_SHOWN)):
            text = " ".join(heading[at].split()) if at < len(heading) else ""
            words = text[:24] or _("Column {number}").format(number=at + 1)
            grid.addWidget(PlainLabel(words, role=Role.MUTED, size=SECONDARY_SIZE), 0, at)
            field = QComboBox()
            field.addItem(_("Not used"))
            field.addItems([column_label(column) for column in TableColumn])
            field.setAccessibleName(_("Column “{name}” is").format(name=words))
            field.setCurrentIndex(self._choices.index(columns.get(at)))
            field.currentIndexChanged.connect(lambda _at: self._read(self.mapping()))
            grid.addWidget(field, 1, at)
            self.mapping_fields.append(field)
        grid.setColumnStretch(count, 1)
        self._columns_area.setWidget(holder)

    def _show_words(self, table: BudgetTable) -> None:
        count = len(table.lines)
        words = [
            ngettext("{count} row", "{count} rows", count).format(count=count),
            _("sum {amount}").format(amount=money_text(table.amount)),
        ]
        if table.total is not None:
            words.append(_("the file says {amount}").format(amount=money_text(table.total)))
        if table.scale > 1:
            words.append(_("amounts in units of 10,000 yuan"))
        self.summary.setText(" · ".join(words))
        lines = [_("Row {number}: {problem}").format(number=one.number, problem=one.message) for one in table.problems]
        lines += list(table.notes)
        self.notes.setPlainText("\n".join(lines[:_NOTES_SHOWN]))
        self.notes.setVisible(bool(lines))

    def _import(self) -> None:
        project_id = self._tab.project_id
        if project_id is None:
            raise InputError(_("No project chosen"))
        import_budget(
            self._tab.context.session, project_id, self._content, sheet=self.sheet.currentText(),
            mapping=self.mapping() or None, replace_all=self.replace.isChecked(),
            take_total=self.take_total.isChecked(), skip_bad_rows=self.skip_bad.isChecked(),
        )  # fmt: skip


def _columns() -> tuple[Column[_Row], ...]:
    def share(row: _Row) -> str:
        return percent_exact(row.line.percent) if row.line.percent is not None else ""

    return (
        Column("name", _("Name"), lambda row: row.line.name, width=300,
               text=lambda row: _INDENT * row.line.level + " ".join(row.line.name.split()),
               bold=lambda row: row.line.level == 0),
        Column("amount", _("Amount with tax"), lambda row: row.line.amount, CellKind.MONEY, width=120),
        Column("percent", _("Share"), share, width=80),
        Column("supplier", _("Supplier"), lambda row: row.line.supplier, width=160),
        Column("basis", _("Basis"), lambda row: row.line.basis, stretch=True, width=160),
    )  # fmt: skip
