"""How versions of a budget are called."""

from __future__ import annotations

from qihua_desktop.domain.review import version_state_label
from qihua_desktop.i18n import _
from qihua_desktop.services.budget_status import VersionInfo


def version_text(info: VersionInfo) -> str:
    """Return a version with its state: 版本 v3（已批准）."""
    if info.state is None:
        return _("Version v{number}").format(number=info.version.number)
    return _("v{number} ({state})").format(number=info.version.number, state=version_state_label(info.state))
