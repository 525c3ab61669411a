"""One project at a glance: stages and their gates, key figures, goal, risks and documents."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.budget import budget_state_label
from qihua_desktop.domain.formatting import money_short, percent_text
from qihua_desktop.domain.gates import may_leave
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import role_label
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import people, projects, stages
from qihua_desktop.services.projects import ProjectSummary
from qihua_desktop.services.stages import StageOverview
from ui.common.context import AppContext
from ui.common.page import Page
from ui.common.theme import SPACE_2, SPACE_3
from ui.common.widgets import (
    Card,
    Chip,
    EmptyState,
    PlainLabel,
    Separator,
    StatTile,
    Tone,
    button,
    muted_label,
    primary_button,
    set_tool_tip,
)
from ui.common.widgets import Page as ScrollingPage

from .. import project_actions
from ..gate_list import GateList
from ..header import key_date_text
from ..stage_steps import StageSteps, gate_text
from .documents_card import DocumentsCard
from .risk_card import RiskCard

_PAGES: Final = ("gantt", "budget", "review", "survey")
_HIDDEN_TABLES: Final = frozenset(
    {
        "link", "assignment", "person_week", "plan_source", "baseline", "baseline_task", "calendar_day", "template",
        "setting",
    }
)  # fmt: skip


class OverviewPage(Page):
    """The project's front page."""

    key = "overview"
    icon = "layout-dashboard"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._looked_at: bytes | None = None
        self._stages: tuple[StageOverview, ...] = ()
        self.stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.stack.addWidget(self._content())
        self.stack.addWidget(
            EmptyState(
                "layout-dashboard",
                _("No project chosen"),
                _("Choose a project from the list, or make a new one."),
                action_text=_("Show the projects"),
                callback=lambda: self.context.page_requested.emit("projects", None),
            )
        )

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Overview")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Leave out what is not shown here."""
        return any(table not in _HIDDEN_TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the project anew."""
        session, project_id = self.context.session, self.project_id
        summary = None
        if project_id is not None and projects.find_project(session, project_id) is not None:
            summary = projects.project_summary(session, project_id)
        self.stack.setCurrentIndex(0 if summary is not None else 1)
        if summary is None or project_id is None:
            return
        self._stages = stages.stage_overview(session, project_id)
        self._show_stages()
        self._show_figures(summary)
        self._show_goal(summary)
        self.risks.show_project(project_id)
        self.documents.show_project(project_id)

    def show_project(self, project_id: object) -> None:
        """Look at the current stage of another project."""
        self._looked_at = None
        super().show_project(project_id)

    def _content(self) -> QWidget:
        page = ScrollingPage()
        page.body.addWidget(self._stage_card())
        page.body.addLayout(self._figures())
        self.risks = RiskCard(self.context)
        self.documents = DocumentsCard(self.context)
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        row.addWidget(self.risks, 5)
        side = QVBoxLayout()
        side.setSpacing(SPACE_3)
        side.addWidget(self._goal_card())
        side.addWidget(self.documents)
        side.addStretch(1)
        row.addLayout(side, 3)
        page.body.addLayout(row, 1)
        return page

    def _stage_card(self) -> Card:
        card = Card(padded=False)
        self.steps = StageSteps()
        self.steps.stage_chosen.connect(self._on_stage_chosen)
        self.gate = GateList()
        self.gate.page_wanted.connect(self._on_page_wanted)
        self.gate.confirmed.connect(self._on_confirmed)
        self.stage_name = PlainLabel("", bold=True)
        self.stage_details = muted_label("", wrap=True)
        self.gate_chip = Chip()
        self.advance = primary_button(_("Move the stage on"), self._advance, icon_name="arrow-right")
        self.back = button(_("Move back"), self._move_back)
        steps = QVBoxLayout()
        steps.setContentsMargins(10, 6, 10, 6)
        steps.addWidget(self.steps)
        card.body.addLayout(steps)
        card.add(Separator())
        lower = QHBoxLayout()
        lower.setContentsMargins(22, 12, 22, 12)
        lower.setSpacing(24)
        left = QVBoxLayout()
        left.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(self.stage_name)
        head.addWidget(self.gate_chip)
        head.addStretch(1)
        left.addLayout(head)
        left.addWidget(self.stage_details)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addWidget(self.advance)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        left.addSpacing(6)
        left.addLayout(buttons)
        left.addStretch(1)
        lower.addLayout(left, 2)
        right = QVBoxLayout()
        right.addWidget(self.gate)
        right.addStretch(1)
        lower.addLayout(right, 3)
        card.body.addLayout(lower)
        return card

    def _figures(self) -> QHBoxLayout:
        self.days = StatTile(_("Key date"))
        self.progress = StatTile(_("Progress"))
        self.budget = StatTile(_("Budget"))
        self.late = StatTile(_("Late tasks"))
        self.waiting = StatTile(_("Sign-offs open"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        for tile in (self.days, self.progress, self.budget, self.late, self.waiting):
            row.addWidget(tile, 1)
        return row

    def _goal_card(self) -> Card:
        card = Card(_("Goal"))
        edit = button(_("Edit"), lambda: project_actions.edit_project(self.context, self))
        edit.setProperty("look", "ghost")
        edit.setAccessibleName(_("Edit the project's details"))
        edit.setEnabled(not self.context.session.workspace.read_only)
        card.add_action(edit)
        self.goal = PlainLabel("", wrap=True)
        self.facts = muted_label("", wrap=True)
        card.add(self.goal)
        card.add(self.facts)
        return card

    def _show_stages(self) -> None:
        if not self._stages:
            return
        current = next((at for at, one in enumerate(self._stages) if one.is_current), len(self._stages) - 1)
        looked = next((at for at, one in enumerate(self._stages) if one.stage.id == self._looked_at), current)
        stage = self._stages[looked]
        self.steps.show_stages(self._stages, looked)
        writable = not self.context.session.workspace.read_only
        text, tone = gate_text(stage)
        self.stage_name.setText(stage.stage.name)
        self.gate_chip.set_text(text)
        self.gate_chip.set_tone(tone)
        self.stage_details.setText(_stage_words(stage))
        self.gate.show_findings(
            stage.findings,
            people.person_names(self.context.session),
            editable=writable and not stage.is_done,
            pages=_PAGES,
        )
        self.advance.setVisible(stage.is_current)
        self.advance.setEnabled(writable)
        set_tool_tip(self.advance, "" if may_leave(stage.findings) else text)
        self.back.setVisible(stage.is_current and looked > 0)
        self.back.setEnabled(writable)

    def _show_figures(self, summary: ProjectSummary) -> None:
        project = summary.project
        left = (project.key_on - self.context.session.today()).days
        if project.status is not ProjectStatus.ACTIVE:
            when = "—"
        elif left >= 0:
            when = (
                _("today") if left == 0 else ngettext("{count} day left", "{count} days left", left).format(count=left)
            )
        else:
            when = ngettext("{count} day ago", "{count} days ago", -left).format(count=-left)
        self.days.set_value(when, key_date_text(project), Tone.WARN if 0 <= left <= 7 else Tone.NEUTRAL)
        span = ""
        if summary.start and summary.finish:
            span = _("{start} to {finish}").format(start=f"{summary.start:%m-%d}", finish=f"{summary.finish:%m-%d}")
        self.progress.set_value(percent_text(summary.progress_bp, 0), span)
        self.budget.set_value(money_short(summary.budget_total), budget_state_label(summary.budget_state))
        late = summary.late_tasks
        self.late.set_value(
            str(late), _("past their last day") if late else _("nothing is late"), Tone.BAD if late else Tone.OK
        )
        waiting = summary.waiting_sign_offs
        self.waiting.set_value(
            str(waiting), _("waiting") if waiting else _("none waiting"), Tone.WARN if waiting else Tone.NEUTRAL
        )

    def _show_goal(self, summary: ProjectSummary) -> None:
        project = summary.project
        self.goal.setText(project.goal or _("No goal written yet."))
        facts = [
            _("Number {number}").format(number=project.number),
            _("Owner {name}").format(name=summary.owner_name or "—"),
            _("Venue {venue}").format(venue=project.venue) if project.venue else "",
            _("Programme {name}").format(name=summary.programme_name) if summary.programme_name else "",
        ]
        self.facts.setText(" · ".join(fact for fact in facts if fact))

    @Slot(int)
    def _on_stage_chosen(self, at: int) -> None:
        self._looked_at = self._stages[at].stage.id
        self._show_stages()

    @Slot(str)
    def _on_page_wanted(self, page: str) -> None:
        if page != self.key:
            self.context.page_requested.emit(page, self.project_id)

    @Slot(object, bool)
    def _on_confirmed(self, item_id: EntityId, confirmed: bool) -> None:
        session = self.context.session
        self.context.attempt(
            lambda: stages.confirm_gate_item(session, item_id, confirmed=confirmed),
            self,
        )

    def _advance(self) -> None:
        self._looked_at = None
        project_actions.advance_stage(self.context, self)

    def _move_back(self) -> None:
        project_id = self.project_id
        if project_id is not None:
            self._looked_at = None
            self.context.attempt(lambda: stages.move_stage_back(self.context.session, project_id), self)


def _stage_words(stage: StageOverview) -> str:
    parts = [
        _("Output {output}").format(output=stage.stage.output) if stage.stage.output else "",
        _("Owner {name}").format(name=stage.owner_name or role_label(stage.stage.owner_role)),
        _("{done} of {total} tasks").format(done=stage.tasks_done, total=stage.tasks_total),
    ]
    if stage.stage.review_days:
        limit = ngettext("within {count} working day", "within {count} working days", stage.stage.review_days)
        parts.append(limit.format(count=stage.stage.review_days))
    return " · ".join(part for part in parts if part)
