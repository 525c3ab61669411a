"""The registered tables: one repository each, and the names that the journal records."""

from __future__ import annotations

from typing import Any

from qihua_desktop.domain.budget import Budget, BudgetLine, BudgetVersion
from qihua_desktop.domain.people import Person
from qihua_desktop.domain.plan import Baseline, BaselineTask, CalendarDay, Link, Task
from qihua_desktop.domain.project import (
    Attachment,
    GateItem,
    Programme,
    Project,
    ProjectDocument,
    Risk,
    Stage,
    Strategy,
)
from qihua_desktop.domain.review import (
    PlanDocument,
    PlanSection,
    PlanVersion,
    ReviewComment,
    ReviewSeat,
    SignOff,
)
from qihua_desktop.domain.settings import Setting, StoredTemplate
from qihua_desktop.domain.survey import Jump, Option, Question, Survey

from .rows import budget as budget_rows
from .rows import organisation, plan, project, review, survey
from .table import Table

settings = Table(organisation.SettingRow, Setting, order=("key",), label="key")
people = Table(organisation.PersonRow, Person, order=("name", "id"))
strategies = Table(organisation.StrategyRow, Strategy, order=("-year", "position", "id"))
programmes = Table(organisation.ProgrammeRow, Programme, order=("quarter", "position", "id"))
templates = Table(organisation.TemplateRow, StoredTemplate, order=("name", "id"))
projects = Table(project.ProjectRow, Project, order=("created_ms", "id"))
stages = Table(project.StageRow, Stage)
gate_items = Table(project.GateItemRow, GateItem)
attachments = Table(project.AttachmentRow, Attachment, order=("added_ms", "id"))
project_documents = Table(project.ProjectDocumentRow, ProjectDocument)
risks = Table(project.RiskRow, Risk)
tasks = Table(plan.TaskRow, Task)
links = Table(plan.LinkRow, Link, order=("id",), label="type")
calendar_days = Table(plan.CalendarDayRow, CalendarDay, order=("day", "id"), label="day")
baselines = Table(plan.BaselineRow, Baseline, order=("taken_at", "id"))
baseline_tasks = Table(plan.BaselineTaskRow, BaselineTask, order=("id",))
budgets = Table(budget_rows.BudgetRow, Budget, order=("id",), label="state")
budget_lines = Table(budget_rows.BudgetLineRow, BudgetLine)
budget_versions = Table(budget_rows.BudgetVersionRow, BudgetVersion, order=("number",), label="number")
plan_documents = Table(review.PlanDocumentRow, PlanDocument, order=("id",), label="title")
plan_sections = Table(review.PlanSectionRow, PlanSection, label="title")
plan_versions = Table(review.PlanVersionRow, PlanVersion, order=("number",), label="number")
review_seats = Table(review.ReviewSeatRow, ReviewSeat, order=("step", "position", "id"), label="department")
sign_offs = Table(review.SignOffRow, SignOff, order=("signed_ms", "id"), label="verdict")
review_comments = Table(review.ReviewCommentRow, ReviewComment, order=("created_ms", "id"), label="body")
surveys = Table(survey.SurveyRow, Survey, label="title")
questions = Table(survey.QuestionRow, Question, label="text")
options = Table(survey.OptionRow, Option, label="label")
jumps = Table(survey.JumpRow, Jump, label="target")

ALL: tuple[Table[Any], ...] = (
    settings,
    people,
    strategies,
    programmes,
    templates,
    projects,
    stages,
    gate_items,
    attachments,
    project_documents,
    risks,
    tasks,
    links,
    calendar_days,
    baselines,
    baseline_tasks,
    budgets,
    budget_lines,
    budget_versions,
    plan_documents,
    plan_sections,
    plan_versions,
    review_seats,
    sign_offs,
    review_comments,
    surveys,
    questions,
    options,
    jumps,
)
BY_NAME: dict[str, Table[Any]] = {table.name: table for table in ALL}
