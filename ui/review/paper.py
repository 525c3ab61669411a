"""Writes the plan document into a text document as reviewers read it: plain texts, tables, drawn signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from qihua_desktop.domain.formatting import date_short, date_text, money_text, percent_text
from qihua_desktop.domain.money import format_yuan
from qihua_desktop.domain.plan_content import content_rows
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.reports.inputs import BudgetRow, Fact, RiskRow, ScheduleRow
from qihua_desktop.reports.signatures import SignatureBox
from ui.common.theme import SECONDARY_SIZE, TEXT_SIZE, Role, theme

from .marks import Marks
from .paper_parts import block_format, capital, columns_of, drawn
from .state import ReviewState
from .words import version_text

_MOST_TASKS: Final = 240
_SIGNATURES_PER_ROW: Final = 5
_INDENT: Final = 13
_SHORT_FACT: Final = 24
_TITLE: Final = 20
_HEADING: Final = 14
_STROKE_WIDTHS: Final = {5: 76, 4: 96}
_STROKE_WIDEST: Final = 108


def write_paper(document: QTextDocument, state: ReviewState, marks: Marks) -> None:
    """Fill a document anew; ``marks`` says what is highlighted."""
    document.clear()
    document.setDefaultFont(theme().font(TEXT_SIZE))
    document.setDocumentMargin(0)
    _Writer(document, state, marks).write()


class _Writer:
    def __init__(self, document: QTextDocument, state: ReviewState, marks: Marks) -> None:
        self._document = document
        self._state = state
        self._marks = marks
        self._cursor = QTextCursor(document)
        self._fresh = True
        self._open = Counter(
            comment.section_key
            for comment in state.comments
            if comment.resolved_ms is None and state.shown is not None and comment.version_id == state.shown.id
        )

    def write(self) -> None:
        state = self._state
        self._cursor.beginEditBlock()
        frame = QTextFrameFormat()
        frame.setMargin(0)
        frame.setPadding(0)
        frame.setLeftMargin(32)
        frame.setRightMargin(32)
        frame.setTopMargin(30)
        frame.setBottomMargin(36)
        self._document.rootFrame().setFrameFormat(frame)
        self._line(state.title, size=_TITLE, bold=True, centred=True, below=2)
        subtitle = [
            state.project.name[:200],
            version_text(state.shown),
            _("No. {number}").format(number=state.project.number),
        ]
        self._line("\u3000".join(subtitle), role=Role.MUTED, centred=True, below=10)
        self._facts()
        bodies = {str(row["id"]): str(row["body"]) for row in content_rows(state.content, "sections")}
        for heading in state.headings:
            if not heading.number and state.shown is not None:
                continue
            self._heading(heading.key, heading.number, heading.title)
            match heading.key:
                case "tasks":
                    self._schedule(state.plan.schedule)
                case "lines":
                    self._budget(state.plan.budget)
                case "risks":
                    self._risks(state.plan.risks)
                case _:
                    self._body(heading.key, bodies.get(heading.key, ""))
            self._removed(heading.key)
        self._removed("sections")
        self._signatures(state.plan.signatures)
        self._cursor.endEditBlock()

    # --- parts ---

    def _facts(self) -> None:
        plan = self._state.plan
        facts = list(plan.facts)
        if plan.total is not None:
            facts.append(Fact(_("Total budget"), f"{format_yuan(plan.total)}（{capital(plan.total)}）"))
        pairs: list[tuple[Fact, ...]] = [(Fact(_("Goal"), plan.goal or "—"),)]
        long = [fact for fact in facts if columns_of(fact.value) > _SHORT_FACT]
        short = [fact for fact in facts if columns_of(fact.value) <= _SHORT_FACT]
        pairs += [tuple(short[at : at + 2]) for at in range(0, len(short), 2)]
        pairs += [(fact,) for fact in long]
        table = self._table(len(pairs), 4, (17, 33, 17, 33))
        marked = self._marks.labels()
        for row, pair in enumerate(pairs):
            if len(pair) == 1:
                table.mergeCells(row, 1, 1, 3)
            for number, fact in enumerate(pair):
                self._cell(table, row, number * 2, fact.label, role=Role.MUTED, ground=Role.SUNKEN)
                is_marked = fact.label in marked
                self._cell(table, row, number * 2 + 1, fact.value, ground=Role.MARK if is_marked else None)
        self._leave_table()

    def _heading(self, key: str, number: int, title: str) -> None:
        self._block(above=16, below=6, heading=True)
        shown = f"{number}\u3000{title[:400]}" if number else title[:400]
        role = Role.TEXT if number else Role.MUTED
        changed = self._marks.has("sections", key, "title") or self._marks.is_new("sections", key)
        self._text(shown, size=_HEADING, bold=True, role=role, anchor=f"section:{key}", mark=changed)
        count = self._open.get(key, 0)
        if count:
            words = ngettext("{count} open comment", "{count} open comments", count).format(count=count)
            self._text("\u3000", size=SECONDARY_SIZE)
            self._text(words, size=SECONDARY_SIZE, role=Role.WARN, link=f"comments:{key}")

    def _body(self, key: str, body: str) -> None:
        lines = [line.strip() for line in body.splitlines() if line.strip()]
        if not lines:
            self._line(_("Not written yet"), role=Role.MUTED, below=2)
            return
        changed = self._marks.changed_lines(key, lines)
        for number, line in enumerate(lines):
            self._block(below=5, line=122)
            self._text(line, mark=number in changed)

    def _schedule(self, rows: Sequence[ScheduleRow]) -> None:
        ids = [str(row["id"]) for row in content_rows(self._state.content, "tasks")]
        shown = list(zip(ids, rows, strict=True))
        left_out = 0
        if len(shown) > _MOST_TASKS:
            shown = [pair for pair in shown if pair[1].strong or pair[1].milestone][:_MOST_TASKS]
            left_out = len(rows) - len(shown)
        years = {day.year for _id, row in shown for day in (row.start, row.finish) if day is not None}
        words = date_short if len(years) == 1 else date_text
        heads = (_("No."), _("Task"), _("Owner"), _("Start"), _("Finish"))
        table = self._table(len(shown) + 1, 5, (10, 46, 18, 13, 13) if words is date_short else (9, 38, 17, 18, 18))
        self._heads(table, heads)
        for at, (row_id, row) in enumerate(shown, 1):
            ground = self._ground("tasks", row_id) or (Role.SUNKEN if row.strong else None)
            start = "—" if row.milestone else words(row.start)
            cells = (row.number, row.name, row.owner or "—", start, words(row.finish))
            fields = ("", "name", "owner", "start", "finish")
            for column, (said, field) in enumerate(zip(cells, fields, strict=True)):
                mark = bool(field) and self._marks.has("tasks", row_id, field)
                anchor = f"tasks:{row_id}" if column == 1 else ""
                self._cell(
                    table, at, column, said, bold=row.strong and column == 1, ground=ground, mark=mark, anchor=anchor,
                    indent=row.level if column == 1 else 0,
                )  # fmt: skip
        self._leave_table()
        if left_out:
            more = ngettext(
                "{count} more task is in the PDF and on the Gantt page; milestones and summaries are shown here.",
                "{count} more tasks are in the PDF and on the Gantt page; milestones and summaries are shown here.",
                left_out,
            )
            self._line(more.format(count=left_out), role=Role.MUTED, size=SECONDARY_SIZE)

    def _budget(self, rows: Sequence[BudgetRow]) -> None:
        ids = [str(row["id"]) for row in content_rows(self._state.content, "lines")]
        table = self._table(len(rows) + 2, 4, (33, 13, 22, 32))
        self._heads(table, (_("Item"), _("Share"), _("Amount (¥)"), _("Basis")), right=(1, 2))
        for at, (row_id, row) in enumerate(zip(ids, rows, strict=True), 1):
            ground = self._ground("lines", row_id)
            category = row.level == 0
            role = Role.TEXT if category else Role.TEXT_SOFT
            share = percent_text(row.share) if row.share is not None else ""
            marks = self._marks
            self._cell(
                table, at, 0, row.name, indent=row.level, bold=category, role=role, ground=ground,
                anchor=f"lines:{row_id}", mark=marks.has("lines", row_id, "name"),
            )  # fmt: skip
            self._cell(table, at, 1, share, role=role, ground=ground, right=True)
            amount = marks.has("lines", row_id, "amount")
            self._cell(
                table, at, 2, money_text(row.amount), bold=category, role=role, ground=ground, right=True, mark=amount
            )
            said = marks.has("lines", row_id, "supplier") or marks.has("lines", row_id, "basis")
            self._cell(table, at, 3, row.note, role=Role.MUTED, size=SECONDARY_SIZE, ground=ground, mark=said)
        total = self._state.plan.total or 0
        last = len(rows) + 1
        rest = total - sum(row.amount for row in rows if row.counted)
        ground = Role.MARK if self._marks.has("budget", "", "total") else Role.SUNKEN
        self._cell(table, last, 0, _("Total"), bold=True, ground=ground)
        self._cell(table, last, 1, "100%" if not rest else "", bold=True, ground=ground, right=True)
        self._cell(table, last, 2, money_text(total), bold=True, ground=ground, right=True)
        self._cell(table, last, 3, capital(total), ground=ground)
        self._leave_table()
        if rest:
            words = _("Not allocated: {amount}") if rest > 0 else _("Over-allocated: {amount}")
            self._line(words.format(amount=format_yuan(abs(rest))), role=Role.BAD, size=SECONDARY_SIZE)

    def _risks(self, rows: Sequence[RiskRow]) -> None:
        ids = [str(row["id"]) for row in content_rows(self._state.content, "risks")]
        table = self._table(len(rows) + 1, 4, (20, 24, 40, 16))
        self._heads(table, (_("Risk"), _("Trigger"), _("Contingency"), _("Owner")))
        for at, (row_id, row) in enumerate(zip(ids, rows, strict=True), 1):
            ground = self._ground("risks", row_id)
            plan = row.contingency + ("\n" + _("Notice: {text}").format(text=row.notice) if row.notice else "")
            cells = (row.name, row.trigger or "—", plan or "—", row.owner or "—")
            for column, (words, field) in enumerate(
                zip(cells, ("name", "trigger", "contingency", "owner"), strict=True)
            ):
                mark = self._marks.has("risks", row_id, field) or (
                    column == 2 and self._marks.has("risks", row_id, "notice")
                )
                anchor = f"risks:{row_id}" if column == 0 else ""
                self._cell(table, at, column, words, bold=column == 0, ground=ground, mark=mark, anchor=anchor)
        self._leave_table()

    def _signatures(self, boxes: Sequence[SignatureBox]) -> None:
        if not boxes:
            return
        self._block(above=18, below=6, heading=True)
        self._text(_("Signatures"), size=_HEADING, bold=True, anchor="section:signatures")
        count = min(len(boxes), _SIGNATURES_PER_ROW)
        lines = -(-len(boxes) // count)
        table = self._table(lines, count, (100 / count,) * count)
        for number, box in enumerate(boxes):
            cursor = table.cellAt(number // count, number % count).firstCursorPosition()
            cursor.setBlockFormat(block_format(centred=True, below=2))
            cursor.insertText(box.heading, self._format(role=Role.MUTED, size=SECONDARY_SIZE - (count > 4)))
            cursor.insertBlock(block_format(centred=True))
            if box.strokes and not box.void:
                cursor.insertImage(drawn(self._document, number, box, _STROKE_WIDTHS.get(count, _STROKE_WIDEST)))
            else:
                cursor.insertText(" ", self._format(size=26))
            cursor.insertBlock(block_format(centred=True))
            cursor.insertText(box.name[:60] or " ", self._format())
            note = _("No longer valid") if box.void else box.note
            when = f"{box.signed_at:%m-%d %H:%M}" if box.signed_at else ""
            cursor.insertBlock(block_format(centred=True))
            role = Role.BAD if box.void else Role.MUTED
            cursor.insertText(f"{note} {when}".strip() or " ", self._format(role=role, size=SECONDARY_SIZE - 1))
        self._leave_table()

    def _removed(self, group: str) -> None:
        gone = self._marks.removed(group)
        for words in gone[:20]:
            self._block(above=2)
            self._text(words[:300], role=Role.MUTED, size=SECONDARY_SIZE, struck=True)

    # --- pieces ---

    def _ground(self, group: str, row_id: str) -> Role | None:
        if self._marks.is_new(group, row_id):
            return Role.OK_BG
        return Role.WARN_BG if self._marks.touches(group, row_id) else None

    def _heads(self, table: QTextTable, words: Sequence[str], right: tuple[int, ...] = ()) -> None:
        for column, head in enumerate(words):
            self._cell(
                table, 0, column, head, role=Role.MUTED, size=SECONDARY_SIZE, ground=Role.SUNKEN, right=column in right
            )

    def _table(self, rows: int, columns: int, widths: Sequence[float]) -> QTextTable:
        looks = QTextTableFormat()
        looks.setBorder(1)
        looks.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        looks.setBorderCollapse(True)
        looks.setBorderBrush(theme().color(Role.LINE_STRONG))
        looks.setCellPadding(5)
        looks.setCellSpacing(0)
        looks.setBottomMargin(12)
        looks.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        looks.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, width) for width in widths])
        if not self._fresh:
            self._block()
        self._fresh = False
        return self._cursor.insertTable(rows, columns, looks)

    def _leave_table(self) -> None:
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._cursor.setBlockFormat(block_format())
        self._fresh = True

    def _cell(
        self, table: QTextTable, row: int, column: int, words: str, *, role: Role = Role.TEXT, size: float = TEXT_SIZE,
        bold: bool = False, ground: Role | None = None, right: bool = False, mark: bool = False, anchor: str = "",
        indent: int = 0,
    ) -> None:  # fmt: skip
        cell = table.cellAt(row, column)
        if ground is not None:
            filled = QTextTableCellFormat(cell.format().toTableCellFormat())
            filled.setBackground(theme().color(ground))
            cell.setFormat(filled)
        cursor = cell.firstCursorPosition()
        looks = block_format(right=right)
        looks.setLeftMargin(_INDENT * indent)
        cursor.setBlockFormat(looks)
        cursor.insertText(words, self._format(role=role, size=size, bold=bold, mark=mark, anchor=anchor))

    def _line(
        self, words: str, *, role: Role = Role.TEXT, size: float = TEXT_SIZE, bold: bool = False,
        centred: bool = False, below: float = 0,
    ) -> None:  # fmt: skip
        self._block(below=below, centred=centred)
        self._text(words, role=role, size=size, bold=bold)

    def _block(
        self, *, above: float = 0, below: float = 0, centred: bool = False, line: int = 0, heading: bool = False
    ) -> None:
        looks = block_format(above=above, below=below, centred=centred, line=line)
        if heading:
            looks.setHeadingLevel(2)
            looks.setPageBreakPolicy(QTextBlockFormat.PageBreakFlag.PageBreak_Auto)
        if self._fresh:
            self._cursor.setBlockFormat(looks)
        else:
            self._cursor.insertBlock(looks)
        self._fresh = False

    def _text(
        self, words: str, *, role: Role = Role.TEXT, size: float = TEXT_SIZE, bold: bool = False, anchor: str = "",
        mark: bool = False, link: str = "", struck: bool = False,
    ) -> None:  # fmt: skip
        looks = self._format(role=role, size=size, bold=bold, anchor=anchor, mark=mark)
        if link:
            looks.setAnchor(True)
            looks.setAnchorHref(link)
            looks.setFontUnderline(True)
        looks.setFontStrikeOut(struck)
        self._cursor.insertText(words, looks)

    def _format(
        self, *, role: Role = Role.TEXT, size: float = TEXT_SIZE, bold: bool = False, anchor: str = "",
        mark: bool = False,
    ) -> QTextCharFormat:  # fmt: skip
        looks = QTextCharFormat()
        looks.setFont(theme().font(size, bold=bold))
        looks.setForeground(theme().color(role))
        if mark:
            looks.setBackground(theme().color(Role.MARK))
            looks.setForeground(theme().color(Role.TEXT))
        if anchor:
            looks.setAnchor(True)
            looks.setAnchorNames([anchor])
        return looks
