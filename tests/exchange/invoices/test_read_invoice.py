"""Sound files: every form of an invoice gives the same facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.invoice import CrcState, FindingKey, InvoiceKind, InvoiceSource, Severity
from qihua_desktop.domain.invoice_sums import expected_tax
from qihua_desktop.exchange.invoices import read_invoice, read_typed
from tests.exchange.invoices import invoice_files as files
from tests.exchange.invoices.invoice_files import Line, Sample


def only(content: bytes, name: str = "invoice"):
    results = read_invoice(content, name)
    assert len(results) == 1
    assert results[0].parsed is not None, results[0].findings
    return results[0].parsed


@pytest.mark.parametrize("version", ["0.2", "0.32", "0.33"])
def test_the_bureaus_xml_is_read_whole(version):
    invoice = only(files.bureau_xml(Sample(version=version, remark="会议费")))
    assert (invoice.number, invoice.kind, invoice.issued_on, invoice.source) == (
        "26440000000000000001", InvoiceKind.DIGITAL_ORDINARY, "2026-01-15", InvoiceSource.XML,
    )  # fmt: skip
    assert (invoice.net, invoice.tax, invoice.gross, invoice.currency) == (47_170, 2_830, 50_000, "CNY")
    assert (invoice.seller_name, invoice.seller_tax_id) == ("示例会展服务有限公司", "91440000000000000X")
    assert (invoice.buyer_name, invoice.buyer_tax_id) == (files.COMPANY, files.COMPANY_ID)
    assert (invoice.capital_text, invoice.remark, invoice.is_red) == ("伍佰圆整", "会议费", False)
    line = invoice.lines[0]
    assert (line.name, line.unit, line.quantity, line.unit_price) == ("*会展服务*会议服务", "次", "1", "471.70")
    assert (line.net, line.tax, line.rate_bp, line.class_code) == (47_170, 2_830, 600, "3040801010000000000")
    assert invoice.findings == ()
    assert ("Version", version) in invoice.raw


def test_values_come_from_their_full_path_only():
    invoice = only(files.bureau_xml())
    assert invoice.number != "00000000000000000009", "a plate number is no invoice number"
    assert invoice.issued_on != "2020-02-02", "the time of the request is not the date"


def test_the_number_of_the_supervision_goes_before_the_file_id():
    content = files.bureau_xml().replace(b"<EIid>26440000000000000001", b"<EIid>99999999999999999999")
    assert only(content).number == "26440000000000000001"


def test_the_total_of_a_line_is_not_the_total_of_the_invoice():
    content = files.bureau_xml().replace(b"TotalTax-includedAmount>", b"Elsewhere>")
    invoice = only(content)
    assert invoice.gross == 50_000, "added up"
    assert any(finding.key is FindingKey.INCOMPLETE for finding in invoice.findings)


def test_empty_labels_leave_the_kind_open_and_say_so():
    invoice = only(files.bureau_xml(labels=False))
    assert invoice.kind is InvoiceKind.OTHER
    assert [finding.severity for finding in invoice.findings] == [Severity.WARNING]


def test_a_red_invoice_is_negative_and_names_the_blue_one():
    line = Line(net=-47_170, tax=-2_830)
    remark = "被红冲蓝字数电发票号码：25440000000000000007 红字发票信息确认单编号：44000026010000000001"
    invoice = only(files.bureau_xml(Sample(lines=(line,), red=True, remark=remark)))
    assert (invoice.is_red, invoice.gross, invoice.red_of) == (True, -50_000, "25440000000000000007")
    assert invoice.lines[0].net == -47_170


def test_an_older_red_invoice_names_code_and_number():
    invoice = only(files.bureau_xml(Sample(remark="对应正数发票代码:044031900111号码:12345678")))
    assert (invoice.is_red, invoice.red_of) == (True, "044031900111-12345678")


PINYIN = """<?xml version="1.0" encoding="{encoding}"?><发票><FPHM>26320000000000100007</FPHM><KPRQ>2026-07-30</KPRQ>
<FPPZ_DM>82</FPPZ_DM><XSF_MC>示例生活服务（无锡）有限公司</XSF_MC><XSFNSRSBH>91320200MAXXXXXX1G</XSFNSRSBH><GMFMC>个人</GMFMC>
<GMFNSRSBH></GMFNSRSBH><HJJE>57.28</HJJE><HJSE>1.72</HJSE><JSHJXX>59.00</JSHJXX><JSHJDX>伍拾玖圆整</JSHJDX>
<HWXX><XMMC>餐饮服务</XMMC><FPJYSL>1</FPJYSL><JE>57.28</JE><SLV>0.030000</SLV><SE>1.720000</SE></HWXX></发票>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK", "UTF-16"])
def test_the_pinyin_dialect_is_read_in_every_encoding(encoding):
    invoice = only(PINYIN.format(encoding=encoding).encode(encoding))
    assert (invoice.number, invoice.kind, invoice.net, invoice.tax, invoice.gross) == (
        "26320000000000100007", InvoiceKind.DIGITAL_ORDINARY, 5_728, 172, 5_900,
    )  # fmt: skip
    assert (invoice.seller_name, invoice.buyer_name) == ("示例生活服务（无锡）有限公司", "个人")
    assert (invoice.lines[0].name, invoice.lines[0].rate_bp, invoice.lines[0].tax) == ("餐饮服务", 300, 172)


