"""The Chinese catalogue is complete, unambiguous and compiled."""

from __future__ import annotations

from tools import i18n


def test_every_message_has_a_sound_translation_and_the_compiled_catalogue_is_current() -> None:
    found = i18n.findings(i18n.read_sources(), i18n.read_fragments())
    assert not found, "python -m tools.i18n lists:\n" + "\n".join(map(str, found))
    assert i18n.COMPILED.exists()
