"""Names of colours by what they mean. The screen theme and the paper palette each say what they look like."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A colour's job. Texts use TEXT, TEXT_SOFT, MUTED or a ``*_TEXT``/``ON_*`` role; FAINT is no text's colour."""

    # surfaces
    BG = "bg"
    SURFACE = "surface"
    SUNKEN = "sunken"
    HOVER = "hover"
    PRESSED = "pressed"
    PAPER = "paper"
    OVERLAY = "overlay"
    TOOLTIP = "tooltip"
    # lines
    LINE = "line"
    LINE_SOFT = "line_soft"
    LINE_STRONG = "line_strong"
    TRACK = "track"
    # texts
    TEXT = "text"
    TEXT_SOFT = "text_soft"
    MUTED = "muted"
    FAINT = "faint"
    ON_ACCENT = "on_accent"
    ON_BAD = "on_bad"
    ON_TOOLTIP = "on_tooltip"
    ON_PAPER = "on_paper"
    # meaning: the plain role is text or line on a surface or on its own *_BG
    ACCENT = "accent"
    ACCENT_BG = "accent_bg"
    ACCENT_HOVER = "accent_hover"
    ACCENT_PRESSED = "accent_pressed"
    OK = "ok"
    OK_BG = "ok_bg"
    WARN = "warn"
    WARN_BG = "warn_bg"
    BAD = "bad"
    BAD_BG = "bad_bg"
    BAD_HOVER = "bad_hover"
    NEUTRAL = "neutral"
    NEUTRAL_BG = "neutral_bg"
    MARK = "mark"
    # project kinds: fill, text on its background, background
    BRAND = "brand"
    BRAND_TEXT = "brand_text"
    BRAND_BG = "brand_bg"
    EVENT = "event"
    EVENT_TEXT = "event_text"
    EVENT_BG = "event_bg"
    RESEARCH = "research"
    RESEARCH_TEXT = "research_text"
    RESEARCH_BG = "research_bg"
    # Gantt view
    BAR = "bar"
    BAR_SOFT = "bar_soft"
    CRITICAL = "critical"
    CRITICAL_SOFT = "critical_soft"
    SUMMARY = "summary"
    BASELINE = "baseline"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    TODAY = "today"
    LINK = "link"
    # categories of charts, in the order they are handed out
    SERIES_1 = "series_1"
    SERIES_2 = "series_2"
    SERIES_3 = "series_3"
    SERIES_4 = "series_4"
    SERIES_5 = "series_5"
    SERIES_6 = "series_6"
    SERIES_7 = "series_7"
    SERIES_8 = "series_8"


SERIES: tuple[Role, ...] = (
    Role.SERIES_1,
    Role.SERIES_2,
    Role.SERIES_3,
    Role.SERIES_4,
    Role.SERIES_5,
    Role.SERIES_6,
    Role.SERIES_7,
    Role.SERIES_8,
)


def series_role(index: int) -> Role:
    """Return the colour of the n-th category; after eight they repeat."""
    return SERIES[index % len(SERIES)]
