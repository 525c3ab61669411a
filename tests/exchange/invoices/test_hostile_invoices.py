"""Files that are broken or built to do harm: each becomes a finding on itself, in bounded time and memory."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from qihua_desktop.domain.invoice import FindingKey, Severity
from qihua_desktop.exchange.invoices import pdf, read, read_invoice
from qihua_desktop.exchange.invoices import results as bounds
from tests.exchange.invoices import invoice_files as files
from tests.exchange.invoices.invoice_files import Line, Sample

LAUGHS = """<?xml version="1.0"?><!DOCTYPE EInvoice [<!ENTITY a "ha">{}]><EInvoice>&z;</EInvoice>""".format(
    "".join(
        f'<!ENTITY {name} "{("&" + before + ";") * 10}">'
        for before, name in zip("abcdefghij", "bcdefghijz", strict=True)
    )
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><EInvoice><a>&e;</a></EInvoice>'
REMOTE = '<!DOCTYPE EInvoice SYSTEM "http://example.org/x.dtd"><EInvoice/>'


def refused(content: bytes | Path, *keys: FindingKey):
    results = read_invoice(content, "bad")
    assert len(results) == 1
    (result,) = results
    assert result.parsed is None
    assert [finding.severity for finding in result.findings] == [Severity.ERROR]
    assert result.findings[0].message
    assert result.findings[0].advice
    if keys:
        assert result.findings[0].key in keys
    return result


def png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bomb_zip(name: str = "xml/a.xml", megabytes: int = 200) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        for _part in range(megabytes):
            member.write(b" " * (1 << 20))
    return stream.getvalue()


@pytest.mark.parametrize("content", [LAUGHS, OUTSIDE, REMOTE], ids=["laughs", "outside", "remote"])
def test_document_types_and_entities_are_refused(content):
    refused(content.encode(), FindingKey.REFUSED)
    refused(files.zipped({"OFD.xml": content}), FindingKey.REFUSED)
    refused(files.zipped({"OFD.xml": files.custom_data({}), "Doc_0/Attachs/a.xml": content}), FindingKey.REFUSED)
    assert "root:" not in str(read_invoice(content.encode()))


def test_a_zip_that_grows_is_refused_in_little_memory():
    content = bomb_zip()
    tracemalloc.start()
    try:
        refused(content, FindingKey.REFUSED)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_an_ofd_whose_directory_lies_about_sizes_is_refused():
    content = bytearray(bomb_zip("OFD.xml", 40))
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    refused(bytes(content), FindingKey.REFUSED, FindingKey.DAMAGED)


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/x.xml", "C:\\x.xml", "a/../../b.xml", "..\\x.xml"])
def test_members_outside_the_archive_are_refused(name):
    refused(files.zipped({"OFD.xml": files.custom_data({}), name: b"<a/>"}), FindingKey.REFUSED)


def test_a_member_without_a_name_does_no_harm():
    content = bytearray(files.zipped({"x": b"", "a.xml": files.bureau_xml()}))
    for signature, place in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46)):
        content[content.find(signature) + place] = 0
    assert [result.parsed is not None for result in read_invoice(bytes(content), "x.zip")] == [True]


def test_too_many_members_are_refused():
    refused(files.zipped({f"{number}.xml": b"" for number in range(1001)}), FindingKey.REFUSED)


def test_archives_in_archives_are_not_opened():
    inner = files.zipped({"xml/a.xml": files.bureau_xml()})
    result = refused(files.zipped({"inner.zip": inner}), FindingKey.REFUSED)
    assert "inner.zip" in result.name


def test_an_encrypted_archive_is_named_as_such():
    content = bytearray(files.zipped({"OFD.xml": files.custom_data({"发票号码": "1" * 20})}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + place] |= 1
    assert "密码" in refused(bytes(content), FindingKey.REFUSED).findings[0].message


@pytest.mark.parametrize("depth", [100, 5000])
def test_deep_nesting_is_refused(depth):
    refused(("<a>" * depth + "</a>" * depth).encode(), FindingKey.REFUSED)


def test_too_many_elements_are_refused():
    refused(b"<a>" + b"<b/>" * 300_000 + b"</a>", FindingKey.REFUSED)


def test_a_file_beyond_the_bound_is_refused_without_being_read(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    try:
        result = refused(path, FindingKey.TOO_LARGE)
        assert tracemalloc.get_traced_memory()[1] < 2.5 * bounds.MOST_FILE_BYTES
    finally:
        tracemalloc.stop()
    assert result.original == b""


@pytest.mark.parametrize(("width", "height"), [(100_000, 100_000), (20_000, 4_000)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(width, height):
    refused(png(width, height, zlib.compress(b"\0" * 1000)), FindingKey.TOO_LARGE)


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (b"", {FindingKey.EMPTY}),
        (b"\0" * 1000, {FindingKey.EMPTY}),
        (b"  \r\n", {FindingKey.EMPTY}),
        (b"hello", {FindingKey.UNKNOWN_FORMAT}),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {FindingKey.UNKNOWN_FORMAT}),
        (b"PK\x03\x04", {FindingKey.DAMAGED}),
        (b"%PDF-1.7\ngarbage", {FindingKey.DAMAGED}),
        (b"\xff\xd8\xff\xe0garbage", {FindingKey.DAMAGED}),
        (b"BMxxxx", {FindingKey.DAMAGED}),
        (b"<a>", {FindingKey.DAMAGED}),
        (b"<html><body/></html>", {FindingKey.NOT_AN_INVOICE}),
        (b"<xbrl><InvoiceNumber>1</InvoiceNumber></xbrl>", {FindingKey.NOT_AN_INVOICE}),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", {FindingKey.UNKNOWN_FORMAT}),
        (files.zipped({}), {FindingKey.NOT_AN_INVOICE, FindingKey.UNKNOWN_FORMAT}),
        (files.zipped({"readme.txt": "hello"}), {FindingKey.NOT_AN_INVOICE}),
        (files.zipped({"OFD.xml": files.custom_data({})}), {FindingKey.NEEDS_TYPING}),
        (files.zipped({"OFD.xml": "<x/>"}), {FindingKey.NOT_AN_INVOICE}),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(content, keys):
    refused(content, *keys)


def test_an_invoice_element_without_anything_is_none():
    refused(b"<EInvoice/>", FindingKey.NOT_AN_INVOICE)


def test_a_pdf_that_takes_too_long_is_given_up_in_the_middle_of_a_page(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_SECONDS", 0.05)
    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    for step in range(60_000):
        canvas.line(step % 595, step * 7 % 842, step * 13 % 595, step * 29 % 842)
    canvas.save()
    refused(drawn.getvalue(), FindingKey.TOO_LARGE)


def test_pages_beyond_the_bound_are_counted_in_a_finding():
    results = read_invoice(files.invoice_pdf(files.numbered(pdf.MOST_PAGES + 3), text=False), "long.pdf")
    assert len(results) == pdf.MOST_PAGES
    assert [finding.key for finding in results[0].all_findings] == [FindingKey.SKIPPED]
    assert "3" in results[0].all_findings[0].message


def test_an_archive_that_takes_too_long_gives_what_was_read(monkeypatch):
    monkeypatch.setattr(read, "MOST_SECONDS", -1.0)
    result = refused(files.zipped({"a.xml": files.bureau_xml()}), FindingKey.SKIPPED)
    assert "1" in result.findings[0].message


def test_missing_files_and_folders_are_findings(tmp_path):
    refused(tmp_path / "absent.xml")
    refused(tmp_path)


GOOD = {
    "xml": files.bureau_xml(),
    "ofd": files.digital_ofd(attached=True),
    "pdf": files.invoice_pdf([Sample()]),
    "png": files.as_bytes(files.qr_image(files.qr_text())),
    "jpeg": files.as_bytes(files.qr_image(files.qr_text()), "JPEG"),
    "tiff": files.as_bytes(files.qr_image(files.qr_text()), "TIFF"),
    "webp": files.as_bytes(files.qr_image(files.qr_text()), "WEBP"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_cut_and_damaged_files_never_raise(kind):
    content, generator = GOOD[kind], random.Random(kind)
    for _round in range(25):
        damaged = bytearray(content[: generator.randint(1, len(content))])
        for _byte in range(generator.randint(0, 6)):
            damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        for result in read_invoice(bytes(damaged), "x"):
            assert result.parsed is not None or result.findings[0].message


def test_the_good_files_of_a_drop_are_read_beside_the_bad_ones():
    content = files.zipped({"a.xml": files.bureau_xml(), "b.xml": b"<a>", "c.ofd": b"PK\x03\x04", "d.pdf": b"%PDF-x"})
    results = read_invoice(content, "drop.zip")
    assert [result.parsed is not None for result in results] == [True, False, False, False]
    assert [result.name.rpartition(" ")[2] for result in results] == ["a.xml", "b.xml", "c.ofd", "d.pdf"]


@settings(max_examples=150)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"<", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"01,32,"])
)
def test_any_bytes_are_read_or_refused_in_words(content, start):
    for result in read_invoice(start + content, "x"):
        assert result.parsed is not None or result.findings[0].message


@pytest.mark.parametrize("fen", [1, 100, 10**12, 10**14, -1, -(10**12)])
def test_amounts_of_every_size_keep_their_fen(fen):
    (result,) = read_invoice(files.bureau_xml(Sample(lines=(Line(net=fen, tax=0, rate=0),))) if abs(fen) < 10**14 else
                             files.bureau_xml().replace(b"500.00", b"1000000000000.00"))  # fmt: skip
    assert result.parsed.gross == fen


@pytest.mark.parametrize("value", ["=1+1", "@SUM(A1:A9)", "1e400", "9" * 400, "NaN", "-", "<b>5</b>"])
def test_an_amount_that_is_none_is_a_finding_and_not_a_number(value):
    content = files.bureau_xml().replace(b"includedAmount>500.00<", f"includedAmount>{value}<".encode())
    (result,) = read_invoice(content)
    assert result.parsed is not None
    assert result.parsed.gross in (None, 50_000), "added up from the other two"
    assert result.all_findings


def test_ten_thousand_characters_and_odd_signs_are_kept_short_and_plain():
    name = "名" * 10_000 + "\u202e</b>"
    (result,) = read_invoice(files.bureau_xml(Sample(seller=name, remark="\t\x85" + name)))
    assert len(result.parsed.seller_name) == 300
    assert len(result.parsed.remark) <= 2000
