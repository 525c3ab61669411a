"""What happens when the program has a bug: it goes to the log, and once into a dialog that can be copied."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, Slot, qInstallMessageHandler, qVersion
from PySide6.QtWidgets import QApplication

import qihua_desktop
from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.log import report_of
from ui.common.dialogs import show_error

_log = logging.getLogger("qihua.crash")
_qt_log = logging.getLogger("qihua.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashGuard(QObject):
    """Holds the hooks; exceptions of other threads are shown in this one."""

    _raised = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self._fault_file: TextIO | None = None
        self._before: tuple[Any, Any, Any] | None = None
        self._raised.connect(self._on_raised)

    def install(self, fault_file: Path | None = None) -> None:
        """Take over the hooks of Python, its threads and Qt."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = lambda args: _log.error(
            "unraisable", exc_info=(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
        )
        qInstallMessageHandler(_on_qt_message)
        if fault_file is not None:
            try:
                fault_file.parent.mkdir(parents=True, exist_ok=True)
                self._fault_file = fault_file.open("a", encoding="utf-8")
                faulthandler.enable(self._fault_file)
            except OSError:
                self._fault_file = None

    def remove(self) -> None:
        """Give the hooks back."""
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None
            qInstallMessageHandler(None)
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None

    def _on_exception(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            application = QApplication.instance()
            if application is not None:
                application.quit()
            return
        if not isinstance(error, QihuaError):
            _log.error("unexpected", exc_info=(kind, error or kind(), trace))
        self._raised.emit(report(kind, error, trace), error)

    @Slot(str, object)
    def _on_raised(self, text: str, error: object) -> None:
        if self._showing:
            return
        self._showing = True
        try:
            if isinstance(error, QihuaError):
                show_error(QApplication.activeWindow(), error)
            else:
                from ui.common.dialog_base import CrashDialog

                dialog = CrashDialog(text, QApplication.activeWindow())
                dialog.exec()
                dialog.deleteLater()
        finally:
            self._showing = False


def report(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> str:
    """Return what a bug report holds: versions and places in the program, no names and no data."""
    import platform

    head = (
        f"Qihua Desktop {qihua_desktop.__version__} · Python {platform.python_version()} · Qt {qVersion()} · "
        f"{platform.system()} {platform.release()} {platform.machine()}"
    )
    return f"{head}\n\n{report_of(kind, error, trace)}\n"


def _on_qt_message(level: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    _qt_log.log(_LEVELS.get(level, logging.WARNING), "%s: %s", context.category or "qt", message or "")
