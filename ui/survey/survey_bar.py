"""The strip above the questionnaire: which one, its state and target, trying out, paper, release."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.survey import Survey, SurveyState, survey_state_label
from qihua_desktop.i18n import _
from ui.common.actions import ActionRegistry
from ui.common.icons import set_icon
from ui.common.labels import literal
from ui.common.widgets import Chip, ChipButton, Tone, Toolbar, menu_button, set_tool_tip

STATE_TONES = {SurveyState.DRAFT: Tone.NEUTRAL, SurveyState.RELEASED: Tone.OK, SurveyState.CLOSED: Tone.WARN}
_SURVEY_IDS = ("survey.new", "survey.duplicate", "survey.cover", "survey.delete")
_STATE_IDS = ("survey.release", "survey.close", "survey.reopen")


class SurveyBar(Toolbar):
    """Shows the current questionnaire of a project.

    Signals:
        survey_chosen(object): another questionnaire's id.
    """

    survey_chosen = Signal(object)

    def __init__(self, actions: ActionRegistry) -> None:
        super().__init__()
        self._actions = actions
        self._surveys: tuple[Survey, ...] = ()
        self._current: Survey | None = None
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.switcher = menu_button("", self._menu, icon_name="clipboard-list")
        self.state = ChipButton("", menu=actions.menu(_STATE_IDS, parent=self), dot=True)
        self.target = Chip("")
        self.release = actions.button("survey.release", primary=True)
        self.close_button = actions.button("survey.close")
        self.reopen = actions.button("survey.reopen")
        self.add(self.switcher, actions.icon_button("survey.new"), self.state, self.target)
        self.add_stretch()
        self.add(actions.button("survey.try"), actions.button("survey.paper"))
        self.add(self.close_button, self.reopen, self.release)

    def show_surveys(self, surveys: Sequence[Survey], current: Survey) -> None:
        """Show the questionnaires of a project, one of them in front."""
        self._surveys, self._current = tuple(surveys), current
        title = current.title if len(current.title) <= 28 else current.title[:27] + "…"
        self.switcher.setText(literal(title))
        self.switcher.setAccessibleName(_("Questionnaire: {title}").format(title=current.title[:200]))
        set_tool_tip(self.switcher, current.title)
        self.state.set_text(survey_state_label(current.state))
        self.state.set_tone(STATE_TONES[current.state])
        self.target.set_text(_("Target {count}").format(count=f"{current.target:,}"))
        draft, released = current.state is SurveyState.DRAFT, current.state is SurveyState.RELEASED
        self.release.setVisible(draft)
        self.close_button.setVisible(released)
        self.reopen.setVisible(not draft)

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        for survey in self._surveys:
            title = survey.title if len(survey.title) <= 40 else survey.title[:39] + "…"
            action = self._menu.addAction(literal(f"{title}  ·  {survey_state_label(survey.state)}"))
            if self._current is not None and survey.id == self._current.id:
                set_icon(action, "check")
            action.triggered.connect(lambda _checked=False, one=survey.id: self.survey_chosen.emit(one))
        self._menu.addSeparator()
        for identifier in _SURVEY_IDS:
            self._menu.addAction(self._actions.get(identifier))
