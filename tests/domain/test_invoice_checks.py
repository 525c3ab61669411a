"""Each check, with what passes it, what does not, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.invoice import (
    CrcState,
    InvoiceKind,
    InvoiceLine,
    InvoiceSource,
    InvoiceStatus,
    ParsedInvoice,
)
from qihua_desktop.domain.invoice_checks import VERIFICATION_SITE, check_invoice, worst_outcome
from qihua_desktop.domain.invoice_facts import (
    InvoiceCheckKey,
    InvoiceFacts,
    InvoiceOutcome,
    invoice_check_title,
    invoice_outcome_label,
)
from qihua_desktop.domain.invoice_rules import read_rules, shipped_rules
from qihua_desktop.domain.invoice_sums import expected_tax
from qihua_desktop.domain.money import capital_amount

KEY, OUT = InvoiceCheckKey, InvoiceOutcome
NUMBER = "26440000000000000001"
LINE = InvoiceLine("*会展服务*会议服务", net=47_170, tax=2_830, rate_bp=600)
INVOICE = ParsedInvoice(
    NUMBER, kind=InvoiceKind.DIGITAL_ORDINARY, issued_on="2026-01-15", seller_name="示例会展", seller_tax_id="91S",
    buyer_name="上海启华(集团)有限公司", buyer_tax_id="91310000MA1FL0QH7X", net=47_170, tax=2_830, gross=50_000,
    capital_text="伍佰圆整", lines=(LINE,), source=InvoiceSource.XML, crc=CrcState.MATCHES,
)  # fmt: skip
FACTS = InvoiceFacts(
    INVOICE, date(2026, 3, 1), company_name="上海启华（集团）有限公司", company_tax_id="91310000MA1FL0QH7X",
    year_start=date(2026, 1, 1), year_end=date(2026, 12, 31), approved_on=date(2026, 1, 10), line_name="会议",
    open_commitment=50_000, status=InvoiceStatus.NORMAL, status_note="王琳 2026-03-01",
)  # fmt: skip


def one(key, facts=FACTS, **changes):
    invoice = replace(facts.invoice, **changes)
    return next(check for check in check_invoice(replace(facts, invoice=invoice)) if check.key is key)


def test_a_sound_invoice_passes_every_check():
    checks = check_invoice(FACTS)
    assert [check.key for check in checks] == list(KEY)
    assert {check.outcome for check in checks} == {OUT.PASSED}
    assert worst_outcome(checks) is OUT.PASSED


def test_every_check_and_result_has_a_name_and_each_failure_a_remedy():
    bad = InvoiceFacts(ParsedInvoice("", currency="USD", is_red=True, gross=1, crc=CrcState.DIFFERS), date(2026, 1, 1))
    for check in check_invoice(bad):
        assert invoice_check_title(check.key)
        assert invoice_outcome_label(check.outcome)
        assert check.message
        assert check.remedy or check.outcome is OUT.PASSED or check.key is KEY.CRC


@pytest.mark.parametrize(
    ("key", "changes", "outcome"),
    [
        (KEY.NUMBER, {"number": ""}, OUT.WARNING),
        (KEY.NUMBER, {"number": "25440000000000000001"}, OUT.WARNING),
        (KEY.NUMBER, {"number": "2.644E+19"}, OUT.WARNING),
        (KEY.NUMBER, {"number": "12345678", "code": "044031900111"}, OUT.PASSED),
        (KEY.BUYER_NAME, {"buyer_name": "上海启华 （集团） 有限公司"}, OUT.PASSED),
        (KEY.BUYER_NAME, {"buyer_name": "上海启华有限公司"}, OUT.FAILED),
        (KEY.BUYER_NAME, {"buyer_name": "个人"}, OUT.FAILED),
        (KEY.BUYER_NAME, {"buyer_name": ""}, OUT.NOT_CHECKABLE),
        (KEY.BUYER_TAX_ID, {"buyer_tax_id": "91310000ma1fl0qh7x "}, OUT.PASSED),
        (KEY.BUYER_TAX_ID, {"buyer_tax_id": "91310000MA1FL0QH8X"}, OUT.FAILED),
        (KEY.TOTALS, {"gross": 50_001}, OUT.FAILED),
        (KEY.TOTALS, {"net": None}, OUT.NOT_CHECKABLE),
        (KEY.TOTALS, {"gross": 0, "net": 0, "tax": 0}, OUT.FAILED),
        (KEY.LINE_SUMS, {"lines": (LINE, LINE)}, OUT.FAILED),
        (KEY.LINE_SUMS, {"lines": ()}, OUT.NOT_CHECKABLE),
        (KEY.LINE_SUMS, {"lines": (replace(LINE, net=None),)}, OUT.NOT_CHECKABLE),
        (KEY.LINE_SUMS, {"lines": (replace(LINE, tax=2_831),)}, OUT.FAILED),
        (KEY.LINE_SUMS, {"lines": (replace(LINE, tax=2_831, rounded=True),)}, OUT.PASSED),
        (KEY.LINE_TAX, {"lines": (replace(LINE, tax=2_831),)}, OUT.PASSED),
        (KEY.LINE_TAX, {"lines": (replace(LINE, tax=2_834),)}, OUT.WARNING),
        (KEY.LINE_TAX, {"lines": (replace(LINE, tax=2_837),)}, OUT.FAILED),
        (KEY.LINE_TAX, {"lines": (replace(LINE, tax=1), ), "remark": "差额征税：400.00"}, OUT.NOT_CHECKABLE),
        (KEY.CAPITAL, {"capital_text": "ⓧ伍佰圆整"}, OUT.PASSED),
        (KEY.CAPITAL, {"capital_text": "人民币伍佰元正"}, OUT.PASSED),
        (KEY.CAPITAL, {"capital_text": "伍仟圆整"}, OUT.FAILED),
        (KEY.CAPITAL, {"capital_text": ""}, OUT.NOT_CHECKABLE),
        (KEY.CAPITAL, {"capital_text": "（负数）伍佰圆整", "gross": -50_000}, OUT.PASSED),
        (KEY.CAPITAL, {"gross": 10**15}, OUT.NOT_CHECKABLE),
        (KEY.KIND, {"kind": InvoiceKind.OTHER}, OUT.WARNING),
        (KEY.KIND, {"issued_on": "2020-01-15"}, OUT.FAILED),
        (KEY.CURRENCY, {"currency": "USD", "gross": None}, OUT.FAILED),
        (KEY.PERIOD, {"issued_on": "2026-03-02"}, OUT.FAILED),
        (KEY.PERIOD, {"issued_on": "2025-12-31"}, OUT.FAILED),
        (KEY.PERIOD, {"issued_on": None}, OUT.NOT_CHECKABLE),
        (KEY.APPROVAL, {"issued_on": "2026-01-09"}, OUT.FAILED),
        (KEY.APPROVAL, {"issued_on": "2026-01-10"}, OUT.PASSED),
        (KEY.COMMITMENT, {"gross": 50_001}, OUT.FAILED),
        (KEY.COMMITMENT, {"gross": -50_000}, OUT.PASSED),
        (KEY.COMMITMENT, {"gross": None}, OUT.NOT_CHECKABLE),
        (KEY.RED, {"is_red": True}, OUT.FAILED),
        (KEY.RED, {"is_red": True, "gross": -1}, OUT.WARNING),
        (KEY.RED, {"is_red": True, "gross": -1, "red_of": "2" * 20}, OUT.WARNING),
        (KEY.CRC, {"crc": CrcState.DIFFERS}, OUT.WARNING),
        (KEY.CRC, {"crc": CrcState.ABSENT}, OUT.NOT_CHECKABLE),
    ],
)  # fmt: skip
def test_a_check_follows_the_invoice(key, changes, outcome):
    assert one(key, **changes).outcome is outcome


@pytest.mark.parametrize(
    ("points", "day", "outcome"),
    [
        (1700, "2018-04-30", OUT.PASSED), (1700, "2018-05-01", OUT.FAILED), (1600, "2018-05-01", OUT.PASSED),
        (1600, "2019-04-01", OUT.FAILED), (1300, "2019-04-01", OUT.PASSED), (1300, "2019-03-31", OUT.FAILED),
        (1300, "2017-06-30", OUT.PASSED), (1100, "2018-04-30", OUT.PASSED), (1000, "2019-03-31", OUT.PASSED),
        (1000, "2019-04-01", OUT.FAILED), (900, "2019-03-31", OUT.FAILED), (900, "2026-01-01", OUT.PASSED),
        (100, "2020-02-29", OUT.FAILED), (100, "2027-12-31", OUT.PASSED), (100, "2028-01-01", OUT.FAILED),
        (0, "1999-01-01", OUT.PASSED), (700, "2026-01-01", OUT.WARNING),
    ],
)  # fmt: skip
def test_a_tax_rate_must_have_been_in_force_on_the_day(points, day, outcome):
    lines = (replace(LINE, rate_bp=points),)
    assert one(KEY.RATE, lines=lines, issued_on=day).outcome is outcome


def test_a_red_invoice_may_keep_the_rate_of_the_older_one():
    lines = (replace(LINE, rate_bp=1700),)
    assert one(KEY.RATE, lines=lines, is_red=True).outcome is OUT.WARNING


@pytest.mark.parametrize(
    ("line", "kind", "outcome"),
    [
        ("嘉宾餐饮", InvoiceKind.DIGITAL_ORDINARY, OUT.PASSED),
        ("嘉宾餐饮", InvoiceKind.DIGITAL_SPECIAL, OUT.WARNING),
        ("嘉宾差旅", InvoiceKind.RAIL, OUT.PASSED),
        ("场地租赁", InvoiceKind.DIGITAL_SPECIAL, OUT.PASSED),
        ("", InvoiceKind.DIGITAL_SPECIAL, OUT.PASSED),
    ],
)
def test_the_kind_must_fit_the_line(line, kind, outcome):
    assert one(KEY.KIND, replace(FACTS, line_name=line), kind=kind).outcome is outcome


def test_what_the_caller_allows_goes_before_the_rules():
    facts = replace(FACTS, allowed_kinds=frozenset((InvoiceKind.DIGITAL_SPECIAL,)), allowed_rates=frozenset((1300,)))
    assert one(KEY.KIND, facts).outcome is OUT.FAILED
    assert one(KEY.RATE, facts).outcome is OUT.WARNING


def test_a_rate_that_does_not_fit_the_line_is_worth_a_look():
    facts = replace(FACTS, line_name="平面设计")
    check = one(KEY.RATE, facts, lines=(replace(LINE, rate_bp=1300),))
    assert (check.outcome, check.remedy) == (OUT.WARNING, "服务 6%，小规模纳税人 3% 或 1%。")


def test_a_duplicate_names_its_first_use():
    facts = replace(FACTS, used=(("2026 春季发布会", NUMBER), ("年会", NUMBER)), similar=(("年会", "2644"),))
    duplicate, similar = one(KEY.DUPLICATE, facts), one(KEY.SIMILAR, facts)
    assert (duplicate.outcome, similar.outcome) == (OUT.FAILED, OUT.WARNING)
    assert duplicate.message.startswith("重复")
    assert "2026 春季发布会" in duplicate.message
    assert len(duplicate.inputs) == 2


@pytest.mark.parametrize(
    ("others", "outcome"),
    [
        (("26440000000000000002",), OUT.WARNING), (("26440000000000000000",), OUT.WARNING),
        (("26440000000000000003", "12345678", "x"), OUT.PASSED), ((NUMBER,), OUT.PASSED),
    ],
)  # fmt: skip
def test_neighbouring_numbers_of_one_seller_are_named(others, outcome):
    assert one(KEY.CONSECUTIVE, replace(FACTS, seller_numbers=others)).outcome is outcome


@pytest.mark.parametrize(("source", "words"), [(InvoiceSource.XML, "未验签；待查验"), (InvoiceSource.IMAGE, "待查验")])
def test_an_offline_invoice_is_never_said_to_be_verified(source, words):
    check = one(KEY.VERIFIED, replace(FACTS, status=None), source=source)
    assert check.outcome is OUT.WARNING
    assert check.message.startswith(words)
    assert VERIFICATION_SITE in check.remedy


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (InvoiceStatus.NORMAL, OUT.PASSED), (InvoiceStatus.VOID, OUT.FAILED), (InvoiceStatus.REVERSED, OUT.FAILED),
        (InvoiceStatus.PARTLY_REVERSED, OUT.WARNING),
    ],
)  # fmt: skip
def test_the_recorded_answer_of_the_bureau_counts(status, outcome):
    assert one(KEY.VERIFIED, replace(FACTS, status=status)).outcome is outcome


def test_a_red_invoice_passes_when_the_blue_one_is_known():
    facts = replace(FACTS, known_numbers=frozenset(("2" * 20,)))
    assert one(KEY.RED, facts, is_red=True, gross=-1, red_of="2" * 20).outcome is OUT.PASSED


def test_what_is_not_known_about_us_is_said_and_never_passed():
    checks = {check.key: check.outcome for check in check_invoice(InvoiceFacts(INVOICE, date(2026, 3, 1)))}
    for key in (KEY.BUYER_NAME, KEY.BUYER_TAX_ID, KEY.COMMITMENT):
        assert checks[key] is OUT.NOT_CHECKABLE
    assert checks[KEY.APPROVAL] is OUT.WARNING


def test_rules_are_data_and_bad_ones_are_refused():
    rules = read_rules(
        '[[rate]]\npoints = 800\nfrom = 2030-01-01\n[[line]]\nwords = ["X"]\nlevel = "stop"\nrates = [800]'
    )
    assert rules.rate_holds(800, date(2030, 1, 1)) is True
    assert rules.rate_holds(800, date(2029, 12, 31)) is False
    assert rules.rate_holds(600, date(2029, 12, 31)) is None
    assert rules.line_rule("ax", date(2030, 1, 1)) is not None
    assert [rule.reason for rule in shipped_rules().lines] != []
    for text in (
        '[[rate]]\npoints = "x"',
        '[[kind]]\nkey = "none"',
        "[[rate]]\npoints = 1\nfrom = 5",
        "[[line]]\nx = 1",
    ):
        with pytest.raises((ValueError, KeyError)):
            read_rules(text)


@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.sampled_from([0, 100, 300, 600, 900, 1300])), min_size=1, max_size=20),
    st.sampled_from([1, -1]),
)
def test_every_invoice_made_by_the_rules_passes_its_sums(rows, sign):
    lines = tuple(
        InvoiceLine("x", net=sign * net, tax=expected_tax(sign * net, rate), rate_bp=rate) for net, rate in rows
    )
    net = sum(sign * net for net, _rate in rows)
    tax = sum(expected_tax(sign * net, rate) for net, rate in rows)
    invoice = replace(
        INVOICE, lines=lines, net=net, tax=tax, gross=net + tax, capital_text=capital_amount(net + tax), is_red=sign < 0
    )
    checks = {check.key: check.outcome for check in check_invoice(replace(FACTS, invoice=invoice))}
    for key in (KEY.TOTALS, KEY.LINE_SUMS, KEY.LINE_TAX, KEY.CAPITAL):
        assert checks[key] is OUT.PASSED


@given(st.integers(-(10**14) + 1, 10**14 - 1).filter(bool), st.integers(-5, 5).filter(bool))
def test_a_total_changed_by_any_fen_fails(gross, change):
    invoice = replace(INVOICE, net=gross, tax=0, gross=gross + change, capital_text=capital_amount(gross))
    checks = {check.key: check.outcome for check in check_invoice(replace(FACTS, invoice=invoice))}
    assert checks[KEY.TOTALS] is OUT.FAILED
    assert checks[KEY.CAPITAL] in (OUT.FAILED, OUT.NOT_CHECKABLE)
