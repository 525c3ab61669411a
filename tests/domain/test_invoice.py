import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.invoice import (
    BUREAU_KINDS,
    QR_KINDS,
    XML_KINDS,
    InvoiceKind,
    InvoiceSource,
    InvoiceStatus,
    ParsedInvoice,
    duplicate_keys,
    invoice_kind_label,
    invoice_source_label,
    invoice_status_label,
    plain_name,
    plain_tax_id,
    soft_key,
)
from qihua_desktop.domain.invoice_values import MOST_FEN, read_amount, read_currency, read_day, read_rate

NUMBER = "26440000000000000001"


def test_the_three_code_systems_name_the_same_kinds():
    assert XML_KINDS["01"] is QR_KINDS["31"] is BUREAU_KINDS["81"] is InvoiceKind.DIGITAL_SPECIAL
    assert XML_KINDS["02"] is QR_KINDS["32"] is BUREAU_KINDS["82"] is InvoiceKind.DIGITAL_ORDINARY
    assert (BUREAU_KINDS["51"], BUREAU_KINDS["61"]) == (InvoiceKind.RAIL, InvoiceKind.AIR)


def test_every_kind_source_and_state_has_a_name_of_its_own():
    for label, members in (
        (invoice_kind_label, InvoiceKind), (invoice_source_label, InvoiceSource), (invoice_status_label, InvoiceStatus),
    ):  # fmt: skip
        names = [label(member) for member in members]
        assert len(set(names)) == len(names)
        assert all((name and not name.isascii()) or "OFD" in name for name in names)


@pytest.mark.parametrize(
    ("invoice", "keys"),
    [
        (ParsedInvoice(NUMBER), (NUMBER,)),
        (ParsedInvoice("12345678", code="044031900111"), ("044031900111-12345678",)),
        (ParsedInvoice("12345678"), ("12345678",)),
        (
            ParsedInvoice(NUMBER, code="3100241130", paper_number="12345678", kind=InvoiceKind.PAPER_DIGITAL_SPECIAL),
            (NUMBER, "3100241130-12345678"),
        ),
        (ParsedInvoice(""), ()),
    ],
)
def test_duplicates_are_known_by_number_or_code_and_number(invoice, keys):
    assert duplicate_keys(invoice) == keys


def test_the_soft_key_needs_seller_total_and_date():
    whole = ParsedInvoice(NUMBER, seller_tax_id="X", gross=5, issued_on="2026-01-01")
    assert soft_key(whole) == ("X", 5, "2026-01-01")
    assert soft_key(ParsedInvoice(NUMBER, seller_tax_id="X", gross=5)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海启华（集团）有限公司", "上海启华(集团)有限公司"),
        ("上海启华（集团）有限公司", "上海启华 ( 集团 ) 有限公司\u3000"),
        ("ＡＢＣ 有限公司", "abc有限公司"),
        ("启华〔中国〕公司", "启华【中国】公司"),
        ("启华\u200b公司", "启华公司"),
    ],
)
def test_names_are_compared_without_brackets_width_and_blanks(one, other):
    assert plain_name(one) == plain_name(other)


def test_different_names_stay_different():
    assert plain_name("上海启华有限公司") != plain_name("上海启华股份有限公司")
    assert plain_tax_id("９１３１００００ma1fl0qh7x ") == "91310000MA1FL0QH7X"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("500.00", 50_000), ("-500.00", -50_000), ("¥1,234.50", 123_450), ("-¥8", -800), ("¥-8", -800), ("0.01", 1),
        ("10000000000.00", 10**12), ("0.120000", 12), ("－２．５０", -250), ("500.00元", 50_000), ("0", 0),
    ],
)  # fmt: skip
def test_amounts_are_read_to_the_fen(text, fen):
    assert read_amount(text).value == fen


@pytest.mark.parametrize(
    "text",
    ["", "abc", "=1+1", "@SUM(A1)", "1e5", "--5", "-¥-5", "1,2,3", "9" * 17, "NaN", "∞", "1.2.3", "5 000 x", "1" * 500],
)
def test_other_texts_are_no_amounts(text):
    assert read_amount(text) is None


def test_parts_of_a_fen_are_rounded_half_up_and_said():
    assert (read_amount("1.184500").value, read_amount("1.185").value) == (118, 119)
    assert read_amount("1.184500").rounded
    assert not read_amount("1.180000").rounded


@pytest.mark.parametrize(
    ("text", "currency"), [("USD 20.00", "USD"), ("US$20", "USD"), ("20.00HKD", "HKD"), ("€5", "EUR"), ("CNY 5", "CNY")]
)
def test_the_currency_of_an_amount_is_kept(text, currency):
    assert read_amount(text).currency == currency


def test_currencies_are_named_by_their_code():
    assert [read_currency(text) for text in ("", "人民币", "美元", "eur", "珠币")] == ["CNY", "CNY", "USD", "EUR", None]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-15", "2026-01-15"), ("2026-01-15 10:08:05", "2026-01-15"), ("2026-01-15T10:08:05", "2026-01-15"),
        ("20260115", "2026-01-15"), ("20260115220053", "2026-01-15"), ("2026年1月5日", "2026-01-05"),
        ("2026 年 01 月 15 日", "2026-01-15"), ("2026/1/5", "2026-01-05"), ("20260230", None), ("15.01.2026", None),
        ("", None), ("2026011", None),
    ],
)  # fmt: skip
def test_dates_are_read_as_invoices_write_them(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("0.060000", 600), ("6%", 600), ("13", 1300), ("1%", 100), ("0.01", 100), ("0", 0), ("0.000000", 0),
        ("1.5%", 150), ("免税", None), ("***", None), ("", None), ("0.0612345", None),
    ],
)  # fmt: skip
def test_rates_are_read_as_fractions_and_percentages(text, points):
    assert read_rate(text) == points


@given(st.integers(-MOST_FEN, MOST_FEN))
def test_every_amount_reads_back(fen):
    sign = "-" if fen < 0 else ""
    assert read_amount(f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}0000").value == fen


@given(st.text(max_size=80))
def test_any_text_is_a_value_or_nothing(text):
    assert read_amount(text) is None or read_amount(text).value == read_amount(text).value
    assert read_day(text) is None or len(read_day(text)) == 10
    rate = read_rate(text)
    assert rate is None or 0 <= rate <= 10_000
    assert " " not in plain_name(text)
