"""The sample questionnaire: eight questions with two jumps."""

from __future__ import annotations

from db import tables
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.survey import (
    Jump,
    JumpTarget,
    Option,
    Question,
    QuestionKind,
    Survey,
    SurveyState,
)
from qihua_desktop.i18n import _

from .session import Session

_QUESTIONS: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    ("single", "您的年龄段", "Your age group", (("18 岁以下", "Under 18"), ("18–24 岁", "18–24"), ("25–30 岁", "25–30"),
                                      ("31 岁及以上", "31 or older"))),
    ("single", "过去半年购买过国潮品类吗", "Have you bought such products in the last six months?",
     (("是", "Yes"), ("否", "No"))),
    ("multiple", "最近一次购买的渠道", "Where did you buy last?",
     (("线下门店", "Shop"), ("电商平台", "Online shop"), ("直播间", "Live stream"), ("品牌快闪", "Pop-up store"))),
    ("single", "若产品价格上涨 10%，您是否会继续购买?", "If the price rose by 10 %, would you go on buying?",
     (("会，价格不是主要因素", "Yes, price is not what matters"), ("看涨价后的优惠", "It depends on the offers"),
      ("不会", "No"))),
    ("scale", "您愿意向朋友推荐我们的程度", "How likely are you to recommend us?", ()),
    ("multiple", "对价格敏感的原因", "Why does the price matter to you?",
     (("同类替代多", "Many alternatives"), ("预算有限", "Limited budget"), ("品质未见提升", "Quality did not improve"),
      ("以上都不是", "None of these"))),
    ("ranking", "希望产品增加哪些元素（按重要性排序）", "Which elements should be added? (in order of importance)",
     (("非遗工艺", "Traditional crafts"), ("联名设计", "Co-branding"), ("环保材质", "Sustainable materials"))),
    ("text", "还有什么想告诉我们", "Anything else you would like to tell us?", ()),
)  # fmt: skip


def build_survey(session: Session, project_id: EntityId, *, english: bool) -> Survey:
    """Add the sample questionnaire to a project in one edit."""
    title = "Gen Z preferences" if english else "Z 世代国潮偏好调研"
    intro = _("Thank you for taking part. Your answers are used for statistics only.")
    outro = _("This is the end of the questionnaire. Thank you.")
    survey = Survey(new_id(), project_id, 0, title, intro, outro, SurveyState.DRAFT, 500)
    questions: list[Question] = []
    options: list[Option] = []
    for at, (kind, chinese, english_text, answers) in enumerate(_QUESTIONS):
        scale = kind == "scale"
        question = Question(
            new_id(),
            project_id,
            survey.id,
            at,
            f"Q{at + 1}",
            QuestionKind(kind),
            english_text if english else chinese,
            "",
            kind != "text",
            0,
            10 if scale else 0,
            _("Not at all") if scale else "",
            _("Certainly") if scale else "",
            False,
        )
        questions.append(question)
        for position, (zh, en) in enumerate(answers):
            label = en if english else zh
            exclusive = zh == "以上都不是"
            options.append(Option(new_id(), project_id, question.id, position, label, exclusive, False))
    second, fourth = questions[1], questions[3]
    no_purchase = [option for option in options if option.question_id == second.id][1]
    no_more = [option for option in options if option.question_id == fourth.id][2]
    jumps = (
        Jump(new_id(), project_id, second.id, 0, no_purchase.id, JumpTarget.END, None),
        Jump(new_id(), project_id, fourth.id, 0, no_more.id, JumpTarget.QUESTION, questions[5].id),
    )
    with session.edit(_("Add survey “{title}”").format(title=title), project_id) as edit:
        tables.surveys.insert(edit, survey)
        tables.questions.insert_many(edit, questions)
        tables.options.insert_many(edit, options)
        tables.jumps.insert_many(edit, jumps)
    return survey
