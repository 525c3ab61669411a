"""Single values of MSPDI: local times, durations, units and numbers, read tolerantly and counted when corrected."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from typing import Final
from xml.sax.saxutils import escape

from qihua_desktop.domain.plan import EPOCH, moment
from qihua_desktop.i18n import _

_DURATION: Final = re.compile(r"^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$")
_MOMENT: Final = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?")
_ELAPSED: Final = frozenset({4, 6, 8, 10, 12})
PERCENT: Final = 19
ELAPSED_PERCENT: Final = 20
EVENT_DAY_MARK: Final = "Qihua Desktop: back from "
"""What begins the subject of a file whose plan leads back from the event day that follows."""
LONGEST: Final = 100 * 366 * 1440
"""No duration or lag may be longer, in minutes: a hundred years."""


_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_KNOWN: Final = 100_000


def written_text(value: str) -> str:
    """Return text as XML has it; characters that XML cannot hold go."""
    return escape(_UNWRITABLE.sub("", value), {"\r": "&#13;"})


def time_text(at: int) -> str:
    """Return an instant as the format writes it."""
    return moment(at).isoformat(timespec="seconds")


def duration_text(minutes: int) -> str:
    """Return a duration as the format writes it: in hours, however many."""
    return f"PT{minutes // 60}H{minutes % 60}M0S"


def clock_text(minutes: int) -> str:
    """Return a time of day; the end of the day is midnight."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}:00"


def element(tag: str, value: object) -> str:
    """Return a simple element; texts must be escaped already."""
    return f"<{tag}>{value}</{tag}>"


class Corrections(Counter[str]):
    """How often each kind of value had to be corrected or dropped."""

    def note(self, kind: str) -> None:
        """Count one."""
        self[kind] += 1


def read_moment(text: str, corrections: Corrections) -> int | None:
    """Return a local time as an instant, rounded to the minute; ``None`` when it is absent or no time."""
    known = _moments.get(text)
    if known is not None:
        return known
    if not text:
        return None
    match = _MOMENT.match(text)
    if not match:
        if text:
            corrections.note("moment")
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        at = datetime(year, month, day, min(hour, 23), minute, min(second, 59))
    except ValueError:
        corrections.note("moment")
        return None
    seconds = int((at - EPOCH).total_seconds())
    if seconds % 60:
        corrections.note("seconds")
        return (seconds + 30) // 60
    if len(_moments) >= _MOST_KNOWN:
        _moments.clear()
    return _moments.setdefault(text, seconds // 60)


_moments: Final[dict[str, int]] = {}
_durations: Final[dict[str, int]] = {}


def baseline_name(number: int) -> str:
    """Return what a baseline of the format is called, which knows only their numbers."""
    return _("Baseline") if number == 0 else _("Baseline {number}").format(number=number)


def read_date(text: str) -> date | None:
    """Return the day of a local time."""
    match = _MOMENT.match(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def read_time_of_day(text: str) -> int | None:
    """Return minutes since midnight of ``08:30:00``."""
    parts = text.strip().split(":")
    try:
        return int(parts[0]) * 60 + int(parts[1])
    except (ValueError, IndexError):
        return None


def read_duration(text: str, corrections: Corrections) -> int:
    """Return minutes of ``PT8H0M0S``; nonsense and negative durations count 0."""
    known = _durations.get(text)
    if known is not None:
        return known
    match = _DURATION.match(text.strip())
    if not match:
        if text.strip():
            corrections.note("duration")
        return 0
    sign, days, hours, minutes, seconds = match.groups()
    try:
        whole = (int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)
        rest = min(float(seconds or 0), 1e12)
    except (OverflowError, ValueError):
        corrections.note("duration")
        return 0
    if rest % 60:
        corrections.note("seconds")
    result = whole + int(rest + 30) // 60
    if sign and result:
        corrections.note("negative")
        return 0
    if result > LONGEST:
        corrections.note("long")
        return LONGEST
    if rest % 60:
        return result
    if len(_durations) >= _MOST_KNOWN:
        _durations.clear()
    return _durations.setdefault(text, result)


def read_number(text: str, default: float = 0.0) -> float:
    """Return a finite number, or the default."""
    try:
        value = float(text)
    except ValueError:
        return default
    return value if abs(value) < 1e15 else default


def read_integer(text: str, default: int = 0) -> int:
    """Return a whole number, or the default."""
    return round(read_number(text, default))


def unit_of(format_: int) -> int:
    """Return a duration or lag format without the mark of an estimate."""
    return format_ - 32 if format_ >= 35 else format_


def is_elapsed(format_: int) -> bool:
    """Return whether a duration or lag format counts clock time."""
    return unit_of(format_) in _ELAPSED


def is_percent(format_: int) -> bool:
    """Return whether a lag format is a percentage of the predecessor's duration."""
    return unit_of(format_) in (PERCENT, ELAPSED_PERCENT)
