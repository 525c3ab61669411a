"""Suppliers of the workspace: kept once, found by name or tax number, with what became of every quote and contract."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.budget import Budget, BudgetLine, BudgetState
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.ledger import consumed_by_contract, deviation_rate
from qihua_desktop.domain.procurement import Contract, ContractState, Quote, Supplier
from qihua_desktop.domain.vouchers import Voucher, VoucherState
from qihua_desktop.i18n import _

from .budget import line_state, require_open
from .limits import body, required_text, text
from .session import Session

_BRACKETS: Final = str.maketrans("()[]【】〔〕", "（）（）（）（）")
_FIELDS: Final = frozenset(field.name for field in fields(Supplier)) - {"id", "created_ms"}


@dataclass(frozen=True, slots=True)
class SupplierDraft:
    """What is typed for a new supplier."""

    name: str
    tax_id: str = ""
    category: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    bank: str = ""
    account: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class SupplierProject:
    """What a supplier did for a project; ``contracted`` in fen without drafts, ``invoiced`` by accepted vouchers."""

    project_id: EntityId
    name: str
    contracts: int
    contracted: int
    invoiced: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class SupplierHistory:
    """What became of a supplier's quotes and contracts.

    Attributes:
        projects: the newest first.
        contracts: how many were signed, in all their later states.
        lost: quotes on lines for which another quote was chosen; ``undecided`` where none was.
        average_bp: by how much invoices of finished contracts exceeded them, None without such contracts.
    """

    supplier: Supplier
    projects: tuple[SupplierProject, ...]
    contracts: int
    contracted: int
    invoiced: int
    won: int
    lost: int
    undecided: int
    last_on: date | None
    average_bp: int | None


def list_suppliers(session: Session, *, active_only: bool = True) -> tuple[Supplier, ...]:
    """Return the suppliers in the order they were added."""
    if active_only:
        return tables.suppliers.all(session.workspace, active=True)
    return tables.suppliers.all(session.workspace)


def supplier(session: Session, supplier_id: EntityId) -> Supplier:
    """Return a supplier. Raises LookupError when it is gone."""
    return tables.suppliers.get(session.workspace, supplier_id)


def supplier_names(session: Session) -> dict[EntityId, str]:
    """Return every supplier's name by id, also of those no longer offered."""
    return {one.id: one.name for one in tables.suppliers.all(session.workspace)}


def add_supplier(session: Session, draft: SupplierDraft) -> Supplier:
    """Add a supplier. Raises InputError without a name, or when it is there already."""
    made = new_supplier(session, draft)
    with session.edit(_("Add supplier “{supplier}”").format(supplier=made.name)) as edit:
        tables.suppliers.insert(edit, made)
    return made


def update_supplier(session: Session, supplier_id: EntityId, **values: Any) -> None:
    """Change fields of a supplier. Raises InputError for an empty name, or one that another supplier has."""
    if unknown := set(values) - _FIELDS:
        raise ValueError(f"not to be set: {sorted(unknown)}")
    old = tables.suppliers.get(session.workspace, supplier_id)
    new = _cleaned(replace(old, **values))
    if new == old:
        return
    _refuse_twin(session, new)
    with session.edit(_("Change supplier “{supplier}”").format(supplier=old.name)) as edit:
        tables.suppliers.replace(edit, new)


def remove_supplier(session: Session, supplier_id: EntityId) -> None:
    """Delete a supplier that nothing refers to; any other is no longer offered, and stays readable."""
    found = tables.suppliers.get(session.workspace, supplier_id)
    with session.edit(_("Remove supplier “{supplier}”").format(supplier=found.name)) as edit:
        if _is_referred_to(edit, supplier_id):
            tables.suppliers.update(edit, supplier_id, active=False)
        else:
            tables.suppliers.delete(edit, supplier_id)


def merge_suppliers(session: Session, keep_id: EntityId, other_id: EntityId) -> None:
    """Make two entries of the same supplier one: everything refers to the kept one, whose empty fields are filled."""
    if keep_id == other_id:
        raise InputError(_("Choose two different suppliers."))
    kept = tables.suppliers.get(session.workspace, keep_id)
    other = tables.suppliers.get(session.workspace, other_id)
    if kept.tax_id and other.tax_id and kept.tax_id != other.tax_id:
        raise RuleError(
            _("“{one}” and “{other}” have different tax numbers.").format(one=kept.name, other=other.name),
            _("They are two companies. Correct a tax number first if it is wrong."),
        )
    filled = {
        name: getattr(other, name)
        for name in ("tax_id", "category", "contact", "phone", "email", "bank", "account")
        if not getattr(kept, name) and getattr(other, name)
    }
    notes = "\n".join(part for part in (kept.notes, other.notes) if part)
    label = _("Merge supplier “{other}” into “{supplier}”").format(other=other.name, supplier=kept.name)
    with session.edit(label) as edit:
        for table in _referring():
            for row in table.all(edit, supplier_id=other_id):
                table.update(edit, row.id, supplier_id=keep_id)
        tables.suppliers.delete(edit, other_id)
        tables.suppliers.update(edit, keep_id, **filled, notes=notes, active=kept.active or other.active)


