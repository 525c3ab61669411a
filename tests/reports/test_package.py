"""What holds for the whole package: cheap to import, safe to use from several threads, legible in black and white."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from qihua_desktop.domain.roles import Role
from qihua_desktop.reports.budget_approval import render_budget_approval
from qihua_desktop.reports.document import PdfResult
from qihua_desktop.reports.gantt_chart import render_gantt
from qihua_desktop.reports.plan_document import render_plan
from qihua_desktop.reports.sign_off_sheet import render_sign_off
from qihua_desktop.reports.styles import PAPER
from qihua_desktop.reports.survey_form import render_survey_form

from . import samples

DOCUMENTS: list[tuple[Callable[..., PdfResult], object]] = [
    (render_plan, samples.plan()),
    (render_budget_approval, samples.budget_approval()),
    (render_sign_off, samples.sign_off()),
    (render_survey_form, samples.survey()),
    (render_gantt, samples.gantt()),
]


def test_importing_the_documents_does_not_load_reportlab() -> None:
    modules = "budget_approval, gantt_chart, plan_document, sign_off_sheet, survey_form"
    program = f"from qihua_desktop.reports import {modules}; import sys; sys.exit('reportlab' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_documents_rendered_at_the_same_time_do_not_mix() -> None:
    alone = [render(document).data for render, document in DOCUMENTS]
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(render, document) for _round in range(3) for render, document in DOCUMENTS]
        together = [future.result().data for future in futures]
    assert together == alone * 3


@pytest.mark.parametrize("document", [document for _render, document in DOCUMENTS], ids=lambda one: type(one).__name__)
def test_inputs_can_be_sent_to_another_process(document: object) -> None:
    assert pickle.dumps(document)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Role.BAR, Role.CRITICAL),
        (Role.BAR, Role.BAR_SOFT),
        (Role.CRITICAL, Role.CRITICAL_SOFT),
        (Role.BAR_SOFT, Role.CRITICAL_SOFT),
        (Role.SUMMARY, Role.BAR),
        (Role.BASELINE, Role.SURFACE),
        (Role.TEXT, Role.SURFACE),
    ],
)
def test_what_colour_tells_apart_a_black_and_white_printer_does_too(one: Role, other: Role) -> None:
    assert abs(PAPER[one].grey().red - PAPER[other].grey().red) >= 25
