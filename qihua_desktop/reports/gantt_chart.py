"""甘特图 on paper: task table and chart as vectors, fitted to one sheet or tiled with head and task column repeated."""

from __future__ import annotations

from functools import partial
from typing import Final

from qihua_desktop.domain.calendars import DayKind
from qihua_desktop.domain.gantt_scale import HEADER_HEIGHT
from qihua_desktop.domain.gantt_scene import ROW_HEIGHT
from qihua_desktop.domain.scene import Box
from qihua_desktop.i18n import _

from . import fonts
from .canvas import A3, A4, MILLIMETRE, Align, PageSize, Pen
from .document import Area, DocumentInfo, PageSetup, PdfResult, RenderOptions, render_pages, state_label
from .export_report import ExportReport
from .formats import version_label
from .gantt_marks import paint_bar_marks, paint_link_marks, paint_map
from .gantt_table import Needed, draw_legend, legend_marks
from .gantt_tiles import LEGEND_HEIGHT, TITLE_HEIGHT, Fit, GanttInput, Paper, Tile, axis_bounds, cut, rows_within
from .paragraphs import elided
from .scene_painter import paint_scene
from .signatures import SignatureBlock
from .styles import BLACK, MUTED, RULE, SOFT

__all__ = ["Fit", "GanttInput", "Paper", "axis_bounds", "render_gantt"]

_SIGNING_GAP: Final = 8.0


def render_gantt(chart: GanttInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the chart as a PDF. Raises Cancelled."""
    options = options or RenderOptions()
    report = ExportReport()
    chart = rows_within(chart)
    sheet = A4 if chart.paper is Paper.A4 else A3
    setup = _setup(sheet.landscape())
    area = setup.area()
    signing = SignatureBlock(chart.signatures, report) if chart.signatures else None
    height = signing.height(area.width) + _SIGNING_GAP if signing is not None else 0.0
    options.checkpoint()
    tiles = cut(chart, area, height, report)
    marks = legend_marks(chart.rows, _there(chart, tiles))
    pages = [
        partial(_paint_tile, chart, tile, marks, signing if number == len(tiles) else None, report)
        for number, tile in enumerate(tiles, 1)
    ]
    return render_pages(chart.info, pages, report, options, setup)


def _there(chart: GanttInput, tiles: list[Tile]) -> Needed:
    """Return which of the days and marks that may need explaining are on these sheets."""
    scale = tiles[0].chart.scale
    last = scale.day_at(max(tile.right for tile in tiles) - 0.5)
    kinds = {info.kind for info in chart.days if scale.first <= info.day <= last}
    keys = {row.key for row in chart.rows}
    links = any(link.predecessor in keys and link.successor in keys for link in chart.links)
    return Needed(DayKind.HOLIDAY in kinds, DayKind.MAKE_UP in kinds, links, len(tiles) > 1)


def _setup(size: PageSize) -> PageSetup:
    return PageSetup(size, left=14 * MILLIMETRE, right=14 * MILLIMETRE, top=19 * MILLIMETRE, bottom=18 * MILLIMETRE)


def _paint_tile(
    chart: GanttInput,
    tile: Tile,
    marks: list[str],
    signing: SignatureBlock | None,
    report: ExportReport,
    pen: Pen,
    area: Area,
) -> None:
    _paint_title(chart.info, tile, report, pen, area)
    top = area.y + TITLE_HEIGHT
    k = tile.scale
    rows_top, rows_height = tile.first_row * ROW_HEIGHT, max(tile.last_row - tile.first_row, 1) * ROW_HEIGHT
    table_width, chart_width = tile.table.width * k, (tile.right - tile.left) * k
    head = HEADER_HEIGHT * k
    tile.table.draw(pen, area.x, top, k, tile.first_row, tile.last_row)
    left = area.x + table_width
    strip = Box(tile.left, 0, tile.right - tile.left, HEADER_HEIGHT)
    visible = Box(tile.left, rows_top, tile.right - tile.left, rows_height)
    with pen.clipped(left, top + head, chart_width, rows_height * k):
        paint_scene(pen, tile.chart.body(visible), left - tile.left * k, top + head - rows_top * k, k, report)
    with pen.clipped(left, top, chart_width, head):
        paint_scene(pen, tile.chart.header(strip), left - tile.left * k, top, k, report)
    paint_bar_marks(tile, pen, left, top + head)
    paint_link_marks(tile, pen, left, top + head)
    bottom = top + head + rows_height * k
    pen.line((area.x, top + head), (left + chart_width, top + head), ink=RULE, width=0.6)
    pen.line((left, top), (left, bottom), ink=RULE, width=0.6)
    pen.rectangle(area.x, top, table_width + chart_width, bottom - top, stroke=RULE, line_width=0.7)
    draw_legend(pen, area.x, bottom + 13, area.width, fonts.clean_line(chart.footnote, report), marks)
    if not chart.rows:
        words = _("No tasks in this stretch.") if chart.first or chart.last else _("No tasks yet.")
        pen.text(
            left + chart_width / 2, top + head + ROW_HEIGHT * k * 0.64, words, size=9, ink=MUTED, align=Align.CENTRE
        )
    if signing is not None:
        signing.draw(pen, area.x, bottom + LEGEND_HEIGHT + _SIGNING_GAP, area.width)


def _paint_title(info: DocumentInfo, tile: Tile, report: ExportReport, pen: Pen, area: Area) -> None:
    right = area.x + area.width
    taken = paint_map(tile, pen, right, area.y + 2)
    if taken:
        rows = _("Rows {first}–{last} of {count}").format(
            first=tile.first_row + 1, last=tile.last_row, count=len(tile.chart.rows)
        )
        scale = tile.chart.scale
        days = f"{scale.day_at(tile.left + 0.5).isoformat()} – {scale.day_at(tile.right - 0.5).isoformat()}"
        for baseline, words in ((10.0, rows), (19.0, days)):
            pen.text(right - taken - 8, area.y + baseline, words, size=7, ink=MUTED, align=Align.RIGHT)
        taken += 8 + max(fonts.face().width(words, 7) for words in (rows, days))
    title = fonts.clean_line(info.title, report)
    pen.text(area.x, area.y + 15, elided(title, 15, area.width * 0.35, bold=True), size=15, ink=BLACK, bold=True)
    after = area.x + min(fonts.face(bold=True).width(title, 15), area.width * 0.35) + 12
    parts = (info.project, version_label(info.version), state_label(info.state))
    subtitle = fonts.clean_line(" · ".join(part for part in parts if part), report)
    room = max(right - taken - 12 - after, 0.0)
    pen.text(after, area.y + 15, elided(subtitle, 10, room), size=10, ink=SOFT)
