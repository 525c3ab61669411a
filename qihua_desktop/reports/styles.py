"""The look of paper: inks for every theme role, text sizes and the rhythm between blocks.

Made for finance departments' laser printers: every distinction survives in black and white.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from qihua_desktop.domain.roles import Role

from .canvas import Align, Ink

BLACK: Final = Ink.from_hex("#111827")
SOFT: Final = Ink.from_hex("#344054")
MUTED: Final = Ink.from_hex("#5B6472")
RULE: Final = Ink.from_hex("#98A2B3")
HAIRLINE: Final = Ink.from_hex("#C4CAD4")
HEAD_FILL: Final = Ink.from_hex("#EEF1F6")
TOTAL_FILL: Final = Ink.from_hex("#F5F7FA")
WHITE: Final = Ink(255, 255, 255)
WATERMARK: Final = Ink.from_hex("#EBEDF1")
ACCENT: Final = Ink.from_hex("#3451B2")
BAD: Final = Ink.from_hex("#B42318")
OK: Final = Ink.from_hex("#18794E")
WARN: Final = Ink.from_hex("#9A4D00")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a block of text is set. Sizes in points; ``first_indent`` in characters; ``leading`` is line to line."""

    size: float = 9.5
    leading: float = 15.0
    bold: bool = False
    ink: Ink = BLACK
    align: Align = Align.LEFT
    first_indent: float = 0.0
    left_indent: float = 0.0
    space_before: float = 0.0
    space_after: float = 0.0
    keep_with_next: bool = False

    def but(
        self,
        *,
        bold: bool | None = None,
        align: Align | None = None,
        ink: Ink | None = None,
        first_indent: float | None = None,
        left_indent: float | None = None,
    ) -> TextStyle:
        """Return the style with some traits changed."""
        return replace(
            self,
            bold=self.bold if bold is None else bold,
            align=self.align if align is None else align,
            ink=self.ink if ink is None else ink,
            first_indent=self.first_indent if first_indent is None else first_indent,
            left_indent=self.left_indent if left_indent is None else left_indent,
        )


TITLE: Final = TextStyle(size=19, leading=27, bold=True, align=Align.CENTRE, space_before=2, keep_with_next=True)
SUBTITLE: Final = TextStyle(size=9.5, leading=15, ink=SOFT, align=Align.CENTRE, space_after=9, keep_with_next=True)
SECTION: Final = TextStyle(size=11.5, leading=17, bold=True, space_before=12, space_after=4.5, keep_with_next=True)
BODY: Final = TextStyle(align=Align.JUSTIFY, leading=16, space_after=3)
NOTE: Final = TextStyle(size=8, leading=12.5, ink=MUTED, align=Align.LEFT, space_before=3)
UNIT: Final = TextStyle(size=8.5, leading=12, ink=SOFT, align=Align.RIGHT, space_after=2.5, keep_with_next=True)
CELL: Final = TextStyle(size=9, leading=13.5)
CELL_HEAD: Final = TextStyle(size=9, leading=13.5, bold=True, align=Align.CENTRE)

PAPER: Final[dict[Role, Ink]] = {
    role: Ink.from_hex(tone)
    for role, tone in {
        Role.BG: "#FFFFFF",
        Role.SURFACE: "#FFFFFF",
        Role.SUNKEN: "#F7F8FA",
        Role.HOVER: "#F2F4F7",
        Role.PRESSED: "#E4E7EC",
        Role.PAPER: "#FFFFFF",
        Role.OVERLAY: "#98A2B3",
        Role.TOOLTIP: "#344054",
        Role.LINE: "#C4CAD4",
        Role.LINE_SOFT: "#E1E5EA",
        Role.LINE_STRONG: "#98A2B3",
        Role.TRACK: "#E4E7EC",
        Role.TEXT: "#111827",
        Role.TEXT_SOFT: "#344054",
        Role.MUTED: "#5B6472",
        Role.FAINT: "#98A2B3",
        Role.ON_ACCENT: "#FFFFFF",
        Role.ON_BAD: "#FFFFFF",
        Role.ON_TOOLTIP: "#FFFFFF",
        Role.ON_PAPER: "#111827",
        Role.ACCENT: "#3451B2",
        Role.ACCENT_BG: "#EEF2FF",
        Role.ACCENT_HOVER: "#3451B2",
        Role.ACCENT_PRESSED: "#2B4494",
        Role.OK: "#18794E",
        Role.OK_BG: "#E9F7EF",
        Role.WARN: "#9A4D00",
        Role.WARN_BG: "#FFF4E5",
        Role.BAD: "#B42318",
        Role.BAD_BG: "#FFEFEF",
        Role.BAD_HOVER: "#B42318",
        Role.NEUTRAL: "#475467",
        Role.NEUTRAL_BG: "#F2F4F7",
        Role.MARK: "#FFE2A8",
        Role.BRAND: "#6E56CF",
        Role.BRAND_TEXT: "#5A43B5",
        Role.BRAND_BG: "#F1EEFC",
        Role.EVENT: "#E5702A",
        Role.EVENT_TEXT: "#A8480F",
        Role.EVENT_BG: "#FDF0E7",
        Role.RESEARCH: "#0E8A7D",
        Role.RESEARCH_TEXT: "#0B6B61",
        Role.RESEARCH_BG: "#E6F5F3",
        Role.BAR: "#6A82D6",
        Role.BAR_SOFT: "#D3DCF8",
        Role.CRITICAL: "#B23A1E",
        Role.CRITICAL_SOFT: "#EDB3A3",
        Role.SUMMARY: "#1D2433",
        Role.BASELINE: "#B9C0CB",
        Role.WEEKEND: "#F1F3F5",
        Role.HOLIDAY: "#FAE3E3",
        Role.TODAY: "#2B4494",
        Role.LINK: "#7A8699",
        Role.SERIES_1: "#3451B2",
        Role.SERIES_2: "#E5702A",
        Role.SERIES_3: "#0E8A7D",
        Role.SERIES_4: "#6E56CF",
        Role.SERIES_5: "#C99A2E",
        Role.SERIES_6: "#B8457C",
        Role.SERIES_7: "#4D86B8",
        Role.SERIES_8: "#7B8794",
    }.items()
}


def mixed(ink: Ink, opacity: float) -> Ink:
    """Return the ink as it looks over white at an opacity of 0 … 1: paper needs no transparency."""
    if opacity >= 1:
        return ink
    return Ink(*(round(255 - (255 - part) * opacity) for part in (ink.red, ink.green, ink.blue)))
