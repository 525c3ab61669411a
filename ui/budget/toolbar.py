"""The toolbar of the budget page: state, versions, what changed since one, and the page's actions."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.i18n import N_, _, ngettext
from qihua_desktop.services.budget_status import BudgetStatus, VersionDifference, VersionInfo
from ui.common.labels import literal
from ui.common.widgets import (
    Chip,
    ChipButton,
    Separator,
    Tone,
    Toolbar,
    button,
    icon_button,
    primary_button,
    set_tool_tip,
)

from .commands import BudgetCommands
from .version_words import version_text

_STATES = {
    BudgetState.DRAFT: (N_("Draft"), Tone.NEUTRAL),
    BudgetState.IN_REVIEW: (N_("In review"), Tone.ACCENT),
    BudgetState.APPROVED: (N_("Approved"), Tone.OK),
    BudgetState.REVISED: (N_("Revising"), Tone.WARN),
    BudgetState.CLOSED: (N_("Closed"), Tone.NEUTRAL),
}
_NAMES_SHOWN = 12


class BudgetToolbar(QObject):
    """State and actions, put into the tab's toolbar.

    Signals:
        version_chosen(object): compare with this version's number.
        comparison_requested(): the user wants to compare any two versions.
        review_requested(): the user wants to see the review.
    """

    version_chosen = Signal(object)
    review_requested = Signal()
    comparison_requested = Signal()

    def __init__(self, strip: Toolbar, commands: BudgetCommands) -> None:
        super().__init__(strip)
        rows, page = commands.rows, commands.page
        self.state = Chip(bold=True)
        self._versions = QMenu(strip)
        self.version = ChipButton(menu=self._versions)
        self._changes = QMenu(strip)
        self.difference = ChipButton(menu=self._changes)
        self.add_category = page.button("budget.add_category", text=_("Category"))
        self.add_line = rows.button("budget.add_line", text=_("Line"))
        strip.add(self.state, self.version, self.difference, Separator(vertical=True))
        strip.add(self.add_category, self.add_line)
        self.more = icon_button("ellipsis", _("More"), self._show_more)
        self._more_menu = commands.more_menu(strip)
        strip.add(self.more)
        strip.add_stretch()
        self.columns = page.icon_button("budget.columns")
        self.side = page.icon_button("budget.side")
        self.templates = button(_("Proportions…"), page.get("budget.templates").trigger)
        self.finance = primary_button(_("To finance"), page.get("budget.finance").trigger)
        set_tool_tip(self.templates, _("Take over the shares of a kind, a saved template or a past project"))
        set_tool_tip(self.finance, _("Send to finance") + "  Ctrl+Shift+F")
        strip.add(self.columns, self.side, self.templates, self.finance)

    def show_status(self, state: BudgetState, status: BudgetStatus, compared: VersionInfo | None,
                    difference: VersionDifference | None) -> None:  # fmt: skip
        """Show where the budget stands; ``difference`` is from the version ``compared``."""
        word, tone = _STATES[state]
        self.state.set_text(_(word))
        self.state.set_tone(tone)
        self.version.set_text(version_text(status.versions[0]) if status.versions else _("No version yet"))
        self.version.setEnabled(bool(status.versions))
        self._fill_versions(status, compared)
        self.difference.setVisible(difference is not None and difference.count > 0)
        if compared is not None and difference is not None:
            number = compared.version.number
            self.difference.set_text(
                _("vs v{number}: {words}").format(number=number, words=difference_text(difference))
            )
            self.difference.set_tone(Tone.WARN if difference.count else Tone.NEUTRAL)
            self._fill_changes(difference)

    def templates_place(self) -> QPoint:
        """Return where the menu of templates goes."""
        return self.templates.mapToGlobal(self.templates.rect().bottomLeft())

    def _show_more(self) -> None:
        self._more_menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _fill_versions(self, status: BudgetStatus, compared: VersionInfo | None) -> None:
        self._versions.clear()
        self._versions.addAction(_("Compare with")).setEnabled(False)
        for info in status.versions:
            action = self._versions.addAction(f"{version_text(info)}  ·  {money_text(info.version.total)}")
            action.setCheckable(True)
            action.setChecked(compared is not None and info.version.id == compared.version.id)
            number = info.version.number
            action.triggered.connect(lambda _checked=False, number=number: self.version_chosen.emit(number))
        self._versions.addSeparator()
        self._versions.addAction(_("Compare any two versions…")).triggered.connect(
            lambda: self.comparison_requested.emit()
        )
        self._versions.addAction(_("Go to the review")).triggered.connect(lambda: self.review_requested.emit())

    def _fill_changes(self, difference: VersionDifference) -> None:
        self._changes.clear()
        lines = [_("{name}: added").format(name=name) for name in difference.added]
        lines += [_("{name}: removed").format(name=name) for name in difference.removed]
        lines += [_("{name}: changed").format(name=name) for name in difference.changed]
        if difference.total_before is not None:
            lines.insert(0, _("Total before: {amount}").format(amount=money_text(difference.total_before)))
        if not lines:
            lines = [_("Only the order of rows")] if difference.reordered else [_("Nothing has changed.")]
        self._changes.addAction(_("Every difference…")).triggered.connect(lambda: self.comparison_requested.emit())
        self._changes.addSeparator()
        for line in lines[:_NAMES_SHOWN]:
            self._changes.addAction(literal(line)).setEnabled(False)
        more = len(lines) - _NAMES_SHOWN
        if more > 0:
            words = ngettext("and {count} more", "and {count} more", more).format(count=more)
            self._changes.addAction(words).setEnabled(False)


def difference_text(difference: VersionDifference) -> str:
    """Return counts of rows added, removed and changed: ``+2 −1 ~4``; the total counts as a change."""
    if not difference.count:
        return _("unchanged")
    changed = len(difference.changed) + (difference.total_before is not None) or int(
        difference.reordered and not difference.added and not difference.removed
    )
    return f"+{len(difference.added)} −{len(difference.removed)} ~{changed}"
