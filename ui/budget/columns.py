"""The columns of the allocation table."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from qihua_desktop.domain.budget import LineLock
from qihua_desktop.domain.execution import deviation_label
from qihua_desktop.domain.formatting import money_text, percent_exact, percent_text
from qihua_desktop.domain.roles import Role, series_role
from qihua_desktop.i18n import N_, _
from qihua_desktop.services.budget_view import LineView
from ui.common.columns import CellKind, Column

from .rows import BudgetRow, excess_words

MayEdit = Callable[[], bool]

_LOCKS = {
    LineLock.AMOUNT: N_("Amount"),
    LineLock.PERCENT: N_("Share"),
    LineLock.BOTH: N_("Both"),
}
_LOCK_SENTENCES = {
    LineLock.FREE: N_("Not locked: takes part when others change"),
    LineLock.AMOUNT: N_("Amount locked: keeps its yuan"),
    LineLock.PERCENT: N_("Share locked: keeps its percentage"),
    LineLock.BOTH: N_("Amount and share locked: nothing may move it"),
}


def lock_label(lock: LineLock) -> str:
    """Return what a lock keeps, in one word; nothing for a free row."""
    return _(_LOCKS[lock]) if lock in _LOCKS else ""


def lock_sentence(lock: LineLock) -> str:
    """Return what a lock does."""
    return _(_LOCK_SENTENCES[lock])


def lock_icon(lock: LineLock) -> str:
    """Return the icon of a lock."""
    return "lock-open" if lock is LineLock.FREE else "lock"


def share_text(basis_points: int) -> str:
    """Return a share with one decimal, or two where it needs them."""
    return percent_text(basis_points, 1 if basis_points % 10 == 0 else 2)


def line_role(row: LineView | BudgetRow, number: int = 0) -> Role:
    """Return a category's colour; unknown names fall back to the series."""
    try:
        return Role(row.line.colour)
    except ValueError:
        return series_role(number)


