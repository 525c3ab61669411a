"""Where the tests find real files that are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_ROOT = Path(os.environ.get("QIHUA_CORPUS", Path(__file__).resolve().parents[2] / "shared" / "corpus"))


def corpus(relative: str) -> Path:
    """Return a file or folder of the corpus, or skip the test saying that it is absent."""
    path = _ROOT / relative
    if not path.exists():
        pytest.skip(f"the test corpus is not on this machine: {relative}")
    return path


def corpus_files(relative: str, pattern: str) -> list[Path]:
    """Return matching files for parametrisation, an empty list when the corpus is absent."""
    folder = _ROOT / relative
    return sorted(folder.glob(pattern)) if folder.is_dir() else []
