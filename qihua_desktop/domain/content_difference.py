"""What changed between two contents of a plan document, from what to what, in words for reviewers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, cast

from qihua_desktop.i18n import N_, _

from .canonical import JsonValue
from .money import format_fen, format_percent
from .people import Role, role_label
from .plan import EPOCH
from .plan_content import ALL, PlanContent, content_rows, field_dimensions
from .project import ProjectKind, kind_label
from .review import Dimension

_LONGEST_SHOWN: Final = 60


class ChangeKind(StrEnum):
    """What happened to a row or field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class ContentChange:
    """One difference. ``name`` is the row's name, ``field`` the key inside it; both may be empty.

    ``row_id`` is the content's own row id (32 hexadecimal digits, or a section's key). ``before`` and ``after`` are
    readable and complete; ``words`` shortens long ones to where they differ.
    """

    kind: ChangeKind
    dimensions: frozenset[Dimension]
    group: str
    row_id: str
    name: str
    field: str
    before: str
    after: str

    def place(self) -> str:
        """Return where the change is: the kind of row, its name, the field."""
        parts = [_(_GROUPS.get(self.group, self.group))]
        if self.name:
            parts.append(_("“{name}”").format(name=self.name))
        if self.field:
            parts.append(_(_FIELDS.get(self.field, self.field)))
        return " ".join(parts)

    def field_name(self) -> str:
        """Return what the field is called, an empty text for a whole row."""
        return _(_FIELDS.get(self.field, self.field)) if self.field else ""

    def words(self) -> str:
        """Return the change as one plain line."""
        if self.kind is ChangeKind.ADDED:
            return _("{place}: added").format(place=self._with_value(self.after))
        if self.kind is ChangeKind.REMOVED:
            return _("{place}: removed").format(place=self._with_value(self.before))
        if self.kind is ChangeKind.MOVED:
            return _("{place}: moved to another position").format(place=self.place())
        before, after = _around_difference(self.before, self.after)
        return _("{place}: {before} → {after}").format(place=self.place(), before=before, after=after)

    def _with_value(self, value: str) -> str:
        return f"{self.place()} ({value})" if value else self.place()


_GROUPS: Mapping[str, str] = {
    "document": N_("Document"),
    "project": N_("Project"),
    "sections": N_("Section"),
    "stages": N_("Stage"),
    "tasks": N_("Task"),
    "budget": N_("Budget"),
    "lines": N_("Budget line"),
    "risks": N_("Risk"),
    "attachments": N_("Attachment"),
    "mapping": N_("Rules of review"),
    "schema": N_("Form of the document"),
}
_FIELDS: Mapping[str, str] = {
    "amount": N_("amount"),
    "basis": N_("basis"),
    "body": N_("text"),
    "contingency": N_("contingency"),
    "deadline": N_("deadline"),
    "direction": N_("scheduling direction"),
    "duration": N_("duration"),
    "finish": N_("finish"),
    "goal": N_("goal"),
    "is_reserve": N_("contingency reserve"),
    "key": N_("kind"),
    "key_on": N_("key date"),
    "kind": N_("kind"),
    "lock": N_("lock"),
    "milestone": N_("milestone"),
    "name": N_("name"),
    "notice": N_("notification text"),
    "number": N_("number"),
    "output": N_("output"),
    "owner": N_("owner"),
    "parent": N_("group"),
    "percent": N_("locked share"),
    "quantity": N_("quantity"),
    "review_days": N_("review days"),
    "stage": N_("stage"),
    "start": N_("start"),
    "supplier": N_("supplier"),
    "tax_rate": N_("tax rate"),
    "title": N_("title"),
    "total": N_("total"),
    "trigger": N_("trigger"),
    "unit": N_("unit"),
    "unit_price": N_("unit price"),
    "venue": N_("venue"),
    "work_hours": N_("working hours"),
}
_CODES: Mapping[str, str] = {
    "free": N_("not locked"),
    "amount": N_("amount locked"),
    "percent": N_("share locked"),
    "both": N_("amount and share locked"),
    "forward": N_("forward from the start"),
    "backward": N_("backward from the event day"),
}


def content_differences(old: PlanContent, new: PlanContent) -> tuple[ContentChange, ...]:
    """Return every difference in the order of the document; none exactly when the contents are equal."""
    names = _row_names(old) | _row_names(new)
    changes: list[ContentChange] = []
    for group in dict.fromkeys((*old, *new)):
        before, after = old.get(group), new.get(group)
        if before == after:
            continue
        if _is_list(before) or _is_list(after):
            changes.extend(_list_changes(group, content_rows(old, group), content_rows(new, group), names))
        elif isinstance(before, Mapping) or isinstance(after, Mapping):
            changes.extend(_field_changes(group, "", "", _fields(before), _fields(after), names))
        else:
            changes.append(ContentChange(ChangeKind.CHANGED, ALL, group, "", "", "", _plain(before), _plain(after)))
    return tuple(changes)


def changes_of(changes: Iterable[ContentChange], dimension: Dimension) -> tuple[ContentChange, ...]:
    """Return the changes that a dimension's reviewers must look at."""
    return tuple(change for change in changes if dimension in change.dimensions)


def _is_list(value: JsonValue) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _fields(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, Mapping) else {}


