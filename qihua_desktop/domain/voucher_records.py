"""Between an invoice as it was read and the voucher kept of it: content, identity, and which of two comes first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, cast

from .canonical import JsonValue, canonical_text
from .ids import EntityId
from .invoice import (
    CrcState,
    FindingKey,
    InvoiceFinding,
    InvoiceKind,
    InvoiceLine,
    InvoiceSource,
    InvoiceStatus,
    ParsedInvoice,
    Severity,
    duplicate_keys,
    soft_key,
)
from .vouchers import Voucher, VoucherState

PAPER_KINDS = (InvoiceKind.PAPER_DIGITAL_SPECIAL, InvoiceKind.PAPER_DIGITAL_ORDINARY)
"""The kinds with a second number, that of the paper form."""


_ANSWER = "tax_bureau"


class DuplicateKind(StrEnum):
    """Why two vouchers are held to be one: the same number, the same file, or merely alike."""

    NUMBER = "number"
    FILE = "file"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another voucher that is, or may be, the same. ``is_first`` says that the other one holds the number."""

    kind: DuplicateKind
    other: Voucher
    is_first: bool


def content_of(parsed: ParsedInvoice) -> str:
    """Return what was read as canonical JSON, to be kept with the voucher."""
    return canonical_text(cast("JsonValue", _storable(asdict(parsed))))


def stored_content(text: str) -> ParsedInvoice | None:
    """Return a kept content, None when there is none or it is of another version."""
    if not text:
        return None
    try:
        found: dict[str, Any] = json.loads(text)
        found.pop(_ANSWER, None)
        found["kind"] = InvoiceKind(found["kind"])
        found["source"] = InvoiceSource(found["source"])
        found["crc"] = CrcState(found["crc"])
        found["lines"] = tuple(InvoiceLine(**line) for line in found["lines"])
        found["raw"] = tuple((str(name), str(value)) for name, value in found["raw"])
        found["findings"] = tuple(_finding(one) for one in found["findings"])
        return ParsedInvoice(**found)
    except (ValueError, TypeError, KeyError):
        return None


def recorded_status(voucher: Voucher) -> tuple[InvoiceStatus | None, str]:
    """Return the tax bureau's answer that a person recorded, and who did so and when; None when nobody did."""
    if f'"{_ANSWER}"' not in voucher.content:
        return None, ""
    try:
        answer: dict[str, str] = json.loads(voucher.content)[_ANSWER]
        return InvoiceStatus(answer["status"]), answer["note"]
    except (ValueError, TypeError, KeyError):
        return None, ""


def with_status(voucher: Voucher, status: InvoiceStatus, note: str) -> str:
    """Return the voucher's content with the tax bureau's answer in it."""
    read = stored_content(voucher.content) or ParsedInvoice(voucher.number)
    found = cast("dict[str, Any]", _storable(asdict(read)))
    return canonical_text({**found, _ANSWER: {"status": status.value, "note": note}})


def invoice_of(voucher: Voucher) -> ParsedInvoice:
    """Return the voucher as an invoice: what was read from its file, with what was corrected by hand over it.

    Net and tax of 0 beside a gross amount mean that the division is not known.
    """
    read = stored_content(voucher.content) or ParsedInvoice(voucher.number)
    divided = voucher.net != 0 or voucher.tax != 0
    known = voucher.gross != 0
    return replace(
        read,
        number=voucher.number,
        code=voucher.code,
        kind=InvoiceKind(voucher.invoice_kind),
        source=InvoiceSource(voucher.source),
        is_red=voucher.gross < 0 or read.is_red,
        issued_on=voucher.issued_on.isoformat() if voucher.issued_on else None,
        seller_name=voucher.seller_name,
        seller_tax_id=voucher.seller_tax_id,
        buyer_name=voucher.buyer_name,
        buyer_tax_id=voucher.buyer_tax_id,
        net=voucher.net if divided else None,
        tax=voucher.tax if divided else None,
        gross=voucher.gross if known else None,
        currency=voucher.currency,
        foreign_gross=voucher.foreign_gross if voucher.currency != "CNY" else None,
        capital_text=voucher.capital,
        red_of=voucher.red_of,
    )


def keys_of(voucher: Voucher) -> tuple[str, ...]:
    """Return every key of which no two accepted vouchers may share any; the content is read only where it matters."""
    if voucher.invoice_kind in PAPER_KINDS or (voucher.code and len(voucher.number) == 20):
        return duplicate_keys(invoice_of(voucher))
    return (voucher.duplicate_key,) if voucher.duplicate_key else ()


