"""Codes in photos: turned, noisy, pale, inverted, small, several at once."""

from __future__ import annotations

import random

import pytest
from PIL import Image, ImageFilter, ImageOps

from qihua_desktop.domain.invoice import FindingKey, InvoiceSource
from qihua_desktop.exchange.invoices import read_invoice
from qihua_desktop.exchange.invoices.codes import decode
from tests.corpus import corpus_files
from tests.exchange.invoices import invoice_files as files

PAGE = (1200, 900)


def photo(*places: tuple[int, int], scale: int = 5) -> Image.Image:
    page = Image.new("L", PAGE, 235)
    for sample, place in zip(files.numbered(len(places)), places, strict=True):
        page.paste(files.qr_image(files.qr_text(sample), scale), place)
    return page


def noisy(image: Image.Image, amount: int) -> Image.Image:
    generator = random.Random(7)
    pixels = bytes(max(0, min(255, value + generator.randint(-amount, amount))) for value in image.tobytes())
    return Image.frombytes("L", image.size, pixels)


CHANGES = {
    "as it is": lambda image: image,
    "turned a quarter": lambda image: image.rotate(90, expand=True),
    "upside down": lambda image: image.rotate(180),
    "slanted": lambda image: image.rotate(17, expand=True, fillcolor=235),
    "noise": lambda image: noisy(image, 70),
    "pale": lambda image: image.point(lambda value: 150 + value // 8),
    "dark": lambda image: image.point(lambda value: value // 6),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(1.5)),
    "inverted": ImageOps.invert,
    "mirrored": ImageOps.mirror,
}


@pytest.mark.parametrize("change", CHANGES, ids=list(CHANGES))
def test_a_code_is_found_whatever_the_photo_is_like(change):
    image = CHANGES[change](photo((400, 300)))
    (result,) = read_invoice(files.as_bytes(image, "JPEG", quality=70), "photo.jpg")
    assert result.parsed is not None, result.findings
    assert (result.parsed.number, result.parsed.source) == ("26440000000000000001", InvoiceSource.IMAGE)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"])
def test_every_usual_picture_format_is_read(kind):
    (result,) = read_invoice(files.as_bytes(photo((400, 300)), kind), "x")
    assert result.parsed is not None


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_every_colour_mode_is_read(mode):
    image = photo((400, 300))
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 256).convert("I;16")
    else:
        image = image.convert(mode)
    kind = "TIFF" if mode in ("CMYK", "I;16", "F") else "PNG"
    (result,) = read_invoice(files.as_bytes(image, kind), "x")
    assert result.parsed is not None


def test_a_clear_background_counts_as_white():
    code = files.qr_image(files.qr_text(), 5)
    image = Image.new("RGBA", (500, 500), (0, 0, 0, 0))
    image.paste(Image.merge("RGBA", [code, code, code, ImageOps.invert(code)]), (100, 100))
    (result,) = read_invoice(files.as_bytes(image), "x.png")
    assert result.parsed is not None


def test_several_invoices_in_one_photo_give_several_results():
    places = ((50, 50), (600, 50), (50, 500), (600, 500))
    results = read_invoice(files.as_bytes(photo(*places)), "four.png")
    assert {result.parsed.number for result in results} == {sample.number for sample in files.numbered(4)}
    assert len({result.sha256 for result in results}) == 1


def test_every_page_of_a_scan_is_read():
    pages = [photo((400, 300)), photo((10, 10), (600, 300))]
    content = files.as_bytes(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert len(read_invoice(content, "scan.tiff")) == 2


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("https://example.org", FindingKey.NOT_AN_INVOICE),
        ("https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash=0&bill_num=1", FindingKey.NEEDS_TYPING),
    ],
)
def test_another_code_is_named_as_such(text, key):
    (result,) = read_invoice(files.as_bytes(files.qr_image(text)), "x.png")
    assert [finding.key for finding in result.findings] == [key]


def test_a_picture_without_a_code_says_what_to_do():
    (result,) = read_invoice(files.as_bytes(Image.new("L", (300, 300), 200)), "x.png")
    assert (result.findings[0].key, bool(result.findings[0].advice)) == (FindingKey.NO_CODE, True)


def test_codes_in_real_photos_are_decoded():
    paths = [path for path in corpus_files("event/zxing-cpp", "qrcode-*/*") if path.suffix != ".txt"]
    if not paths:
        pytest.skip("the test corpus is not on this machine")
    missed = []
    for path in paths:
        with Image.open(path) as image:
            if not decode(image.convert("L")):
                missed.append(f"{path.parent.name}/{path.name}")
    assert len(missed) <= len(paths) // 15, missed
