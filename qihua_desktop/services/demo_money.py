"""The money of the sample workspace: pools, suppliers, quotes, contracts, vouchers, the reserve and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from db import tables
from qihua_desktop.domain.annual import PoolLevel
from qihua_desktop.domain.execution import DeviationCode
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.invoice import InvoiceKind
from qihua_desktop.domain.procurement import StockUseState
from qihua_desktop.domain.project import ProjectKind

from . import claims, contracts, execution, payments, pools, quotes, reserve, stock, suppliers, voucher_edit
from .budget_view import load_budget
from .payments import PaymentTerm
from .session import Session
from .settings import company
from .suppliers import SupplierDraft
from .voucher_intake import VoucherDraft, add_typed

_SUPPLIERS = {
    "venue": (("上海恒隆物业", "91310000607222050A"), ("Plaza Property", "91310000607222050A"), "场地", "Venue"),
    "display": (("艺达展示", "91310115MA1K3QYD0B"), ("Yida Display", "91310115MA1K3QYD0B"), "搭建", "Set-up"),
    "frames": (("优境会展", "91310112MA1GBYJH3C"), ("Youjing Exhibitions", "91310112MA1GBYJH3C"), "搭建", "Set-up"),
    "signs": (("筑格标识", "91310114MA1GTZGB6D"), ("Zhuge Signs", "91310114MA1GTZGB6D"), "搭建", "Set-up"),
    "gifts": (("华彩礼品", "91330106MA2KHCLP7E"), ("Huacai Gifts", "91330106MA2KHCLP7E"), "礼品", "Gifts"),
    "acting": (("星途演艺", "91310106MA1FYXTY2F"), ("Xingtu Artists", "91310106MA1FYXTY2F"), "嘉宾", "Guests"),
    "travel": (("捷行差旅", "91310104MA1FRJXC9G"), ("Jiexing Travel", "91310104MA1FRJXC9G"), "差旅", "Travel"),
    "media": (("云广传媒", "91310110MA1G9YGC4H"), ("Yunguang Media", "91310110MA1G9YGC4H"), "投放", "Media"),
    "films": (("拾光影像", "91310101MA1FPSGY5J"), ("Shiguang Films", "91310101MA1FPSGY5J"), "内容", "Content"),
    "creators": (("万象星选", "91330108MA2HWXX8XK"), ("Wanxiang Talent", "91330108MA2HWXX8XK"), "内容", "Content"),
}
_SHARED_INVOICE = "26312000000012345678"


@dataclass(frozen=True, slots=True)
class MoneyScene:
    """What the story needs to know: whose PIN decides, and how days are counted."""

    session: Session
    today: date
    english: bool
    director: EntityId
    pin: str

    def say(self, chinese: str, english: str) -> str:
        """Return a text in the sample's language."""
        return english if self.english else chinese

    def day(self, days: int) -> date:
        """Return a day so many days from today."""
        return self.today + timedelta(days=days)


