"""Documents about money of an imaginary event: an overspend, a duplicate, a red invoice, a missing reason."""

from __future__ import annotations

from datetime import date, datetime

from qihua_desktop.domain.execution_report import PerHead, return_on
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.reports.document import DocumentState
from qihua_desktop.reports.inputs import Fact
from qihua_desktop.reports.money_inputs import (
    AnnualInput,
    ClaimForm,
    ClaimItem,
    ClaimsInput,
    ExecutionInput,
    ExecutionLine,
    Finding,
    Outcome,
    PoolTable,
    ReserveUse,
    VoucherListInput,
    VoucherRow,
    YearProject,
)
from qihua_desktop.reports.month_chart import MonthFigures

from . import samples

WHEN = datetime(2026, 9, 20, 16, 5, tzinfo=samples.CHINA)
DIGEST = "a1b2c3d4" * 8


def voucher_rows(count: int = 4) -> tuple[VoucherRow, ...]:
    """Return vouchers: the second is a duplicate that waits, the third red, the fourth rejected."""
    rows: list[VoucherRow] = []
    for number in range(1, count + 1):
        gross = 106_000 * number * (-1 if number % 50 == 3 else 1)
        net = gross * 100 // 106
        state = {2: VoucherState.PENDING, 4: VoucherState.REJECTED}.get(number, VoucherState.ACCEPTED)
        rows.append(
            VoucherRow(
                f"2631{number:016d}",
                "数电票（增值税专用发票）",
                date(2026, 9, number % 28 + 1),
                f"上海恒隆物业管理有限公司第{number % 17}分公司",
                "场地费",
                net,
                gross - net,
                gross,
                state,
                "通过",
                duplicate="重复：首张在“冬季品牌展”" if number == 2 else "",
                waits=number == 1,
                sha256=DIGEST if number % 2 else "",
                note="抬头有误，已退回" if number == 4 else "",
            )
        )
    return tuple(rows)


def voucher_list(count: int = 4) -> VoucherListInput:
    """Return a list of vouchers."""
    info = samples.info("凭证清单", version=None, state=DocumentState.PLAIN)
    return VoucherListInput(info, voucher_rows(count))


def claim(number: str = "BX-2026-0007", items: int = 2) -> ClaimForm:
    """Return a claim that refunds less than was drawn in advance."""
    rows = tuple(
        ClaimItem(
            "差旅费",
            "嘉宾高铁往返",
            date(2026, 9, 18),
            140_950 + at,
            f"2631{at:016d}",
            "数电票（铁路）",
            "中国铁路上海局",
            f"车票{at}.xml",
            DIGEST,
        )
        for at in range(items)
    )
    total = sum(row.gross for row in rows)
    return ClaimForm(
        number, "企划部", "周航", date(2026, 9, 20), "快闪店嘉宾差旅", "已提交", items, rows, 300_000, total - 300_000,
        notes="预借款 9 月 10 日支取", fingerprint=DIGEST,
    )  # fmt: skip


def claims(*forms: ClaimForm) -> ClaimsInput:
    """Return a document of claims."""
    info = samples.info("费用报销单", number="BX-2026-0007", version=None, state=DocumentState.PLAIN)
    return ClaimsInput(info, forms or (claim(),))


