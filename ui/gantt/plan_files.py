"""Plan files of the Gantt window: its import and export menu and what stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.files import write_safely
from qihua_desktop.i18n import _, ngettext
from ui.common import dialogs
from ui.common.actions import Action
from ui.common.plan_import import import_plan

if TYPE_CHECKING:
    from .page import GanttPage

EXPORTS: Final = ("xml", "csv", "xlsx", "ics", "png", "svg")
_PICTURES: Final = frozenset({"png", "svg"})


class PlanFiles:
    """Imports and exports the plan of a page."""

    def __init__(self, page: GanttPage) -> None:
        self._page = page

    def actions(self, group: str) -> tuple[Action, ...]:
        """Return the actions, for the menu and the palette."""
        found = [
            Action("gantt.import", _("Import a plan as a new project…"), self.import_new, icon="file-up", group=group),
            Action("gantt.import_here", _("Import into this empty project…"), self.import_here, group=group),
        ]
        for suffix in EXPORTS:
            found.append(
                Action(
                    f"gantt.export_{suffix}", export_text(suffix), self._exporter(suffix), icon="download", group=group
                )
            )
        return tuple(found)

    def fill(self, menu: QMenu) -> None:
        """Put the actions into a menu; a plan with tasks is not imported into."""
        actions = self._page.commands.actions
        menu.clear()
        menu.addAction(actions.get("gantt.import"))
        if self._page.project_id is not None and not self._page.view_rows():
            menu.addAction(actions.get("gantt.import_here"))
        menu.addSeparator()
        for number, suffix in enumerate(EXPORTS):
            if suffix == "png" and number:
                menu.addSeparator()
            menu.addAction(actions.get(f"gantt.export_{suffix}"))

    def import_new(self) -> None:
        """Import a file as a new project."""
        import_plan(self._page.context, self._page)

    def import_here(self) -> None:
        """Import a file into the project shown, which has no task yet."""
        project = self._page.project()
        if project is not None:
            import_plan(self._page.context, self._page, project.id)

    def export(self, suffix: str) -> None:
        """Ask where to, and write the plan or the chart."""
        page, project = self._page, self._page.project()
        if project is None:
            return
        pattern = f"{suffix.upper()} (*.{suffix})"
        target = dialogs.save_file(page, export_text(suffix), pattern, name=f"{project.name}.{suffix}")
        if target is None:
            return
        target = target if target.suffix else target.with_suffix(f".{suffix}")
        made: list[Callable[[], tuple[bytes, tuple[str, ...]]]] = []
        gather = self._picture if suffix in _PICTURES else self._plan
        if page.context.attempt(lambda: made.append(gather(suffix)), page):
            page.context.jobs.submit(
                lambda _job: _written(made[0], target),
                on_done=lambda result: self._tell(*result),
                on_failed=self._failed,
                title=_("Write “{name}”").format(name=target.name),
            )

    def _plan(self, suffix: str) -> Callable[[], tuple[bytes, tuple[str, ...]]]:
        from qihua_desktop.exchange.export_plan import SUFFIXES, exported_plan, write_plan

        project = self._page.project()
        assert project is not None
        session = self._page.context.session
        plan, sequence = exported_plan(session, project.id), session.workspace.head()[0]

        def write() -> tuple[bytes, tuple[str, ...]]:
            written = write_plan(plan, SUFFIXES[f".{suffix}"], sequence=sequence)
            return written.content, written.dropped

        return write

    def _picture(self, suffix: str) -> Callable[[], tuple[bytes, tuple[str, ...]]]:
        from .chart_files import chart_image, chart_scene, png_bytes, svg_bytes

        project = self._page.project()
        scene = chart_scene(self._page.picture)
        if suffix == "png":
            image = chart_image(scene)
            return lambda: (png_bytes(image), ())
        content = svg_bytes(scene, project.name if project is not None else "")
        return lambda: (content, ())

    def _exporter(self, suffix: str) -> Callable[[], None]:
        return lambda: self.export(suffix)

    def _tell(self, path: Path, dropped: tuple[str, ...]) -> None:
        self._page.context.notice_posted.emit(_("Saved: {name}").format(name=path.name))
        if dropped:
            count = len(dropped)
            words = ngettext(
                "The file is written; {count} kind of thing is not in it.",
                "The file is written; {count} kinds of things are not in it.",
                count,
            ).format(count=count)
            dialogs.inform(self._page, words, details=dropped)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            dialogs.show_error(self._page, error)


def export_text(suffix: str) -> str:
    """Return what exporting to a suffix is called."""
    return {
        "xml": _("Export for Microsoft Project (XML)…"),
        "csv": _("Export as CSV table…"),
        "xlsx": _("Export as Excel workbook…"),
        "ics": _("Export as calendar (ICS)…"),
        "png": _("Export the chart as PNG…"),
        "svg": _("Export the chart as SVG…"),
    }[suffix]


def _written(make: Callable[[], tuple[bytes, tuple[str, ...]]], target: Path) -> tuple[Path, tuple[str, ...]]:
    content, dropped = make()
    return write_safely(target, content), dropped
