"""Documents of an imaginary pop-up event, as the services would hand them over."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from qihua_desktop.domain.calendars import Announcement, DayInfo, DayKind
from qihua_desktop.domain.gantt_scene import BarKind, GanttLink, GanttRow
from qihua_desktop.domain.people import Department
from qihua_desktop.domain.plan import LinkType, instant
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.domain.review import Dimension, RouteMode, Severity, Verdict
from qihua_desktop.domain.survey import QuestionKind
from qihua_desktop.reports.document import DocumentInfo, DocumentState, Letterhead
from qihua_desktop.reports.gantt_chart import GanttInput
from qihua_desktop.reports.inputs import (
    ApprovalSeat,
    BudgetApprovalInput,
    BudgetRow,
    CommentRow,
    Decision,
    DimensionFingerprint,
    Fact,
    PlanInput,
    PoolBox,
    RiskRow,
    ScheduleRow,
    SignOffInput,
    SurveyInput,
    SurveyOption,
    SurveyQuestion,
    WrittenSection,
)
from qihua_desktop.reports.signatures import SignatureBox, Strokes

CHINA = timezone(timedelta(hours=8))
FINGERPRINT = "9f3c51d0b7e84a26c1f09d3385e2b64477aa10c9d85e3f216b90e4d7c3f8a71e"
JOURNAL = "5b07c2d4e91fa3681c40d7b2938e5f60a1b2c3d4e5f60718293a4b5c6d7e8f90"
STROKES: Strokes = (
    ((1200, 3000), (2200, 2600), (3300, 2500), (2600, 5200), (1500, 8200)),
    ((2300, 4600), (3400, 4300), (3900, 5200), (3500, 7600), (3000, 8000)),
    ((4800, 2200), (5200, 4200), (4900, 8400)),
    ((5200, 3200), (6600, 2700), (8600, 2600), (8200, 5000), (7600, 8200), (8800, 7800), (9500, 6900)),
    ((5600, 5200), (7200, 4900)),
    ((6900, 1200),),
)
LONG_TEXT = (
    "本次快闪店以“轻量、可分享、可复购”为主线：入口设签到打卡墙（含二维码），中段为新品体验区，出口为会员礼遇区；动线宽度≥1.8米，"
    "高峰时段（14:00—17:00）由3名引导员分流。预算总额¥600,000.00，其中场地费180,000.00元（占30%），物料费150,000.00元……"
    "合同编号HT-2026-0815-003、发票号26440000000000000001须一并归档；气温高于35℃或降雨概率≥60%时，启用《暴雨预案》“转室内场地”方案。"
)


def logo() -> bytes:
    """Return a small PNG."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGBA", (240, 60), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((2, 2, 58, 58), 12, fill=(52, 81, 178, 255))
    draw.rectangle((18, 18, 42, 42), fill=(255, 255, 255, 255))
    draw.rectangle((76, 20, 230, 40), fill=(29, 36, 51, 255))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def info(title: str, **changes: object) -> DocumentInfo:
    """Return the identity of a sample document."""
    base = DocumentInfo(
        title=title,
        project="秋季新品快闪店",
        number="QH-2026-0031",
        printed_at=datetime(2026, 8, 20, 15, 40, tzinfo=CHINA),
        version=3,
        state=DocumentState.IN_REVIEW,
        fingerprint=FINGERPRINT,
        journal_entry=1289,
        journal_head=JOURNAL,
        letterhead=Letterhead("上海青禾品牌管理有限公司", "企划部", "91310115MA1K4XYZ0Q", logo()),
    )
    return replace(base, **changes)


