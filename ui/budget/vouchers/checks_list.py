"""The checks of a voucher: what each found, what it looked at, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.invoice import InvoiceSource
from qihua_desktop.domain.invoice_facts import InvoiceOutcome, invoice_outcome_label
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.voucher_checks import VoucherCheck
from qihua_desktop.i18n import _
from qihua_desktop.services.vouchers import VoucherView
from ui.common.theme import SECONDARY_SIZE
from ui.common.widgets import Chip, PlainLabel

from .rows import OUTCOME_TONES

OFFICIAL_SITE = "inv-veri.chinatax.gov.cn"
_ORDER = (InvoiceOutcome.FAILED, InvoiceOutcome.WARNING, InvoiceOutcome.NOT_CHECKABLE, InvoiceOutcome.PASSED)
_LONGEST = 1_000


class ChecksList(QWidget):
    """Every check, the gravest first; the row of a duplicate leads to its first use."""

    def __init__(self) -> None:
        super().__init__()
        self.checks: tuple[VoucherCheck, ...] = ()
        self._key: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._holder: QWidget | None = None

    def show_checks(self, view: VoucherView) -> None:
        """Show what the checks of a voucher say now."""
        key = (view.voucher.id, view.checks)
        if key == self._key:
            return
        self._key, self.checks = key, view.checks
        if self._holder is not None:
            self._column.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        for row, check in enumerate(sorted(self.checks, key=lambda one: _ORDER.index(one.outcome))):
            chip = Chip(invoice_outcome_label(check.outcome), OUTCOME_TONES[check.outcome])
            grid.addWidget(chip, row, 0, top)
            grid.addWidget(_words(check), row, 1)
        note = signature_words(view)
        if note:
            grid.addWidget(PlainLabel(note, wrap=True, role=Role.MUTED, size=SECONDARY_SIZE), len(self.checks), 0, 1, 2)
        self._column.addWidget(holder)


def signature_words(view: VoucherView) -> str:
    """Return what offline reading leaves open about a file's signature."""
    if view.source in (InvoiceSource.XML, InvoiceSource.OFD, InvoiceSource.PDF):
        words = _("The electronic signature of the file was not verified; whether the invoice is genuine says {site}.")
        return words.format(site=OFFICIAL_SITE)
    return ""


def _words(check: VoucherCheck) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 1, 0, 0)
    column.setSpacing(1)
    column.addWidget(PlainLabel(check.title, bold=check.outcome is InvoiceOutcome.FAILED, wrap=True))
    message = check.message[:_LONGEST]
    if message:
        column.addWidget(PlainLabel(message, wrap=True, role=Role.TEXT_SOFT, size=SECONDARY_SIZE))
    known = [(name, value[:200]) for name, value in check.inputs if value.strip()]
    inputs = " · ".join(_("{name}: {value}").format(name=name, value=value) for name, value in known)
    if inputs:
        column.addWidget(PlainLabel(inputs, wrap=True, role=Role.MUTED, size=SECONDARY_SIZE))
    if check.remedy and check.outcome is not InvoiceOutcome.PASSED:
        column.addWidget(PlainLabel(f"→ {check.remedy[:_LONGEST]}", wrap=True, role=Role.ACCENT, size=SECONDARY_SIZE))
    return holder


__all__ = ["OFFICIAL_SITE", "ChecksList", "signature_words"]
