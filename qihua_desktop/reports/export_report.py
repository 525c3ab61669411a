"""What a document could not show exactly as it was typed: told to the user after an export, never hidden."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from qihua_desktop.i18n import _, ngettext


class SubstitutionKind(StrEnum):
    """What happened to a character or a text."""

    REPLACED = "replaced"
    DROPPED = "dropped"
    SHORTENED = "shortened"
    IMAGE_SKIPPED = "image_skipped"


@dataclass(frozen=True, slots=True)
class Substitution:
    """One character (or text) that the document shows differently.

    ``subject`` is the character for REPLACED and DROPPED, else the beginning of the text concerned.
    """

    kind: SubstitutionKind
    subject: str
    count: int

    def describe(self) -> str:
        """Return a plain line for the export report."""
        match self.kind:
            case SubstitutionKind.REPLACED:
                template = ngettext(
                    "“{character}” ({code}) is not in the font and is printed as 〓, once",
                    "“{character}” ({code}) is not in the font and is printed as 〓, {count} times",
                    self.count,
                )
                return template.format(character=self.subject, code=self._code(), count=self.count)
            case SubstitutionKind.DROPPED:
                template = ngettext(
                    "an invisible control character ({code}) was left out, once",
                    "an invisible control character ({code}) was left out, {count} times",
                    self.count,
                )
                return template.format(code=self._code(), count=self.count)
            case SubstitutionKind.SHORTENED:
                return _("a very long text was cut: “{text}…”").format(text=self.subject)
            case SubstitutionKind.IMAGE_SKIPPED:
                return _("the logo could not be read and was left out")

    def _code(self) -> str:
        return f"U+{ord(self.subject):04X}" if len(self.subject) == 1 else ""


class ExportReport:
    """Collects substitutions while one document is built."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[SubstitutionKind, str]] = Counter()

    def add(self, kind: SubstitutionKind, subject: str) -> None:
        """Count one more occurrence."""
        self._counts[kind, subject] += 1

    def substitutions(self) -> tuple[Substitution, ...]:
        """Return what was collected, in a stable order."""
        return tuple(Substitution(kind, subject, count) for (kind, subject), count in sorted(self._counts.items()))
