"""The commands for money: budget tables in and out, invoices in."""

from __future__ import annotations

import argparse
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.i18n import _

from .commands import open_session

if TYPE_CHECKING:
    from qihua_desktop.domain.budget_table import BudgetTable, TableColumn
    from qihua_desktop.services.session import Session
    from qihua_desktop.services.voucher_intake import FileImport


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


def import_invoice(options: argparse.Namespace) -> int:
    """Store files' invoices as vouchers to be checked, in one edit; 1 when one gave nothing or was there already."""
    from qihua_desktop.domain.ids import EntityId
    from qihua_desktop.exchange.invoices import ReadResult, read_invoice
    from qihua_desktop.services.budget_view import load_budget
    from qihua_desktop.services.projects import project_by_name
    from qihua_desktop.services.voucher_intake import store_read

    results: list[ReadResult] = [one for path in options.invoices for one in read_invoice(path)]
    with open_session(options, read_only=False) as session:
        project = project_by_name(session, options.project)
        line_id: EntityId | None = None
        if options.line:
            lines = [row.line for row in load_budget(session, project.id).lines if row.line.name == options.line]
            if len(lines) != 1:
                raise InputError(_("The budget has no line “{name}”, or several.").format(name=options.line))
            line_id = lines[0].id
        report = store_read(session, project.id, results, line_id)
        rows = [_invoice_row(session, one) for one in report.files]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            print("\n  ".join(_invoice_words(row)))
    return 1 if report.failed or report.duplicates else 0


def _invoice_row(session: Session, found: FileImport) -> dict[str, Any]:
    """Return what became of a file, with the checks of the voucher that was stored."""
    from qihua_desktop.domain.ids import id_text
    from qihua_desktop.services.vouchers import voucher_view

    row: dict[str, Any] = {
        "file": found.name,
        "voucher": None,
        "duplicate_of": found.duplicate_of.number if found.duplicate_of is not None else None,
        "duplicate_project": found.duplicate_project or None,
        "findings": [{"severity": one.severity.value, "message": one.message} for one in found.findings],
        "checks": [],
    }
    if found.voucher_id is None:
        return row
    view = voucher_view(session, found.voucher_id)
    voucher = view.voucher
    row["voucher"] = {
        "id": id_text(voucher.id),
        "kind": voucher.invoice_kind,
        "number": voucher.number,
        "code": voucher.code,
        "issued_on": voucher.issued_on.isoformat() if voucher.issued_on else None,
        "seller": voucher.seller_name,
        "seller_tax_id": voucher.seller_tax_id,
        "buyer": voucher.buyer_name,
        "buyer_tax_id": voucher.buyer_tax_id,
        "currency": voucher.currency,
        "net_fen": voucher.net,
        "tax_fen": voucher.tax,
        "gross_fen": voucher.gross,
        "state": voucher.state.value,
    }
    row["checks"] = [
        {"check": str(one.key.value), "outcome": one.outcome.value, "message": one.message} for one in view.checks
    ]
    return row


def _invoice_words(row: dict[str, Any]) -> list[str]:
    """Return the voucher in a line, then what is wrong with it and what is still open, each in a line of its own."""
    from qihua_desktop.domain.invoice_facts import InvoiceOutcome

    voucher = row["voucher"]
    parts = [row["file"]]
    if voucher is not None:
        parts += [voucher["number"], voucher["seller"], money_text(voucher["gross_fen"])]
    if row["duplicate_of"] is not None:
        parts.append(
            _("duplicate of {number}, {project}").format(
                number=row["duplicate_of"], project=row["duplicate_project"] or ""
            )
        )
    findings = [one["message"] for one in row["findings"]]
    if voucher is None:
        return ["  ".join(_plain(part) for part in (*parts, *findings) if part)]
    for outcome in (InvoiceOutcome.FAILED, InvoiceOutcome.WARNING):
        findings += [one["message"] for one in row["checks"] if one["outcome"] == outcome.value]
    return ["  ".join(_plain(part) for part in parts if part), *map(_plain, findings)]


def _plain(text: str) -> str:
    """Return text of a file without line ends and the characters that steer a terminal."""
    return " ".join("".join(one if ord(one) >= 32 and not 127 <= ord(one) < 160 else " " for one in text).split())


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
