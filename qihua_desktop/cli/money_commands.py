"""The commands for money: budget tables in and out."""

from __future__ import annotations

import argparse
import json
import re
import sys
from typing import TYPE_CHECKING

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.i18n import _

from .commands import open_session

if TYPE_CHECKING:
    from qihua_desktop.domain.budget_table import BudgetTable, TableColumn


def import_budget(options: argparse.Namespace) -> int:
    """Import a budget table into a project's budget, or only say how it would be understood."""
    from qihua_desktop.exchange.import_budget import import_budget as import_file
    from qihua_desktop.exchange.import_budget import read_budget
    from qihua_desktop.services.documents import read_file
    from qihua_desktop.services.projects import project_by_name

    content = read_file(options.table)
    mapping = _mapping(options.column or ())
    if options.dry_run:
        _sheet, table = read_budget(content, sheet=options.sheet, mapping=mapping)
        _print(table, as_json=options.json)
        return 0
    with open_session(options, read_only=False) as session:
        project = project_by_name(session, options.project)
        made = import_file(
            session,
            project.id,
            content,
            sheet=options.sheet,
            mapping=mapping,
            replace_all=options.replace,
            take_total=options.take_total,
            skip_bad_rows=options.skip_bad_rows,
        )
    _print(made.table, as_json=options.json)
    return 0


def export_budget(options: argparse.Namespace) -> int:
    """Write a project's budget as a workbook."""
    from qihua_desktop.exchange.export_budget import export_budget as export_file
    from qihua_desktop.services.projects import project_by_name

    with open_session(options, read_only=True) as session:
        notes = export_file(session, project_by_name(session, options.project).id, options.output)
    print(options.output)
    for note in notes:
        print(note, file=sys.stderr)
    return 0


def _print(table: BudgetTable, *, as_json: bool) -> None:
    from qihua_desktop.domain.budget_table import column_label

    if as_json:
        data = {
            "columns": {str(at + 1): column.value for at, column in sorted(table.columns.items())},
            "scale": table.scale,
            "rows": [{"level": one.level, "name": one.name, "amount_fen": one.amount} for one in table.lines],
            "problems": [{"row": one.number, "message": one.message} for one in table.problems],
            "notes": list(table.notes),
            "total_fen": table.total,
        }
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return
    print(" · ".join(f"{at + 1} {column_label(column)}" for at, column in sorted(table.columns.items())))
    print(_("{rows} rows, {amount} in all").format(rows=len(table.lines), amount=money_text(table.amount)))
    for note in table.notes:
        print(note)
    for problem in table.problems:
        print(_("Row {number}: {problem}").format(number=problem.number, problem=problem.message), file=sys.stderr)


def _mapping(texts: list[str] | tuple[str, ...]) -> dict[int, TableColumn]:
    from qihua_desktop.domain.budget_table import TableColumn

    found: dict[int, TableColumn] = {}
    for text in texts:
        match = re.fullmatch(r"([A-Za-z]{1,2}|\d{1,3})=(\w+)", text.strip())
        names = {one.value: one for one in TableColumn}
        if match is None or match[2] not in names or match[1] == "0":
            raise InputError(
                _("“{text}” does not say which column is what.").format(text=text),
                _("Write for instance B=amount. Columns can be: {names}").format(names=", ".join(names)),
            )
        at = 0
        if match[1].isdigit():
            at = int(match[1])
        else:
            for letter in match[1].upper():
                at = at * 26 + ord(letter) - 64
        found[at - 1] = names[match[2]]
    return found
