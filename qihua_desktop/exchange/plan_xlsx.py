"""Plans as Excel workbooks: the table of ``plan_csv`` with real dates and percentages, nothing that runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from qihua_desktop.i18n import _

from .exported_plan import ExportedPlan, WrittenFile
from .plan_columns import MOST_ROWS, Column
from .plan_table import plan_table, table_losses
from .safe_xml import Progress, unreadable

MOST_BYTES: Final = 200 * 1024 * 1024
_MOST_PARTS: Final = 2000
_MOST_COLUMNS: Final = 200
_MOST_SHEETS: Final = 20
_LONGEST_CELL: Final = 32_767
_DEEPEST_OUTLINE: Final = 7
_STEP: Final = 2000
_DATES: Final = frozenset(
    {
        Column.START,
        Column.FINISH,
        Column.CONSTRAINT_DATE,
        Column.DEADLINE,
        Column.ACTUAL_START,
        Column.ACTUAL_FINISH,
    }
)
_WIDTHS: Final = {Column.NAME: 40, Column.NOTES: 40, Column.OWNER: 14, Column.PREDECESSORS: 16, Column.DURATION: 12}


def write_xlsx(plan: ExportedPlan) -> WrittenFile:
    """Return a plan as a workbook: texts are texts whatever they begin with, dates are dates, rows are grouped."""
    from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = Workbook(stream, options)
    book.set_properties({"title": _clean(plan.name)[:200]})
    sheet = book.add_worksheet(_("Plan"))
    table = plan_table(plan)
    formats = _Formats(book)
    parents = {task.parent_id for task in plan.tasks}
    columns = list(Column)
    for place, heading in enumerate(table[0]):
        sheet.write_string(0, place, heading, formats.heading)
    cut = 0
    for number, (task, cells) in enumerate(zip(plan.tasks, table[1:], strict=True), start=1):
        level = cells[columns.index(Column.WBS)].count(".")
        if level:
            sheet.set_row(number, None, None, {"level": min(level, _DEEPEST_OUTLINE)})
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            cut += len(cell) > _LONGEST_CELL
            _write_cell(sheet, (number, place), column, cell, formats, level=level, bold=task.id in parents)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column, 17 if column in _DATES else 9))
    sheet.freeze_panes(1, columns.index(Column.NAME) + 1)
    sheet.autofilter(0, 0, max(1, len(table) - 1), len(columns) - 1)
    book.close()
    dropped = table_losses(plan)
    if cut:
        dropped = (*dropped, _("Texts longer than 32,767 characters were cut; a cell cannot hold more."))
    return WrittenFile(stream.getvalue(), dropped)


class _Formats:
    def __init__(self, book: Any) -> None:
        self._book = book
        self._names: dict[tuple[int, bool], Any] = {}
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.percent = book.add_format({"num_format": "0%"})
        self.fine_percent = book.add_format({"num_format": "0.00%"})

    def name(self, level: int, *, bold: bool) -> Any:
        key = (min(level, 15), bold)
        if key not in self._names:
            self._names[key] = self._book.add_format({"indent": key[0], "bold": bold, "align": "left"})
        return self._names[key]


def _write_cell(
    sheet: Any, at: tuple[int, int], column: Column, cell: str, formats: _Formats, *, level: int, bold: bool
) -> None:
    if not cell:
        return
    if column is Column.ID:
        sheet.write_number(*at, int(cell))
    elif column in _DATES:
        sheet.write_datetime(*at, datetime.strptime(cell, "%Y-%m-%d %H:%M"), formats.moment)
    elif column is Column.PROGRESS:
        percent = float(cell.rstrip("%"))
        sheet.write_number(*at, percent / 100, formats.percent if percent.is_integer() else formats.fine_percent)
    elif column is Column.NAME:
        sheet.write_string(*at, _clean(cell), formats.name(level, bold=bold))
    else:
        sheet.write_string(*at, _clean(cell))


def _clean(text: str) -> str:
    """Return text without what XML cannot hold, cut to what a cell can."""
    plain = "".join(one for one in text if one >= " " or one in "\n\t")
    return plain.encode("utf-8", "ignore").decode("utf-8")[:_LONGEST_CELL]


def read_workbook(content: bytes, *, progress: Progress | None = None) -> list[list[str]]:
    """Return the rows of the first sheet that has any, as text: dates in ISO form, percentages with their sign.

    Formulas give the value that was stored with them. Raises InputError for damaged, encrypted or oversized files.
    """
    _check_size(content)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in islice(book.worksheets, _MOST_SHEETS):
            rows = _rows(sheet, progress)
            if rows:
                return rows
    except (MemoryError, RecursionError) as error:
        raise unreadable(type(error).__name__) from error
    except Exception as error:
        # The library says that a workbook is damaged in whatever way its parts happen to fail.
        if type(error).__module__.startswith("qihua_desktop."):
            raise
        raise unreadable(str(error)[:200] or type(error).__name__) from error
    return []


def _check_size(content: bytes) -> None:
    """Refuse what would unpack into too much; the unpacker never gives more than what is declared."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise unreadable(str(error)) from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise unreadable(_("The file is larger than {size} MB.").format(size=MOST_BYTES // (1024 * 1024)))


def _rows(sheet: Any, progress: Progress | None) -> list[list[str]]:
    rows: list[list[str]] = []
    blank = 0
    found: Iterable[Any] = sheet.iter_rows(max_col=_MOST_COLUMNS, max_row=MOST_ROWS * 2)
    for number, row in enumerate(found):
        if progress is not None and not number % _STEP:
            progress(number, max(number, sheet.max_row or 0))
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        blank = 0 if cells else blank + 1
        if blank > _STEP:
            break
        rows.append(cells)
        if len(rows) > MOST_ROWS + 100:
            raise unreadable(_("The file has more than {count} rows.").format(count=MOST_ROWS))
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, datetime):
        timed = value.time() != time() or "h" in (cell.number_format or "").lower()
        return f"{value + timedelta(seconds=30):%Y-%m-%d %H:%M}" if timed else f"{value:%Y-%m-%d}"
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        if "%" in (cell.number_format or ""):
            return f"{round(value * 100, 4):g}%"
        return str(int(value)) if float(value).is_integer() else repr(value)
    return str(value).strip()
