"""The look of the program: colours by role, sizes, fonts, light and dark. The only module that knows a hex colour."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import current_language
from resources import resource_path

__all__ = ["Role", "Theme", "ThemeMode", "set_ui_scale", "theme", "ui_scale"]

# 4-pixel grid
SPACE_1: Final = 4
SPACE_2: Final = 8
SPACE_3: Final = 12
SPACE_4: Final = 16
SPACE_5: Final = 20
SPACE_6: Final = 24
RADIUS: Final = 6
CARD_RADIUS: Final = 8
CHIP_RADIUS: Final = 4
CONTROL_HEIGHT: Final = 30
CHIP_HEIGHT: Final = 20
ROW_HEIGHT: Final = 30
GANTT_ROW_HEIGHT: Final = 27
HEADER_HEIGHT: Final = 30
ICON_SIZE: Final = 16
NAVIGATION_WIDTH: Final = 195

TEXT_SIZE: Final = 13
SECONDARY_SIZE: Final = 12
TITLE_SIZE: Final = 16
FIGURE_SIZE: Final = 24

SCALES: Final = (100, 110, 125, 150, 175, 200)

_STYLE: Final = "Fusion"
_SCALE_VARIABLE: Final = "QT_SCALE_FACTOR"
_SYSTEM_FONTS: Final = (
    "Microsoft YaHei UI",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "HarmonyOS Sans SC",
    "MiSans",
)
_BUNDLED_FONTS: Final = ("fonts/NotoSansSC_400Regular.ttf", "fonts/NotoSansSC_700Bold.ttf")

_LIGHT: Final[dict[Role, str]] = {
    Role.BG: "#F5F6F8",
    Role.SURFACE: "#FFFFFF",
    Role.SUNKEN: "#FAFBFC",
    Role.HOVER: "#F2F4F7",
    Role.PRESSED: "#E8EBF0",
    Role.PAPER: "#FFFFFF",
    Role.OVERLAY: "#D9DDE5",
    Role.TOOLTIP: "#1D2433",
    Role.LINE: "#E4E7EC",
    Role.LINE_SOFT: "#EEF0F3",
    Role.LINE_STRONG: "#CDD3DD",
    Role.TRACK: "#E9EBEF",
    Role.TEXT: "#1D2433",
    Role.TEXT_SOFT: "#344054",
    Role.MUTED: "#636D82",
    Role.FAINT: "#98A2B3",
    Role.ON_ACCENT: "#FFFFFF",
    Role.ON_BAD: "#FFFFFF",
    Role.ON_TOOLTIP: "#FFFFFF",
    Role.ON_PAPER: "#1D2433",
    Role.ACCENT: "#3451B2",
    Role.ACCENT_BG: "#EEF2FF",
    Role.ACCENT_HOVER: "#2C469F",
    Role.ACCENT_PRESSED: "#253B87",
    Role.OK: "#18794E",
    Role.OK_BG: "#E9F7EF",
    Role.WARN: "#AD5700",
    Role.WARN_BG: "#FFF4E5",
    Role.BAD: "#C62A2F",
    Role.BAD_BG: "#FFEFEF",
    Role.BAD_HOVER: "#AB2227",
    Role.NEUTRAL: "#344054",
    Role.NEUTRAL_BG: "#F2F4F7",
    Role.MARK: "#FFE3AB",
    Role.BRAND: "#6E56CF",
    Role.BRAND_TEXT: "#5B45B8",
    Role.BRAND_BG: "#F1EEFB",
    Role.EVENT: "#E5702A",
    Role.EVENT_TEXT: "#B34E0D",
    Role.EVENT_BG: "#FEF0E8",
    Role.RESEARCH: "#0E8A7D",
    Role.RESEARCH_TEXT: "#0A6E63",
    Role.RESEARCH_BG: "#E3F4F2",
    Role.BAR: "#4B67CC",
    Role.BAR_SOFT: "#B9C6F3",
    Role.CRITICAL: "#D9593A",
    Role.CRITICAL_SOFT: "#F3B7A6",
    Role.SUMMARY: "#475467",
    Role.BASELINE: "#C3C8D1",
    Role.WEEKEND: "#F2F4F7",
    Role.HOLIDAY: "#FFEFEE",
    Role.TODAY: "#3451B2",
    Role.LINK: "#8A94A6",
    Role.SERIES_1: "#3451B2",
    Role.SERIES_2: "#0E8A7D",
    Role.SERIES_3: "#E5702A",
    Role.SERIES_4: "#6E56CF",
    Role.SERIES_5: "#98A2B3",
    Role.SERIES_6: "#D6409F",
    Role.SERIES_7: "#B7860B",
    Role.SERIES_8: "#3B9BD9",
}

_DARK: Final[dict[Role, str]] = {
    Role.BG: "#14171C",
    Role.SURFACE: "#1B1F26",
    Role.SUNKEN: "#171A20",
    Role.HOVER: "#232830",
    Role.PRESSED: "#2B313B",
    Role.PAPER: "#FFFFFF",
    Role.OVERLAY: "#0F1115",
    Role.TOOLTIP: "#E7EAF0",
    Role.LINE: "#2B313B",
    Role.LINE_SOFT: "#242932",
    Role.LINE_STRONG: "#3B4350",
    Role.TRACK: "#2B313B",
    Role.TEXT: "#E7EAF0",
    Role.TEXT_SOFT: "#C6CCD8",
    Role.MUTED: "#9AA4B5",
    Role.FAINT: "#6B7585",
    Role.ON_ACCENT: "#10131A",
    Role.ON_BAD: "#1A0A0B",
    Role.ON_TOOLTIP: "#14171C",
    Role.ON_PAPER: "#1D2433",
    Role.ACCENT: "#8DA2F0",
    Role.ACCENT_BG: "#232B47",
    Role.ACCENT_HOVER: "#A3B4F5",
    Role.ACCENT_PRESSED: "#7C92E4",
    Role.OK: "#4CC38A",
    Role.OK_BG: "#14291F",
    Role.WARN: "#F1A10D",
    Role.WARN_BG: "#33230A",
    Role.BAD: "#FF6369",
    Role.BAD_BG: "#3A1618",
    Role.BAD_HOVER: "#FF8085",
    Role.NEUTRAL: "#C6CCD8",
    Role.NEUTRAL_BG: "#262C36",
    Role.MARK: "#5C4610",
    Role.BRAND: "#8F7BE0",
    Role.BRAND_TEXT: "#B3A4F0",
    Role.BRAND_BG: "#2A2447",
    Role.EVENT: "#F0894A",
    Role.EVENT_TEXT: "#F2955F",
    Role.EVENT_BG: "#3A2212",
    Role.RESEARCH: "#21A899",
    Role.RESEARCH_TEXT: "#3FB8AA",
    Role.RESEARCH_BG: "#10302C",
    Role.BAR: "#6F88E6",
    Role.BAR_SOFT: "#35427A",
    Role.CRITICAL: "#E8714F",
    Role.CRITICAL_SOFT: "#6B3325",
    Role.SUMMARY: "#A8B1C1",
    Role.BASELINE: "#4A5362",
    Role.WEEKEND: "#1F242C",
    Role.HOLIDAY: "#2E1D20",
    Role.TODAY: "#8DA2F0",
    Role.LINK: "#7B8698",
    Role.SERIES_1: "#8DA2F0",
    Role.SERIES_2: "#21A899",
    Role.SERIES_3: "#F0894A",
    Role.SERIES_4: "#8F7BE0",
    Role.SERIES_5: "#7B8698",
    Role.SERIES_6: "#E56AB3",
    Role.SERIES_7: "#D4A72C",
    Role.SERIES_8: "#5BB4EA",
}

# Every text on every background it may stand on; the tests hold each pair to a contrast of 4.5:1.
_PLAIN_TEXTS: Final = (Role.TEXT, Role.TEXT_SOFT, Role.MUTED)
_SURFACES: Final = (
    Role.BG,
    Role.SURFACE,
    Role.SUNKEN,
    Role.HOVER,
    Role.ACCENT_BG,
    Role.NEUTRAL_BG,
    Role.WEEKEND,
    Role.HOLIDAY,
)
TEXT_PAIRS: Final[tuple[tuple[Role, Role], ...]] = (
    *((text, surface) for text in _PLAIN_TEXTS for surface in _SURFACES),
    *((Role.TEXT, surface) for surface in (Role.PRESSED, Role.OK_BG, Role.WARN_BG, Role.BAD_BG, Role.MARK)),
    *((Role.TEXT_SOFT, surface) for surface in (Role.PRESSED, Role.OK_BG, Role.WARN_BG, Role.BAD_BG)),
    *(
        (tone, surface)
        for tone in (Role.ACCENT, Role.OK, Role.WARN, Role.BAD)
        for surface in (Role.SURFACE, Role.SUNKEN, Role.BG)
    ),
    (Role.ACCENT, Role.ACCENT_BG),
    (Role.ACCENT, Role.HOVER),
    (Role.OK, Role.OK_BG),
    (Role.WARN, Role.WARN_BG),
    (Role.BAD, Role.BAD_BG),
    (Role.NEUTRAL, Role.NEUTRAL_BG),
    (Role.BRAND_TEXT, Role.BRAND_BG),
    (Role.EVENT_TEXT, Role.EVENT_BG),
    (Role.RESEARCH_TEXT, Role.RESEARCH_BG),
    (Role.ON_ACCENT, Role.ACCENT),
    (Role.ON_ACCENT, Role.ACCENT_HOVER),
    (Role.ON_ACCENT, Role.ACCENT_PRESSED),
    (Role.ON_BAD, Role.BAD),
    (Role.ON_BAD, Role.BAD_HOVER),
    (Role.ON_TOOLTIP, Role.TOOLTIP),
    (Role.ON_PAPER, Role.PAPER),
)


class ThemeMode(StrEnum):
    """What the user chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The theme in force.

    Signals:
        changed: colours or fonts changed; whoever caches something painted drops it and repaints.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mode = ThemeMode.LIGHT
        self._is_dark = False
        self._application: QApplication | None = None
        self._family: str | None = None
        self._has_style = False
        self._colors = {False: _as_colors(_LIGHT), True: _as_colors(_DARK)}

    @property
    def mode(self) -> ThemeMode:
        """What the user chose."""
        return self._mode

    @property
    def is_dark(self) -> bool:
        """Whether the dark palette is in force."""
        return self._is_dark

    def color(self, role: Role, *, alpha: float = 1.0) -> QColor:
        """Return a copy of a role's colour; ``alpha`` 0 is invisible."""
        color = QColor(self._colors[self._is_dark][role])
        if alpha < 1.0:
            color.setAlphaF(alpha)
        return color

    def hex(self, role: Role) -> str:
        """Return a role's colour as a style sheet writes it."""
        return self._colors[self._is_dark][role].name()

    def font(self, size: float = TEXT_SIZE, *, bold: bool = False, tabular: bool = False) -> QFont:
        """Return the interface font in pixels; ``tabular`` gives digits one width for number columns."""
        font = QFont(self.family())
        font.setPixelSize(max(1, round(size)))
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if current_language() == "en":
            font.setFeature(QFont.Tag("pwid"), 1)  # Chinese fonts draw English quotation marks a whole em wide
        return tabular_digits(font) if tabular else font

    def family(self) -> str:
        """Return the system's Chinese interface font, or the bundled one where there is none."""
        if self._family is None:
            self._family = _chinese_family()
        return self._family

    def arguments(self, argv: Sequence[str]) -> list[str]:
        """Return the arguments of a QApplication that has the program's style from its start.

        Setting the style later works as well, but describing QStyle to Python takes a while.
        """
        self._has_style = True
        return [*argv, "-style", _STYLE]

    def apply(self, application: QApplication, mode: ThemeMode = ThemeMode.SYSTEM) -> None:
        """Dress the whole application and follow the system from now on if asked to."""
        hints = QGuiApplication.styleHints()
        if self._application is None:
            self._application = application
            hints.colorSchemeChanged.connect(self._on_color_scheme_changed)
            if not self._has_style:
                application.setStyle(_STYLE)
        self._mode = mode
        schemes = {
            ThemeMode.SYSTEM: Qt.ColorScheme.Unknown,
            ThemeMode.LIGHT: Qt.ColorScheme.Light,
            ThemeMode.DARK: Qt.ColorScheme.Dark,
        }
        hints.setColorScheme(schemes[mode])
        self._dress()

    def palette(self) -> QPalette:
        """Return the palette of the colours in force, disabled ones included."""
        palette = QPalette()
        pairs = {
            QPalette.ColorRole.Window: Role.BG,
            QPalette.ColorRole.WindowText: Role.TEXT,
            QPalette.ColorRole.Base: Role.SURFACE,
            QPalette.ColorRole.AlternateBase: Role.SUNKEN,
            QPalette.ColorRole.Text: Role.TEXT,
            QPalette.ColorRole.Button: Role.SURFACE,
            QPalette.ColorRole.ButtonText: Role.TEXT,
            QPalette.ColorRole.BrightText: Role.BAD,
            QPalette.ColorRole.PlaceholderText: Role.MUTED,
            QPalette.ColorRole.Highlight: Role.ACCENT,
            QPalette.ColorRole.HighlightedText: Role.ON_ACCENT,
            QPalette.ColorRole.Accent: Role.ACCENT,
            QPalette.ColorRole.Link: Role.ACCENT,
            QPalette.ColorRole.LinkVisited: Role.ACCENT,
            QPalette.ColorRole.ToolTipBase: Role.TOOLTIP,
            QPalette.ColorRole.ToolTipText: Role.ON_TOOLTIP,
            QPalette.ColorRole.Light: Role.SURFACE,
            QPalette.ColorRole.Midlight: Role.LINE_SOFT,
            QPalette.ColorRole.Mid: Role.LINE,
            QPalette.ColorRole.Dark: Role.LINE_STRONG,
            QPalette.ColorRole.Shadow: Role.LINE_STRONG,
        }
        for where, role in pairs.items():
            palette.setColor(where, self.color(role))
        for where in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, where, self.color(Role.FAINT))
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, self.color(Role.LINE))
        return palette

    def _dress(self) -> None:

        from .stylesheet import build_stylesheet

        application = self._application
        if application is None:
            return
        if self._mode is ThemeMode.SYSTEM:
            self._is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            self._is_dark = self._mode is ThemeMode.DARK
        application.setFont(self.font())
        application.setPalette(self.palette())
        application.setStyleSheet(build_stylesheet(self))
        self.changed.emit()

    @Slot()
    def _on_color_scheme_changed(self) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self._dress()


