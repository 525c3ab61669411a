"""Chinese line breaking (禁则): pure arithmetic over character widths.

No line begins with a closing mark or ends with an opening one, dashes and ellipses stay in pairs, and runs of Latin
letters and digits (amounts, numbers of documents and invoices) are cut only when a whole line cannot hold them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .fonts import MARKS

NOT_AT_START: Final = frozenset("，。、；：！？…—～·％‰℃°）〕］｝】》〉」』”’,.;:!?%)]}")
NOT_AT_END: Final = frozenset("（〔［｛【《〈「『“‘([{￥¥$€№#") | MARKS
_CJK_START = 0x2E80
_BLANK_AFTER = frozenset("，。、；：）〕】》〉」』”’")
_BLANK_BEFORE = frozenset("（〔【《〈「『“‘")
_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a half-open range of characters; ``width`` is without the spaces that hang at its end."""

    start: int
    end: int
    width: float
    last: bool
    """Whether a paragraph ends here (end of text or a line feed): such a line is not justified."""


def break_lines(text: str, widths: Sequence[float], first_width: float, width: float) -> list[Line]:
    """Break a text into lines no wider than given.

    Args:
        text: characters, with line feeds where a line must end.
        widths: the advance of each character, same length as ``text``.
        first_width: room on the first line of every paragraph (an indent makes it smaller).
        width: room on the other lines.

    Returns at least one line; a character wider than the room stands on a line of its own.
    """
    lines: list[Line] = []
    start = 0
    while True:
        stop = text.find("\n", start)
        end = len(text) if stop < 0 else stop
        lines += _paragraph(text, widths, start, end, (first_width, width))
        if stop < 0:
            return lines
        start = stop + 1


def squeezed_widths(text: str, widths: Sequence[float]) -> list[float]:
    """Return the advances with half an em taken from between two neighbouring marks (标点挤压): 》“ and ）。

    Full-width marks fill only half of their square, so the blank halves of a pair would gape.
    """
    result = list(widths)
    if text.isascii():
        return result
    for at in range(len(text) - 1):
        first, second = text[at], text[at + 1]
        closes = first in _BLANK_AFTER and (second in _BLANK_AFTER or second in _BLANK_BEFORE)
        if closes or (first in _BLANK_BEFORE and second in _BLANK_BEFORE):
            result[at] /= 2
    return result


def may_break(text: str, at: int) -> bool:
    """Tell whether a line may end before the character at this place, which is neither first nor past the end.

    Spaces hang at the end of a line, so that no line ever begins with one.
    """
    after = text[at]
    if after == " " or after in NOT_AT_START or after == "\xa0" or unicodedata.combining(after):
        return False
    last = at - 1
    while last > 0 and text[last] == " ":
        last -= 1
    before = text[last]
    if before in NOT_AT_END or before == "\xa0":
        return False
    return last < at - 1 or not (_joins(before) and _joins(after))


def _paragraph(text: str, widths: Sequence[float], start: int, end: int, room: tuple[float, float]) -> list[Line]:
    lines: list[Line] = []
    limit = room[0]
    while True:
        stop, used = _fill(text, widths, start, end, limit)
        if stop >= end:
            lines.append(Line(start, end, used, last=True))
            return lines
        cut = _cut_before(text, start, stop)
        shown = cut
        while shown > start and text[shown - 1] == " ":
            shown -= 1
        lines.append(Line(start, shown, sum(widths[start:shown]), last=False))
        start = cut
        while start < end and text[start] == " ":
            start += 1
        limit = room[1]


def _fill(text: str, widths: Sequence[float], start: int, end: int, limit: float) -> tuple[int, float]:
    """Return the first character that no longer fits, and the width used; spaces hang beyond the edge."""
    used = solid = 0.0
    at = start
    while at < end:
        used += widths[at]
        if text[at] != " ":
            if used > limit + _TOLERANCE:
                return max(at, start + 1), solid
            solid = used
        at += 1
    return end, solid


def _cut_before(text: str, start: int, stop: int) -> int:
    for at in range(stop, start, -1):
        if may_break(text, at):
            return at
    for at in range(stop, start, -1):
        if text[at] not in NOT_AT_START and text[at - 1] not in NOT_AT_END:
            return at
    return stop


def _joins(character: str) -> bool:
    """Tell whether the character belongs to a run that stays whole: ASCII, and letters of alphabets."""
    return character != " " and (character.isascii() or (ord(character) < _CJK_START and character.isalnum()))
