"""Reads PDFs back with pypdfium2 and pikepdf: texts, pixels and what is embedded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2 as pdfium


def page_texts(data: bytes) -> list[str]:
    """Return the text of every page."""
    document = pdfium.PdfDocument(data)
    texts: list[str] = []
    for page in document:
        text_page = page.get_textpage()
        texts.append(text_page.get_text_range().replace("\r\n", "\n"))
        text_page.close()
        page.close()
    document.close()
    return texts


def text_of(data: bytes) -> str:
    """Return the text of all pages with line ends and blanks removed: where lines break does not matter."""
    return "".join("".join(page_texts(data)).split())


def packed(text: str) -> str:
    """Return a text as ``text_of`` would show it."""
    return "".join(text.split())


def pixels(data: bytes, page: int = 0, scale: float = 1.0) -> tuple[int, int, bytes]:
    """Return width, height and grey values of a page."""
    document = pdfium.PdfDocument(data)
    image = document[page].render(scale=scale).to_pil().convert("L")
    document.close()
    return image.width, image.height, image.tobytes()


def fonts_of(data: bytes) -> Iterator[tuple[str, bool]]:
    """Yield the name of every font of every page, and whether its program is inside the file."""
    with pikepdf.open(io.BytesIO(data)) as document:
        pages: list[Any] = list(document.pages)
        for page in pages:
            for font in page.Resources.get("/Font", pikepdf.Dictionary()).values():
                descriptor = font.get("/FontDescriptor")
                embedded = descriptor is not None and "/FontFile2" in descriptor
                yield str(font.BaseFont), embedded


def image_count(data: bytes) -> int:
    """Return how many pictures the file holds."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return sum(
            1 for thing in document.objects if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        )


def outline_titles(data: bytes) -> list[str]:
    """Return the entries of the table of contents."""
    document = pdfium.PdfDocument(data)
    titles = [bookmark.get_title() for bookmark in document.get_toc()]
    document.close()
    return titles
