"""What reading a file of invoices gives, and the bounds it keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.invoice import FindingKey, InvoiceFinding, ParsedInvoice, Severity
from qihua_desktop.i18n import _

MEGABYTE: Final = 1 << 20
MOST_FILE_BYTES: Final = 30 * MEGABYTE
"""A larger file is refused before it is read."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """One invoice of a file, or why there is none.

    ``name`` is the file's name, with the member's name behind it for a file inside an archive. ``original`` is the
    byte-exact content to keep (of the member, where there is one) and ``sha256`` its fingerprint; both are empty for
    typed text and for files refused unread. ``findings`` are about the file; those of the invoice are in ``parsed``.
    """

    name: str
    parsed: ParsedInvoice | None
    findings: tuple[InvoiceFinding, ...] = ()
    original: bytes = b""
    sha256: str = ""

    @property
    def all_findings(self) -> tuple[InvoiceFinding, ...]:
        """Return the findings about the file and about the invoice."""
        return self.findings + (self.parsed.findings if self.parsed is not None else ())


class Unusable(QihuaError):
    """A file, or a part of one, from which no invoice can be read; the reason is shown with that file."""

    def __init__(self, key: FindingKey, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.key = key

    def finding(self) -> InvoiceFinding:
        """Return the reason as a finding."""
        return InvoiceFinding(self.key, Severity.ERROR, self.message, self.advice)


def damaged() -> Unusable:
    """Return the reason for a file that is cut off or broken."""
    return Unusable(
        FindingKey.DAMAGED,
        _("This file is damaged or incomplete."),
        _("Download it again from the tax bureau or ask the seller for it."),
    )


def too_large(megabytes: int) -> Unusable:
    """Return the reason for a file beyond a bound."""
    return Unusable(
        FindingKey.TOO_LARGE,
        _("This file is larger than {size} MB; invoices are much smaller.").format(size=megabytes),
        _("Check that it is the right file."),
    )


def refused(message: str) -> Unusable:
    """Return the reason for a file that is built like an attack."""
    return Unusable(FindingKey.REFUSED, message, _("It was refused, because such files can be used for attacks."))


def no_invoice() -> Unusable:
    """Return the reason for a sound file without an invoice."""
    return Unusable(
        FindingKey.NOT_AN_INVOICE,
        _("No invoice was found in this file."),
        _("Choose the XML, OFD or PDF file of the invoice, or type it by hand."),
    )