def find_supplier(session: Session, name_or_tax_id: str) -> Supplier | None:
    """Return the supplier with this tax number, or else this name; brackets, width and case do not matter."""
    if not name_or_tax_id.strip():
        return None
    number, name = _tax_key(name_or_tax_id), name_key(name_or_tax_id)
    everybody = tables.suppliers.all(session.workspace)
    matches = [one for one in everybody if one.tax_id and one.tax_id == number]
    matches += [one for one in everybody if name_key(one.name) == name]
    return min(matches, key=lambda one: not one.active) if matches else None


def supplier_history(session: Session, supplier_id: EntityId) -> SupplierHistory:
    """Return what became of a supplier's quotes, contracts and invoices in all projects."""
    workspace = session.workspace
    found = tables.suppliers.get(workspace, supplier_id)
    contracts = [
        one for one in tables.contracts.all(workspace, supplier_id=supplier_id) if one.state is not ContractState.DRAFT
    ]
    shares = tables.voucher_shares.among(workspace, "contract_id", [one.id for one in contracts])
    bills = {one.id: one for one in tables.vouchers.among(workspace, "id", {one.voucher_id for one in shares})}
    consumed = consumed_by_contract(tuple(bills.values()), shares)
    own = [
        one
        for one in tables.vouchers.all(workspace, supplier_id=supplier_id)
        if one.state is VoucherState.ACCEPTED and one.id not in bills
    ]
    projects = _by_project(session, contracts, consumed, own)
    won, lost, undecided = _outcomes(session, tables.quotes.all(workspace, supplier_id=supplier_id))
    finished = [one for one in contracts if one.state is ContractState.FINISHED]
    whole = sum(one.gross for one in finished)
    return SupplierHistory(
        found,
        projects,
        len(contracts),
        sum(one.contracted for one in projects),
        sum(one.invoiced for one in projects),
        won,
        lost,
        undecided,
        max((one.last_on for one in projects if one.last_on), default=None),
        deviation_rate(sum(consumed.get(one.id, 0) for one in finished) - whole, whole),
    )


def set_line_supplier(session: Session, line_id: EntityId, supplier_id: EntityId | None) -> None:
    """Choose the supplier of a budget line, or none.

    The printed text follows, unless the budget is in review or approved: it is part of what was frozen.
    """
    line, budget, _lines = line_state(session, line_id)
    require_open(budget)
    found = tables.suppliers.get(session.workspace, supplier_id) if supplier_id is not None else None
    changes: dict[str, Any] = {"supplier_id": supplier_id}
    if not is_frozen(budget):
        changes["supplier"] = found.name if found else ""
    if all(getattr(line, name) == value for name, value in changes.items()):
        return
    name = found.name if found else _("none")
    with session.edit(
        _("Supplier of “{line}”: {supplier}").format(line=line.name, supplier=name), line.project_id
    ) as edit:
        tables.budget_lines.update(edit, line_id, **changes)


def adopt_supplier(edit: Edit, line_id: EntityId | None, supplier_id: EntityId) -> None:
    """Give a line without a supplier this one inside a running edit; a frozen text stays as it is."""
    line = tables.budget_lines.find(edit, line_id) if line_id is not None else None
    if line is None or line.supplier_id is not None:
        return
    budgets = tables.budgets.all(edit, project_id=line.project_id)
    changes: dict[str, Any] = {"supplier_id": supplier_id}
    if not line.supplier and budgets and not is_frozen(budgets[0]):
        changes["supplier"] = tables.suppliers.get(edit, supplier_id).name
    tables.budget_lines.update(edit, line.id, **changes)


def is_frozen(budget: Budget) -> bool:
    """Tell whether a budget's content is being judged, or was agreed to, as it stands."""
    return budget.state in (BudgetState.IN_REVIEW, BudgetState.APPROVED, BudgetState.CLOSED)


def name_key(name: str) -> str:
    """Return a company's name as it is compared: brackets, width, spaces and case do not matter."""
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return "".join(plain.split()).casefold()


