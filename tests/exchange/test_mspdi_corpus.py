"""Real plans of other programs: every file reads, and those that can be recomputed give their stored dates."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from qihua_desktop.domain.schedule import schedule
from qihua_desktop.exchange.date_differences import date_differences
from qihua_desktop.exchange.mspdi import read_mspdi
from tests.corpus import corpus, corpus_files

pytestmark = pytest.mark.language("en")

# Its first link leads into another file, so MPXJ had more to go by; with that task held at its date the rest follows.
_ALSO = {"mspdi_from_mpp/projectlibre__New_Product.xml", "mspdi_from_mpp/aspose__GetCrossProjectTaskLinks.xml"}


def _manifest() -> dict[str, dict[str, str]]:
    files = corpus_files("gantt", "MANIFEST.csv")
    if not files:
        return {}
    with files[0].open(encoding="utf-8", newline="") as stream:
        return {row["file"]: row for row in csv.DictReader(stream)}


def _exact_files() -> list[str]:
    rows = _manifest().values()
    exact = {row["file"] for row in rows if row["mpxj_cpm_match"] == row["recomputed"] == "True"} | _ALSO
    generated = [f"generated_mpxj_oracle/{name}1000.mspdi.xml" for name in ("net", "chain")]
    return sorted(exact & set(_manifest())) + generated


def _folder() -> Path:
    return corpus("gantt")


@pytest.mark.parametrize("name", _exact_files())
def test_recomputed_dates_and_total_floats_equal_the_stored_ones(name: str) -> None:
    plan = read_mspdi((_folder() / name).read_bytes())
    result = schedule(plan.network())
    assert date_differences(plan, result) == ()
    for row in plan.stored:
        dates = result.dates(row.task_id)
        if row.total_float is not None:
            assert dates.total_float == row.total_float, result.task(row.task_id).name
        if row.critical is not None:
            assert dates.critical == row.critical, result.task(row.task_id).name


def test_the_generated_plans_finish_when_mpxj_says() -> None:
    for name, critical in (("net", 37), ("chain", 1000)):
        plan = read_mspdi((_folder() / f"generated_mpxj_oracle/{name}1000.mspdi.xml").read_bytes())
        result = schedule(plan.network())
        assert sum(1 for value in result.total_float_list if value == 0) == critical


@pytest.mark.parametrize("path", corpus_files("gantt", "mspdi_*/*.xml"), ids=lambda path: path.name)
def test_every_file_reads_completely_and_reports_honestly(path: Path) -> None:
    plan = read_mspdi(path.read_bytes())
    row = _manifest()[f"{path.parent.name}/{path.name}"]
    rows = plan.stored
    assert len({entry.task_id for entry in rows}) == len(plan.tasks) == len(rows)
    empty = sum(int(line.split()[0]) for line in plan.dropped if "empty row" in line)
    assert int(row["tasks"]) - 1 <= len(rows) + empty <= int(row["tasks"])
    outside = sum(int(line.split()[0]) for line in plan.dropped if "another file" in line)
    assert len(plan.links) + outside == int(row["links"])
    for difference in date_differences(plan, schedule(plan.network())):
        assert difference.cause_text()


def test_a_plan_that_was_never_recalculated_is_reported_task_by_task() -> None:
    plan = read_mspdi((_folder() / "mspdi_native/aspose__not_updated.xml").read_bytes())
    texts = [found.cause_text() for found in date_differences(plan, schedule(plan.network()))]
    assert texts[0] == "the file's date contradicts its own link from “Task 1”"
    assert texts[1:] == ["follows from “Task 2”", "follows from “Task 3”", "follows from “Task 4”"]


def test_interruptions_are_kept_as_splits() -> None:
    plan = read_mspdi((_folder() / "mspdi_native/mpxj__mspdisplittask.xml").read_bytes())
    pieces = {name: len(splits) for (_task, splits), name in zip(plan.splits, ("one", "two"), strict=False)}
    assert pieces
    assert date_differences(plan, schedule(plan.network())) == ()


def test_recurring_exceptions_fall_on_their_days() -> None:
    name = "mspdi_native/mpxj__calendar-recurring-exceptions-project2016-mspdi.xml"
    calendar = read_mspdi((_folder() / name).read_bytes()).calendar
    days: dict[str, list[str]] = {}
    for entry in calendar.exceptions:
        days.setdefault(entry.name, []).append(entry.day.isoformat())
    with (_folder() / name).open(encoding="utf-8-sig") as stream:
        text = stream.read()
    assert days["Daily 2"] == ["2000-02-01", "2000-02-04", "2000-02-07", "2000-02-10"]
    assert days["Weekly 2 Tuesday"] == ["2001-01-02", "2001-01-16", "2001-01-30", "2001-02-13"]
    assert days["Monthly Relative 1"] == ["2002-01-07", "2002-03-04", "2002-05-06"]
    assert days["Monthly Relative 5"][-1] == "2005-01-28"
    assert days["Monthly Absolute 2"][-1] == "2005-02-04"
    assert days["Yearly Relative 3"][-1] == "2009-05-21"
    assert days["Yearly Absolute 3"][-1] == "2009-04-03"
    assert text.count("<Exception>") == len(days)