def quantity_text(thousandths: int) -> str:
    """Return a quantity without needless zeros; nothing for none."""
    if not thousandths:
        return ""
    text = f"{Decimal(thousandths) / 1000:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def budget_columns(may_edit: MayEdit) -> tuple[Column[BudgetRow], ...]:
    """Return the columns; ``may_edit`` tells whether anything may be changed now."""

    def always(_row: BudgetRow) -> bool:
        return may_edit()

    def of_leaves(row: BudgetRow) -> bool:
        return may_edit() and not row.has_children

    def is_category(row: BudgetRow) -> bool:
        return row.level == 0

    def quiet(row: BudgetRow) -> Role:
        return Role.TEXT if row.level == 0 else Role.MUTED

    def spent(row: BudgetRow) -> Role:
        return Role.TEXT if row.committed else Role.FAINT

    def soft(_row: BudgetRow) -> Role:
        return Role.MUTED

    return (
        Column("name", _("Category"), lambda row: row.line.name, bold=is_category, editable=always, width=150),
        Column("supplier", _("Supplier"), supplier_text, role=soft, editable=always, width=96, tool_tip=supplier_text),
        Column("basis", _("Basis"), lambda row: row.line.basis, role=soft, editable=always, width=124, hidden=True),
        Column("share", _("Share"), lambda row: row.share, CellKind.PERCENT, text=lambda row: share_text(row.share),
               bold=is_category, role=quiet, editable=always, width=64, tool_tip=_share_tip),
        Column("amount", _("Budget (yuan)"), lambda row: row.line.amount, CellKind.MONEY, bold=is_category,
               editable=always, width=102),
        Column("committed", _("Committed"), lambda row: row.committed, CellKind.MONEY, bold=is_category,
               role=spent, width=98, tool_tip=_committed_tip),
        Column("actual", _("Actual"), lambda row: row.actual, CellKind.MONEY, bold=is_category, role=spent, width=98),
        Column("used", _("Used"), lambda row: row.used_bp, CellKind.PROGRESS, text=_used_text, width=132,
               tool_tip=_used_tip),
        Column("lock", _("Lock"), lambda row: row.line.lock, text=lambda row: lock_label(row.line.lock),
               width=70, hidden=True,
               tool_tip=lambda row: lock_sentence(row.line.lock)),
        Column("tax_rate", _("Tax rate"), lambda row: row.line.tax_rate, CellKind.PERCENT, role=soft,
               text=lambda row: "" if row.has_children else percent_exact(row.line.tax_rate),
               editable=of_leaves, width=60, hidden=True),
        Column("quantity", _("Quantity"), lambda row: row.line.quantity, CellKind.NUMBER,
               text=lambda row: "" if row.has_children else quantity_text(row.line.quantity),
               editable=of_leaves, width=80, hidden=True),
        Column("unit", _("Unit"), lambda row: row.line.unit, editable=of_leaves, width=70, hidden=True),
        Column("unit_price", _("Unit price"), lambda row: row.line.unit_price, CellKind.MONEY,
               text=lambda row: money_text(row.line.unit_price) if row.line.unit_price else "",
               editable=of_leaves, width=104, hidden=True),
        Column("net", _("Net (yuan)"), lambda row: row.net, CellKind.MONEY, role=soft, width=116, hidden=True),
        Column("tax", _("Tax (yuan)"), lambda row: row.tax, CellKind.MONEY, role=soft, width=104, hidden=True),
        Column("share_of_total", _("Share of total"), lambda row: row.share_of_total, CellKind.PERCENT, role=soft,
               text=lambda row: share_text(row.share_of_total), width=96, hidden=True),
        Column("reserve", _("Reserve"), lambda row: row.line.is_reserve, CellKind.CHECK, editable=always, width=64,
               hidden=True),
        Column("task", _("Task"), lambda row: row.line.task_id, text=lambda row: row.facts.task, role=soft,
               editable=always, width=150, hidden=True),
        Column("stock", _("From the stock"), lambda row: row.facts.stock, role=soft, width=150, hidden=True,
               tool_tip=lambda row: row.facts.stock),
        Column("to_go", _("To go"), lambda row: row.facts.figures.to_go if row.facts.figures else None, CellKind.MONEY,
               role=soft, width=104, hidden=True),
        Column("eac", _("Estimate at completion"), lambda row: row.facts.figures.eac if row.facts.figures else None,
               CellKind.MONEY, role=soft, width=116, hidden=True),
        Column("notes", _("Notes"), lambda row: row.line.notes, role=soft, editable=always, width=160, hidden=True),
    )  # fmt: skip


def _share_tip(row: BudgetRow) -> str:
    share = share_text(row.share_of_total)
    if row.level == 0:
        return _("{share} of the total").format(share=share)
    return _("Share of the row above; {share} of the total").format(share=share)


def supplier_text(row: BudgetRow) -> str:
    """Return the supplier as it is shown: the one referred to, else the typed text."""
    return row.facts.supplier or (row.line.supplier if row.line.supplier_id is None else "")


def shows_bar(row: BudgetRow) -> bool:
    """Whether the use of a row is drawn as a bar: of categories, and of lines once anything was spent on them."""
    return row.used_bp is not None and row.level == 0


def _used_text(row: BudgetRow) -> str:
    if shows_bar(row):
        return percent_text(row.used_bp or 0, 0)
    return excess_words(row) if row.excess and not row.has_children else ""


def _used_tip(row: BudgetRow) -> str:
    figures = row.facts.figures
    if figures is None:
        return ""
    words = _("Actual {actual} of {budget}; estimate at completion {eac}").format(
        actual=money_text(figures.actual), budget=money_text(figures.effective), eac=money_text(figures.eac)
    )
    reason = row.facts.reason
    return f"{words}\n{reason.code.value} {deviation_label(reason.code)} {reason.text[:400]}" if reason else words


def _committed_tip(row: BudgetRow) -> str:
    figures = row.facts.figures
    if figures is None:
        return ""
    return _("Open commitments {open} + actual {actual}").format(
        open=money_text(figures.open_commitment), actual=money_text(figures.actual)
    )
