"""The menu of documents; a document is made in the background and shown before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QWidget

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _, ngettext
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.icons import set_icon
from ui.common.labels import literal

if TYPE_CHECKING:
    from qihua_desktop.reports.catalogue import RenderTask
    from qihua_desktop.reports.document import PdfResult


class ExportMenu(QMenu):
    """Lists the documents of the current project."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(_("Export PDF"), parent)
        self._context = context
        set_icon(self, "file-down")
        self.aboutToShow.connect(self.fill)
        context.export_requested.connect(self.export)

    def fill(self) -> None:
        """List the documents anew."""
        from qihua_desktop.reports import catalogue

        self.clear()
        project_id = self._context.project_id
        if project_id is None:
            return
        for kind in catalogue.available(self._context.session, project_id):
            action = self.addAction(literal(kind.title()))
            set_icon(action, "file-text")
            action.triggered.connect(lambda _checked=False, kind=kind: self.export(kind.key))
        self.addSeparator()
        pack = self.addAction(_("Send to finance (pack)…"))
        set_icon(pack, "send")
        pack.triggered.connect(self.export_pack)

    @Slot(str, object)
    def export(self, key: str, options: dict[str, Any] | None = None) -> None:
        """Make a document and show it; ``options`` are those of ``catalogue.prepare``.

        The finance pack is written; how a Gantt chart is printed is asked first.
        """
        from qihua_desktop.reports import catalogue
        from qihua_desktop.reports.document import RenderOptions

        if key == catalogue.FINANCE_PACK:
            self.export_pack()
            return
        project_id = self._context.project_id
        kind = catalogue.DOCUMENTS.get(key)
        of_year = kind is not None and kind.scope is catalogue.Scope.YEAR
        if project_id is None and not of_year:
            return
        if key == "gantt" and not options and project_id is not None:
            self._print_chart(project_id)
            return
        gathered: list[catalogue.RenderTask] = []
        parent = self.parentWidget()
        if not self._context.attempt(
            lambda: gathered.append(catalogue.prepare(self._context.session, key, project_id, **(options or {}))),
            parent,
        ):
            return
        task = gathered[0]
        self._context.jobs.submit(
            lambda job: task.render(RenderOptions(job.progress, lambda: job.is_cancelled)),
            on_done=lambda result: self._show(result, task),
            on_failed=self._failed,
            title=task.title,
        )

    def export_pack(self) -> None:
        """Ask for a folder or zip file and write the finance pack there."""
        from .finance_pack import send_to_finance

        send_to_finance(self._context, self.parentWidget())

    def _print_chart(self, project_id: EntityId) -> None:
        from ui.common.print_dialog import PrintDialog

        dialogs.run_form(PrintDialog(self._context, project_id, self.parentWidget()))

    def _show(self, result: PdfResult, task: RenderTask) -> None:
        from .preview_window import PreviewWindow

        count = len(result.substitutions)
        notes = ngettext(
            "{count} character could not be printed and was replaced.",
            "{count} characters could not be printed and were replaced.",
            count,
        ).format(count=count)
        window = PreviewWindow(result.data, task.file_name, task.title, notes if count else "", self.parentWidget())
        window.show()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            dialogs.show_error(self.parentWidget(), error)
