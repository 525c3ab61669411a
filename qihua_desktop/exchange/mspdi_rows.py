"""The rows of an MSPDI file while and after they are built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    Baseline,
    BaselineTask,
    Link,
    Task,
)
from qihua_desktop.domain.schedule import ScheduleLink, ScheduleTask

from .imported_plan import (
    ImportedAssignment,
    ImportedCalendar,
    ImportedResource,
    StoredDates,
)
from .mspdi_values import (
    Corrections,
)
from .safe_xml import Record

LONGEST_NAME: Final = 10_000


class Rows:
    """The rows of a file while and after they are built."""

    def __init__(
        self, calendars: Mapping[int, ImportedCalendar], calendar: ImportedCalendar, project_id: EntityId
    ) -> None:
        self.calendars = calendars
        self.calendar = calendar
        self.project_id = project_id
        self.title = ""
        self.tasks: list[Task] = []
        self.links: list[Link] = []
        self.schedule_tasks: list[ScheduleTask] = []
        self.schedule_links: list[ScheduleLink] = []
        self.resources: list[ImportedResource] = []
        self.assignments: list[ImportedAssignment] = []
        self.baselines: list[Baseline] = []
        self.baseline_tasks: list[BaselineTask] = []
        self.stored: list[StoredDates] = []
        self.dropped = Corrections()
        self.id_of_uid: dict[int, EntityId] = {}
        self.resource_of_uid: dict[int, ImportedResource] = {}
        self.assignments_of_uid: dict[int, list[Record]] = {}
