"""问卷(纸质): the questionnaire for pen and clipboard, with vector boxes, scales and the words that say where to go."""

from __future__ import annotations

from typing import Final

from qihua_desktop.domain.survey import QuestionKind
from qihua_desktop.i18n import _

from . import fonts
from .canvas import Align
from .document import PdfResult, RenderOptions, render_blocks
from .export_report import ExportReport
from .inputs import SurveyInput, SurveyOption, SurveyQuestion
from .layout import Block, Gap, Together
from .paragraphs import Choice, Inline, Run, TextBlock
from .styles import BODY, MUTED, NOTE, SOFT, TITLE, TextStyle
from .survey_blocks import Blanks, OptionGrid, RankingBoxes, ScaleRow, WritingLines

_QUESTION: Final = TextStyle(size=10.5, leading=17, space_before=11, space_after=3, keep_with_next=True)
_SKIP: Final = TextStyle(size=9, leading=14, bold=True, left_indent=21, space_before=2)
_NOTE: Final = TextStyle(size=10.5, leading=17, bold=True, space_before=12, space_after=2, keep_with_next=True)
_INTRO: Final = BODY.but(first_indent=2.0)
_LONGEST_SCALE: Final = 21


def render_survey_form(survey: SurveyInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the paper questionnaire as a PDF. Raises Cancelled."""
    report = ExportReport()
    blocks: list[Block] = [TextBlock(survey.title, TITLE, report, outline=0), Gap(4)]
    if survey.fields:
        blocks += [Blanks(survey.fields, report), Gap(4)]
    blocks += [TextBlock(line, _INTRO, report) for line in survey.intro.splitlines() if line.strip()]
    if any(question.required for question in survey.questions):
        blocks.append(TextBlock(_("Questions marked * must be answered."), NOTE, report))
    for question in survey.questions:
        blocks += _question(question, report)
    closing = [line for line in survey.outro.splitlines() if line.strip()]
    if closing:
        blocks.append(Gap(12))
        blocks += [TextBlock(line, BODY.but(bold=True, align=Align.CENTRE), report) for line in closing]
    return render_blocks(survey.info, blocks, report, options or RenderOptions())


def circled(number: int) -> str:
    """Return ① … ㊿ as answers are numbered, plain (51) beyond."""
    for first, start in ((1, 0x2460), (21, 0x3251), (36, 0x32B1)):
        last = {1: 20, 21: 35, 36: 50}[first]
        sign = chr(start + number - first)
        if first <= number <= last and fonts.face().has(sign):
            return sign
    return f"({number})"


def skip_words(question: SurveyQuestion) -> str:
    """Return where answers lead, such as “选②③跳至第8题；选④结束作答”; empty where the next question follows."""
    parts: list[str] = []
    for target in dict.fromkeys(_target(option) for option in question.options):
        if not target:
            continue
        chosen = "".join(circled(n) for n, option in enumerate(question.options, 1) if _target(option) == target)
        parts.append(_("if {choices}, {target}").format(choices=chosen, target=target))
    always = _words(jump=question.jump, ends=question.ends, screens_out=False)
    if always:
        parts.append(
            _("otherwise {target}").format(target=always) if parts else _("then {target}").format(target=always)
        )
    return _("; ").join(parts)


def _question(question: SurveyQuestion, report: ExportReport) -> list[Block]:
    if question.kind is QuestionKind.NOTE:
        return [TextBlock(question.text, _NOTE, report)]
    heading: list[Inline] = [Run(f"{question.number}．", bold=True), Run(question.text, bold=True)]
    remarks = _remarks(question)
    if remarks:
        heading.append(Run(_(" ({remarks})").format(remarks=remarks), ink=SOFT))
    if question.required:
        heading.append(Run(" *", bold=True))
    blocks: list[Block] = [TextBlock(heading, _QUESTION, report), *_answer(question, report)]
    words = skip_words(question)
    if words:
        blocks.append(TextBlock(f"▶ {words}", _SKIP, report))
    return [Together(tuple(blocks))]


def _answer(question: SurveyQuestion, report: ExportReport) -> list[Block]:
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            single = question.kind is QuestionKind.SINGLE
            labels = [
                _option(option, number, report, single=single) for number, option in enumerate(question.options, 1)
            ]
            return [OptionGrid(labels, [option.with_text for option in question.options])]
        case QuestionKind.RANKING:
            return [RankingBoxes([option.label for option in question.options], report)]
        case QuestionKind.SCALE:
            low, high = question.minimum, question.maximum
            if high <= low:
                low, high = 1, 5
            if high - low < _LONGEST_SCALE:
                return [ScaleRow(low, high, (question.low_label, question.high_label), report)]
            ends = f"{question.low_label} {low} – {high} {question.high_label}".strip()
            return [WritingLines(1, report, short=True, suffix=ends)]
        case QuestionKind.NUMBER:
            return [WritingLines(1, report, short=True)]
        case QuestionKind.DATE:
            return [WritingLines(1, report, date_words=(_("(year)"), _("(month)"), _("(day)")))]
        case _:
            return [WritingLines(3, report)]


def _option(option: SurveyOption, number: int, report: ExportReport, *, single: bool) -> TextBlock:
    inlines: list[Inline] = [Choice(single=single), Run(f"\xa0{circled(number)}\xa0"), Run(option.label)]
    if option.exclusive and not single:
        inlines.append(Run(_(" (only this one)"), ink=MUTED))
    if option.with_text:
        inlines.append(Run("："))
    return TextBlock(inlines, TextStyle(size=10, leading=17), report)


def _remarks(question: SurveyQuestion) -> str:
    parts: list[str] = []
    if question.kind is QuestionKind.MULTIPLE:
        parts.append(_choice_count(question))
    elif question.kind is QuestionKind.SINGLE:
        parts.append(_("choose one"))
    elif question.kind is QuestionKind.NUMBER and question.maximum > question.minimum:
        parts.append(f"{question.minimum}–{question.maximum}")
    if question.hint and question.hint not in parts:
        parts.append(question.hint)
    return _("; ").join(parts)


def _choice_count(question: SurveyQuestion) -> str:
    low, high = question.minimum, question.maximum
    if high and high == low:
        return _("choose {count}").format(count=high)
    if high and low > 1:
        return _("choose {low} to {high}").format(low=low, high=high)
    if high:
        return _("choose at most {high}").format(high=high)
    if low > 1:
        return _("choose at least {low}").format(low=low)
    return _("choose all that apply")


def _target(option: SurveyOption) -> str:
    return _words(jump=option.jump, ends=option.ends, screens_out=option.screens_out)


def _words(*, jump: str | None, ends: bool, screens_out: bool) -> str:
    if screens_out:
        return _("stop the interview here")
    if ends:
        return _("you are done")
    return _("go to question {number}").format(number=jump) if jump else ""
