"""A small XML document as a tree of plain nodes, in bounded time and memory and without document types or entities.

Names are kept without their namespace prefix. Nothing is looked up by name alone: ``Node.at`` takes the full path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from qihua_desktop.i18n import _

from .results import MEGABYTE, damaged, refused, too_large

MOST_BYTES: Final = 8 * MEGABYTE
MOST_ELEMENTS: Final = 200_000
DEEPEST: Final = 60
LONGEST_TEXT: Final = 20_000

_CHUNK: Final = 1 << 18
_CHINESE: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=\s*["'](gbk|gb2312|gb18030)["']""", re.IGNORECASE)


class Node:
    """An element: its local name, stripped text, attributes by local name, and children in order."""

    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.text = ""
        self.children: list[Node] = []

    def each(self, path: str) -> Iterator[Node]:
        """Return every element at a full path below this one, in order."""
        first, _slash, rest = path.partition("/")
        for child in self.children:
            if child.tag == first:
                if rest:
                    yield from child.each(rest)
                else:
                    yield child

    def at(self, path: str) -> str:
        """Return the first text that is not empty at a full path, "" where there is none."""
        return next((node.text for node in self.each(path) if node.text), "")

    def walk(self) -> Iterator[Node]:
        """Return this element and all below it, in the order of the document."""
        waiting: list[Node] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.parts: list[str] = []
        self.length = 0
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.stack) > DEEPEST:
            raise refused(_("The file is nested too deeply or has too many parts."))
        node = Node(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})
        if self.stack:
            self.stack[-1].children.append(node)
        else:
            self.root = node
        self.stack.append(node)
        self.parts, self.length = [], 0

    def characters(self, text: str) -> None:
        self.length += len(text)
        if self.length <= LONGEST_TEXT:
            self.parts.append(text)

    def end(self, _name: str) -> None:
        node = self.stack.pop()
        if not node.children:
            node.text = "".join(self.parts).strip()
        self.parts, self.length = [], 0


def parse_tree(content: bytes) -> Node:
    """Return the root element. Raises Unusable for what is damaged, too large, or declares a document type."""
    if len(content) > MOST_BYTES:
        raise too_large(MOST_BYTES // MEGABYTE)
    content = content.lstrip(b" \t\r\n")
    encoding = None
    if _CHINESE.match(content[:400]):
        try:
            content, encoding = content.decode("gb18030").encode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            raise damaged() from error
    builder = _Builder()
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.EntityDeclHandler = _refuse_document_type
    try:
        for begin in range(0, len(content), _CHUNK):
            parser.Parse(content[begin : begin + _CHUNK], False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged() from error
    if builder.root is None:
        raise damaged()
    return builder.root


def _refuse_document_type(*_declaration: object) -> None:
    raise refused(_("The file declares a document type or entities, which invoices never do."))
