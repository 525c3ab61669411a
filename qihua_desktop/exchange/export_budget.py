"""Gathering what the budget's workbook shows, and writing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from db import tables
from qihua_desktop.domain.budget import budget_state_label
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.execution import deviation_label
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.invoice import InvoiceKind, invoice_kind_label
from qihua_desktop.domain.ledger import Ledger
from qihua_desktop.domain.vouchers import Voucher, VoucherShare, VoucherState, voucher_state_label
from qihua_desktop.files import write_safely
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import pools
from qihua_desktop.services.budget_view import BudgetView, load_budget
from qihua_desktop.services.ledger import ledger_source, load_ledger
from qihua_desktop.services.projects import project as project_of
from qihua_desktop.services.session import Session
from qihua_desktop.services.settings import company
from qihua_desktop.services.suppliers import printed_supplier, supplier_names

from .budget_xlsx import BudgetBook, BudgetRow, ExecutionRow, PoolRow, VoucherRow, write_budget


def export_budget(session: Session, project_id: EntityId, output: Path) -> tuple[str, ...]:
    """Write a project's budget as .xlsx and return sentences on what was cut. Raises InputError for other endings."""
    if output.suffix.lower() != ".xlsx":
        raise InputError(_("Budgets are written as Excel workbooks."), _("Choose a file name that ends in .xlsx."))
    content, cut = write_budget(budget_book(session, project_id))
    write_safely(output, content)
    if not cut:
        return ()
    words = ngettext("{count} text was cut to 32,767 characters.", "{count} texts were cut to 32,767 characters.", cut)
    return (words.format(count=cut),)


def budget_book(session: Session, project_id: EntityId) -> BudgetBook:
    """Return what a project's workbook shows. Raises LookupError for a project without a budget."""
    project = project_of(session, project_id)
    view = load_budget(session, project_id)
    source = ledger_source(session, project_id)
    ledger = load_ledger(session, project_id)
    rows = _rows(view, supplier_names(session))
    numbers = {line.line.id: row.number for line, row in zip(view.lines, rows, strict=True)}
    facts = (
        (_("Project"), project.name),
        (_("Project number"), project.number),
        (_("Version"), f"V{view.budget.version}" if view.budget.version else _("No version yet")),
        (_("State"), budget_state_label(view.budget.state)),
        (_("Company"), company(session).name or "—"),
        (_("Date"), session.today().isoformat()),
    )
    return BudgetBook(
        project.name,
        facts,
        view.budget.total,
        view.capital,
        rows,
        _execution(view, ledger, numbers, _reasons(session, project_id)),
        _vouchers(view, source.vouchers, source.shares),
        _pools(session, project_id),
        sum(one.gross for one in source.vouchers if one.state is VoucherState.ACCEPTED),
    )


def _rows(view: BudgetView, suppliers: Mapping[EntityId, str]) -> tuple[BudgetRow, ...]:
    counts: list[int] = []
    found: list[BudgetRow] = []
    for row in view.lines:
        del counts[row.level + 1 :]
        if len(counts) <= row.level:
            counts.append(0)
        counts[row.level] += 1
        line = row.line
        number = ".".join(map(str, counts))
        found.append(
            BudgetRow(number, line.name, row.level, row.has_children, printed_supplier(line, suppliers), line.basis,
                      line.quantity, line.unit, line.unit_price if line.quantity else 0, line.tax_rate, line.amount,
                      row.net)
        )  # fmt: skip
    return tuple(found)


def _execution(
    view: BudgetView, ledger: Ledger, numbers: Mapping[EntityId, str], reasons: Mapping[EntityId | None, str]
) -> tuple[ExecutionRow, ...]:
    """Return the ledger's rows; what is recorded at a category itself stands in a row of its own below it."""
    children: dict[EntityId | None, list[EntityId]] = {}
    for row in view.lines:
        children.setdefault(row.line.parent_id, []).append(row.line.id)
    found: list[ExecutionRow] = []
    for row in view.lines:
        figures = ledger.rows[row.line.id]
        below = children.get(row.line.id, [])
        own = _own(_figures(figures), [_figures(ledger.rows[one]) for one in below]) if below else None
        found.append(
            ExecutionRow(numbers[row.line.id], row.line.name, row.level, bool(below), *_figures(figures),
                         reasons.get(row.line.id, ""))
        )  # fmt: skip
        if own is not None and any(own):
            found.append(
                ExecutionRow("", _("{line}, not on a line").format(line=row.line.name), row.level + 1, False, *own,
                             own=True)
            )  # fmt: skip
    rest = _own(_figures(ledger.total), [_figures(one) for one in ledger.categories])
    if any(rest):
        found.append(ExecutionRow("", _("Not in any category"), 0, False, *rest, reasons.get(None, ""), own=True))
    return tuple(found)


Figures = tuple[int, int, int, int, int, int]


def _figures(row: object) -> Figures:
    names = ("budget", "released", "contracted", "open_commitment", "actual", "to_go")
    budget, released, contracted, still_open, actual, to_go = (int(getattr(row, name)) for name in names)
    return budget, released, contracted, still_open, actual, to_go


def _own(whole: Figures, parts: Sequence[Figures]) -> Figures:
    sums = [sum(column) for column in zip(*parts, strict=True)] or [0] * len(whole)
    budget, released, contracted, still_open, actual, to_go = (
        one - part for one, part in zip(whole, sums, strict=True)
    )
    return budget, released, contracted, still_open, actual, to_go


def _reasons(session: Session, project_id: EntityId) -> dict[EntityId | None, str]:
    found: dict[EntityId | None, list[str]] = {}
    for reason in tables.deviation_reasons.all(session.workspace, project_id=project_id):
        words = f"{reason.code.value} {deviation_label(reason.code)} {reason.text}".strip()
        found.setdefault(reason.line_id, []).append(words)
    return {line_id: "；".join(words) for line_id, words in found.items()}


def _vouchers(view: BudgetView, vouchers: Sequence[Voucher], shares: Sequence[VoucherShare]) -> tuple[VoucherRow, ...]:
    names = {row.line.id: row.line.name for row in view.lines}
    borne: dict[EntityId, list[str]] = {}
    for share in shares:
        if share.line_id is not None and share.line_id in names:
            borne.setdefault(share.voucher_id, []).append(names[share.line_id])
    kinds = {kind.value: kind for kind in InvoiceKind}
    return tuple(
        VoucherRow(
            one.number,
            one.code,
            invoice_kind_label(kinds[one.invoice_kind]) if one.invoice_kind in kinds else one.invoice_kind,
            one.issued_on,
            one.seller_name,
            one.seller_tax_id,
            one.buyer_name,
            one.buyer_tax_id,
            one.net,
            one.tax,
            one.gross,
            voucher_state_label(one.state),
            "、".join(borne.get(one.id, ())),
            one.reason,
            one.state is VoucherState.ACCEPTED,
        )
        for one in vouchers
    )


def _pools(session: Session, project_id: EntityId) -> tuple[PoolRow, ...]:
    return tuple(
        PoolRow(f"{one.pool.year} {one.pool.name}", term.label, term.amount)
        for one in pools.project_positions(session, project_id)
        if one.pool is not None and one.position is not None
        for term in one.position.terms
    )
