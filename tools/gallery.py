"""Show the design system: every control in one window, on screen or as pictures.

``python -m tools.gallery`` opens it; ``python -m tools.gallery out/gallery`` writes light and dark PNG files.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QMenu, QRadioButton, QSlider, QWidget

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Line, Polygon, Polyline, Rect, RingSegment, Scene, Text, Weight
from qihua_desktop.i18n import set_language
from ui.common.calendar_popup import DayMark, MonthView
from ui.common.columns import CellKind, Column
from ui.common.dialog_base import BaseDialog, CrashDialog, MessageDialog
from ui.common.fields import DateEdit, DurationEdit, MoneyEdit, PercentEdit, TextArea
from ui.common.icons import application_icon, icon_names
from ui.common.models import RowsModel, SortFilterModel
from ui.common.painter import SceneWidget
from ui.common.signature_pad import SignaturePad, name_strokes
from ui.common.tables import DataTable, DataTree
from ui.common.theme import ThemeMode, theme
from ui.common.tree_models import TreeRowsModel
from ui.common.widgets import (
    Avatar,
    Banner,
    Card,
    Chip,
    ChipButton,
    EmptyState,
    FlowLayout,
    FormGrid,
    Page,
    ProgressBar,
    SearchField,
    Segment,
    SegmentedControl,
    StatTile,
    Tone,
    Toolbar,
    button,
    columns,
    danger_button,
    ghost_button,
    icon_button,
    link_button,
    menu_button,
    muted_label,
    primary_button,
    secondary_label,
    stack,
    title_label,
)

# The texts here are sample data, not the program's: they are not translated.


@dataclass(frozen=True, slots=True)
class _Line:
    id: int
    parent: int | None
    name: str
    source: str
    share: int | None
    budget: int
    actual: int
    state: str
    tone: Tone


_LINES = (
    _Line(1, None, "场地费", "", 3000, 18000000, 16800000, "通过", Tone.OK),
    _Line(2, 1, "中庭场地租赁 3 天", "上海恒隆物业", None, 15000000, 14000000, "通过", Tone.OK),
    _Line(3, 1, "搭建进场与保洁", "恒隆物业", None, 3000000, 2800000, "通过", Tone.OK),
    _Line(4, None, "嘉宾费", "", 2000, 12000000, 12690000, "超支", Tone.BAD),
    _Line(5, 4, "嘉宾出场费 × 4", "", None, 9600000, 9000000, "待签", Tone.WARN),
    _Line(6, 4, "差旅与住宿 <img src=x>", "", None, 2400000, 3690000, "处理中", Tone.ACCENT),
    _Line(7, None, "应急预备金", "已锁定", 1000, 6000000, 0, "未到", Tone.NEUTRAL),
)


def line_columns() -> tuple[Column[_Line], ...]:
    """Return the columns of the sample tables."""
    return (
        Column("name", "科目", lambda line: line.name, stretch=True, bold=lambda line: line.parent is None),
        Column("source", "供应商 / 依据", lambda line: line.source, role=lambda _line: Role.MUTED, width=120),
        Column("share", "占比", lambda line: line.share, kind=CellKind.PERCENT, width=70),
        Column("budget", "预算（元）", lambda line: line.budget, kind=CellKind.MONEY, editable=lambda _line: True),
        Column("actual", "实际", lambda line: line.actual, kind=CellKind.MONEY),
        Column("used", "使用", lambda line: line.actual * 10000 // line.budget, kind=CellKind.PROGRESS),
        Column("state", "状态", lambda line: line.state, kind=CellKind.CHIP, tone=lambda line: line.tone, width=80),
    )


def flow(*widgets: QWidget) -> QWidget:
    """Return widgets in a flow."""
    holder = QWidget()
    layout = FlowLayout(parent=holder)
    for widget in widgets:
        layout.addWidget(widget)
    return holder


def chips_card() -> Card:
    """Return chips, avatars, labels."""
    card = Card("状态与文字", chip=Chip("1 项未过", Tone.BAD, bold=True))
    words = ("未到", "送审中", "已通过", "待签", "未过", "品牌企划", "活动企划", "市场调研")
    card.add(flow(*(Chip(word, tone) for word, tone in zip(words, Tone, strict=True))))
    menu = QMenu(card)
    menu.addAction("版本 v3（已批）")
    checked = ChipButton("从活动日倒排", checkable=True, icon_name="check")
    checked.setChecked(True)
    card.add(
        flow(
            ChipButton("版本 v3（已批）", menu=menu),
            checked,
            Chip("关键路径 18 天", Tone.BAD, dot=True),
            Chip("经理已审核", Tone.OK, icon_name="shield-check"),
            Avatar("林晓岚"),
            Avatar("Wang"),
        )
    )
    card.add(title_label("秋季新品快闪店"))
    card.add(secondary_label("主控 · 林晓岚"))
    card.add(
        muted_label(
            "嘉宾差旅临时增加，改签费 12,900 元，已由预备金覆盖；这一行很长，会在卡片里折行而不会被截断。", wrap=True
        )
    )
    bar = ProgressBar(9300)
    over = ProgressBar(10600)
    card.add(columns(bar, over))
    card.body.addStretch(1)
    return card


def buttons_card() -> Card:
    """Return buttons and choices."""
    card = Card("按钮与选择")
    menu = QMenu(card)
    menu.addAction("甘特图")
    off = button("不可用")
    off.setEnabled(False)
    card.add(
        flow(
            primary_button("任务", icon_name="plus"),
            button("里程碑", icon_name="diamond"),
            menu_button("导出 PDF", menu),
            off,
            danger_button("突发事件", icon_name="siren"),
            ghost_button("筛选", icon_name="funnel"),
            link_button("添加选项", icon_name="plus"),
            icon_button("settings", "设置"),
            icon_button("trash-2", "删除"),
        )
    )
    card.add(
        SegmentedControl(
            [Segment("a", "分配"), Segment("b", "比价"), Segment("c", "凭证报销", badge="3"), Segment("d", "执行偏差")],
            accessible_name="预算页",
        )
    )
    check, radio, other = QCheckBox("必答"), QRadioButton("会签"), QRadioButton("依次")
    check.setChecked(True)
    radio.setChecked(True)
    card.add(flow(check, QCheckBox("选项随机"), radio, other))
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setValue(30)
    card.add(slider)
    card.body.addStretch(1)
    return card


def form_card() -> Card:
    """Return fields."""
    card = Card("表单")
    form = FormGrid()
    money, percent, day, duration = MoneyEdit(), PercentEdit(), DateEdit(), DurationEdit()
    money.set_fen(18000000)
    percent.set_basis_points(1250)
    day.set_date(date(2026, 9, 19))
    duration.set_minutes(1440)
    name = QLineEdit("秋季新品快闪店")
    kind = QComboBox()
    kind.addItems(["活动企划", "品牌企划", "市场调研"])
    form.add_row("名称", name)
    form.add_row("类型", kind)
    form.add_row("预算", money, "可以输入 60万 或 1200*3")
    form.add_row("占比", percent)
    form.add_row("活动日", day)
    form.add_row("工期", duration)
    form.add_row("备注", TextArea(placeholder="给负责人的话", lines=2))
    form.set_error(duration, "“三天半多”不是工期。请输入 3天、4h 或 2周。")
    card.add(form)
    card.body.addStretch(1)
    return card


def ring_scene() -> Scene:
    """Return a budget ring, a bar and links, as a chart would build them."""
    parts: list[RingSegment | Rect | Text | Polyline | Line | Polygon] = []
    start = 0.0
    for share, role in zip(
        (30, 25, 20, 15, 10), (Role.SERIES_1, Role.SERIES_2, Role.SERIES_3, Role.SERIES_4, Role.SERIES_5), strict=True
    ):
        parts.append(RingSegment(90, 90, 46, 70, start, share * 3.6, role, Role.SURFACE, 1.5))
        start += share * 3.6
    parts.append(Text(45, 66, 90, 20, "预算总额", Role.MUTED, 12, align="center"))  # type: ignore[arg-type]
    parts.append(Text(45, 86, 90, 24, "60 万", Role.TEXT, 18, Weight.BOLD, align="center"))  # type: ignore[arg-type]
    for row, (x, width, role, soft) in enumerate(
        (
            (200, 90, Role.BAR, Role.BAR_SOFT),
            (260, 110, Role.CRITICAL, Role.CRITICAL_SOFT),
            (340, 60, Role.BAR, Role.BAR_SOFT),
        )
    ):
        y = 40 + row * 27
        parts.append(Line(190, y + 20, 470, y + 20, Role.LINE_SOFT))
        parts.append(Rect(x, y, width, 12, soft, role, 1, 3))
        parts.append(Rect(x, y, width * 0.6, 12, role, radius=3))
        parts.append(Rect(x, y + 14, width * 0.7, 3, Role.BASELINE, radius=1.5))
        parts.append(Text(x + width + 6, y - 3, 60, 18, "林晓岚", Role.MUTED, 12))
    parts.append(Polyline(((290, 46), (300, 46), (300, 57), (270, 57), (270, 66)), Role.LINK, 1, arrow=True, radius=3))
    parts.append(Polygon(((410, 120), (417, 127), (410, 134), (403, 127)), Role.TEXT))
    return Scene(480, 180, tuple(parts))


def icons_card() -> Card:
    """Return all icons."""
    card = Card("图标", chip=Chip(f"{len(icon_names())}"))
    holder = QWidget()
    layout = FlowLayout(10, holder)
    for name in icon_names():
        layout.addWidget(_Picture(name))
    card.add(holder)
    return card


class _Picture(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(18, 18)

    def paintEvent(self, event: object) -> None:  # noqa: N802
        from PySide6.QtGui import QPainter

        from ui.common.icons import paint_icon

        paint_icon(QPainter(self), self._name, self.rect(), Role.TEXT_SOFT)


def table_card() -> Card:
    """Return a sortable table and a tree."""
    card = Card("表格", padded=False)
    search = SearchField("搜索科目")
    search.setMaximumWidth(220)
    card.add_action(search)
    model: RowsModel[_Line] = RowsModel(line_columns(), lambda line: line.id, parent=card)
    model.set_rows(_LINES)
    proxy = SortFilterModel(model, card)
    search.searched.connect(proxy.set_search)
    table = DataTable(proxy, key="gallery", accessible_name="预算")
    table.selectRow(1)
    table.setMinimumHeight(30 * 8 + 4)
    card.add(table)
    return card


def tree_card() -> Card:
    """Return a tree."""
    card = Card("树", padded=False)
    model: TreeRowsModel[_Line] = TreeRowsModel(
        line_columns(), lambda line: line.id, lambda line: line.parent, parent=card
    )
    model.set_rows(_LINES)
    tree = DataTree(model, key="gallery tree", row_height=27, accessible_name="预算")
    tree.expandAll()
    tree.setMinimumHeight(30 + 27 * 7 + 4)
    card.add(tree)
    return card


class Gallery(QWidget):
    """All of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("企划桌面 · 设计系统")
        self.setWindowIcon(application_icon())
        from PySide6.QtWidgets import QVBoxLayout

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = Toolbar()
        mode = SegmentedControl(
            [
                Segment("light", "浅色", "sun"),
                Segment("dark", "深色", "moon"),
                Segment("system", "跟随系统", "monitor"),
            ],
            accessible_name="外观",
            current=theme().mode.value,
        )
        mode.current_changed.connect(lambda key: theme().apply(QApplication.instance(), ThemeMode(key)))  # type: ignore[arg-type]
        bar.add(mode, Chip("送审中", Tone.ACCENT))
        bar.add_stretch()
        bar.add(Chip("物料设计比基线晚 2 天，仍留 1 天浮动", Tone.WARN), button("筛选"), primary_button("送财务 PDF"))
        column.addWidget(bar)
        page = Page()
        column.addWidget(page, 1)
        banner = Banner("改动任何内容将使已有签批失效。", Tone.WARN, closable=True)
        banner.add_action("查看差异", lambda: None)
        page.body.addWidget(banner)
        page.body.addWidget(
            columns(
                StatTile("签到", "318", "目标 400 · 79.5%", tone=Tone.OK),
                StatTile("互动率", "42.1%", "目标 35%", tone=Tone.OK),
                StatTile("转化", "61", "目标 120 · 50.8%", tone=Tone.WARN),
                StatTile("投入产出", "—", "缺数据"),
            )
        )
        page.body.addWidget(columns(stack(buttons_card(), chips_card()), form_card(), stretches=(1, 1)))
        page.body.addWidget(table_card())
        page.body.addWidget(tree_card())
        picture = Card("图形与签名")
        month = MonthView()
        month.show_day(
            date(2026, 9, 19),
            today=date(2026, 9, 9),
            marks={date(2026, 9, 25): DayMark("中秋", is_off=True), date(2026, 9, 20): DayMark("班", is_work=True)},
        )
        pad = SignaturePad(signer="林晓岚")
        signed = SignaturePad(signer="林晓岚")
        signed.set_strokes(name_strokes("林晓岚"))
        picture.add(columns(SceneWidget(ring_scene()), month, stack(pad, signed), stretches=(2, 0, 1)))
        page.body.addWidget(picture)
        empty = Card("建议")
        empty.add(
            EmptyState(
                "lightbulb",
                "还没有建议",
                "调研结论会变成给各部门的建议，并跟踪是否采纳。",
                action_text="写第一条建议",
                callback=lambda: None,
            )
        )
        empty.setMinimumHeight(280)
        page.body.addWidget(columns(empty, icons_card(), stretches=(1, 1)))
        page.body.addStretch(1)
        self.content = page.widget()


