"""Identifiers that never clash between laptops: UUIDv7 (RFC 9562) as 16 bytes."""

from __future__ import annotations

import os
import threading
import time
from typing import NewType

EntityId = NewType("EntityId", bytes)
"""16 bytes, big-endian UUIDv7; sorts by the time of creation."""

_lock = threading.Lock()
_last_millisecond = 0
_counter = 0


def new_id() -> EntityId:
    """Return a fresh UUIDv7; ids made by one process are strictly increasing (RFC 9562, 6.2, method 1)."""
    global _last_millisecond, _counter
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_millisecond:
            _last_millisecond = now
            _counter = int.from_bytes(os.urandom(2), "big") & 0x7FF
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_millisecond += 1
                _counter = 0
        head = _last_millisecond.to_bytes(6, "big") + (0x7000 | _counter).to_bytes(2, "big")
    tail = bytearray(os.urandom(8))
    tail[0] = 0x80 | (tail[0] & 0x3F)
    return EntityId(head + bytes(tail))


def id_from_text(text: str) -> EntityId:
    """Read an id written by ``id_text`` or as a dashed UUID. Raises ValueError when it is neither."""
    raw = bytes.fromhex(text.replace("-", ""))
    if len(raw) != 16:
        raise ValueError(f"not an identifier: {text!r}")
    return EntityId(raw)


def id_text(identifier: EntityId) -> str:
    """Return the id as 32 hexadecimal digits."""
    return identifier.hex()
