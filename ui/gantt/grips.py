"""What the mouse has hold of on the chart, and what letting go at a place would mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from qihua_desktop.domain.gantt_scene import ROW_HEIGHT
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import DONE, LinkType
from qihua_desktop.domain.scene import Box

from .display import ShownRow
from .drags import DragKind, Drop
from .picture import ChartPicture

NARROW_BAR: Final = 16.0
"""A bar narrower than this can only be moved and stretched at its right end."""
_EDGE: Final = 5.0
_KNOB: Final = 5.0
_REACH: Final = 13.0
_PROGRESS_STEP: Final = 500
_LINKS: Final = {
    (False, False): LinkType.FS,
    (False, True): LinkType.FF,
    (True, False): LinkType.SS,
    (True, True): LinkType.SF,
}
"""By whether the link leaves from the start, and whether it goes to the finish."""


@dataclass(frozen=True, slots=True)
class Grip:
    """What is under the mouse: a row, the part of its bar, and for links which end."""

    row: ShownRow
    kind: DragKind | None
    at_start: bool = False


def grip_at(picture: ChartPicture, x: float, y: float) -> Grip | None:
    """Return what can be taken hold of at a point of the picture."""
    shown = picture.row_at(y)
    if shown is None:
        return None
    box = picture.bar(shown.key)
    if box is None or shown.row is None or not box.x - _REACH <= x <= box.right + _REACH:
        return Grip(shown, None)
    if x > box.right + 3:
        return Grip(shown, DragKind.LINK)
    if x < box.x - 3:
        return Grip(shown, DragKind.LINK, at_start=True)
    if shown.row.is_summary or shown.row.is_milestone:
        return Grip(shown, DragKind.MOVE)
    knob = box.x + box.width * min(shown.row.progress, DONE) / DONE
    low = y - (y // ROW_HEIGHT) * ROW_HEIGHT
    if box.width >= NARROW_BAR and abs(x - knob) <= _KNOB and low > 14:
        return Grip(shown, DragKind.PROGRESS)
    if x >= box.right - (_EDGE if box.width >= NARROW_BAR else 2):
        return Grip(shown, DragKind.FINISH)
    if box.width >= NARROW_BAR and x <= box.x + _EDGE:
        return Grip(shown, DragKind.BEGIN)
    return Grip(shown, DragKind.MOVE)


@dataclass(frozen=True, slots=True)
class Hold:
    """A drag under way: what was taken, at which x of the picture, and where its bar was."""

    grip: Grip
    press_x: float
    before: Box | None

    def drop_at(self, picture: ChartPicture, x: float, y: float, selected: tuple[EntityId, ...]) -> Drop | None:
        """Return what letting go at a point of the picture would mean; several tasks move together."""
        row, kind = self.grip.row.row, self.grip.kind
        if row is None or kind is None:
            return None
        axis, box = picture.axis, self.before or Box(x, 0, 1, 1)
        drop = Drop(kind, row.id)
        match kind:
            case DragKind.MOVE:
                at = axis.shifted(row.start, x - self.press_x)
                return replace(drop, ids=selected if row.id in selected else (row.id,), at=at)
            case DragKind.FINISH:
                return replace(drop, at=axis.boundary(x - self.press_x + box.right))
            case DragKind.BEGIN:
                return replace(drop, at=axis.boundary(x - self.press_x + box.x))
            case DragKind.PROGRESS:
                share = round((x - box.x) / max(1.0, box.width) * DONE / _PROGRESS_STEP) * _PROGRESS_STEP
                return replace(drop, progress=min(DONE, max(0, share)))
            case DragKind.LINK:
                return self._link(picture, drop, x, y)

    def _link(self, picture: ChartPicture, drop: Drop, x: float, y: float) -> Drop:
        shown = picture.row_at(y)
        if shown is None or shown.row is None or shown.row.id == drop.task_id:
            return drop
        box = picture.chart.bar_box(shown.key)
        at_finish = box is not None and x > box.x + box.width / 2 + 4 and not shown.row.is_milestone
        return replace(drop, target=shown.row.id, link=_LINKS[self.grip.at_start, at_finish])


def rows_within(picture: ChartPicture, band: Box) -> tuple[str, ...]:
    """Return the rows whose bars a rubber band touches, by their keys."""
    first = max(0, int(band.y // ROW_HEIGHT))
    last = min(len(picture.rows), int(band.bottom // ROW_HEIGHT) + 1)
    found: list[str] = []
    for shown in picture.rows[first:last]:
        box = picture.bar(shown.key)
        if box is None or shown.row is None:
            continue
        if box.x <= band.right and box.right >= band.x and box.y <= band.bottom and box.y + box.height >= band.y:
            found.append(shown.key)
    return tuple(found)
