import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.invoice import CrcState, FindingKey, InvoiceKind
from qihua_desktop.domain.invoice_qr import LONGEST_TEXT, crc16, is_invoice_text, parse_qr_text, split_scans

DIGITAL = "01,32,,26440000000000000001,500.00,20260115,,3BF8"


@pytest.mark.parametrize(
    ("text", "check"),
    [("123456789", "FEE8"), ("01,32,,26440000000000000001,500.00,20260115,", "3BF8"), ("", "0000")],
)
def test_check_digits_follow_the_known_vectors(text, check):
    assert crc16(text) == check


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (DIGITAL, CrcState.MATCHES),
        (DIGITAL + ",", CrcState.MATCHES),
        # As printed on real invoices, with the comma before the check digits inside or outside of what is checked.
        ("01,32,,26427000000375586818,10.70,20260430,,FAFB", CrcState.MATCHES),
        ("01,10,011001700112,10113872,32,20180224,17602940807063740560,0819", CrcState.MATCHES),
        (DIGITAL.replace("500.00", "600.00"), CrcState.DIFFERS),
        (DIGITAL.removesuffix("3BF8"), CrcState.ABSENT),
    ],
)
def test_check_digits_of_a_code_are_compared_softly(text, state):
    assert parse_qr_text(text).crc is state


def test_a_digital_code_gives_number_kind_date_and_total():
    invoice = parse_qr_text(DIGITAL)
    assert (invoice.number, invoice.kind, invoice.issued_on) == (
        "26440000000000000001", InvoiceKind.DIGITAL_ORDINARY, "2026-01-15",
    )  # fmt: skip
    assert (invoice.gross, invoice.net, invoice.tax, invoice.is_red) == (50_000, None, None, False)


def test_an_older_code_gives_the_amount_without_tax_and_says_so():
    invoice = parse_qr_text("01,01,3100204130,12345678,943.40,20201108,,ABCD")
    assert (invoice.kind, invoice.net, invoice.gross) == (InvoiceKind.SPECIAL, 94_340, None)
    assert any(finding.key is FindingKey.INCOMPLETE for finding in invoice.findings)


def test_a_negative_total_is_a_red_invoice():
    assert parse_qr_text(DIGITAL.replace("500.00", "-500.00")).is_red


@pytest.mark.parametrize(("field", "bad"), [("500.00", "5O0.00"), ("20260115", "20261345"), ("500.00", "=1+1")])
def test_an_unreadable_field_is_a_finding_and_stays_empty(field, bad):
    invoice = parse_qr_text(DIGITAL.replace(field, bad))
    assert any(finding.key is FindingKey.BAD_FIELD and bad in finding.message for finding in invoice.findings)
    assert invoice.issued_on is None or invoice.gross is None


@pytest.mark.parametrize("text", ["", "hello", "https://example.org/?a=01,32,", "01,32", "01,32,,abc,1,20260101,,"])
def test_other_texts_are_refused_in_words(text):
    with pytest.raises(InputError) as caught:
        parse_qr_text(text)
    assert caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize(
    "typed",
    [
        DIGITAL + "\r\n",
        DIGITAL + ",\n",
        "０１，３２，，２６４４０００００００００００００００１，５００．００，２０２６０１１５，，３ＢＦ８",
        "01，32，，26440000000000000001，500。00，20260115，，3bf8",
        "01,32,,264400000000\n00000001,500.00,2026\r\n0115,,3BF8",
        " 01,32, ,26440000000000000001 ,500.00,20260115,,3BF8\u200b",
    ],
)
def test_what_scanners_and_input_methods_do_to_a_code_is_undone(typed):
    codes = split_scans(typed)
    assert [code.rstrip(",") for code in codes] == [DIGITAL]
    assert parse_qr_text(codes[0]).crc is CrcState.MATCHES


@pytest.mark.parametrize("between", ["", "\n", ",", ",\r\n", "\n\n\t"])
def test_several_codes_are_told_apart(between):
    other = "01,31,,26310000000000000002,1234.50,20260201,,"
    other += crc16(other[:-1])
    assert [parse_qr_text(code).number[-1] for code in split_scans(DIGITAL + between + other)] == ["1", "2"]


def test_too_long_a_text_is_refused():
    with pytest.raises(InputError):
        split_scans("9" * (LONGEST_TEXT + 1))


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text):
    for code in split_scans(text):
        try:
            told = parse_qr_text(code).number
        except InputError as error:
            told = error.message
        assert told


@given(st.integers(1, 10**13), st.integers(0, 10**20 - 1), st.dates().filter(lambda day: day.year > 1999))
def test_a_code_reads_back_as_it_was_made(fen, number, day):
    plain = f"01,31,,{number:020d},{fen // 100}.{fen % 100:02d},{day:%Y%m%d},"
    code = f"{plain},{crc16(plain)}"
    assert is_invoice_text(code)
    invoice = parse_qr_text(code)
    assert (invoice.number, invoice.gross, invoice.issued_on) == (f"{number:020d}", fen, day.isoformat())
    assert invoice.crc is CrcState.MATCHES
