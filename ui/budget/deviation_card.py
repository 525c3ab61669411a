"""Under the table: where the estimate at completion lies within the tolerance, and why lines exceed their budget."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from qihua_desktop.domain.allocation import WHOLE
from qihua_desktop.domain.execution import deviation_label
from qihua_desktop.domain.formatting import percent_exact
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services.execution import ExecutionRow, ExecutionView
from ui.common.theme import SECONDARY_SIZE, SPACE_2, SPACE_3, SPACE_4, theme
from ui.common.widgets import PlainLabel, set_tool_tip

_BAND_HEIGHT = 30
_REASONS_SHOWN = 2
_WORDS_SHOWN = 90


class DeviationBand(QWidget):
    """From twice the tolerance below the budget to twice above it; the marker is the estimate at completion."""

    def __init__(self) -> None:
        super().__init__()
        self._tolerance = 1_000
        self._rate: int | None = 0
        self.setFixedHeight(_BAND_HEIGHT)
        self.setMinimumWidth(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Deviation from the budget"))

    def show_rate(self, rate: int | None, tolerance: int) -> None:
        """Show a deviation in basis points; None is outside any budget."""
        self._rate, self._tolerance = rate, max(1, tolerance)
        words = rate_text(rate)
        self.setAccessibleDescription(words)
        set_tool_tip(self, _("Estimate at completion {rate}").format(rate=words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0, 1, 0, -1)
        path = QPainterPath()
        path.addRoundedRect(area, 4, 4)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(area, theme().color(Role.BAD_BG))
        quarter = area.width() / 4
        painter.fillRect(area.adjusted(quarter, 0, -quarter, 0), theme().color(Role.OK_BG))
        painter.restore()
        painter.setFont(theme().font(SECONDARY_SIZE, tabular=True))
        painter.setPen(theme().color(Role.TEXT_SOFT))
        edge = percent_exact(2 * self._tolerance)
        inside = area.adjusted(8, 0, -8, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(inside, middle | int(Qt.AlignmentFlag.AlignLeft), f"−{edge}")
        painter.drawText(inside, middle | int(Qt.AlignmentFlag.AlignRight), f"+{edge}")
        if self._rate is None:
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), rate_text(None))
            return
        limit = 2 * self._tolerance
        share = (max(-limit, min(limit, self._rate)) + limit) / (2 * limit)
        x = area.x() + 2 + (area.width() - 4) * share
        painter.fillRect(QRectF(x - 1.5, 0, 3, self.height()), theme().color(Role.TEXT))
        words = rate_text(self._rate)
        width = painter.fontMetrics().horizontalAdvance(words) + 8
        to_right = x + width < area.right() - quarter * 0.8
        place = QRectF(x + 7 if to_right else x - 7 - width, area.y(), width, area.height())
        side = Qt.AlignmentFlag.AlignLeft if to_right else Qt.AlignmentFlag.AlignRight
        painter.setPen(theme().color(Role.TEXT))
        painter.drawText(place, middle | int(side), words)


class DeviationCard(QWidget):
    """The band and the reasons side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.caption = PlainLabel("", role=Role.TEXT_SOFT)
        self.band = DeviationBand()
        self.reasons_caption = PlainLabel("", role=Role.TEXT_SOFT)
        self.reasons = PlainLabel("", wrap=True)
        self.reasons.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, parts in ((left, (self.caption, self.band)), (right, (self.reasons_caption, self.reasons))):
            column.setSpacing(SPACE_2)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_4)
        row.setSpacing(24)
        row.addLayout(left, 5)
        row.addLayout(right, 4)

    def show_execution(self, found: ExecutionView) -> None:
        """Show how a budget is carried out."""
        tolerance = found.ledger.threshold_bp
        self.caption.setText(_("Deviation (tolerance ±{share})").format(share=percent_exact(tolerance)))
        nothing = not found.total.effective and not found.total.eac
        self.band.show_rate(0 if nothing else found.total.rate_bp, tolerance)
        given = [row for row in found.rows if row.reason is not None]
        told = len(given) + (found.total_reason is not None)
        asked = told + len(found.missing_reasons)
        self.reasons_caption.setText(
            _("Reasons of deviations ({given} of {asked} given)").format(given=told, asked=asked)
        )
        self.reasons.setText(_words(found, given))
        full = [_reason_words(row, 2_000) for row in given]
        set_tool_tip(self.reasons, "\n".join(full[:12]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.band.update()


def rate_text(rate: int | None) -> str:
    """Return a deviation with its sign: ``−3.1%``; 预算外 without a budget."""
    if rate is None:
        return _("outside the budget")
    sign = "+" if rate > 0 else "−" if rate < 0 else "±"
    tenths = (abs(rate) + 5) // 10
    return f"{sign}{tenths // 10}.{tenths % 10}%" if abs(rate) < 100 * WHOLE else f"{sign}{abs(rate) // 100:,}%"


def _words(found: ExecutionView, given: list[ExecutionRow]) -> str:
    if found.missing_reasons:
        names = {row.line.id: row.line.name for row in found.rows}
        missing = [
            names.get(one.line_id, _("Whole budget")) if one.line_id is not None else _("Whole budget")
            for one in found.missing_reasons
        ]
        shown = _(", ").join(name[:20] for name in missing[:4]) + ("…" if len(missing) > 4 else "")
        return _("Still to be explained: {names}").format(names=shown)
    if found.total_reason is not None and len(given) < _REASONS_SHOWN:
        whole = f"{rate_text(found.total.rate_bp)} {found.total_reason.text[:_WORDS_SHOWN]}"
        return "\n".join([*(_reason_words(row, _WORDS_SHOWN) for row in given), whole])
    if not given:
        return _("No line deviates beyond the tolerance.")
    lines = [_reason_words(row, _WORDS_SHOWN) for row in given[:_REASONS_SHOWN]]
    return "\n".join(lines) + ("…" if len(given) > _REASONS_SHOWN else "")


def _reason_words(row: ExecutionRow, most: int) -> str:
    reason = row.reason
    if reason is None:
        return ""
    said = " ".join((reason.text or deviation_label(reason.code)).split())
    cut = said[:most] + ("…" if len(said) > most else "")
    return _("{line} {rate}: {reason}").format(line=row.line.name[:30], rate=rate_text(row.figures.rate_bp), reason=cut)