class DemoMoney:
    """The steps of the story; each is done on its day."""

    def __init__(self, scene: MoneyScene) -> None:
        self.scene = scene
        self.session = scene.session
        self.suppliers: dict[str, EntityId] = {}
        self.stock: dict[str, EntityId] = {}
        self.pools: dict[ProjectKind, EntityId] = {}
        self._serial = 0

    # --- the department's own ---

    def set_up(self) -> None:
        """Add the year's pools, the suppliers and the stock."""
        session, say = self.session, self.scene.say
        for kind, name, amount, level in (
            (ProjectKind.BRAND, say("品牌", "Brand"), 260_000_000, PoolLevel.WARN),
            (ProjectKind.EVENT, say("活动", "Events"), 300_000_000, PoolLevel.STOP),
            (ProjectKind.RESEARCH, say("调研", "Research"), 45_000_000, PoolLevel.EXPLAIN),
        ):
            self.pools[kind] = pools.add_pool(session, self.scene.today.year, name, amount, level).id
        reason = say("年中追加：会员活动", "Mid-year addition for members' events")
        pools.adjust_pool(session, self.pools[ProjectKind.EVENT], 20_000_000, reason)
        for key, (chinese, english, *category) in _SUPPLIERS.items():
            name, tax_id = english if self.scene.english else chinese
            draft = SupplierDraft(name, tax_id, category[1] if self.scene.english else category[0])
            self.suppliers[key] = suppliers.add_supplier(session, draft).id
        for key, name, spec, unit, quantity, price in (
            ("truss", say("桁架与音响", "Truss and sound"), say("6 米铝桁架", "6 m aluminium truss"),
             say("套", "set"), 2, 800_000),
            ("desk", say("签到台", "Check-in desk"), say("亚克力 1.8 米", "Acrylic, 1.8 m"), say("张", "pc"), 4, 0),
            ("rope", say("一米线", "Queue posts"), say("不锈钢", "Stainless steel"), say("根", "pc"), 30, 0),
        ):  # fmt: skip
            draft = stock.StockDraft(name, quantity * 1000, spec, unit, price, say("B1 物料库", "Store room B1"))
            self.stock[key] = stock.add_item(session, draft).id

    def draw_on(self, project_id: EntityId, kind: ProjectKind) -> None:
        """Let a project draw on its kind's pool."""
        pools.assign_project(self.session, project_id, self.pools[kind])

    # --- the event that is over ---

    def past_event(self, project_id: EntityId) -> None:
        """Contracts, invoices, an overspend on travel covered by the reserve, and what the event achieved."""
        say = self.scene.say
        venue, build, gifts, acting, travel = (
            self._line(project_id, *at) for at in ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1))
        )
        media = self._line(project_id, 3)
        hall = self._contract(
            venue, "venue", say("市集场地租赁", "Market venue hire"), 2_600_000, 900, -38, "QH-HT-031"
        )
        stand = self._contract(
            build, "display", say("市集摊位搭建", "Market stalls"), 2_250_000, 1300, -37, "QH-HT-032"
        )
        self._contract(gifts, "gifts", say("会员礼盒", "Members' gift boxes"), 2_140_000, 1300, -36, "QH-HT-033")
        self._invoice(project_id, venue, "venue", 2_600_000, 900, -30, hall, item=say("场地费", "Venue"))
        self._invoice(project_id, build, "display", 2_250_000, 1300, -28, stand, number=_SHARED_INVOICE)
        self._invoice(project_id, gifts, "gifts", 2_140_000, 1300, -27, self._contract_of(gifts))
        self._invoice(project_id, acting, "acting", 1_800_000, 600, -25)
        self._invoice(project_id, media, "media", 2_480_000, 600, -24)
        self._invoice(project_id, self._line(project_id, 0, 1), "venue", 2_520_000, 600, -24)
        why = say("嘉宾临时改签", "Guests changed their flights at short notice")
        asked = reserve.request_release(self.session, travel, 450_000, DeviationCode.PRICE, why)
        self._decide(asked.id, say("同意，会员活动口碑优先", "Agreed: the members come first"))
        self._invoice(project_id, travel, "travel", 2_310_000, 600, -24, item=say("差旅费", "Travel"), purpose=why)

    def plan_past(self, project_id: EntityId) -> None:
        """Say beforehand how success is measured."""
        method = self.scene.say(
            "会员到场与新增会员首单毛利", "Members on site and the margin of new members' first orders"
        )
        execution.set_outcome_plan(self.session, project_id, 500, 260, 54_000_000, method)
        execution.fix_outcome(self.session, project_id)

    def close_past(self, project_id: EntityId, claimant: EntityId) -> None:
        """Enter what was achieved, explain deviations and claim what was paid in advance."""
        session, say = self.session, self.scene.say
        execution.set_outcome_actual(session, project_id, 536, 281, 61_200_000)
        words = {
            DeviationCode.QUANTITY: say("到场人数高于预期，按实际结算", "More people came; settled by actual numbers"),
            DeviationCode.CANCELLED: say("未使用的预算交回", "What was not needed goes back"),
        }
        for row in execution.may_close(session, project_id):
            code = DeviationCode.QUANTITY if row.figures.deviation > 0 else DeviationCode.CANCELLED
            execution.set_reason(session, project_id, row.line_id, code, words[code])
        travel = [one.id for one in tables.vouchers.all(session.workspace, project_id=project_id) if one.item][-1:]
        draft = claims.ClaimDraft(
            claimant,
            say("七夕市集嘉宾差旅", "Guests' travel, summer night market"),
            tuple(travel),
            2_000_000,
            say("企划部", "Planning"),
            self.scene.day(-23),
        )
        made = claims.add_claim(session, project_id, draft)
        claims.submit_claim(session, made.id)

    # --- the campaign that is running ---

    def plan_brand(self, project_id: EntityId) -> None:
        """Say before the start how success is measured."""
        method = self.scene.say("新增线索 × 平均首单毛利", "New leads × average margin of the first order")
        execution.set_outcome_plan(self.session, project_id, 0, 1_800, 260_000_000, method)
        execution.fix_outcome(self.session, project_id)

    def brand_contracts(self, project_id: EntityId) -> None:
        """Three quotes for the films and the media, and contracts with payment plans."""
        say, session = self.scene.say, self.session
        films, creators = self._line(project_id, 0, 0), self._line(project_id, 0, 1)
        media = self._line(project_id, 2)
        best = self._quote(films, "films", 11_600_000, 600, -49)
        self._quote(films, "media", 12_900_000, 600, -49)
        self._quote(films, "display", 13_400_000, 600, -48)
        quotes.choose_quote(session, best)
        first = contracts.contract_from_quote(session, best)
        self._sign(first.id, -46, ((say("首付", "Deposit"), 3000, -44), (say("中期", "Midway"), 4000, -20),
                                   (say("尾款", "Balance"), 3000, 12)))  # fmt: skip
        cheapest, *_dearer = [
            self._quote(media, key, gross, 600, -45)
            for key, gross in (("media", 31_200_000), ("creators", 31_900_000), ("films", 33_000_000))
        ]
        quotes.choose_quote(session, cheapest)
        second = contracts.contract_from_quote(session, cheapest)
        self._sign(second.id, -43, ((say("预付", "Prepayment"), 5000, -40), (say("结案", "On completion"), 5000, 20)))
        only = self._quote(creators, "creators", 12_000_000, 600, -44)
        quotes.choose_quote(session, only, say("独家签约达人，仅此一家", "The creators are exclusive to this agency"))
        third = contracts.contract_from_quote(session, only)
        self._sign(third.id, -42, ((say("首付", "Deposit"), 5000, -40), (say("尾款", "Balance"), 5000, -5)))

    def brand_invoices(self, project_id: EntityId) -> None:
        """Invoices and payments so far; the creators cost more than planned and the reserve covers a part."""
        say, session = self.scene.say, self.session
        films, creators, design = (self._line(project_id, *at) for at in ((0, 0), (0, 1), (1,)))
        media, survey = self._line(project_id, 2), self._line(project_id, 3)
        self._invoice(project_id, films, "films", 3_480_000, 600, -40, self._contract_of(films))
        self._invoice(project_id, films, "films", 4_640_000, 600, -19, self._contract_of(films))
        self._invoice(project_id, media, "media", 15_600_000, 600, -38, self._contract_of(media))
        self._invoice(project_id, creators, "creators", 6_000_000, 600, -37, self._contract_of(creators))
        self._invoice(project_id, design, "display", 9_400_000, 600, -30)
        self._invoice(project_id, survey, "media", 5_200_000, 600, -33)
        for line in (films, media, creators):
            self._pay_first(self._contract_of(line), -36)
        why = say("新增两位头部达人", "Two more leading creators")
        asked = reserve.request_release(session, creators, 1_000_000, DeviationCode.SCOPE, why)
        self._decide(asked.id, say("同意，限 1 万元", "Agreed, CNY 10,000 at most"))
        self._invoice(project_id, creators, "creators", 6_000_000, 600, -6, self._contract_of(creators))
        self._invoice(project_id, creators, "creators", 1_900_000, 600, -6, purpose=why)
        words = why + say("，部分由备用金覆盖", ", partly covered by the reserve")
        execution.set_reason(session, project_id, creators, DeviationCode.SCOPE, words)
        execution.set_outcome_actual(session, project_id, None, 1_130, None)

    # --- the event in preparation ---

    def event_quotes(self, project_id: EntityId) -> None:
        """Quotes for the key visual and the venue, a draft contract, stock set aside, and invoices to be checked."""
        say, session = self.scene.say, self.session
        venue, build = self._line(project_id, 0, 0), self._line(project_id, 1, 0)
        cheapest, *_dearer = [
            self._quote(build, key, gross, 1300, -15)
            for key, gross in (("display", 9_200_000), ("frames", 9_860_000), ("signs", 10_300_000))
        ]
        quotes.choose_quote(session, cheapest)
        only = self._quote(venue, "venue", 14_000_000, 900, -15)
        quotes.choose_quote(session, only, say("商场中庭由物业独家经营", "The atrium is let by the property alone"))
        contracts.contract_from_quote(session, only)
        last = self.scene.day(12)
        used = stock.take(session, build, self.stock["truss"], 2_000, self.scene.day(9), last)
        stock.take(session, build, self.stock["desk"], 2_000, self.scene.day(9), last)
        stock.set_use_state(session, used.id, StockUseState.RESERVED)
        method = say("到场线索 × 平均首单毛利", "Leads on site × margin of the first order")
        execution.set_outcome_plan(session, project_id, 500, 300, 190_000_000, method)

    def event_vouchers(self, project_id: EntityId) -> None:
        """Invoices that wait for a check: a good one, one already claimed elsewhere, one made out to another buyer."""
        venue, build, gifts = (self._line(project_id, *at) for at in ((0, 0), (1, 0), (1, 1)))
        self._invoice(project_id, venue, "venue", 4_200_000, 900, -2, accept=False)
        self._invoice(project_id, build, "display", 2_250_000, 1300, -28, number=_SHARED_INVOICE, accept=False)
        other = self.scene.say("上海青禾文化传播有限公司", "Qinghe Culture Ltd.")
        self._invoice(project_id, gifts, "gifts", 880_000, 1300, -1, accept=False, buyer=other)

    # --- parts ---

    def _line(self, project_id: EntityId, category: int, line: int | None = None) -> EntityId:
        rows = load_budget(self.session, project_id).lines
        top = [row.line.id for row in rows if row.level == 0][category]
        if line is None:
            return top
        return [row.line.id for row in rows if row.line.parent_id == top][line]

    def _quote(self, line_id: EntityId, supplier: str, gross: int, rate: int, days: int) -> EntityId:
        until = self.scene.day(days + 60)
        draft = quotes.QuoteDraft(self.suppliers[supplier], gross, rate, self.scene.day(days), until)
        return quotes.add_quote(self.session, line_id, draft).id

    def _contract(
        self, line_id: EntityId, supplier: str, title: str, gross: int, rate: int, days: int, number: str
    ) -> EntityId:
        draft = contracts.ContractDraft(
            line_id, self.suppliers[supplier], title, gross, rate, number, signed_on=self.scene.day(days)
        )
        return contracts.add_contract(self.session, draft).id

    def _contract_of(self, line_id: EntityId) -> EntityId:
        return tables.contracts.all(self.session.workspace, line_id=line_id)[0].id

    def _sign(self, contract_id: EntityId, days: int, terms: tuple[tuple[str, int, int], ...]) -> None:
        plan = [PaymentTerm(name, percent, None, self.scene.day(due)) for name, percent, due in terms]
        contracts.set_payment_plan(self.session, contract_id, plan)
        contracts.sign_contract(self.session, contract_id, self.scene.day(days))

    def _pay_first(self, contract_id: EntityId, days: int) -> None:
        first = tables.payments.all(self.session.workspace, contract_id=contract_id)[0]
        payments.record_payment(self.session, first.id, self.scene.day(days), first.amount)

    def _decide(self, release_id: EntityId, note: str) -> None:
        reserve.decide_release(
            self.session, release_id, approved=True, note=note, pin=self.scene.pin, person_id=self.scene.director
        )

    def _invoice(
        self, project_id: EntityId, line_id: EntityId, supplier: str, gross: int, rate: int, days: int,
        contract_id: EntityId | None = None, *, number: str = "", item: str = "", purpose: str = "",
        accept: bool = True, buyer: str = "",
    ) -> None:  # fmt: skip
        self._serial += 1
        profile = company(self.session)
        seller = tables.suppliers.get(self.session.workspace, self.suppliers[supplier])
        net = (20_000 * gross + 10_000 + rate) // (2 * (10_000 + rate))
        draft = VoucherDraft(
            gross,
            self.scene.day(days),
            InvoiceKind.DIGITAL_SPECIAL if self._serial % 3 else InvoiceKind.DIGITAL_ORDINARY,
            number or f"263120000000{30_010_000 + 7_919 * self._serial:08d}",
            seller_name=seller.name,
            seller_tax_id=seller.tax_id,
            buyer_name=buyer or profile.name,
            buyer_tax_id=profile.tax_id,
            net=net,
            tax=gross - net,
            item=item,
            purpose=purpose,
            line_id=line_id,
            contract_id=contract_id,
        )
        made = add_typed(self.session, project_id, draft)
        if accept:
            voucher_edit.accept(self.session, [made.id])
