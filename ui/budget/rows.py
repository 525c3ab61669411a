"""A row of the allocation table: the budget's line with what became of it, and who and what it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from qihua_desktop.domain.allocation import WHOLE
from qihua_desktop.domain.budget import BudgetLine
from qihua_desktop.domain.execution import DeviationReason, deviation_label
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.ledger import LineLedger
from qihua_desktop.domain.stock_rules import quantity_text
from qihua_desktop.i18n import _
from qihua_desktop.services import budget_links, stock, suppliers
from qihua_desktop.services.budget_view import BudgetView, LineView
from qihua_desktop.services.execution import ExecutionView
from qihua_desktop.services.session import Session

_WORDS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What stands beside a line: the ledger's figures and the names of what it refers to."""

    figures: LineLedger | None = None
    reason: DeviationReason | None = None
    needs_reason: bool = False
    supplier: str = ""
    task: str = ""
    stock: str = ""


NOTHING = LineFacts()


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A row of the table."""

    view: LineView
    facts: LineFacts = NOTHING

    @property
    def line(self) -> BudgetLine:
        """The budget line itself."""
        return self.view.line

    @property
    def level(self) -> int:
        """0 for a category."""
        return self.view.level

    @property
    def has_children(self) -> bool:
        """Whether it is a sum."""
        return self.view.has_children

    @property
    def committed(self) -> int:
        """What is bound or spent: open commitments and actual cost."""
        figures = self.facts.figures
        return figures.open_commitment + figures.actual if figures is not None else 0

    @property
    def actual(self) -> int:
        """What was spent."""
        return self.facts.figures.actual if self.facts.figures is not None else 0

    @property
    def share(self) -> int:
        """The share of the row above, in basis points."""
        return self.view.share

    @property
    def share_of_total(self) -> int:
        """The share of the whole budget, in basis points."""
        return self.view.share_of_total

    @property
    def net(self) -> int:
        """The amount without tax."""
        return self.view.net

    @property
    def tax(self) -> int:
        """The tax inside the amount."""
        return self.view.tax

    @property
    def used_bp(self) -> int | None:
        """What was spent of the effective budget, in basis points; None where there is none."""
        figures = self.facts.figures
        if figures is None or figures.effective <= 0:
            return None
        return figures.actual * WHOLE // figures.effective

    @property
    def excess(self) -> int:
        """What a line is expected to cost beyond its budget, in fen; nothing within it."""
        figures = self.facts.figures
        return max(0, figures.eac - figures.budget) if figures is not None else 0


def excess_words(row: BudgetRow) -> str:
    """Return the chip of a line that exceeds its budget: ``+12,900 嘉宾临时改签``."""
    whole = row.excess % 100 == 0
    amount = money_text(row.excess)
    words = "+" + (amount[:-3] if whole and amount.endswith(".00") else amount)
    reason = row.facts.reason
    if reason is None:
        return words
    said = " ".join((reason.text or deviation_label(reason.code)).split())
    return f"{words} {said[:_WORDS_SHOWN]}" + ("…" if len(said) > _WORDS_SHOWN else "")


def line_facts(session: Session, project_id: EntityId, found: ExecutionView) -> dict[EntityId, LineFacts]:
    """Return what stands beside every line of a project."""
    names = suppliers.supplier_names(session)
    tasks = budget_links.task_names(session, project_id)
    used: dict[EntityId, list[str]] = {}
    for use in stock.uses_of(session, project_id):
        if use.use.line_id is not None:
            words = f"{use.item.name} × {quantity_text(use.use.quantity, use.item.unit)}"
            used.setdefault(use.use.line_id, []).append(words)
    return {
        row.line.id: LineFacts(
            row.figures,
            row.reason,
            row.needs_reason,
            suppliers.printed_supplier(row.line, names),
            tasks.get(row.line.task_id, "") if row.line.task_id is not None else "",
            _("; ").join(used.get(row.line.id, ())),
        )
        for row in found.rows
    }


def budget_rows(view: BudgetView, facts: dict[EntityId, LineFacts]) -> tuple[BudgetRow, ...]:
    """Return the rows of a budget, stored or previewed."""
    return tuple(BudgetRow(row, facts.get(row.line.id, NOTHING)) for row in view.lines)


def per_guest_words(found: ExecutionView | None) -> str:
    """Return the cost per guest by the budget, and by the estimate once it differs; empty without planned guests."""
    if found is None or found.per_guest.budget is None:
        return ""
    words = _("{amount} per guest").format(amount=money_text(found.per_guest.budget))
    estimate = found.per_guest.estimate
    if estimate is not None and estimate != found.per_guest.budget:
        words += " → " + money_text(estimate)
    return words
