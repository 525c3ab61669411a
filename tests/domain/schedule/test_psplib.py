"""Published longest paths of project-scheduling research networks."""

from __future__ import annotations

from pathlib import Path

import pytest

from qihua_desktop.domain.schedule import schedule
from tests.corpus import corpus_files

from .psplib import network_and_length


@pytest.mark.parametrize("path", corpus_files("gantt/psplib", "*.sm"), ids=lambda path: path.stem)
def test_a_network_is_as_long_as_published(path: Path) -> None:
    network, days = network_and_length(path)
    result = schedule(network)
    assert network.calendars[1].between(result.project_start, result.project_finish) == days * 480