def printed_supplier(line: BudgetLine, names: Mapping[EntityId, str]) -> str:
    """Return the supplier of a line as it is shown: the one referred to, else the typed text."""
    return names.get(line.supplier_id, line.supplier) if line.supplier_id is not None else line.supplier


def new_supplier(session: Session, draft: SupplierDraft) -> Supplier:
    """Return a checked supplier that is not stored yet. Raises InputError without a name, or when it is there."""
    now_ms = session.workspace.now_ms()
    values = {field.name: getattr(draft, field.name) for field in fields(SupplierDraft)}
    made = _cleaned(Supplier(id=new_id(), active=True, created_ms=now_ms, **values))
    _refuse_twin(session, made)
    return made


def supplier_for(session: Session, supplier_id: EntityId | None, typed: str) -> Supplier:
    """Return the supplier chosen, or the one of a typed name, which ``store_if_new`` adds when nobody has it yet."""
    if supplier_id is not None:
        return tables.suppliers.get(session.workspace, supplier_id)
    return find_supplier(session, typed) or new_supplier(session, SupplierDraft(typed))


def store_if_new(edit: Edit, supplier: Supplier) -> None:
    """Add a supplier that is not stored yet inside a running edit."""
    if tables.suppliers.find(edit, supplier.id) is None:
        tables.suppliers.insert(edit, supplier)


def _cleaned(row: Supplier) -> Supplier:
    return replace(
        row,
        name=required_text(row.name, _("name")),
        tax_id=_tax_key(row.tax_id),
        category=text(row.category),
        contact=text(row.contact),
        phone=text(row.phone),
        email=text(row.email),
        bank=text(row.bank),
        account=text(row.account),
        notes=body(row.notes),
    )


def _tax_key(typed: str) -> str:
    return "".join(text(unicodedata.normalize("NFKC", typed)).split()).upper()


def _refuse_twin(session: Session, wanted: Supplier) -> None:
    """Refuse a second entry with the same tax number, or with the same name where neither number tells them apart."""
    key = name_key(wanted.name)
    for other in tables.suppliers.all(session.workspace):
        if other.id == wanted.id:
            continue
        same_number = bool(wanted.tax_id) and other.tax_id == wanted.tax_id
        apart = bool(wanted.tax_id and other.tax_id)
        if same_number or (name_key(other.name) == key and not apart):
            raise InputError(
                _("The supplier “{supplier}” is there already.").format(supplier=other.name),
                _("Use it, or merge the two.") if other.active else _("It is no longer offered; offer it again."),
            )


def _referring() -> tuple[Any, ...]:
    return (tables.quotes, tables.contracts, tables.stock_items, tables.vouchers, tables.budget_lines)


def _is_referred_to(edit: Edit, supplier_id: EntityId) -> bool:
    return any(table.count(edit, supplier_id=supplier_id) for table in _referring())


def _by_project(
    session: Session, contracts: Iterable[Contract], consumed: dict[EntityId, int], bills: Iterable[Voucher]
) -> tuple[SupplierProject, ...]:
    found: dict[EntityId, SupplierProject] = {}
    names = {one.id: one.name for one in tables.projects.all(session.workspace)}

    def book(project_id: EntityId, count: int, contracted: int, invoiced: int, day: date | None) -> None:
        old = found.get(project_id) or SupplierProject(project_id, names.get(project_id, ""), 0, 0, 0, None)
        found[project_id] = replace(
            old,
            contracts=old.contracts + count,
            contracted=old.contracted + contracted,
            invoiced=old.invoiced + invoiced,
            last_on=max((one for one in (old.last_on, day) if one is not None), default=None),
        )

    for one in contracts:
        gross = one.unavoidable if one.state is ContractState.CANCELLED else one.gross
        book(one.project_id, 1, gross, consumed.get(one.id, 0), one.signed_on)
    for one in bills:
        book(one.project_id, 0, 0, one.gross, one.issued_on)
    return tuple(sorted(found.values(), key=lambda row: (row.last_on or date.min, row.project_id), reverse=True))


def _outcomes(session: Session, quotes: Iterable[Quote]) -> tuple[int, int, int]:
    """Return how many quotes won, lost and wait for a decision."""
    mine = tuple(quotes)
    lines = {one.line_id for one in mine if one.line_id is not None}
    decided = {one.line_id for one in tables.quotes.among(session.workspace, "line_id", lines) if one.chosen}
    won = sum(1 for one in mine if one.chosen)
    lost = sum(1 for one in mine if not one.chosen and one.line_id in decided)
    return won, lost, len(mine) - won - lost
