"""A budget file as one edit: read, look at, take over, and say what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qihua_desktop.domain.budget_table import BudgetTable, TableColumn, read_table
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services.budget_import import import_lines
from qihua_desktop.services.session import Session

from .budget_file import read_rows


@dataclass(frozen=True, slots=True)
class BudgetImport:
    """What was taken over: the sheet, the table as understood, and the ids of the new categories."""

    sheet: str
    table: BudgetTable
    categories: tuple[EntityId, ...]


def read_budget(
    content: bytes, *, sheet: str = "", mapping: Mapping[int, TableColumn] | None = None
) -> tuple[str, BudgetTable]:
    """Return the sheet's name and what its rows were understood as; nothing is stored. Raises InputError."""
    name, rows = read_rows(content, sheet=sheet)
    return name, read_table(rows, mapping)


def import_budget(
    session: Session, project_id: EntityId, content: bytes, *, sheet: str = "",
    mapping: Mapping[int, TableColumn] | None = None, replace_all: bool = False, take_total: bool = False,
    skip_bad_rows: bool = False,
) -> BudgetImport:  # fmt: skip
    """Import a budget file as one edit. Raises InputError naming the rows that cannot be read, unless skipped."""
    name, table = read_budget(content, sheet=sheet, mapping=mapping)
    if table.problems and not skip_bad_rows:
        raise InputError(
            _("Some rows cannot be read; nothing was imported."),
            _("Correct them, or import without these rows."),
            details=[
                _("Row {number}: {problem}").format(number=one.number, problem=one.message) for one in table.problems
            ],
        )
    if not table.lines:
        raise InputError(_("The table holds no budget rows."))
    made = import_lines(session, project_id, table.lines, replace_all=replace_all, take_total=take_total)
    return BudgetImport(name, table, made)
