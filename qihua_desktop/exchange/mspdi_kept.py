"""What an MSPDI file has that this program does not model: kept by UID, to be written back as it was.

Only complete elements are kept, written anew from what was parsed: no entity, no foreign name and no attribute can
come back this way. Figures that another program computes from dates (work, variances, earned value) are not kept.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast
from xml.etree.ElementTree import Element, ParseError, fromstring

from .mspdi_order import ASSIGNMENT, PROJECT, RESOURCE, TASK, names
from .mspdi_values import written_text
from .safe_xml import DEEPEST, local_name

MOST_KEPT: Final = 96 * 1024 * 1024
"""Characters of one file; what goes beyond is left out and reported."""
NOBODY: Final = -65535
"""The resource of a task on which nobody works; its assignment still has baselines and work by days."""
_TOO_MUCH: Final = "too_much"
_USUAL_FORMATS: Final = frozenset({"8", "21", "53"})

_PROJECT_KEPT: Final = names(
    """
    GUID Category Company Manager Author CreationDate Revision FYStartDate CriticalSlackLimit CurrencyDigits
    CurrencySymbol CurrencyCode CurrencySymbolPosition DaysPerMonth DefaultTaskType DefaultFixedCostAccrual
    DefaultStandardRate DefaultOvertimeRate DurationFormat WorkFormat EditableActualCosts HonorConstraints
    EarnedValueMethod InsertedProjectsLikeSummary MultipleCriticalPaths NewTasksEffortDriven NewTasksEstimated
    SplitsInProgressTasks SpreadActualCost SpreadPercentComplete TaskUpdatesResource FiscalYearStart WeekStartDay
    MoveCompletedEndsBack MoveRemainingStartsBack MoveRemainingStartsForward MoveCompletedEndsForward
    BaselineForEarnedValue AutoAddNewResourcesAndTasks StatusDate Autolink NewTaskStartDate NewTasksAreManual
    DefaultTaskEVMethod OutlineCodes WBSMasks ExtendedAttributes CalendarUID
    """
)
TASK_KEPT: Final[Mapping[str, str]] = {
    "GUID": "", "Active": "1", "Type": "0", "CreateDate": "", "Contact": "", "DurationFormat": "7",
    "EffortDriven": "0", "Recurring": "0", "Estimated": "0", "DisplayAsSummary": "0", "IsSubproject": "0",
    "IsSubprojectReadOnly": "0", "SubprojectName": "", "ExternalTask": "0", "ExternalTaskProject": "",
    "FixedCost": "0", "FixedCostAccrual": "", "Cost": "0", "CalendarUID": "-1", "LevelAssignments": "1",
    "LevelingCanSplit": "1", "LevelingDelay": "0", "LevelingDelayFormat": "", "Hyperlink": "", "HyperlinkAddress": "",
    "HyperlinkSubAddress": "", "IgnoreResourceCalendar": "0", "HideBar": "0", "Rollup": "0",
    "PhysicalPercentComplete": "0", "EarnedValueMethod": "0", "ExtendedAttribute": "", "OutlineCode": "",
    "IsPublished": "", "StatusManager": "", "CommitmentStart": "", "CommitmentFinish": "", "CommitmentType": "0",
    "TimephasedData": "",
}  # fmt: skip
"""What is kept of a task, with the value that need not be."""
_RESOURCE_COMPUTED: Final = names(
    """
    UID ID Name Type IsNull Work RegularWork OvertimeWork ActualWork RemainingWork ActualOvertimeWork
    RemainingOvertimeWork PercentWorkComplete Cost OvertimeCost ActualCost ActualOvertimeCost RemainingCost
    RemainingOvertimeCost WorkVariance CostVariance SV CV ACWP CalendarUID BCWS BCWP Start Finish PeakUnits
    OverAllocated
    """
)
_ASSIGNMENT_KEPT: Final = names(
    """
    GUID CostRateTable Hyperlink HyperlinkAddress HyperlinkSubAddress Notes WorkContour BookingType CreationDate
    AssnOwner AssnOwnerGuid ExtendedAttribute Baseline
    """
)
_ASSIGNMENT_EXACT: Final = frozenset(ASSIGNMENT) - {"UID", "TaskUID", "ResourceUID"}
"""What is kept as long as dates, work and share stay what they were."""


@dataclass(slots=True)
class KeptSource:
    """Kept elements as text, by the UIDs of their file; nested by tag for the project."""

    project: dict[str, str] = field(default_factory=dict[str, str])
    tasks: dict[int, str] = field(default_factory=dict[int, str])
    resources: dict[int, str] = field(default_factory=dict[int, str])
    """Whole resources, also those that are no people."""
    assignments: dict[str, str] = field(default_factory=dict[str, str])
    """Whole assignments, by the UIDs of task and resource."""
    calendars: dict[int, str] = field(default_factory=dict[int, str])
    size: int = 0
    seen: set[str] = field(default_factory=set[str])
    """Tags that were kept, to say so; ``too_much`` when something was not."""

    def __bool__(self) -> bool:
        return bool(self.project or self.tasks or self.resources or self.assignments)

    @property
    def is_whole(self) -> bool:
        """Whether nothing had to be left out for its size."""
        return _TOO_MUCH not in self.seen

    def take_project(self, root: Element) -> None:
        """Keep what the project itself has."""
        for child in root:
            tag = local_name(child)
            if tag in _PROJECT_KEPT and tag not in self.project and (len(child) or (child.text or "").strip()):
                self._keep(_seen_as(tag), child, lambda text, tag=tag: self.project.__setitem__(tag, text))

    def take_task(self, uid: int, fields: Iterable[tuple[str, Element]]) -> None:
        """Keep what one task has."""
        parts: list[str] = []
        for tag, child in fields:
            text = (child.text or "").strip()
            if not len(child) and (
                text in ("", TASK_KEPT[tag]) or (tag == "DurationFormat" and text in _USUAL_FORMATS)
            ):
                continue
            self._keep(tag, child, parts.append)
        if parts and uid not in self.tasks:
            self.tasks[uid] = "".join(parts)

    def take_resource(self, uid: int, resource: Element) -> None:
        """Keep a whole resource."""
        if uid not in self.resources:
            self._keep("Resource", resource, lambda text: self.resources.__setitem__(uid, text))

    def take_assignment(self, task: int, resource: int, assignment: Element) -> None:
        """Keep a whole assignment."""
        key = f"{task} {resource if resource >= 0 else NOBODY}"
        if key not in self.assignments:
            self._keep("Assignment", assignment, lambda text: self.assignments.__setitem__(key, text))

    def take_calendar(self, uid: int, calendar: Element) -> None:
        """Keep a whole calendar, for tasks and things that have one of their own."""
        if uid not in self.calendars:
            self._keep("Calendar", calendar, lambda text: self.calendars.__setitem__(uid, text))

    def _keep(self, tag: str, element: Element, put: Callable[[str], object]) -> None:
        text = element_text(element)
        if text is None or self.size + len(text) > MOST_KEPT:
            self.seen.add(_TOO_MUCH)
            return
        self.size += len(text)
        self.seen.add(tag)
        put(text)

    def packed(self) -> bytes:
        """Return everything as compressed bytes."""
        content = {
            "project": self.project,
            "tasks": self.tasks,
            "resources": self.resources,
            "assignments": self.assignments,
            "calendars": self.calendars,
        }
        return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 3)


def _seen_as(tag: str) -> str:
    """Return under what name a part of the project counts as kept; its calendar is modelled, a task's is not."""
    return f"Project{tag}" if tag == "CalendarUID" else tag


