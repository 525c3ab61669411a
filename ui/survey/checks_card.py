"""What the static check found, in words; a finding leads to its question."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from qihua_desktop.domain.survey_rules import CheckReport, Message, Weight
from qihua_desktop.i18n import _, ngettext
from ui.common.layouts import FlowLayout
from ui.common.theme import SPACE_1, SPACE_2
from ui.common.widgets import Card, Chip, Tone, secondary_label

from .wrapped_button import FindingButton

_TONES = {Weight.ERROR: Tone.BAD, Weight.WARNING: Tone.WARN, Weight.FACT: Tone.NEUTRAL}


class ChecksCard(Card):
    """Shows a report.

    Signals:
        question_wanted(object): a finding about this question was pressed.
    """

    question_wanted = Signal(object)

    def __init__(self) -> None:
        self._verdict = Chip("", Tone.NEUTRAL)
        super().__init__(_("Check"), chip=self._verdict, padded=False)
        self._shown: tuple[Message, ...] | None = None
        self.findings: list[FindingButton] = []
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll = scroll
        self._content = QWidget()
        self._content.setProperty("look", "page")
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(14, 10, 14, 10)
        self._column.setSpacing(SPACE_1)
        scroll.setWidget(self._content)
        self.add(scroll, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_report(self, report: CheckReport | None) -> None:
        """Show a report; None while there is nothing to check."""
        messages = report.messages() if report is not None else ()
        if messages == self._shown:
            return
        self._shown = messages
        self._clear()
        errors = sum(message.weight is Weight.ERROR for message in messages)
        if report is None:
            self._verdict.set_text("")
        elif errors:
            self._verdict.set_text(
                ngettext("{count} error blocks release", "{count} errors block release", errors).format(count=errors)
            )
            self._verdict.set_tone(Tone.BAD)
        else:
            self._verdict.set_text(_("May be released"))
            self._verdict.set_tone(Tone.OK)
        self._verdict.setVisible(report is not None)
        passed = [message for message in messages if message.weight is Weight.PASSED]
        facts = [message for message in messages if message.weight is Weight.FACT and message.question is None]
        rest = [message for message in messages if message not in passed and message not in facts]
        for message in rest:
            if message.weight in (Weight.ERROR, Weight.WARNING):
                self._add_finding(message)
        if facts:
            self._column.addWidget(secondary_label(" · ".join(message.text for message in facts), wrap=True))
        if passed:
            self._column.addWidget(_chips([message.text for message in passed]))
        for message in rest:
            if message.weight is Weight.FACT:
                self._add_finding(message)
        self._column.addStretch(1)

    def words(self) -> str:
        """Return everything shown, for tests and screen readers."""
        return "\n".join(f"{message.text} {message.witness}".strip() for message in self._shown or ())

    def _add_finding(self, message: Message) -> None:
        finding = FindingButton(_TONES[message.weight], message.text, message.witness)
        finding.clicked.connect(lambda: self.question_wanted.emit(message.question))
        self.findings.append(finding)
        self._column.addWidget(finding)

    def _clear(self) -> None:
        self.findings.clear()
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _chips(texts: list[str]) -> QWidget:
    holder = QWidget()
    flow = FlowLayout(SPACE_2)
    for text in texts:
        flow.addWidget(Chip(text, Tone.OK, icon_name="check"))
    holder.setLayout(flow)
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder
