"""The documents about money: every figure, 大写 and name is printed, what is missing is said, all fit an archive."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.money import capital_amount, format_fen
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.reports import catalogue
from qihua_desktop.reports.annual_budget import render_annual_budget
from qihua_desktop.reports.budget_execution import render_budget_execution
from qihua_desktop.reports.canvas import MILLIMETRE
from qihua_desktop.reports.document import Letterhead, PdfResult
from qihua_desktop.reports.expense_claim import render_claims
from qihua_desktop.reports.inputs import Fact
from qihua_desktop.reports.money_inputs import ClaimItem
from qihua_desktop.reports.signatures import BOX_HEIGHT
from qihua_desktop.reports.voucher_list import render_voucher_list
from qihua_desktop.services import claims, execution, pools, projects, vouchers
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import demo_session

from . import money_samples, samples
from .reading import fonts_of, image_count, packed, page_texts, text_of
from .test_documents import HOSTILE, both_languages
from .test_pdf_archive import assert_archivable

Render = Callable[[], PdfResult]
MONEY_DOCUMENTS: dict[str, Render] = {
    "execution": lambda: render_budget_execution(money_samples.execution()),
    "vouchers": lambda: render_voucher_list(money_samples.voucher_list()),
    "claims": lambda: render_claims(
        money_samples.claims(money_samples.claim(), money_samples.claim("BX-2026-0008", 60))
    ),
    "annual": lambda: render_annual_budget(money_samples.annual()),
}
each = pytest.mark.parametrize("render", MONEY_DOCUMENTS.values(), ids=list(MONEY_DOCUMENTS))


def capital(fen: int) -> str:
    return capital_amount(fen, prefix=True)


def amount(fen: int) -> str:
    return format_fen(fen).replace("-", "−")


# --- the same for all ---


@both_languages
def test_every_money_document_is_archivable(language: str) -> None:
    assert_archivable({f"{name} {language}": render() for name, render in MONEY_DOCUMENTS.items()})


@both_languages
@each
def test_fonts_are_embedded_and_every_page_has_its_number(render: Render, language: str) -> None:
    result = render()
    assert all(embedded and "NotoSansSC" in name for name, embedded in fonts_of(result.data))
    pattern = "第 {} 页 / 共 {} 页" if language == "zh_CN" else "Page {} of {}"
    for number, text in enumerate(page_texts(result.data), 1):
        assert pattern.format(number, result.pages) in text
        assert samples.JOURNAL[:8] in text
        assert samples.FINGERPRINT[:8] in text
    assert result.substitutions == ()


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="poppler is not installed")
@each
def test_another_reader_sees_embedded_fonts_on_a4(render: Render, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(render().data)
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts), fonts
    assert "(A4)" in subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_printed_to_the_letter(name: str) -> None:
    info = samples.info("甲", project=name, letterhead=Letterhead(name, name))
    report = money_samples.execution()
    lines = tuple(replace(line, name=name, reason=name) for line in report.lines)
    uses = tuple(replace(use, target=name, reason=name, asked_by=name, note=name) for use in report.uses)
    rows = tuple(replace(row, seller=name, number=name, line=name) for row in money_samples.voucher_rows())
    findings = tuple(replace(one, subject=name, message=name, waiver=name) for one in report.findings)
    assert report.outcome is not None
    outcome = replace(report.outcome, method=name)
    item = ClaimItem(name, name, None, 1, name, name, name, name, "ab")
    claim = replace(
        money_samples.claim(), department=name, claimant=name, purpose=name, notes=name, items=(item,)
    )  # fmt: skip
    annual = money_samples.annual()
    pool_tables = tuple(replace(one, name=name, terms=((name, 1),), adjustments=0, notes=name) for one in annual.pools)
    year_rows = tuple(replace(one, name=name, pool=name) for one in annual.projects)
    results = {
        "execution": (
            render_budget_execution(
                replace(
                    report, info=info, lines=lines, uses=uses, vouchers=rows, findings=findings, outcome=outcome,
                    facts=(Fact(name, name),),
                )
            ), 20,
        ),
        "vouchers": (render_voucher_list(replace(money_samples.voucher_list(), info=info, rows=rows)), 6),
        "claims": (render_claims(replace(money_samples.claims(claim), info=info)), 6),
        "annual": (render_annual_budget(replace(annual, info=info, pools=pool_tables, projects=year_rows)), 6),
    }  # fmt: skip
    for key, (result, least) in results.items():
        assert text_of(result.data).count(packed(name)) >= least, key
        assert image_count(result.data) == 0
        assert result.substitutions == ()


# --- 预算执行报告 ---


def test_the_execution_report_has_every_figure_and_both_forms_of_the_totals() -> None:
    report = money_samples.execution()
    text = text_of(render_budget_execution(report).data)
    for line in (*report.lines, report.total):
        for fen in (line.budget, line.actual, line.remaining, line.eac):
            assert amount(fen) in text or fen == 0
        assert packed(line.reason) in text
    for fen in (report.total.budget, report.total.actual, report.total.eac):
        assert capital(fen) in text
    for words in ("+12.31%", "+17.65%", "−2.78%", "预算外", "02单价", "1:5.27", "+427.78%", "缺原因：伴手礼", "720.00"):
        assert words in text, words


def test_a_missing_reason_and_missing_data_are_said() -> None:
    text = text_of(render_budget_execution(money_samples.execution()).data)
    assert text.count("缺原因") >= 3
    assert "缺数据" in text, "the income is not known yet"
    without = text_of(render_budget_execution(replace(money_samples.execution(), outcome=None)).data)
    assert "缺数据：尚未约定成效指标。" in without
    report = money_samples.execution()
    assert report.outcome is not None
    for changes, words in (
        ({"fixed_at": None, "beforehand": None}, "口径未事先确定"),
        ({"beforehand": False}, "并非事先确定"),
        ({}, "沈岩于2026-08-2016:05+08:00确定"),
    ):
        printed = text_of(render_budget_execution(replace(report, outcome=replace(report.outcome, **changes))).data)
        assert words in printed


def test_an_unused_reserve_is_no_deviation_and_what_has_no_budget_has_no_rate() -> None:
    report = money_samples.execution()
    spare = replace(report.lines[-1], deviation=-5_000_000, eac=0, rate_bp=-10_000)
    outside = replace(report.lines[3], level=0)
    text = text_of(render_budget_execution(replace(report, lines=(*report.lines[:3], outside, spare))).data)
    assert "不含应急预备金：未动用的备用金无须说明。" in text
    assert text.count("预算外") == 3, "in the table, among the deviations and in the chart"


def test_reserve_uses_and_waivers_name_who_when_and_why() -> None:
    text = text_of(render_budget_execution(money_samples.execution()).data)
    for words in (
        "林晓岚",
        "沈岩",
        "2026-09-2016:05+08:00",
        "已拒绝",
        "批准动用合计10,000.00人民币壹万元整",
        "集团代付，协议在案",
    ):
        assert packed(words) in text, words


def test_the_report_compares_with_what_it_says() -> None:
    report = money_samples.execution()
    assert "批准后预算有2处改动" in text_of(render_budget_execution(report).data)
    assert "预算尚未批准" in text_of(render_budget_execution(replace(report, approved=False)).data)
    assert "不再有后续支出" in text_of(render_budget_execution(replace(report, is_final=True)).data)


def test_four_offices_sign_the_report_in_their_order() -> None:
    text = text_of(render_budget_execution(money_samples.execution()).data)
    places = [text.rindex(words) for words in ("经办人", "部门负责人", "财务审核", "审批人")]
    assert places == sorted(places)


# --- 凭证清单 ---


def test_only_accepted_vouchers_count_and_red_ones_are_taken_off() -> None:
    content = money_samples.voucher_list()
    text = text_of(render_voucher_list(content).data)
    accepted = [row for row in content.rows if row.state is VoucherState.ACCEPTED]
    total = sum(row.gross for row in accepted)
    assert total == 106_000 * (1 - 3)
    assert f"{amount(total)}" in text
    assert capital(total) in text
    for row in content.rows:
        assert row.number in text, "numbers are text, all twenty digits"
        for fen in (row.net, row.tax, row.gross):
            assert amount(fen) in text
    for words in (
        "重复：首张在“冬季品牌展”",
        "抬头有误，已退回",
        "小计（未计入）",
        "1张凭证待税务机关查验",
        money_samples.DIGEST[:8],
    ):
        assert words in text, words


def test_every_page_of_a_long_list_has_its_sums_and_the_closing_total_stands_once() -> None:
    content = money_samples.voucher_list(400)
    texts = [packed(text) for text in page_texts(render_voucher_list(content).data)]
    rows = [row for row in content.rows if row.state is VoucherState.ACCEPTED]
    joined = "".join(texts)
    assert all(joined.count(row.number) == 1 for row in rows)
    tabled = [text for text in texts if any(row.number in text for row in rows)]
    assert len(tabled) > 10
    assert all("本页小计" in text and "累计" in text for text in tabled[:-1])
    assert "本页小计" not in tabled[-1]
    total = sum(row.gross for row in rows)
    assert joined.count(capital(total)) == 2, "in the head and at the end"


# --- 费用报销单 ---


def test_a_claim_has_both_figures_the_advance_and_what_is_given_back() -> None:
    claim = money_samples.claim()
    texts = [packed(text) for text in page_texts(render_claims(money_samples.claims(claim)).data)]
    assert len(texts) == 2
    form, sheet = texts
    for words in (
        "费用报销单", "BX-2026-0007", "企划部", "周航", "2026-09-20", "共2张", amount(claim.total),
        capital(claim.total), "预借金额3,000.00",
        "退回金额180.99", "领导审批", "财务审核", "出纳", "部门负责人", "报销人",
        "预借款9月10日支取",
    ):  # fmt: skip
        assert packed(words) in form, words
    assert capital(abs(claim.refund)) in form
    for one in claim.items:
        assert one.number in sheet
        assert packed(one.file) in sheet
    assert "单据粘贴单" in sheet
    assert BOX_HEIGHT >= 18 * MILLIMETRE


def test_each_claim_begins_on_a_page_of_its_own() -> None:
    forms = (money_samples.claim(), money_samples.claim("BX-2026-0008", 60))
    texts = [packed(text) for text in page_texts(render_claims(money_samples.claims(*forms)).data)]
    assert [text.count("报销单编号") for text in texts][:3] == [1, 0, 1]
    joined = "".join(texts)
    assert capital(forms[1].total) in joined
    assert "本页小计" in joined


# --- 年度预算表 ---


def test_the_year_shows_every_term_every_project_and_what_falls_outside() -> None:
    annual = money_samples.annual()
    text = text_of(render_annual_budget(annual).data)
    assert capital(annual.granted) in text
    for pool in annual.pools:
        for label, fen in pool.terms:
            assert packed(label) in text
            assert format_fen(abs(fen)) in text
        assert amount(pool.available) in text
    for one in annual.projects:
        assert packed(one.name) in text
        assert format_fen(one.plan) in text
    for words in ("−5,000.00", "截至2026-08-2015:40", "年度以外：计划0.00元，已承诺123.45元", "52.7%"):
        assert words in text, words


# --- from a workspace ---


@pytest.fixture(params=["zh_CN", "en"])
def demo(request: pytest.FixtureRequest, tmp_path: Path, use_language: Callable[[str], str]) -> Iterator[Session]:
    use_language(request.param)
    session = demo_session(tmp_path, request.param)
    yield session
    session.workspace.close()


def test_the_report_of_the_sample_prints_its_ledger_vouchers_and_people(demo: Session) -> None:
    for row in projects.project_summaries(demo):
        found = vouchers.vouchers(demo, row.project.id)
        if not found:
            continue
        text = text_of(catalogue.prepare(demo, "budget-execution", row.project.id).render().data)
        view = execution.execution(demo, row.project.id)
        for one in view.rows:
            assert packed(one.line.name) in text
            assert amount(one.figures.eac) in text
        assert capital(view.total.actual) in text
        for one in view.releases:
            assert packed(one.requested_by) in text
            assert packed(one.decided_by) in text
        listed = text_of(catalogue.prepare(demo, "voucher-list", row.project.id).render().data)
        for one in found:
            for printed in (text, listed):
                assert one.voucher.number in printed
                assert amount(one.voucher.gross) in printed
            assert packed(one.voucher.seller_name) in listed


def test_claims_are_printed_all_or_one_and_the_year_needs_no_project(demo: Session) -> None:
    views = [one for row in projects.project_summaries(demo) for one in claims.claims(demo, row.project.id)]
    for view in views:
        text = text_of(
            catalogue.prepare(demo, "expense-claim", view.claim.project_id, claim_id=view.claim.id).render().data
        )
        assert view.claim.number in text
        assert view.capital in text
    assert views
    year = text_of(catalogue.prepare(demo, "annual-budget", None).render().data)
    assert year == text_of(catalogue.prepare(demo, "annual-budget", views[0].claim.project_id, year=2026).render().data)
    for pool in pools.pools(demo, 2026):
        assert packed(pool.pool.name) in year
        assert amount(pool.position.available) in year
    with pytest.raises(InputError):
        catalogue.prepare(demo, "annual-budget", None, year=2031)
    with pytest.raises(InputError):
        catalogue.prepare(demo, "voucher-list", None)


def test_the_approval_form_has_net_amounts_commitments_and_the_pool_with_its_terms(demo: Session) -> None:
    event = next(row.project for row in projects.project_summaries(demo) if row.waiting_sign_offs)
    text = text_of(catalogue.prepare(demo, "budget-approval", event.id).render().data)
    position = next(one for one in pools.project_positions(demo, event.id) if one.position is not None)
    assert position.position is not None
    for term in position.position.terms:
        assert packed(term.label) in text
    assert amount(position.position.available) in text
    assert "1,200.00" in text, "600,000 for 500 guests"
    assert "—元" not in text