def _list_changes(
    group: str,
    old: Sequence[Mapping[str, JsonValue]],
    new: Sequence[Mapping[str, JsonValue]],
    names: Mapping[str, str],
) -> list[ContentChange]:
    before, after = _by_id(old), _by_id(new)
    changes = [
        _row_change(ChangeKind.REMOVED, group, row_id, row, names)
        for row_id, row in before.items()
        if row_id not in after
    ]
    stayed = _longest_run([list(before).index(row_id) for row_id in after if row_id in before])
    kept_order = {list(before)[index] for index in stayed}
    for row_id, row in after.items():
        if row_id not in before:
            changes.append(_row_change(ChangeKind.ADDED, group, row_id, row, names))
            continue
        if row_id not in kept_order:
            changes.append(_row_change(ChangeKind.MOVED, group, row_id, row, names))
        changes.extend(_field_changes(group, row_id, _row_name(row), before[row_id], row, names))
    return changes


def _row_change(
    kind: ChangeKind, group: str, row_id: str, row: Mapping[str, JsonValue], names: Mapping[str, str]
) -> ContentChange:
    dimensions = frozenset[Dimension]().union(*(field_dimensions(group, name, row_id) for name in row))
    value = _shown(group, "amount", row["amount"], names) if "amount" in row else ""
    before, after = ("", value) if kind is ChangeKind.ADDED else (value, "")
    if kind is ChangeKind.MOVED:
        before = after = ""
        dimensions = field_dimensions(group, "id", row_id)
    return ContentChange(kind, dimensions, group, row_id, _row_name(row), "", before, after)


def _field_changes(
    group: str,
    row_id: str,
    row_name: str,
    old: Mapping[str, JsonValue],
    new: Mapping[str, JsonValue],
    names: Mapping[str, str],
) -> list[ContentChange]:
    return [
        ContentChange(
            ChangeKind.CHANGED,
            field_dimensions(group, name, row_id),
            group,
            row_id,
            row_name,
            name,
            _shown(group, name, old.get(name), names),
            _shown(group, name, new.get(name), names),
        )
        for name in dict.fromkeys((*new, *old))
        if old.get(name) != new.get(name) or (name in old) != (name in new)
    ]


def _by_id(rows: Sequence[Mapping[str, JsonValue]]) -> dict[str, Mapping[str, JsonValue]]:
    """Key rows by id; rows that share an id (two files with the same bytes) are numbered."""
    keyed: dict[str, Mapping[str, JsonValue]] = {}
    for row in rows:
        key = identifier = str(row.get("id", ""))
        number = 1
        while key in keyed:
            number += 1
            key = f"{identifier}#{number}"
        keyed[key] = row
    return keyed


def _longest_run(numbers: Sequence[int]) -> set[int]:
    """Return the values of a longest increasing subsequence: the rows that kept their order."""
    tails: list[int] = []
    chains: list[tuple[int, ...]] = []
    for number in numbers:
        at = bisect_left(tails, number)
        chain = (*(chains[at - 1] if at else ()), number)
        tails[at : at + 1] = [number]
        chains[at : at + 1] = [chain]
    return set(chains[-1]) if chains else set()


def _row_name(row: Mapping[str, JsonValue]) -> str:
    return str(row.get("name") or row.get("title") or "")


def _row_names(content: PlanContent) -> dict[str, str]:
    return {
        str(row.get("id", "")): _row_name(row)
        for group in ("stages", "tasks", "lines")
        for row in content_rows(content, group)
    }


def _shown(group: str, name: str, value: JsonValue, names: Mapping[str, str]) -> str:
    if value is None or value == "":
        return _("none")
    if name in ("parent", "stage"):
        return names.get(str(value), str(value))
    if name in ("lock", "direction"):
        return _(_CODES.get(str(value), str(value)))
    if group == "project" and name == "kind" and value in list(ProjectKind):
        return kind_label(ProjectKind(str(value)))
    if name == "owner" and value in list(Role):
        return role_label(Role(str(value)))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return _NUMBERS.get(name, str)(value)
    return _plain(value)


def _plain(value: JsonValue) -> str:
    return value if isinstance(value, str) else "" if value is None else str(cast("object", value))


def _instant_words(at: int) -> str:
    moment: datetime = EPOCH + timedelta(minutes=at)
    return moment.strftime("%Y-%m-%d %H:%M")


def _quantity_words(thousandths: int) -> str:
    whole, rest = divmod(thousandths, 1000)
    return f"{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")


def _duration_words(minutes: int) -> str:
    return _("{hours}:{minutes:02d} hours").format(hours=minutes // 60, minutes=minutes % 60)


_NUMBERS: Mapping[str, Callable[[int], str]] = {
    "amount": format_fen,
    "total": format_fen,
    "unit_price": format_fen,
    "percent": format_percent,
    "tax_rate": format_percent,
    "quantity": _quantity_words,
    "start": _instant_words,
    "finish": _instant_words,
    "deadline": _instant_words,
    "duration": _duration_words,
}


def _around_difference(before: str, after: str) -> tuple[str, str]:
    """Cut two long texts to where they begin to differ."""
    before, after = " ".join(before.split()) or before, " ".join(after.split()) or after
    if max(len(before), len(after)) <= _LONGEST_SHOWN:
        return before, after
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    start = max(0, same - _LONGEST_SHOWN // 3)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    piece = text[start : start + _LONGEST_SHOWN]
    return ("…" if start else "") + piece + ("…" if start + _LONGEST_SHOWN < len(text) else "")
