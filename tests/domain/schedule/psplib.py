"""Read a PSPLIB network (.sm) as a plan with one working day per unit of time."""

from __future__ import annotations

from pathlib import Path

from qihua_desktop.domain.schedule import Network, ScheduleLink, ScheduleTask, Terms

from .networks import OFFICE, START


def network_and_length(path: Path) -> tuple[Network, int]:
    """Return the network, and its published longest path in days."""
    lines = path.read_text(encoding="ascii").splitlines()
    successors = _table(lines, "PRECEDENCE RELATIONS", 2)
    durations = {row[0]: row[2] for row in _table(lines, "REQUESTS/DURATIONS", 3)}
    head = next(place for place, line in enumerate(lines) if "MPM-Time" in line)
    ids = {number: number.to_bytes(16, "big") for number in durations}
    tasks = [ScheduleTask(ids[number], f"job {number}", duration=days * 480) for number, days in durations.items()]
    links = [
        ScheduleLink(ids[row[0]] + ids[target], ids[row[0]], ids[target]) for row in successors for target in row[3:]
    ]
    return Network(tasks, links, calendar=OFFICE, terms=Terms(START)), int(lines[head + 1].split()[5])


def _table(lines: list[str], title: str, skip: int) -> list[list[int]]:
    begin = next(place for place, line in enumerate(lines) if line.startswith(title)) + skip
    rows: list[list[int]] = []
    for line in lines[begin:]:
        if line.startswith("*"):
            break
        rows.append([int(part) for part in line.split()])
    return rows
