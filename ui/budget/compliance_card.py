"""合规检查: every rule with its result; a press shows what it looked at, what to do, and who may waive it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.budget_checks import CheckOutcome, outcome_label
from qihua_desktop.domain.compliance import ComplianceRule, RuleResult
from qihua_desktop.i18n import _, ngettext
from ui.common.theme import SECONDARY_SIZE, SPACE_1, SPACE_2, Role
from ui.common.widgets import Card, Chip, ChipButton, Elide, PlainLabel, Tone, button, link_button, set_tool_tip

from .compliance_dialog import take_back_waiver, waive_finding
from .tabs import BudgetTab

_TONES = {CheckOutcome.PASSED: Tone.OK, CheckOutcome.NOTICE: Tone.WARN, CheckOutcome.FAILED: Tone.BAD}
_INPUTS_SHOWN = 12
_OF_PROCUREMENT = frozenset(
    (ComplianceRule.QUOTES, ComplianceRule.QUOTE_REASON, ComplianceRule.CONTRACT_LINE, ComplianceRule.OVER_INVOICED)
)
_LONGEST_INPUT = 40
_ROWS_SHOWN = 60


def shown_tone(result: RuleResult) -> Tone:
    """Return a finding's tone; what is waived does not shout any more."""
    return Tone.NEUTRAL if result.waiver is not None else _TONES[result.outcome]


def shown_word(result: RuleResult) -> str:
    """Return 通过, 留意, 未过 or 豁免."""
    return _("Waived") if result.waiver is not None else outcome_label(result.outcome)


class RuleRow(QWidget):
    """One finding; Enter, Space or a press opens and closes what stands behind it."""

    def __init__(self, card: ComplianceCard, result: RuleResult) -> None:
        super().__init__()
        self.result = result
        self._card = card
        self._details: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{shown_word(result)}: {result.message} {result.remedy}".strip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(SPACE_2 + 2)
        chip = Chip(shown_word(result), shown_tone(result))
        words = [*(outcome_label(one) for one in CheckOutcome), _("Waived")]
        chip.setFixedWidth(max(Chip(word).sizeHint().width() for word in words))
        row.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        self._texts = QVBoxLayout()
        self._texts.setSpacing(1)
        message = PlainLabel(result.message, wrap=True)
        self._texts.addWidget(message)
        row.addLayout(self._texts, 1)

    @property
    def is_open(self) -> bool:
        """Whether the details are shown."""
        return self._details is not None and not self._details.isHidden()

    def toggle(self) -> None:
        """Show or hide the details."""
        if self._details is None:
            self._details = self._build_details()
            self._texts.addWidget(self._details)
            self._details.show()
        else:
            self._details.setVisible(self._details.isHidden())
        self._card.remember_open(self.result, is_open=self.is_open)

    def _build_details(self) -> QWidget:
        result, card = self.result, self._card
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, SPACE_1, 0, SPACE_1)
        column.setSpacing(2)
        if result.remedy:
            column.addWidget(PlainLabel(result.remedy, wrap=True, role=Role.TEXT_SOFT, size=SECONDARY_SIZE))
        for label, text in result.inputs[:_INPUTS_SHOWN]:
            line = QHBoxLayout()
            term = PlainLabel(label, role=Role.MUTED, size=SECONDARY_SIZE, elide=Elide.END)
            set_tool_tip(term, label)
            line.addWidget(term, 1)
            line.addWidget(PlainLabel(text[:_LONGEST_INPUT], size=SECONDARY_SIZE, tabular=True))
            column.addLayout(line)
        if result.waiver is not None:
            column.addWidget(
                PlainLabel(
                    _("Waived by {name}: {reason}").format(
                        name=card.person_name(result.waiver.waived_by), reason=result.waiver.reason[:400]
                    ),
                    wrap=True, role=Role.TEXT_SOFT, size=SECONDARY_SIZE,
                )
            )  # fmt: skip
        actions = QHBoxLayout()
        actions.setSpacing(SPACE_2)
        if result.line_ids:
            actions.addWidget(link_button(_("Show the line"), lambda: card.lines_chosen.emit(result.line_ids)))
        if result.line_ids and result.rule in _OF_PROCUREMENT:
            line_id = result.line_ids[0]
            actions.addWidget(link_button(_("Quotes and contracts"), lambda: card.procurement_chosen.emit(line_id)))
        if result.voucher_ids:
            first = result.voucher_ids[0]
            actions.addWidget(link_button(_("Show the voucher"), lambda: card.voucher_chosen.emit(first)))
        if card.may_change() and result.waiver is not None:
            actions.addWidget(button(_("Take the waiver back"), lambda: take_back_waiver(card.tab, result)))
        elif card.may_change() and result.waivable:
            actions.addWidget(button(_("Waive…"), lambda: waive_finding(card.tab, result)))
        actions.addStretch(1)
        column.addLayout(actions)
        return holder

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.toggle()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.toggle()