def soft_key_of(voucher: Voucher) -> tuple[str, int, str] | None:
    """Return what two vouchers share when they are merely alike."""
    return soft_key(
        ParsedInvoice(
            voucher.number,
            seller_name=voucher.seller_name,
            seller_tax_id=voucher.seller_tax_id,
            gross=voucher.gross or None,
            issued_on=voucher.issued_on.isoformat() if voucher.issued_on else None,
        )
    )


def comes_before(one: Voucher, other: Voucher) -> bool:
    """Tell whether the first of two vouchers of one invoice is the one that holds its number.

    An accepted voucher does; otherwise the one that was added earlier.
    """
    return _rank(one) < _rank(other)


@dataclass(frozen=True, slots=True)
class _Unnumbered:
    """The vouchers without a number, by file and by look: all that a numbered one is compared with there."""

    by_file: dict[str, list[Voucher]]
    by_look: dict[tuple[str, int, str], list[Voucher]]

    def add(self, voucher: Voucher, look: tuple[str, int, str] | None) -> None:
        if voucher.file_sha256:
            self.by_file.setdefault(voucher.file_sha256, []).append(voucher)
        if look is not None:
            self.by_look.setdefault(look, []).append(voucher)


def find_duplicates(vouchers: Sequence[Voucher], others: Sequence[Voucher]) -> dict[EntityId, tuple[Duplicate, ...]]:
    """Return the duplicates of each voucher among others (itself left out), the holder of the number first.

    Rejected vouchers hold nothing. Files are compared where one of the two has no number; two entries of one drop of
    one file (the same attachment) are different vouchers.
    """
    live = [one for one in others if one.state is not VoucherState.REJECTED]
    by_key: dict[str, list[Voucher]] = {}
    by_file: dict[str, list[Voucher]] = {}
    by_look: dict[tuple[str, int, str], list[Voucher]] = {}
    without_key = _Unnumbered({}, {})
    keys = {one.id: keys_of(one) for one in live}
    for one in live:
        for key in keys[one.id]:
            by_key.setdefault(key, []).append(one)
        if one.file_sha256:
            by_file.setdefault(one.file_sha256, []).append(one)
        look = soft_key_of(one)
        if look is not None:
            by_look.setdefault(look, []).append(one)
        if not keys[one.id]:
            without_key.add(one, look)
    found: dict[EntityId, tuple[Duplicate, ...]] = {}
    for voucher in vouchers:
        own = keys.get(voucher.id) or keys_of(voucher)
        kinds: dict[EntityId, tuple[DuplicateKind, Voucher]] = {}
        for key in own:
            _note(kinds, DuplicateKind.NUMBER, by_key.get(key, ()))
        files, looks = (without_key.by_file, without_key.by_look) if own else (by_file, by_look)
        same_file = [
            other
            for other in (files.get(voucher.file_sha256, ()) if voucher.file_sha256 else ())
            if voucher.attachment_id is None or other.attachment_id != voucher.attachment_id
        ]
        _note(kinds, DuplicateKind.FILE, same_file)
        look = soft_key_of(voucher)
        _note(kinds, DuplicateKind.SIMILAR, looks.get(look, ()) if look is not None else ())
        kinds.pop(voucher.id, None)
        if kinds:
            found[voucher.id] = _sorted(voucher, kinds)
    return found


def _note(kinds: dict[EntityId, tuple[DuplicateKind, Voucher]], kind: DuplicateKind, others: Sequence[Voucher]) -> None:
    for other in others:
        kinds.setdefault(other.id, (kind, other))


def _sorted(voucher: Voucher, kinds: Mapping[EntityId, tuple[DuplicateKind, Voucher]]) -> tuple[Duplicate, ...]:
    order = list(DuplicateKind)
    found = sorted(kinds.values(), key=lambda pair: (order.index(pair[0]), _rank(pair[1])))
    return tuple(Duplicate(kind, other, comes_before(other, voucher)) for kind, other in found)


def _rank(voucher: Voucher) -> tuple[bool, bool, int, EntityId]:
    return (
        voucher.state is not VoucherState.ACCEPTED,
        voucher.state is VoucherState.REJECTED,
        voucher.added_ms,
        voucher.id,
    )


def _finding(stored: Mapping[str, str]) -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey(stored["key"]), Severity(stored["severity"]), stored["message"], stored.get("advice", "")
    )


def _storable(value: Any) -> Any:
    """Return plain lists, mappings and texts without what has no canonical form."""
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {str(name): _storable(item) for name, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_storable(item) for item in cast("Sequence[Any]", value)]
    return value