def budget_rows(*, with_lines: bool = False) -> tuple[BudgetRow, ...]:
    """Return the five categories of the design picture, with their lines on demand."""
    categories = (
        BudgetRow(
            "场地费", 18_000_000, 3000, tax_rate=900, net=16_513_761, committed=12_000_000, note="中庭 4 天,含搭建日"
        ),
        BudgetRow("物料费", 15_000_000, 2500, tax_rate=1300, net=13_274_336, committed=4_560_000),
        BudgetRow("嘉宾费", 12_000_000, 2000, tax_rate=600, net=11_320_755, committed=0, note="嘉宾 4 人,差旅另列"),
        BudgetRow("传播投放", 9_000_000, 1500, tax_rate=600, net=8_490_566, committed=3_000_000),
        BudgetRow("应急预备金", 6_000_000, 1000, note="动用须企划总监批准"),
    )
    if not with_lines:
        return categories
    lines = {
        "场地费": (("中庭场地租金", 15_000_000, 2500, 900), ("水电与保洁押金", 3_000_000, 500, 900)),
        "物料费": (("展台搭建与灯光", 9_800_000, 1633, 1300), ("印刷品与周边", 5_200_000, 867, 1300)),
        "嘉宾费": (("嘉宾出场费", 9_600_000, 1600, 600), ("差旅与住宿", 2_400_000, 400, 600)),
        "传播投放": (("社交平台投放", 6_000_000, 1000, 600), ("直播间搭建与推流", 3_000_000, 500, 600)),
    }
    rows: list[BudgetRow] = []
    for category in categories:
        rows.append(category)
        for name, amount, share, rate in lines.get(category.name, ()):
            net = (20_000 * amount + 10_000 + rate) // (2 * (10_000 + rate))
            rows.append(BudgetRow(name, amount, share, level=1, tax_rate=rate, net=net))
    return tuple(rows)


def schedule_rows() -> tuple[ScheduleRow, ...]:
    """Return the plan of the design picture."""

    def row(number: str, name: str, owner: str, start: str, finish: str, **traits: bool) -> ScheduleRow:
        first, last = (date.fromisoformat(f"2026-{day}") for day in (start, finish))
        level = 0 if traits.get("strong") else 1
        return ScheduleRow(number, name, owner, first, last, level=level, **traits)

    return (
        row("1", "需求调研", "林晓岚", "08-03", "08-07", strong=True),
        row("1.1", "销售部客户痛点反馈", "周航", "08-03", "08-04"),
        row("1.2", "用户问卷（希望参与的活动）", "陈一诺", "08-04", "08-07"),
        row("2", "创意策划", "林晓岚", "08-10", "08-19", strong=True),
        row("2.1", "头脑风暴：快闪＋直播", "陈一诺", "08-10", "08-11"),
        row("2.2", "场地 / 嘉宾资源盘点", "赵明", "08-11", "08-14"),
        row("2.3", "活动策划方案 v3", "林晓岚", "08-13", "08-19"),
        row("3", "审批筹备", "林晓岚", "08-20", "09-17", strong=True),
        row("3.1", "总监评审", "沈总监", "08-20", "08-21"),
        row("", "方案定稿", "", "08-24", "08-24", milestone=True),
        row("3.2", "预算审批（财务部）", "何会计", "08-24", "08-26"),
        row("3.3", "场地签约（行政部）", "赵明", "08-27", "09-02"),
        row("", "物料验收（活动前 1 日）", "", "09-18", "09-18", milestone=True),
        row("4", "执行控场", "林晓岚", "09-18", "09-19", strong=True),
        row("4.1", "现场彩排", "全员", "09-18", "09-18"),
        row("4.2", "活动日：签到 / 环节 / 应急", "全员", "09-19", "09-19"),
    )


def plan() -> PlanInput:
    """Return an event plan of about three pages."""
    flow = (
        "13:00 开放签到，来宾凭二维码入场，领取体验手环。",
        "14:00 开场与新品发布；主持人介绍品牌故事，产品经理演示三款新品。",
        "15:00 直播互动与抽奖（最高奖品价值不超过 5 万元，规则现场公示）。",
        "16:30 老客复购专场，会员专属价；17:30 自由体验，18:00 闭店清场。",
    )
    return PlanInput(
        info=info("活动策划方案"),
        kind=ProjectKind.EVENT,
        goal="新品引流 800 人，老客复购 120 单",
        facts=(
            Fact("活动日期", "2026-09-19（周六）"),
            Fact("投入产出比目标", "≥ 1 : 3"),
            Fact("活动地点", "静安嘉里中心中庭"),
            Fact("负责人", "林晓岚"),
        ),
        total=60_000_000,
        sections=(
            WrittenSection("活动背景与目标", "\n".join((LONG_TEXT, LONG_TEXT[:120]))),
            WrittenSection("创意与主题", "主题“秋日来信”：以明信片串联线上线下，来宾写下期待，次日在公众号回信。" * 2),
            WrittenSection("活动流程", "\n".join(flow)),
        ),
        schedule=schedule_rows(),
        budget=budget_rows(),
        risks=(
            RiskRow("天气", "活动前 48 小时预报暴雨", "转室内 B1 展厅；搭建商备防水篷，2 小时内完成转场", "赵明"),
            RiskRow("嘉宾缺席", "活动前 24 小时未确认行程", "启用备选嘉宾名单；主持人串场延长 10 分钟", "周航"),
            RiskRow("人流过载", "同时在场超过 300 人", "分批入场，启用候场区；安保增派 4 人", "林晓岚"),
            RiskRow("直播中断", "推流中断超过 30 秒", "切换备用 5G 线路；现场主持继续，公告评论区", "陈一诺"),
        ),
        signatures=(
            SignatureBox("销售部", "周海", "同意", STROKES, datetime(2026, 8, 20, 14, 5, tzinfo=CHINA)),
            SignatureBox("财务部", "何静", "附意见同意", STROKES, datetime(2026, 8, 20, 15, 32, tzinfo=CHINA)),
            SignatureBox("法务部"),
            SignatureBox("企划总监"),
        ),
    )