def execution() -> ExecutionInput:
    """Return a report with an overspend that is explained and one that is not."""
    venue = ExecutionLine(
        "场地费", 0, 18_000_000, 0, 17_500_000, 500_000, 17_000_000, 500_000, 17_500_000, -500_000, -278
    )
    guests = ExecutionLine(
        "嘉宾费", 0, 12_000_000, 1_000_000, 0, 0, 14_600_000, -1_600_000, 14_600_000, 1_600_000, 1_231, needs=True
    )
    travel = ExecutionLine(
        "差旅与住宿", 1, 2_400_000, 1_000_000, 0, 0, 4_000_000, -600_000, 4_000_000, 600_000, 1_765,
        needs=True, code="02 单价", reason="嘉宾临时改签",
    )  # fmt: skip
    gifts = ExecutionLine(
        "伴手礼", 1, 0, 0, 0, 0, 1_000_000, -1_000_000, 1_000_000, 1_000_000, None, needs=True, missing=True
    )
    reserve = ExecutionLine("应急预备金", 0, 6_000_000, -1_000_000, 0, 0, 0, 5_000_000, 5_000_000, 0, 0)
    total = ExecutionLine(
        "预算合计", -1, 36_000_000, 0, 17_500_000, 500_000, 31_600_000, 3_900_000, 37_100_000, 1_100_000, 306
    )
    outcome = Outcome(
        "到场线索 × 平均首单毛利", WHEN.replace(month=8), "沈岩", True, (500, 536), (300, 281), (190_000_000, None),
        return_on(36_000_000, 190_000_000), None,
        PerHead(72_000, 69_216, 59_888), PerHead(120_000, 132_028, 114_235),
    )  # fmt: skip
    return ExecutionInput(
        samples.info("预算执行报告", state=DocumentState.PLAIN),
        (Fact("项目", "秋季新品快闪店"), Fact("批准人", "何静、沈岩"), Fact("批准版本指纹", samples.FINGERPRINT)),
        1000,
        total,
        (venue, guests, travel, gifts, reserve),
        None,
        (
            ReserveUse(1_000_000, "应急预备金", "差旅与住宿", "02 单价", "嘉宾临时改签", "林晓岚", WHEN, "已批准",
                       "沈岩", WHEN, "同意", counts=True),
            ReserveUse(500_000, "应急预备金", "伴手礼", "03 数量/人数", "追加 100 份", "周航", WHEN, "已拒绝", "沈岩",
                       WHEN, "不同意"),
        ),
        outcome,
        (
            MonthFigures("2026-08", 18_000_000, 17_500_000, None),
            MonthFigures("2026-09", 18_000_000, None, 31_600_000),
        ),
        voucher_rows(),
        (
            Finding("购买方", "26312000000000000003", "不通过", True, "购买方不是本公司。", "请重开。",
                    waiver="何静 于 2026-09-20 豁免：集团代付，协议在案"),
            Finding("偏差原因", "伴手礼", "不通过", True, "偏差超过标准，未填写原因。", "请填写原因。"),
        ),
        15,
        "林晓岚",
        changed=2,
    )  # fmt: skip


def annual() -> AnnualInput:
    """Return a year with two pools, one of them exceeded."""
    pools = (
        PoolTable("活动", "禁止", (("年度额度", 300_000_000), ("调整：年中追加", 20_000_000),
                                   ("QH-2026-0031 秋季新品快闪店（已批准）", -60_000_000)),
                  1, 60_000_000, 17_500_000, 31_600_000),
        PoolTable("调研", "须说明", (("年度额度", 4_500_000), ("QH-2026-0032 Z 世代偏好（评审中）", -5_000_000)), 0,
                  5_000_000, 0, 0, "每季度复核"),
    )  # fmt: skip
    projects = (
        YearProject("QH-2026-0031", "秋季新品快闪店", "已批准", "活动", date(2026, 9, 19), 60_000_000,
                    17_500_000, 31_600_000, 60_000_000),
        YearProject("QH-2026-0032", "Z 世代偏好", "评审中", "", date(2026, 10, 1), 5_000_000, 0, 0, 5_000_000),
    )  # fmt: skip
    months = tuple(MonthFigures(f"2026-{month:02d}", month * 1_000_000, None, None) for month in range(1, 13))
    info = samples.info("2026 年度预算表", number="", version=None, state=DocumentState.PLAIN)
    facts = (Fact("预算年度", "2026-01 – 2026-12"),)
    return AnnualInput(info, facts, 324_500_000, pools, projects, months, (0, 12_345, 0), "截至 2026-08-20 15:40")
