"""Rows of procurement, vouchers and execution for the tests of the ledger and the reports."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from qihua_desktop.domain.execution import DeviationCode, LineForecast, ReleaseState, ReserveRelease
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import Contract, ContractState, Payment, StockUse, StockUseState
from qihua_desktop.domain.vouchers import Voucher, VoucherShare, VoucherState

from .budget_rows import PROJECT

SUPPLIER = EntityId(b"s" * 16)
_numbers = count(1)


def fresh() -> EntityId:
    return EntityId(b"\x77" + next(_numbers).to_bytes(15, "big"))


def contract(line_id: EntityId | None, gross: int, state=ContractState.SIGNED, *, unavoidable=0) -> Contract:
    return Contract(
        fresh(), PROJECT, line_id, SUPPLIER, None, 0, "", "", gross, 0, state, date(2026, 8, 1), unavoidable, "", 0
    )


def voucher(gross: int, state=VoucherState.ACCEPTED, **fields: Any) -> Voucher:
    values: dict[str, Any] = {
        "id": fresh(),
        "project_id": PROJECT,
        "supplier_id": None,
        "claim_id": None,
        "attachment_id": None,
        "state": state,
        "invoice_kind": "",
        "source": "",
        "number": "",
        "code": "",
        "duplicate_key": "",
        "issued_on": date(2026, 9, 1),
        "seller_name": "",
        "seller_tax_id": "",
        "buyer_name": "",
        "buyer_tax_id": "",
        "currency": "CNY",
        "foreign_gross": 0,
        "net": gross,
        "tax": 0,
        "gross": gross,
        "capital": "",
        "content": "",
        "file_sha256": "",
        "red_of": "",
        "item": "",
        "purpose": "",
        "reason": "",
        "added_ms": 0,
        "added_by": None,
        "decided_ms": None,
        "decided_by": None,
    }
    return Voucher(**(values | fields))


def share(of: Voucher, line_id: EntityId | None, gross: int | None = None, on: Contract | None = None) -> VoucherShare:
    amount = of.gross if gross is None else gross
    return VoucherShare(fresh(), PROJECT, of.id, line_id, on.id if on else None, 0, amount)


def payment(paid: int, *, on: Contract | None = None, of: Voucher | None = None) -> Payment:
    return Payment(
        fresh(), PROJECT, on.id if on else None, of.id if of else None, 0, "", paid, None, date(2026, 9, 2), paid, ""
    )


def stock_use(line_id: EntityId | None, quantity: int, price: int, state=StockUseState.RESERVED) -> StockUse:
    return StockUse(fresh(), PROJECT, line_id, fresh(), 0, quantity, price, None, None, state, "")


def release(reserve: EntityId | None, to: EntityId | None, amount: int, state=ReleaseState.APPROVED) -> ReserveRelease:
    return ReserveRelease(
        fresh(), PROJECT, reserve, to, amount, DeviationCode.PRICE, "", state, None, 0, None, None, ""
    )


def forecast(line_id: EntityId, to_go: int) -> LineForecast:
    return LineForecast(fresh(), PROJECT, line_id, to_go, "", None, 0)
