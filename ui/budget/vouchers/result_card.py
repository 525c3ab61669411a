"""What became of dropped files and scanned codes, until it is closed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.invoice import Severity
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.vouchers import FileImport, ImportReport, voucher_name
from ui.common.labels import Elide
from ui.common.theme import SECONDARY_SIZE
from ui.common.widgets import Card, Chip, PlainLabel, Tone, icon_button, link_button

_MOST_ROWS = 200
_TALLEST = 168


class ResultCard(Card):
    """A summary, and a row for each file that needs a look.

    Signals:
        voucher_wanted(object, object): a project's voucher shall be shown, by both ids.
    """

    voucher_wanted = Signal(object, object)

    def __init__(self) -> None:
        self.summary = Chip()
        super().__init__(_("Result of the import"), chip=self.summary)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.close_button = icon_button("x", _("Close"), self.hide)
        self.add_action(self.close_button)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName(_("Result of the import"))
        self.add(self.area)
        self.rows: list[str] = []
        self.links: list[QWidget] = []
        self.hide()

    def show_report(self, report: ImportReport) -> None:
        """Show what became of a drop."""
        noticed = [one for one in report.files if _needs_look(one)]
        self.summary.set_text(summary_words(report))
        self.summary.set_tone(Tone.WARN if report.failed or report.duplicates else Tone.OK)
        self.rows, self.links = [], []
        content = QWidget()
        content.setProperty("look", "surface")
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, one in enumerate(noticed[:_MOST_ROWS]):
            text, tone, words = _said(one)
            self.rows.append(f"{text} {one.name} {words}")
            name = PlainLabel(one.name[:200], elide=Elide.MIDDLE, bold=True)
            name.setMaximumWidth(220)
            grid.addWidget(Chip(text, tone), row, 0, middle | Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(name, row, 1, middle)
            grid.addWidget(PlainLabel(words, wrap=True, role=Role.TEXT_SOFT), row, 2)
            if one.duplicate_of is not None:
                self._link(grid, row, one)
        more = len(noticed) - _MOST_ROWS
        if more > 0:
            words = ngettext("{count} more file", "{count} more files", more).format(count=more)
            grid.addWidget(PlainLabel(words, role=Role.MUTED, size=SECONDARY_SIZE), _MOST_ROWS, 1, 1, 2)
        self.area.setWidget(content)
        self.area.setVisible(bool(noticed))
        height = content.heightForWidth(max(400, self.width() - 60)) if content.hasHeightForWidth() else 0
        self.area.setFixedHeight(min(_TALLEST, max(content.sizeHint().height(), height) + 2))
        self.show()

    def _link(self, grid: QGridLayout, row: int, one: FileImport) -> None:
        first = one.duplicate_of
        if first is None:
            return
        found: tuple[EntityId, EntityId] = (first.project_id, first.id)
        link = link_button(_("Show the first one"), lambda: self.voucher_wanted.emit(*found))
        self.links.append(link)
        grid.addWidget(link, row, 3, Qt.AlignmentFlag.AlignVCenter)


def summary_words(report: ImportReport) -> str:
    """Return how many were stored, were there before, or gave nothing."""
    stored = len(report.voucher_ids)
    parts = [ngettext("{count} voucher stored", "{count} vouchers stored", stored).format(count=stored)]
    if report.duplicates:
        words = ngettext("{count} duplicate", "{count} duplicates", report.duplicates)
        parts.append(words.format(count=report.duplicates))
    if report.failed:
        words = ngettext("{count} file not read", "{count} files not read", report.failed)
        parts.append(words.format(count=report.failed))
    return " · ".join(parts)


def _needs_look(one: FileImport) -> bool:
    grave = any(finding.severity is not Severity.NOTE for finding in one.findings)
    return one.voucher_id is None or one.duplicate_of is not None or one.maybe_same_as is not None or grave


def _said(one: FileImport) -> tuple[str, Tone, str]:
    """Return chip, tone and sentence of a file."""
    findings = " ".join(f"{finding.message} {finding.advice}".strip() for finding in one.findings)[:1_000]
    if one.voucher_id is None:
        return _("Not read"), Tone.BAD, findings or _("Nothing was found in it.")
    if one.duplicate_of is not None:
        words = _("{number} is already there, in “{project}”.").format(
            number=voucher_name(one.duplicate_of), project=one.duplicate_project[:80]
        )
        return _("Duplicate"), Tone.BAD, f"{words} {findings}".strip()
    if one.maybe_same_as is not None:
        words = _("Same seller, amount and date as {number}.").format(number=voucher_name(one.maybe_same_as))
        return _("Similar"), Tone.WARN, f"{words} {findings}".strip()
    return _("Needs a look"), Tone.WARN, findings
