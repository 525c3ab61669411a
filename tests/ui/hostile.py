"""The sample workspace with a hostile text in every field that people type, and what is seen of it on the screen."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from db import tables
from qihua_desktop.services.limits import NAME_LENGTH
from qihua_desktop.services.session import Session

RED = QColor(255, 0, 2)
TYPED: dict[str, tuple[str, ...]] = {
    "person": ("name", "title", "phone", "email"),
    "strategy": ("name", "goal"),
    "programme": ("name", "goal"),
    "template": ("name",),
    "project": ("name", "goal", "venue"),
    "stage": ("name", "output"),
    "gate_item": ("name",),
    "attachment": ("name",),
    "project_document": ("name",),
    "risk": ("name", "trigger", "contingency", "owner_text", "notice"),
    "task": ("name", "owner_text", "notes"),
    "assignment": ("name",),
    "calendar_day": ("name",),
    "baseline": ("name",),
    "baseline_task": ("name",),
    "budget": ("notes",),
    "budget_line": ("name", "unit", "supplier", "basis", "notes"),
    "plan_document": ("title",),
    "plan_section": ("title", "body"),
    "plan_version": ("note",),
    "sign_off": ("comment",),
    "review_comment": ("quote", "body", "reply"),
    "survey": ("title", "intro", "outro"),
    "question": ("text", "hint", "low_label", "high_label"),
    "option": ("label",),
    "supplier": ("name", "tax_id", "category", "contact", "phone", "email", "bank", "account", "notes"),
    "quote": ("reason", "notes"),
    "contract": ("number", "title", "notes"),
    "payment": ("name", "notes"),
    "stock_item": ("name", "spec", "unit", "location", "notes"),
    "stock_use": ("notes",),
    "expense_claim": ("department", "claimant", "purpose", "notes"),
    "voucher": ("seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id", "capital", "item", "purpose", "reason"),
    "annual_pool": ("name", "notes"),
    "pool_adjustment": ("reason",),
    "pool_exception": ("reason",),
    "reserve_release": ("reason", "note"),
    "line_forecast": ("basis",),
    "deviation_reason": ("text",),
    "outcome_basis": ("method", "notes"),
    "waiver": ("reason",),
}
SETTINGS = ("company.name", "company.tax_id", "company.address", "company.phone")
_MODEL_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole)


def red_picture(folder: Path) -> Path:
    """Write a bright red picture that no window and no document may show."""
    image = QImage(120, 120, QImage.Format.Format_RGB32)
    image.fill(RED)
    path = folder / "red.png"
    assert image.save(str(path))
    return path


def hostile_texts(picture: Path) -> dict[str, str]:
    """Return the texts by what is evil about them."""
    return {
        "picture": f'<img src="{picture.as_uri()}"><img src={picture.as_posix()}>',
        "markup": "</b><b>x</b><br/><!-- &amp; A&B && <font size=99>大</font> ]]>",
        "formula": "=cmd|' /C calc'!A0",
        "marks": "\u202etxt.exe\u202c \u200f\u2067עברית\u2069 \U0001f469\u200d\U0001f467 \U0001f389 "
        "\U0002cb7c \U00020bb7 e\u0301 \u2028中\u2029文 \x85 尾 \u000b 尾\u200b",
        "braces": "{name} {0} {} {{x}} %s %d %(name)s %1 $HOME \\n \\",
        "long words": "长" * 10_000,
        "one long word": "W" * 10_000,
    }


def field_text(table: str, column: str, hostile: str) -> str:
    """Return the text of a field: it says where it belongs, and a formula stays in front."""
    mark = f"[{table}.{column}]"
    whole = f"{hostile}{mark}" if hostile.startswith("=") else f"{mark}{hostile}"
    return whole[:NAME_LENGTH]


def make_hostile(session: Session, hostile: str) -> None:
    """Write the text into every field that people type, past all the services that would clean it."""
    with session.edit(hostile[:200]) as edit:
        for name, columns in TYPED.items():
            table = tables.BY_NAME[name]
            values = {column: field_text(name, column, hostile) for column in columns}
            table.update_many(edit, [(row.id, dict(values)) for row in table.all(edit)])
        found = {one.key: one for one in tables.settings.all(edit)}
        for key in SETTINGS:
            if key in found:
                tables.settings.update(edit, found[key].id, value=field_text("setting", key, hostile))


def text_columns() -> set[tuple[str, str]]:
    """Return every text column of every table, as (table, column)."""
    return {(table.name, one.name) for table in tables.ALL for one in fields(table.entity) if one.type == "str"}


def red_pixels(widget: QWidget) -> int:
    """Count the picture's pixels on a widget."""
    return red_in(widget.grab().toImage())


def red_in(image: QImage) -> int:
    """Count the picture's pixels in an image, every third line and column."""
    found = image.convertToFormat(QImage.Format.Format_RGB32)
    data, line = bytes(found.constBits()), found.bytesPerLine()
    wanted = bytes((RED.blue(), RED.green(), RED.red(), 255))
    return sum(data[at : at + line].count(wanted) for at in range(0, line * found.height(), line * 3))


def shown_texts(widget: QWidget) -> list[str]:
    """Return every text that a widget and its children show or tell a screen reader."""
    found: list[str] = []
    for one in [widget, *widget.findChildren(QWidget)]:
        found += [one.accessibleName(), one.accessibleDescription(), html.unescape(one.toolTip()), one.windowTitle()]
        if isinstance(one, QLabel | QLineEdit | QAbstractButton):
            found.append(one.text())
        elif isinstance(one, QPlainTextEdit | QTextEdit):
            found.append(one.toPlainText())
        elif isinstance(one, QComboBox):
            found += [one.itemText(at) for at in range(one.count())]
        elif isinstance(one, QAbstractItemView) and _has_model(one):
            found += model_texts(one.model())
        full_text: Any = getattr(one, "full_text", None)
        if callable(full_text):
            found.append(str(full_text()))
    return [text for text in found if text]


def _has_model(view: QAbstractItemView) -> bool:
    return bool(view.model())


def flat(text: str) -> str:
    """Return a text with single blanks for whatever parts words or lines: fields show line ends in their own ways."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def model_texts(model: QAbstractItemModel, parent: QModelIndex | None = None) -> list[str]:
    """Return every text of a model, tool tips unescaped."""
    root = parent or QModelIndex()
    found: list[str] = []
    for row in range(model.rowCount(root)):
        for column in range(model.columnCount(root)):
            index = model.index(row, column, root)
            for role in _MODEL_ROLES:
                value = index.data(role)
                if isinstance(value, str):
                    found.append(html.unescape(value) if role is Qt.ItemDataRole.ToolTipRole else value)
        first = model.index(row, 0, root)
        if model.rowCount(first):
            found += model_texts(model, first)
    return found
