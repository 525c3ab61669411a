"""Read XML from outside in bounded time and memory: no document type, no entities, limited size, depth and count.

Large files are never held as a tree: each record of interest is handed over as soon as it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from qihua_desktop.domain.errors import InputError
from qihua_desktop.i18n import _

MOST_BYTES: Final = 400 * 1024 * 1024
MOST_WAITING: Final = 4_000_000
"""So many tags may stand in a file without an entry of a list being complete."""
DEEPEST: Final = 200
LONGEST_TEXT: Final = 200_000
_CHUNK: Final = 1 << 18
_MOST_NAMES: Final = 10_000
_LOCAL: Final[dict[str, str]] = {}
Progress = Callable[[int, int], None]
"""Told how much of how much is done; may raise Cancelled."""
_CHINESE: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=\s*["'](gbk|gb2312|gb18030)["']""", re.IGNORECASE)


@dataclass(slots=True)
class Record:
    """An element with children: the texts of its simple children by tag (the first of each), and its nested ones."""

    tag: str
    values: dict[str, str] = field(default_factory=dict[str, str])
    nested: dict[str, list[Record]] = field(default_factory=dict[str, "list[Record]"])
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str = ""

    def get(self, tag: str, default: str = "") -> str:
        """Return the text of a simple child, stripped."""
        return self.values.get(tag, default).strip()

    def all(self, tag: str) -> list[Record]:
        """Return the nested children of a tag, in order."""
        return self.nested.get(tag, [])

    def first(self, tag: str) -> Record | None:
        """Return the first nested child of a tag."""
        children = self.nested.get(tag)
        return children[0] if children else None


def unreadable(reason: str) -> InputError:
    """Return the error for a file that is damaged or of another kind."""
    return InputError(
        _("This file cannot be read as a plan."),
        _("It may be cut off, damaged or of another kind; save it again in the program it comes from."),
        (reason,),
    )


def read_elements(
    content: bytes,
    root: str,
    lists: frozenset[str],
    on_element: Callable[[Element], None],
    *,
    progress: Progress | None = None,
) -> Element:
    """Read an XML file and hand over each entry of the root's ``lists`` as soon as it is complete.

    The parser is all in C; what was handed over is forgotten, so that a large file is never held as a whole.
    ``progress`` is told how many bytes of how many are read; what it raises ends the reading. Returns the root with
    what was not handed over. Raises InputError when the file is not well-formed, is too large, declares a document
    type, or has another root.
    """
    content, encoding = _checked(content, root)
    builder = TreeBuilder()
    above = builder.start("file", {})
    parser = XMLParser(target=builder, encoding=encoding)
    waiting = 0
    try:
        for begin in range(0, len(content), _CHUNK):
            if progress is not None:
                progress(begin, len(content))
            chunk = content[begin : begin + _CHUNK]
            parser.feed(chunk)
            waiting += chunk.count(b"<")
            if _hand_over(above, lists, on_element, keep=1):
                waiting = 0
            if waiting > MOST_WAITING:
                raise unreadable(_("The file is nested too deeply or has too many parts."))
        builder.end("file")
        parser.close()
    except (ParseError, expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise unreadable(str(error)) from error
    _hand_over(above, lists, on_element, keep=0)
    return above[0]


def _hand_over(above: Element, lists: frozenset[str], on_element: Callable[[Element], None], *, keep: int) -> int:
    """Hand over the complete entries of the lists, all but the last ``keep``, and forget them."""
    count = 0
    for top in above:
        for entries in top:
            complete = len(entries) - keep
            if complete > 0 and local_name(entries) in lists:
                for place in range(complete):
                    on_element(entries[place])
                del entries[:complete]
                count += complete
    return count


def _checked(content: bytes, root: str) -> tuple[bytes, str | None]:
    """Return what to parse and in which encoding. Raises InputError for what is certainly not wanted."""
    if len(content) > MOST_BYTES:
        raise unreadable(_("The file is larger than {size} MB.").format(size=MOST_BYTES // (1024 * 1024)))
    encoding = None
    chinese = _CHINESE.match(content[:400])
    if chinese:
        try:
            content, encoding = content.decode("gb18030").encode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            raise unreadable(str(error)) from error
    tag = _first_tag(content, encoding)
    if tag is not None and tag != root:
        raise unreadable(_("The file does not begin with “{tag}”.").format(tag=root))
    return content, encoding


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    known = _LOCAL.get(tag)
    if known is None:
        known = tag.rpartition("}")[2]
        if len(_LOCAL) < _MOST_NAMES:
            _LOCAL[tag] = known
    return known


def record_of(element: Element, wanted: frozenset[str] | None = None, depth: int = 0) -> Record:
    """Return an element as a record; only the children that are wanted. Raises InputError when nested too deeply."""
    if depth > DEEPEST:
        raise unreadable(_("The file is nested too deeply or has too many parts."))
    record = Record(local_name(element), attributes=element.attrib)
    values = record.values
    for child in element:
        tag = _LOCAL.get(child.tag) or local_name(child)
        if wanted is not None and tag not in wanted:
            continue
        if len(child) or child.attrib:
            record.nested.setdefault(tag, []).append(record_of(child, None, depth + 1))
        elif tag not in values:
            text = child.text
            values[tag] = text[:LONGEST_TEXT] if text else ""
    if not record.nested and not values:
        text = element.text
        record.text = text[:LONGEST_TEXT] if text else ""
    return record


def read_records(content: bytes, root: str, *, progress: Progress | None = None) -> Record:
    """Read a whole XML file as records. Raises InputError like ``read_elements``."""
    return record_of(read_elements(content, root, frozenset(), _nothing, progress=progress))


def _nothing(_element: Element) -> None:
    return


class _Found(Exception):
    """The first element was met."""


def root_tag(content: bytes) -> str:
    """Return the name of an XML file's outermost element, "" when the content is no XML.

    Raises InputError when the file declares a document type.
    """
    return _first_tag(content, "iso-8859-1" if _CHINESE.match(content[:400]) else None) or ""


def instruction(content: bytes, target: str) -> str:
    """Return the text of a processing instruction before the outermost element, "" when there is none."""
    found: list[str] = []

    def on_instruction(name: str, text: str) -> None:
        if name == target:
            found.append(text)

    _first_tag(content, "iso-8859-1" if _CHINESE.match(content[:400]) else None, on_instruction)
    return found[0] if found else ""


def _first_tag(
    content: bytes, encoding: str | None, on_instruction: Callable[[str, str], None] | None = None
) -> str | None:
    """Return the name of the outermost element, None when the content is no XML. Refuses document types."""
    found: list[str] = []

    def on_start(name: str, _attributes: dict[str, str]) -> None:
        found.append(name.rpartition(":")[2])
        raise _Found

    parser = expat.ParserCreate(encoding)
    parser.StartElementHandler = on_start
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.ProcessingInstructionHandler = on_instruction
    try:
        for begin in range(0, len(content), _CHUNK):
            parser.Parse(content[begin : begin + _CHUNK], False)
    except _Found:
        return found[0]
    except (expat.ExpatError, ValueError, LookupError):
        return None
    return None


def _refuse_document_type(*_declaration: object) -> None:
    raise InputError(
        _("This file declares a document type or entities, which plan files never do."),
        _("It was refused, because such files can be used for attacks."),
    )
