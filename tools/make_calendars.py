"""Write the year files of China's public holidays and make-up workdays; run once a year by a developer.

Usage: ``python -m tools.make_calendars``. The figures come from the ``chinesecalendar`` package, which follows the
notices of the General Office of the State Council; it is a development tool only and is not shipped.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from chinese_calendar.constants import Holiday, holidays, workdays

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "calendars"


def main() -> None:
    """Write one JSON file per year that the package knows."""
    source = f"国务院办公厅节假日安排通知（据 chinesecalendar {version('chinesecalendar')} 整理）"
    for year in sorted({day.year for day in holidays}):
        off = sorted(day for day in holidays if day.year == year)
        work = sorted(day for day in workdays if day.year == year)
        names = {
            day.isoformat(): Holiday(label).chinese  # pyright: ignore[reportAttributeAccessIssue] - set by the enum's own __new__
            for day, label in sorted({**holidays, **workdays}.items())
            if day.year == year
        }
        content = {
            "year": year,
            "off": [day.isoformat() for day in off],
            "work": [day.isoformat() for day in work],
            "names": names,
            "source": source,
        }
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (FOLDER / f"cn-{year}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