def budget_approval() -> BudgetApprovalInput:
    """Return a budget approval with one recorded and three empty boxes."""
    return BudgetApprovalInput(
        info=info("预算审批单"),
        total=60_000_000,
        rows=budget_rows(with_lines=True),
        kind=ProjectKind.EVENT,
        applicant="林晓岚",
        department="企划部",
        key_date=date(2026, 9, 19),
        purpose="新品引流 800 人，老客复购 120 单；投入产出比目标 ≥ 1 : 3。",
        previous_total=55_000_000,
        pools=(
            PoolBox(
                "2026 年活动预算池",
                (("年度额度", 500_000_000), ("QH-2026-0012 春季发布会（已批准）", -212_000_000)),
                60_000_000,
                datetime(2026, 8, 20, 15, 40, tzinfo=CHINA),
                "禁止",
            ),
        ),
        guests=800,
        seats=(
            ApprovalSeat("经办人", Department.PLANNING, "林晓岚"),
            ApprovalSeat("部门负责人", Department.PLANNING),
            ApprovalSeat(
                "财务审核",
                Department.FINANCE,
                "何静",
                Verdict.APPROVE_WITH_COMMENT,
                "差旅按 4 人往返估，已补列。",
                datetime(2026, 8, 20, 15, 32, tzinfo=CHINA),
                FINGERPRINT,
                STROKES,
            ),
            ApprovalSeat("审批"),
        ),
        notes="金额均为含税价；应急预备金的动用另行审批。",
    )


def sign_off() -> SignOffInput:
    """Return a half signed review with a stale decision."""
    fingerprints = tuple(
        DimensionFingerprint(dimension, sha)
        for dimension, sha in zip(Dimension, (FINGERPRINT[::-1], JOURNAL, JOURNAL[::-1]), strict=True)
    )
    return SignOffInput(
        info=info("评审签批单"),
        document_title="活动策划方案",
        submitted_by="林晓岚",
        submitted_at=datetime(2026, 8, 20, 9, 12, tzinfo=CHINA),
        result="评审中",
        authors=("林晓岚", "陈一诺"),
        dimensions=fingerprints,
        total=60_000_000,
        decisions=(
            Decision(
                1,
                RouteMode.ALL,
                Department.SALES,
                "周海",
                "销售经理",
                (Dimension.FEASIBILITY,),
                Verdict.APPROVE,
                "",
                ((Dimension.FEASIBILITY, "建议提前一周邀约老客。"),),
                datetime(2026, 8, 20, 14, 5, tzinfo=CHINA),
                3,
                FINGERPRINT,
                STROKES,
            ),
            Decision(
                1,
                RouteMode.ALL,
                Department.FINANCE,
                "何静",
                "会计",
                (Dimension.BUDGET,),
                Verdict.APPROVE_WITH_COMMENT,
                "嘉宾差旅按 4 人往返估，缺改签预留，请补 5%。",
                (),
                datetime(2026, 8, 19, 15, 32, tzinfo=CHINA),
                2,
                JOURNAL,
                STROKES,
                (Dimension.BUDGET,),
            ),
            Decision(1, RouteMode.ALL, Department.LEGAL, "顾清", "律师", (Dimension.COMPLIANCE,)),
            Decision(2, RouteMode.IN_ORDER, Department.PLANNING, "沈岩", "企划总监", tuple(Dimension)),
        ),
        comments=(
            CommentRow(
                "何静",
                Department.FINANCE,
                Dimension.BUDGET,
                Severity.BLOCKING,
                "第 4 节 预算分配",
                "嘉宾差旅按 4 人往返估，缺改签预留。请补 5%。",
                "嘉宾费 120,000.00",
                "已在 v3 增加“差旅与住宿”24,000 元。",
                datetime(2026, 8, 20, 10, 0, tzinfo=CHINA),
                "何静",
            ),
            CommentRow(
                "周海",
                Department.SALES,
                Dimension.FEASIBILITY,
                Severity.ADVICE,
                "第 2 节",
                "9 月 19 日与华东渠道大会同日，老客到场率可能下降，建议提前一周邀约。",
            ),
            CommentRow(
                "顾清",
                Department.LEGAL,
                Dimension.COMPLIANCE,
                Severity.BLOCKING,
                "第 3 节 活动流程",
                "直播抽奖最高奖品价值须 ≤ 5 万元，并公示规则。",
                "直播互动与抽奖",
            ),
        ),
    )


