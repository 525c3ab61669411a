"""Vouchers: taken in byte-exact, one invoice counts once, shares add up, and everything can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.invoice import FindingKey, InvoiceFinding, InvoiceKind, InvoiceStatus, ParsedInvoice, Severity
from qihua_desktop.domain.invoice_facts import InvoiceCheckKey, InvoiceOutcome
from qihua_desktop.domain.procurement import ContractState
from qihua_desktop.domain.voucher_checks import VoucherRule
from qihua_desktop.domain.voucher_records import DuplicateKind, content_of, stored_content
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.services import documents, vouchers
from qihua_desktop.services.settings import CompanyProfile, save_company
from qihua_desktop.services.vouchers import ShareDraft, VoucherDraft
from tests.services.voucher_samples import (
    SELLER,
    SELLER_TAX,
    VoucherSample,
    invoice,
    number,
    open_voucher_sample,
    photo,
    read,
)

QR = "01,32,,26440000000000000001,500.00,20260115,,3BF8"


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[VoucherSample]:
    made = open_voucher_sample(tmp_path)
    yield made
    made.session.workspace.close()


def _state(sample: VoucherSample, voucher_id: EntityId) -> VoucherState:
    return tables.vouchers.get(sample.session.workspace, voucher_id).state


def _faults(sample: VoucherSample, voucher_id: EntityId) -> dict[str, InvoiceOutcome]:
    """What is wrong, but for what is open on every voucher of these samples."""
    usual = (InvoiceCheckKey.VERIFIED, InvoiceCheckKey.APPROVAL, InvoiceCheckKey.CONSECUTIVE, InvoiceCheckKey.NUMBER)
    bad = (InvoiceOutcome.FAILED, InvoiceOutcome.WARNING)
    checks = vouchers.voucher_view(sample.session, voucher_id).checks
    return {check.key: check.outcome for check in checks if check.outcome in bad and check.key not in usual}


def test_a_drop_is_one_step_and_keeps_the_files_byte_for_byte(sample: VoucherSample) -> None:
    before = sample.rows()
    files = [read(invoice(serial), bytes([serial]) * 1000) for serial in range(8)]
    report = vouchers.store_read(sample.session, sample.project, files)
    assert sample.session.undo_label() == "导入 8 张凭证"
    assert [vouchers.original_bytes(sample.session, one) for one in report.voucher_ids] == [
        one.original for one in files
    ]
    after = sample.rows()
    sample.session.undo()
    assert sample.rows() == before
    sample.session.redo()
    assert sample.rows() == after


def test_a_voucher_keeps_everything_that_was_read(sample: VoucherSample) -> None:
    parsed = invoice(1, remark="备注", raw=(("价税合计", "1060.00"),), check_code="123", capital_text="壹仟零陆拾元整")
    report = vouchers.store_read(sample.session, sample.project, [read(parsed)])
    assert vouchers.parsed_voucher(sample.session, report.voucher_ids[0]) == parsed
    assert stored_content(content_of(parsed)) == parsed


def test_a_bad_file_is_reported_and_the_others_are_stored(sample: VoucherSample) -> None:
    broken = read(None, b"x", InvoiceFinding(FindingKey.DAMAGED, Severity.ERROR, "damaged"))
    report = vouchers.store_read(sample.session, sample.project, [broken, read(invoice(1))])
    assert [one.voucher_id is None for one in report.files] == [True, False]
    assert report.failed == 1
    assert report.files[0].findings[0].key is FindingKey.DAMAGED


def test_nothing_readable_changes_nothing(sample: VoucherSample) -> None:
    before = sample.session.undo_label()
    broken = read(None, b"x", InvoiceFinding(FindingKey.DAMAGED, Severity.ERROR, "damaged"))
    assert vouchers.store_read(sample.session, sample.project, [broken]).voucher_ids == ()
    assert sample.session.undo_label() == before


def test_a_picture_without_a_code_is_kept_to_be_typed(sample: VoucherSample) -> None:
    report = vouchers.store_read(sample.session, sample.project, [photo()], sample.line())
    view = vouchers.voucher_view(sample.session, report.voucher_ids[0])
    assert view.kind is InvoiceKind.OTHER
    assert VoucherRule.AMOUNT in _faults(sample, view.voucher.id)
    vouchers.update_voucher(
        sample.session, view.voucher.id, gross=8_800, issued_on=date(2026, 8, 2), seller_name="老张文印"
    )
    vouchers.accept(sample.session, [view.voucher.id], sample.line())
    assert _state(sample, view.voucher.id) is VoucherState.ACCEPTED


def test_the_same_invoice_in_another_project_is_a_duplicate_naming_the_first(sample: VoucherSample) -> None:
    first = sample.put(1, project=sample.other)[0]
    report = vouchers.store_read(
        sample.session, sample.project, [read(invoice(1), b"other bytes")], sample.first_line(sample.project)
    )
    second = report.voucher_ids[0]
    assert report.duplicates == 1
    assert report.files[0].duplicate_of is not None
    assert report.files[0].duplicate_of.id == first
    assert "冬季品牌展" in report.files[0].duplicate_project
    view = vouchers.voucher_view(sample.session, second)
    assert view.is_duplicate
    assert view.outcome is InvoiceOutcome.FAILED
    assert _faults(sample, second) == {InvoiceCheckKey.DUPLICATE: InvoiceOutcome.FAILED}
    assert (view.duplicates[0].voucher_id, view.duplicates[0].project_id) == (first, sample.other)
    with pytest.raises(RuleError, match="冬季品牌展"):
        vouchers.accept(sample.session, [second])
    vouchers.accept(sample.session, [first])
    with pytest.raises(RuleError, match=r"已在.*审核通过"):
        vouchers.accept(sample.session, [second])
    assert not vouchers.voucher_view(sample.session, first).is_duplicate


def test_a_rejected_voucher_does_not_hold_its_number(sample: VoucherSample) -> None:
    first, second = sample.put(1)[0], sample.put(1)[0]
    vouchers.accept(sample.session, [first])
    vouchers.reject(sample.session, first, "抬头错误")
    vouchers.accept(sample.session, [second])
    vouchers.reopen(sample.session, first)
    with pytest.raises(RuleError):
        vouchers.accept(sample.session, [first])
    assert _state(sample, second) is VoucherState.ACCEPTED


def test_duplicates_within_one_drop_are_found(sample: VoucherSample) -> None:
    first, second = sample.put(1, 1)
    assert not vouchers.voucher_view(sample.session, first).is_duplicate
    assert vouchers.voucher_view(sample.session, second).is_duplicate


def test_accepting_is_all_or_nothing(sample: VoucherSample) -> None:
    ids = sample.put(1, 2, 1)
    with pytest.raises(RuleError):
        vouchers.accept(sample.session, ids)
    assert {_state(sample, one) for one in ids} == {VoucherState.PENDING}


@pytest.mark.parametrize("paper_first", [True, False])
def test_a_paper_form_and_its_digital_number_are_one_invoice(sample: VoucherSample, paper_first: bool) -> None:
    digital = invoice(1, kind=InvoiceKind.PAPER_DIGITAL_SPECIAL, code="3100261130", paper_number="01234567")
    paper = invoice(0, number="01234567", code="3100261130", kind=InvoiceKind.SPECIAL)
    both = (paper, digital) if paper_first else (digital, paper)
    line = sample.first_line(sample.project)
    report = vouchers.store_read(sample.session, sample.project, [read(one) for one in both], line)
    assert [one.duplicate_of is not None for one in report.files] == [False, True]
    vouchers.accept(sample.session, report.voucher_ids[:1])
    with pytest.raises(RuleError):
        vouchers.accept(sample.session, report.voucher_ids[1:])


def test_the_same_file_without_a_number_is_a_duplicate(sample: VoucherSample) -> None:
    vouchers.store_read(sample.session, sample.other, [photo()])
    report = vouchers.store_read(sample.session, sample.project, [photo(), photo(b"another")])
    assert [one.duplicate_of is not None for one in report.files] == [True, False]
    assert vouchers.voucher_view(sample.session, report.voucher_ids[0]).duplicates[0].kind is DuplicateKind.FILE


def test_invoices_out_of_one_file_are_not_duplicates_of_each_other(sample: VoucherSample) -> None:
    report = vouchers.store_read(sample.session, sample.project, [read(invoice(1), b"zip"), read(invoice(2), b"zip")])
    assert report.duplicates == 0
    assert len(documents.attachments(sample.session, sample.project)) == 0
    kept = {tables.vouchers.get(sample.session.workspace, one).attachment_id for one in report.voucher_ids}
    assert len(kept) == 1


def test_equal_seller_amount_and_date_are_only_a_hint(sample: VoucherSample) -> None:
    draft = VoucherDraft(5_000, date(2026, 8, 2), seller_name="（上海）文印店", line_id=sample.line())
    vouchers.add_typed(sample.session, sample.project, draft)
    second = vouchers.add_typed(sample.session, sample.project, replace(draft, seller_name="(上海)文印店"))
    view = vouchers.voucher_view(sample.session, second.id)
    assert InvoiceCheckKey.SIMILAR in _faults(sample, second.id)
    assert not view.is_duplicate
    vouchers.accept(sample.session, [second.id])


def test_shares_must_be_the_amount_to_the_fen(sample: VoucherSample) -> None:
    voucher_id = sample.put(1)[0]
    rows = [sample.line("场地"), sample.line("物料")]
    vouchers.assign(sample.session, voucher_id, [ShareDraft(rows[0], None, 50_000), ShareDraft(rows[1], None, 55_999)])
    assert VoucherRule.SHARES in _faults(sample, voucher_id)
    with pytest.raises(RuleError, match="分摊合计"):
        vouchers.accept(sample.session, [voucher_id])
    vouchers.assign(sample.session, voucher_id, [(rows[0], None, 50_000), (rows[1], None, 56_000)])
    vouchers.accept(sample.session, [voucher_id])
    with pytest.raises(RuleError):
        vouchers.assign(sample.session, voucher_id, [(rows[0], None, 50_000)])
    with pytest.raises(RuleError):
        vouchers.assign(sample.session, voucher_id, [])


def test_a_voucher_without_a_line_is_not_accepted_but_takes_one_with_the_acceptance(sample: VoucherSample) -> None:
    voucher_id = sample.put(1, on_line=False)[0]
    with pytest.raises(RuleError, match="尚未归入"):
        vouchers.accept(sample.session, [voucher_id])
    vouchers.accept(sample.session, [voucher_id], sample.line())
    shares = vouchers.voucher_view(sample.session, voucher_id).shares
    assert [one.share.line_id for one in shares] == [sample.line()]
    assert shares[0].line_name


def test_the_open_contract_of_the_seller_is_suggested(sample: VoucherSample) -> None:
    contract = sample.contract(sample.line(), 100_000)
    voucher_id = sample.put(1, on_line=False)[0]
    view = vouchers.voucher_view(sample.session, voucher_id)
    assert view.shares[0].share.contract_id == contract.id
    assert view.supplier_name == SELLER
    assert _faults(sample, voucher_id) == {InvoiceCheckKey.COMMITMENT: InvoiceOutcome.FAILED}
    assert vouchers.suggested_contract(sample.session, voucher_id, sample.line("物料")) is None


def test_contracts_of_other_lines_and_drafts_bear_nothing(sample: VoucherSample) -> None:
    draft = sample.contract(sample.line(), 100_000, ContractState.DRAFT)
    voucher_id = sample.put(1)[0]
    with pytest.raises(RuleError, match="尚未签订"):
        vouchers.assign(sample.session, voucher_id, [(sample.line(), draft.id, 106_000)])
    with pytest.raises(RuleError, match="不属于"):
        vouchers.assign(sample.session, voucher_id, [(sample.line("物料"), draft.id, 106_000)])
    foreign = sample.first_line(sample.other)
    with pytest.raises(RuleError, match="不属于本项目"):
        vouchers.assign(sample.session, voucher_id, [(foreign, None, 106_000)])


def test_foreign_vouchers_wait_for_the_amount_in_yuan_and_the_rate(sample: VoucherSample) -> None:
    foreign = ParsedInvoice("INV-77", issued_on="2026-08-01", seller_name="Acme", currency="USD", foreign_gross=10_000)
    voucher_id = vouchers.store_read(sample.session, sample.project, [read(foreign)]).voucher_ids[0]
    assert VoucherRule.AMOUNT in _faults(sample, voucher_id)
    with pytest.raises(RuleError, match="USD"):
        vouchers.accept(sample.session, [voucher_id], sample.line())
    with pytest.raises(InputError):
        vouchers.set_exchange(sample.session, voucher_id, 71_880, " ")
    vouchers.set_exchange(sample.session, voucher_id, 71_880, "7.1880，中国银行 2026-08-01")
    vouchers.accept(sample.session, [voucher_id], sample.line())
    assert InvoiceCheckKey.CURRENCY not in _faults(sample, voucher_id)
    assert tables.vouchers.get(sample.session.workspace, voucher_id).gross == 71_880


def test_red_invoices_are_negative_and_refer_to_the_blue_one(sample: VoucherSample) -> None:
    red = invoice(2, -106_000, red_of=number(1))
    line = sample.line()
    report = vouchers.store_read(sample.session, sample.project, [read(invoice(1)), read(red)], line)
    assert _faults(sample, report.voucher_ids[1]) == {}
    with pytest.raises(InputError):
        vouchers.assign(sample.session, report.voucher_ids[1], [(line, None, 106_000)])
    vouchers.accept(sample.session, report.voucher_ids)
    alone = vouchers.store_read(sample.session, sample.project, [read(invoice(3, -100))], line).voucher_ids[0]
    assert InvoiceCheckKey.RED in _faults(sample, alone)


def test_scanned_codes_become_vouchers_and_unreadable_ones_findings(sample: VoucherSample) -> None:
    report = vouchers.add_text(sample.session, sample.project, f"{QR}\nnonsense\n", sample.line())
    voucher = tables.vouchers.get(sample.session.workspace, report.voucher_ids[0])
    assert (voucher.number, voucher.gross, voucher.net) == ("26440000000000000001", 50_000, 0)
    assert report.failed in (0, 1)
    with pytest.raises(InputError):
        vouchers.add_text(sample.session, sample.project, " \n ")


def test_a_typed_number_is_compared_without_spaces_and_widths(sample: VoucherSample) -> None:
    sample.put(1)
    typed = VoucherDraft(106_000, date(2026, 8, 1), InvoiceKind.DIGITAL_SPECIAL, f" {number(1)[:8]} ２６"[:-3])
    assert vouchers.add_typed(sample.session, sample.project, typed).number == number(1)[:8]
    same = vouchers.add_typed(sample.session, sample.project, replace(typed, number=" ".join(number(1))))
    assert vouchers.voucher_view(sample.session, same.id).is_duplicate


def test_an_accepted_voucher_changes_only_its_texts(sample: VoucherSample) -> None:
    voucher_id = sample.put(1)[0]
    vouchers.update_voucher(sample.session, voucher_id, gross=200_000, net=0, tax=0)
    assert vouchers.voucher_view(sample.session, voucher_id).shares[0].share.gross == 200_000
    vouchers.accept(sample.session, [voucher_id])
    vouchers.update_voucher(sample.session, voucher_id, item="会务费", purpose="场地布置")
    with pytest.raises(RuleError, match="已审核通过"):
        vouchers.update_voucher(sample.session, voucher_id, gross=1)
    with pytest.raises(RuleError, match="已审核通过"):
        vouchers.delete_voucher(sample.session, voucher_id)
    with pytest.raises(InputError):
        vouchers.update_voucher(sample.session, sample.put(5)[0], net=1, tax=1)


def test_deleting_takes_the_file_along_unless_another_came_with_it(sample: VoucherSample) -> None:
    files = [read(invoice(1), b"zip"), read(invoice(2), b"zip")]
    first, second = vouchers.store_read(sample.session, sample.project, files).voucher_ids
    vouchers.delete_voucher(sample.session, first)
    assert vouchers.original_bytes(sample.session, second) == b"zip"
    vouchers.delete_voucher(sample.session, second)
    assert tables.attachments.count(sample.session.workspace) == 0
    sample.session.undo()
    assert vouchers.original_bytes(sample.session, second) == b"zip"


def test_paying_is_for_accepted_vouchers_without_a_contract(sample: VoucherSample) -> None:
    voucher_id = sample.put(1)[0]
    with pytest.raises(RuleError):
        vouchers.mark_paid(sample.session, voucher_id)
    vouchers.accept(sample.session, [voucher_id])
    vouchers.mark_paid(sample.session, voucher_id)
    assert vouchers.voucher_view(sample.session, voucher_id).paid == 106_000
    with pytest.raises(RuleError, match="已付款"):
        vouchers.reopen(sample.session, voucher_id)
    vouchers.unmark_paid(sample.session, voucher_id)
    vouchers.reopen(sample.session, voucher_id)
    contract = sample.contract(sample.line(), 200_000)
    vouchers.assign(sample.session, voucher_id, [(sample.line(), contract.id, 106_000)])
    vouchers.accept(sample.session, [voucher_id])
    with pytest.raises(RuleError, match="归属合同"):
        vouchers.mark_paid(sample.session, voucher_id)


def test_a_supplier_is_made_of_a_seller_only_on_request_and_only_once(sample: VoucherSample) -> None:
    first, second = sample.put(1, 2)
    assert tables.suppliers.count(sample.session.workspace) == 0
    made = vouchers.supplier_from_voucher(sample.session, first)
    assert (made.name, made.tax_id) == (SELLER, SELLER_TAX)
    assert vouchers.supplier_from_voucher(sample.session, second).id == made.id
    assert tables.suppliers.count(sample.session.workspace) == 1
    assert vouchers.voucher_view(sample.session, sample.put(3)[0]).supplier_name == SELLER


def test_hostile_texts_are_kept_literally_and_bounded(sample: VoucherSample) -> None:
    nasty = "=cmd|'/c calc'!A1 <img src=x>\u202e" + "甲" * 20_000 + "\ud800"
    parsed = invoice(1, seller_name=nasty, remark=nasty)
    voucher_id = vouchers.store_read(sample.session, sample.project, [read(parsed, b"x")]).voucher_ids[0]
    stored = tables.vouchers.get(sample.session.workspace, voucher_id).seller_name
    assert stored.startswith("=cmd|'/c calc'!A1 <img src=x>\u202e甲")
    assert len(stored) == 9_000


@pytest.mark.parametrize("gross", [1, 10**12, 10**15, -1, -(10**12)])
def test_amounts_of_one_fen_and_of_very_many_are_kept_exactly(sample: VoucherSample, gross: int) -> None:
    report = vouchers.store_read(sample.session, sample.project, [read(invoice(1, gross))], sample.line())
    vouchers.accept(sample.session, report.voucher_ids)
    voucher = tables.vouchers.get(sample.session.workspace, report.voucher_ids[0])
    assert voucher.gross == gross == voucher.net + voucher.tax


def test_dates_before_the_project_year_or_in_the_future_are_noticed(sample: VoucherSample) -> None:
    line = sample.line()
    days = ("2025-12-31", "2026-08-04")
    files = [read(invoice(at, issued_on=day)) for at, day in enumerate(days)]
    ids = vouchers.store_read(sample.session, sample.project, files, line).voucher_ids
    assert all(InvoiceCheckKey.PERIOD in _faults(sample, one) for one in ids)


def test_the_buyer_is_compared_with_the_company_as_it_is_now(sample: VoucherSample) -> None:
    voucher_id = sample.put(1)[0]
    assert _faults(sample, voucher_id) == {}
    save_company(sample.session, CompanyProfile("别的公司", "91310000MA1FL0ZZ9Q"))
    assert set(_faults(sample, voucher_id)) == {InvoiceCheckKey.BUYER_NAME, InvoiceCheckKey.BUYER_TAX_ID}
    save_company(sample.session, CompanyProfile("上海企划文化有限公司", "91310000ma1fl0yy2b"))
    assert _faults(sample, voucher_id) == {}


def test_neighbouring_numbers_of_one_seller_are_noticed(sample: VoucherSample) -> None:
    ids = sample.put(1, 2, 4)
    found = [
        check.outcome
        for one in ids
        for check in vouchers.voucher_view(sample.session, one).checks
        if check.key is InvoiceCheckKey.CONSECUTIVE
    ]
    assert found == [InvoiceOutcome.WARNING, InvoiceOutcome.WARNING, InvoiceOutcome.PASSED]


def test_the_tax_bureaus_answer_is_kept_with_who_recorded_it(sample: VoucherSample) -> None:
    voucher_id = sample.put(1)[0]
    before = vouchers.parsed_voucher(sample.session, voucher_id)
    vouchers.record_status(sample.session, voucher_id, InvoiceStatus.VOID)
    check = vouchers.voucher_view(sample.session, voucher_id).checks[-1]
    assert (check.key, check.outcome) == (InvoiceCheckKey.VERIFIED, InvoiceOutcome.FAILED)
    assert "林晓岚" in "".join(text for pair in check.inputs for text in pair)
    assert vouchers.parsed_voucher(sample.session, voucher_id) == before
