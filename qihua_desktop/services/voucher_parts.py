"""What the voucher functions share: duplicates, suppliers, contracts, shares, and what may be changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db import tables
from db.workspace import Edit, Workspace
from qihua_desktop.domain.budget import BudgetLine
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.invoice import plain_name, plain_tax_id
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.procurement import Contract, ContractState, Supplier
from qihua_desktop.domain.voucher_records import PAPER_KINDS, Duplicate, DuplicateKind, find_duplicates, keys_of
from qihua_desktop.domain.vouchers import Voucher, VoucherShare, VoucherState
from qihua_desktop.i18n import _

from .budget import require_open
from .budget_view import stored_budget
from .session import Session

_MANY = 300


@dataclass(frozen=True, slots=True)
class ShareDraft:
    """A part of a voucher to be borne by a line, and by one of its contracts."""

    line_id: EntityId
    contract_id: EntityId | None
    gross: int


def duplicates(source: Workspace | Edit, wanted: Sequence[Voucher]) -> dict[EntityId, tuple[Duplicate, ...]]:
    """Return the duplicates of vouchers anywhere in the workspace, the holder of the number first."""
    if not wanted:
        return {}
    if len(wanted) > _MANY:
        return find_duplicates(wanted, tables.vouchers.all(source))
    keys = {key for one in wanted for key in keys_of(one)}
    files = {one.file_sha256 for one in wanted if one.file_sha256}
    amounts = {one.gross for one in wanted if one.gross}
    found: dict[EntityId, Voucher] = {}
    for column, values in (
        ("duplicate_key", keys),
        ("file_sha256", files),
        ("gross", amounts),
        ("invoice_kind", [kind.value for kind in PAPER_KINDS] if keys else []),
    ):
        if values:
            found.update((one.id, one) for one in tables.vouchers.among(source, column, sorted(values)))
    return find_duplicates(wanted, tuple(found.values()))


def holder(found: Iterable[Duplicate]) -> Voucher | None:
    """Return the voucher that holds the number or the file, None when nothing forbids accepting."""
    return next((one.other for one in found if one.is_first and one.kind is not DuplicateKind.SIMILAR), None)


def refuse_duplicate(source: Workspace | Edit, voucher: Voucher, other: Voucher) -> RuleError:
    """Return the error for a voucher that is already there."""
    project = tables.projects.find(source, other.project_id)
    where = f"{project.number} {project.name}" if project is not None else ""
    if other.state is VoucherState.ACCEPTED:
        message = _("Duplicate: “{voucher}” is already accepted in “{project}”.")
        advice = _("Reject or delete this one; one invoice counts only once.")
    else:
        message = _("Duplicate: “{voucher}” is already there, in “{project}”.")
        advice = _("Accept the first one, or reject it before accepting this one.")
    return RuleError(message.format(voucher=voucher_name(voucher), project=where), advice, (voucher_name(other),))


def voucher_name(voucher: Voucher) -> str:
    """Return how a voucher is named in sentences: its number, else its seller or item with the amount."""
    if voucher.number:
        return voucher.number
    said = voucher.seller_name or voucher.item or voucher.purpose or _("receipt")
    return f"{said} {format_fen(voucher.gross)}"


def suppliers_by_name(source: Workspace | Edit) -> dict[str, Supplier]:
    """Return the suppliers by plain tax id and by plain name; a tax id is found before a name."""
    found: dict[str, Supplier] = {}
    for one in tables.suppliers.all(source):
        if one.tax_id:
            found.setdefault(f"tax {plain_tax_id(one.tax_id)}", one)
        found.setdefault(f"name {plain_name(one.name)}", one)
    return found


def match_supplier(known: dict[str, Supplier], name: str, tax_id: str) -> Supplier | None:
    """Return the supplier with this tax id, else the one with this name whose tax id is not a different one."""
    if tax_id and (by_tax := known.get(f"tax {plain_tax_id(tax_id)}")) is not None:
        return by_tax
    by_name = known.get(f"name {plain_name(name)}") if name else None
    if by_name is not None and tax_id and by_name.tax_id and plain_tax_id(by_name.tax_id) != plain_tax_id(tax_id):
        return None
    return by_name


def suggest_contract(
    contracts: Sequence[Contract], supplier_id: EntityId | None, line_id: EntityId | None
) -> Contract | None:
    """Return the open contract of a supplier on a line; without a line, the only open one in the project."""
    if supplier_id is None:
        return None
    fitting = [one for one in contracts if one.state is ContractState.SIGNED and one.supplier_id == supplier_id]
    if line_id is not None:
        return next((one for one in fitting if one.line_id == line_id), None)
    placed = [one for one in fitting if one.line_id is not None]
    return placed[0] if len(placed) == 1 else None


def require_line(session: Session, project_id: EntityId, line_id: EntityId) -> BudgetLine:
    """Return a line or category of this project. Raises RuleError for any other."""
    line = tables.budget_lines.find(session.workspace, line_id)
    if line is None or line.project_id != project_id:
        raise RuleError(_("This budget line is not part of the project."))
    return line


def require_open_budget(session: Session, project_id: EntityId) -> None:
    """Raise RuleError when the project's budget is closed."""
    require_open(stored_budget(session, project_id)[0])


def check_shares(session: Session, voucher: Voucher, drafts: Sequence[ShareDraft]) -> None:
    """Raise RuleError for shares that cannot be: foreign lines or contracts, zero, or against the voucher's sign."""
    for draft in drafts:
        line = require_line(session, voucher.project_id, draft.line_id)
        if draft.gross == 0 or (voucher.gross and (draft.gross < 0) != (voucher.gross < 0)):
            raise InputError(
                _("The share of “{line}” is {amount}.").format(line=line.name, amount=format_fen(draft.gross)),
                _("Enter an amount with the sign of the voucher."),
            )
        if draft.contract_id is None:
            continue
        contract = tables.contracts.find(session.workspace, draft.contract_id)
        if contract is None or contract.line_id != draft.line_id:
            raise RuleError(_("This contract is not one of “{line}”.").format(line=line.name))
        if contract.state is ContractState.DRAFT:
            raise RuleError(
                _("The contract “{contract}” is not signed yet.").format(contract=contract.title),
                _("Sign it first, then take its invoices."),
            )


def require_sum(voucher: Voucher, shares: Sequence[ShareDraft | VoucherShare]) -> None:
    """Raise RuleError unless the shares add up to the voucher's amount."""
    total = sum(share.gross for share in shares)
    if total != voucher.gross:
        raise RuleError(
            _("The shares of “{voucher}” add up to {total}, its amount is {gross}.").format(
                voucher=voucher_name(voucher), total=format_fen(total), gross=format_fen(voucher.gross)
            ),
            _("Correct the shares; they must be equal to the fen."),
        )


def write_shares(edit: Edit, voucher: Voucher, drafts: Sequence[ShareDraft]) -> None:
    """Replace a voucher's shares inside a running edit."""
    old = tables.voucher_shares.all(edit, voucher_id=voucher.id)
    tables.voucher_shares.delete(edit, *(share.id for share in old))
    tables.voucher_shares.insert_many(
        edit,
        (
            VoucherShare(new_id(), voucher.project_id, voucher.id, draft.line_id, draft.contract_id, at, draft.gross)
            for at, draft in enumerate(drafts)
        ),
    )