_theme: Theme | None = None


def theme() -> Theme:
    """Return the application's theme; widgets paint with ``theme().color(Role.X)``."""
    global _theme
    if _theme is None:
        _theme = Theme()
    return _theme


def tabular_digits(font: QFont) -> QFont:
    """Return the font with digits of one width."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def set_ui_scale(percent: int) -> None:
    """Scale the whole interface; must be called before the QApplication is made, so a change needs a restart.

    Raises ValueError outside 100 to 200.
    """
    if not 100 <= percent <= 200:
        raise ValueError(f"scale out of range: {percent}")
    if percent == 100:
        os.environ.pop(_SCALE_VARIABLE, None)
    else:
        os.environ[_SCALE_VARIABLE] = str(percent / 100)


def ui_scale() -> int:
    """Return the scale in force, in percent."""
    try:
        return round(float(os.environ.get(_SCALE_VARIABLE, "1")) * 100)
    except ValueError:
        return 100


def _as_colors(palette: dict[Role, str]) -> dict[Role, QColor]:
    return {role: QColor(palette[role]) for role in Role}


def _chinese_family() -> str:
    installed = set(QFontDatabase.families())
    for family in _SYSTEM_FONTS:
        if family in installed:
            return family
    families: list[str] = []
    for name in _BUNDLED_FONTS:
        number = QFontDatabase.addApplicationFont(str(resource_path(name)))
        families.extend(QFontDatabase.applicationFontFamilies(number))
    return families[0] if families else QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