def test_chinese_tags_and_several_invoices_in_a_file_are_read():
    one = "<发票><发票号码>{}</发票号码><开票日期>2026-09-18</开票日期><合计金额>-2500.00</合计金额>"
    one += "<合计税额>-150.00</合计税额>"
    one += "<价税合计>-2650.00</价税合计><被红冲蓝字发票号码>24110000000000100003</被红冲蓝字发票号码></发票>"
    content = f"<清单>{one.format('26' + '0' * 18)}{one.format('26' + '1' * 18)}</清单>".encode()
    results = read_invoice(content, "list.xml")
    assert [result.parsed.number for result in results] == ["26" + "0" * 18, "26" + "1" * 18]
    assert results[0].parsed.red_of == "24110000000000100003"
    assert results[0].parsed.is_red


def test_digital_ofd_gives_named_values_and_names_from_the_page():
    invoice = only(files.digital_ofd(Sample(special=True)))
    assert (invoice.number, invoice.kind, invoice.net, invoice.tax, invoice.gross) == (
        "26440000000000000001", InvoiceKind.DIGITAL_SPECIAL, 47_170, 2_830, 50_000,
    )  # fmt: skip
    assert (invoice.seller_name, invoice.buyer_name) == ("示例会展服务有限公司", files.COMPANY)
    assert (invoice.buyer_tax_id, invoice.source) == (files.COMPANY_ID, InvoiceSource.OFD)


def test_the_attached_xml_of_an_ofd_is_preferred():
    invoice = only(files.digital_ofd(attached=True))
    assert (len(invoice.lines), invoice.capital_text) == (1, "伍佰圆整")


def test_an_ofd_that_contradicts_itself_is_reported():
    content = files.zipped(
        {
            "OFD.xml": files.custom_data({"发票号码": "26440000000000000002", "价税合计": "900.00"}),
            "Doc_0/Attachs/a.xml": files.bureau_xml(),
        }
    )
    invoice = only(content)
    assert (invoice.number, invoice.gross) == ("26440000000000000001", 50_000)
    assert [finding.key for finding in invoice.findings] == [FindingKey.CONFLICT, FindingKey.CONFLICT]


def test_an_older_ofd_has_code_and_number():
    invoice = only(files.old_ofd(Sample(remark="会务")))
    assert (invoice.code, invoice.number, invoice.kind) == (
        "044031900111", "12345678", InvoiceKind.ELECTRONIC_ORDINARY,
    )  # fmt: skip
    assert (invoice.net, invoice.tax, invoice.gross, invoice.issued_on) == (47_170, 2_830, 50_000, "2020-08-05")
    assert (invoice.seller_tax_id, invoice.buyer_name, invoice.remark) == ("91440000000000000X", files.COMPANY, "会务")
    assert (invoice.lines[0].rate_bp, invoice.lines[0].unit) == (600, "次")


@pytest.mark.parametrize("special", [False, True])
def test_a_pdf_gives_text_and_code(special):
    invoice = only(files.invoice_pdf([Sample(special=special)]))
    assert (invoice.number, invoice.issued_on, invoice.crc) == ("26440000000000000001", "2026-01-15", CrcState.MATCHES)
    assert invoice.kind is (InvoiceKind.DIGITAL_SPECIAL if special else InvoiceKind.DIGITAL_ORDINARY)
    assert (invoice.net, invoice.tax, invoice.gross, invoice.capital_text) == (47_170, 2_830, 50_000, "伍佰圆整")
    assert (invoice.seller_name, invoice.seller_tax_id) == ("示例会展服务有限公司", "91440000000000000X")
    assert (invoice.buyer_name, invoice.buyer_tax_id) == (files.COMPANY, files.COMPANY_ID)


def test_a_pdf_without_text_still_gives_its_code_and_without_code_its_text():
    scanned = only(files.invoice_pdf([Sample()], text=False))
    assert (scanned.gross, scanned.buyer_name) == (50_000, "")
    printed = only(files.invoice_pdf([Sample()], code=False))
    assert (printed.gross, printed.buyer_name, printed.crc) == (50_000, files.COMPANY, CrcState.ABSENT)


@pytest.mark.parametrize("per_page", [1, 2])
def test_a_pdf_of_several_invoices_gives_each_once(per_page):
    results = read_invoice(files.invoice_pdf(files.numbered(4), per_page=per_page), "all.pdf")
    assert [result.parsed.number for result in results] == [sample.number for sample in files.numbered(4)]
    assert {result.parsed.gross for result in results} == {50_000}


