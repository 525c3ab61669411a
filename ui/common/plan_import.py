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
    from qihua_desktop.exchange.import_plan import ImportReport, PreparedImport
    from qihua_desktop.exchange.imported_plan import ImportedPlan
    from qihua_desktop.exchange.plan_csv import DateOrder

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
        from qihua_desktop.exchange.import_plan import (
            ImportGround,
            empty_project_ground,
            import_ground,
            prepare_import,
        )

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
            job.progress(0, 1)
            prepared = prepare_import(grounds[0], plan)
            job.progress(1, 1)
            return prepared

        title = _("Compute the dates of “{name}”").format(name=self._path.name)
        self._context.jobs.submit(work, on_done=self._on_prepared, on_failed=self._on_failed, title=title)

    def _on_prepared(self, prepared: PreparedImport) -> None:
        from qihua_desktop.exchange.import_plan import store_import

        from .plan_import_dialog import PlanImportDialog

        dialog = PlanImportDialog(prepared, self._context.view_state, self._parent)
        if not dialogs.run_form(dialog):
            return
        keep_dates, name, kind = dialog.keep_dates(), dialog.name(), dialog.kind()
        reports: list[ImportReport] = []

        def store() -> None:
            chosen = self._as_chosen(prepared, name, kind)
            reports.append(store_import(self._context.session, chosen, keep_dates=keep_dates))

        if self._context.attempt(store, self._parent):
            self._tell(reports[0])

    def _as_chosen(self, prepared: PreparedImport, name: str, kind: object) -> PreparedImport:
        """Return the import under the name and kind chosen; another kind has other stages and documents."""
        from qihua_desktop.domain.project import ProjectKind
        from qihua_desktop.exchange.import_plan import import_ground, prepare_import

        ground = prepared.ground
        if ground.laid is None:
            return prepared
        if kind is not ground.project.kind:
            other = import_ground(self._context.session, prepared.plan, name, kind=ProjectKind(str(kind)))
            return prepare_import(other, prepared.plan)
        project = replace(ground.project, name=name)
        laid = replace(ground.laid, project=replace(ground.laid.project, name=name))
        return replace(prepared, ground=replace(ground, project=project, laid=laid))

    def _tell(self, report: ImportReport) -> None:
        self._context.choose_project(report.project.id)
        self._context.notice_posted.emit(
            _("Imported “{project}”: {tasks} tasks, {links} links").format(
                project=report.project.name, tasks=report.tasks, links=report.links
            )
        )

    def _on_failed(self, error: BaseException) -> None:
        from qihua_desktop.exchange.plan_csv import AmbiguousDates, DateOrder

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
