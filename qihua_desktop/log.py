"""The rotating log. It holds what the program did, never whose data it did it with."""

from __future__ import annotations

import logging
import re
import traceback
from itertools import pairwise
from pathlib import Path
from types import TracebackType

_LIMIT = 500_000
_KEPT = 3
_HANDLER = "qihua-log-file"
_HIDDEN = "‹…›"
_PERSONAL = (
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    re.compile(r"\d[\d -]{6,}\d"),
    re.compile(r"“[^”]*”|‘[^’]*’|《[^》]*》"),
    re.compile(r"'[^'\n]*'|\"[^\"\n]*\""),
    re.compile(r"[^\s\x00-\x7f]+"),
)


def without_personal_data(text: str) -> str:
    """Return a text with names, quoted values, long numbers, addresses and the home folder taken out."""
    result = text.replace(str(Path.home()), "~")
    for pattern in _PERSONAL:
        result = pattern.sub(_HIDDEN, result)
    return re.sub(rf"{re.escape(_HIDDEN)}(?:\s*{re.escape(_HIDDEN)})+", _HIDDEN, result)


def report_of(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> str:
    """Return type and places of an exception and of what caused it, without messages and values."""
    parts: list[str] = []
    seen: set[int] = set()
    current, current_kind, current_trace = error, kind, trace
    while True:
        frames = traceback.extract_tb(current_trace)
        places = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        parts.append("\n".join([f"{current_kind.__module__}.{current_kind.__qualname__}", *places]))
        following = None if current is None else current.__cause__ or current.__context__
        if following is None or id(following) in seen:
            return "\n".join(parts)
        seen.add(id(following))
        parts.append("caused by")
        current, current_kind, current_trace = following, type(following), following.__traceback__


class _Formatter(logging.Formatter):
    """Writes the message without personal data and exceptions as places in the program."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.message = without_personal_data(record.getMessage())
        record.asctime = self.formatTime(record)
        text = self.formatMessage(record)
        if record.exc_info and record.exc_info[0] is not None:
            text += "\n" + report_of(*record.exc_info)
        return text


class _RotatingFile(logging.FileHandler):
    """A file of limited size with a few older ones; the library's own loads sockets and pickles at every start."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if Path(self.baseFilename).exists() and Path(self.baseFilename).stat().st_size >= _LIMIT:
                self._rotate()
        except OSError:
            self.handleError(record)
        super().emit(record)

    def _rotate(self) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None  # opened anew by the next record
        names = [Path(self.baseFilename), *(Path(f"{self.baseFilename}.{number}") for number in range(1, _KEPT + 1))]
        for newer, older in reversed(tuple(pairwise(names))):
            if newer.exists():
                newer.replace(older)


def start(path: Path) -> None:
    """Write the log to a file from now on; without a writable folder the program runs without a log."""
    root = logging.getLogger()
    if any(handler.get_name() == _HANDLER for handler in root.handlers):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _RotatingFile(path)
    except OSError:
        return
    handler.set_name(_HANDLER)
    handler.setLevel(logging.INFO)
    handler.setFormatter(_Formatter())
    root.addHandler(handler)
    root.setLevel(min(root.level or logging.INFO, logging.INFO))


def stop() -> None:
    """Close the log file."""
    root = logging.getLogger()
    for handler in tuple(root.handlers):
        if handler.get_name() == _HANDLER:
            root.removeHandler(handler)
            handler.close()
