"""Plans as CSV: one that spreadsheets open rightly, and ours, GanttProject's or a hand-made one read."""

from __future__ import annotations

import csv
import io
from typing import Final

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.parsing import guard_formula
from qihua_desktop.i18n import _

from .exported_plan import ExportedPlan, WrittenFile
from .imported_plan import ImportedPlan
from .plan_columns import MOST_ROWS, Column, DateOrder
from .plan_table import plan_table, table_losses
from .plan_table_read import read_table
from .safe_xml import Progress, unreadable

MOST_BYTES: Final = 100 * 1024 * 1024
_STEP: Final = 5000
_MOST_BLANK: Final = 200_000
_END: Final = "\x1f"


def write_csv(plan: ExportedPlan) -> WrittenFile:
    """Return a plan as CSV: UTF-8 with a mark so that spreadsheets see it, CRLF, nothing runs as a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    texts = {place for place, column in enumerate(Column) if column in (Column.NAME, Column.OWNER, Column.NOTES)}
    for row in plan_table(plan):
        writer.writerow([guard_formula(cell) if place in texts else cell for place, cell in enumerate(row)])
    return WrittenFile(stream.getvalue().encode("utf-8-sig", "ignore"), table_losses(plan))


def read_csv(
    content: bytes,
    *,
    project_id: EntityId | None = None,
    date_order: DateOrder | None = None,
    name: str = "",
    progress: Progress | None = None,
) -> ImportedPlan:
    """Read a table of tasks; it needs a column of names, everything else may be missing.

    Raises:
        AmbiguousDates: dates like 03/04/2026; ask for the order.
        InputError: no table, no names, too many rows, or a cell that cannot be read (``details`` has its row).
    """
    rows = _rows(content, progress)
    return read_table(rows, project_id=project_id, date_order=date_order, name=name, progress=progress)


def _rows(content: bytes, progress: Progress | None) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise unreadable(_("The file is larger than {size} MB.").format(size=MOST_BYTES // (1024 * 1024)))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise unreadable(_("The text is in an unknown encoding."))
    sample = text[:2000]
    delimiter = max(",;\t", key=sample.count)
    try:
        rows: list[list[str]] = []
        lines = text.replace("\0", "").rstrip("\r\n")
        whole = f"{lines}\n{_END}"
        for row in csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter):
            if progress is not None and len(rows) % _STEP == 0:
                progress(len(rows), len(rows) * 2 + 1)
            rows.append(row)
            if len(rows) > MOST_ROWS + _MOST_BLANK:
                raise unreadable(_("The file has more than {count} rows.").format(count=MOST_ROWS))
        if rows.pop() != [_END]:
            raise unreadable(_("A quotation mark is opened and never closed; the rows behind it would be lost."))
        return rows
    except csv.Error as error:
        raise unreadable(str(error)) from error
