"""This pairing of Python and PySide6 keeps its reference counts: some abort the process after thousands of calls."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


class _Sender(QObject):
    fired = Signal(int)


def test_void_calls_and_signals_drop_no_reference(qtbot: QtBot) -> None:
    label, sender = QLabel(), _Sender()
    qtbot.addWidget(label)
    none, true = sys.getrefcount(None), sys.getrefcount(True)
    for number in range(1000):
        label.setText(str(number))
    for number in range(200):
        sender.fired.emit(number)
    # The counts move a little with whatever else runs; a defect takes one for each call.
    assert sys.getrefcount(None) > none - 300
    assert sys.getrefcount(True) > true - 100


def test_two_hundred_thousand_calls_survive(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    for _call in range(200_000):
        label.setText("")
    assert label.text() == ""
