"""The two embedded typefaces: loading, measuring, and making any text printable.

``clean`` is the only way a user's text gets onto a page: NFC, without control and direction marks, and with every
character that the font lacks replaced by 〓, so that no page shows a crossed box or extracts as blanks.
"""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from .export_report import ExportReport, SubstitutionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

REGULAR: Final = "QihuaSans"
BOLD: Final = "QihuaSans-Bold"
GETA: Final = "〓"
"""The printer's customary mark for a character that is not in the case."""

MAX_TEXT: Final = 50_000
"""Characters of one text that are printed at most; far beyond every field of the program."""

ASCENT: Final = 0.88
DESCENT: Final = 0.12

# Our own inline marks: private characters that ``clean`` never lets through and the painter draws as vectors.
BOX: Final = "\ue000"
BOX_CHECKED: Final = "\ue001"
CIRCLE: Final = "\ue002"
CIRCLE_CHECKED: Final = "\ue003"
MARKS: Final = frozenset((BOX, BOX_CHECKED, CIRCLE, CIRCLE_CHECKED))

_FILES = {REGULAR: "NotoSansSC_400Regular.ttf", BOLD: "NotoSansSC_700Bold.ttf"}
_IGNORABLE = frozenset((*range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000), 0x00AD, 0x034F, 0x115F, 0x1160, 0x3164))
_lock = threading.Lock()


class Face:
    """Metrics and coverage of one registered typeface."""

    __slots__ = ("_default", "_glyphs", "_widths", "name")

    def __init__(self, name: str, glyphs: dict[int, int], widths: dict[int, float], default: float) -> None:
        self.name = name
        self._glyphs = glyphs
        self._widths = widths
        self._default = default

    def has(self, character: str) -> bool:
        """Tell whether the typeface draws the character."""
        return ord(character) in self._glyphs

    def character_width(self, character: str, size: float) -> float:
        """Return the advance of one character in points."""
        if character in MARKS:
            return size
        return self._widths.get(ord(character), self._default) * size / 1000

    def advances(self, text: str, size: float) -> list[float]:
        """Return the advance of every character of a text in points."""
        widths, default, scale = self._widths, self._default, size / 1000
        return [size if c in MARKS else widths.get(ord(c), default) * scale for c in text]

    def width(self, text: str, size: float) -> float:
        """Return the advance of a line of text in points."""
        widths, default = self._widths, self._default
        return sum(1000 if c in MARKS else widths.get(ord(c), default) for c in text) * size / 1000


def face(bold: bool = False) -> Face:  # noqa: FBT001, FBT002 - reads as face(bold=True)
    """Return the regular or the bold typeface, registering both with reportlab the first time."""
    with _lock:
        return _faces()[BOLD if bold else REGULAR]


def clean(text: str, report: ExportReport) -> str:
    """Return the text as it can be printed; line feeds stay, whatever else had to change is reported.

    A tab becomes a space. Text beyond ``MAX_TEXT`` characters is cut.
    """
    if text.isascii() and text.isprintable():
        return text if len(text) <= MAX_TEXT else _cut(text, report)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if len(text) > MAX_TEXT:
        text = _cut(text, report)
    printable = face()
    parts: list[str] = []
    for character in text:
        if character in ("\n", "\u3000", "\xa0"):
            parts.append(character)
        elif _is_invisible(character):
            report.add(SubstitutionKind.DROPPED, character)
        elif unicodedata.category(character) == "Zs":
            parts.append(" ")
        elif printable.has(character):
            parts.append(character)
        else:
            report.add(SubstitutionKind.REPLACED, character)
            parts.append(GETA)
    return "".join(parts)


def clean_line(text: str, report: ExportReport) -> str:
    """Return the text cleaned and on one line."""
    return " ".join(clean(text, report).split())


def _cut(text: str, report: ExportReport) -> str:
    report.add(SubstitutionKind.SHORTENED, text[:20])
    return text[:MAX_TEXT] + "…"


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    return category in ("Cc", "Cf", "Zl", "Zp") or ord(character) in _IGNORABLE


@cache
def _faces() -> dict[str, Face]:
    from reportlab.pdfbase import pdfmetrics

    faces: dict[str, Face] = {}
    for name, file in _FILES.items():
        with resources.as_file(resources.files("resources").joinpath("fonts", file)) as path:
            font = _font_class()(name, str(path))
        pdfmetrics.registerFont(font)
        metrics = font.face
        faces[name] = Face(name, metrics.charToGlyph, metrics.charWidths, metrics.defaultWidth)
    return faces


@cache
def _font_class() -> Any:
    from reportlab.pdfbase import pdfdoc
    from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

    class CopyableFont(TTFont):
        """A TrueType font whose text can be copied and searched beyond U+FFFF too.

        WORKAROUND reportlab 5.1 ``makeToUnicodeCMap``: it writes such a character with five hexadecimal digits,
        where the PDF specification (ISO 32000-1, 9.10.3) wants UTF-16BE; readers then see another character.
        """

        def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name
            subsets: list[Sequence[int]] = list(self.state[doc].subsets) if doc in self.state else []
            super().addObjects(doc)
            for number, subset in enumerate(subsets):
                name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode("pdfdoc")
                stream: pdfdoc.PDFStream = doc.idToObject["toUnicodeCMap:" + name]
                stream.content = to_unicode_map(name, subset)

    return CopyableFont


def to_unicode_map(name: str, subset: Sequence[int]) -> str:
    """Return the ToUnicode CMap of a font subset: code n stands for the character ``subset[n]``.

    Unused codes (0) are left out; blocks hold at most 100 entries (ISO 32000-1, 9.7.5.4).
    """
    entries = [
        f"<{code:02X}> <{chr(value).encode('utf-16-be').hex().upper()}>" for code, value in enumerate(subset) if value
    ]
    blocks: list[str] = []
    for first in range(0, len(entries), 100):
        block = entries[first : first + 100]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    head = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    return "\n".join([*head, *blocks, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])
