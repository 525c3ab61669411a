"""The program's name, theme and Qt's own texts."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from qihua_desktop.i18n import _, current_language
from ui.common.icons import application_icon
from ui.common.theme import ThemeMode, theme


def dress(application: QApplication, mode: str) -> None:
    """Give the application its name, look and Qt's own texts in the language in force."""
    application.setApplicationDisplayName(_("Qihua Desktop"))
    theme().apply(application, ThemeMode(mode))
    application.setWindowIcon(application_icon())
    for old in application.findChildren(QTranslator, "qihua-qt", Qt.FindChildOption.FindDirectChildrenOnly):
        application.removeTranslator(old)
        old.deleteLater()
    chinese = current_language() == "zh_CN"
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China) if chinese else QLocale("en_GB"))
    if chinese:
        translator = QTranslator(application)
        translator.setObjectName("qihua-qt")
        if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            application.installTranslator(translator)
