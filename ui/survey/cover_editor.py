"""What belongs to the questionnaire as a whole: title, target, opening and closing words."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout

from qihua_desktop.i18n import _
from qihua_desktop.services import survey
from qihua_desktop.services.survey import SurveyView
from ui.common.context import AppContext
from ui.common.layouts import Page as ScrollPage
from ui.common.theme import SPACE_1, SPACE_3
from ui.common.widgets import Card, muted_label

from .typing_fields import CommittedLine, CommittedNumber, GrowingText


class CoverEditor(Card):
    """Edits the frame of a questionnaire in place."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(_("Opening, closing and target"), padded=False)
        self._context = context
        self._view: SurveyView | None = None
        self.title = CommittedLine()
        self.target = CommittedNumber(0, survey.MOST_RESPONSES)
        self.intro = GrowingText(may_be_empty=True, enter_commits=False, least_lines=4)
        self.outro = GrowingText(may_be_empty=True, enter_commits=False, least_lines=3)
        scroll = ScrollPage(margin=14)
        scroll.body.setSpacing(SPACE_1)
        for caption, field in (
            (_("Title"), self.title),
            (_("Responses wanted"), self.target),
            (_("Opening words, before the first question"), self.intro),
            (_("Closing words, after the last question"), self.outro),
        ):
            field.setAccessibleName(caption)
            scroll.body.addWidget(muted_label(caption))
            if field is self.target:
                row = QHBoxLayout()
                row.addWidget(field)
                row.addStretch(1)
                scroll.body.addLayout(row)
            else:
                scroll.body.addWidget(field)
            scroll.body.addSpacing(SPACE_3)
        scroll.body.addWidget(
            muted_label(_("Who is screened out is thanked and told that other people are asked."), wrap=True)
        )
        scroll.body.addStretch(1)
        self.add(scroll, 1)
        self.title.committed.connect(lambda text: self._change(title=text))
        self.target.committed.connect(lambda value: self._change(target=value))
        self.intro.committed.connect(lambda text: self._change(intro=text))
        self.outro.committed.connect(lambda text: self._change(outro=text))

    def show_survey(self, view: SurveyView, *, editable: bool) -> None:
        """Show a questionnaire; what is half typed stays."""
        self._view = view
        self.title.set_value(view.survey.title)
        self.target.set_value(view.survey.target)
        self.intro.set_value(view.survey.intro)
        self.outro.set_value(view.survey.outro)
        for field in (self.title, self.target, self.intro, self.outro):
            field.setReadOnly(not editable)

    def _change(self, **fields: Any) -> None:
        view = self._view
        if view is not None:
            session = self._context.session
            self._context.attempt(lambda: survey.update_survey(session, view.survey.id, **fields), self)
