"""How the review window says things: moments, states, places, and their tones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from qihua_desktop.domain.people import Person, department_label
from qihua_desktop.domain.review import Dimension, PlanVersion, RouteMode, Severity, VersionState
from qihua_desktop.domain.review_rules import SeatState, SeatStatus
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import N_, _, ngettext
from ui.common.widgets import Tone

_HOUR: Final = 60
_DAY: Final = 24 * _HOUR

VERSION_TONES: Final = {
    VersionState.IN_REVIEW: Tone.ACCENT,
    VersionState.APPROVED: Tone.OK,
    VersionState.RETURNED: Tone.WARN,
    VersionState.REJECTED: Tone.BAD,
    VersionState.WITHDRAWN: Tone.NEUTRAL,
    VersionState.SUPERSEDED: Tone.NEUTRAL,
}
SEAT_TONES: Final = {
    SeatState.NOT_YET: Tone.NEUTRAL,
    SeatState.OPEN: Tone.WARN,
    SeatState.AGREED: Tone.OK,
    SeatState.AGREED_WITH_COMMENT: Tone.OK,
    SeatState.RETURNED: Tone.WARN,
    SeatState.REJECTED: Tone.BAD,
    SeatState.STALE: Tone.BAD,
    SeatState.UNDECIDED: Tone.NEUTRAL,
}
SEAT_DOTS: Final = {
    SeatState.NOT_YET: Role.FAINT,
    SeatState.OPEN: Role.EVENT,
    SeatState.AGREED: Role.OK,
    SeatState.AGREED_WITH_COMMENT: Role.OK,
    SeatState.RETURNED: Role.WARN,
    SeatState.REJECTED: Role.BAD,
    SeatState.STALE: Role.BAD,
    SeatState.UNDECIDED: Role.FAINT,
}
DIMENSION_TONES: Final = {
    Dimension.BUDGET: Tone.ACCENT,
    Dimension.COMPLIANCE: Tone.BAD,
    Dimension.FEASIBILITY: Tone.NEUTRAL,
}
_SEVERITIES: Final = {Severity.BLOCKING: N_("Must fix"), Severity.ADVICE: N_("Advice")}
_SHORT_MODES: Final = {
    RouteMode.ALL: N_("All sign"),
    RouteMode.ANY: N_("Any one signs"),
    RouteMode.IN_ORDER: N_("In order"),
}


def severity_label(severity: Severity) -> str:
    """Return what a comment asks for."""
    return _(_SEVERITIES[severity])


def mode_label(mode: RouteMode) -> str:
    """Return the short name of how a step counts: 会签, 或签, 依次."""
    return _(_SHORT_MODES[mode])


def local_moment(ms: int) -> datetime:
    """Return a recorded moment as naive local time."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().replace(tzinfo=None)


def moment_text(ms: int, now: datetime) -> str:
    """Return a recorded moment: day and time, the year where it is another one."""
    moment = local_moment(ms)
    return f"{moment:%m-%d %H:%M}" if moment.year == now.year else f"{moment:%Y-%m-%d}"


def waited_text(since_ms: int, now: datetime) -> str:
    """Return how long somebody has been waited for."""
    minutes = max(0, int((now - local_moment(since_ms)).total_seconds()) // 60)
    if minutes < _HOUR:
        return ngettext("for {count} minute", "for {count} minutes", minutes).format(count=minutes)
    if minutes < 2 * _DAY:
        hours = minutes // _HOUR
        return ngettext("for {count} hour", "for {count} hours", hours).format(count=hours)
    days = minutes // _DAY
    return ngettext("for {count} day", "for {count} days", days).format(count=days)


def version_text(version: PlanVersion | None) -> str:
    """Return ``第 3 版``, or what stands for the live draft."""
    return _("Draft") if version is None else _("Version {number}").format(number=version.number)


def clipped(words: str, longest: int = 24) -> str:
    """Return a text that fits a line among others."""
    return words if len(words) <= longest else words[: longest - 1] + "…"


def seat_text(status: SeatStatus, person: Person | None) -> str:
    """Return department and person of a seat."""
    name = clipped(person.name) if person else ""
    return f"{department_label(status.seat.department)} {name}".strip()
