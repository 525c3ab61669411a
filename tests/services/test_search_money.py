"""Suppliers, contracts and vouchers are found by name, pinyin and number."""

from __future__ import annotations

from pathlib import Path

from qihua_desktop.services import contracts
from qihua_desktop.services.search import SearchIndex
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import add_supplier, book, line


def test_money_is_found_by_name_pinyin_and_number(tmp_path: Path) -> None:
    session = open_session(tmp_path)
    project_id = add_event(session)
    supplier = add_supplier(session, "上海恒隆物业", tax_id="91310000607222050A")
    venue = line(session, project_id, "场地租赁")
    contracts.add_contract(session, contracts.ContractDraft(venue, supplier, "中庭租赁合同", 100, number="HT-77"))
    voucher = book(session, project_id, 5, venue, number="26312000000012345678", seller_name="恒隆")
    index = SearchIndex()
    index.prepare(session)

    def found(query: str) -> set[str]:
        return {hit.table for hit in index.search(query)}

    assert "supplier" in found("shhl")
    assert found("91310000607222050a") == {"supplier"}
    assert found("ht-77") == {"contract"}
    assert {hit.row_id for hit in index.search("12345678")} == {voucher.id}
    assert next(hit for hit in index.search("12345678")).project_id == project_id
    session.workspace.close()
