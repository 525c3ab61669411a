"""Imports point one way, and each library has one package that may use it."""

from __future__ import annotations

import pytest

from tools import layers


def test_every_import_contract_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert layers.main() == 0, capsys.readouterr().out
