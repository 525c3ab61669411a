"""Attachments' bytes, found by their SHA-256; kept once, never changed."""

from __future__ import annotations

import hashlib
from typing import cast

import apsw

from qihua_desktop.domain.errors import WorkspaceDamaged
from qihua_desktop.i18n import _


def add(connection: apsw.Connection, data: bytes) -> str:
    """Keep bytes inside the running transaction and return their SHA-256 as hexadecimal digits."""
    sha256 = hashlib.sha256(data).hexdigest()
    connection.execute("INSERT INTO blob (sha256, data) VALUES (?, ?) ON CONFLICT DO NOTHING", (sha256, data))
    return sha256


def read(connection: apsw.Connection, sha256: str) -> bytes:
    """Return kept bytes. Raises LookupError when unknown, WorkspaceDamaged when they do not match their name."""
    row = connection.execute("SELECT data FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        raise LookupError(f"no attachment {sha256}")
    data = cast(bytes, row[0])
    if hashlib.sha256(data).hexdigest() != sha256:
        raise WorkspaceDamaged(_("An attachment inside the workspace is damaged."), _("Restore it from a backup."))
    return data
