"""Trying a questionnaire out as an interviewer would: one question at a time, by keyboard alone if wanted."""

from __future__ import annotations

import random
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.survey import Option, Question, QuestionKind
from qihua_desktop.domain.survey_flow import Outcome, Runner, shown_order
from qihua_desktop.domain.survey_logic import Answer, Key
from qihua_desktop.domain.survey_routes import answer_words
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.survey import SurveyView
from ui.common.icons import application_icon
from ui.common.layouts import Page as ScrollPage
from ui.common.theme import SECONDARY_SIZE, SPACE_2, SPACE_3, SPACE_5, Role
from ui.common.widgets import (
    Banner,
    Card,
    Chip,
    Elide,
    PlainLabel,
    ProgressBar,
    Tone,
    button,
    ghost_button,
    muted_label,
    primary_button,
)

from .answer_fields import AnswerField, answer_field
from .flow_view import FlowView

_WIDTH, _HEIGHT = 1000, 680
_MAP_WIDTH: Final = 320
_STEPS_SHOWN: Final = 10
_DIGITS: Final = {getattr(Qt.Key, f"Key_{digit}"): digit for digit in range(10)}


class RunnerWindow(QWidget):
    """One trial run in a window of its own; nothing is stored.

    Keys: digits choose, Enter goes on, Backspace goes back, Ctrl+R begins again, Escape closes.

    Signals:
        closed: the window was closed.
    """

    closed = Signal()

    def __init__(
        self, view: SurveyView, today: date, parent: QWidget | None = None, *, seed: int | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowIcon(application_icon())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._today = today
        self._seed = seed
        self.view = view
        self.field: AnswerField | None = None
        self._build()
        self.resize(_WIDTH, _HEIGHT)
        self.restart(view)

    # --- what can be done --------------------------------------------------------------------------------------

    def restart(self, view: SurveyView | None = None) -> None:
        """Begin again, with the questionnaire as it is now."""
        self.view = view or self.view
        self.setWindowTitle(_("Try out: {title}").format(title=self.view.survey.title[:120]))
        self._title.setText(self.view.survey.title)
        self._questions = {question.id: question for question in self.view.questions}
        self.runner = Runner(self.view.form())
        self._order_seed = self._seed if self._seed is not None else random.randrange(1 << 30)
        self._drafts: dict[Key, Answer] = {}
        self._started = not self.view.survey.intro.strip()
        self._changed_banner.show_message("")
        self._show()

    def show_changed(self, view: SurveyView | None) -> None:
        """Say that the questionnaire was edited meanwhile; None when it was deleted."""
        if view is None:
            self.close()
        elif (view.questions, view.options, view.jumps) != (self.view.questions, self.view.options, self.view.jumps):
            self._latest = view
            self._changed_banner.show_message(_("The questionnaire was changed. Begin again to try the new version."))

    def go_on(self) -> None:
        """Take the answer and show what follows; a refused answer is explained."""
        if not self._started:
            self._started = True
            self._show()
            return
        question = self.runner.current
        if question is None:
            return
        try:
            self.runner.answer(self.field.value() if self.field is not None else None)
        except InputError as error:
            self._problem.setText(error.message)
            self._problem.show()
            return
        self._drafts.pop(question.key, None)
        self._show()

    def go_back(self) -> None:
        """Return to the question before; answers are kept."""
        self._keep_draft()
        if not self.runner.back():
            if self._started and self.view.survey.intro.strip():
                self._started = False
                self._show()
            return
        self._show()

    def screen(self) -> str:
        """Return which screen is shown: opening, question, completed or screened_out."""
        if not self._started:
            return "opening"
        return self.runner.outcome.value if self.runner.outcome is not None else "question"

    # --- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_5, SPACE_3, SPACE_5, SPACE_3)
        column.setSpacing(SPACE_3)
        head = QHBoxLayout()
        head.setSpacing(SPACE_3)
        self._title = PlainLabel("", elide=Elide.END, bold=True)
        self._place = muted_label("")
        self.restart_button = ghost_button(_("Begin again"), self._begin_again, icon_name="rotate-ccw")
        head.addWidget(Chip(_("Trial run, nothing is stored"), Tone.ACCENT))
        head.addWidget(self._title, 1)
        head.addWidget(self._place)
        head.addWidget(self.restart_button)
        column.addLayout(head)
        self._progress = ProgressBar(0)
        column.addWidget(self._progress)
        self._changed_banner = Banner("", Tone.WARN)
        self._changed_banner.add_action(_("Begin again"), self._begin_again)
        column.addWidget(self._changed_banner)
        body = QHBoxLayout()
        body.setSpacing(SPACE_3)
        self._card = Card(padded=False)
        self._scroll = ScrollPage(margin=20)
        self._card.add(self._scroll, 1)
        body.addWidget(self._card, 1)
        side = Card(_("Path taken"), padded=False)
        side.setFixedWidth(_MAP_WIDTH)
        self._path_chip = Chip("")
        side.add_action(self._path_chip)
        self.flow = FlowView()
        side.add(self.flow, 1)
        body.addWidget(side)
        column.addLayout(body, 1)
        self.path = muted_label("", wrap=True)
        column.addWidget(self.path)
        self.back_button = button(_("Back"), self.go_back, icon_name="arrow-left")
        self.next_button = primary_button(_("Next"), self.go_on, icon_name="arrow-right")
        self._keys = muted_label("")
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_3)
        foot.addWidget(self.back_button)
        foot.addWidget(self._keys, 1)
        foot.addWidget(self.next_button)
        column.addLayout(foot)
        self._problem = PlainLabel("", wrap=True, role=Role.BAD)
        for made in (self.back_button, self.next_button, self.restart_button):
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    # --- showing -----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        self._clear()
        question = self.runner.current
        if not self._started:
            self._show_words(self.view.survey.title, self.view.survey.intro)
        elif question is not None:
            self._show_question(self._questions[EntityId(bytes(question.key))])  # type: ignore[arg-type]
        elif self.runner.outcome is Outcome.SCREENED_OUT:
            self._show_words(
                _("Thank you. For this survey other people are asked."),
                _("The interview ended early: the respondent was screened out."),
            )
        else:
            self._show_words(_("Completed"), self.view.survey.outro)
        self._scroll.body.addStretch(1)
        self._show_progress()
        self._focus()

    def _show_words(self, title: str, body: str) -> None:
        self.field = None
        self._scroll.body.addWidget(PlainLabel(title, wrap=True, size=18, bold=True))
        if body.strip():
            self._scroll.body.addWidget(PlainLabel(body, wrap=True, size=15))

    def _show_question(self, question: Question) -> None:
        is_note = question.kind is QuestionKind.NOTE
        head = self.view.label(question.id)
        if not is_note:
            head += "  " + (_("Required") if question.required else _("May be left empty"))
        self._scroll.body.addWidget(muted_label(head))
        self._scroll.body.addWidget(PlainLabel(question.text, wrap=True, size=18, bold=not is_note))
        hints = [question.hint] if question.hint else []
        hints += [self._choice_hint(question)] if self._choice_hint(question) else []
        if hints and not is_note:
            self._scroll.body.addWidget(PlainLabel("  ".join(hints), wrap=True, size=SECONDARY_SIZE, role=Role.MUTED))
        self._scroll.body.addSpacing(SPACE_2)
        self.field = answer_field(question, self._options(question), self._today, large=True)
        kept = self._drafts.get(question.id, self.runner.kept_answer)
        self.field.set_value(kept)
        self.field.changed.connect(self._problem.hide)
        self.field.submitted.connect(self.go_on)
        for edit in self.field.findChildren(QLineEdit):
            edit.installEventFilter(self)
        self._scroll.body.addWidget(self.field)
        self._scroll.body.addWidget(self._problem)

    @staticmethod
    def _choice_hint(question: Question) -> str:
        low, high = question.minimum, question.maximum
        if question.kind is QuestionKind.RANKING:
            return _("Choose in order of importance")
        if question.kind is not QuestionKind.MULTIPLE:
            return ""
        if low and high:
            return _("Choose {low} to {high}").format(low=low, high=high)
        if high:
            return _("Choose at most {high}").format(high=high)
        return _("Choose at least {low}").format(low=low) if low else _("Choose all that apply")

    def _options(self, question: Question) -> tuple[Option, ...]:
        return shown_order(question, self.view.options.get(question.id, ()), self._order_seed)

    def _show_progress(self) -> None:
        runner = self.runner
        ended = runner.outcome is not None
        self._progress.set_basis_points(runner.progress if self._started else 0)
        taken = len(runner.exported())
        self._place.setText(
            ngettext("{count} question answered", "{count} questions answered", taken).format(count=taken)
        )
        self._path_chip.set_text(_("Ended") if ended else _("Under way"))
        tone = Tone.BAD if runner.outcome is Outcome.SCREENED_OUT else Tone.OK if ended else Tone.NEUTRAL
        self._path_chip.set_tone(tone)
        self.back_button.setEnabled(bool(runner.route) or (self._started and bool(self.view.survey.intro.strip())))
        self.next_button.setVisible(not ended)
        self.next_button.setText(_("Begin") if not self._started else _("Next"))
        self._keys.setText(self._key_words())
        self.path.setText(self._recent_path())
        current = runner.current.key if runner.current is not None and self._started else None
        self.flow.show_survey(
            self.view,
            selected=EntityId(current) if isinstance(current, bytes) else None,
            visited=frozenset(key for key in runner.route if isinstance(key, bytes)),
        )

    def path_words(self) -> str:
        """Return the questions answered so far with their answers."""
        answers = self.runner.exported()
        form = self.runner.form
        steps: list[str] = []
        for key in self.runner.route:
            question = form.questions[form.index[key]]
            steps.append(f"{question.code} {answer_words(question, answers.get(key))}".strip())
        if self.runner.outcome is Outcome.COMPLETED:
            steps.append(_("End"))
        elif self.runner.outcome is Outcome.SCREENED_OUT:
            steps.append(_("Screened out"))
        return " → ".join(steps)

    def _recent_path(self) -> str:
        steps = self.path_words().split(" → ")
        return " → ".join(steps if len(steps) <= _STEPS_SHOWN else ["…", *steps[-_STEPS_SHOWN:]])

    def _key_words(self) -> str:
        if self.runner.outcome is not None:
            return _("Backspace: back · Ctrl+R: begin again")
        if self.field is not None and self.field.types_text():
            return _("Enter: next · Backspace in the empty field: back")
        return _("1–9: choose · Enter: next · Backspace: back")

    def _focus(self) -> None:
        first = self.field.first() if self.field is not None else None
        (first or self).setFocus(
            Qt.FocusReason.TabFocusReason if first is not None else Qt.FocusReason.OtherFocusReason
        )

    def _clear(self) -> None:
        self._problem.hide()
        self._problem.setParent(self)
        self._scroll.body.removeWidget(self._problem)
        while (item := self._scroll.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self._problem:
                widget.hide()
                widget.deleteLater()
        self._problem.hide()
        self.field = None

    def _keep_draft(self) -> None:
        """Keep what was chosen on the question that is left backward without Enter."""
        question = self.runner.current
        value = self.field.value() if self.field is not None else None
        if question is not None and value is not None:
            self._drafts[question.key] = value

    @Slot()
    def _begin_again(self) -> None:
        self.restart(getattr(self, "_latest", None))

    # --- Qt ----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, QLineEdit):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.go_on()
                return True
            if event.key() == Qt.Key.Key_Backspace and not watched.text():
                self.go_back()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and key == Qt.Key.Key_R:
            self._begin_again()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
        elif key == Qt.Key.Key_Backspace:
            self.go_back()
        elif key == Qt.Key.Key_Escape:
            self.close()
        elif key in _DIGITS and self.field is not None and not control:
            self.field.take_digit(_DIGITS[key])
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)
