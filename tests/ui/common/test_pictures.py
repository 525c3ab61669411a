"""Scenes on screen: painted where they say, in the theme's colours; the canvas paints only what is seen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QBuffer, QMarginsF, QPoint, QPointF, Qt
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter, QWheelEvent
from PySide6.QtWidgets import QApplication

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Group, Line, Polyline, Rect, RingSegment, Scene, Text
from ui.common.canvas import SceneCanvas, Zoom
from ui.common.dialogs import scripted
from ui.common.painter import SceneWidget, measure, scene_image
from ui.common.preview import PdfPreview, print_pages, write_whole
from ui.common.signature_pad import SignaturePad, name_strokes, signature_scene
from ui.common.theme import ThemeMode, theme


class Rows:
    """Ten thousand rows with a bar each."""

    def __init__(self) -> None:
        self.asked: list[Box] = []

    def size(self) -> tuple[float, float]:
        return 5_000.0, 270_000.0

    def scene_for(self, visible: Box):
        self.asked.append(visible)
        first, last = int(visible.y // 27), int(visible.bottom // 27) + 1
        return [
            Group((Rect(100, row * 27 + 4, 200, 16, Role.BAR),), f"task {row}", label=f"<b>{row}</b>")
            for row in range(max(0, first), min(10_000, last))
        ]


@pytest.fixture
def canvas(qtbot):
    made = SceneCanvas(Rows())
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def pixel(scene: Scene, x: int, y: int):
    return scene_image(scene, ratio=1.0).pixelColor(x, y)


def test_a_shape_has_its_roles_colour_in_each_theme(qapp):
    scene = Scene(40, 40, (Rect(10, 10, 20, 20, Role.CRITICAL),))
    light = pixel(scene, 20, 20)
    theme().apply(qapp, ThemeMode.DARK)
    dark = pixel(scene, 20, 20)
    assert dark == theme().color(Role.CRITICAL)
    theme().apply(qapp, ThemeMode.LIGHT)
    assert light == theme().color(Role.CRITICAL) != dark


def test_angles_run_clockwise_from_the_top(qapp):
    scene = Scene(100, 100, (RingSegment(50, 50, 20, 40, 0, 90, Role.OK),))
    assert pixel(scene, 71, 29) == theme().color(Role.OK)
    assert pixel(scene, 29, 29) == theme().color(Role.SURFACE)
    assert pixel(scene, 50, 50) == theme().color(Role.SURFACE)


def test_a_clip_cuts_and_a_group_moves(qapp):
    scene = Scene(100, 40, (Group((Rect(0, 0, 80, 20, Role.BAD),), dx=10, dy=10, clip=Box(0, 0, 30, 20)),))
    assert pixel(scene, 20, 20) == theme().color(Role.BAD)
    assert pixel(scene, 60, 20) == theme().color(Role.SURFACE)


def test_a_hairline_is_one_pixel_and_crisp(qapp):
    image = scene_image(Scene(20, 20, (Line(0, 10, 20, 10, Role.TEXT),)), ratio=1.0)
    assert [y for y in range(20) if image.pixelColor(10, y) != theme().color(Role.SURFACE)] == [10]
    assert image.pixelColor(10, 10) == theme().color(Role.TEXT)


@pytest.mark.parametrize("text", ["<b>粗</b>", "字" * 5000, "\u202eabc", "", "a\nb"])
def test_any_text_can_be_painted(qapp, text):
    assert not scene_image(Scene(60, 20, (Text(0, 0, 60, 20, text),))).isNull()
    assert measure(text, 13) >= 0


def test_arrows_and_rounded_links_can_be_painted(qapp):
    points = ((5.0, 5.0), (20.0, 5.0), (20.0, 30.0), (35.0, 30.0))
    image = scene_image(Scene(40, 40, (Polyline(points, Role.TEXT, 1, arrow=True, radius=3),)), ratio=1.0)
    assert image.pixelColor(31, 30) == theme().color(Role.TEXT)


def test_a_picture_tells_which_object_was_clicked(qtbot):
    widget = SceneWidget(Scene(100, 50, (Group((Rect(0, 0, 50, 50, Role.BAR),), "left"),)))
    qtbot.addWidget(widget)
    widget.resize(100, 50)
    with qtbot.waitSignal(widget.object_clicked) as signal:
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert signal.args == ["left"]


def test_the_canvas_asks_only_for_what_is_seen(canvas):
    provider = canvas._provider
    provider.asked.clear()
    canvas.verticalScrollBar().setValue(100_000)
    canvas.grab()
    assert provider.asked
    assert all(box.height <= 320 and box.bottom >= 99_900 for box in provider.asked)


def test_the_canvas_knows_what_is_under_the_mouse(canvas):
    canvas.verticalScrollBar().setValue(27 * 500)
    assert canvas.key_at(QPointF(150, 10)) == "task 500"
    assert canvas.key_at(QPointF(10, 10)) == ""


def wheel(canvas, place: QPointF, turn: int, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        place, place, QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(canvas.viewport(), event)


def test_zooming_keeps_the_point_under_the_mouse(canvas):
    canvas.verticalScrollBar().setValue(5_000)
    canvas.horizontalScrollBar().setValue(500)
    place = QPointF(120, 90)
    before = canvas.to_scene(place)
    wheel(canvas, place, 240, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom() > 1.3
    assert canvas.to_scene(place) == pytest.approx(before, abs=1.0)


def test_the_time_scale_is_zoomed_by_its_owner(qtbot, canvas):
    canvas.zoom_mode = Zoom.HORIZONTAL
    with qtbot.waitSignal(canvas.zoom_requested) as signal:
        wheel(canvas, QPointF(100, 50), -120, Qt.KeyboardModifier.ControlModifier)
    assert signal.args[0] < 1
    assert signal.args[1] == pytest.approx(100)
    assert canvas.zoom() == 1.0


def test_the_wheel_scrolls_and_shift_turns_it(canvas):
    wheel(canvas, QPointF(10, 10), -120)
    assert canvas.verticalScrollBar().value() == 60
    wheel(canvas, QPointF(10, 10), -120, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.horizontalScrollBar().value() == 60


def test_the_canvas_scrolls_just_as_far_as_needed(canvas):
    canvas.ensure_visible(Box(100, 27 * 300, 200, 27), margin=0)
    assert canvas.verticalScrollBar().value() == 27 * 301 - canvas.viewport().height()
    canvas.ensure_visible(Box(100, 27 * 300, 200, 27), margin=0)
    assert canvas.verticalScrollBar().value() == 27 * 301 - canvas.viewport().height()


def test_the_canvas_is_moved_by_keys(qtbot, canvas):
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.verticalScrollBar().value() == canvas.viewport().height()
    qtbot.keyClick(canvas, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom() > 1
    qtbot.keyClick(canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom() == 1


def test_a_signature_is_the_same_in_every_size(qtbot):
    pad = SignaturePad()
    qtbot.addWidget(pad)
    pad.resize(200, 100)
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 50))
    qtbot.mouseMove(pad, QPoint(100, 25))
    with qtbot.waitSignal(pad.changed):
        qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 25))
    assert pad.strokes() == (((1000, 5000), (5000, 2500)),)
    line = signature_scene(pad.strokes(), 80, 40)[0]
    assert isinstance(line, Polyline)
    assert line.points == ((8.0, 20.0), (40.0, 10.0))


def test_a_signature_can_be_made_and_taken_back_by_keyboard(qtbot):
    pad = SignaturePad(signer="林晓岚")
    qtbot.addWidget(pad)
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    count = len(pad.strokes())
    assert count > 5
    assert all(0 <= value <= 10_000 for stroke in pad.strokes() for point in stroke for value in point)
    qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    assert len(pad.strokes()) == count - 1
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.is_empty()
    assert name_strokes("   ") == ()


@pytest.fixture
def pdf_bytes(qapp) -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    painter.fillRect(0, 0, 2000, 2000, Qt.GlobalColor.black)
    writer.newPage()
    painter.fillRect(0, 0, 500, 500, Qt.GlobalColor.black)
    painter.end()
    return bytes(buffer.data())


def test_a_pdf_is_shown_and_saved_whole(qtbot, tmp_path, pdf_bytes):
    preview = PdfPreview()
    qtbot.addWidget(preview)
    assert preview.show_pdf(pdf_bytes, "预算审批单.pdf")
    assert preview.page_count() == 2
    preview.go_to_page(2)
    assert preview.page() == 2
    with scripted([tmp_path / "out.pdf"]):
        assert preview.save() == tmp_path / "out.pdf"
    assert (tmp_path / "out.pdf").read_bytes() == pdf_bytes
    assert [path.name for path in tmp_path.iterdir()] == ["out.pdf"]


def test_what_is_no_pdf_is_not_shown_as_one(qtbot):
    preview = PdfPreview()
    qtbot.addWidget(preview)
    assert not preview.show_pdf(b"no pdf at all")
    assert not preview.print_button.isEnabled()


def test_a_pdf_that_cannot_be_saved_is_an_error_with_advice(qtbot, tmp_path, pdf_bytes):
    preview = PdfPreview()
    qtbot.addWidget(preview)
    preview.show_pdf(pdf_bytes)
    with scripted([tmp_path / "missing" / "out.pdf"]) as seen:
        assert preview.save() is None
    assert [kind for kind, _message in seen] == ["save", "error"]


def test_printing_fits_pages_to_the_paper(qtbot, tmp_path, pdf_bytes):
    from PySide6.QtPrintSupport import QPrinter

    preview = PdfPreview()
    qtbot.addWidget(preview)
    preview.show_pdf(pdf_bytes)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    print_pages(preview.document, printer, range(2))
    again = PdfPreview()
    qtbot.addWidget(again)
    assert again.show_pdf((tmp_path / "printed.pdf").read_bytes())
    assert again.page_count() == 2


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"old")
    monkeypatch.setattr("ui.common.preview.os.replace", lambda *_names: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.pdf"]
