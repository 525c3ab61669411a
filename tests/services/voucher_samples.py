"""Invoices as they would be read from files, and a workspace to put them into."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from db import tables
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.invoice import (
    FindingKey,
    InvoiceFinding,
    InvoiceKind,
    InvoiceLine,
    InvoiceSource,
    ParsedInvoice,
    Severity,
)
from qihua_desktop.domain.procurement import Contract, ContractState, Supplier
from qihua_desktop.services import vouchers
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.session import Session
from tests.services.budget_samples import add_event, open_session

SELLER = "上海星光展览服务有限公司"
SELLER_TAX = "91310000MA1FL0XX1A"


@dataclass(frozen=True, slots=True)
class Read:
    """A file as a reader would give it."""

    name: str
    parsed: ParsedInvoice | None
    findings: tuple[InvoiceFinding, ...] = ()
    original: bytes = b""
    sha256: str = ""


def number(serial: int) -> str:
    """Return a digital invoice's number."""
    return f"26310000{serial:012d}"


def invoice(serial: int, gross: int = 106_000, **fields: object) -> ParsedInvoice:
    """Return an invoice at 6 %."""
    net = (200 * gross + 106) // 212 if gross >= 0 else -((200 * -gross + 106) // 212)
    made = ParsedInvoice(
        number(serial),
        kind=InvoiceKind.DIGITAL_SPECIAL,
        is_red=gross < 0,
        issued_on="2026-08-01",
        seller_name=SELLER,
        seller_tax_id=SELLER_TAX,
        buyer_name="上海企划文化有限公司",
        buyer_tax_id="91310000MA1FL0YY2B",
        net=net,
        tax=gross - net,
        gross=gross,
        lines=(InvoiceLine("*会展服务*场地布置", net=net, tax=gross - net, rate_bp=600),),
        source=InvoiceSource.XML,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def read(parsed: ParsedInvoice | None, data: bytes | None = None, *findings: InvoiceFinding) -> Read:
    """Return a read file whose bytes are its own unless given."""
    original = data if data is not None else f"<EInvoice>{parsed}</EInvoice>".encode()
    name = f"{parsed.number}.xml" if parsed is not None else "照片.jpg"
    return Read(name, parsed, findings, original, sha256(original).hexdigest())


def photo(data: bytes = b"\xff\xd8 receipt", key: FindingKey = FindingKey.NO_CODE) -> Read:
    """Return a picture in which nothing was found."""
    return read(None, data, InvoiceFinding(key, Severity.WARNING, "没有二维码"))


@dataclass(slots=True)
class VoucherSample:
    """A workspace with two projects; lines of the first by name."""

    session: Session
    project: EntityId
    other: EntityId

    def line(self, name: str = "场地") -> EntityId:
        """Return the first row without rows of its own in the category whose name begins so."""
        rows = load_budget(self.session, self.project).lines
        start = next(at for at, row in enumerate(rows) if row.line.name.startswith(name))
        return next(row.line.id for row in rows[start:] if not row.has_children)

    def first_line(self, project_id: EntityId) -> EntityId:
        """Return a project's first category."""
        return next(row.line.id for row in load_budget(self.session, project_id).lines if not row.has_children)

    def put(self, *serials: int, project: EntityId | None = None, on_line: bool = True) -> tuple[EntityId, ...]:
        """Import invoices onto the first line."""
        where = project or self.project
        line = self.first_line(where) if on_line else None
        report = vouchers.store_read(self.session, where, [read(invoice(one)) for one in serials], line)
        return report.voucher_ids

    def contract(self, line_id: EntityId, gross: int, state: ContractState = ContractState.SIGNED) -> Contract:
        """Add a supplier with a contract."""
        with self.session.edit("合同", self.project) as edit:
            supplier = Supplier(new_id(), SELLER, SELLER_TAX, "", "", "", "", "", "", "", True, 0)
            tables.suppliers.insert(edit, supplier)
            made = Contract(
                new_id(), self.project, line_id, supplier.id, None, 0, "HT-01", "搭建合同", gross, 600, state, None, 0,
                "", 0,
            )  # fmt: skip
            tables.contracts.insert(edit, made)
        return made

    def rows(self) -> tuple[object, ...]:
        """Return every row that vouchers touch."""
        workspace = self.session.workspace
        return tuple(
            tuple(sorted(table.all(workspace), key=lambda row: row.id))
            for table in (tables.vouchers, tables.voucher_shares, tables.attachments, tables.payments)
        )


def open_voucher_sample(folder: Path) -> VoucherSample:
    """Return two event projects; close ``sample.session.workspace`` afterwards."""
    session = open_session(folder)
    first = add_event(session)
    return VoucherSample(session, first, add_event(session, name="冬季品牌展"))
