"""Read a plan file of any kind, recognised by what is in it; nothing is stored and no workspace is needed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from enum import StrEnum
from typing import Final

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Baseline, Link, Task
from qihua_desktop.i18n import N_, _

from .bulk import without_collection
from .gan import read_gan
from .imported_plan import ImportedPlan
from .mspdi import read_mspdi
from .plan_columns import DateOrder
from .plan_csv import read_csv
from .plan_table_read import read_table
from .plan_xlsx import read_workbook
from .safe_xml import Progress, root_tag, unreadable


class PlanFormat(StrEnum):
    """The kinds of plan files."""

    MSPDI = "mspdi"
    GAN = "gan"
    CSV = "csv"
    XLSX = "xlsx"
    ICS = "ics"


FORMAT_NAMES: Final = {
    PlanFormat.MSPDI: N_("Microsoft Project XML (MSPDI)"),
    PlanFormat.GAN: N_("GanttProject"),
    PlanFormat.CSV: N_("CSV table"),
    PlanFormat.XLSX: N_("Excel workbook"),
    PlanFormat.ICS: N_("Calendar file (ICS)"),
}
_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML_STARTS: Final = (b"<", b"\xff\xfe<\0", b"\xfe\xff\0<", b"<\0", b"\0<")


def format_name(kind: PlanFormat) -> str:
    """Return a format's name in the user's language."""
    return _(FORMAT_NAMES[kind])


def plan_format(content: bytes) -> PlanFormat:
    """Return what kind of plan file this is, by its content alone.

    Raises InputError for anything that is certainly no plan file, saying what to save it as.
    """
    if not content.strip():
        raise unreadable(_("The file is empty."))
    if content.startswith(_ZIP):
        return _zip_format(content)
    if content.startswith(_COMPOUND):
        raise InputError(
            _("This is a binary file of Microsoft Office."),
            _("Save a .mpp as XML in Microsoft Project, or an .xls as .xlsx, and import that."),
        )
    head = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(_XML_STARTS):
        tag = root_tag(content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n"))
        if tag == "project":
            return PlanFormat.GAN
        if tag in ("Project", ""):
            return PlanFormat.MSPDI
        raise unreadable(_("An XML file that begins with “{tag}” is no plan.").format(tag=tag[:80]))
    return PlanFormat.CSV


def _zip_format(content: bytes) -> PlanFormat:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise unreadable(str(error)) from error
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return PlanFormat.XLSX
    raise unreadable(_("The file is an archive, not a workbook."))


def read_plan(
    content: bytes,
    *,
    name: str = "",
    project_id: EntityId | None = None,
    date_order: DateOrder | None = None,
    progress: Progress | None = None,
) -> ImportedPlan:
    """Read a plan file: MSPDI, GanttProject, CSV (ours or GanttProject's) or XLSX with the same columns.

    Args:
        name: what a plan that has no name of its own is called.
        project_id: the project that the rows are for; a fresh id when left out.
        date_order: how a table writes its dates, once ``AmbiguousDates`` has been answered.
        progress: told how far it is; may raise Cancelled.

    Raises AmbiguousDates or InputError; time and memory are bounded by the size of the content.
    """
    with without_collection():
        return _read(content, name, project_id, date_order, progress)


def _read(
    content: bytes,
    name: str,
    project_id: EntityId | None,
    date_order: DateOrder | None,
    progress: Progress | None,
) -> ImportedPlan:
    kind = plan_format(content)
    if kind is PlanFormat.MSPDI:
        plan = read_mspdi(content, project_id=project_id, progress=progress)
    elif kind is PlanFormat.GAN:
        plan = read_gan(content, project_id=project_id, progress=progress)
    elif kind is PlanFormat.XLSX:
        rows = read_workbook(content, progress=progress)
        plan = read_table(rows, project_id=project_id, date_order=date_order, name=name, progress=progress)
    else:
        plan = read_csv(content, project_id=project_id, date_order=date_order, name=name, progress=progress)
    if not plan.tasks and kind in (PlanFormat.CSV, PlanFormat.XLSX):
        raise unreadable(_("There is no task in it."))
    return plan if plan.name else replace(plan, name=name)


def rehomed(plan: ImportedPlan, project_id: EntityId) -> ImportedPlan:
    """Return the same plan with its rows in another project."""

    def task(row: Task) -> Task:
        return replace(row, project_id=project_id)

    def link(row: Link) -> Link:
        return replace(row, project_id=project_id)

    def baseline(row: Baseline) -> Baseline:
        return replace(row, project_id=project_id)

    return replace(
        plan,
        tasks=tuple(map(task, plan.tasks)),
        links=tuple(map(link, plan.links)),
        baselines=tuple(map(baseline, plan.baselines)),
    )
