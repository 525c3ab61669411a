"""Importing a plan file from a window: read and compute in the background, report, then store in one edit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _

from . import dialogs
from .context import AppContext

if TYPE_CHECKING:
    from qihua_desktop.exchange.import_plan import ImportGround, ImportReport, PreparedImport
    from qihua_desktop.exchange.imported_plan import ImportedPlan
    from qihua_desktop.exchange.plan_columns import DateOrder

    from .jobs import JobContext


def plan_filter() -> str:
    """Return the file dialog's filter; files are recognised by their content all the same."""
    return _("Plans") + " (*.xml *.gan *.csv *.xlsx *.txt);;" + _("All files") + " (*)"


def import_plan(context: AppContext, parent: QWidget, project_id: EntityId | None = None) -> PlanImport | None:
    """Ask for a plan file and import it as a new project, or into one that has no task yet."""
    path = dialogs.open_file(parent, _("Import a plan"), plan_filter())
    if path is None:
        return None
    work = PlanImport(context, parent, path, project_id)
    work.read()
    return work


class PlanImport:
    """One import on its way; every step is followed by the next in the UI's thread."""

    def __init__(self, context: AppContext, parent: QWidget, path: Path, project_id: EntityId | None) -> None:
        self._context = context
        self._parent = parent
        self._path = path
        self._project_id = project_id

    def read(self, date_order: DateOrder | None = None) -> None:
        """Read the file in the background."""
        from qihua_desktop.exchange.read_plan import read_plan
        from qihua_desktop.services.documents import read_file

        path = self._path

        def work(job: JobContext) -> ImportedPlan:
            content = read_file(path)
            return read_plan(
                content, name=path.stem, date_order=date_order, progress=lambda done, of: job.progress(done, of)
            )

        self._context.jobs.submit(
            work, on_done=self._on_read, on_failed=self._on_failed, title=_("Read “{name}”").format(name=path.name)
        )

    def _on_read(self, plan: ImportedPlan) -> None:
        from qihua_desktop.exchange.import_plan import empty_project_ground, import_ground, prepare_import

        session, project_id = self._context.session, self._project_id
        grounds: list[ImportGround] = []

        def gather() -> None:
            ground = (
                import_ground(session, plan) if project_id is None else empty_project_ground(session, plan, project_id)
            )
            grounds.append(ground)

        if not self._context.attempt(gather, self._parent):
            return

        def work(job: JobContext) -> PreparedImport:
            return prepare_import(grounds[0], plan, progress=lambda done, of: job.progress(done, of))

        title = _("Compute the dates of “{name}”").format(name=self._path.name)
        self._context.jobs.submit(work, on_done=self._on_prepared, on_failed=self._on_failed, title=title)

    def _on_prepared(self, prepared: PreparedImport) -> None:
        from .plan_import_dialog import PlanImportDialog

        dialog = PlanImportDialog(prepared, self._context.view_state, self._parent)
        if not dialogs.run_form(dialog):
            return
        keep_dates, name, kind = dialog.keep_dates(), dialog.name(), dialog.kind()
        chosen: list[tuple[PreparedImport, ImportGround | None]] = []
        if self._context.attempt(lambda: chosen.append(self._as_chosen(prepared, name, kind)), self._parent):
            self._settle(*chosen[0], keep_dates=keep_dates)

    def _settle(self, prepared: PreparedImport, ground: ImportGround | None, *, keep_dates: bool) -> None:
        """Compute in the background what the choices ask for, then store."""
        from qihua_desktop.exchange.import_plan import prepare_import, with_file_dates

        if ground is None and not (keep_dates and prepared.differences):
            self._store(prepared)
            return

        def work(job: JobContext) -> PreparedImport:
            found = prepared
            if ground is not None:
                found = prepare_import(ground, prepared.plan, progress=lambda done, of: job.progress(done, of))
            if keep_dates:
                found = with_file_dates(found, progress=lambda done, of: job.progress(done, of))
            return found

        title = _("Compute the dates of “{name}”").format(name=self._path.name)
        self._context.jobs.submit(work, on_done=self._store, on_failed=self._on_failed, title=title)

    def _store(self, prepared: PreparedImport) -> None:
        from qihua_desktop.exchange.import_plan import store_import

        reports: list[ImportReport] = []
        session = self._context.session
        if self._context.attempt(lambda: reports.append(store_import(session, prepared)), self._parent):
            self._tell(reports[0])

    def _as_chosen(
        self, prepared: PreparedImport, name: str, kind: object
    ) -> tuple[PreparedImport, ImportGround | None]:
        """Return the import under the name chosen; of another kind, which has other stages, also what to prepare."""
        from qihua_desktop.domain.project import ProjectKind
        from qihua_desktop.exchange.import_plan import import_ground

        ground = prepared.ground
        if ground.laid is None:
            return prepared, None
        if kind is not ground.project.kind:
            return prepared, import_ground(self._context.session, prepared.plan, name, kind=ProjectKind(str(kind)))
        project = replace(ground.project, name=name)
        laid = replace(ground.laid, project=replace(ground.laid.project, name=name))
        return replace(prepared, ground=replace(ground, project=project, laid=laid)), None

    def _tell(self, report: ImportReport) -> None:
        self._context.choose_project(report.project.id)
        self._context.notice_posted.emit(
            _("Imported “{project}”: {tasks} tasks, {links} links").format(
                project=report.project.name, tasks=report.tasks, links=report.links
            )
        )

    def _on_failed(self, error: BaseException) -> None:
        from qihua_desktop.exchange.plan_columns import AmbiguousDates, DateOrder

        if isinstance(error, Cancelled):
            return
        if not isinstance(error, AmbiguousDates):
            dialogs.show_error(self._parent, error)
            return
        choices = (
            dialogs.Choice(DateOrder.DAY_FIRST, _("Day first: 31/12/2026"), primary=True),
            dialogs.Choice(DateOrder.MONTH_FIRST, _("Month first: 12/31/2026")),
        )
        order = dialogs.choose(self._parent, error.message, choices, advice=error.advice)
        if order:
            self.read(DateOrder(order))
