"""What must be said above the columns: a version came back, or the plan is no longer what was signed."""

from __future__ import annotations

from qihua_desktop.domain.review import VersionState
from qihua_desktop.i18n import _, ngettext
from ui.common.widgets import Tone

from .state import ReviewState
from .words import clipped


def banner_words(state: ReviewState) -> tuple[str, Tone, tuple[tuple[str, str], ...]]:
    """Return what must be said about the newest version, its tone, and links (words, key)."""
    newest = state.newest
    if newest is None:
        return "", Tone.ACCENT, ()
    number, version = newest.version.number, newest.version
    changes = state.live_changes
    words = _("; ").join(clipped(change.words(), 90) for change in changes[:2])
    show = ((_("Show the changes"), "changes"),) if changes else ()
    count = len(changes)
    if version.state is VersionState.IN_REVIEW and changes:
        text = ngettext(
            "{count} change since version {number}; its signatures do not cover it. Submit a new version: {words}",
            "{count} changes since version {number}; its signatures do not cover them. Submit a new version: {words}",
            count,
        )
        return text.format(count=count, number=number, words=words), Tone.WARN, show
    if version.state is VersionState.APPROVED and changes:
        text = ngettext(
            "Version {number} is approved, but the plan has {count} change since: {words}",
            "Version {number} is approved, but the plan has {count} changes since: {words}",
            count,
        )
        return text.format(count=count, number=number, words=words), Tone.WARN, show
    if version.state in (VersionState.RETURNED, VersionState.REJECTED):
        text = _("Version {number} came back. Deal with the comments, then submit a new version.")
        write = () if state.read_only else ((_("Revise"), "write"),)
        return text.format(number=number), Tone.WARN, (*show, *write)
    return "", Tone.ACCENT, ()
