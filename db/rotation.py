"""Which backups are kept: all of two days, then one a day, one a week, one a month, for limited numbers of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

KEEP_ALL = timedelta(days=2)
DAILY = 12
WEEKLY = 10
MONTHLY = 9

_Period = Callable[[datetime], tuple[int, int]]
_STAGES: tuple[tuple[int, _Period], ...] = (
    (DAILY, lambda moment: (0, moment.toordinal())),
    (WEEKLY, lambda moment: moment.isocalendar()[:2]),
    (MONTHLY, lambda moment: (moment.year, moment.month)),
)


def kept(moments: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """Return the moments whose backups are kept; the newest always is. Of a period, its newest backup stands for it.

    Backups dated after ``now`` (the clock was wrong) are kept.
    """
    ordered = sorted(set(moments), reverse=True)
    keep = {moment for moment in ordered if now - moment <= KEEP_ALL} | set(ordered[:1])
    older = [moment for moment in ordered if moment not in keep]
    for number, period in _STAGES:
        seen: set[tuple[int, int]] = set()
        rest: list[datetime] = []
        for moment in older:
            if period(moment) in seen:
                continue
            if len(seen) == number:
                rest.append(moment)
                continue
            seen.add(period(moment))
            keep.add(moment)
        older = rest
    return frozenset(keep)
