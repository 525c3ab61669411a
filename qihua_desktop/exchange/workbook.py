"""Workbooks that spreadsheets open without harm: texts stay texts, money is exact, formulas carry their results."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from qihua_desktop.i18n import _

LONGEST_CELL: Final = 32_767
_LEADING: Final = "=+-@\t\r\n＝＋－＠"
_MONEY: Final = "#,##0.00;[Red]-#,##0.00"


class Book:
    """A workbook in the making; ``finish`` returns its bytes."""

    def __init__(self, title: str) -> None:
        from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

        self._stream = io.BytesIO()
        self._book: Any = Workbook(
            self._stream,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self._book.set_properties({"title": clean(title)[:200]})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.cut = 0

    def sheet(self, name: str) -> Sheet:
        """Add a sheet."""
        return Sheet(self, self._book.add_worksheet(name))

    def style(self, **properties: Any) -> Any:
        """Return the format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(properties))
        return self._formats[key]

    def finish(self) -> bytes:
        """Return the workbook's bytes."""
        self._book.close()
        return self._stream.getvalue()


class Sheet:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book = book
        self._sheet = sheet

    @property
    def name(self) -> str:
        """The sheet's name."""
        return str(self._sheet.get_name())

    def text(self, row: int, column: int, value: str, **style: Any) -> None:
        """Write a text; one that looks like a formula keeps its quote mark when it is edited."""
        if not value and not style:
            return
        plain = clean(value)
        self._book.cut += len(value) > LONGEST_CELL
        if plain[:1] and plain.lstrip()[:1] in _LEADING:
            style["quote_prefix"] = True
        self._sheet.write_string(row, column, plain, self._book.style(**style) if style else None)

    def money(self, row: int, column: int, fen: int | None, **style: Any) -> None:
        """Write an amount of fen as a number of yuan; None leaves the cell empty."""
        if fen is not None:
            self._sheet.write_number(row, column, fen / 100, self._book.style(num_format=_MONEY, **style))

    def number(self, row: int, column: int, value: float, **style: Any) -> None:
        """Write a number."""
        self._sheet.write_number(row, column, value, self._book.style(**style) if style else None)

    def percent(self, row: int, column: int, basis_points: int, **style: Any) -> None:
        """Write basis points as a percentage."""
        self._sheet.write_number(row, column, basis_points / 10_000, self._book.style(num_format="0.00%", **style))

    def day(self, row: int, column: int, value: date | None, **style: Any) -> None:
        """Write a day."""
        if value is not None:
            form = self._book.style(num_format="yyyy-mm-dd", align="left", **style)
            self._sheet.write_datetime(row, column, value, form)

    def money_formula(self, row: int, column: int, formula: str, fen: int, **style: Any) -> None:
        """Write a formula with the amount it comes to."""
        self._sheet.write_formula(row, column, formula, self._book.style(num_format=_MONEY, **style), fen / 100)

    def percent_formula(self, row: int, column: int, formula: str, value: float | str, **style: Any) -> None:
        """Write a formula with the share, or the text, it comes to."""
        self._sheet.write_formula(row, column, formula, self._book.style(num_format="0.00%", **style), value)

    def text_formula(self, row: int, column: int, formula: str, value: str, **style: Any) -> None:
        """Write a formula with the text it comes to."""
        self._sheet.write_formula(row, column, formula, self._book.style(**style) if style else None, value)

    def widths(self, widths: Mapping[int, float]) -> None:
        """Set columns' widths in characters."""
        for column, width in widths.items():
            self._sheet.set_column(column, column, width)

    def hide(self, column: int) -> None:
        """Hide a column."""
        self._sheet.set_column(column, column, None, None, {"hidden": True})

    def outline(self, row: int, level: int) -> None:
        """Group a row with those above it, at most seven deep."""
        if level > 0:
            self._sheet.set_row(row, None, None, {"level": min(level, 7)})

    def freeze(self, row: int, column: int) -> None:
        """Keep the rows above and the columns before this cell in sight; the rows repeat on paper."""
        self._sheet.freeze_panes(row, column)
        self._sheet.repeat_rows(row - 1)

    def paper(self) -> None:
        """Print on A4 across, one page wide, with page numbers."""
        self._sheet.set_paper(9)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&C" + _("Page {page} of {pages}").format(page="&P", pages="&N"))


def clean(text: str) -> str:
    """Return text without what XML cannot hold, cut to what a cell can."""
    plain = "".join(one for one in text[: LONGEST_CELL + 1] if one >= " " or one in "\n\t")
    return plain.replace("\ufffe", "").replace("\uffff", "").encode("utf-8", "ignore").decode("utf-8")[:LONGEST_CELL]


def cell(row: int, column: int, *, absolute: bool = False) -> str:
    """Return a cell's name: ``C5``, ``$C$5``."""
    letters = ""
    at = column + 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return f"${letters}${row + 1}" if absolute else f"{letters}{row + 1}"


def sheet_cell(sheet: Sheet, row: int, column: int) -> str:
    """Return a cell of another sheet, as formulas name it."""
    name = sheet.name.replace("'", "''")
    return f"'{name}'!{cell(row, column)}"
