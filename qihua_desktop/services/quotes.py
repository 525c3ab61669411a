"""Quotes of suppliers for budget lines: asking, comparing, choosing with a reason where the rules want one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from db import tables
from qihua_desktop.domain.allocation import net_amount
from qihua_desktop.domain.budget import BudgetLine
from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.procurement import ContractState, Quote, Supplier
from qihua_desktop.domain.project import Attachment, ProjectStatus
from qihua_desktop.domain.quote_comparison import (
    is_valid_on,
    judge_quotes,
    lowest_gross,
    needs_comparison,
    reasons_wanted,
)
from qihua_desktop.i18n import _

from .budget import TOTAL_LIMIT
from .budget_view import load_budget
from .documents import keep, read_file
from .limits import body
from .money_limits import money_limits
from .session import Session
from .suppliers import adopt_supplier, store_if_new, supplier_for

_FIELDS: Final = frozenset({"supplier_id", "gross", "tax_rate", "received_on", "valid_until", "reason", "notes"})
_BOUND: Final = frozenset({"supplier_id", "gross", "tax_rate"})


@dataclass(frozen=True, slots=True)
class QuoteDraft:
    """What is typed for a quote; ``gross`` in fen, ``tax_rate`` in basis points, ``file`` is kept in the workspace.

    Without ``supplier_id`` the supplier is the one of ``supplier_name``, added when nobody has that name yet.
    """

    supplier_id: EntityId | None
    gross: int
    tax_rate: int = 0
    received_on: date | None = None
    valid_until: date | None = None
    notes: str = ""
    file: Path | None = None
    supplier_name: str = ""


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote as it is compared with the others of its line."""

    quote: Quote
    supplier: Supplier
    is_lowest: bool
    is_valid_today: bool
    files: tuple[Attachment, ...] = ()

    @property
    def net(self) -> int:
        """The gross amount without tax."""
        return net_amount(self.quote.gross, self.quote.tax_rate)


@dataclass(frozen=True, slots=True)
class LineComparison:
    """The comparison of one line; ``needed`` when its amount asks for three quotes, ``finding`` in words."""

    line: BudgetLine
    needed: bool
    quotes: tuple[QuoteView, ...]
    chosen: QuoteView | None
    outcome: CheckOutcome
    finding: str
    advice: str = ""


def quotes_of(session: Session, line_id: EntityId) -> tuple[QuoteView, ...]:
    """Return a line's quotes, the lowest first."""
    rows = tables.quotes.all(session.workspace, line_id=line_id)
    files = tables.attachments.among(session.workspace, "owner_id", [quote.id for quote in rows])
    return _views(rows, _suppliers(session), _by_owner(files), session.today())


def add_quote(session: Session, line_id: EntityId, draft: QuoteDraft) -> Quote:
    """Add a quote for a line, with its file. Raises InputError for impossible figures or an unreadable file."""
    line = tables.budget_lines.get(session.workspace, line_id)
    require_active(session, line.project_id)
    supplier = supplier_for(session, draft.supplier_id, draft.supplier_name)
    made = _checked(
        Quote(
            new_id(),
            line.project_id,
            line_id,
            supplier.id,
            draft.gross,
            draft.tax_rate,
            draft.received_on or session.today(),
            draft.valid_until,
            False,
            "",
            body(draft.notes),
            session.workspace.now_ms(),
        )
    )
    data = read_file(draft.file) if draft.file is not None else None
    label = _("Quote of “{supplier}” for “{line}”").format(supplier=supplier.name, line=line.name)
    with session.edit(label, line.project_id) as edit:
        store_if_new(edit, supplier)
        tables.quotes.insert(edit, made)
        if draft.file is not None and data is not None:
            keep(edit, line.project_id, made.id, draft.file.name, data)
    return made


