"""What reading an MSPDI file corrected or left out: one plain line per kind of thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from qihua_desktop.i18n import _, ngettext

from .mspdi_kept import KeptSource
from .mspdi_rows import Rows
from .mspdi_values import Corrections
from .safe_xml import Record


def report(root: Record, rows: Rows, corrections: Corrections, kept: KeptSource) -> tuple[str, ...]:
    """Return one line per kind of thing that was corrected or is not modelled."""
    count = Counter(corrections) + Counter(rows.dropped)
    lines = [text.format(count=number) for number, text in _counted(count) if number]
    if corrections["project_calendar"]:
        lines.append(_("The file's project calendar is missing or empty; another one was used."))
    if not kept.is_whole:
        lines.append(_("The file holds more than can be kept for export; some of it was left out."))
    return tuple(lines)


def _counted(count: Counter[str]) -> Iterator[tuple[int, str]]:
    """Yield how often each kind was met, with its text."""
    number = count["empty_row"]
    yield number, ngettext("{count} empty row was left out.", "{count} empty rows were left out.", number)
    number = count["negative"]
    yield (
        number,
        ngettext("{count} negative duration was set to 0.", "{count} negative durations were set to 0.", number),
    )
    number = count["long"]
    yield number, ngettext("{count} duration was cut to 100 years.", "{count} durations were cut to 100 years.", number)
    number = count["duration"]
    yield (
        number,
        ngettext("{count} unreadable duration was set to 0.", "{count} unreadable durations were set to 0.", number),
    )
    number = count["moment"]
    yield number, ngettext("{count} unreadable date was ignored.", "{count} unreadable dates were ignored.", number)
    number = count["seconds"]
    yield (
        number,
        ngettext("{count} time was rounded to the minute.", "{count} times were rounded to the minute.", number),
    )
    number = count["external"]
    yield (
        number,
        ngettext(
            "{count} link leads into another file; the task keeps the file's dates.",
            "{count} links lead into another file; the tasks keep the file's dates.",
            number,
        ),
    )
    number = count["inactive"]
    yield (
        number,
        ngettext(
            "{count} inactive task was imported pinned and without links.",
            "{count} inactive tasks were imported pinned and without links.",
            number,
        ),
    )
    number = count["link"]
    yield number, ngettext("{count} unusable link was left out.", "{count} unusable links were left out.", number)
    number = count["elapsed_percent"]
    yield (
        number,
        ngettext(
            "{count} lag in elapsed percent counts as working percent.",
            "{count} lags in elapsed percent count as working percent.",
            number,
        ),
    )
    number = count["deep"]
    yield (
        number,
        ngettext(
            "{count} row nested too deeply was moved up.", "{count} rows nested too deeply were moved up.", number
        ),
    )
    number = count["task_calendar"]
    yield (
        number,
        ngettext(
            "{count} task has its own calendar; it will follow the project's or its owner's.",
            "{count} tasks have their own calendars; they will follow the project's or their owner's.",
            number,
        ),
    )
    number = count["leveling"]
    yield number, ngettext("{count} levelling delay was left out.", "{count} levelling delays were left out.", number)
    number = count["subproject"]
    yield number, ngettext("{count} inserted project was left out.", "{count} inserted projects were left out.", number)
    number = count["summary_pin"]
    yield (
        number,
        ngettext("{count} summary now follows its subtasks.", "{count} summaries now follow their subtasks.", number),
    )
    number = count["assignment"]
    yield (
        number,
        ngettext("{count} unusable assignment was left out.", "{count} unusable assignments were left out.", number),
    )
    number = count["contour"]
    yield number, ngettext("{count} work contour was left out.", "{count} work contours were left out.", number)
    number = count["shared_uid"]
    yield number, ngettext("{count} row repeats another's number.", "{count} rows repeat another's number.", number)
    number = count["constraint"]
    yield (
        number,
        ngettext(
            "{count} constraint without a date was left out.",
            "{count} constraints without a date were left out.",
            number,
        ),
    )
    number = count["placeholder"]
    yield (
        number,
        ngettext(
            "{count} task has one date as actual start and finish, without progress; the date was ignored.",
            "{count} tasks have one date as actual start and finish, without progress; the dates were ignored.",
            number,
        ),
    )
