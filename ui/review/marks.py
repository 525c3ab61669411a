"""Which places of a document are highlighted: what differs from another version, row by row and field by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from qihua_desktop.domain.content_difference import ChangeKind, ContentChange
from qihua_desktop.i18n import _

_LONGEST_COMPARED: Final = 2_000


class Marks:
    """Looks changes up by place; made without changes it highlights nothing."""

    def __init__(self, changes: Iterable[ContentChange] = ()) -> None:
        self._fields: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._new: set[tuple[str, str]] = set()
        self._removed: dict[str, list[str]] = defaultdict(list)
        self._bodies: dict[str, str] = {}
        for change in changes:
            place = (change.group, change.row_id)
            if change.kind is ChangeKind.REMOVED:
                self._removed[change.group].append(" ".join(part for part in (change.name, change.before) if part))
                continue
            self._fields[place].add(change.field)
            if change.kind is ChangeKind.ADDED:
                self._new.add(place)
            if change.group == "sections" and change.field == "body":
                self._bodies[change.row_id] = change.before

    def has(self, group: str, row_id: str, field: str) -> bool:
        """Return whether a field differs."""
        return field in self._fields.get((group, row_id), ())

    def touches(self, group: str, row_id: str) -> bool:
        """Return whether anything of a row differs."""
        return (group, row_id) in self._fields

    def is_new(self, group: str, row_id: str) -> bool:
        """Return whether a row was added."""
        return (group, row_id) in self._new

    def removed(self, group: str) -> Sequence[str]:
        """Return what was taken out of a list, in words."""
        return self._removed.get(group, ())

    def changed_lines(self, section_key: str, lines: Sequence[str]) -> frozenset[int]:
        """Return which of a section's lines are new or changed."""
        if self.is_new("sections", section_key):
            return frozenset(range(len(lines)))
        if section_key not in self._bodies:
            return frozenset()
        before = [line.strip() for line in self._bodies[section_key].splitlines() if line.strip()]
        if max(len(before), len(lines)) > _LONGEST_COMPARED:
            old = set(before)
            return frozenset(number for number, line in enumerate(lines) if line not in old)
        found: set[int] = set()
        for tag, _from, _to, start, stop in SequenceMatcher(None, before, list(lines), autojunk=False).get_opcodes():
            if tag in ("replace", "insert"):
                found.update(range(start, stop))
        return frozenset(found)

    def labels(self) -> frozenset[str]:
        """Return the labels of the head table whose values differ."""
        named = {
            ("project", "goal"): (_("Goal"),),
            ("project", "owner"): (_("Owner"),),
            ("project", "key_on"): (_("Event day"), _("Start")),
            ("project", "venue"): (_("Venue"),),
            ("budget", "total"): (_("Total budget"),),
        }
        return frozenset(
            label for (group, field), labels in named.items() if self.has(group, "", field) for label in labels
        )
