"""Suppliers, contracts and vouchers in a workspace, for the tests of the money services."""

from __future__ import annotations

from datetime import date
from typing import Any

from db import tables
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.vouchers import Voucher, VoucherShare, VoucherState
from qihua_desktop.services import budget, people, suppliers
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.session import Session
from tests.domain.money_rows import voucher
from tests.services.budget_samples import line_id

PIN = "4711"


def line(session: Session, project_id: EntityId, name: str) -> EntityId:
    return line_id(load_budget(session, project_id), name)


def stored_line(session: Session, identifier: EntityId):
    return tables.budget_lines.get(session.workspace, identifier)


def add_supplier(session: Session, name: str = "上海衡复商业管理有限公司", **fields: str) -> EntityId:
    return suppliers.add_supplier(session, suppliers.SupplierDraft(name, **fields)).id


def add_director(session: Session, name: str = "周明", pin: str = PIN) -> Person:
    person = people.add_person(session, people.PersonDraft(name, Department.PLANNING, Role.DIRECTOR))
    people.set_pin(session, person.id, pin)
    return people.list_people(session)[[one.id for one in people.list_people(session)].index(person.id)]


def book(
    session: Session,
    project_id: EntityId,
    gross: int,
    to: EntityId | None,
    on: EntityId | None = None,
    state: VoucherState = VoucherState.ACCEPTED,
    **fields: Any,
) -> Voucher:
    """Put a voucher, wholly borne by one line, straight into the workspace."""
    row = voucher(gross, state, **({"id": new_id(), "project_id": project_id} | fields))
    with session.edit("voucher", project_id) as edit:
        tables.vouchers.insert(edit, row)
        tables.voucher_shares.insert(edit, VoucherShare(new_id(), project_id, row.id, to, on, 0, gross))
    return row


def put_state(session: Session, project_id: EntityId, state: BudgetState) -> None:
    with session.edit("state", project_id) as edit:
        budget.set_state(edit, project_id, state)


DAY = date(2026, 8, 3)
