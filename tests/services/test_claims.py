"""Expense claims: accepted vouchers only, each on one claim, with total, 大写, attachments and refund."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.vouchers import ClaimState
from qihua_desktop.services import claims, vouchers
from qihua_desktop.services.claims import ClaimDraft
from qihua_desktop.services.ledger import load_ledger
from tests.services.voucher_samples import VoucherSample, open_voucher_sample


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[VoucherSample]:
    made = open_voucher_sample(tmp_path)
    yield made
    made.session.workspace.close()


def _draft(sample: VoucherSample, *ids: EntityId, advance: int = 0) -> ClaimDraft:
    assert sample.session.actor is not None
    return ClaimDraft(sample.session.actor.id, "快闪店物料采购", ids, advance)


def _accepted(sample: VoucherSample, *serials: int, project: EntityId | None = None) -> tuple[EntityId, ...]:
    ids = sample.put(*serials, project=project)
    vouchers.accept(sample.session, ids)
    return ids


def test_a_claim_adds_up_and_says_what_is_refunded(sample: VoucherSample) -> None:
    ids = _accepted(sample, 1, 3)
    claim = claims.add_claim(sample.session, sample.project, _draft(sample, *ids, advance=300_000))
    view = claims.claim_view(sample.session, claim.id)
    assert (view.total, view.capital, view.attachments_count) == (212_000, "人民币贰仟壹佰贰拾元整", 2)
    assert view.refund == -88_000
    assert claim.department
    assert claim.claimant == "林晓岚"


def test_numbers_are_unique_in_the_workspace_and_run_by_year(sample: VoucherSample) -> None:
    first = claims.add_claim(sample.session, sample.project, _draft(sample))
    second = claims.add_claim(sample.session, sample.other, _draft(sample))
    assert (first.number, second.number) == ("BX-2026-0001", "BX-2026-0002")


def test_only_free_accepted_vouchers_of_the_project_stand_on_a_claim(sample: VoucherSample) -> None:
    pending = sample.put(1)[0]
    taken, paid = _accepted(sample, 3, 5)
    foreign = _accepted(sample, 7, project=sample.other)[0]
    claims.add_claim(sample.session, sample.project, _draft(sample, taken))
    vouchers.mark_paid(sample.session, paid)
    for one in (pending, taken, paid, foreign):
        with pytest.raises(RuleError):
            claims.add_claim(sample.session, sample.project, _draft(sample, one))
    assert len(claims.claims(sample.session, sample.project)) == 1
    assert claims.claimable(sample.session, sample.project) == ()


def test_a_voucher_on_a_claim_is_neither_rejected_nor_reopened(sample: VoucherSample) -> None:
    voucher_id = _accepted(sample, 1)[0]
    claim = claims.add_claim(sample.session, sample.project, _draft(sample, voucher_id))
    for change in (
        lambda: vouchers.reject(sample.session, voucher_id, "退回"),
        lambda: vouchers.reopen(sample.session, voucher_id),
        lambda: vouchers.mark_paid(sample.session, voucher_id),
    ):
        with pytest.raises(RuleError, match="BX-2026-0001"):
            change()
    claims.set_vouchers(sample.session, claim.id, [])
    vouchers.reopen(sample.session, voucher_id)


def test_a_claim_goes_from_draft_to_submitted_to_paid(sample: VoucherSample) -> None:
    session = sample.session
    claim = claims.add_claim(session, sample.project, _draft(sample))
    with pytest.raises(RuleError):
        claims.submit_claim(session, claim.id)
    claims.set_vouchers(session, claim.id, _accepted(sample, 1))
    with pytest.raises(RuleError):
        claims.pay_claim(session, claim.id)
    claims.submit_claim(session, claim.id)
    with pytest.raises(RuleError):
        claims.update_claim(session, claim.id, advance=5)
    claims.pay_claim(session, claim.id)
    paid = claims.claim_view(session, claim.id).claim
    assert (paid.state, paid.paid_on) == (ClaimState.PAID, session.today())
    with pytest.raises(RuleError):
        claims.reopen_claim(session, claim.id)


def test_deleting_a_draft_frees_its_vouchers_and_undo_brings_it_back(sample: VoucherSample) -> None:
    voucher_id = _accepted(sample, 1)[0]
    claim = claims.add_claim(sample.session, sample.project, _draft(sample, voucher_id))
    before = tables.vouchers.all(sample.session.workspace)
    claims.delete_claim(sample.session, claim.id)
    assert [one.id for one in claims.claimable(sample.session, sample.project)] == [voucher_id]
    sample.session.undo()
    assert tables.vouchers.all(sample.session.workspace) == before


def test_an_advance_out_of_range_is_refused(sample: VoucherSample) -> None:
    with pytest.raises(InputError):
        claims.add_claim(sample.session, sample.project, _draft(sample, advance=-1))


def test_a_paid_claim_counts_as_paid_in_the_ledger(sample: VoucherSample) -> None:
    session = sample.session
    ids = _accepted(sample, 1, 3)
    claim = claims.add_claim(session, sample.project, _draft(sample, *ids))
    claims.submit_claim(session, claim.id)
    assert load_ledger(session, sample.project).total.paid == 0
    claims.pay_claim(session, claim.id)
    assert load_ledger(session, sample.project).total.paid == claims.claim_view(session, claim.id).total
    session.undo()
    assert load_ledger(session, sample.project).total.paid == 0
