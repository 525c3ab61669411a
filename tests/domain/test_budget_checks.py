from __future__ import annotations

import pytest

from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.budget_checks import BudgetFacts, CheckKey, CheckOutcome, check_budget
from tests.domain.budget_rows import line


def judged(total, lines, state=BudgetState.DRAFT, approved=None, changed=0):
    facts = BudgetFacts(total, tuple(lines), state, approved, changed)
    return {check.key: check for check in check_budget(facts)}


def sound():
    return [line("场地", 90_000, basis="合同"), line("预备金", 10_000, is_reserve=True)]


def test_a_sound_approved_budget_passes_everything():
    checks = judged(100_000, sound(), BudgetState.APPROVED, 3)
    assert {check.outcome for check in checks.values()} == {CheckOutcome.PASSED}


def test_without_a_total_only_that_is_said():
    checks = judged(0, sound())
    assert checks[CheckKey.TOTAL].outcome is CheckOutcome.FAILED
    assert CheckKey.ALLOCATED not in checks


@pytest.mark.parametrize(("total", "words"), [(100_001, "0.01"), (99_999, "0.01")])
def test_a_fen_too_little_or_too_much_fails(total, words):
    check = judged(total, sound())[CheckKey.ALLOCATED]
    assert check.outcome is CheckOutcome.FAILED
    assert words in check.message


@pytest.mark.parametrize(
    ("reserve", "outcome"),
    [(4_999, CheckOutcome.FAILED), (5_000, CheckOutcome.PASSED), (0, CheckOutcome.FAILED)],
)
def test_the_reserve_has_a_floor_of_five_percent(reserve, outcome):
    rows = [line("场地", 100_000 - reserve, basis="合同"), line("预备金", reserve, is_reserve=True)]
    assert judged(100_000, rows)[CheckKey.RESERVE].outcome is outcome


def test_a_missing_reserve_fails_and_says_what_to_do():
    check = judged(100_000, [line("场地", 100_000, basis="合同")])[CheckKey.RESERVE]
    assert check.outcome is CheckOutcome.FAILED
    assert check.advice


def test_what_is_missing_to_the_floor_is_named():
    rows = [line("场地", 98_000, basis="合同"), line("预备金", 2_000, is_reserve=True)]
    assert "30.00" in judged(100_000, rows)[CheckKey.RESERVE].advice


def test_a_reserve_under_a_reserve_counts_once():
    top = line("预备金", 10_000, is_reserve=True, number=900)
    rows = [line("场地", 90_000, basis="合同"), top, line("汇率", 10_000, parent=top.id, is_reserve=True)]
    assert "10.0%" in judged(100_000, rows)[CheckKey.RESERVE].message


def test_a_category_needs_lines_a_basis_or_a_price():
    bare = line("传播", 50_000)
    broken_down = line("场地", 30_000, number=901)
    priced = line("礼品", 10_000, quantity=10_000, unit_price=1_000)
    rows = [
        bare,
        broken_down,
        line("租赁", 30_000, parent=broken_down.id),
        priced,
        line("预备", 10_000, is_reserve=True),
    ]
    check = judged(100_000, rows)[CheckKey.EXPLAINED]
    assert (check.outcome, check.line_ids) == (CheckOutcome.NOTICE, (bare.id,))


def test_rows_without_an_amount_are_worth_a_look():
    assert judged(100_000, [*sound(), line("空", 0, basis="待定")])[CheckKey.EMPTY_LINES].outcome is CheckOutcome.NOTICE


@pytest.mark.parametrize(
    ("state", "approved", "changed", "outcome"),
    [
        (BudgetState.DRAFT, None, 0, CheckOutcome.NOTICE),
        (BudgetState.IN_REVIEW, None, 0, CheckOutcome.NOTICE),
        (BudgetState.APPROVED, 2, 0, CheckOutcome.PASSED),
        (BudgetState.REVISED, 2, 4, CheckOutcome.FAILED),
        (BudgetState.IN_REVIEW, 2, 4, CheckOutcome.NOTICE),
    ],
)
def test_the_live_budget_is_the_approved_one(state, approved, changed, outcome):
    assert judged(100_000, sound(), state, approved, changed)[CheckKey.APPROVED].outcome is outcome


def test_names_of_any_length_stay_short_in_sentences():
    check = judged(100_000, [line("长" * 10_000, 100_000)])[CheckKey.EXPLAINED]
    assert len(check.message) < 80