def unpacked(content: bytes) -> KeptSource:
    """Return what was packed; nothing when the bytes are no such thing."""
    try:
        reader = zlib.decompressobj()
        raw: Any = json.loads(reader.decompress(content, 8 * MOST_KEPT))
        return KeptSource(
            _texts(raw["project"]),
            {int(uid): text for uid, text in _texts(raw["tasks"]).items()},
            {int(uid): text for uid, text in _texts(raw["resources"]).items()},
            _texts(raw["assignments"]),
            {int(uid): text for uid, text in _texts(raw["calendars"]).items()},
        )
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return KeptSource()


def _texts(raw: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in cast("dict[object, object]", raw).items()}


def element_text(element: Element, depth: int = 0) -> str | None:
    """Write an element without attributes and namespaces; None when it is nested too deeply."""
    tag = local_name(element)
    if depth > DEEPEST or not tag.isidentifier():
        return None
    if not len(element):
        return f"<{tag}>{written_text(element.text or '')}</{tag}>"
    parts = [element_text(child, depth + 1) for child in element]
    if None in parts:
        return None
    return f"<{tag}>{''.join(part for part in parts if part)}</{tag}>"


def by_tag(fragments: str, wanted: Mapping[str, int] | frozenset[str]) -> dict[str, str]:
    """Return kept elements that stand side by side, those of a tag together."""
    found: dict[str, str] = {}
    try:
        top = fromstring(f"<x>{fragments}</x>")
    except (ParseError, ValueError):
        return found
    for child in top:
        text = element_text(child) if local_name(child) in wanted else None
        if text:
            found[child.tag] = found.get(child.tag, "") + text
    return found


def task_parts(kept: KeptSource, uid: int) -> dict[str, str]:
    """Return what was kept of a task, by tag."""
    text = kept.tasks.get(uid)
    return by_tag(text, TASK) if text else {}


def resource_parts(whole: str) -> dict[str, str]:
    """Return what a kept resource has beside what is written anyway."""
    return by_tag(_inside(whole), frozenset(RESOURCE) - _RESOURCE_COMPUTED)


def assignment_parts(whole: str, *, exact: bool) -> dict[str, str]:
    """Return what a kept assignment has beside what is written anyway; all of it while nothing of it has changed."""
    return by_tag(_inside(whole), _ASSIGNMENT_EXACT if exact else _ASSIGNMENT_KEPT)


def value_of(whole: str, tag: str) -> str:
    """Return the text of a simple child of a kept element."""
    _first, mark, rest = whole.partition(f"<{tag}>")
    return rest.partition("<")[0] if mark else ""


def with_values(whole: str, values: Mapping[str, int]) -> str:
    """Return a kept element with other numbers in some of its simple children."""
    for tag, value in values.items():
        first, mark, rest = whole.partition(f"<{tag}>")
        if mark:
            whole = f"{first}<{tag}>{value}</{tag}>{rest.partition(f'</{tag}>')[2]}"
    return whole


def _inside(whole: str) -> str:
    return whole[whole.index(">") + 1 : whole.rindex("</")]


def project_parts(kept: KeptSource) -> dict[str, str]:
    """Return what was kept of the project, by tag."""
    return {tag: text for tag, text in kept.project.items() if tag in PROJECT}
