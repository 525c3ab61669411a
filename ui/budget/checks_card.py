"""合规检查: what is in order, what is worth a look, what is not in order, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.budget_checks import BudgetCheck, CheckOutcome, outcome_label
from qihua_desktop.i18n import _, ngettext
from ui.common.theme import SECONDARY_SIZE, SPACE_2, Role
from ui.common.widgets import Card, Chip, PlainLabel, Tone, icon_button

_TONES = {CheckOutcome.PASSED: Tone.OK, CheckOutcome.NOTICE: Tone.WARN, CheckOutcome.FAILED: Tone.BAD}


class CheckRow(QWidget):
    """One rule's finding."""

    def __init__(self, card: ChecksCard, check: BudgetCheck) -> None:
        super().__init__()
        self.check = check
        word = outcome_label(check.outcome)
        self.setAccessibleName(f"{word}: {check.message} {check.advice}".strip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(SPACE_2 + 2)
        chip = Chip(word, _TONES[check.outcome])
        chip.setFixedWidth(max(Chip(outcome_label(one)).sizeHint().width() for one in CheckOutcome))
        row.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(PlainLabel(check.message, wrap=True))
        if check.advice:
            texts.addWidget(PlainLabel(check.advice, wrap=True, role=Role.MUTED, size=SECONDARY_SIZE))
        row.addLayout(texts, 1)
        if check.line_ids and check.outcome is not CheckOutcome.PASSED:
            show = icon_button("crosshair", _("Show in the table"), lambda: card.lines_chosen.emit(check.line_ids))
            row.addWidget(show, 0, Qt.AlignmentFlag.AlignTop)


class ChecksCard(Card):
    """The compliance card.

    Signals:
        lines_chosen(object): show these lines in the table.
    """

    lines_chosen = Signal(object)

    def __init__(self) -> None:
        self.verdict = Chip()
        super().__init__(_("Compliance check"), chip=self.verdict)
        self.rows: list[CheckRow] = []
        self._shown: tuple[BudgetCheck, ...] | None = None
        self.body.setSpacing(6)

    def show_checks(self, checks: Sequence[BudgetCheck]) -> None:
        """Show findings; equal ones leave the card as it is."""
        if self._shown == tuple(checks):
            return
        self._shown = tuple(checks)
        for row in self.rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [CheckRow(self, check) for check in checks]
        for row in self.rows:
            self.add(row)
        failed = sum(check.outcome is CheckOutcome.FAILED for check in checks)
        noticed = sum(check.outcome is CheckOutcome.NOTICE for check in checks)
        if failed:
            self.verdict.set_text(ngettext("{count} failed", "{count} failed", failed).format(count=failed))
            self.verdict.set_tone(Tone.BAD)
        elif noticed:
            self.verdict.set_text(ngettext("{count} to look at", "{count} to look at", noticed).format(count=noticed))
            self.verdict.set_tone(Tone.WARN)
        else:
            self.verdict.set_text(_("All passed"))
            self.verdict.set_tone(Tone.OK)