def update_quote(session: Session, quote_id: EntityId, **values: Any) -> None:
    """Change fields of a quote; ``supplier_name`` stands for the supplier of that name, added when there is none.

    Raises RuleError for figures on which a contract rests.
    """
    typed = values.pop("supplier_name", None)
    if unknown := set(values) - _FIELDS:
        raise ValueError(f"not to be set: {sorted(unknown)}")
    for field in ("reason", "notes"):
        if field in values:
            values[field] = body(values[field])
    old = tables.quotes.get(session.workspace, quote_id)
    supplier_id = values.get("supplier_id", old.supplier_id) if typed is None else None
    supplier = supplier_for(session, supplier_id, typed or "")
    new = _checked(replace(old, **values | {"supplier_id": supplier.id}))
    if new == old:
        return
    if any(getattr(old, field) != getattr(new, field) for field in _BOUND):
        _refuse_contracted(session, (old,))
    with session.edit(_("Change quote of “{supplier}”").format(supplier=supplier.name), old.project_id) as edit:
        store_if_new(edit, supplier)
        tables.quotes.replace(edit, new)


def attach_quote_file(session: Session, quote_id: EntityId, path: Path) -> Attachment:
    """Keep a quote's file in the workspace. Raises InputError when it cannot be read."""
    quote = tables.quotes.get(session.workspace, quote_id)
    data = read_file(path)
    with session.edit(_("Attach “{file}”").format(file=path.name), quote.project_id) as edit:
        return keep(edit, quote.project_id, quote_id, path.name, data)


def delete_quote(session: Session, quote_id: EntityId) -> None:
    """Delete a quote with its files. Raises RuleError when a contract rests on it."""
    quote = tables.quotes.get(session.workspace, quote_id)
    _refuse_contracted(session, (quote,))
    supplier = tables.suppliers.get(session.workspace, quote.supplier_id)
    with session.edit(_("Delete quote of “{supplier}”").format(supplier=supplier.name), quote.project_id) as edit:
        files = tables.attachments.all(edit, owner_id=quote_id)
        tables.attachments.delete(edit, *(one.id for one in files))
        tables.quotes.delete(edit, quote_id)


def choose_quote(session: Session, quote_id: EntityId, reason: str = "") -> None:
    """Choose a quote for its line; the line gets its supplier where it has none.

    A reason is needed when it is not the lowest, when the amount asks for three quotes and there are fewer, and when
    it has expired: InputError says which. Raises RuleError once a contract rests on another quote of the line.
    """
    quote = tables.quotes.get(session.workspace, quote_id)
    require_active(session, quote.project_id)
    others = [one for one in _of_line(session, quote) if one.id != quote_id]
    _refuse_contracted(session, [one for one in others if one.chosen])
    why = body(reason).strip()
    wanted = choice_reasons(session, quote_id)
    if wanted and not why:
        raise InputError(_("Write why this quote is chosen."), " ".join(wanted))
    supplier = tables.suppliers.get(session.workspace, quote.supplier_id)
    label = _("Choose quote of “{supplier}”").format(supplier=supplier.name)
    with session.edit(label, quote.project_id) as edit:
        tables.quotes.update_many(edit, [(one.id, {"chosen": False, "reason": ""}) for one in others if one.chosen])
        tables.quotes.update(edit, quote_id, chosen=True, reason=why)
        adopt_supplier(edit, quote.line_id, quote.supplier_id)


def unchoose_quote(session: Session, quote_id: EntityId) -> None:
    """Take back the choice of a quote. Raises RuleError once a contract rests on it."""
    quote = tables.quotes.get(session.workspace, quote_id)
    if not quote.chosen:
        return
    _refuse_contracted(session, (quote,))
    supplier = tables.suppliers.get(session.workspace, quote.supplier_id)
    label = _("Take back the choice of “{supplier}”").format(supplier=supplier.name)
    with session.edit(label, quote.project_id) as edit:
        tables.quotes.update(edit, quote_id, chosen=False, reason="")


def choice_reasons(session: Session, quote_id: EntityId) -> tuple[str, ...]:
    """Return why choosing this quote needs a written reason, in words; empty when it needs none."""
    quote = tables.quotes.get(session.workspace, quote_id)
    line = tables.budget_lines.find(session.workspace, quote.line_id) if quote.line_id is not None else None
    amount = max(line.amount if line is not None else 0, quote.gross)
    needed = needs_comparison(amount, money_limits(session).three_quotes_fen)
    return reasons_wanted(quote, _of_line(session, quote), needed=needed, today=session.today())


