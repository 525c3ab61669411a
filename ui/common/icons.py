"""Outline icons (Lucide), drawn in a theme role at the screen's resolution and tinted anew when the theme changes."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QMenu

from resources import resource_bytes, resource_names, resource_path

from .theme import ICON_SIZE, Role, theme

_FOLDER: Final = "icons/outline"
_CURRENT_COLOR: Final = b"currentColor"
_STROKE: Final = b'stroke-width="2"'
_THIN_STROKE: Final = b'stroke-width="1.75"'
_SIZES: Final = (16, 20, 24)
_APPLICATION_SIZES: Final = (16, 24, 32, 48, 64, 128, 256, 512)


def icon(name: str, role: Role = Role.TEXT_SOFT) -> QIcon:
    """Return an icon in the theme of the moment; use ``set_icon`` for what outlives a change of theme.

    Raises FileNotFoundError when there is no icon of that name.
    """
    return _icon(name, role, theme().hex(role), theme().hex(Role.FAINT), _ratios(), 0)


def set_icon(
    target: QAbstractButton | QAction | QMenu, name: str, role: Role = Role.TEXT_SOFT, *, gap: int = 0
) -> None:
    """Give a button, an action or a menu an icon that is tinted anew whenever the theme changes.

    ``gap`` leaves that many pixels free at the icon's right, for a text that follows.
    """
    for child in target.children():
        if isinstance(child, _IconBinding):
            child.show_icon(name, role)
            return
    _IconBinding(target, name, role, gap)


def pixmap(name: str, size: int = ICON_SIZE, role: Role = Role.TEXT_SOFT, *, ratio: float = 1.0) -> QPixmap:
    """Return an icon of a logical size for a screen's device pixel ratio, in the theme of the moment."""
    return _pixmap(name, size, theme().hex(role), ratio)


def paint_icon(painter: QPainter, name: str, rect: QRect, role: Role) -> None:
    """Draw an icon into a square of a widget or cell."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.drawPixmap(rect.topLeft(), pixmap(name, rect.width(), role, ratio=ratio))


@lru_cache(maxsize=2_000)
def _pixmap(name: str, size: int, color: str, ratio: float) -> QPixmap:
    """Return an icon in one colour: its shape, drawn once, filled with the colour."""
    result = QPixmap(_shape(name, max(1, round(size * ratio))))
    painter = QPainter(result)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(result.rect(), QColor(color))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


@lru_cache(maxsize=500)
def _shape(name: str, pixels: int) -> QPixmap:
    result = QPixmap(QSize(pixels, pixels))
    result.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(tinted_svg(name, "black")))
    painter = QPainter(result)
    renderer.render(painter, QRectF(result.rect()))
    painter.end()
    return result


def tinted_svg(name: str, color: str) -> bytes:
    """Return an icon's SVG in one colour, with the slightly thinner stroke that suits 16 pixels."""
    return _svg(name).replace(_CURRENT_COLOR, color.encode("ascii")).replace(_STROKE, _THIN_STROKE)


@cache
def icon_names() -> tuple[str, ...]:
    """Return the names of all icons."""
    return tuple(name.removesuffix(".svg") for name in resource_names(_FOLDER, ".svg"))


def application_icon() -> QIcon:
    """Return the program's own icon in every size the systems ask for."""
    result = QIcon()
    for size in _APPLICATION_SIZES:
        result.addFile(str(resource_path(f"icons/qihua-{size}.png")), QSize(size, size))
    return result


@cache
def _icon(
    name: str,
    role: Role,
    color: str,
    disabled_color: str,
    ratios: tuple[float, ...],
    gap: int,
    sizes: tuple[int, ...] = _SIZES,
) -> QIcon:
    """Render every size, mode and state; the colours are arguments so that each theme has its own cache entry."""
    on_role = role if role in (Role.ON_ACCENT, Role.ON_BAD) else Role.ACCENT
    result = QIcon()
    on, off = QIcon.State.On, QIcon.State.Off
    looks = ((role, QIcon.Mode.Normal, off), (on_role, QIcon.Mode.Normal, on), (role, QIcon.Mode.Selected, off))
    for size in sizes:
        for ratio in ratios:
            for ink, mode, state in (*looks, (Role.FAINT, QIcon.Mode.Disabled, off)):
                result.addPixmap(_with_gap(pixmap(name, size, ink, ratio=ratio), gap), mode, state)
    return result


def _ratios() -> tuple[float, ...]:
    return tuple(sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()})) or (1.0,)


def _with_gap(source: QPixmap, gap: int) -> QPixmap:
    if not gap:
        return source
    ratio = source.devicePixelRatio()
    result = QPixmap(source.width() + round(gap * ratio), source.height())
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.drawPixmap(0, 0, source)
    painter.end()
    return result


@cache
def _svg(name: str) -> bytes:
    return resource_bytes(f"{_FOLDER}/{name}.svg")


class _IconBinding(QObject):
    """Lives inside its target and dies with it, which also ends the connection to the theme."""

    def __init__(self, target: QAbstractButton | QAction | QMenu, name: str, role: Role, gap: int) -> None:
        super().__init__(target)
        self._name = name
        self._role = role
        self._gap = gap
        self.show_icon(name, role)
        theme().changed.connect(self._on_theme_changed)

    def show_icon(self, name: str, role: Role) -> None:
        """Show another icon."""
        self._name, self._role = name, role
        target = self.parent()
        if isinstance(target, QAbstractButton | QAction | QMenu):
            small = isinstance(target, QAbstractButton) and target.iconSize().height() <= ICON_SIZE
            sizes = (ICON_SIZE,) if small else _SIZES
            target.setIcon(_icon(name, role, theme().hex(role), theme().hex(Role.FAINT), _ratios(), self._gap, sizes))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.show_icon(self._name, self._role)
