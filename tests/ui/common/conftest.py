"""Every test of the design system runs dressed, in the light theme."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from ui.common.theme import ThemeMode, theme


@pytest.fixture(autouse=True)
def light_theme(qapp: QApplication) -> None:
    if theme().mode is not ThemeMode.LIGHT or not qapp.styleSheet():
        theme().apply(qapp, ThemeMode.LIGHT)