def survey() -> SurveyInput:
    """Return a questionnaire with every kind of question."""
    return SurveyInput(
        info=info("问卷", version=None, state=DocumentState.PLAIN, fingerprint=""),
        title="希望参与的活动 · 用户问卷",
        intro="您好！我们正在筹备秋季新品快闪店，想听听您的想法。问卷约需 3 分钟，答案仅用于统计，不涉及个人身份。",
        outro="感谢您的参与！请将问卷交给现场工作人员，凭此领取小礼品一份。",
        fields=("问卷编号", "日期", "地点", "访问员"),
        questions=(
            SurveyQuestion(
                "1",
                QuestionKind.SINGLE,
                "过去三个月，您参加过品牌线下活动吗？",
                required=True,
                options=(
                    SurveyOption("参加过"),
                    SurveyOption("没有参加过", jump="4"),
                    SurveyOption("记不清", jump="4"),
                ),
            ),
            SurveyQuestion(
                "2",
                QuestionKind.MULTIPLE,
                "您参加过哪些类型的活动？",
                hint="可多选",
                minimum=1,
                maximum=3,
                options=(
                    SurveyOption("快闪店"),
                    SurveyOption("新品发布会"),
                    SurveyOption("会员沙龙"),
                    SurveyOption("直播间互动"),
                    SurveyOption("其他", with_text=True),
                    SurveyOption("以上都没有", exclusive=True),
                ),
            ),
            SurveyQuestion(
                "3",
                QuestionKind.SCALE,
                "总体而言，您对最近一次活动的满意程度是？",
                required=True,
                minimum=1,
                maximum=5,
                low_label="非常不满意",
                high_label="非常满意",
            ),
            SurveyQuestion(
                "4",
                QuestionKind.SCALE,
                "您有多大可能向朋友推荐我们的活动？",
                minimum=0,
                maximum=10,
                low_label="完全不可能",
                high_label="极有可能",
            ),
            SurveyQuestion(
                "5",
                QuestionKind.RANKING,
                "请按重要程度为下列因素排序（1 为最重要）。",
                options=(
                    SurveyOption("地点方便"),
                    SurveyOption("礼品吸引人"),
                    SurveyOption("内容有趣"),
                    SurveyOption("嘉宾有名"),
                ),
            ),
            SurveyQuestion(
                "6", QuestionKind.NUMBER, "您愿意为一场付费体验活动支付多少元？", hint="填整数", minimum=0, maximum=2000
            ),
            SurveyQuestion("7", QuestionKind.DATE, "您最方便参加活动的日期是？"),
            SurveyQuestion("", QuestionKind.NOTE, "以下问题关于您本人，仅用于分组统计。"),
            SurveyQuestion(
                "8",
                QuestionKind.SINGLE,
                "您的年龄段是？",
                options=(
                    SurveyOption("18 岁以下", screens_out=True),
                    SurveyOption("18–25 岁"),
                    SurveyOption("26–35 岁"),
                    SurveyOption("36–45 岁"),
                    SurveyOption("46 岁及以上", ends=True),
                ),
            ),
            SurveyQuestion("9", QuestionKind.TEXT, "您还希望我们举办什么样的活动？"),
        ),
    )


