"""The tab of vouchers and claims: files dropped, codes scanned, checks, shares, decisions, claims."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

import ui.common.dialogs as dialogs
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.invoice import InvoiceStatus
from qihua_desktop.domain.invoice_qr import parse_qr_text
from qihua_desktop.domain.vouchers import ClaimState, VoucherState
from qihua_desktop.reports import catalogue
from qihua_desktop.services import budget, claims, contracts, ledger, vouchers
from qihua_desktop.services.settings import CompanyProfile, save_company
from qihua_desktop.services.voucher_intake import TextRead
from qihua_desktop.services.vouchers import VoucherDraft
from tests.exchange.invoices.invoice_files import (
    COMPANY,
    COMPANY_ID,
    Line,
    Sample,
    as_bytes,
    bureau_xml,
    digital_ofd,
    invoice_pdf,
    qr_image,
    qr_text,
)
from tests.services.budget_samples import add_event
from tests.services.money_samples import DAY, add_supplier, put_state
from tests.ui.hostile import hostile_texts, red_picture, red_pixels, shown_texts
from ui.budget.vouchers.rows import VoucherFilter
from ui.common.context import AppContext

ISSUED = "2026-08-01"


def sample(serial: int = 1, **fields) -> Sample:
    return Sample(number=f"2631{serial:016d}", issued=ISSUED, **fields)


class Desk:
    """The tab, and shorthands to drive it."""

    def __init__(self, window, folder):
        self.window, self.folder = window, folder
        self.session, self.qtbot, self.project_id = window.session, window.qtbot, window.page.project_id
        save_company(self.session, CompanyProfile(COMPANY, COMPANY_ID))
        window.host.show_tab("vouchers")
        self.tab = window.host.current_tab()
        QApplication.processEvents()

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def drop(self, *paths):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        entering = QDragEnterEvent(QPoint(50, 300), Qt.DropAction.CopyAction, mime, left, none)
        QApplication.sendEvent(self.tab, entering)
        assert entering.isAccepted()
        dropping = QDropEvent(QPointF(50, 300), Qt.DropAction.CopyAction, mime, left, none)
        QApplication.sendEvent(self.tab, dropping)
        self.qtbot.waitUntil(lambda: self.tab.job is None, timeout=30_000)
        QApplication.processEvents()

    def drop_samples(self, *samples):
        self.drop(*(self.file(f"{one.number}.xml", bureau_xml(one)) for one in samples))

    @property
    def pane(self):
        return self.tab.vouchers

    @property
    def detail(self):
        return self.tab.vouchers.detail

    @property
    def rows(self):
        return self.pane.model.rows

    def row(self, number):
        return next(row for row in self.rows if row.voucher.number == number)

    def pick(self, number):
        self.pane.select(self.row(number).voucher.id)

    def line(self, name):
        return self.window.row(name).line

    def choose_line(self, name, at=0):
        box = self.detail.shares.rows[at].line
        box.select(self.line(name).id)
        box.activated.emit(box.currentIndex())

    def type_amount(self, at, text):
        field = self.detail.shares.rows[at].amount
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def check(self, title):
        return next(one for one in self.detail.checks.checks if one.title == title)

    def do(self, key):
        self.tab.actions_of_tab.trigger(f"budget.vouchers.{key}")


@pytest.fixture
def desk(window, tmp_path):
    return Desk(window, tmp_path)


# --- taking in ---


def test_a_drop_of_every_kind_of_file_is_stored_in_one_step(desk):
    before = desk.session.undo_label()
    desk.drop(
        desk.file("a.xml", bureau_xml(sample(1))),
        desk.file("b.ofd", digital_ofd(sample(2))),
        desk.file("c.pdf", invoice_pdf([sample(3)])),
        desk.file("d.png", as_bytes(qr_image(qr_text(sample(4))))),
        desk.file("broken.xml", b"<EInvoice><Header>"),
        desk.file("again.xml", bureau_xml(sample(1))),
    )
    assert sorted(row.voucher.source for row in desk.rows) == ["image", "ofd", "pdf", "xml", "xml"]
    assert desk.tab.result.summary.chip_text() == "已保存 5 张凭证 · 其中重复 1 张 · 1 个文件未读出"
    said = "\n".join(desk.tab.result.rows)
    assert "broken.xml" in said
    assert "重复 again.xml" in said
    desk.session.undo()
    assert desk.rows == ()
    assert desk.session.undo_label() == before


def test_originals_are_kept_and_saved_to_the_byte(desk):
    content = bureau_xml(sample(1))
    desk.drop(desk.file("原件.xml", content))
    target = desk.folder / "saved.xml"
    with dialogs.scripted([target]):
        desk.do("save")
    assert sha256(target.read_bytes()).digest() == sha256(content).digest()


def test_a_duplicate_leads_to_its_first_use_in_another_project(desk):
    other = add_event(desk.session, name="七夕市集")
    first = vouchers.add_text(desk.session, other, qr_text(sample(1))).voucher_ids[0]
    desk.drop_samples(sample(1))
    assert desk.row(sample(1).number).is_duplicate
    with desk.qtbot.waitSignal(desk.window.context.page_requested) as asked:
        desk.tab.result.links[0].click()
    assert asked.args == ["budget", (other, first)]
    assert desk.pane.shown.index(0, desk.pane.model.column_number("checks")).data() == "重复"


def test_files_of_a_folder_are_read_too(desk):
    folder = desk.folder / "发票"
    folder.mkdir()
    (folder / "a.xml").write_bytes(bureau_xml(sample(1)))
    (folder / "b.xml").write_bytes(bureau_xml(sample(2)))
    desk.drop(folder)
    assert len(desk.rows) == 2


def test_chosen_files_are_imported_like_dropped_ones(desk):
    path = desk.file("a.xml", bureau_xml(sample(1)))
    with dialogs.scripted([(path,)]):
        desk.do("import")
    desk.qtbot.waitUntil(lambda: desk.tab.job is None, timeout=30_000)
    assert len(desk.rows) == 1


def test_a_stopped_import_stores_nothing(desk):
    paths = [desk.file(f"{number}.xml", bureau_xml(sample(number))) for number in range(1, 40)]
    desk.tab.import_paths(paths)
    desk.tab.job.cancel()
    desk.qtbot.waitUntil(lambda: desk.tab.job is None, timeout=30_000)
    assert desk.rows == ()


def test_a_scanner_types_codes_one_after_the_other(desk):
    field = desk.tab.scan
    desk.do("scan")
    for serial in (1, 2, 1):
        desk.qtbot.keyClicks(field, qr_text(sample(serial)))
        desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [row.voucher.source for row in desk.rows] == ["qr_text"] * 3
    assert "重复 1 张" in desk.tab.result.summary.chip_text()
    assert field.text() == ""
    assert field.hasFocus()


def test_a_code_that_is_none_is_said_to_be_none(desk):
    desk.tab.scan.setFocus()
    desk.qtbot.keyClicks(desk.tab.scan, "https://example.org/menu")
    desk.qtbot.keyClick(desk.tab.scan, Qt.Key.Key_Return)
    assert desk.rows == ()
    assert desk.tab.result.isVisible()
    assert "未读出" in desk.tab.result.rows[0]


def test_a_receipt_is_typed_with_its_line(desk):
    def fill(form):
        form.gross.setText("36*3")
        form.gross.setModified(True)
        form.issued_on.set_date(DAY)
        form.texts["item"].setText("出租车")
        form.line.select(desk.line("差旅与住宿").id)
        form.accept()
        return form.result() == 1

    with dialogs.scripted([fill]):
        desk.do("type")
    row = desk.rows[0]
    assert (row.voucher.gross, row.voucher.item, row.shares[0].line_name) == (10_800, "出租车", "差旅与住宿")
    assert desk.detail.view is not None
    assert desk.detail.view.voucher.id == row.voucher.id


def test_a_receipt_without_an_amount_is_refused_in_the_form(desk):
    def fill(form):
        form.accept()
        assert "金额" in form.problem()
        return False

    with dialogs.scripted([fill]):
        desk.do("type")
    assert desk.rows == ()


# --- checks ---


def test_a_wrong_buyer_fails_and_says_what_was_compared(desk):
    desk.drop_samples(sample(1, buyer="上海青禾文化传播有限公司", buyer_id="91310000MA1FL0QH11"))
    found = desk.check("购买方名称")
    assert found.outcome == "failed"
    assert any("上海青禾文化传播有限公司" in value for _name, value in found.inputs)
    assert any("上海青禾文化传播有限公司" in text for text in shown_texts(desk.detail))


def test_what_is_not_known_offline_is_said_so(desk):
    desk.drop_samples(sample(1))
    texts = "\n".join(shown_texts(desk.detail))
    assert "未验签" in texts
    assert "inv-veri.chinatax.gov.cn" in texts
    assert "待查验" in texts
    with dialogs.scripted([InvoiceStatus.VOID]):
        desk.do("status")
    assert any("林晓岚" in text for text in shown_texts(desk.detail))


def test_pages_pictures_and_fields_are_shown_as_the_original(desk):
    desk.drop(
        desk.file("a.xml", bureau_xml(sample(1))),
        desk.file("c.pdf", invoice_pdf([sample(3)])),
        desk.file("d.png", as_bytes(qr_image(qr_text(sample(4))))),
    )
    original = desk.detail.original
    desk.detail.show_part("original")
    desk.pick(sample(1).number)
    assert any(sample(1).number in text for text in shown_texts(original.fields))
    desk.pick(sample(3).number)
    assert original.stack.currentWidget() is original.pdf
    assert original.pdf.page_count() == 1
    desk.pick(sample(4).number)
    assert original.stack.currentWidget() is original.pictures
    assert not original.picture.pixmap().isNull()


def test_the_lines_of_the_invoice_stand_under_its_content(desk):
    desk.drop_samples(sample(1, lines=(Line("*会展服务*会议服务"), Line("*餐饮服务*餐费", 10_000, 600))))
    desk.detail.show_part("facts")
    texts = shown_texts(desk.detail.facts)
    assert any("餐费" in text for text in texts)
    assert "106.00" not in texts
    assert "100.00" in texts


def test_filters_and_search_narrow_the_list(desk):
    desk.drop_samples(sample(1), sample(2, seller="云广传媒有限公司"))
    desk.choose_line("场地租赁")
    desk.pane.filter.set_current(VoucherFilter.PENDING)
    assert desk.pane.shown.rowCount() == 2
    desk.pane.search.setText("云广")
    desk.qtbot.keyClick(desk.pane.search, Qt.Key.Key_Return)
    assert desk.pane.shown.rowCount() == 1
    desk.pane.filter.set_current(VoucherFilter.ACCEPTED)
    assert desk.pane.shown.rowCount() == 0
    desk.pane.select(desk.row(sample(1).number).voucher.id)
    assert desk.pane.shown.rowCount() == 2


# --- shares and decisions ---


def test_a_chosen_line_takes_the_whole_amount_at_once(desk):
    desk.drop_samples(sample(1))
    desk.choose_line("场地租赁")
    assert [(one.line_name, one.share.gross) for one in desk.rows[0].shares] == [("场地租赁", 50_000)]
    desk.session.undo()
    assert desk.rows[0].shares == ()


def test_a_voucher_is_split_over_two_lines_and_the_rest_is_said(desk):
    desk.drop_samples(sample(1))
    shares = desk.detail.shares
    desk.choose_line("场地租赁")
    desk.type_amount(0, "200*1.5")
    assert "200.00" in shares.sum.full_text()
    shares.add_row()
    assert shares.rows[1].amount.fen() == 20_000
    desk.choose_line("伴手礼", at=1)
    assert [(one.line_name, one.share.gross) for one in desk.rows[0].shares] == [
        ("场地租赁", 30_000),
        ("伴手礼", 20_000),
    ]
    assert "相差" not in shares.sum.full_text()


def test_the_only_contract_of_a_line_is_taken_with_it(desk):
    venue = desk.line("场地租赁")
    draft = contracts.ContractDraft(venue.id, add_supplier(desk.session), "场地", 10_000_000, signed_on=DAY)
    made = contracts.add_contract(desk.session, draft)
    desk.drop_samples(sample(1))
    desk.choose_line("场地租赁")
    assert desk.rows[0].shares[0].share.contract_id == made.id


def test_accepting_counts_as_cost_and_goes_to_the_next(desk):
    desk.drop_samples(sample(1), sample(3))
    desk.pick(sample(1).number)
    desk.choose_line("场地租赁")
    desk.pane.table.setFocus()
    desk.qtbot.keyClick(desk.pane.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.row(sample(1).number).voucher.state is VoucherState.ACCEPTED
    assert desk.detail.view is not None
    assert desk.detail.view.voucher.number == sample(3).number
    assert ledger.load_ledger(desk.session, desk.project_id).total.actual == 50_000
    desk.session.undo()
    assert ledger.load_ledger(desk.session, desk.project_id).total.actual == 0


def test_several_without_a_line_are_accepted_on_one_that_is_asked_for(desk):
    desk.drop_samples(sample(1), sample(3), sample(5))
    desk.pane.table.selectAll()
    assert "150" in desk.detail.many.sum.full_text() or "1,500" in desk.detail.many.sum.full_text()
    with dialogs.scripted([desk.line("伴手礼").id]):
        desk.detail.many.accept_button.click()
    assert {row.voucher.state for row in desk.rows} == {VoucherState.ACCEPTED}
    desk.session.undo()
    assert {row.voucher.state for row in desk.rows} == {VoucherState.PENDING}


def test_a_duplicate_is_not_accepted_and_the_reason_stands_above(desk):
    desk.drop_samples(sample(1))
    desk.choose_line("场地租赁")
    desk.do("accept")
    desk.drop_samples(sample(1))
    second = next(row for row in desk.rows if row.voucher.state is VoucherState.PENDING)
    desk.pane.select(second.voucher.id)
    desk.choose_line("场地租赁")
    desk.do("accept")
    assert sample(1).number in desk.tab.problem.message()
    assert len([row for row in desk.rows if row.voucher.state is VoucherState.ACCEPTED]) == 1


def test_rejecting_asks_for_a_reason_and_can_be_taken_back(desk):
    desk.drop_samples(sample(1))
    with dialogs.scripted(["购买方有误"]):
        desk.detail.reject_button.click()
    assert (desk.rows[0].voucher.state, desk.rows[0].voucher.reason) == (VoucherState.REJECTED, "购买方有误")
    desk.detail.reopen_button.click()
    assert desk.rows[0].voucher.state is VoucherState.PENDING


def test_several_are_rejected_or_deleted_in_one_step(desk):
    desk.drop_samples(sample(1), sample(3), sample(5))
    desk.pane.table.selectAll()
    with dialogs.scripted(["重复上传"]):
        desk.detail.many.reject_button.click()
    assert {row.voucher.state for row in desk.rows} == {VoucherState.REJECTED}
    desk.session.undo()
    desk.pane.table.selectAll()
    with dialogs.scripted([True]):
        desk.do("delete")
    assert desk.rows == ()
    desk.session.undo()
    assert len(desk.rows) == 3
    assert vouchers.original_bytes(desk.session, desk.rows[0].voucher.id) == bureau_xml(sample(1))


def test_a_deleted_voucher_comes_back_with_its_file(desk):
    desk.drop_samples(sample(1))
    desk.pane.table.setFocus()
    desk.qtbot.keyClick(desk.pane.table, Qt.Key.Key_Delete)
    assert desk.rows == ()
    desk.session.undo()
    assert vouchers.original_bytes(desk.session, desk.rows[0].voucher.id) == bureau_xml(sample(1))


def test_a_foreign_voucher_gets_its_amount_with_rate_and_source(desk):
    draft = VoucherDraft(0, DAY, currency="USD", foreign_gross=10_000, seller_name="Stage Inc.")
    made = vouchers.add_typed(desk.session, desk.project_id, draft)
    desk.pane.select(made.id)

    def fill(form):
        form.gross.setText("712")
        form.gross.setModified(True)
        form.accept()
        assert form.problem()
        form.basis.set_text("7.12 中国银行 2026-08-01")
        form.accept()
        return form.result() == 1

    with dialogs.scripted([fill]):
        desk.do("exchange")
    assert (desk.rows[0].voucher.gross, desk.rows[0].voucher.reason) == (71_200, "7.12 中国银行 2026-08-01")
    assert desk.detail.shares.rows[0].amount.fen() == 71_200


def test_what_was_misread_is_corrected(desk):
    desk.drop_samples(sample(1, buyer="上海启华品牌（集团）"))

    def fill(form):
        form.texts["buyer_name"].setText(COMPANY)
        form.accept()
        return form.result() == 1

    with dialogs.scripted([fill]):
        desk.do("correct")
    assert desk.check("购买方名称").outcome == "passed"


def test_the_seller_becomes_a_supplier_and_a_payment_is_recorded(desk):
    desk.drop_samples(sample(1))
    desk.choose_line("场地租赁")
    desk.do("supplier")
    assert desk.rows[0].supplier_name == sample(1).seller
    desk.do("accept")
    desk.pick(sample(1).number)
    with dialogs.scripted([DAY]):
        desk.do("pay")
    assert desk.rows[0].paid == 50_000
    desk.do("unpay")
    assert desk.rows[0].paid == 0


# --- claims ---


@pytest.fixture
def accepted(desk):
    desk.drop_samples(sample(1), sample(3))
    desk.pane.table.selectAll()
    with dialogs.scripted([desk.line("差旅与住宿").id]):
        desk.do("accept")
    return desk


def make_claim(desk, *, advance="200"):
    def fill(form):
        form.purpose.setText("嘉宾接待")
        form.advance.setText(advance)
        form.advance.setModified(True)
        form.accept()
        assert not form.problem()
        return form.result() == 1

    desk.pane.table.selectAll()
    with dialogs.scripted([fill]):
        desk.do("claim")


def test_a_claim_shows_its_rows_both_figures_and_what_is_paid_out(accepted):
    make_claim(accepted)
    pane = accepted.tab.claims
    assert accepted.tab.parts.current_key() == "claims"
    assert len(pane.rows_model.rows) == 2
    facts = {key: label.full_text() for key, label in pane.facts.items()}
    assert (facts["total"], facts["capital"], facts["refund"]) == ("1,000.00", "人民币壹仟元整", "800.00")
    assert facts["claimant"] == "林晓岚"
    assert "2" in pane.attachments.full_text()
    accepted.session.undo()
    assert claims.claims(accepted.session, accepted.project_id) == ()


def test_a_claim_is_submitted_taken_back_and_paid(accepted):
    make_claim(accepted)
    pane = accepted.tab.claims
    pane.submit_button.click()
    assert pane.current().claim.state is ClaimState.SUBMITTED
    assert not pane.edit_button.isEnabled()
    pane.back_button.click()
    pane.submit_button.click()
    with dialogs.scripted([DAY]):
        pane.pay_button.click()
    assert (pane.current().claim.state, pane.current().claim.paid_on) == (ClaimState.PAID, DAY)
    assert all(row.paid for row in accepted.rows)


def test_rows_leave_a_draft_and_come_back(accepted):
    make_claim(accepted)
    pane = accepted.tab.claims
    pane.rows_table.select_identity(pane.rows_model.rows[0].voucher.id)
    gone = pane.rows_model.rows[0].voucher.id
    accepted.tab.actions_of_tab.trigger("budget.claims.remove")
    assert len(pane.rows_model.rows) == 1
    with dialogs.scripted([gone]):
        accepted.tab.actions_of_tab.trigger("budget.claims.add")
    assert len(pane.rows_model.rows) == 2


def test_the_claim_and_the_list_are_asked_for_as_documents(accepted):
    make_claim(accepted)
    claim_id = accepted.tab.claims.current().claim.id
    context: AppContext = accepted.window.context
    with accepted.qtbot.waitSignal(context.export_requested) as asked:
        accepted.tab.claims.pdf_button.click()
    assert asked.args == ["expense-claim", {"claim_id": claim_id}]
    key, options = asked.args
    task = catalogue.prepare(accepted.session, key, accepted.project_id, **options)
    assert task.render().data.startswith(b"%PDF-")
    with accepted.qtbot.waitSignal(context.export_requested) as asked:
        accepted.tab.list_button.click()
    assert asked.args == ["voucher-list", None]


# --- the whole ---


def test_a_voucher_is_revealed_from_anywhere(desk):
    made = vouchers.add_text(desk.session, desk.project_id, qr_text(sample(7))).voucher_ids[0]
    desk.window.host.show_tab("allocation")
    desk.window.host.reveal(made)
    assert desk.window.host.current_tab() is desk.tab
    assert desk.detail.view.voucher.id == made


def test_a_line_renamed_while_another_tab_is_shown_is_offered_by_its_new_name(desk):
    desk.drop_samples(sample(1))
    desk.window.host.show_tab("allocation")
    budget.update_line(desk.session, desk.line("伴手礼").id, name="嘉宾伴手礼")
    desk.window.host.show_tab("vouchers")
    box = desk.detail.shares.rows[0].line
    assert "嘉宾伴手礼" in [box.itemText(number).strip() for number in range(box.count())]


def test_a_change_elsewhere_keeps_the_half_typed_amount(desk):
    desk.drop_samples(sample(1))
    desk.choose_line("场地租赁")
    field = desk.detail.shares.rows[0].amount
    field.setFocus()
    field.selectAll()
    desk.qtbot.keyClicks(field, "12")
    vouchers.add_text(desk.session, desk.project_id, qr_text(sample(9)))
    assert field.text() == "12"
    assert field.hasFocus()


def test_nothing_can_be_taken_in_once_the_budget_is_closed(desk):
    desk.drop_samples(sample(1))
    put_state(desk.session, desk.project_id, BudgetState.CLOSED)
    assert not desk.tab.import_button.isEnabled()
    assert not desk.tab.scan.isEnabled()
    assert not desk.detail.accept_button.isEnabled()
    assert not desk.detail.shares.rows[0].line.isEnabled()
    assert "结案" in desk.tab.scan.toolTip()
    desk.tab.import_paths([desk.file("b.xml", bureau_xml(sample(2)))])
    assert desk.tab.job is None
    assert desk.tab.problem.message()


@pytest.mark.parametrize("kind", ["picture", "markup", "formula", "marks"])
def test_names_are_shown_to_the_letter(desk, kind):
    text = hostile_texts(red_picture(desk.folder))[kind]
    draft = VoucherDraft(10_000, DAY, seller_name=text, buyer_name=text, item=text, purpose=text)
    made = vouchers.add_typed(desk.session, desk.project_id, draft)
    vouchers.accept(desk.session, [made.id], desk.line("差旅与住宿").id)
    person = desk.session.actor
    claims.add_claim(desk.session, desk.project_id, claims.ClaimDraft(person.id, text, (made.id,)))
    desk.pane.select(made.id)
    for part in ("checks", "facts", "original"):
        desk.detail.show_part(part)
        QApplication.processEvents()
        assert red_pixels(desk.tab) == 0
    assert any(text[:20] in shown for shown in shown_texts(desk.detail))
    desk.tab.parts.set_current("claims")
    QApplication.processEvents()
    assert red_pixels(desk.tab) == 0
    assert any(text[:20] in shown for shown in shown_texts(desk.tab.claims))


def test_thousands_of_vouchers_are_listed_without_judging_each(desk, monkeypatch):
    from qihua_desktop.services import vouchers as service

    codes = (f"01,32,,2631{number:016d},{number}.00,20260801," for number in range(1, 5_001))
    vouchers.store_read(desk.session, desk.project_id, [TextRead("", parse_qr_text(code)) for code in codes])
    judged: list[object] = []
    real = service.checks_of
    monkeypatch.setattr(service, "checks_of", lambda *args: judged.append(args) or real(*args))
    desk.tab.reload()
    QApplication.processEvents()
    assert len(desk.rows) == 5_000
    assert len(judged) < 100


def test_an_unreadable_share_is_refused_with_words(desk):
    desk.drop_samples(sample(1))
    desk.choose_line("场地租赁")
    desk.type_amount(0, "-5")
    assert desk.tab.problem.message()
    assert desk.detail.shares.rows[0].amount.fen() == 50_000
    with pytest.raises(InputError):
        vouchers.assign(desk.session, desk.rows[0].voucher.id, [(desk.line("场地租赁").id, None, 0)])


def test_a_red_invoice_is_shown_negative(desk):
    red = replace(sample(2), red=True, lines=(Line(net=-47170, tax=-2830),))
    desk.drop_samples(red)
    assert desk.detail.amount.full_text() == "-500.00"