def comparison(session: Session, project_id: EntityId) -> tuple[LineComparison, ...]:
    """Return, in the order of the budget, the lines that have quotes or need them.

    A line needs three quotes when it has no lines below it, is no reserve, and its amount reaches the threshold.
    """
    threshold = money_limits(session).three_quotes_fen
    by_line: dict[EntityId | None, list[Quote]] = {}
    for quote in tables.quotes.all(session.workspace, project_id=project_id):
        by_line.setdefault(quote.line_id, []).append(quote)
    suppliers = _suppliers(session)
    files = _by_owner(tables.attachments.all(session.workspace, project_id=project_id))
    found: list[LineComparison] = []
    for row in load_budget(session, project_id).lines:
        quotes = by_line.get(row.line.id, [])
        amount = 0 if not quotes and (row.has_children or row.line.is_reserve) else row.line.amount
        needed = needs_comparison(max([amount, *(quote.gross for quote in quotes if quote.chosen)]), threshold)
        if not quotes and not needed:
            continue
        views = _views(quotes, suppliers, files, session.today())
        judged = judge_quotes(quotes, needed=needed)
        chosen = next((view for view in views if view.quote.chosen), None)
        found.append(LineComparison(row.line, needed, views, chosen, judged.outcome, judged.message, judged.advice))
    return tuple(found)


def require_active(session: Session, project_id: EntityId) -> None:
    """Raise RuleError for a project that is closed or cancelled."""
    if tables.projects.get(session.workspace, project_id).status is not ProjectStatus.ACTIVE:
        raise RuleError(_("This project is closed."), _("Reopen the project to change it."))


def require_money(fen: int, rate: int = 0) -> None:
    """Raise InputError for an amount or a tax rate that cannot be."""
    if not 0 <= fen < TOTAL_LIMIT:
        raise InputError(_("The amount must lie between 0.00 and 999,999,999,999.99."))
    if not 0 <= rate <= 10_000:
        raise InputError(_("A tax rate lies between 0 % and 100 %."))


def _checked(quote: Quote) -> Quote:
    require_money(quote.gross, quote.tax_rate)
    if quote.received_on and quote.valid_until and quote.valid_until < quote.received_on:
        raise InputError(_("The quote expires before it was received."), _("Correct one of the two days."))
    return quote


def _of_line(session: Session, quote: Quote) -> tuple[Quote, ...]:
    if quote.line_id is None:
        return (quote,)
    return tables.quotes.all(session.workspace, line_id=quote.line_id)


def _suppliers(session: Session) -> dict[EntityId, Supplier]:
    return {one.id: one for one in tables.suppliers.all(session.workspace)}


def _by_owner(files: Iterable[Attachment]) -> dict[EntityId | None, list[Attachment]]:
    found: dict[EntityId | None, list[Attachment]] = {}
    for one in files:
        found.setdefault(one.owner_id, []).append(one)
    return found


def _views(
    quotes: Sequence[Quote],
    suppliers: Mapping[EntityId, Supplier],
    files: Mapping[EntityId | None, Sequence[Attachment]],
    today: date,
) -> tuple[QuoteView, ...]:
    lowest = lowest_gross(quotes)
    ordered = sorted(quotes, key=lambda quote: (quote.gross, quote.created_ms, quote.id))
    return tuple(
        QuoteView(
            quote,
            suppliers[quote.supplier_id],
            quote.gross == lowest,
            is_valid_on(quote, today),
            tuple(files.get(quote.id, ())),
        )
        for quote in ordered
    )


def _refuse_contracted(session: Session, quotes: Sequence[Quote]) -> None:
    found = tables.contracts.among(session.workspace, "quote_id", [quote.id for quote in quotes])
    held = [one.title or one.number for one in found if one.state is not ContractState.CANCELLED]
    if held:
        raise RuleError(
            _("A contract rests on this quote."), _("Cancel the contract first, or delete its draft."), held
        )
