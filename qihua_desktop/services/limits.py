"""What typed text may look like before it is stored: trimmed, normalised, of bounded length."""

from __future__ import annotations

import unicodedata

from qihua_desktop.domain.errors import InputError
from qihua_desktop.i18n import _

NAME_LENGTH = 10_000
BODY_LENGTH = 200_000


def text(value: str, limit: int = NAME_LENGTH) -> str:
    """Return a single line: NFC, without control characters. Raises InputError if too long."""
    cleaned = "".join(
        " " if character in "\n\r\t\u2028\u2029" else character
        for character in unicodedata.normalize("NFC", value)
        if unicodedata.category(character) != "Cc" or character in "\n\r\t"
    ).strip()
    return _bounded(cleaned, limit)


def body(value: str, limit: int = BODY_LENGTH) -> str:
    """Return text of several lines: NFC, unix line ends, no control characters. Raises InputError if too long."""
    unified = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    cleaned = "".join(
        character for character in unified if unicodedata.category(character) != "Cc" or character in "\n\t"
    )
    return _bounded(cleaned, limit)


def required_text(value: str, what: str, limit: int = NAME_LENGTH) -> str:
    """Return a single line that is not empty; ``what`` names the field. Raises InputError."""
    cleaned = text(value, limit)
    if not cleaned:
        raise InputError(_("The {field} is missing.").format(field=what))
    return cleaned


def _bounded(cleaned: str, limit: int) -> str:
    if len(cleaned) > limit:
        raise InputError(
            _("The text has {count} characters; at most {limit} are kept.").format(count=len(cleaned), limit=limit),
            _("Shorten it, or attach it as a file."),
        )
    return cleaned
