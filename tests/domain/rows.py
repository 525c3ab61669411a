"""Plain rows for the tests of the rules; every field can be given by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from qihua_desktop.domain.budget import Budget, BudgetState
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.domain.plan import ConstraintType, ScheduleDirection, Task, TaskMode
from qihua_desktop.domain.project import (
    GateItem,
    GateKind,
    Project,
    ProjectDocument,
    ProjectKind,
    ProjectStatus,
    Risk,
    Stage,
)
from qihua_desktop.domain.review import (
    Dimension,
    PlanDocument,
    PlanSection,
    PlanVersion,
    ReviewComment,
    ReviewSeat,
    RouteMode,
    Severity,
    SignOff,
    Verdict,
    VersionState,
)


def key(number: int) -> EntityId:
    return EntityId(number.to_bytes(16, "big"))


PROJECT = key(0)
_TASK = Task(
    id=key(1),
    project_id=PROJECT,
    parent_id=None,
    stage_id=None,
    position=0,
    name="Task",
    owner_id=None,
    owner_text="",
    duration=480,
    elapsed=False,
    milestone=False,
    mode=TaskMode.AUTO,
    start=1000,
    finish=1480,
    constraint=ConstraintType.ASAP,
    constraint_at=None,
    deadline=None,
    progress=0,
    actual_start=None,
    actual_finish=None,
    priority=500,
    units=10000,
    notes="",
    external_ref="",
)
_PROJECT = Project(
    id=PROJECT,
    number="QH-2026-0031",
    name="秋季新品快闪店",
    kind=ProjectKind.EVENT,
    programme_id=None,
    owner_id=None,
    goal="新品引流 800 人",
    venue="上海恒隆广场",
    direction=ScheduleDirection.BACKWARD,
    key_on=date(2026, 9, 19),
    stage_id=None,
    status=ProjectStatus.ACTIVE,
    template_key="event",
    work_hours="540-720,780-1080",
    created_ms=0,
)
_STAGE = Stage(key(1), PROJECT, 0, "needs", "需求调研", Role.MANAGER, None, "", 0, None, None)
_GATE = GateItem(key(1), PROJECT, key(1), 0, GateKind.MANUAL, "", "Item", Role.MANAGER, 0, None, None)
_DOCUMENT = ProjectDocument(key(1), PROJECT, None, 0, "event_plan", "《活动策划方案》", None, None, None)
_RISK = Risk(key(1), PROJECT, 0, "暴雨", "橙色预警", "移至室内", None, "行政部", "各位来宾")
_SECTION = PlanSection(key(1), PROJECT, key(9), 0, "goal", "活动目标", "引流")
_VERSION = PlanVersion(
    key(1), PROJECT, key(9), 1, VersionState.IN_REVIEW, "{}", "0" * 64, "{}", "", key(100), 0, None, ""
)
_SEAT = ReviewSeat(key(1), PROJECT, key(1), 1, 0, RouteMode.ALL, Department.FINANCE, key(101), "budget", None)
_SIGN_OFF = SignOff(key(1), PROJECT, key(1), key(1), key(101), Verdict.APPROVE, "", "{}", "", "0" * 64, "{}", 0)
_COMMENT = ReviewComment(
    key(1), PROJECT, key(1), key(101), Dimension.BUDGET, Severity.BLOCKING, "", "", "Why?", "", None, None, 0
)
_BUDGET = Budget(key(1), PROJECT, 60000000, BudgetState.DRAFT, 1, "")
PLAN_DOCUMENT = PlanDocument(key(9), PROJECT, "event_plan", "活动策划方案")


def task(number: int = 1, **fields: Any) -> Task:
    return replace(_TASK, id=key(number), **fields)


def project(**fields: Any) -> Project:
    return replace(_PROJECT, **fields)


def stage(number: int = 1, **fields: Any) -> Stage:
    return replace(_STAGE, id=key(number), **fields)


def gate(kind: GateKind, number: int = 1, **fields: Any) -> GateItem:
    return replace(_GATE, id=key(number), kind=kind, **fields)


def document(number: int = 1, **fields: Any) -> ProjectDocument:
    return replace(_DOCUMENT, id=key(number), **fields)


def risk(number: int = 1, **fields: Any) -> Risk:
    return replace(_RISK, id=key(number), **fields)


def section(number: int = 1, **fields: Any) -> PlanSection:
    return replace(_SECTION, id=key(number), **fields)


def version(number: int = 1, **fields: Any) -> PlanVersion:
    return replace(_VERSION, id=key(number), number=number, **fields)


def seat(number: int = 1, **fields: Any) -> ReviewSeat:
    return replace(_SEAT, id=key(number), **fields)


def sign_off(number: int = 1, **fields: Any) -> SignOff:
    return replace(_SIGN_OFF, id=key(number), **fields)


def comment(number: int = 1, **fields: Any) -> ReviewComment:
    return replace(_COMMENT, id=key(number), **fields)


def budget(**fields: Any) -> Budget:
    return replace(_BUDGET, **fields)
