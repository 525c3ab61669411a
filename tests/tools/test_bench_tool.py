"""The table of figures says truly whether a promise is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import bench
from tools.bench import Figure


@pytest.mark.parametrize(
    ("figure", "holds"),
    [
        (Figure("a", 5.0, "ms", None, 5.0, None), True),
        (Figure("a", 5.1, "ms", None, 5.0, None), False),
        (Figure("a", 18.0, "ms", 10.0, None, 1.8), True),
        (Figure("a", 19.0, "ms", 10.0, 100.0, 1.8), False),
        (Figure("a", 19.0, "ms", None, None, 1.8), False),
        (Figure("a", 19.0, "ms", 10.0, None, None), True),
    ],
)
def test_a_promise_is_kept_up_to_its_limit(figure: Figure, holds: bool) -> None:
    assert figure.holds is holds


def test_a_broken_promise_fails_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "bench_sample.py"
    module.write_text("def run(report):\n    report.add('编辑 edit', 9.0, baseline=3.0, limit=5.0)\n", "utf-8")
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    assert bench.main(["sample"]) == 1
    printed = capsys.readouterr().out
    assert "9 ms" in printed
    assert "3.00 ×" in printed
    assert "NO" in printed