def gantt(**changes: object) -> GanttInput:
    """Return the chart of the design picture."""
    S, M = BarKind.SUMMARY, BarKind.MILESTONE  # noqa: N806 - two letters keep the table readable
    plan: list[tuple[str, str, str, str, str, int, BarKind, bool]] = [
        ("1", "需求调研", "林晓岚", "08-03", "08-07", 100, S, False),
        ("1.1", "销售部客户痛点反馈", "周航", "08-03", "08-04", 100, BarKind.TASK, False),
        ("1.2", "用户问卷（希望参与的活动）", "陈一诺", "08-04", "08-07", 100, BarKind.TASK, False),
        ("2", "创意策划", "林晓岚", "08-10", "08-19", 100, S, False),
        ("2.1", "头脑风暴：快闪＋直播", "陈一诺", "08-10", "08-11", 100, BarKind.TASK, False),
        ("2.2", "场地 / 嘉宾资源盘点", "赵明", "08-11", "08-14", 100, BarKind.TASK, False),
        ("2.3", "活动策划方案 v3", "林晓岚", "08-13", "08-19", 100, BarKind.TASK, True),
        ("3", "审批筹备", "林晓岚", "08-20", "09-17", 62, S, False),
        ("3.1", "总监评审", "沈总监", "08-20", "08-21", 100, BarKind.TASK, True),
        ("3.2", "方案定稿", "", "08-24", "08-24", 100, M, True),
        ("3.3", "预算审批（财务部）", "何会计", "08-24", "08-26", 100, BarKind.TASK, True),
        ("3.4", "场地签约（行政部）", "赵明", "08-27", "09-02", 100, BarKind.TASK, True),
        ("3.5", "嘉宾邀约", "周航", "08-25", "09-11", 90, BarKind.TASK, False),
        ("3.6", "物料设计与制作", "设计部", "08-27", "09-14", 70, BarKind.TASK, True),
        ("3.7", "报名系统与二维码", "陈一诺", "08-31", "09-04", 100, BarKind.TASK, False),
        ("3.8", "暴雨预案：转室内场地", "赵明", "09-07", "09-09", 40, BarKind.TASK, False),
        ("3.9", "物料验收（活动前 1 日）", "", "09-18", "09-18", 0, M, True),
        ("4", "执行控场", "林晓岚", "09-18", "09-19", 0, S, False),
        ("4.1", "现场彩排", "全员", "09-18", "09-18", 0, BarKind.TASK, True),
        ("4.2", "活动日：签到 / 环节 / 应急", "全员", "09-19", "09-19", 0, BarKind.TASK, True),
        ("5", "复盘迭代", "林晓岚", "09-20", "09-22", 0, S, False),
        ("5.1", "数据整理与 ROI", "陈一诺", "09-20", "09-21", 0, BarKind.TASK, False),
        ("5.2", "活动复盘报告（2 日内）", "林晓岚", "09-21", "09-22", 0, BarKind.TASK, True),
    ]
    rows: list[GanttRow] = []
    for number, name, owner, start, finish, progress, kind, critical in plan:
        first = instant(datetime.fromisoformat(f"2026-{start}T09:00"))
        last = instant(datetime.fromisoformat(f"2026-{finish}T18:00"))
        label = name if kind is M else owner if kind is BarKind.TASK else ""
        if kind is BarKind.TASK and 0 < progress < 100:
            label += f" · {progress}%"
        baseline = None if kind is S else (first - 1440, last - 2880 if last - first > 2880 else last - 1440)
        rows.append(
            GanttRow(
                number,
                name,
                number,
                owner,
                first,
                last,
                progress * 100,
                0 if kind is S else 1,
                kind,
                critical,
                label,
                baseline,
            )
        )
    pairs = [
        ("1.1", "1.2"),
        ("2.1", "2.2"),
        ("2.2", "2.3"),
        ("2.3", "3.1"),
        ("3.1", "3.2"),
        ("3.3", "3.4"),
        ("3.4", "3.6"),
        ("3.6", "3.9"),
        ("4.1", "4.2"),
        ("5.1", "5.2"),
    ]
    critical = {row.key for row in rows if row.critical}
    links = tuple(
        GanttLink(f"link {a} {b}", a, b, LinkType.FS, critical=a in critical and b in critical) for a, b in pairs
    )
    special = {date(2026, 9, 20): ("班", DayKind.MAKE_UP, True)}
    special |= {date(2026, 9, day): ("中秋", DayKind.HOLIDAY, False) for day in (25, 26, 27)}
    base = GanttInput(
        info("甘特图"),
        tuple(rows),
        links,
        tuple(DayInfo(day, works, kind, name, Announcement.ANNOUNCED) for day, (name, kind, works) in special.items()),
        today=instant(datetime(2026, 9, 9, 13, 30)),
        footnote="基线：v2 定稿",
    )
    return replace(base, **changes)
