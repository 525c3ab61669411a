"""Judging the vouchers of a project: computed when they are read, from what the workspace holds now; never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from db import tables
from qihua_desktop.domain.budget import BudgetLine
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.invoice import ParsedInvoice, plain_name
from qihua_desktop.domain.invoice_checks import check_invoice
from qihua_desktop.domain.invoice_facts import InvoiceFacts, InvoiceOutcome
from qihua_desktop.domain.ledger import consumed_by_contract
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.procurement import Contract
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.review import VersionState
from qihua_desktop.domain.voucher_checks import VoucherCheck, VoucherRule, of_invoice
from qihua_desktop.domain.voucher_records import Duplicate, DuplicateKind, invoice_of, recorded_status
from qihua_desktop.domain.vouchers import Voucher, VoucherShare, VoucherState
from qihua_desktop.i18n import _

from .money_limits import fiscal_span, fiscal_year, money_limits
from .session import Session
from .settings import CompanyProfile, company
from .voucher_parts import voucher_name


@dataclass(frozen=True, slots=True, eq=False)
class VoucherContext:
    """What all vouchers of a project are judged against; one of another moment is never equal."""

    company: CompanyProfile
    project: Project
    projects: Mapping[EntityId, Project]
    lines: Mapping[EntityId, BudgetLine]
    contracts: Mapping[EntityId, Contract]
    invoiced: Mapping[EntityId, int]
    fiscal: tuple[date, date]
    approved_on: date | None
    today: date
    sellers: Mapping[str, frozenset[str]]
    known_numbers: frozenset[str]


def load_context(session: Session, project_id: EntityId, vouchers: Sequence[Voucher] | None = None) -> VoucherContext:
    """Return what the vouchers of a project are judged against; ``vouchers`` are all of its, if already read."""
    workspace = session.workspace
    projects = {one.id: one for one in tables.projects.all(workspace)}
    start = money_limits(session).fiscal_start_month
    if vouchers is None:
        vouchers = tables.vouchers.all(workspace, project_id=project_id)
    shares = tables.voucher_shares.all(workspace, project_id=project_id)
    reversed_ones = sorted({one.red_of for one in vouchers if one.red_of})
    known = tables.vouchers.among(workspace, "duplicate_key", reversed_ones) if reversed_ones else ()
    return VoucherContext(
        company(session),
        projects[project_id],
        projects,
        {line.id: line for line in tables.budget_lines.all(workspace, project_id=project_id)},
        {one.id: one for one in tables.contracts.all(workspace, project_id=project_id)},
        consumed_by_contract(vouchers, shares),
        fiscal_span(fiscal_year(projects[project_id].key_on, start), start),
        _approved_on(session, project_id),
        session.today(),
        _numbers_by_seller(vouchers),
        frozenset(one.duplicate_key for one in known if one.state is not VoucherState.REJECTED),
    )


def checks_of(
    context: VoucherContext, voucher: Voucher, shares: Sequence[VoucherShare], same: Sequence[Duplicate]
) -> tuple[VoucherCheck, ...]:
    """Return every check of a voucher: first whether it can be accepted, then those of its invoice."""
    facts = _facts(context, voucher, shares, same)
    return (*_placed(voucher, shares), *(of_invoice(check) for check in check_invoice(facts)))


def _facts(
    context: VoucherContext, voucher: Voucher, shares: Sequence[VoucherShare], same: Sequence[Duplicate]
) -> InvoiceFacts:
    invoice = invoice_of(voucher)
    if is_converted(voucher):
        invoice = replace(invoice, currency="CNY", foreign_gross=None)
    status, note = recorded_status(voucher)
    rejected = voucher.state is VoucherState.REJECTED
    used = [one for one in same if one.is_first and one.kind is not DuplicateKind.SIMILAR]
    alike = [one for one in same if one.kind is DuplicateKind.SIMILAR]
    return InvoiceFacts(
        invoice,
        context.today,
        company_name=context.company.name,
        company_tax_id=context.company.tax_id,
        year_start=context.fiscal[0],
        year_end=context.fiscal[1] - timedelta(days=1),
        approved_on=context.approved_on,
        line_name=_line_names(context, shares),
        open_commitment=_room(context, voucher, shares),
        used=() if rejected else _places(context, used),
        similar=() if rejected else _places(context, alike),
        seller_numbers=_neighbours(context, invoice),
        known_numbers=context.known_numbers,
        status=status,
        status_note=note,
    )


def is_converted(voucher: Voucher) -> bool:
    """Tell whether somebody entered the amount in yuan, and the rate, of a foreign voucher."""
    return voucher.currency != "CNY" and voucher.gross != 0 and bool(voucher.reason.strip())


def _placed(voucher: Voucher, shares: Sequence[VoucherShare]) -> list[VoucherCheck]:
    if voucher.state is VoucherState.REJECTED:
        return []
    if voucher.gross == 0:
        return [
            VoucherCheck(
                VoucherRule.AMOUNT,
                InvoiceOutcome.FAILED,
                _("The amount in yuan is not known yet."),
                _("Type it from the original."),
            )
        ]
    if not any(share.line_id is not None for share in shares):
        return [
            VoucherCheck(
                VoucherRule.LINE,
                InvoiceOutcome.FAILED,
                _("No budget line bears this voucher yet."),
                _("Choose the line that bears its cost."),
            )
        ]
    total = sum(share.gross for share in shares)
    if total == voucher.gross:
        return []
    message = _("The shares add up to {total}, the amount is {gross}.").format(
        total=format_fen(total), gross=format_fen(voucher.gross)
    )
    advice = _("Correct the shares; they must be equal to the fen.")
    return [VoucherCheck(VoucherRule.SHARES, InvoiceOutcome.FAILED, message, advice)]


def _room(context: VoucherContext, voucher: Voucher, shares: Sequence[VoucherShare]) -> int | None:
    """Return up to which amount the contracts of its shares cover the voucher; None without a contract."""
    rooms: list[int] = []
    for share in shares:
        contract = context.contracts.get(share.contract_id) if share.contract_id is not None else None
        if contract is None:
            continue
        own = share.gross if voucher.state is VoucherState.ACCEPTED else 0
        left = contract.gross - (context.invoiced.get(contract.id, 0) - own)
        rooms.append(left - share.gross)
    return voucher.gross + min(rooms) if rooms else None


def _line_names(context: VoucherContext, shares: Sequence[VoucherShare]) -> str:
    """Return the names of the lines with the categories they stand under, for the rules about kinds and rates."""
    names: list[str] = []
    for share in shares:
        line = context.lines.get(share.line_id) if share.line_id is not None else None
        path: list[str] = []
        while line is not None and len(path) < 8:
            path.insert(0, line.name)
            line = context.lines.get(line.parent_id) if line.parent_id is not None else None
        if path:
            names.append(" / ".join(path))
    return _(", ").join(dict.fromkeys(names))


def _places(context: VoucherContext, same: Iterable[Duplicate]) -> tuple[tuple[str, str], ...]:
    return tuple((_project_name(context, one.other), voucher_name(one.other)) for one in same)


def _project_name(context: VoucherContext, voucher: Voucher) -> str:
    project = context.projects.get(voucher.project_id)
    return f"{project.number} {project.name}" if project is not None else ""


def _numbers_by_seller(vouchers: Iterable[Voucher]) -> dict[str, frozenset[str]]:
    numbers: dict[str, set[str]] = {}
    for one in vouchers:
        if one.state is not VoucherState.REJECTED and one.number.isdigit():
            numbers.setdefault(one.seller_tax_id or plain_name(one.seller_name), set()).add(one.number)
    return {seller: frozenset(found) for seller, found in numbers.items() if seller}


def _neighbours(context: VoucherContext, invoice: ParsedInvoice) -> tuple[str, ...]:
    number = invoice.number
    known = context.sellers.get(invoice.seller_tax_id or plain_name(invoice.seller_name))
    if known is None or not (number.isascii() and number.isdigit()):
        return ()
    near = (f"{value:0{len(number)}d}" for value in (int(number) - 1, int(number) + 1) if value >= 0)
    return tuple(one for one in near if one in known)


def _approved_on(session: Session, project_id: EntityId) -> date | None:
    closed = [
        one.closed_ms
        for one in tables.plan_versions.all(session.workspace, project_id=project_id, state=VersionState.APPROVED)
        if one.closed_ms is not None
    ]
    return datetime.fromtimestamp(min(closed) / 1000).date() if closed else None
