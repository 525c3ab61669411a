"""Versions and licences."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

import qihua_desktop
from qihua_desktop.i18n import _
from resources import resource_bytes
from ui.common.dialog_base import BaseDialog
from ui.common.widgets import PlainLabel, muted_label

from .navigation import BrandMark

_LIBRARIES = (
    ("PySide6-Essentials", "LGPL-3.0"),
    ("apsw-sqlite3mc", "MIT / Zlib"),
    ("peewee", "MIT"),
    ("reportlab", "BSD-3-Clause"),
    ("pikepdf", "MPL-2.0"),
    ("pillow", "MIT-CMU"),
    ("argon2-cffi", "MIT"),
    ("pypinyin", "MIT"),
    ("platformdirs", "MIT"),
    ("XlsxWriter", "BSD-2-Clause"),
    ("openpyxl", "MIT"),
    ("defusedxml", "PSF-2.0"),
)


class AboutDialog(BaseDialog):
    """What the program is made of."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(_("About Qihua Desktop"), parent, accept_text=_("Close"), width=560)
        self.resize(560, 440)
        self.cancel_button.hide()
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(BrandMark(side=44))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(PlainLabel(_("Qihua Desktop"), size=18, bold=True))
        version = _("Version {version}").format(version=qihua_desktop.__version__)
        texts.addWidget(muted_label(f"{version} · Python {platform.python_version()} · Qt {qVersion()}"))
        row.addLayout(texts, 1)
        self.body.addLayout(row)
        self.body.addWidget(
            muted_label(
                _("The planning department's workbench: plans, budgets, reviews, surveys, PDFs. Offline, in one file."),
                wrap=True,
            )
        )
        tabs = QTabWidget()
        tabs.addTab(_text(versions_text()), _("Libraries"))
        tabs.addTab(_text(_licence()), _("Licence"))
        tabs.addTab(_text(resource_bytes("fonts/OFL.txt").decode("utf-8")), _("Fonts"))
        tabs.addTab(_text(resource_bytes("icons/outline/LICENSE").decode("utf-8")), _("Icons"))
        tabs.addTab(_text(resource_bytes("colour/LICENSE.txt").decode("utf-8")), _("Colour profile"))
        self.body.addWidget(tabs, 1)


def versions_text() -> str:
    """Return a line for every library with version and licence."""
    lines: list[str] = []
    for name, licence in _LIBRARIES:
        try:
            lines.append(f"{name} {metadata.version(name)} — {licence}")
        except metadata.PackageNotFoundError:
            lines.append(f"{name} — {licence}")
    return "\n".join(lines)


def _licence() -> str:
    return "Apache License 2.0\n\nhttps://www.apache.org/licenses/LICENSE-2.0"


def _text(content: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setPlainText(content)
    field.setReadOnly(True)
    field.setTabChangesFocus(True)
    field.setAccessibleName(_("Text"))
    return field