def write_pictures(folder: Path) -> None:
    """Write the whole gallery and the dialogs in both themes."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance()
    for mode in (ThemeMode.LIGHT, ThemeMode.DARK):
        theme().apply(application, mode)  # type: ignore[arg-type]
        gallery = Gallery()
        gallery.resize(1180, 900)
        gallery.grab()
        content = gallery.content
        gallery.resize(1180, (content.sizeHint().height() if content is not None else 900) + 60)
        gallery.grab().save(str(folder / f"gallery-{mode}.png"))
        gallery.resize(640, 700)
        gallery.grab().save(str(folder / f"narrow-{mode}.png"))
        message = MessageDialog(
            "工作区没有保存。", advice="磁盘已满，请清理后重试。", details=("D:/企划部.qihua",), tone=Tone.BAD
        )
        message.add_choice("no", "取消")
        message.add_choice("yes", "重试", primary=True)
        form = BaseDialog("新建任务", accept_text="创建")
        grid = FormGrid(labels_above=True)
        grid.add_row("名称", QLineEdit())
        grid.add_row("工期", DurationEdit())
        form.body.addWidget(grid)
        form.set_problem("这里必须填写。")
        for name, dialog in (
            ("message", message),
            ("form", form),
            ("crash", CrashDialog("ValueError: …\n  at line 1")),
        ):
            dialog.grab().save(str(folder / f"{name}-{mode}.png"))


def main() -> int:
    """Open the gallery or write its pictures."""
    set_language("zh_CN")
    application = QApplication(sys.argv[:1])
    theme().apply(application, ThemeMode.LIGHT)
    if len(sys.argv) > 1:
        write_pictures(Path(sys.argv[1]))
        return 0
    gallery = Gallery()
    gallery.resize(1180, 860)
    gallery.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main())
