"""The originals of accepted vouchers, byte for byte, and what they say as XML: what an archive of vouchers needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from xml.etree import ElementTree

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.vouchers import Voucher, VoucherState
from qihua_desktop.files import file_name
from qihua_desktop.i18n import _
from qihua_desktop.services import vouchers
from qihua_desktop.services.session import Session

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack; ``name`` may begin with a folder."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ArchivedVoucher:
    """An accepted voucher and the name of its original in the pack, empty for a typed one."""

    voucher: Voucher
    claim: str
    file: str


@dataclass(frozen=True, slots=True)
class VoucherArchive:
    """Accepted vouchers and their originals; several vouchers of one file share it."""

    vouchers: tuple[ArchivedVoucher, ...] = ()
    originals: tuple[PackFile, ...] = ()


def voucher_archive(session: Session, project_id: EntityId) -> VoucherArchive:
    """Return a project's accepted vouchers with their files. Raises WorkspaceDamaged where a file is lost."""
    folder = _("Originals")
    names: dict[EntityId, str] = {}
    originals: list[PackFile] = []
    found: list[ArchivedVoucher] = []
    accepted = (one for one in vouchers.vouchers(session, project_id) if one.voucher.state is VoucherState.ACCEPTED)
    for view in accepted:
        kept = vouchers.original(session, view.voucher.id)
        if kept is not None and kept.id not in names:
            stem, dot, ending = kept.name.rpartition(".")
            suffix = f".{file_name(ending, '')[:10]}" if dot else ""
            name = file_name(f"{len(originals) + 1:04d} {stem if dot else kept.name}"[:80], suffix)
            names[kept.id] = f"{folder}/{name}"
            originals.append(PackFile(names[kept.id], vouchers.original_bytes(session, view.voucher.id)))
        file = names[kept.id] if kept is not None else ""
        found.append(ArchivedVoucher(view.voucher, view.claim_number, file))
    return VoucherArchive(tuple(found), tuple(originals))


def metadata_xml(head: Sequence[tuple[str, str]], archive: VoucherArchive, files: Iterable[PackFile]) -> bytes:
    """Return 元数据.xml: the pack's own facts, every file with its SHA-256, every voucher with its amounts."""
    root = ElementTree.Element("FinancePack", version="1")
    _fields(ElementTree.SubElement(root, "Pack"), head)
    listed = ElementTree.SubElement(root, "Files")
    for file in files:
        one = ElementTree.SubElement(listed, "File", size=str(len(file.data)), sha256=sha256(file.data).hexdigest())
        one.text = _clean(file.name)
    rows = ElementTree.SubElement(root, "Vouchers", count=str(len(archive.vouchers)))
    for entry in archive.vouchers:
        _fields(ElementTree.SubElement(rows, "Voucher"), _of_voucher(entry))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _of_voucher(entry: ArchivedVoucher) -> list[tuple[str, str]]:
    row = entry.voucher
    return [
        ("Number", row.number),
        ("Code", row.code),
        ("Kind", row.invoice_kind),
        ("Date", row.issued_on.isoformat() if row.issued_on else ""),
        ("SellerName", row.seller_name),
        ("SellerTaxId", row.seller_tax_id),
        ("BuyerName", row.buyer_name),
        ("BuyerTaxId", row.buyer_tax_id),
        ("Currency", row.currency),
        ("AmountWithoutTax", _yuan(row.net)),
        ("Tax", _yuan(row.tax)),
        ("AmountWithTax", _yuan(row.gross)),
        ("RedInvoiceOf", row.red_of),
        ("ExpenseClaim", entry.claim),
        ("File", entry.file),
        ("FileSha256", row.file_sha256),
        ("Source", row.source),
    ]


def _fields(parent: ElementTree.Element, fields: Iterable[tuple[str, str]]) -> None:
    for name, text in fields:
        ElementTree.SubElement(parent, name).text = _clean(text)


def _yuan(fen: int) -> str:
    return format_fen(fen).replace(",", "")


def _clean(text: str) -> str:
    """Return a text without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
