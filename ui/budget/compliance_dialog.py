"""Waiving a broken rule: a named person, a reason and a PIN."""

from __future__ import annotations

from qihua_desktop.domain.compliance import RuleResult
from qihua_desktop.i18n import _
from qihua_desktop.services import compliance, people
from ui.common import dialogs
from ui.common.widgets import PlainLabel

from .signed_form import SignedForm
from .tabs import BudgetTab


class WaiveDialog(SignedForm):
    """Asks who waives a finding, and why."""

    def __init__(self, tab: BudgetTab, result: RuleResult) -> None:
        session, project_id = tab.context.session, tab.project_id
        assert project_id is not None
        able = [
            person
            for person in people.list_people(session)
            if compliance.why_not_waive(session, project_id, result, person.id) is None
        ]
        super().__init__(
            _("Waive “{rule}”").format(rule=result.title), tab, able, accept_text=_("Waive"),
            nobody=_("Only a director or a reviewer of finance who did not write the plan may waive this rule."),
        )  # fmt: skip
        self._tab, self._result = tab, result
        self.body.insertWidget(0, PlainLabel(result.message, wrap=True))
        self.check = self._waive

    def _waive(self) -> None:
        project_id = self._tab.project_id
        if project_id is not None:
            compliance.waive(
                self._tab.context.session, project_id, self._result.rule, self._result.subject,
                self.reason.text(), self.pin.text(), person_id=self.person_id(),
            )  # fmt: skip


def waive_finding(tab: BudgetTab, result: RuleResult) -> None:
    """Ask for a waiver and give it."""
    if dialogs.run_form(WaiveDialog(tab, result)):
        tab.context.notice_posted.emit(_("The rule is waived; this stands in the history."))


def take_back_waiver(tab: BudgetTab, result: RuleResult) -> None:
    """Make the rule strict again."""
    waiver = result.waiver
    if waiver is not None:
        tab.perform(lambda: compliance.unwaive(tab.context.session, waiver.id))
