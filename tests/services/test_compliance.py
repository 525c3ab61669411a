"""The compliance gate: what stops, what only warns, and who may waive it with reason and PIN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.annual import PoolLevel
from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.compliance import ComplianceRule, GatePurpose, RuleResult
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, id_text
from qihua_desktop.services import compliance, pools, review, vouchers
from qihua_desktop.services.money_limits import MoneyLimits, save_money_limits
from qihua_desktop.services.settings import CompanyProfile, save_company
from tests.services.review_samples import PIN, ReviewSample, open_review_sample
from tests.services.voucher_samples import invoice, read


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[ReviewSample]:
    made = open_review_sample(tmp_path)
    yield made
    made.session.workspace.close()


def _find(sample: ReviewSample, rule: ComplianceRule) -> list[RuleResult]:
    return [one for one in compliance.compliance(sample.session, sample.project.id) if one.rule is rule]


def _stops(sample: ReviewSample, purpose: GatePurpose) -> set[ComplianceRule]:
    return {one.rule for one in compliance.blocking(sample.session, sample.project.id, purpose)}


def _pool(sample: ReviewSample, amount: int, level: PoolLevel) -> EntityId:
    pool = pools.add_pool(sample.session, 2026, "市场推广", amount, level)
    pools.assign_project(sample.session, sample.project.id, pool.id)
    return pool.id


def _accept(sample: ReviewSample, *serials: int, **fields: object) -> tuple[EntityId, ...]:
    files = [read(invoice(one, **fields)) for one in serials]  # type: ignore[arg-type]
    report = vouchers.store_read(sample.session, sample.project.id, files, sample.line())
    vouchers.accept(sample.session, report.voucher_ids)
    return report.voucher_ids


def test_a_department_that_uses_no_feature_is_stopped_by_nothing(sample: ReviewSample) -> None:
    assert [_stops(sample, purpose) for purpose in GatePurpose] == [set(), set(), set()]
    assert _find(sample, ComplianceRule.NO_POOL)[0].outcome is CheckOutcome.NOTICE


@pytest.mark.parametrize(
    ("level", "stopped"),
    [(PoolLevel.IGNORE, False), (PoolLevel.WARN, False), (PoolLevel.EXPLAIN, True), (PoolLevel.STOP, True)],
)
def test_an_exceeded_pool_stops_a_submission_by_its_level(
    sample: ReviewSample, level: PoolLevel, stopped: bool
) -> None:
    _pool(sample, 50_000_000, level)
    assert (ComplianceRule.ANNUAL_POOL in _stops(sample, GatePurpose.SUBMIT)) is stopped
    if stopped:
        with pytest.raises(RuleError) as caught:
            sample.submit(sample.seat("周海"))
        assert "市场推广" in "".join(caught.value.details)
        assert review.versions(sample.session, sample.project.id) == ()
    else:
        sample.submit(sample.seat("周海"))


def test_a_signed_exception_lets_the_plan_through_and_no_waiver_does(sample: ReviewSample) -> None:
    pool = _pool(sample, 50_000_000, PoolLevel.STOP)
    sample.act_as("沈知远")
    with pytest.raises(RuleError):
        compliance.waive(sample.session, sample.project.id, ComplianceRule.ANNUAL_POOL, id_text(pool), "急", PIN)
    pools.sign_exception(sample.session, sample.project.id, pool, "重点项目", PIN)
    sample.act_as("林晓岚")
    version = sample.submit(sample.seat("周海"))
    sample.sign(version, "周海")
    assert review.versions(sample.session, sample.project.id)[0].state.value == "approved"


def test_an_explained_excess_passes_even_when_its_author_explains_until_it_grows(sample: ReviewSample) -> None:
    pool = _pool(sample, 50_000_000, PoolLevel.EXPLAIN)
    compliance.waive(sample.session, sample.project.id, ComplianceRule.ANNUAL_POOL, id_text(pool), "追加档期", PIN)
    assert _stops(sample, GatePurpose.SUBMIT) == set()
    pools.adjust_pool(sample.session, pool, -100, "调减")
    assert _stops(sample, GatePurpose.SUBMIT) == {ComplianceRule.ANNUAL_POOL}


def test_the_last_approval_looks_at_the_pool_again(sample: ReviewSample) -> None:
    pool = _pool(sample, 60_000_000, PoolLevel.STOP)
    version = sample.submit(sample.seat("周海"))
    pools.adjust_pool(sample.session, pool, -1, "年中调减")
    with pytest.raises(RuleError):
        sample.sign(version, "周海")
    pools.adjust_pool(sample.session, pool, 1, "恢复")
    sample.sign(version, "周海")


def test_demanded_pools_and_quotes_stop_a_submission(sample: ReviewSample) -> None:
    save_money_limits(sample.session, MoneyLimits(pool_required=True, quotes_required=True))
    assert _stops(sample, GatePurpose.SUBMIT) == {ComplianceRule.NO_POOL, ComplianceRule.QUOTES}
    assert _stops(sample, GatePurpose.FINANCE_PACK) == set()


def test_a_wrong_buyer_that_was_accepted_stops_the_finance_pack_until_it_is_waived(sample: ReviewSample) -> None:
    voucher_id = _accept(sample, 1)[0]
    assert _find(sample, ComplianceRule.BUYER)[0].outcome is CheckOutcome.PASSED
    save_company(sample.session, CompanyProfile("另一家公司", "91310000MA1FL0ZZ9Q"))
    assert _stops(sample, GatePurpose.FINANCE_PACK) == {ComplianceRule.BUYER}
    assert _stops(sample, GatePurpose.SUBMIT) == set()
    with pytest.raises(RuleError):
        compliance.require_passed(sample.session, sample.project.id, GatePurpose.FINANCE_PACK)
    subject = id_text(voucher_id)

    def waive(reason: str = "抬头已变更", pin: str = PIN) -> None:
        compliance.waive(sample.session, sample.project.id, ComplianceRule.BUYER, subject, reason, pin)

    for name in ("林晓岚", "周海", "孙会计"):
        sample.act_as(name)
        with pytest.raises(RuleError):
            waive()
    sample.act_as("何静")
    with pytest.raises(InputError):
        waive(pin="9753")
    with pytest.raises(InputError):
        waive(reason=" ")
    waive()
    assert "抬头已变更" in (sample.session.undo_label() or "")
    assert _stops(sample, GatePurpose.FINANCE_PACK) == set()
    vouchers.reopen(sample.session, voucher_id)
    vouchers.update_voucher(sample.session, voucher_id, buyer_name="第三家公司")
    vouchers.accept(sample.session, [voucher_id])
    assert _stops(sample, GatePurpose.FINANCE_PACK) == {ComplianceRule.BUYER}


def test_a_waiver_can_be_taken_back(sample: ReviewSample) -> None:
    _accept(sample, 1, issued_on="2025-05-05")
    found = _find(sample, ComplianceRule.PERIOD)[0]
    sample.act_as("沈知远")
    made = compliance.waive(sample.session, sample.project.id, found.rule, found.subject, "跨年入账已批", PIN)
    assert _stops(sample, GatePurpose.FINANCE_PACK) == set()
    compliance.unwaive(sample.session, made.id)
    assert _stops(sample, GatePurpose.FINANCE_PACK) == {ComplianceRule.PERIOD}
    assert tables.waivers.count(sample.session.workspace) == 0


def test_pending_vouchers_only_warn(sample: ReviewSample) -> None:
    vouchers.store_read(sample.session, sample.project.id, [read(invoice(1, buyer_name="别家"))])
    assert _stops(sample, GatePurpose.FINANCE_PACK) == set()
    assert _find(sample, ComplianceRule.PENDING)[0].outcome is CheckOutcome.NOTICE


def test_overspending_without_a_reason_stops_the_finance_pack(sample: ReviewSample) -> None:
    line = tables.budget_lines.get(sample.session.workspace, sample.line())
    _accept(sample, 1, gross=line.amount * 2)
    assert ComplianceRule.DEVIATION in _stops(sample, GatePurpose.FINANCE_PACK)


def test_the_floor_of_the_reserve_is_that_of_the_settings(sample: ReviewSample) -> None:
    assert _find(sample, ComplianceRule.RESERVE)[0].outcome is CheckOutcome.PASSED
    save_money_limits(sample.session, replace(MoneyLimits(), reserve_floor_bp=9_000))
    assert _find(sample, ComplianceRule.RESERVE)[0].outcome is CheckOutcome.FAILED
    assert _stops(sample, GatePurpose.SUBMIT) == set()


def test_every_result_has_a_title_and_a_sentence(sample: ReviewSample) -> None:
    _accept(sample, 1, 2)
    _pool(sample, 1, PoolLevel.STOP)
    for one in compliance.compliance(sample.session, sample.project.id):
        assert one.title
        assert one.message
        assert one.remedy or one.outcome is not CheckOutcome.FAILED
    assert date(2026, 8, 3) == sample.session.today()
