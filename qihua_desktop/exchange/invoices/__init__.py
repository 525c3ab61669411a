"""Invoices from files, photos and scanners: what they say, and for each bad file why it could not be read."""

from .read import read_invoice, read_typed
from .results import ReadResult

__all__ = ["ReadResult", "read_invoice", "read_typed"]
