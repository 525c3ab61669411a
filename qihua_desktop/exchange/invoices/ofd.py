"""Invoices as OFD (GB/T 33190): a ZIP with the invoice's data in up to three places.

The attached XML is best, then the named values of ``OFD.xml`` (CustomData), then the tags that point at texts of the
page. Signatures inside are not verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qihua_desktop.domain.invoice import FindingKey, InvoiceSource, ParsedInvoice
from qihua_desktop.i18n import _

from .archive import Archive
from .page_text import PageText, page_texts, title_kind
from .results import Unusable, no_invoice
from .texts import InvoiceTexts, build_invoice, merge
from .xml_invoice import TAGS, named_texts, xml_texts
from .xml_tree import Node, parse_tree

ENTRY: Final = "OFD.xml"

_MOST_PARTS: Final = 40
_TAG_NAMES: Final = frozenset(tag for tags in TAGS.values() for tag in tags)


def is_ofd(archive: Archive) -> bool:
    """Tell whether an archive is an OFD file."""
    return ENTRY in archive.names


def read_ofd(archive: Archive) -> tuple[ParsedInvoice, ...]:
    """Read the invoices of an OFD file; usually one. Raises Unusable when there is none."""
    bodies = [named_texts(values) for values in _custom_data(parse_tree(archive.read(ENTRY)))]
    attached = _attached(archive)
    if len(bodies) <= 1 and len(attached) <= 1:
        texts = merge(_merged([*attached, *bodies, _tagged(archive)]), _printed(archive), compare=False)
        found = [texts] if texts.number or texts.gross else []
    else:
        found = [_with_attached(body, attached) for body in bodies if body.number] or attached
    if not found:
        raise Unusable(
            FindingKey.NEEDS_TYPING,
            _("This OFD file shows its invoice only as a picture of text."),
            _("Import the XML or PDF file of the invoice, or type it by hand."),
        )
    return tuple(build_invoice(texts, InvoiceSource.OFD) for texts in found)


def _merged(sources: list[InvoiceTexts]) -> InvoiceTexts:
    best = InvoiceTexts()
    for texts in sources:
        best = merge(best, texts)
    return best


def _with_attached(body: InvoiceTexts, attached: list[InvoiceTexts]) -> InvoiceTexts:
    same = next((texts for texts in attached if texts.number == body.number), None)
    return body if same is None else merge(same, body)


def _attached(archive: Archive) -> list[InvoiceTexts]:
    """Return what the attached XML files say; an attachment that is no invoice is passed over."""
    names = [name for name in archive.names if "/attachs/" in f"/{name.lower()}" and name.lower().endswith(".xml")]
    found: list[InvoiceTexts] = []
    for name in names[:_MOST_PARTS]:
        try:
            found.extend(xml_texts(archive.read(name)))
        except Unusable as error:
            if error.key is not FindingKey.NOT_AN_INVOICE:
                raise
    return found


def _custom_data(root: Node) -> list[dict[str, str]]:
    if root.tag != "OFD":
        raise no_invoice()
    found: list[dict[str, str]] = []
    for body in root.each("DocBody"):
        values: dict[str, str] = {}
        for path in ("DocInfo/CustomDatas/CustomData", "DocInfo/CustomData"):
            for node in body.each(path):
                name = node.attributes.get("Name", "").strip()
                if name and node.text:
                    values.setdefault(name, node.text)
        if values:
            found.append(values)
    return found


def _printed(archive: Archive) -> InvoiceTexts:
    """Return what the page says in print: the title above all, which tells the kind of invoice."""
    text = "\n".join(_text_of(node) for node in _text_objects(archive))
    texts = page_texts(PageText(text))
    texts.kind = title_kind(text)
    return texts


def _text_objects(archive: Archive) -> Iterator[Node]:
    names = [name for name in archive.names if name.lower().endswith("content.xml")]
    for name in names[:_MOST_PARTS]:
        for node in parse_tree(archive.read(name)).walk():
            if node.tag == "TextObject":
                yield node


def _text_of(node: Node) -> str:
    return "".join(child.text for child in node.children if child.tag == "TextCode")


def _tagged(archive: Archive) -> InvoiceTexts:
    """Follow the tags of CustomTag.xml to the texts they name on the pages."""
    names = [name for name in archive.names if name.lower().endswith(".xml")]
    tags = [name for name in names if "customtag" in name.lower().rpartition("/")[2]]
    if not tags:
        return InvoiceTexts()
    objects: dict[str, str] = {}
    for node in _text_objects(archive):
        if "ID" in node.attributes:
            objects.setdefault(node.attributes["ID"], _text_of(node))
    values: dict[str, str] = {}
    for name in tags[:_MOST_PARTS]:
        for node in parse_tree(archive.read(name)).walk():
            if node.tag in _TAG_NAMES:
                text = "".join(objects.get(child.text, "") for child in node.children if child.tag == "ObjectRef")
                if text:
                    values.setdefault(node.tag, text)
    return named_texts(values)
