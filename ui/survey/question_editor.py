"""The selected question: its text, kind, answers, bounds, where it leads, and a picture of what respondents see."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.survey import (
    KINDS_WITH_OPTIONS,
    KINDS_WITH_ROUTES,
    Question,
    QuestionKind,
    kind_words,
    question_kind_label,
)
from qihua_desktop.i18n import _
from qihua_desktop.services import survey_options, survey_questions
from qihua_desktop.services.survey import SurveyView
from ui.common.context import AppContext
from ui.common.icons import set_icon
from ui.common.layouts import Page as ScrollPage
from ui.common.theme import SPACE_1, SPACE_2, SPACE_3, Role
from ui.common.widgets import Card, ChipButton, PlainLabel, muted_label, set_tool_tip

from .answer_fields import AnswerField, answer_field
from .jump_chip import JumpChip
from .option_rows import OptionRows
from .typing_fields import CommittedLine, CommittedNumber, GrowingText

KIND_ICONS: Final = {
    QuestionKind.SINGLE: "circle-dot",
    QuestionKind.MULTIPLE: "square-check",
    QuestionKind.SCALE: "gauge",
    QuestionKind.TEXT: "align-left",
    QuestionKind.NUMBER: "hash",
    QuestionKind.DATE: "calendar",
    QuestionKind.RANKING: "list-ordered",
    QuestionKind.NOTE: "info",
}
_POINTS: Final = survey_questions.MOST_POINTS - 1
_LARGEST: Final = survey_questions.LARGEST_NUMBER


class QuestionEditor(Card):
    """Edits one question of a draft in place; of a released questionnaire it shows it."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(" ", padded=False)
        self._context = context
        self._view: SurveyView | None = None
        self._question: Question | None = None
        self._build_head()
        scroll = ScrollPage(margin=14)
        scroll.body.setSpacing(SPACE_1)
        self.scroll_area = scroll
        self.text = GrowingText()
        self.text.set_large()
        self.text.setAccessibleName(_("Question text"))
        self.text.committed.connect(lambda text: self._change(text=text))
        self.hint = CommittedLine(may_be_empty=True, placeholder=_("A hint for the respondent (optional)"))
        self.hint.setAccessibleName(_("Hint"))
        self.hint.committed.connect(lambda text: self._change(hint=text))
        scroll.body.addWidget(muted_label(_("Question")))
        scroll.body.addWidget(self.text)
        scroll.body.addWidget(self.hint)
        self._options_caption = muted_label(_("Options and jumps"))
        self.options = OptionRows(context)
        self._gap(scroll.body)
        scroll.body.addWidget(self._options_caption)
        scroll.body.addWidget(self.options)
        self._build_after(scroll.body)
        self._build_bounds(scroll.body)
        self._gap(scroll.body)
        scroll.body.addWidget(muted_label(_("Preview")))
        self._picture = QFrame()
        self._picture.setProperty("look", "card")
        self._picture_column = QVBoxLayout(self._picture)
        self._picture_column.setContentsMargins(16, 14, 16, 14)
        self._picture_column.setSpacing(SPACE_2)
        self._shown_picture: object = None
        scroll.body.addWidget(self._picture)
        scroll.body.addStretch(1)
        self.add(scroll, 1)

    def question_id(self) -> EntityId | None:
        """Return the question shown."""
        return self._question.id if self._question is not None else None

    def show_question(self, view: SurveyView, question: Question, *, editable: bool) -> None:
        """Show a question; what is half typed in the same one stays."""
        if self._question is not None and self._question.id != question.id:
            self.scroll_area.verticalScrollBar().setValue(0)
        self._view, self._question = view, question
        kind = question.kind
        self.set_title(f"{view.label(question.id)}  {kind_words(question)}")
        self.kind_chip.setAccessibleName(_("Kind: {kind}").format(kind=question_kind_label(kind)))
        self.required.setChecked(question.required)
        self.required.set_text(_("Required ✓") if question.required else _("Optional"))
        self.required.setVisible(kind is not QuestionKind.NOTE)
        self.randomise.setChecked(question.randomise)
        self.randomise.set_text(_("Random order ✓") if question.randomise else _("Random order"))
        self.randomise.setVisible(kind in KINDS_WITH_OPTIONS)
        for widget in (self.kind_chip, self.required, self.randomise):
            widget.setEnabled(editable)
        self.text.set_value(question.text)
        self.hint.set_value(question.hint)
        self.hint.setVisible(kind is not QuestionKind.NOTE)
        with_options = kind in KINDS_WITH_OPTIONS
        self._options_caption.setVisible(with_options)
        self._options_caption.setText(_("Options and jumps") if kind in KINDS_WITH_ROUTES else _("Options"))
        self.options.setVisible(with_options)
        self.options.show_question(view, question, editable=editable)
        self.options.add_button.setVisible(editable and with_options)
        self._tail.setContentsMargins(*(18, 2, 36, 0) if with_options else (0, 0, 0, 4))
        self._tail.setStretch(1, int(with_options))
        self._tail.setStretch(4, int(not with_options))
        self._show_bounds(question)
        self.after_caption.setText(_("All other answers") if kind in KINDS_WITH_ROUTES else _("After this question"))
        self.after.show_jump(view, question.id, view.jump_of(question.id, None), editable=editable)
        for field in (self.text, self.hint, self.low_label, self.high_label, self.low, self.high):
            field.setReadOnly(not editable)
        self._show_picture(view, question)

    def focus_text(self) -> None:
        """Put the cursor into the question, all selected."""
        self.text.setFocus()
        self.text.selectAll()

    # --- building ----------------------------------------------------------------------------------------------

    def _build_head(self) -> None:
        menu = QMenu(self)
        for kind, icon in KIND_ICONS.items():
            action = menu.addAction(question_kind_label(kind))
            set_icon(action, icon)
            action.triggered.connect(lambda _checked=False, kind=kind: self._change_kind(kind))
        self.kind_chip = ChipButton(_("Change kind"), menu=menu)
        self.required = ChipButton("", checkable=True)
        set_tool_tip(self.required, _("Whether respondents have to answer this question"))
        self.required.clicked.connect(lambda checked: self._change(required=checked))
        self.randomise = ChipButton("", checkable=True)
        set_tool_tip(self.randomise, _("Every respondent sees the options in another order; exclusive ones stay last"))
        self.randomise.clicked.connect(lambda checked: self._change(randomise=checked))
        for chip in (self.kind_chip, self.required, self.randomise):
            self.add_action(chip)

    def _build_bounds(self, body: QVBoxLayout) -> None:
        self.low = CommittedNumber(0, 10)
        self.high = CommittedNumber(0, 10)
        self.low.committed.connect(lambda value: self._change(minimum=value))
        self.high.committed.connect(lambda value: self._change(maximum=value))
        self._low_caption, self._high_caption = PlainLabel("", role=Role.MUTED), PlainLabel("", role=Role.MUTED)
        self.low_label = CommittedLine(may_be_empty=True, placeholder=_("Meaning of the lowest point"))
        self.high_label = CommittedLine(may_be_empty=True, placeholder=_("Meaning of the highest point"))
        self.low_label.setAccessibleName(_("Meaning of the lowest point"))
        self.high_label.setAccessibleName(_("Meaning of the highest point"))
        self.low_label.committed.connect(lambda text: self._change(low_label=text))
        self.high_label.committed.connect(lambda text: self._change(high_label=text))
        self._bounds = QWidget()
        row = QHBoxLayout(self._bounds)
        row.setContentsMargins(0, SPACE_1, 0, SPACE_1)
        row.setSpacing(SPACE_2)
        for widget in (self._low_caption, self.low, self.low_label, self._high_caption, self.high, self.high_label):
            row.addWidget(widget)
        row.addStretch(0)
        body.addWidget(self._bounds)

    def _build_after(self, body: QVBoxLayout) -> None:
        self.after = JumpChip()
        self.after.jump_chosen.connect(self._on_after_chosen)
        self.after_caption = muted_label("")
        holder = QWidget()
        self._tail = QHBoxLayout(holder)
        self._tail.setSpacing(SPACE_2)
        self._tail.addWidget(self.options.add_button)
        self._tail.addStretch(1)
        self._tail.addWidget(self.after_caption)
        self._tail.addWidget(self.after)
        self._tail.addStretch(1)
        body.addWidget(holder)

    @staticmethod
    def _gap(body: QVBoxLayout) -> None:
        body.addSpacing(SPACE_3)

    # --- showing -----------------------------------------------------------------------------------------------

    def _show_bounds(self, question: Question) -> None:
        kind = question.kind
        scale, number = kind is QuestionKind.SCALE, kind is QuestionKind.NUMBER
        self._bounds.setVisible(scale or number or kind is QuestionKind.MULTIPLE)
        for widget in (self.low_label, self.high_label):
            widget.setVisible(scale)
        names = {
            QuestionKind.SCALE: (_("From"), _("to")),
            QuestionKind.NUMBER: (_("At least"), _("at most")),
        }.get(kind, (_("Choose at least"), _("at most")))
        self._low_caption.setText(names[0])
        self._high_caption.setText(names[1])
        self.low.setAccessibleName(names[0])
        self.high.setAccessibleName(names[1])
        for box in (self.low, self.high):
            box.blockSignals(True)
            box.setSpecialValueText(_("any") if kind is QuestionKind.MULTIPLE else "")
        self._set_ranges(question)
        for box in (self.low, self.high):
            box.blockSignals(False)
        self.low.set_value(question.minimum)
        self.high.set_value(question.maximum)
        self.low_label.set_value(question.low_label)
        self.high_label.set_value(question.high_label)

    def _set_ranges(self, question: Question) -> None:
        """Offer only numbers that the other bound allows."""
        low, high = question.minimum, question.maximum
        if question.kind is QuestionKind.SCALE:
            self.low.setRange(max(0, high - _POINTS), max(0, high - 1))
            self.high.setRange(low + 1, low + _POINTS)
        elif question.kind is QuestionKind.NUMBER:
            self.low.setRange(-_LARGEST, high if high else _LARGEST)
            self.high.setRange(min(0, low) if low <= 0 else -_LARGEST, _LARGEST)
            if low > 0:
                self.high.setRange(low if high else 0, _LARGEST)
        else:
            count = len(self._view.options.get(question.id, ())) if self._view is not None else 0
            self.low.setRange(0, high or max(count, low))
            self.high.setRange(0, max(count, high))

    def _show_picture(self, view: SurveyView, question: Question) -> None:
        options = view.options.get(question.id, ())
        state = (question, options, view.label(question.id))
        if state == self._shown_picture:
            return
        self._shown_picture = state
        while (item := self._picture_column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        is_note = question.kind is QuestionKind.NOTE
        number = "" if is_note else f"{view.number(question.id)}. "
        star = " *" if question.required else ""
        self._picture_column.addWidget(PlainLabel(f"{number}{question.text}{star}", wrap=True, bold=True))
        if question.hint and not is_note:
            self._picture_column.addWidget(muted_label(question.hint, wrap=True))
        field: AnswerField = answer_field(question, options, self._context.session.today())
        for child in field.findChildren(QWidget):
            child.setFocusPolicy(child.focusPolicy().NoFocus)
        self._picture_column.addWidget(field)

    # --- carrying out ------------------------------------------------------------------------------------------

    def _change(self, **fields: Any) -> None:
        question, view = self._question, self._view
        if question is None or view is None:
            return
        session = self._context.session
        done = self._context.attempt(lambda: survey_questions.update_question(session, question.id, **fields), self)
        if not done:
            self.show_question(view, question, editable=view.is_editable)

    def _change_kind(self, kind: QuestionKind) -> None:
        question = self._question
        if question is not None:
            session = self._context.session
            self._context.attempt(lambda: survey_questions.change_kind(session, question.id, kind), self)

    @Slot(object, object)
    def _on_after_chosen(self, target: Any, goal: Any) -> None:
        question = self._question
        if question is not None:
            session = self._context.session
            self._context.attempt(lambda: survey_options.set_jump(session, question.id, None, target, goal), self)
