"""The chip that says and chooses where an answer leads."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.survey import Jump, JumpTarget
from qihua_desktop.domain.survey_routes import shortened
from qihua_desktop.i18n import _
from qihua_desktop.services.survey import SurveyView
from ui.common.icons import set_icon
from ui.common.labels import literal
from ui.common.widgets import ChipButton, Tone, set_tool_tip

_TONES = {JumpTarget.QUESTION: Tone.ACCENT, JumpTarget.END: Tone.WARN, JumpTarget.SCREEN_OUT: Tone.BAD}


class JumpChip(ChipButton):
    """Shows a jump; its menu offers the next question, later ones and the ends.

    Signals:
        jump_chosen(object, object): a JumpTarget or None for the next question, and the question's id or None.
    """

    jump_chosen = Signal(object, object)

    def __init__(self) -> None:
        self._choices = QMenu()
        super().__init__("", Tone.NEUTRAL, menu=self._choices)
        self._view: SurveyView | None = None
        self._question_id: EntityId | None = None
        self._jump: Jump | None = None
        self._choices.aboutToShow.connect(self._fill)
        self.destroyed.connect(self._choices.deleteLater)

    def show_jump(self, view: SurveyView, question_id: EntityId, jump: Jump | None, *, editable: bool) -> None:
        """Show where an answer of a question leads."""
        self._view, self._question_id, self._jump = view, question_id, jump
        words = view.jump_words(jump)
        goal = view.question(jump.target_question_id) if jump and jump.target_question_id else None
        if jump is None:
            self.set_text(f"→ {words}")
        elif goal is not None:
            self.set_text("↳ " + _("to {question}").format(question=f"{words} {shortened(goal.text, 12)}"))
        else:
            self.set_text(f"↳ {words}")
        self.set_tone(_TONES[jump.target] if jump is not None else Tone.NEUTRAL)
        set_tool_tip(self, f"{words} {goal.text}" if goal is not None else words)
        self.setAccessibleName(_("Leads to: {target}").format(target=self.chip_text()))
        self.setEnabled(editable)

    @Slot()
    def _fill(self) -> None:
        self._choices.clear()
        view, question_id = self._view, self._question_id
        if view is None or question_id is None:
            return
        self._offer(f"→ {view.jump_words(None)}", None, None)
        later = view.later(question_id)
        if later:
            self._choices.addSeparator()
        for question in later:
            self._offer(f"{view.label(question.id)}  {shortened(question.text, 30)}", JumpTarget.QUESTION, question.id)
        self._choices.addSeparator()
        self._offer(_("End the questionnaire"), JumpTarget.END, None)
        self._offer(_("Screen out (not the people we ask)"), JumpTarget.SCREEN_OUT, None)

    def _offer(self, text: str, target: JumpTarget | None, question_id: EntityId | None) -> None:
        action = self._choices.addAction(literal(text))
        jump = self._jump
        current = (jump.target, jump.target_question_id) if jump is not None else (None, None)
        if current == (target, question_id):
            set_icon(action, "check")
        action.triggered.connect(lambda _checked=False: self.jump_chosen.emit(target, question_id))
