"""Links of a task as planners write them in tables: ``12FS+2d;7SS-4h;5FS-50%``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.parsing import parse_duration
from qihua_desktop.domain.plan import LagKind, LinkType
from qihua_desktop.i18n import _

_ENTRY: Final = re.compile(
    r"^\s*(?P<row>\d{1,9})\s*(?:-\s*(?=[FS][SF]))?(?P<type>FS|SS|FF|SF)?\s*(?:[=>])?\s*"
    r"(?P<lag>[+-]?\s*(?:P-?\d+D|[\d.]+.*))?\s*$",
    re.IGNORECASE,
)
_ELAPSED: Final = re.compile(r"(?<=[\d.\s])e(?=[dhmw])", re.IGNORECASE)
_GANTTPROJECT_DAYS: Final = re.compile(r"^P(-?\d+)D$", re.IGNORECASE)
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Predecessor:
    """One link as written: the predecessor's row number, the type and the lag."""

    row: int
    type: LinkType = LinkType.FS
    lag: int = 0
    lag_kind: LagKind = LagKind.WORKING


def predecessors_text(links: Iterable[Predecessor], minutes_per_day: int = 480) -> str:
    """Return links as text; a plain finish-to-start link is just the number."""
    return ";".join(_one_text(link, minutes_per_day) for link in links)


def _one_text(link: Predecessor, minutes_per_day: int) -> str:
    if not link.lag:
        return f"{link.row}" if link.type is LinkType.FS else f"{link.row}{link.type}"
    sign = "-" if link.lag < 0 else "+"
    if link.lag_kind is LagKind.PERCENT:
        return f"{link.row}{link.type}{sign}{abs(link.lag) / 100:g}%"
    elapsed = link.lag_kind is LagKind.ELAPSED
    text = short_duration(abs(link.lag), 1440 if elapsed else minutes_per_day, elapsed=elapsed)
    return f"{link.row}{link.type}{sign}{text}"


def short_duration(minutes: int, minutes_per_day: int = 480, *, elapsed: bool = False) -> str:
    """Return ``3d 4h 30m``, the same in every language; ``3ed 4eh`` for clock time."""
    mark = "e" if elapsed else ""
    days, rest = divmod(abs(minutes), 1440 if elapsed else minutes_per_day)
    hours, left = divmod(rest, 60)
    parts = [f"{amount}{mark}{unit}" for amount, unit in ((days, "d"), (hours, "h"), (left, "m")) if amount]
    return ("-" if minutes < 0 else "") + (" ".join(parts) or f"0{mark}d")


def parse_short_duration(text: str, minutes_per_day: int = 480) -> tuple[int, bool]:
    """Read ``3d 4h``, ``2ed`` or ``3天`` and return minutes and whether they are clock time; negative is allowed."""
    plain, count = _ELAPSED.subn("", text)
    return parse_duration(plain, 1440 if count else minutes_per_day, allow_negative=True), bool(count)


def parse_predecessors(text: str, minutes_per_day: int = 480) -> tuple[Predecessor, ...]:
    """Read links as ``predecessors_text`` writes them, or as GanttProject does (``1-FS=P1D;4-SS>P0D``).

    Raises InputError naming the part that cannot be read.
    """
    return tuple(_parse(text, minutes_per_day))


def _parse(text: str, minutes_per_day: int) -> Iterator[Predecessor]:
    parts = [part for part in re.split(r"[;,，；]", text) if part.strip()]
    if len(parts) > _LONGEST:
        raise InputError(_("Too many predecessors in one cell."))
    for part in parts:
        match = _ENTRY.match(part)
        if match is None:
            raise _unreadable(part)
        type_ = LinkType((match["type"] or "FS").upper())
        lag = (match["lag"] or "").replace(" ", "")
        days = _GANTTPROJECT_DAYS.match(lag)
        if days is not None:
            yield Predecessor(int(match["row"]), type_, int(days[1]) * minutes_per_day)
        elif lag.endswith(("%", "％")):
            try:
                yield Predecessor(int(match["row"]), type_, round(float(lag[:-1]) * 100), LagKind.PERCENT)
            except (ValueError, OverflowError):
                raise _unreadable(part) from None
        elif lag:
            minutes, elapsed = parse_short_duration(lag, minutes_per_day)
            yield Predecessor(int(match["row"]), type_, minutes, LagKind.ELAPSED if elapsed else LagKind.WORKING)
        else:
            yield Predecessor(int(match["row"]), type_)


def _unreadable(part: str) -> InputError:
    return InputError(
        _("“{text}” is not a predecessor.").format(text=part.strip()[:80]),
        _("Enter row numbers, for example 12FS+2d;7SS-4h."),
    )
