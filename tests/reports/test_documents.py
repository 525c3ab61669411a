"""The printed documents: every figure and name in the text, nothing but embedded fonts, hostile names literal."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.domain.money import capital_amount, format_fen
from qihua_desktop.domain.review import Verdict
from qihua_desktop.reports.budget_approval import render_budget_approval
from qihua_desktop.reports.budget_table import with_sums
from qihua_desktop.reports.document import DocumentState, Letterhead, PdfResult, RenderOptions
from qihua_desktop.reports.export_report import SubstitutionKind
from qihua_desktop.reports.fonts import GETA
from qihua_desktop.reports.gantt_chart import Fit, Paper, render_gantt
from qihua_desktop.reports.inputs import ApprovalSeat, BudgetRow, Fact, ScheduleRow, WrittenSection
from qihua_desktop.reports.plan_document import render_plan
from qihua_desktop.reports.sign_off_sheet import render_sign_off
from qihua_desktop.reports.survey_form import circled, render_survey_form, skip_words

from . import samples
from .reading import fonts_of, image_count, outline_titles, packed, page_texts, pixels, text_of

Render = Callable[[RenderOptions | None], PdfResult]
DOCUMENTS: dict[str, Render] = {
    "plan": lambda options: render_plan(samples.plan(), options),
    "budget": lambda options: render_budget_approval(samples.budget_approval(), options),
    "sign_off": lambda options: render_sign_off(samples.sign_off(), options),
    "survey": lambda options: render_survey_form(samples.survey(), options),
    "gantt": lambda options: render_gantt(samples.gantt(), options),
    "gantt_tiles": lambda options: render_gantt(samples.gantt(fit=Fit.TILES), options),
}
HOSTILE = (
    '<img src="file:///etc/hostname">',
    "</b><font color=red>",
    "A<B>C & D",
    '=cmd|"/c calc"!A1',
    "预算<5万",
    "𬭼镕堃",
    "{0.__class__} %s \\n",
)
each_document = pytest.mark.parametrize("render", DOCUMENTS.values(), ids=list(DOCUMENTS))
both_languages = pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)


@both_languages
@each_document
def test_only_embedded_fonts_are_used(render: Render, language: str) -> None:
    fonts = set(fonts_of(render(None).data))
    assert fonts
    assert all(embedded and "NotoSansSC" in name for name, embedded in fonts), language


@both_languages
@each_document
def test_every_page_says_number_page_and_pages(render: Render, language: str) -> None:
    result = render(None)
    texts = page_texts(result.data)
    assert len(texts) == result.pages
    pattern = "第 {} 页 / 共 {} 页" if language == "zh_CN" else "Page {} of {}"
    for number, text in enumerate(texts, 1):
        assert pattern.format(number, result.pages) in text
        assert "QH-2026-0031" in text


@pytest.mark.language("en")
@each_document
def test_the_english_version_has_no_chinese_of_ours(render: Render) -> None:
    text = text_of(render(None).data)
    assert "第3版" not in text
    assert "单位：元" not in text


@each_document
def test_the_same_input_gives_the_same_bytes(render: Render) -> None:
    assert render(None).data == render(None).data


@each_document
def test_progress_counts_every_page_and_cancel_stops_the_work(render: Render) -> None:
    seen: list[tuple[int, int]] = []
    result = render(RenderOptions(progress=lambda done, pages: seen.append((done, pages))))
    assert seen == [(n, result.pages) for n in range(1, result.pages + 1)]
    with pytest.raises(Cancelled):
        render(RenderOptions(cancelled=lambda: True))


@each_document
def test_poppler_sees_only_embedded_subsets_with_unicode(render: Render, tmp_path: Path) -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("poppler is not on this machine")
    path = tmp_path / "document.pdf"
    path.write_bytes(render(None).data)
    output = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True)
    assert output.stderr == ""
    rows = output.stdout.splitlines()[2:]
    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_the_plan_contains_every_amount_name_and_text() -> None:
    plan = samples.plan()
    text = text_of(render_plan(plan).data)
    for row in plan.budget:
        assert format_fen(row.amount) in text
        assert row.name in text
    for section in plan.sections:
        assert packed(section.body) in text.replace(packed("第1页"), "")
    for risk in plan.risks:
        assert packed(risk.contingency) in text
    for task in plan.schedule:
        assert packed(task.name) in text
    assert "人民币陆拾万元整" in text
    assert "单位：元" in text
    assert "¥600,000.00" in text


def test_the_plan_has_a_table_of_contents() -> None:
    titles = outline_titles(render_plan(samples.plan()).data)
    assert titles[0] == "活动策划方案"
    assert "5\u3000预算分配" in titles


def test_the_budget_approval_contains_every_figure() -> None:
    approval = samples.budget_approval()
    text = text_of(render_budget_approval(approval).data)
    for row in approval.rows:
        assert format_fen(row.amount) in text
        assert packed(row.name) in text
        if row.net is not None:
            assert format_fen(row.net) in text
    (pool,) = approval.pools
    for label, fen in pool.terms:
        assert packed(label) in text
        assert format_fen(abs(fen)) in text
    for fen in (pool.available, pool.left):
        assert format_fen(fen) in text
    assert "人均成本750.00元（计划800）" in text
    assert f"审批金额：¥600,000.00（{capital_amount(60_000_000, prefix=True)}）" in text


def test_a_sum_with_an_unknown_part_prints_a_dash_not_a_guess() -> None:
    rows = (BudgetRow("甲", 100, 5000, net=90), BudgetRow("乙", 100, 5000))
    approval = replace(samples.budget_approval(), rows=rows, total=200, pools=())
    text = text_of(render_budget_approval(approval).data)
    assert "合计100%2.00——" in text


def test_the_net_amount_of_a_category_is_the_sum_of_its_lines_where_all_are_known() -> None:
    lines = (BudgetRow("丙", 60, None, 1, net=55), BudgetRow("丁", 40, None, 1, net=37))
    known = with_sums((BudgetRow("甲", 100, 10_000), *lines))
    unknown = with_sums((BudgetRow("甲", 100, 10_000), lines[0], replace(lines[1], net=None)))
    assert [row.net for row in known] == [92, 55, 37]
    assert [row.net for row in unknown] == [None, 55, None]


def test_what_is_not_allocated_is_shown_and_an_excess_is_called_out() -> None:
    approval = replace(samples.budget_approval(), total=70_000_000)
    assert "未分配14.29%100,000.00" in text_of(render_budget_approval(approval).data)
    approval = replace(samples.budget_approval(), total=50_000_000)
    assert "各科目合计超出总额100,000.00元" in text_of(render_budget_approval(approval).data)


def test_a_missing_figure_prints_missing_data() -> None:
    plan = replace(samples.plan(), goal=" ", facts=(Fact("曝光量", ""),), sections=(WrittenSection("背景", ""),))
    assert text_of(render_plan(plan).data).count("缺数据") == 3


def test_every_decision_of_the_sheet_has_its_department_verdict_and_fingerprint() -> None:
    sheet = samples.sign_off()
    text = text_of(render_sign_off(sheet).data)
    for decision in sheet.decisions:
        assert decision.person in text
    for comment in sheet.comments:
        assert packed(comment.body) in text
        assert packed(comment.reply) in text
    for one in sheet.dimensions:
        assert one.sha256 in text
    assert samples.FINGERPRINT in text
    assert samples.JOURNAL in text
    assert "日志第1289条" in text


def test_a_stale_decision_is_printed_as_no_longer_valid_with_no_box_ticked() -> None:
    valid = samples.sign_off()
    stale = replace(valid, decisions=valid.decisions[1:2])
    fresh = replace(valid, decisions=(replace(valid.decisions[1], stale_dimensions=()),))
    text = text_of(render_sign_off(stale).data)
    assert "已失效：该结论针对第2版作出。" in text
    assert "已失效" not in text_of(render_sign_off(fresh).data)
    assert render_sign_off(stale).data != render_sign_off(replace(stale, decisions=())).data


def test_an_approval_for_other_content_is_printed_as_no_longer_valid() -> None:
    seat = ApprovalSeat("财务审核", verdict=Verdict.APPROVE, fingerprint=samples.JOURNAL, person="何静")
    approval = replace(samples.budget_approval(), seats=(seat,))
    assert "已失效：该结论针对其他内容作出。" in text_of(render_budget_approval(approval).data)


def test_the_sheet_says_honestly_what_the_signatures_are() -> None:
    sheet = samples.sign_off()
    pin, certificate = (text_of(render_sign_off(replace(sheet, self_signed=one)).data) for one in (False, True))
    for text in (pin, certificate):
        assert "不是由依法设立的电子认证机构认证的可靠电子签名" in text
        assert "改动可被发现" in text
        assert "法律效力" not in text
        assert "防篡改" not in text
    assert "使用自签名证书" in certificate
    assert "自签名证书" not in pin


def test_the_questionnaire_prints_questions_options_and_where_to_go() -> None:
    survey = samples.survey()
    text = text_of(render_survey_form(survey).data)
    for question in survey.questions:
        assert packed(question.text) in text
        for option in question.options:
            assert packed(option.label) in text
    assert "选②③跳至第4题" in text
    assert "选①终止访问；选⑤结束作答" in text


def test_an_unconditional_jump_is_told_after_the_conditional_ones() -> None:
    question = replace(samples.survey().questions[0], jump="9")
    assert skip_words(question) == "选②③跳至第 4 题；其余跳至第 9 题"
    assert skip_words(replace(question, options=())) == "答后跳至第 9 题"
    assert skip_words(samples.survey().questions[1]) == ""


def test_answers_are_numbered_in_circles_up_to_fifty() -> None:
    assert [circled(n) for n in (1, 20, 51)] == ["①", "⑳", "(51)"]
    assert all(len(circled(n)) == 1 or circled(n) == f"({n})" for n in range(1, 51))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_printed_literally_in_every_document(name: str) -> None:
    expected = packed(name)
    identity = samples.info("甲", project=name, letterhead=Letterhead(name, name))
    plan = replace(
        samples.plan(),
        info=identity,
        goal=name,
        sections=(WrittenSection(name, name),),
        budget=(BudgetRow(name, 1, 1),),
    )
    sheet = replace(samples.sign_off(), info=identity, document_title=name)
    survey = replace(samples.survey(), info=identity, title=name, intro=name, outro=name)
    approval = replace(samples.budget_approval(), info=identity, rows=(BudgetRow(name, 1, 1),))
    chart = samples.gantt(rows=tuple(replace(row, name=name, label="") for row in samples.gantt().rows), info=identity)
    results = (
        render_plan(plan),
        render_sign_off(sheet),
        render_survey_form(survey),
        render_budget_approval(approval),
        render_gantt(chart),
    )
    for result in results:
        assert expected in text_of(result.data)
        assert image_count(result.data) == 0
        assert result.substitutions == ()


def test_what_the_font_lacks_is_reported_and_printed_as_geta() -> None:
    result = render_survey_form(replace(samples.survey(), intro="年会🎉\u202e启动"))
    assert f"年会{GETA}启动" in text_of(result.data)
    assert {(one.kind, one.subject) for one in result.substitutions} == {
        (SubstitutionKind.REPLACED, "🎉"),
        (SubstitutionKind.DROPPED, "\u202e"),
    }


@pytest.mark.parametrize("unit", ["预", "x", "预算 ", "，", "（"])
def test_ten_thousand_characters_are_printed_in_full(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    plan = replace(
        samples.plan(), goal=text, sections=(WrittenSection("背景", text),), budget=(BudgetRow(text, 100, 1),), risks=()
    )
    result = render_plan(replace(plan, schedule=()))
    found = text_of(result.data)
    assert found.count(unit.strip()) >= 3 * packed(text).count(unit.strip())
    assert result.pages > 10


def test_ten_thousand_characters_in_a_chart_are_shortened_with_an_ellipsis() -> None:
    rows = tuple(replace(row, name="预" * 10_000, label="预" * 10_000) for row in samples.gantt().rows[:3])
    assert "预…" in text_of(render_gantt(samples.gantt(rows=rows)).data)


def test_a_long_table_repeats_its_head_and_shows_running_totals_once_per_page() -> None:
    rows = tuple(BudgetRow(f"明细 {number:04d}", number * 100, None) for number in range(1, 301))
    total = sum(row.amount for row in rows)
    approval = replace(samples.budget_approval(), rows=rows, total=total, pools=(), seats=())
    texts = page_texts(render_budget_approval(approval).data)
    tabled = [text for text in texts if "明细" in text]
    assert len(tabled) > 5
    assert all("不含税金额" in text for text in tabled)
    assert all("本页小计" in text for text in tabled[:-1])
    assert "本页小计" not in tabled[-1]
    joined = "".join(texts)
    assert all(joined.count(f"明细 {number:04d}") == 1 for number in range(1, 301))
    assert "".join(joined.split()).count(f"合计100%{format_fen(total)}") == 1


def test_thousands_of_rows_are_laid_out_once_each() -> None:
    base = samples.schedule_rows()[1]
    rows = tuple(ScheduleRow(str(n), f"任务{n:05d}", base.owner, base.start, base.finish) for n in range(4_000))
    result = render_plan(replace(samples.plan(), schedule=rows, sections=()))
    joined = "".join(page_texts(result.data))
    assert result.pages > 80
    assert all(f"任务{n:05d}" in joined for n in range(0, 4_000, 37))


def test_a_draft_carries_its_watermark_below_the_text_and_an_approved_plan_none() -> None:
    def grey(state: DocumentState) -> int:
        info = samples.info("预算审批单", state=state)
        data = render_budget_approval(replace(samples.budget_approval(), info=info)).data
        return sum(1 for tone in pixels(data)[2] if 230 <= tone <= 240)

    assert "草稿未批准" in text_of(
        render_plan(replace(samples.plan(), info=samples.info("活动策划方案", state=DocumentState.DRAFT))).data
    )
    assert grey(DocumentState.DRAFT) > grey(DocumentState.APPROVED) + 2_000
    stale = samples.info("活动策划方案", state=DocumentState.STALE)
    assert "已失效" in text_of(render_plan(replace(samples.plan(), info=stale)).data)


def test_nothing_is_drawn_outside_the_margins() -> None:
    for name, render in DOCUMENTS.items():
        data = render(None).data
        width, height, tones = pixels(data)
        edge = 14
        for y in range(height):
            row = tones[y * width : (y + 1) * width]
            strip = row[:edge] + row[width - edge :] if edge < y < height - edge else row
            assert min(strip) > 200, f"{name}: ink at the paper's edge in line {y}"


def test_the_metadata_name_form_project_version_and_language_and_no_person() -> None:
    with pikepdf.open(io.BytesIO(render_plan(samples.plan()).data)) as document:
        assert str(document.docinfo["/Title"]) == "活动策划方案 秋季新品快闪店 第 3 版"
        assert str(document.docinfo["/Author"]) == "企划部"
        assert str(document.docinfo["/CreationDate"]) == "D:20260820154000+08'00'"
        assert str(document.Root.Lang) == "zh-CN"


def test_a_damaged_logo_is_left_out_and_reported() -> None:
    info = samples.info("甲", letterhead=Letterhead("公司", logo=b"not a picture"))
    result = render_plan(replace(samples.plan(), info=info))
    (found,) = result.substitutions
    assert (found.kind, found.count) == (SubstitutionKind.IMAGE_SKIPPED, 1)
    assert found.describe()


def test_a_good_logo_is_embedded_once() -> None:
    assert image_count(render_plan(samples.plan()).data) == 1


def test_the_chart_contains_every_task_owner_and_date() -> None:
    chart = samples.gantt()
    for paper in Paper:
        text = text_of(render_gantt(replace(chart, paper=paper)).data)
        for row in chart.rows:
            assert packed(row.name) in text
            assert row.owner in text
        assert "08-27" in text
        assert "中秋" in text
        assert "班" in text
        assert "今天" in text


def test_tiles_repeat_task_names_and_the_axis_on_every_sheet() -> None:
    chart = samples.gantt(fit=Fit.TILES)
    texts = page_texts(render_gantt(chart).data)
    assert len(texts) > 1
    for text in texts:
        assert "物料设计与制作" in text
        assert "月" in text


def test_one_page_holds_whatever_was_asked_for() -> None:
    rows = tuple(replace(row, key=f"{copy} {row.key}") for copy in range(8) for row in samples.gantt().rows)
    assert render_gantt(samples.gantt(rows=rows, fit=Fit.ONE_PAGE)).pages == 1
    assert render_gantt(samples.gantt(rows=rows)).pages > 1


def test_an_empty_chart_is_still_a_page() -> None:
    assert render_gantt(samples.gantt(rows=(), links=())).pages == 1


def test_a_long_task_name_takes_two_lines_before_it_is_shortened() -> None:
    name = "Submit shop drawings and order long lead items - plumbing"
    rows = tuple(replace(row, name=name, label="") for row in samples.gantt().rows[:3])
    assert packed(name) in text_of(render_gantt(samples.gantt(rows=rows, links=())).data)


def test_a_long_plan_stays_on_few_sheets_unless_tiles_are_asked_for() -> None:
    rows = tuple(
        replace(row, key=f"{copy} {row.key}", start=row.start + copy * 86_400, finish=row.finish + copy * 86_400)
        for copy in range(6)
        for row in samples.gantt().rows
        if row.start is not None and row.finish is not None
    )
    few, many = (render_gantt(samples.gantt(rows=rows, links=(), fit=fit)).pages for fit in (Fit.AUTO, Fit.TILES))
    assert few <= 7 < many


@each_document
def test_the_file_is_sound_and_names_its_version(render: Render) -> None:
    with pikepdf.open(io.BytesIO(render(None).data)) as document:
        assert document.check_pdf_syntax() == []
        assert document.pdf_version == "1.7"
