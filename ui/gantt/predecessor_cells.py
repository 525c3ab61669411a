"""What comes before a task as its cell says it: WBS numbers with type and lag, such as ``2.1; 3.2FS+1d``."""

from __future__ import annotations

import re
from typing import Final

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import LagKind, LinkType
from qihua_desktop.exchange.predecessors import Predecessor, parse_predecessors, predecessors_text
from qihua_desktop.i18n import _
from qihua_desktop.services.plan_view import PlanRow, PlanView

Wanted = tuple[EntityId, LinkType, int, LagKind]
_NUMBER: Final = re.compile(r"^\s*(?P<number>\d+(?:\.\d+)*)(?P<rest>.*)$")


def predecessor_words(view: PlanView, row: PlanRow) -> str:
    """Return a task's predecessors as its cell shows them."""
    parts: list[str] = []
    for link in view.state.into(row.id):
        before = view.row_of(link.predecessor_id)
        if before is not None:
            words = predecessors_text((Predecessor(0, link.type, link.lag, link.lag_kind),), view.state.minutes_per_day)
            parts.append(before.number + words.removeprefix("0"))
    return "; ".join(parts)


def read_predecessors(view: PlanView, text: str) -> tuple[Wanted, ...]:
    """Read a cell. Raises InputError naming what cannot be read or is not there."""
    known = {row.number: row.id for row in view.rows}
    found: list[Wanted] = []
    for part in re.split(r"[;,，；、]", text):
        match = _NUMBER.match(part)
        if match is None:
            if part.strip():
                parse_predecessors(part)
            continue
        number = match["number"]
        if number not in known:
            raise InputError(_("There is no row {number}.").format(number=number[:40]))
        read = parse_predecessors("1" + match["rest"], view.state.minutes_per_day)
        found.extend((known[number], one.type, one.lag, one.lag_kind) for one in read)
    return tuple(found)
