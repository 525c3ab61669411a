"""User texts in the reader's language, for Qt and Qt-free code alike.

Message ids are English; ``resources/i18n`` holds the Chinese catalogue. ``_`` translates at call time, so module
constants must be marked with ``N_`` and translated where they are shown.
"""

from __future__ import annotations

import gettext
import os
from functools import cache

from resources import resource_path

LANGUAGES = ("zh_CN", "en")

_translations: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def N_(message: str) -> str:  # noqa: N802 - gettext's own customary name
    """Mark a constant for extraction; translate it with ``_`` where it is shown."""
    return message


def _(message: str) -> str:
    """Return the message in the current language."""
    return _translations.gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the right plural form in the current language."""
    return _translations.ngettext(singular, plural, count)


def current_language() -> str:
    """Return the language in force, one of ``LANGUAGES``."""
    return _language


def system_language() -> str:
    """Return English for English systems and simplified Chinese for every other one."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value and value not in ("C", "POSIX", "C.UTF-8"):
            return "en" if value.lower().startswith("en") else "zh_CN"
    import locale

    name = locale.getlocale()[0] or ""
    return "en" if name.lower().startswith("en") else "zh_CN"


def set_language(language: str | None = None) -> str:
    """Switch every later ``_`` to a language; ``None`` or ``"auto"`` follows the system.

    Returns the language chosen. Raises ValueError for a language the program does not speak.
    """
    global _translations, _language
    chosen = system_language() if language in (None, "auto") else language
    if chosen not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}")
    _language = chosen
    _translations = gettext.NullTranslations() if chosen == "en" else _catalogue(chosen)
    return chosen


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    with resource_path(f"i18n/{language}/qihua.mo").open("rb") as stream:
        return gettext.GNUTranslations(stream)
