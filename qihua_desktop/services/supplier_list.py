"""All suppliers at a glance, and rows of suppliers pasted from a spreadsheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.ledger import committed_gross
from qihua_desktop.domain.list_paste import ListColumn, ListRow, read_list
from qihua_desktop.domain.procurement import ContractState, Supplier
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.i18n import _, ngettext

from .limits import body, text
from .session import Session
from .suppliers import name_key

_COLUMNS: Final = (
    ListColumn("name", ("name", "supplier", "company", "名称", "供应商", "供应商名称", "公司", "公司名称", "单位名称")),
    ListColumn("category", ("category", "type", "类别", "分类", "品类")),
    ListColumn("tax_id", ("tax number", "tax no.", "tax id", "税号", "纳税人识别号", "统一社会信用代码")),
    ListColumn("contact", ("contact", "contact person", "联系人")),
    ListColumn("phone", ("phone", "telephone", "mobile", "电话", "联系电话", "手机")),
    ListColumn("email", ("e-mail", "email", "邮箱", "电子邮箱", "电子邮件")),
    ListColumn("bank", ("bank", "开户行", "开户银行")),
    ListColumn("account", ("account", "bank account", "account number", "账号", "银行账号", "银行账户")),
    ListColumn("notes", ("notes", "note", "备注", "说明")),
)


@dataclass(frozen=True, slots=True)
class SupplierSummary:
    """A supplier with what it did: contracts that were signed, their sum in fen, and its last contract or invoice."""

    supplier: Supplier
    contracts: int
    contracted: int
    projects: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class PasteReport:
    """What became of pasted rows."""

    added: int
    changed: int
    same: int
    first_id: EntityId | None

    def words(self) -> str:
        """Return a sentence for the status bar."""
        parts = (
            ngettext("{count} row added", "{count} rows added", self.added).format(count=self.added),
            ngettext("{count} changed", "{count} changed", self.changed).format(count=self.changed),
            ngettext("{count} as before", "{count} as before", self.same).format(count=self.same),
        )
        return _(", ").join(parts)


def supplier_summaries(session: Session, *, active_only: bool = False) -> tuple[SupplierSummary, ...]:
    """Return the suppliers in the order they were added, each with what it did in all projects."""
    workspace = session.workspace
    contracts: dict[EntityId, list[int]] = {}
    last: dict[EntityId, date] = {}
    projects: dict[EntityId, set[EntityId]] = {}

    def met(supplier_id: EntityId, project_id: EntityId, day: date | None) -> None:
        projects.setdefault(supplier_id, set()).add(project_id)
        if day is not None:
            last[supplier_id] = max(day, last.get(supplier_id, day))

    for one in tables.contracts.all(workspace):
        if one.state is not ContractState.DRAFT:
            contracts.setdefault(one.supplier_id, []).append(committed_gross(one))
            met(one.supplier_id, one.project_id, one.signed_on)
    for bill in tables.vouchers.all(workspace, state=VoucherState.ACCEPTED):
        if bill.supplier_id is not None:
            met(bill.supplier_id, bill.project_id, bill.issued_on)
    rows = tables.suppliers.all(workspace, active=True) if active_only else tables.suppliers.all(workspace)
    return tuple(
        SupplierSummary(
            row,
            len(contracts.get(row.id, ())),
            sum(contracts.get(row.id, ())),
            len(projects.get(row.id, ())),
            last.get(row.id),
        )
        for row in rows
    )


def paste_suppliers(session: Session, rows: Sequence[Sequence[str]]) -> PasteReport:
    """Add pasted suppliers; those that are there, by tax number or else name, get what the row fills in.

    One undo step. Raises InputError naming the row that cannot be taken; nothing is stored then.
    """
    pasted = read_list(rows, _COLUMNS)
    known = _Known(tables.suppliers.all(session.workspace))
    made: dict[EntityId, Supplier] = {}
    changed: dict[EntityId, Supplier] = {}
    same: set[EntityId] = set()
    first: EntityId | None = None
    for row in pasted:
        values = _values(row)
        old = known.find(row.number, values["name"], values.get("tax_id", ""))
        if old is None:
            empty = Supplier(new_id(), "", "", "", "", "", "", "", "", "", True, session.workspace.now_ms())
            new = made[empty.id] = replace(empty, **values)
        else:
            filled = {key: value for key, value in values.items() if value and key != "name"}
            new = replace(old, **filled)
            target = made if old.id in made else changed
            if new != old:
                target[old.id] = new
            elif old.id not in made and old.id not in changed:
                same.add(old.id)
        known.put(new)
        first = first or new.id
    if made or changed:
        count = len(made) + len(changed)
        label = ngettext("Paste {count} supplier", "Paste {count} suppliers", count).format(count=count)
        with session.edit(label) as edit:
            tables.suppliers.insert_many(edit, tuple(made.values()))
            for one in changed.values():
                tables.suppliers.replace(edit, one)
    return PasteReport(len(made), len(changed), len(same - set(changed)), first)


def pasted_row_error(row: ListRow, error: InputError) -> InputError:
    """Return an error that says in which pasted row it is."""
    return InputError(
        _("Row {number}, “{name}”: {problem}").format(
            number=row.number, name=row.cells.get("name", "")[:60], problem=error.message
        ),
        error.advice,
    )


class _Known:
    """The suppliers so far, those of the paste too, by tax number and name."""

    def __init__(self, rows: Iterable[Supplier]) -> None:
        self._by_tax: dict[str, Supplier] = {}
        self._by_name: dict[str, list[Supplier]] = {}
        for row in rows:
            self.put(row)

    def put(self, row: Supplier) -> None:
        """Remember a supplier, in place of what it was before."""
        if row.tax_id:
            self._by_tax[row.tax_id] = row
        same = self._by_name.setdefault(name_key(row.name), [])
        same[:] = [one for one in same if one.id != row.id] + [row]

    def find(self, number: int, name: str, tax_id: str) -> Supplier | None:
        """Return the supplier that is meant. Raises InputError where the name fits several."""
        if tax_id and tax_id in self._by_tax:
            return self._by_tax[tax_id]
        namesakes = self._by_name.get(name_key(name), [])
        fitting = [one for one in namesakes if not (tax_id and one.tax_id)]
        if len(fitting) > 1:
            raise InputError(
                _("Row {number}: there are several suppliers “{name}”.").format(number=number, name=name[:60]),
                _("Add the tax number to say which one is meant."),
            )
        return fitting[0] if fitting else None


def _values(row: ListRow) -> dict[str, str]:
    try:
        found = {key: body(cell) if key == "notes" else text(cell) for key, cell in row.cells.items()}
    except InputError as error:
        raise pasted_row_error(row, error) from error
    if "tax_id" in found:
        found["tax_id"] = "".join(unicodedata.normalize("NFKC", found["tax_id"]).split()).upper()
    return found
