"""Stages as templates from the Gantt window."""

from __future__ import annotations

from datetime import date

import ui.common.dialogs as dialogs
from qihua_desktop.services import plan
from qihua_desktop.services.stage_templates import stage_templates
from tests.services.plan_samples import at
from tests.ui.gantt.conftest import Window

HOSTILE = "<img src=x></b>=cmd| 物料"


def names(window: Window) -> list[str]:
    return [one.row.name for one in window.page.shown_rows() if one.row is not None]


def test_a_stage_is_kept_and_put_back_from_a_day(window: Window) -> None:
    sample = window.sample
    head = plan.add_task(sample.session, sample.project.id, HOSTILE).added[0]
    sample.add("设计", parent_id=head, duration=960)
    sample.add("打样", parent_id=head, duration=480)
    sample.link("设计", "打样")
    window.select(HOSTILE)
    with dialogs.scripted([HOSTILE]):
        window.page.commands.reuse.save_stage()
    (kept,) = stage_templates(sample.session)
    assert (kept.name, kept.tasks) == (HOSTILE, 2)
    window.select("调研")
    with dialogs.scripted([kept.id.hex(), date(2026, 9, 14)]):
        window.page.commands.reuse.insert_stage()
    assert names(window)[:4] == ["调研", HOSTILE, "设计", "打样"]
    starts = [one.row.start for one in window.page.shown_rows() if one.row is not None]
    assert starts[1:4] == [at(9, 14), at(9, 14), at(9, 16)]
    with dialogs.scripted([kept.id.hex()]):
        window.page.commands.reuse.delete_stage()
    assert stage_templates(sample.session) == ()


def test_what_cannot_be_is_said_in_words(window: Window) -> None:
    window.select("调研")
    with dialogs.scripted([]) as seen:
        window.page.commands.reuse.save_stage()
    assert len(seen) == 1
    with dialogs.scripted([]) as seen:
        window.page.commands.reuse.insert_stage()
    assert len(seen) == 1
