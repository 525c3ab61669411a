"""What is known of one supplier: what became of its quotes and contracts, its projects, where its money goes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QStackedLayout, QWidget

from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.formatting import MISSING, date_text, money_text, percent_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import Supplier
from qihua_desktop.i18n import _
from qihua_desktop.services import suppliers
from qihua_desktop.services.suppliers import SupplierHistory, SupplierProject
from ui.common.columns import CellKind, Column
from ui.common.context import AppContext
from ui.common.fields import TextArea
from ui.common.layouts import Page as ScrollPage
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.theme import SPACE_1, SPACE_3
from ui.common.widgets import Card, Chip, Elide, EmptyState, FormGrid, PlainLabel, Tone, muted_label, section_label

_FIELDS: Final = ("email", "bank", "account")


class SupplierDetail(Card):
    """Shows one supplier; bank details are edited in place.

    Signals:
        project_requested(object): a project was chosen in the history, by its id.
    """

    project_requested = Signal(object)

    def __init__(self, context: AppContext) -> None:
        self.chip = Chip(_("Offered"), Tone.OK)
        super().__init__(_("Supplier"), chip=self.chip, padded=False)
        self._context = context
        self._editable = not context.session.workspace.read_only
        self._shown: Supplier | None = None
        self.setMinimumWidth(300)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(EmptyState("store", _("No supplier selected"), _("Select one to see what it did.")))
        self._scroll = ScrollPage(margin=14)
        self._stack.addWidget(self._scroll)
        self.add(holder, 1)
        self._build_facts()
        self._build_projects()
        self._build_fields()
        self._scroll.body.addStretch(1)
        self.chip.hide()

    @property
    def supplier_id(self) -> EntityId | None:
        """The supplier shown."""
        return self._shown.id if self._shown is not None else None

    def show_supplier(self, supplier_id: EntityId | None) -> None:
        """Show a supplier, or nothing; what is being typed stays as it is."""
        if supplier_id is None:
            self._shown = None
            self._stack.setCurrentIndex(0)
            self.set_title(_("Supplier"))
            self.chip.hide()
            return
        history = suppliers.supplier_history(self._context.session, supplier_id)
        changed = self.supplier_id != supplier_id
        self._shown = history.supplier
        self.set_title(history.supplier.name)
        self.chip.show()
        self.chip.set_text(_("Offered") if history.supplier.active else _("No longer offered"))
        self.chip.set_tone(Tone.OK if history.supplier.active else Tone.NEUTRAL)
        self._show_facts(history)
        self.projects.set_rows(history.projects)
        self._fit_table()
        for key, field in self.fields.items():
            value = getattr(history.supplier, key)
            if changed or not (field.hasFocus() and field.isModified()):
                if field.text() != value:
                    field.setText(value)
                field.setModified(False)
        if changed or not self.notes.hasFocus():
            self.notes.set_text(history.supplier.notes)
        self._stack.setCurrentIndex(1)

    def _build_facts(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_1)
        grid.setColumnStretch(1, 1)
        self.facts: dict[str, PlainLabel] = {}
        for row, (key, title) in enumerate(
            (
                ("contracts", _("Contracts")),
                ("invoiced", _("Invoiced")),
                ("quotes", _("Quotes")),
                ("deviation", _("Average deviation")),
                ("last", _("Last used")),
            )
        ):
            value = self.facts[key] = PlainLabel(elide=Elide.END, tabular=True)
            grid.addWidget(muted_label(title), row, 0)
            grid.addWidget(value, row, 1)
        self._scroll.body.addLayout(grid)

    def _build_projects(self) -> None:
        self.projects: RowsModel[SupplierProject] = RowsModel(
            _project_columns(), lambda row: row.project_id, parent=self
        )
        self.table = DataTable(
            self.projects,
            key="supplier.projects",
            state=self._context.view_state,
            accessible_name=_("Projects of the supplier"),
        )
        self.table.set_placeholder(_("No contract and no invoice yet."))
        self.table.row_activated.connect(lambda row: self.project_requested.emit(row.project_id))
        self._scroll.body.addSpacing(SPACE_1)
        self._scroll.body.addWidget(section_label(_("Projects")))
        self._scroll.body.addWidget(self.table)

    def _build_fields(self) -> None:
        titles = {"email": _("E-mail"), "bank": _("Bank"), "account": _("Account number")}
        form = FormGrid(labels_above=True)
        self.fields: dict[str, QLineEdit] = {}
        for key in _FIELDS:
            field = self.fields[key] = QLineEdit()
            field.setReadOnly(not self._editable)
            field.editingFinished.connect(lambda key=key: self._store(key, self.fields[key].text()))
            form.add_row(titles[key], field)
        self.notes = TextArea(lines=3)
        self.notes.setReadOnly(not self._editable)
        self.notes.text_committed.connect(lambda text: self._store("notes", text))
        form.add_row(_("Notes"), self.notes)
        self._scroll.body.addSpacing(SPACE_1)
        self._scroll.body.addWidget(section_label(_("Bank and notes")))
        self._scroll.body.addWidget(form)

    def _show_facts(self, history: SupplierHistory) -> None:
        self.facts["contracts"].setText(f"{history.contracts} · {money_text(history.contracted)}")
        self.facts["invoiced"].setText(money_text(history.invoiced))
        self.facts["quotes"].setText(
            _("{won} won, {lost} lost, {open} open").format(won=history.won, lost=history.lost, open=history.undecided)
        )
        average = history.average_bp
        sign = "+" if average is not None and average > 0 else ""
        self.facts["deviation"].setText(MISSING if average is None else sign + percent_text(average))
        self.facts["last"].setText(date_text(history.last_on))

    def _fit_table(self) -> None:
        """Grow with the history up to six rows; more of them scroll."""
        rows = min(max(len(self.projects.rows), 1), 6)
        self.table.setFixedHeight(self.table.horizontalHeader().height() + rows * 30 + 4)

    @Slot(str, str)
    def _store(self, key: str, value: str) -> None:
        shown = self._shown
        if key in self.fields:
            self.fields[key].setModified(False)
        if shown is None or getattr(shown, key) == value:
            return
        session = self._context.session

        def change() -> None:
            suppliers.update_supplier(session, shown.id, **{key: value})

        try:
            known = suppliers.supplier(session, shown.id)
        except (LookupError, QihuaError):
            return
        if getattr(known, key) != value:
            self._context.attempt(change, self)


def _project_columns() -> tuple[Column[SupplierProject], ...]:
    return (
        Column("name", _("Project"), lambda row: row.name, width=110, stretch=True),
        Column("contracted", _("Contracts"), lambda row: row.contracted, CellKind.MONEY, width=86),
        Column("invoiced", _("Invoiced"), lambda row: row.invoiced, CellKind.MONEY, width=86),
        Column("last_on", _("Last used"), lambda row: row.last_on, CellKind.DATE, width=84, hidden=True),
    )
