"""基线对比 on paper: days and yuan per task, what slipped and why, new and deleted tasks, the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.plan import instant
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.scene import Text
from qihua_desktop.reports import catalogue
from qihua_desktop.reports.baseline_comparison import (
    ComparedTask,
    ComparisonInput,
    comparison_scene,
    render_comparison,
)
from qihua_desktop.services import budget, plan, plan_baselines
from qihua_desktop.services.session import Session
from tests.reports import samples
from tests.reports.reading import page_texts, text_of
from tests.services.workspace_samples import event_project, fresh_session

KEY = "baseline-comparison"


@pytest.fixture(autouse=True)
def chinese(use_language: object) -> None:
    assert callable(use_language)
    use_language("zh_CN")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = fresh_session(tmp_path)
    yield session
    session.workspace.close()


@pytest.fixture
def project(session: Session) -> Project:
    return event_project(session)


def at(day: int, hour: int) -> int:
    """Return an instant of August 2026."""
    return instant(datetime(2026, 8, day, hour))


def compared(*tasks: ComparedTask) -> ComparisonInput:
    """Return a comparison of some tasks."""
    return ComparisonInput(samples.info("基线对比"), "v2 定稿", datetime(2026, 8, 1, 9, tzinfo=UTC), "林晓岚", tasks)


def test_it_is_there_once_there_is_a_baseline(session: Session, project: Project) -> None:
    assert KEY not in {kind.key for kind in catalogue.available(session, project.id)}
    with pytest.raises(InputError):
        catalogue.prepare(session, KEY, project.id)
    plan_baselines.take_baseline(session, project.id, "初版")
    assert KEY in {kind.key for kind in catalogue.available(session, project.id)}
    assert "与基线完全一致" in text_of(catalogue.prepare(session, KEY, project.id).render().data)


def test_what_slipped_is_printed_with_its_days_money_and_reason(session: Session, project: Project) -> None:
    line = next(one.line for one in budget.load_budget(session, project.id).lines if one.line.parent_id is not None)
    leaf = next(
        task
        for task in tables.tasks.all(session.workspace, project_id=project.id)
        if task.duration and not task.milestone and task.parent_id is not None
    )
    with session.edit("关联", project.id) as edit:
        tables.budget_lines.update(edit, line.id, task_id=leaf.id)
    plan_baselines.take_baseline(session, project.id, "初版")
    plan.set_duration(session, project.id, (leaf.id,), leaf.duration + 960)
    budget.set_amount(session, line.id, line.amount + 123_45)
    text = text_of(catalogue.prepare(session, KEY, project.id).render().data)
    assert "初版" in text
    assert "工期比基线长2天" in text
    assert "+123.45" in text
    assert leaf.name.replace(" ", "") in text
    assert "偏差最大的任务" in text


def test_an_older_baseline_can_be_asked_for(session: Session, project: Project) -> None:
    older = plan_baselines.take_baseline(session, project.id, "最早的基线")
    plan_baselines.take_baseline(session, project.id, "后来的基线")
    assert "后来的基线" in text_of(catalogue.prepare(session, KEY, project.id).render().data)
    assert "最早的基线" in text_of(catalogue.prepare(session, KEY, project.id, baseline_id=older.id).render().data)


def test_two_baselines_beside_each_other_and_their_money_are_printed(session: Session, project: Project) -> None:
    line = next(one.line for one in budget.load_budget(session, project.id).lines if one.line.parent_id is not None)
    leaf = next(one for one in tables.tasks.all(session.workspace, project_id=project.id) if one.parent_id is not None)
    with session.edit("关联", project.id) as edit:
        tables.budget_lines.update(edit, line.id, task_id=leaf.id)
    first = plan_baselines.take_baseline(session, project.id, "初版")
    budget.set_amount(session, line.id, line.amount + 100)
    second = plan_baselines.take_baseline(session, project.id, "送审版")
    budget.set_amount(session, line.id, line.amount + 900)
    prepared = catalogue.prepare(session, KEY, project.id, baseline_id=first.id, other_baseline_id=second.id)
    text = text_of(prepared.render().data)
    assert "对比对象送审版" in text
    assert "金额差异最大的任务" in text
    assert "+1.00" in text
    assert "+9.00" not in text


def test_new_deleted_and_unmoved_tasks_are_told_apart() -> None:
    old = ComparedTask("原任务", 0, False, at(3, 9), at(5, 18), at(3, 9), at(5, 18), 0, 100, 100)
    new = replace(old, name="补充任务", old_start=None, old_finish=None, old_cost=0, new_cost=5_00)
    gone = replace(old, name="取消任务", new_start=None, new_finish=None, old_cost=7_00, new_cost=0)
    text = text_of(render_comparison(compared(old, new, gone)).data)
    assert "原任务" not in text
    assert "补充任务—08-03—08-05新增5.00+5.00" in text
    assert "取消任务08-03—08-05—已删除7.00−7.00" in text
    assert "1/1项" in text


def test_a_long_comparison_runs_over_pages_with_its_head_repeated() -> None:
    task = ComparedTask("任务", 1, False, at(3, 9), at(5, 18), at(4, 9), at(6, 18), 480, 0, 0, "受前置任务影响。")
    tasks = tuple(replace(task, name=f"任务 {number}") for number in range(200))
    texts = page_texts(render_comparison(compared(*tasks)).data)
    assert len(texts) > 5
    assert all("原因" in text for text in texts[1:-1])
    assert "任务 199" in texts[-1]


def test_a_chart_without_bars_says_whether_anything_else_differs() -> None:
    same = ComparedTask("同", 0, False, at(3, 9), at(5, 18), at(3, 9), at(5, 18), 0, 0, 0)
    sooner = replace(same, name="提前开始", new_start=at(2, 9))

    def words(*tasks: ComparedTask) -> list[str]:
        return [shape.text for shape in comparison_scene(tasks, 480, 1000.0).primitives if isinstance(shape, Text)]

    assert words(same) == ["与基线完全一致。"]
    assert words(same, sooner) == ["完成日期和金额均无变化，其他改动见表格。"]
