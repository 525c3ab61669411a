"""Colours are readable, complete and follow the system."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QPushButton

import ui.common.theme as theme_module
from ui.common.chips import Tone, tone_roles
from ui.common.icons import icon, icon_names, set_icon
from ui.common.theme import TEXT_PAIRS, Role, ThemeMode, set_ui_scale, theme, ui_scale


def luminance(color: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=[ThemeMode.LIGHT, ThemeMode.DARK])
def mode(request, qapp):
    theme().apply(qapp, request.param)
    yield request.param
    theme().apply(qapp, ThemeMode.LIGHT)


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_every_text_has_a_contrast_of_four_and_a_half_on_its_ground(mode, text, ground):
    assert contrast(theme().color(text), theme().color(ground)) >= 4.5


@pytest.mark.parametrize("tone", list(Tone))
def test_every_tone_is_a_tested_pair(tone):
    assert tone_roles(tone) in TEXT_PAIRS


def test_every_role_has_a_colour_in_both_themes(mode):
    assert all(theme().color(role).isValid() for role in Role)


@pytest.mark.parametrize("series", [role for role in Role if role.name.startswith("SERIES")])
def test_chart_colours_stand_out_from_the_surface(mode, series):
    assert contrast(theme().color(series), theme().color(Role.SURFACE)) >= 2.4


def test_no_placeholder_is_left_in_the_style_sheet(mode, qapp):
    assert "@" not in qapp.styleSheet()


def test_system_mode_follows_the_system(qapp, qtbot, monkeypatch):
    class Hints:
        scheme = Qt.ColorScheme.Dark

        def colorScheme(self):
            return self.scheme

        def setColorScheme(self, _scheme):
            return None

    monkeypatch.setattr(theme_module.QGuiApplication, "styleHints", staticmethod(Hints))
    theme().apply(qapp, ThemeMode.SYSTEM)
    assert theme().is_dark
    Hints.scheme = Qt.ColorScheme.Light
    with qtbot.waitSignal(theme().changed):
        theme()._on_color_scheme_changed()
    assert not theme().is_dark
    monkeypatch.undo()
    theme().apply(qapp, ThemeMode.LIGHT)
    assert QGuiApplication.styleHints() is not None


def test_digits_of_number_columns_have_one_width(qapp):
    metrics = QFontMetricsF(theme().font(tabular=True))
    assert len({round(metrics.horizontalAdvance(digit), 2) for digit in "0123456789"}) == 1


def test_the_bundled_font_serves_where_the_system_has_no_chinese_one(qapp, monkeypatch):
    monkeypatch.setattr(theme_module, "_SYSTEM_FONTS", ())
    assert theme_module._chinese_family().startswith("Noto Sans SC")


def test_the_scale_goes_to_the_next_start(monkeypatch):
    monkeypatch.setenv("QT_SCALE_FACTOR", "1")
    set_ui_scale(150)
    assert ui_scale() == 150
    with pytest.raises(ValueError, match="scale"):
        set_ui_scale(250)
    set_ui_scale(100)
    assert ui_scale() == 100


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_can_be_drawn(qapp, name):
    image = icon(name).pixmap(16, 16).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height()))


def test_an_unknown_icon_is_an_error(qapp):
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_icons_are_tinted_anew_with_the_theme(qapp, qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    set_icon(button, "square", Role.TEXT)

    def darkest() -> int:
        image = button.icon().pixmap(16, 16).toImage()
        inked = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return min(color.lightness() for color in inked if color.alpha() > 200)

    light = darkest()
    theme().apply(qapp, ThemeMode.DARK)
    dark = darkest()
    theme().apply(qapp, ThemeMode.LIGHT)
    assert light < 90 < dark
