"""What invoices promise: 500 XML files parsed and judged, beside expat's bare reading of the same bytes."""

from __future__ import annotations

import random
from datetime import date
from xml.etree import ElementTree

from qihua_desktop.domain.invoice import duplicate_keys
from qihua_desktop.domain.invoice_checks import InvoiceFacts, check_invoice
from qihua_desktop.domain.invoice_sums import expected_tax
from qihua_desktop.exchange.invoices import read_invoice
from tests.exchange.invoices import invoice_files as files
from tools.bench import Report, milliseconds

INVOICES = 500


def run(report: Report) -> None:
    """Measure invoices of one to forty lines, and the pictures and PDFs that are dropped beside them."""
    contents = [files.bureau_xml(sample) for sample in _samples()]

    def parse_and_check() -> None:
        seen: dict[str, str] = {}
        for place, content in enumerate(contents):
            for result in read_invoice(content, f"{place}.xml"):
                if result.parsed is None:
                    raise AssertionError(result.findings)
                key = duplicate_keys(result.parsed)[0]
                used = ((seen[key], key),) if key in seen else ()
                seen.setdefault(key, result.name)
                facts = InvoiceFacts(
                    result.parsed,
                    date(2026, 12, 31),
                    company_name=files.COMPANY,
                    company_tax_id=files.COMPANY_ID,
                    year_start=date(2026, 1, 1),
                    year_end=date(2026, 12, 31),
                    approved_on=date(2026, 1, 1),
                    line_name="会议",
                    used=used,
                )
                if not check_invoice(facts):
                    raise AssertionError(key)

    def bare() -> None:
        for content in contents:
            ElementTree.fromstring(content)

    report.add(
        "Parse and check 500 XML invoices",
        milliseconds(parse_and_check, rounds=3),
        baseline=milliseconds(bare, rounds=3),
        limit=2000,
    )
    _pictures(report)


def _pictures(report: Report) -> None:
    from PIL import Image

    page = Image.new("L", (4000, 3000), 230)
    page.paste(files.qr_image(files.qr_text(), 8), (700, 500))
    photo, pdf = files.as_bytes(page, "JPEG"), files.invoice_pdf([files.Sample()])
    report.add("Decode the code of a 12-megapixel photo", milliseconds(lambda: read_invoice(photo), rounds=3))
    report.add("Read a PDF invoice (text and code)", milliseconds(lambda: read_invoice(pdf), rounds=3))


def _samples() -> list[files.Sample]:
    generator = random.Random(5)
    samples: list[files.Sample] = []
    for sample in files.numbered(INVOICES):
        lines: list[files.Line] = []
        for _place in range(generator.choice((1, 1, 1, 2, 5, 40))):
            rate, net = generator.choice((100, 300, 600, 900, 1300)), generator.randint(100, 10**7)
            lines.append(files.Line(net=net, tax=expected_tax(net, rate), rate=rate))
        samples.append(files.Sample(number=sample.number, lines=tuple(lines), issued="2026-03-02"))
    return samples
