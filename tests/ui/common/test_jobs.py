"""Background work: results come in the UI thread, can be stopped, and nothing arrives after the end."""

from __future__ import annotations

import threading

import pytest

from qihua_desktop.domain.errors import Cancelled
from ui.common.jobs import JobProgress, Jobs


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


def test_a_result_arrives_in_the_calling_thread(jobs, qtbot):
    seen: list[tuple[int, threading.Thread]] = []
    with qtbot.waitSignal(jobs.finished):
        jobs.submit(lambda _context: 42, on_done=lambda value: seen.append((value, threading.current_thread())))
    assert seen == [(42, threading.main_thread())]


def test_an_error_goes_to_on_failed(jobs, qtbot):
    seen: list[BaseException] = []

    def work(_context):
        raise ValueError("x")

    with qtbot.waitSignal(jobs.finished):
        jobs.submit(work, on_done=seen.append, on_failed=seen.append)
    assert [type(error) for error in seen] == [ValueError]


def test_an_error_nobody_asked_for_goes_to_the_signal(jobs, qtbot):
    with qtbot.waitSignal(jobs.failed) as signal:
        jobs.submit(lambda _context: 1 // 0, on_done=lambda _value: None)
    assert isinstance(signal.args[0], ZeroDivisionError)


def test_progress_is_told_in_order_and_ends_before_the_result(jobs, qtbot):
    seen: list[object] = []

    def work(context):
        for number in range(50):
            context.progress(number, 50, "…")
        return "done"

    with qtbot.waitSignal(jobs.finished):
        jobs.submit(work, on_done=seen.append, on_progress=lambda done, total, text: seen.append((done, total, text)))
    assert seen[-1] == "done"
    steps = [entry[0] for entry in seen if isinstance(entry, tuple)]
    assert steps == sorted(steps)


def test_a_cancelled_job_ends_as_cancelled(jobs, qtbot):
    started, seen = threading.Event(), []

    def work(context):
        started.set()
        while True:
            context.raise_if_cancelled()

    handle = jobs.submit(work, on_done=seen.append, on_failed=seen.append)
    assert started.wait(5)
    with qtbot.waitSignal(jobs.finished):
        handle.cancel()
    assert [type(error) for error in seen] == [Cancelled]
    assert not handle.is_running


def test_nothing_arrives_after_close(qapp):
    jobs, seen, gate = Jobs(), [], threading.Event()

    def work(context):
        gate.wait(5)
        context.raise_if_cancelled()
        return 1

    jobs.submit(work, on_done=seen.append, on_failed=seen.append)
    jobs.submit(lambda _context: 2, on_done=seen.append)
    gate.set()
    jobs.close()
    qapp.processEvents()
    assert seen == []
    with pytest.raises(RuntimeError):
        jobs.submit(lambda _context: 3, on_done=seen.append)


def test_the_strip_shows_titled_jobs_and_stops_them(jobs, qtbot):
    strip = JobProgress(jobs)
    qtbot.addWidget(strip)
    strip.show()

    def work(context):
        while True:
            context.progress(1, 2, "导入 <b>")

    with qtbot.waitSignal(jobs.progressed):
        jobs.submit(work, on_done=lambda _value: None, title="导入")
    assert not strip.isHidden()
    assert len(strip._rows) == 1
    row = next(iter(strip._rows.values()))
    with qtbot.waitSignal(jobs.finished):
        row.cancel_button.click()
    assert not strip._rows
    assert strip.isHidden()


def test_many_jobs_all_arrive(jobs, qtbot):
    seen: list[int] = []
    for number in range(60):
        jobs.submit(lambda _context, value=number: value, on_done=seen.append)
    qtbot.waitUntil(lambda: len(seen) == 60)
    assert sorted(seen) == list(range(60))
