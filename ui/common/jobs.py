"""Work away from the UI thread: one long-lived QObject and one thread pool; results arrive in the UI thread.

A job gets plain data and a context, never a widget. After ``close`` nothing arrives any more.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.i18n import _

from .buttons import icon_button
from .controls import ProgressBar
from .labels import PlainLabel, muted_label
from .layouts import show_in_place
from .theme import SPACE_1, SPACE_2, SPACE_3

R = TypeVar("R")
OnProgress = Callable[[int, int, str], object]

_log = logging.getLogger(__name__)
_WORKERS = 2


class JobContext:
    """What a job may do besides its work: report progress and stop when asked to. Used in the job's thread."""

    def __init__(self, report: Callable[[int, int, str], None]) -> None:
        self._report = report
        self._stop = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether the user wants the job to end."""
        return self._stop.is_set()

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Report how far the job is; raises Cancelled when it shall end."""
        self.raise_if_cancelled()
        self._report(done, total, text)

    def raise_if_cancelled(self) -> None:
        """Raise the domain's Cancelled when the job shall end."""
        if self._stop.is_set():
            raise Cancelled(_("The work was stopped."))

    def cancel(self) -> None:
        """Ask the job to end."""
        self._stop.set()


class JobHandle:
    """One submitted job, as the UI thread sees it."""

    def __init__(
        self,
        title: str,
        on_done: Callable[[Any], object],
        on_failed: Callable[[BaseException], object] | None,
        on_progress: OnProgress | None,
    ) -> None:
        self.title = title
        self.is_running = True
        self.latest: tuple[int, int, str] = (0, 0, "")
        self._on_done = on_done
        self._on_failed = on_failed
        self._on_progress = on_progress
        self.context = JobContext(lambda *_report: None)
        self.future: Future[Any] | None = None
        self.waits_for_report = False

    def cancel(self) -> None:
        """Ask the job to end; ``on_failed`` gets Cancelled when it did."""
        self.context.cancel()
        if self.future is not None:
            self.future.cancel()

    def deliver_progress(self) -> None:
        """Tell the window how far the job is."""
        if self._on_progress is not None:
            self._on_progress(*self.latest)

    def deliver(self, jobs: Jobs) -> None:
        """Hand the result or the error to the window."""
        future = self.future
        if future is None:
            return
        try:
            result = future.result()
        except CancelledError:
            self._fail(jobs, Cancelled(_("The work was stopped.")))
        except Exception as error:
            self._fail(jobs, error)
        else:
            self._on_done(result)

    def _fail(self, jobs: Jobs, error: Exception) -> None:
        if self._on_failed is not None:
            self._on_failed(error)
        elif not isinstance(error, Cancelled):
            jobs.failed.emit(error)


class Jobs(QObject):
    """The program's background work. One of it lives as long as the main window and is handed around.

    Signals:
        running_changed(int): how many jobs are running or waiting.
        failed(object): a job without ``on_failed`` raised this error.
        progressed(object): a job's handle has news.
        finished(object): a job's handle is through, its callback was called.
    """

    running_changed = Signal(int)
    failed = Signal(object)
    progressed = Signal(object)
    finished = Signal(object)
    _arrived = Signal()

    def __init__(self, parent: QObject | None = None, *, workers: int = _WORKERS) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="qihua-job")
        self._mail: deque[tuple[JobHandle, bool]] = deque()
        self._handles: list[JobHandle] = []
        self._closed = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> tuple[JobHandle, ...]:
        """The jobs running or waiting, oldest first."""
        return tuple(self._handles)

    def submit(
        self,
        work: Callable[[JobContext], R],
        *,
        on_done: Callable[[R], object],
        on_failed: Callable[[BaseException], object] | None = None,
        on_progress: OnProgress | None = None,
        title: str = "",
    ) -> JobHandle:
        """Run ``work(context)`` in a thread and call back in this one. Raises RuntimeError after ``close``."""
        if self._closed:
            raise RuntimeError("jobs are closed")
        handle = JobHandle(title, on_done, on_failed, on_progress)
        handle.context = JobContext(lambda done, total, text: self._post_progress(handle, done, total, text))
        self._handles.append(handle)
        handle.future = self._executor.submit(work, handle.context)
        handle.future.add_done_callback(lambda _future: self._post(handle, is_end=True))
        self.running_changed.emit(len(self._handles))
        return handle

    def close(self, *, wait: bool = True) -> None:
        """Cancel everything, wait for the threads and forget what they left; no callback comes after this."""
        if self._closed:
            return
        self._closed = True
        for handle in self._handles:
            handle.cancel()
        self._executor.shutdown(wait=wait, cancel_futures=True)
        self._mail.clear()
        self._handles.clear()

    def _post_progress(self, handle: JobHandle, done: int, total: int, text: str) -> None:
        handle.latest = (done, total, text)
        if not handle.waits_for_report:
            handle.waits_for_report = True
            self._post(handle, is_end=False)

    def _post(self, handle: JobHandle, *, is_end: bool) -> None:
        """Leave word from any thread."""
        if self._closed:
            return
        self._mail.append((handle, is_end))
        try:
            self._arrived.emit()
        except RuntimeError:  # the QObject went between the test above and here
            self._mail.clear()

    @Slot()
    def _on_arrived(self) -> None:
        while self._mail and not self._closed:
            handle, is_end = self._mail.popleft()
            if not is_end:
                handle.waits_for_report = False
                if handle.is_running:
                    handle.deliver_progress()
                    self.progressed.emit(handle)
                continue
            handle.is_running = False
            if handle in self._handles:
                self._handles.remove(handle)
            try:
                handle.deliver(self)
            finally:
                self.finished.emit(handle)
                self.running_changed.emit(len(self._handles))


class JobProgress(QFrame):
    """A strip that shows running jobs, newest last, each with a way to stop it; hidden when there is none."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.setProperty("look", "bottombar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_3, SPACE_1, SPACE_2, SPACE_1)
        self._column.setSpacing(0)
        self._rows: dict[JobHandle, _JobRow] = {}
        self._jobs = jobs
        jobs.running_changed.connect(self._on_running_changed)
        jobs.progressed.connect(self._on_progressed)
        self.hide()

    @Slot()
    def _on_running_changed(self) -> None:
        running = [handle for handle in self._jobs.running if handle.title]
        for handle in [handle for handle in self._rows if handle not in running]:
            row = self._rows.pop(handle)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for handle in running:
            if handle not in self._rows:
                self._rows[handle] = _JobRow(handle)
                self._column.addWidget(self._rows[handle])
        show_in_place(self, visible=bool(self._rows))

    @Slot(object)
    def _on_progressed(self, handle: JobHandle) -> None:
        row = self._rows.get(handle)
        if row is not None:
            row.show_progress(*handle.latest)


class _JobRow(QFrame):
    def __init__(self, handle: JobHandle) -> None:
        super().__init__()
        self._handle = handle
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(PlainLabel(handle.title))
        self._bar = ProgressBar()
        self._bar.setAccessibleName(handle.title)
        self._bar.setMaximumWidth(240)
        row.addWidget(self._bar, 1)
        self._text = muted_label()
        row.addWidget(self._text, 1)
        self.cancel_button = icon_button("x", _("Stop “{title}”").format(title=handle.title), self._cancel)
        row.addWidget(self.cancel_button)

    def show_progress(self, done: int, total: int, text: str) -> None:
        self._bar.set_basis_points(round(10_000 * done / total) if total > 0 else 0)
        self._text.setText(text)

    def _cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self._text.setText(_("Stopping…"))
        self._handle.cancel()