def test_a_code_and_a_print_that_differ_are_reported():
    pages = (
        files.invoice_pdf([Sample()], code=False),
        files.invoice_pdf([Sample(lines=(Line(net=90_000),))], text=False),
    )
    assert [only(page).gross for page in pages] == [50_000, 92_830]
    from io import BytesIO

    import pikepdf

    with pikepdf.open(BytesIO(pages[0])) as base, pikepdf.open(BytesIO(pages[1])) as over:
        base.pages[0].add_overlay(over.pages[0], None)
        stream = BytesIO()
        base.save(stream)
    invoice = only(stream.getvalue())
    assert invoice.gross == 50_000
    assert [finding.key for finding in invoice.findings] == [FindingKey.CONFLICT]


def test_a_zip_with_one_invoice_in_several_forms_gives_the_best():
    content = files.zipped(
        {
            "dzfp/a.pdf": files.invoice_pdf([Sample()]),
            "dzfp/a.ofd": files.digital_ofd(),
            "dzfp/xml/a.xml": files.bureau_xml(),
            "dzfp/说明.txt": "说明",
        }
    )
    results = read_invoice(content, "download.zip")
    assert [(result.parsed.source, result.name) for result in results] == [
        (InvoiceSource.XML, "download.zip › dzfp/xml/a.xml")
    ]
    assert [finding.key for finding in results[0].findings] == [FindingKey.SKIPPED, FindingKey.SKIPPED]
    assert results[0].original == files.bureau_xml(), "the member is kept byte by byte"


def test_a_file_is_known_by_its_content_not_by_its_name(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(files.bureau_xml())
    (result,) = read_invoice(path)
    assert (result.name, result.parsed.source, len(result.sha256)) == ("photo.jpg", InvoiceSource.XML, 64)


def test_typed_codes_give_one_result_each():
    results = read_typed(files.qr_text() + "\n" + "99,xx\n" + files.qr_text(files.numbered(2)[1]))
    numbers = [result.parsed.number for result in results if result.parsed]
    assert numbers == ["26440000000000000001", "26440000000000000002"]


def test_a_text_file_of_scanned_codes_is_read():
    results = read_invoice("\r\n".join(files.qr_text(sample) for sample in files.numbered(3)).encode(), "scans.txt")
    assert len([result for result in results if result.parsed]) == 3


def test_foreign_currency_never_becomes_yuan():
    content = files.custom_data(
        {"发票号码": "26440000000000000001", "价税合计": "USD 500.00", "开票日期": "2026-01-15"}
    )
    invoice = only(files.zipped({"OFD.xml": content}))
    assert (invoice.currency, invoice.foreign_gross, invoice.gross) == ("USD", 50_000, None)
    assert any(finding.key is FindingKey.FOREIGN for finding in invoice.findings)


NAMES = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Cn", "Co")), min_size=1, max_size=30
)
RATES = st.sampled_from([0, 100, 300, 600, 900, 1300])


@st.composite
def samples(draw):
    sign = draw(st.sampled_from([1, -1]))
    lines = []
    for _place in range(draw(st.integers(1, 5))):
        rate, net = draw(RATES), sign * draw(st.integers(1, 10**10))
        lines.append(Line(draw(NAMES), net, expected_tax(net, rate), rate, spec=draw(NAMES)))
    return Sample(
        number=f"{draw(st.integers(10**19, 10**20 - 1))}",
        issued=draw(st.dates().filter(lambda day: day.year > 1999)).isoformat(),
        seller=draw(NAMES), buyer=draw(NAMES), lines=tuple(lines), special=draw(st.booleans()), red=sign < 0,
        version=draw(st.sampled_from(["0.2", "0.32", "0.33"])),
    )  # fmt: skip


@settings(max_examples=40)
@given(samples())
def test_every_invoice_reads_back_as_it_was_written(sample):
    for content in (files.bureau_xml(sample), files.digital_ofd(sample, attached=True)):
        invoice = only(content)
        assert (invoice.number, invoice.issued_on, invoice.is_red) == (sample.number, sample.issued, sample.red)
        assert (invoice.seller_name, invoice.buyer_name) == (sample.seller, sample.buyer)
        assert (invoice.net, invoice.tax, invoice.gross) == (sample.net, sample.tax, sample.net + sample.tax)
        assert [(line.name, line.spec, line.net, line.tax, line.rate_bp) for line in invoice.lines] == [
            (line.name, line.spec, line.net, line.tax, line.rate) for line in sample.lines
        ]
        assert not [finding for finding in invoice.findings if finding.severity is Severity.ERROR]


def test_names_like_formulas_and_markup_stay_plain_text():
    name = "=cmd|' /C calc'!A0 <img src=x> </b> \u202eevil"
    invoice = only(files.bureau_xml(replace(Sample(), seller=name)))
    assert invoice.seller_name.startswith("=cmd|' /C calc'!A0 <img src=x> </b>")
