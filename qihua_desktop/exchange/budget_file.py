"""The rows of a budget file, XLSX or CSV by its content, as text with indents; refused is what would unpack too far."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any, Final

from qihua_desktop.domain.budget_table import MOST_ROWS, TableRow
from qihua_desktop.domain.errors import InputError
from qihua_desktop.i18n import _

MOST_BYTES: Final = 50 * 1024 * 1024
_MOST_UNPACKED: Final = 200 * 1024 * 1024
_MOST_PARTS: Final = 2_000
_MOST_RATIO: Final = 200
_MOST_COLUMNS: Final = 100
_MOST_SHEETS: Final = 50
_BLANK_ROWS: Final = 200
_END: Final = "\x1f"
_LIKELY: Final = ("预算", "budget", "明细", "费用")


def read_rows(content: bytes, *, sheet: str = "") -> tuple[str, tuple[TableRow, ...]]:
    """Return a sheet's name (empty for CSV) and its rows.

    Without ``sheet`` it is the first one whose name speaks of a budget, else the first with any rows. Raises InputError
    for files that are damaged, protected, too large, or hold formulas whose results were never stored.
    """
    if len(content) > MOST_BYTES:
        raise unreadable(_("The file is larger than {size} MB.").format(size=MOST_BYTES // (1024 * 1024)))
    if content[:4] == b"PK\x03\x04":
        return _workbook(content, sheet)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise InputError(
            _("This is an old .xls file or a workbook with a password."), _("Save it as .xlsx without a password.")
        )
    return "", _csv(content)


def unreadable(reason: str = "") -> InputError:
    """Return the error for a file that is damaged or of another kind."""
    return InputError(
        _("This file cannot be read as a table."),
        _("It may be cut off, damaged or of another kind; save it again in the program it comes from."),
        (reason,) if reason else (),
    )


def sheet_names(content: bytes) -> tuple[str, ...]:
    """Return the sheets of a workbook, nothing for CSV and for what cannot be read."""
    if content[:4] != b"PK\x03\x04" or len(content) > MOST_BYTES:
        return ()
    _refuse_bombs(content)
    from openpyxl import load_workbook

    try:
        return tuple(load_workbook(io.BytesIO(content), read_only=True, keep_links=False).sheetnames[:_MOST_SHEETS])
    except Exception:
        # What is wrong with the workbook is said when its rows are read.
        return ()


def _csv(content: bytes) -> tuple[TableRow, ...]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise unreadable(_("The text is in an unknown encoding."))
    if "\0" in text:
        raise unreadable(_("The text is in an unknown encoding."))
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    rows: list[TableRow] = []
    whole = text.rstrip("\r\n") + f"\n{_END}"
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter), start=1):
            rows.append(TableRow(number, tuple(cell.removeprefix("'") for cell in cells)))
            if len(rows) > MOST_ROWS + 100:
                raise InputError(_("The table has more than {count} rows.").format(count=MOST_ROWS))
        if rows.pop().cells != (_END,):
            raise unreadable(_("A quotation mark is opened and never closed; the rows behind it would be lost."))
    except csv.Error as error:
        raise unreadable(str(error)) from error
    return tuple(rows)


def _workbook(content: bytes, wanted: str) -> tuple[str, tuple[TableRow, ...]]:
    _refuse_bombs(content)
    from openpyxl import load_workbook

    try:
        values = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        names = values.sheetnames[:_MOST_SHEETS]
        if wanted and wanted not in names:
            raise InputError(
                _("The workbook has no sheet “{name}”.").format(name=wanted),
                _("It has: {names}").format(names="、".join(names)),
            )
        likely = [name for name in names if any(word in name.lower() for word in _LIKELY)]
        for name in [wanted] if wanted else [*likely, *(name for name in names if name not in likely)]:
            rows = _sheet_rows(values[name])
            if rows:
                _refuse_unsaved_formulas(content, name, rows)
                return name, rows
    except InputError:
        raise
    except (MemoryError, RecursionError) as error:
        raise unreadable() from error
    except Exception as error:
        # The library says that a workbook is damaged in whatever way its parts happen to fail.
        raise unreadable() from error
    return "", ()


def _refuse_bombs(content: bytes) -> None:
    """Refuse what would unpack into too much; the unpacker never gives more than what is declared."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise unreadable() from error
    unpacked = sum(part.file_size for part in parts)
    too_dense = unpacked > 20 * 1024 * 1024 and unpacked > _MOST_RATIO * len(content)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or too_dense:
        raise unreadable(_("The file would unpack into {size} MB.").format(size=unpacked // (1024 * 1024)))


def _sheet_rows(sheet: Any) -> tuple[TableRow, ...]:
    rows: list[TableRow] = []
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        blank = 0 if texts else blank + 1
        if blank > _BLANK_ROWS:
            break
        indents = tuple(_indent(cell) for cell in cells[: len(texts)])
        rows.append(TableRow(number, tuple(texts), indents if any(indents) else ()))
        if len(rows) > MOST_ROWS + 100:
            raise InputError(_("The table has more than {count} rows.").format(count=MOST_ROWS))
    while rows and not rows[-1].cells:
        rows.pop()
    return tuple(rows)


def _refuse_unsaved_formulas(content: bytes, name: str, rows: tuple[TableRow, ...]) -> None:
    """Raise InputError for a sheet that was never calculated: its formulas have no stored results.

    Single formulas without one are those whose result is an empty text.
    """
    from openpyxl import load_workbook

    formulas: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)[name]
    found = {row.number: row.cells for row in rows}
    first = ""
    for number, cells in enumerate(formulas.iter_rows(max_col=_MOST_COLUMNS, max_row=rows[-1].number), start=1):
        known = found.get(number, ())
        for at, cell in enumerate(cells):
            if getattr(cell, "data_type", "") != "f":
                continue
            if at < len(known) and known[at]:
                return
            first = first or str(cell.coordinate)
    if first:
        raise InputError(
            _("Cell {cell} has a formula without a stored result.").format(cell=first),
            _("Open the file in Excel or WPS, save it once, and import it again."),
        )


def _indent(cell: Any) -> int:
    alignment = getattr(cell, "alignment", None)
    return min(int(getattr(alignment, "indent", 0) or 0), 20)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, (int, float)):
        if "%" in (cell.number_format or ""):
            return f"{round(value * 100, 4):g}%"
        whole = int(value) if float(value).is_integer() else round(value, 6)
        return format(whole, "f").rstrip("0").rstrip(".") if isinstance(whole, float) else str(whole)
    return str(value)
