"""What MSPDI has no place for and this program writes all the same: a processing instruction that others pass over.

It holds names and days of baselines, stages of tasks, and figures finer than whole percents, by the UIDs of the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import DONE, LagKind

from .mspdi_rows import LONGEST_NAME, Rows
from .mspdi_values import baseline_name
from .safe_xml import instruction

TARGET: Final = "qihua-desktop"
_MOST: Final = 16 * 1024 * 1024
_LONGEST_DAY: Final = 1 << 53


@dataclass(frozen=True, slots=True)
class Extras:
    """What the instruction says; baselines by number, everything else by UIDs."""

    baselines: Mapping[int, tuple[str, int]] = field(default_factory=dict[int, "tuple[str, int]"])
    """Name, and the UTC milliseconds at which it was taken."""
    stages: Mapping[int, str] = field(default_factory=dict[int, str])
    progress: Mapping[int, int] = field(default_factory=dict[int, int])
    lags: Mapping[str, int] = field(default_factory=dict[str, int])
    """Basis points, by the UIDs of predecessor and successor."""

    def written(self) -> str:
        """Return the instruction; nothing when there is nothing to say."""
        content = {
            "baselines": {str(number): list(entry) for number, entry in self.baselines.items()},
            "stages": {str(uid): name for uid, name in self.stages.items()},
            "progress": {str(uid): points for uid, points in self.progress.items()},
            "lags": dict(self.lags),
        }
        if not any(content.values()):
            return ""
        # Pure ASCII without question marks: nothing in it can end the instruction.
        text = json.dumps({key: value for key, value in content.items() if value}, separators=(",", ":"))
        return f"<?{TARGET} {text.replace('?', chr(92) + 'u003f')}?>\n"

    def stages_of(self, id_of_uid: Mapping[int, EntityId]) -> dict[EntityId, str]:
        """Return the names of stages by task."""
        return {id_of_uid[uid]: name for uid, name in self.stages.items() if uid in id_of_uid}

    def apply(self, rows: Rows) -> None:
        """Put names and fine figures into what was read, where they still agree with it."""
        named = {baseline_name(number): entry for number, entry in self.baselines.items()}
        rows.baselines = [
            replace(one, name=named[one.name][0], taken_at=named[one.name][1]) if one.name in named else one
            for one in rows.baselines
        ]
        uids = {task_id: uid for uid, task_id in rows.id_of_uid.items()}
        if self.progress:
            rows.tasks = [
                replace(task, progress=points)
                if (points := self.progress.get(uids[task.id])) is not None
                and 0 <= points <= DONE
                and round(points / 100) == round(task.progress / 100)
                else task
                for task in rows.tasks
            ]
        if self.lags:
            self._apply_lags(rows, uids)

    def _apply_lags(self, rows: Rows, uids: Mapping[EntityId, int]) -> None:
        for place, link in enumerate(rows.links):
            lag = self.lags.get(f"{uids[link.predecessor_id]} {uids[link.successor_id]}")
            if lag is not None and link.lag_kind is LagKind.PERCENT and round(lag / 100) == round(link.lag / 100):
                rows.links[place] = replace(link, lag=lag)
                rows.schedule_links[place] = replace(rows.schedule_links[place], lag=lag)


def read_extras(content: bytes) -> Extras:
    """Return what a file says in the instruction; nothing when it has none or a damaged one."""
    text = instruction(content, TARGET)
    if not text or len(text) > _MOST:
        return Extras()
    try:
        raw: Any = json.loads(text)
        return Extras(
            {
                int(number): (str(entry[0])[:LONGEST_NAME], max(-_LONGEST_DAY, min(_LONGEST_DAY, int(entry[1]))))
                for number, entry in _entries(raw, "baselines")
            },
            {int(uid): str(name)[:LONGEST_NAME] for uid, name in _entries(raw, "stages")},
            {int(uid): int(points) for uid, points in _entries(raw, "progress")},
            {key: int(points) for key, points in _entries(raw, "lags")},
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError):
        return Extras()


def _entries(raw: Any, name: str) -> list[tuple[str, Any]]:
    return list(cast("dict[str, Any]", raw.get(name, {})).items())