class ComplianceCard(Card):
    """The card of rules.

    Signals:
        lines_chosen(object): show these lines in the table.
        voucher_chosen(object): show this voucher.
        procurement_chosen(object): show this line's quotes and contracts.
    """

    lines_chosen = Signal(object)
    voucher_chosen = Signal(object)
    procurement_chosen = Signal(object)

    def __init__(self, tab: BudgetTab) -> None:
        self.verdict = ChipButton(checkable=True)
        self.verdict.toggled.connect(lambda _checked: self._rebuild())
        set_tool_tip(self.verdict, _("Show only what is to be looked at"))
        super().__init__(_("Compliance check"), chip=self.verdict)
        self.tab = tab
        self.rows: list[RuleRow] = []
        self._shown: tuple[RuleResult, ...] | None = None
        self._open: set[tuple[str, str]] = set()
        self.body.setSpacing(4)
        self._more = PlainLabel("", role=Role.MUTED, size=SECONDARY_SIZE)

    def person_name(self, person_id: object) -> str:
        """Return the name of a person."""
        from qihua_desktop.services import people

        return people.person_names(self.tab.context.session).get(person_id, "")  # type: ignore[arg-type]

    def may_change(self) -> bool:
        """Whether waivers can be given and taken back."""
        return not self.tab.context.session.workspace.read_only

    def remember_open(self, result: RuleResult, *, is_open: bool) -> None:
        """Keep which findings are open, also when they are shown anew."""
        key = (result.rule.value, result.subject)
        (self._open.add if is_open else self._open.discard)(key)

    def show_results(self, results: Sequence[RuleResult]) -> None:
        """Show findings; equal ones leave the card as it is."""
        if self._shown == tuple(results):
            return
        self._shown = tuple(results)
        self._rebuild()
        self._count()

    def show_waiting(self) -> None:
        """Say that the rules of another budget are being checked."""
        self._shown = None
        self._rebuild()
        self.verdict.set_text(_("Checking…"))
        self.verdict.set_tone(Tone.NEUTRAL)

    def _rebuild(self) -> None:
        held = next((row.result for row in self.rows if row.hasFocus()), None)
        for row in (*self.rows, self._more):
            self.body.removeWidget(row)
            row.hide()
            if row is not self._more:
                row.deleteLater()
        wanted = [one for one in self._shown or () if not self.verdict.isChecked() or _is_open(one)]
        self.rows = [RuleRow(self, result) for result in wanted[:_ROWS_SHOWN]]
        for row in self.rows:
            self.add(row)
            if (row.result.rule.value, row.result.subject) in self._open:
                row.toggle()
            if held is not None and (row.result.rule, row.result.subject) == (held.rule, held.subject):
                row.setFocus()
        left = len(wanted) - len(self.rows)
        if left > 0:
            self._more.setText(ngettext("and {count} more", "and {count} more", left).format(count=left))
            self.add(self._more)
            self._more.show()

    def _count(self) -> None:
        results = self._shown or ()
        failed = sum(one.outcome is CheckOutcome.FAILED and one.waiver is None for one in results)
        noticed = sum(one.outcome is CheckOutcome.NOTICE for one in results)
        if failed:
            self.verdict.set_text(ngettext("{count} failed", "{count} failed", failed).format(count=failed))
            self.verdict.set_tone(Tone.BAD)
        elif noticed:
            self.verdict.set_text(ngettext("{count} to look at", "{count} to look at", noticed).format(count=noticed))
            self.verdict.set_tone(Tone.WARN)
        else:
            self.verdict.set_text(_("All passed"))
            self.verdict.set_tone(Tone.OK)


def _is_open(result: RuleResult) -> bool:
    return result.waiver is None and result.outcome is not CheckOutcome.PASSED
