"""What a change of the budget means for decisions already given."""

from __future__ import annotations

from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.review import VersionState
from qihua_desktop.i18n import _
from qihua_desktop.services.budget_status import BudgetStatus
from qihua_desktop.services.budget_view import BudgetView
from ui.common.widgets import Tone

_NAMES_SHOWN = 4


def sign_off_notice(view: BudgetView, status: BudgetStatus) -> tuple[str, Tone]:
    """Return the sentence above the table and its tone; an empty one where nothing is at stake."""
    if view.budget.state is BudgetState.CLOSED:
        return _("The project is closed; its budget is for reading."), Tone.NEUTRAL
    if status.newest is None or not (status.would_void or status.has_voided):
        return "", Tone.ACCENT
    number = status.newest.number
    names = _(", ").join(name[:20] for name in status.signed[:_NAMES_SHOWN])
    if len(status.signed) > _NAMES_SHOWN:
        names += "…"
    if status.has_voided:
        return _(
            "The budget was changed after version {number} was submitted: the sign-offs of {names} no longer hold for "
            "it. Submit a new version."
        ).format(number=number, names=names), Tone.WARN
    if status.newest_state is VersionState.APPROVED:
        return _(
            "Version {number} is approved and stays as it is. A change starts a revision; the sign-offs of {names} "
            "will not hold for it."
        ).format(number=number, names=names), Tone.ACCENT
    return _(
        "Version {number} is in review and signed by {names}. A change voids these sign-offs; a new version must be "
        "submitted."
    ).format(number=number, names=names), Tone.WARN
