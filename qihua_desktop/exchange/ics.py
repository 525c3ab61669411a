"""Write a plan as a calendar file (iCalendar, RFC 5545) that phones and mail programs subscribe to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from qihua_desktop.domain.ids import id_text
from qihua_desktop.domain.plan import MINUTES_PER_DAY, Task, day_of, last_day_of, moment

from .exported_plan import ExportedPlan

_LINE: Final = 75


def write_ics(plan: ExportedPlan, *, zone: tzinfo | None, stamp: datetime, sequence: int = 0) -> bytes:
    """Return the plan's tasks as events; milestones and tasks shorter than a day keep their time of day.

    Args:
        zone: the time zone of the project's wall clock; None is this machine's.
        stamp: when the file is made, aware.
        sequence: grows with every export, so that calendars replace what they have.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Qihua Desktop//Plan//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(plan.name)}",
    ]
    parents = {task.parent_id for task in plan.tasks}
    made = f"{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for task in plan.tasks:
        if task.id not in parents:
            lines += _event(plan, task, zone, made, sequence)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line)).encode("utf-8")


def _event(plan: ExportedPlan, task: Task, zone: tzinfo | None, made: str, sequence: int) -> Iterator[str]:
    start, finish = plan.schedule.start(task.id), plan.schedule.finish(task.id)
    yield "BEGIN:VEVENT"
    yield f"UID:{id_text(task.id)}@qihua-desktop"
    yield f"DTSTAMP:{made}"
    yield f"SEQUENCE:{sequence}"
    if start == finish or (start // MINUTES_PER_DAY == finish // MINUTES_PER_DAY and finish - start < 8 * 60):
        yield f"DTSTART:{_utc(start, zone)}"
        if finish > start:
            yield f"DTEND:{_utc(finish, zone)}"
    else:
        yield f"DTSTART;VALUE=DATE:{day_of(start):%Y%m%d}"
        # The end of an all-day event is exclusive.
        yield f"DTEND;VALUE=DATE:{last_day_of(start, finish) + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escape(task.name)}"
    notes = "\n".join(part for part in (task.owner_text, task.notes) if part)
    if notes:
        yield f"DESCRIPTION:{_escape(notes)}"
    yield "END:VEVENT"


def _utc(at: int, zone: tzinfo | None) -> str:
    return f"{moment(at).replace(tzinfo=zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escape(text: str) -> str:
    plain = "".join(character for character in text if character in "\n\t" or character >= " ")
    plain = plain.encode("utf-8", "ignore").decode("utf-8")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, broken between characters; all but the first begin with a space."""
    piece, length = "", 0
    for character in line:
        size = len(character.encode("utf-8"))
        if length + size > _LINE:
            yield piece
            piece, length = " ", 1
        piece += character
        length += size
    yield piece
