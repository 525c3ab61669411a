from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.gates import GateFacts, gate_findings, may_leave, stage_tasks
from qihua_desktop.domain.people import Role
from qihua_desktop.domain.project import GateKind
from qihua_desktop.domain.review import VersionState
from qihua_desktop.domain.survey import Survey, SurveyState
from tests.domain import rows

STAGE = rows.stage(1, owner_id=rows.key(50))
SURVEY = Survey(rows.key(1), rows.PROJECT, 0, "国潮偏好", "", "", SurveyState.RELEASED, 500)


def judged(kind, target=0, document_key="", done_ms=None, **facts):
    item = rows.gate(kind, target=target, document_key=document_key, done_ms=done_ms)
    (finding,) = gate_findings(GateFacts(STAGE, [item], **facts))
    assert finding.met == (not finding.missing)
    return finding


def test_a_task_gate_names_the_unfinished_tasks_and_counts_the_rest():
    tasks = [rows.task(at, name=f"T{at}", stage_id=STAGE.id, progress=0, start=at) for at in range(1, 6)]
    missing = judged(GateKind.TASKS, tasks=tasks).missing
    assert all(name in missing for name in ("T1", "T2", "T3", "2"))
    assert "T4" not in missing
    assert judged(GateKind.TASKS, tasks=[replace(task, progress=10000) for task in tasks]).met


def test_summaries_do_not_count_and_children_belong_to_their_parents_stage():
    tasks = [
        rows.task(1, stage_id=STAGE.id, progress=0),
        rows.task(2, parent_id=rows.key(1), progress=10000),
        rows.task(3, stage_id=rows.key(99), progress=0),
    ]
    assert [task.id for task in stage_tasks(tasks, STAGE.id)] == [rows.key(2)]
    assert judged(GateKind.TASKS, tasks=tasks).met


def test_a_task_gate_may_ask_for_less_than_everything():
    tasks = [rows.task(1, stage_id=STAGE.id, progress=8000)]
    assert judged(GateKind.TASKS, target=8000, tasks=tasks).met
    assert not judged(GateKind.TASKS, target=8001, tasks=tasks).met


def test_a_document_gate_takes_a_produced_an_attached_or_a_submitted_document():
    def met(**facts):
        return judged(GateKind.DOCUMENT, document_key="event_plan", **facts).met

    assert not met(documents=[rows.document()])
    assert not met(documents=[rows.document(key="other", produced_ms=1)])
    assert met(documents=[rows.document(produced_ms=1)])
    assert met(documents=[rows.document(attachment_id=rows.key(3))])
    assert met(plan_documents=[rows.PLAN_DOCUMENT], versions=[rows.version()])


def test_a_sign_off_gate_looks_at_the_latest_version_only():
    def finding(*states):
        versions = [rows.version(at, state=state) for at, state in enumerate(states, 1)]
        return judged(
            GateKind.SIGN_OFF, document_key="event_plan", plan_documents=[rows.PLAN_DOCUMENT], versions=versions
        )

    assert not finding().met
    assert finding(VersionState.RETURNED, VersionState.APPROVED).met
    for state in set(VersionState) - {VersionState.APPROVED}:
        assert "2" in finding(VersionState.APPROVED, state).missing


@pytest.mark.parametrize("state", BudgetState)
def test_a_budget_gate_takes_an_approved_budget(state):
    met = judged(GateKind.BUDGET, budget=rows.budget(state=state)).met
    assert met == (state in (BudgetState.APPROVED, BudgetState.CLOSED))
    assert not judged(GateKind.BUDGET).met


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_survey_gate_counts_responses(collected, target):
    finding = judged(GateKind.SURVEY, target=target, surveys=[SURVEY], responses={SURVEY.id: collected})
    assert finding.met == (collected >= target)


def test_a_survey_gate_needs_a_released_survey():
    assert not judged(GateKind.SURVEY).met
    assert SURVEY.title in judged(GateKind.SURVEY, surveys=[replace(SURVEY, state=SurveyState.DRAFT)]).missing


def test_a_manual_gate_waits_for_confirmation():
    assert not judged(GateKind.MANUAL).met
    assert judged(GateKind.MANUAL, done_ms=1).met


def test_findings_say_who_must_act_and_leaving_needs_all_of_them():
    items = [
        rows.gate(GateKind.MANUAL, 1, position=1, done_ms=1, owner_role=Role.DIRECTOR),
        rows.gate(GateKind.MANUAL, 2, position=0),
        rows.gate(GateKind.MANUAL, 3, stage_id=rows.key(77)),
    ]
    findings = gate_findings(GateFacts(STAGE, items))
    assert [finding.item.id for finding in findings] == [rows.key(2), rows.key(1)]
    assert [(finding.owner_role, finding.owner_id) for finding in findings] == [
        (Role.MANAGER, rows.key(50)),
        (Role.DIRECTOR, None),
    ]
    assert not may_leave(findings)
    assert may_leave(findings[1:])
    assert may_leave(())
