"""The columns of a plan table, what other programs call them, and how tables write dates."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from qihua_desktop.domain.errors import InputError
from qihua_desktop.i18n import N_

MOST_ROWS: Final = 120_000


class Column(StrEnum):
    """The columns of a plan table, in order."""

    ID = N_("No.")
    WBS = N_("WBS")
    NAME = N_("Task")
    DURATION = N_("Duration")
    START = N_("Start")
    FINISH = N_("Finish")
    PREDECESSORS = N_("Predecessors")
    OWNER = N_("Owner")
    PROGRESS = N_("Progress")
    CONSTRAINT = N_("Constraint")
    CONSTRAINT_DATE = N_("Constraint date")
    DEADLINE = N_("Deadline")
    MILESTONE = N_("Milestone")
    PINNED = N_("Pinned")
    ACTUAL_START = N_("Actual start")
    ACTUAL_FINISH = N_("Actual finish")
    NOTES = N_("Notes")


ALIASES: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.ID: ("id", "no.", "序号", "编号", "标识号"),
    Column.WBS: ("wbs", "outline number", "大纲编号", "大纲数字"),
    Column.NAME: ("name", "task", "task name", "任务", "任务名称", "名称"),
    Column.DURATION: ("duration", "工期"),
    Column.START: ("start", "begin date", "start date", "开始", "开始时间", "开始日期"),
    Column.FINISH: ("finish", "end date", "finish date", "完成", "完成时间", "结束日期", "完成日期"),
    Column.PREDECESSORS: ("predecessors", "前置任务", "前置"),
    Column.OWNER: ("owner", "resources", "resource names", "负责人", "资源名称"),
    Column.PROGRESS: ("progress", "completion", "% complete", "进度", "完成百分比"),
    Column.CONSTRAINT: ("constraint", "限制", "限制类型"),
    Column.CONSTRAINT_DATE: ("constraint date", "限制日期"),
    Column.DEADLINE: ("deadline", "截止日期", "截止"),
    Column.MILESTONE: ("milestone", "里程碑"),
    Column.PINNED: ("pinned", "固定"),
    Column.ACTUAL_START: ("actual start", "实际开始"),
    Column.ACTUAL_FINISH: ("actual finish", "实际完成"),
    Column.NOTES: ("notes", "备注"),
}
YES: Final = frozenset({"1", "yes", "true", "是", "y", "x", "√"})


class DateOrder(StrEnum):
    """How a file writes its dates."""

    YEAR_FIRST = "year"
    DAY_FIRST = "day"
    MONTH_FIRST = "month"


class AmbiguousDates(InputError):
    """The file's dates read both as day/month and as month/day: ask, and read again with the answer."""
