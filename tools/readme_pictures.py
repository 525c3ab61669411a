"""The pictures of the README, taken from the pages of the sample workspace and reduced for the web.

python -m tools.readme_pictures    renders the pages anew through ``tools.shots`` and writes ``docs/images/*.png``
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SHOTS = ROOT / "out" / "shots"
IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 200_000
_COLOURS = (256, 192, 128)
"""Palettes to try, until the file is small enough; a page has few colours besides the edges of its letters."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file in ``docs/images`` and the page, theme and language it shows."""

    name: str
    page: str
    look: str = "light-zh-1440x900"


PICTURES = (
    Picture("today.png", "today"),
    Picture("overview.png", "overview"),
    Picture("gantt.png", "gantt"),
    Picture("budget.png", "budget-allocation"),
    Picture("procurement.png", "budget-procurement"),
    Picture("vouchers.png", "budget-vouchers"),
    Picture("execution.png", "budget-execution"),
    Picture("annual.png", "annual"),
    Picture("review.png", "review"),
    Picture("survey.png", "survey"),
    Picture("gantt-dark-en.png", "gantt", "dark-en-1440x900"),
)


def reduced(source: Path) -> bytes:
    """Return a picture as a PNG with a palette that keeps every colour, without dithering: letters stay sharp.

    Raises ValueError when it stays larger than ``MOST_BYTES``.
    """
    with Image.open(source) as image:
        whole = image.convert("RGB")
    for colours in _COLOURS:
        small = whole.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
        buffer = io.BytesIO()
        small.save(buffer, "PNG", optimize=True)
        if buffer.tell() <= MOST_BYTES:
            return buffer.getvalue()
    raise ValueError(f"{source.name} stays larger than {MOST_BYTES} bytes")


def render() -> None:
    """Render the pages that are wanted to ``out/shots``."""
    for look in sorted({picture.look for picture in PICTURES}):
        pages = ",".join(picture.page.partition("-")[0] for picture in PICTURES if picture.look == look)
        command = [sys.executable, "-m", "tools.shots", "--only", look, "--pages", pages]
        subprocess.run(command, cwd=ROOT, check=True)


def newest(picture: Picture) -> Path:
    """Return the rendered page of a picture. Raises FileNotFoundError."""
    found = sorted((SHOTS / picture.look).glob(f"[0-9][0-9]-{picture.page}.png"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise FileNotFoundError(f"{picture.look} has no page {picture.page}")
    return found[-1]


def main() -> int:
    """Run the tool; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    render()
    IMAGES.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        data = reduced(newest(picture))
        (IMAGES / picture.name).write_bytes(data)
        print(f"docs/images/{picture.name}: {len(data) // 1000} KB")
    for stray in {path.name for path in IMAGES.glob("*.png")} - {picture.name for picture in PICTURES}:
        (IMAGES / stray).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
