"""Names and texts of the sample workspace, Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Stroke = tuple[tuple[int, int], ...]

SIGNATURES: Final[tuple[tuple[Stroke, ...], ...]] = (
    (
        ((1200, 3000), (2600, 2700), (2500, 5200), (1900, 7600), (1100, 8600)),
        ((2600, 2700), (4200, 2600), (4300, 5600), (4100, 8300), (3700, 7900)),
        ((1900, 4300), (3600, 4200)),
        ((2700, 3400), (2750, 6200)),
        ((1800, 6200), (3700, 6100)),
        ((5600, 2400), (5300, 4300), (5100, 8200)),
        ((5400, 3800), (7900, 3500), (7600, 6600), (6900, 8400)),
        ((6300, 2000), (6600, 5200), (8800, 8300)),
    ),
    (
        ((1100, 2800), (1900, 2200), (1500, 4600)),
        ((1000, 4400), (2400, 4100)),
        ((1700, 4300), (1600, 8200)),
        ((2800, 3200), (4600, 3000), (4400, 7700), (3900, 7200)),
        ((3000, 4500), (4000, 4400), (3900, 6000), (3000, 6100), (3000, 4500)),
        ((5700, 2600), (7900, 2300)),
        ((6100, 3900), (7600, 3800)),
        ((5400, 5400), (8400, 5100)),
        ((6900, 2400), (6700, 6600), (5600, 8400)),
        ((6900, 5600), (8700, 8300)),
    ),
    (
        ((1300, 2600), (1500, 7600), (2100, 8200)),
        ((900, 4600), (2600, 3900)),
        ((3200, 2500), (2900, 8300)),
        ((3100, 3900), (4700, 3400), (3300, 6200), (4900, 8100)),
        ((5900, 2700), (5600, 8000)),
        ((5700, 4100), (8200, 3300), (7700, 7900), (7000, 7300)),
        ((6300, 5200), (7400, 5000)),
        ((6300, 6500), (7300, 6400)),
    ),
)

SECTIONS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "event": {
        "goal": (
            "以快闪店 + 直播的形式完成秋季新品首发，现场引流 800 人，带动老客复购 120 单。\n"
            "投入产出比目标不低于 1:3，按活动后 30 日内可归因成交计算。",
            "Launch the autumn products with a pop-up store and a live stream: 800 visitors, 120 repeat orders.\n"
            "ROI target at least 1:3, counted on attributable sales within 30 days.",
        ),
        "audience": (
            "18–30 岁、关注国潮设计的城市青年为主，其次为过去一年内有购买记录的老客。",
            "Mainly urban people of 18 to 30 who follow design, then customers who bought within the last year.",
        ),
        "flow": (
            "09:00 签到入场，领取活动手环；10:00 开场与主持人致辞；10:20 新品发布；10:40 嘉宾对谈。\n"
            "11:10 互动抽奖：最高奖品价值不超过 5 万元，规则在入口处与小程序内公示；11:25 自由体验与成交。",
            "09:00 sign-in and wristbands; 10:00 opening; 10:20 launch; 10:40 guest talk.\n"
            "11:10 prize draw, highest prize not above ¥50,000, rules displayed at the entrance; 11:25 open house.",
        ),
        "promotion": (
            "小红书种草与公众号预热并行，活动前两周起每三天发布一次；销售部一对一邀约老客 300 人。",
            "Social posts and the official account run in parallel from two weeks before; sales invite 300 customers.",
        ),
        "staffing": (
            "总控林晓岚；签到组陈一诺；嘉宾接待周航；场地与安保赵明；物料设计部；直播组外包执行。",
            "Control: the planning manager; sign-in, guests, venue and materials each have one responsible person.",
        ),
    },
    "brand": {
        "goal": (
            "一年内品牌好感度提升 8 个百分点，核心渠道自然曝光提升 40%。",
            "Raise brand favourability by 8 points and organic exposure by 40 % within a year.",
        ),
        "diagnosis": (
            "品牌认知度 62%，在同价位竞品中排第三；视觉识别老化，年轻用户占比低于行业均值。",
            "Awareness 62 %, third among competitors; the visual identity has aged and young users are few.",
        ),
        "visual": ("以“器物新生”为主线，统一主色与版式。", "One visual theme, one main colour, one layout grid."),
        "content": (
            "每周 2 条短视频、3 篇图文；每月 1 期达人共创。",
            "Two videos and three posts a week; one creator collaboration a month.",
        ),
        "channels": (
            "公众号、小红书、抖音、线下门店四条渠道，首月以小红书为主。",
            "Four channels; the first month leans on social.",
        ),
    },
    "research": {
        "goal": (
            "回答：Z 世代对国潮的偏好要素、价格敏感度与推荐意愿；结论用于明年产品线规划。",
            "What does generation Z prefer, how sensitive is it to price, would it recommend us? For next year.",
        ),
        "population": (
            "18–30 岁城市居民，有效样本不少于 500。",
            "Urban residents of 18 to 30, at least 500 valid responses.",
        ),
        "methods": (
            "线上问卷 + 商圈拦访；辅以 6 场深度访谈。",
            "Online questionnaire and intercepts, with six interviews.",
        ),
        "quality": (
            "剔除作答过快与前后矛盾的答卷，保留记录。",
            "Too fast or contradictory responses are flagged and kept on record.",
        ),
    },
}


@dataclass(frozen=True, slots=True)
class DemoTexts:
    """Everything with words in the sample workspace."""

    english: bool
    company: tuple[str, str, str, str]
    people: tuple[tuple[str, str, str, str], ...]
    strategies: tuple[tuple[str, str, tuple[tuple[int, str], ...]], ...]
    event: tuple[str, str, str]
    brand: tuple[str, str]
    research: tuple[str, str]
    past_event: tuple[str, str]
    revised: tuple[str, str]
    draft_event: tuple[str, str]
    travel: str
    baseline: str
    notes: tuple[str, ...]
    comments: tuple[str, ...]
    replies: tuple[str, ...]
    budget: dict[str, tuple[int, str, str, int]]
    lag: dict[str, int]


_CHINESE: Final = DemoTexts(
    english=False,
    company=("上海青禾品牌管理有限公司", "91310000MA1FL0QH5X", "上海市徐汇区漕溪北路 88 号", "021-5555 0100"),
    people=(
        ("林晓岚", "企划经理", "planning", "manager"),
        ("沈知远", "企划总监", "planning", "director"),
        ("周航", "活动专员", "planning", "specialist_event"),
        ("陈一诺", "调研专员", "planning", "specialist_research"),
        ("宋可", "品牌专员", "planning", "specialist_brand"),
        ("周海", "销售经理", "sales", "reviewer"),
        ("何静", "会计", "finance", "reviewer"),
        ("顾衡", "法务", "legal", "reviewer"),
        ("赵明", "行政主管", "admin", "reviewer"),
        ("苏蔓", "设计组长", "design", "crew"),
    ),
    strategies=(
        ("品牌升级", "让品牌被年轻人主动谈起", ((2, "器物新生"), (3, "秋日上新"))),
        ("用户增长", "会员数与复购率双提升", ((3, "读懂 Z 世代"), (4, "年末回馈"))),
    ),
    event=("秋季新品快闪店", "新品引流 800 人，老客复购 120 单，投入产出比 ≥ 1:3", "恒隆广场中庭"),
    brand=("年度品牌焕新", "品牌好感度 +8 个百分点"),
    research=("Z 世代国潮偏好", "为明年产品线提供依据，有效样本 ≥ 500"),
    past_event=("七夕市集", "会员到场 500 人，新增会员 260 人"),
    revised=("冬季暖心联名", "联名系列首发声量进入行业前十"),
    draft_event=("岁末会员答谢会", "高价值会员到场率 ≥ 70%"),
    travel="差旅与住宿",
    baseline="v2 定稿",
    notes=("首次送审", "已补嘉宾差旅改签预留，请复审"),
    comments=(
        "嘉宾差旅按 4 人往返估，缺改签预留。请补 5% 后再送。",
        "差旅已补足，同意；付款按合同节点。",
        "差旅与住宿 24,000 元已含改签，建议注明舱位标准。",
        "活动日与华东渠道大会同期，老客到场率可能下降，建议提前一周邀约。",
        "直播抽奖最高奖品价值须 ≤ 5 万元，并公示规则。",
    ),
    replies=("已在差旅与住宿中注明经济舱与三星标准。",),
    budget={
        "场地租赁": (15_000_000, "上海恒隆物业", "中庭 3 天，含水电", 900),
        "搭建进场与保洁": (3_000_000, "恒隆物业", "进场费与保洁", 600),
        "主视觉搭建": (10_600_000, "艺达展示", "三家比价", 1300),
        "伴手礼": (4_400_000, "华彩礼品", "500 份 × 88 元", 1300),
        "嘉宾出场费": (9_600_000, "", "4 位", 600),
        "差旅与住宿": (2_400_000, "", "4 人往返", 600),
        "传播投放": (9_000_000, "小红书 / 公众号", "两周", 600),
    },
    lag={"嘉宾邀约": 90, "物料设计与制作": 70, "设计物料": 80},
)

_ENGLISH: Final = DemoTexts(
    english=True,
    company=("Qinghe Brand Management Ltd.", "91310000MA1FL0QH5X", "88 North Caoxi Road, Shanghai", "+86 21 5555 0100"),
    people=(
        ("Lin Xiaolan", "Planning manager", "planning", "manager"),
        ("Shen Zhiyuan", "Planning director", "planning", "director"),
        ("Zhou Hang", "Event specialist", "planning", "specialist_event"),
        ("Chen Yinuo", "Research specialist", "planning", "specialist_research"),
        ("Song Ke", "Brand specialist", "planning", "specialist_brand"),
        ("Zhou Hai", "Sales manager", "sales", "reviewer"),
        ("He Jing", "Accountant", "finance", "reviewer"),
        ("Gu Heng", "Legal counsel", "legal", "reviewer"),
        ("Zhao Ming", "Head of administration", "admin", "reviewer"),
        ("Su Man", "Design lead", "design", "crew"),
    ),
    strategies=(
        (
            "Brand renewal",
            "Make young people talk about the brand",
            ((2, "New life for old things"), (3, "Autumn launch")),
        ),
        ("User growth", "More members, more repeat orders", ((3, "Understanding Gen Z"), (4, "Year-end thanks"))),
    ),
    event=("Autumn pop-up store", "800 visitors, 120 repeat orders, ROI at least 1:3", "Plaza atrium"),
    brand=("Brand renewal of the year", "Favourability up by 8 points"),
    research=("Gen Z preferences", "Evidence for next year's products, at least 500 valid responses"),
    past_event=("Summer night market", "500 members on site, 260 new members"),
    revised=("Winter co-branding", "Launch among the ten most discussed of the season"),
    draft_event=("Members' year-end evening", "At least 70 % of the top members attend"),
    travel="Travel and hotel",
    baseline="v2 final",
    notes=("First submission", "Reserve for rebooking added; please review again"),
    comments=(
        "Travel is estimated for four people without a reserve for rebooking. Add 5 % and submit again.",
        "Travel is covered now; agreed. Pay by the contract's milestones.",
        "The 24,000 for travel include rebooking; please state the class.",
        "The day clashes with the channel conference; invite regular customers a week earlier.",
        "The highest prize of the draw must not exceed ¥50,000, and the rules must be published.",
    ),
    replies=("Economy class and three-star hotels are stated now.",),
    budget={
        "Venue hire": (15_000_000, "Plaza Property", "Atrium, 3 days, power included", 900),
        "Set-up and cleaning": (3_000_000, "Plaza Property", "Access and cleaning", 600),
        "Key visual build": (10_600_000, "Yida Display", "Three quotes compared", 1300),
        "Gifts": (4_400_000, "Huacai Gifts", "500 × ¥88", 1300),
        "Appearance fees": (9_600_000, "", "4 guests", 600),
        "Travel and hotel": (2_400_000, "", "4 people", 600),
        "Promotion": (9_000_000, "Social media", "Two weeks", 600),
    },
    lag={"Guest invitations": 90, "Materials design and production": 70, "Design work": 80},
)


def demo_texts(*, english: bool) -> DemoTexts:
    """Return the texts in one of the two languages."""
    return _ENGLISH if english else _CHINESE
