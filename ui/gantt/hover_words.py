"""What the chart says about the bar or the link under the mouse."""

from __future__ import annotations

from qihua_desktop.domain.formatting import date_long, date_short, duration_text, percent_text
from qihua_desktop.domain.gantt_hours import clock_text
from qihua_desktop.domain.plan import MINUTES_PER_DAY, LagKind, Link, day_of, last_day_of
from qihua_desktop.i18n import _
from qihua_desktop.services.plan_explain import link_type_label
from qihua_desktop.services.plan_view import PlanRow, PlanView

from .columns import lateness_words

_LONGEST: int = 120


def row_words(view: PlanView, row: PlanRow) -> str:
    """Return a task's name, dates, owner and progress, the room it has, and what is late about it."""
    day = view.state.minutes_per_day
    lines = [f"{row.number}  {row.name[:_LONGEST]}", _dates(view, row)]
    doing = [row.owner[:_LONGEST]] if row.owner else []
    if not row.is_milestone:
        doing.append(_("Progress {share}").format(share=percent_text(row.progress, 0)))
    if doing:
        lines.append(" · ".join(doing))
    if not row.is_done and not row.is_summary:
        lines.append(_("Float {time}").format(time=duration_text(row.total_float, day)))
    if row.baseline is not None and row.slip:
        words = _("{time} behind the baseline") if row.slip > 0 else _("{time} ahead of the baseline")
        lines.append(words.format(time=duration_text(abs(row.slip), day)))
    late = lateness_words(row)
    return "\n".join([*lines, late] if late else lines)


def link_words(view: PlanView, link: Link) -> str:
    """Return a link: from where, to where, type and lag."""
    first, second = view.state.tasks[link.predecessor_id].name, view.state.tasks[link.successor_id].name
    words = f"{first[:_LONGEST]} → {second[:_LONGEST]}\n{link.type.value} {link_type_label(link.type)}"
    if link.lag_kind is LagKind.PERCENT:
        return f"{words} {link.lag / 100:+g}%"
    if not link.lag:
        return words
    length = 1440 if link.lag_kind is LagKind.ELAPSED else view.state.minutes_per_day
    return f"{words} {'+' if link.lag > 0 else ''}{duration_text(link.lag, length)}"


def _dates(view: PlanView, row: PlanRow) -> str:
    if row.is_milestone:
        return date_long(day_of(row.start))
    length = duration_text(row.duration, 1440 if row.elapsed else view.state.minutes_per_day)
    first, last = day_of(row.start), last_day_of(row.start, row.finish)
    if first == last and row.duration < view.state.minutes_per_day:
        clock = f"{clock_text(row.start % MINUTES_PER_DAY)} – {clock_text(row.finish % MINUTES_PER_DAY)}"
        return f"{date_long(first)} {clock} · {length}"
    span = date_long(first) if first == last else f"{date_long(first)} – {date_short(last)}"
    return f"{span} · {length}"
