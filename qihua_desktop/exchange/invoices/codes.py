"""QR codes of invoices in photos, scans and rendered pages: several in one picture, turned, small or pale.

Decoding takes plain grey bytes, so neither numpy nor a colour image is needed; memory is bounded by the picture's size,
which is known before a pixel is decoded.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING, Any, Final

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.invoice import FindingKey, InvoiceSource, ParsedInvoice
from qihua_desktop.domain.invoice_qr import is_invoice_text, parse_qr_text
from qihua_desktop.i18n import _

from .results import Unusable, damaged

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

FORMATS: Final = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
MOST_JPEG_PIXELS: Final = 85_000_000
"""A JPEG is shrunk while it is decoded, so it may be larger than other pictures."""
MOST_PIXELS: Final = 40_000_000
MOST_FRAMES: Final = 20
MOST_CODES: Final = 100

_WORKING_PIXELS: Final = 12_000_000
_WORKING_SIDE: Final = 4000
_SMALL_PIXELS: Final = 1_500_000
_LONGEST_CODE: Final = 8000
_BROKEN: Final = (
    OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError, ArithmeticError,
    AttributeError, RuntimeError, struct.error, zlib.error, MemoryError,
)  # fmt: skip
"""What Pillow's readers are known to raise for broken files."""
_BLOCKCHAIN: Final = "chinatax.gov.cn/verify/scan"


def read_image(content: bytes) -> tuple[ParsedInvoice, ...]:
    """Read the invoices whose codes are in a picture. Raises Unusable when there are none."""
    texts = _texts(content)
    found = invoices_of(texts, InvoiceSource.IMAGE)
    if found:
        return found
    if any(_BLOCKCHAIN in text for text in texts):
        raise Unusable(
            FindingKey.NEEDS_TYPING,
            _("The code is that of a blockchain invoice, which is not read."),
            _("Type the invoice by hand; the picture is kept with it."),
        )
    if texts:
        raise Unusable(
            FindingKey.NOT_AN_INVOICE,
            _("The code in the picture is not that of an invoice."),
            _("Photograph the QR code in the upper left corner of the invoice; type tickets and receipts by hand."),
        )
    raise Unusable(
        FindingKey.NO_CODE,
        _("No QR code was found in the picture."),
        _("Photograph the code larger and sharper, use the invoice's XML, OFD or PDF file, or type it by hand."),
    )


def invoices_of(texts: list[str], source: InvoiceSource) -> tuple[ParsedInvoice, ...]:
    """Return the invoices among decoded texts, each number once, in the order of the texts."""
    found: dict[tuple[str, str], ParsedInvoice] = {}
    for text in texts:
        if not is_invoice_text(text):
            continue
        try:
            invoice = parse_qr_text(text, source)
        except InputError:
            continue
        found.setdefault((invoice.code, invoice.number), invoice)
    return tuple(found.values())


def decode(image: Image) -> list[str]:
    """Return the texts of all QR codes of a grey picture, from top to bottom."""
    from PIL import ImageFilter, ImageOps
    from zxingcpp import Binarizer

    found = _pass(image, Binarizer.LocalAverage)
    clear = ImageOps.autocontrast(image, cutoff=2)
    found |= _pass(clear, Binarizer.GlobalHistogram)
    if not found:
        found = _pass(clear.filter(ImageFilter.MedianFilter(3)), Binarizer.LocalAverage)
    if not found and image.width * image.height <= _SMALL_PIXELS:
        found = _pass(_resized(clear, 2.0), Binarizer.LocalAverage)
    return [text for text, _place in sorted(found.items(), key=lambda item: item[1])][:MOST_CODES]


def grey_image(pixels: bytes, width: int, height: int) -> Image:
    """Return grey bytes as a picture."""
    from PIL import Image

    return Image.frombytes("L", (width, height), pixels)


def _pass(image: Image, binarizer: Any) -> dict[str, tuple[int, int]]:
    from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes

    view = memoryview(image.tobytes()).cast("B", (image.height, image.width))
    found: dict[str, tuple[int, int]] = {}
    for code in read_barcodes(view, formats=BarcodeFormats([BarcodeFormat.QRCode]), binarizer=binarizer):
        if code.text and len(code.text) <= _LONGEST_CODE:
            corner = code.position.top_left
            found.setdefault(code.text, (corner.y // 50, corner.x))
    return found


def _texts(content: bytes) -> list[str]:
    """Return the texts of all codes in all pictures of a file."""
    from PIL import Image

    with warnings.catch_warnings():
        # Pillow warns of every oddity of a file; only the size of a picture is of interest here.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                return _decode_frames(image)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise _too_many_pixels() from error
        except _BROKEN as error:
            raise damaged() from error


def _decode_frames(image: ImageFile) -> list[str]:
    from PIL import ImageSequence

    limit = MOST_JPEG_PIXELS if image.format == "JPEG" else MOST_PIXELS
    if image.width * image.height > limit:
        raise _too_many_pixels()
    image.draft("L", (_WORKING_SIDE, _WORKING_SIDE))
    texts: list[str] = []
    for number, frame in enumerate(ImageSequence.Iterator(image) if image.format == "TIFF" else [image]):
        if number >= MOST_FRAMES:
            break
        if frame.width * frame.height > limit:
            raise _too_many_pixels()
        texts.extend(text for text in decode(_grey(frame)) if text not in texts)
    return texts


def _grey(frame: Image) -> Image:
    """Return a picture in grey on white, no larger than what is searched."""
    from PIL import Image

    if frame.width * frame.height > _WORKING_PIXELS:
        frame = _resized(frame, (_WORKING_PIXELS / (frame.width * frame.height)) ** 0.5)
    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        frame = frame.convert("RGBA")
        white = Image.new("RGBA", frame.size, "white")
        frame = Image.alpha_composite(white, frame)
    if frame.mode.startswith(("I", "F")):
        exact: Any = frame.convert("F")
        low, high = exact.getextrema()
        factor = 255 / max(1.0, high - low)
        frame = exact.point(lambda value: value * factor - low * factor)  # pyright: ignore[reportUnknownLambdaType]
    return frame.convert("L")


def _resized(image: Any, factor: float) -> Image:
    return image.resize((max(1, int(image.width * factor)), max(1, int(image.height * factor))))


def _too_many_pixels() -> Unusable:
    return Unusable(
        FindingKey.TOO_LARGE,
        _("The picture has more than {count} million pixels.").format(count=MOST_PIXELS // 1_000_000),
        _("Save it smaller, or photograph the invoice again."),
    )
