"""送财务: the pack of PDFs for finance, into one folder or one zip file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.i18n import _
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.dialogs import Choice


def send_to_finance(context: AppContext, parent: QWidget | None) -> None:
    """Say what the pack holds, ask where it goes, and write it in the background."""
    from qihua_desktop.reports.finance_pack import Pack, PackTask, finance_pack

    project_id = context.project_id
    gathered: list[PackTask] = []
    if project_id is None or not context.attempt(
        lambda: gathered.append(finance_pack(context.session, project_id)), parent
    ):
        return
    task = gathered[0]
    lines = [one.title for one in task.tasks]
    lines += [_("Not included: {reason}").format(reason=reason) for reason in task.missing]
    choices = (
        Choice("cancel", _("Cancel")),
        Choice("zip", _("As one zip file…")),
        Choice("folder", _("Into a folder…"), primary=True),
    )
    answer = dialogs.choose(
        parent, _("Pack for finance: {name}").format(name=task.name), choices, advice="\n".join(lines)
    )
    target: Path | None = None
    if answer == "zip":
        target = dialogs.save_file(parent, _("Pack for finance"), _("Zip file") + " (*.zip)", name=f"{task.name}.zip")
    elif answer == "folder":
        target = dialogs.pick_folder(parent, _("Pack for finance"))
    if target is None:
        return
    place = target

    def write(pack: Pack) -> None:
        written: list[Path] = []
        do = pack.write_zip if answer == "zip" else pack.write_folder
        if context.attempt(lambda: written.append(do(place)), parent):
            context.notice_posted.emit(_("The pack for finance was written: {name}").format(name=written[0].name))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(written[0].parent if answer == "zip" else written[0])))

    def fail(error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            dialogs.show_error(parent, error)

    context.jobs.submit(
        lambda job: task.render(job.progress, lambda: job.is_cancelled),
        on_done=write,
        on_failed=fail,
        title=_("Pack for finance"),
    )
